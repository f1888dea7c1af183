import { Injectable } from '@nestjs/common';
import { may, type Stake } from '../../brands/access.js';
import { AdministratorsService } from '../../brands/administrators.service.js';
import { MailerService } from '../../mailer/mailer.service.js';
import type { Actor } from '../../platform/auth/actor.js';
import { SurveyWarningsService } from '../../surveys/stages/survey_warnings.service.js';
import { DistributionWords } from '../../ledger/distribution_words.js';
import { addresses } from '../../platform/web/addresses.js';
import { NewListPage } from './new_list_page.js';

/** The ways from the form of a mail to what it lacks, and back. */
@Injectable()
export class Doors {
  constructor(
    private readonly newList: NewListPage,
    private readonly administrators: AdministratorsService,
    private readonly mailer: MailerService,
    private readonly warnings: SurveyWarningsService,
    private readonly words: DistributionWords,
  ) {}

  /** What can be got for the mail, or who else can get it. */
  async model(actor: Actor, surveyId: string): Promise<object> {
    const mayList = may(actor, 'directory:edit');
    const mayDomain = may(actor, 'brand:admin');
    // Any address will do for mails that stay in the development mailbox.
    const wantsDomains = !this.mailer.usesMailbox;
    const whom = mayList && (mayDomain || !wantsDomains) ? '' : await this.whom(actor);
    return {
      ...(mayList
        ? {
            newList: {
              action: addresses.mails.detourToList(this.words.shownSurvey(surveyId)),
              fields: this.newList.fields(actor),
            },
          }
        : { askForList: this.words.say('newList.ask', { whom }) }),
      canMakeList: mayList,
      canAddDomain: wantsDomains && mayDomain,
      ...(wantsDomains && !mayDomain ? { askForDomain: this.words.say('detour.askForDomain', { whom }) } : {}),
    };
  }

  /** What is said before a survey is opened; undefined for one that is open, and for whoever may not open it. */
  async activation(
    actor: Actor,
    { id, stage, name }: { id: string; stage: string; name: string },
    stake: Stake,
  ): Promise<object | undefined> {
    if (stage === 'active' || !may(actor, 'surveys:activate', stake)) {
      return undefined;
    }
    const { say } = this.words;
    const warnings = await this.warnings.beforeOpening(actor, id);
    return { title: say('activation.title', { name }), text: say(`activation.${stage}`), warnings };
  }

  private async whom({ brandId }: Actor): Promise<string> {
    return (await this.administrators.named(brandId)) ?? this.words.say('detour.anAdministrator');
  }
}
