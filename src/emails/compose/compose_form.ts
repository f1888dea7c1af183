import { Injectable } from '@nestjs/common';
import type { Stake } from '../../brands/access.js';
import { EmailsPage } from '../../distributions/emails_page.js';
import { followUpModel } from '../../distributions/follow_ups/written_following.js';
import type { Distribution } from '../../ledger/distribution.entity.js';
import { titleOf } from '../../ledger/distribution_words.js';
import { FoundDistributions } from '../../ledger/found_distributions.service.js';
import type { Actor } from '../../platform/auth/actor.js';
import { addresses } from '../../platform/web/addresses.js';
import { type Faults, NO_FAULTS } from '../../platform/web/answers.js';
import { placeholderNames } from '../../platform/web/html/mail_inserts.js';
import type { Survey } from '../../surveys/survey.entity.js';
import { Doors } from '../detours/doors.js';
import { ComposeChecks } from './compose_checks.js';
import { ComposeFields } from './compose_fields.js';
import { ComposeLibrary } from './compose_library.js';
import type { ReviewModel } from './compose_steps.js';
import { insertMenus, versionModels } from './composition.views.js';
import type { Written } from './compositions.forms.js';
import { type DrawnForm, draftState } from './drawn_form.js';

/** Whose form it is, and what was wrong with it. */
interface FormState {
  distribution?: Distribution;
  refused?: Faults;
  testTo?: string;
  /** Public id of the contact whose values fill the previews. */
  sample?: string;
  /** What was done on the way here. */
  notice?: string | undefined;
  /** What happened to the From address on the way here. */
  fromNotice?: string;
  /** The check before sending, where it was asked for. */
  review?: ReviewModel | undefined;
  /** Of a form that is drawn again: what others wrote meanwhile is not known to it. */
  drawn?: DrawnForm;
}

/** The form in which a mail is written. */
@Injectable()
export class ComposeForm {
  constructor(
    private readonly distributions: FoundDistributions,
    private readonly emails: EmailsPage,
    private readonly fields: ComposeFields,
    private readonly checks: ComposeChecks,
    private readonly library: ComposeLibrary,
    private readonly ways: Doors,
  ) {}

  /** The form, also when something in it was refused. */
  async draw(
    actor: Actor,
    surveyId: string,
    written: Written,
    { distribution, refused = NO_FAULTS, testTo = actor.email, sample = '', drawn, review, ...news }: FormState = {},
  ): Promise<object> {
    const { survey, stake } = await this.distributions.mustMaySend(actor, surveyId);
    const { words } = this.emails;
    const { say } = words;
    const title = say(titleKey(written, distribution));
    const places = this.places(surveyId, distribution);
    const { steps, checks } = await this.checks.of(actor, surveyId, written, { wish: sample, refused, review });
    return {
      title: `${title} · ${survey.name}`,
      crumbs: words.crumbs(survey, ...places.own, { text: title }),
      header: (await this.emails.frame(actor, survey, stake)).header,
      head: { title, isSection: true, lead: distribution?.status === 'scheduled' ? say('form.scheduled') : undefined },
      errors: refused.errors,
      action: places.url,
      ...this.keeping(surveyId, distribution, drawn),
      changed:
        'conflict' in refused.fields
          ? { reloadUrl: distribution && addresses.mails.edit(...words.at(distribution)) }
          : undefined,
      backUrl: places.url,
      ...(await this.doors(actor, { survey, stake }, distribution)),
      mayUnschedule: 'schedule' in refused.fields,
      checksUrl: addresses.mails.checks(words.shownSurvey(surveyId)),
      previewUrl: addresses.mails.preview(words.shownSurvey(surveyId)),
      fields: await this.fields.of(actor, written, refused.fields),
      followUp: followUpModel(written.following, { say, faults: refused.fields }),
      ...insertMenus(say),
      versions: versionModels(written, refused.fields, say),
      library: await this.library.model(actor, surveyId, written),
      editor: this.editor(surveyId),
      ...news,
      isUnkept: (news.notice ?? news.fromNotice) !== undefined,
      checks,
      steps,
      review,
      test: { value: testTo, error: refused.fields['testTo'] },
    };
  }

  /** What can be got for the mail. What is scheduled stays as it is until it is saved: nobody is led away from it. */
  private async doors(
    actor: Actor,
    { survey, stake }: { survey: Survey; stake: Stake },
    distribution: Distribution | undefined,
  ): Promise<object> {
    const isKept = distribution?.status !== 'scheduled';
    return {
      ...(isKept ? await this.ways.model(actor, survey.id) : {}),
      activation: await this.ways.activation(actor, survey, stake),
    };
  }

  /** What the form says of itself, and where it is kept by itself: what is scheduled is not. */
  private keeping(surveyId: string, distribution: Distribution | undefined, drawn: DrawnForm | undefined): object {
    const { words } = this.emails;
    return {
      draftState: draftState(distribution && words.shown(distribution), drawn ?? distribution?.writing),
      autosave:
        distribution?.status === 'scheduled'
          ? undefined
          : { url: addresses.mails.autosave(words.shownSurvey(surveyId)) },
    };
  }

  /** Where the form goes and comes from. */
  private places(
    surveyId: string,
    distribution: Distribution | undefined,
  ): { url: string; own: { href: string; text: string }[] } {
    const { words } = this.emails;
    if (distribution === undefined) {
      return { url: addresses.mails.list(words.shownSurvey(surveyId)), own: [] };
    }
    const url = addresses.mails.page(...words.at(distribution));
    return { url, own: [{ href: url, text: titleOf(distribution, words.say) }] };
  }

  /** What the editor says, and where it sends pictures. */
  private editor(surveyId: string): object {
    const { words } = this.emails;
    const keys = ['rich', 'html', 'hint', 'attach', 'refused', 'failed', 'label', 'linkwords', 'missing'];
    return {
      names: placeholderNames(words.say),
      uploadUrl: addresses.mails.pictures(words.shownSurvey(surveyId)),
      ...Object.fromEntries(keys.map((key) => [key, words.say(`editor.${key}`)])),
    };
  }
}

function titleKey({ following }: Written, distribution: Distribution | undefined): string {
  const isNew = distribution === undefined ? 'New' : 'Edit';
  return following === undefined ? `form.title${isNew}` : `follow.title${isNew}.${following.kind}`;
}
