import { Injectable } from '@nestjs/common';
import { BrandsService } from '../../brands/brands.service.js';
import { DomainsService } from '../../mailer/domains/domains.service.js';
import { MailerService } from '../../mailer/mailer.service.js';
import type { Actor } from '../../platform/auth/actor.js';
import { Database } from '../../platform/db/database.js';
import { Ids } from '../../platform/ids.js';
import { type FormErrors, NO_ERRORS } from '../../platform/web/form_again.js';
import { composeFields, fieldInserts, findingLines, insertMenu } from './composition.views.js';
import { Compositions } from './compositions.js';
import type { Written } from './compositions.forms.js';
import type { Distribution } from '../distribution.entity.js';
import { titleOf } from '../distribution_words.js';
import { DistributionsService } from '../distributions.service.js';
import { EmailsPage } from '../emails_page.js';
import { MailPreviews, type PreviewedMail, type Sample } from './mail_previews.service.js';
import { SendingChecks } from '../planning/sending_checks.js';

/** Parts that the pages for writing mails need beside the others. */
@Injectable()
export class ComposeSurroundings {
  constructor(
    readonly brands: BrandsService,
    readonly mailer: MailerService,
    readonly domains: DomainsService,
    readonly database: Database,
    readonly ids: Ids,
    readonly checks: SendingChecks,
  ) {}
}

/** Whose form it is, and what was wrong with it. */
interface FormState {
  distribution?: Distribution;
  refused?: FormErrors;
  testTo?: string;
}

const NAMES_SHOWN = 30;
const LINE_LENGTH = 140;

/** The page on which a mail is written, with what it looks like and what is still missing. */
@Injectable()
export class ComposePages {
  constructor(
    private readonly distributions: DistributionsService,
    private readonly emails: EmailsPage,
    private readonly compositions: Compositions,
    private readonly previews: MailPreviews,
    private readonly surroundings: ComposeSurroundings,
  ) {}

  /** A new mail, or one like another. */
  async fresh(actor: Actor, surveyId: string, copy: Distribution | undefined): Promise<object> {
    const { survey } = await this.distributions.mustMaySend(actor, surveyId);
    const brand = await this.surroundings.brands.of(actor.brandId);
    const written =
      copy === undefined ? await this.compositions.fresh(actor, survey, brand) : this.compositions.copied(actor, copy);
    return this.form(actor, surveyId, written);
  }

  edit(actor: Actor, distribution: Distribution): Promise<object> {
    const written = this.compositions.written(actor, distribution);
    return this.form(actor, distribution.surveyId, written, { distribution });
  }

  /** The form, also when something in it was refused. */
  async form(
    actor: Actor,
    surveyId: string,
    written: Written,
    { distribution, refused = NO_ERRORS, testTo = actor.email }: FormState = {},
  ): Promise<object> {
    const { survey, stake } = await this.distributions.mustMaySend(actor, surveyId);
    const { words } = this.emails;
    const { say } = words;
    const title = distribution === undefined ? say('form.titleNew') : say('form.titleEdit');
    const own =
      distribution === undefined ? [] : [{ href: words.path(distribution), text: titleOf(distribution, say) }];
    return {
      title: `${title} · ${survey.name}`,
      crumbs: words.crumbs(survey, ...own, { text: title }),
      header: (await this.emails.frame(actor, survey, stake)).header,
      head: { title, isSection: true, lead: distribution?.status === 'scheduled' ? say('form.scheduled') : undefined },
      errors: refused.errors,
      action: distribution === undefined ? words.list(surveyId) : words.path(distribution),
      backUrl: distribution === undefined ? words.list(surveyId) : words.path(distribution),
      checksUrl: words.list(surveyId, '/checks'),
      previewUrl: words.list(surveyId, '/preview'),
      fields: await this.fields(actor, written, refused.fields),
      subjectMenu: insertMenu(say, '#field_subject', { withLinks: false }),
      bodyMenu: insertMenu(say, '#field_body', { withLinks: true }),
      checks: await this.checks(actor, surveyId, written),
      test: { value: testTo, error: refused.fields['testTo'] },
    };
  }

  /** The part beside the form: the mail in the inbox, and what is still missing. */
  async checks(actor: Actor, surveyId: string, written: Written): Promise<object> {
    await this.distributions.mustMaySend(actor, surveyId);
    const { say } = this.emails.words;
    const sketch = this.compositions.sketch(actor, surveyId, written);
    const [sample] = await this.samples(actor, sketch);
    const mail = await this.previews.render(sketch, sample!);
    const { database, checks } = this.surroundings;
    const findings = await database.inBrand(actor.brandId, (unit) => checks.findings(unit, sketch));
    const names = Object.keys(sample!.embedded).slice(0, NAMES_SHOWN);
    return {
      inbox: { from: written.fromName || written.fromEmail, subject: mail.subject, line: firstLine(mail) },
      sample: this.previews.isMadeUp(sample!) ? say('mail.madeUp') : say('mail.sample', { name: sample!.name }),
      lines: findingLines(findings, say),
      news: say('checks.news', { count: findings.length }),
      fields: fieldInserts(names, '#field_body'),
    };
  }

  /** The mail as the first person of the list would read it. */
  async preview(actor: Actor, surveyId: string, written: Written): Promise<PreviewedMail> {
    await this.distributions.mustMaySend(actor, surveyId);
    const sketch = this.compositions.sketch(actor, surveyId, written);
    const [sample] = await this.samples(actor, sketch);
    return this.previews.render(sketch, sample!);
  }

  private samples(actor: Actor, { listId }: Distribution): Promise<Sample[]> {
    return this.previews.samples(actor, listId, 1);
  }

  private async fields(actor: Actor, written: Written, faults: Record<string, string>): Promise<object> {
    const { words } = this.emails;
    const { say } = words;
    const { mailer, ids } = this.surroundings;
    const { domains } = await this.surroundings.domains.verdictOf(actor.brandId, actor.email);
    const fromHelp = mailer.usesMailbox
      ? say('form.fromAny')
      : domains.length > 0
        ? say('form.fromDomains', { domains: domains.map((domain) => `@${domain}`).join(', ') })
        : say('form.fromEmailHelp');
    return composeFields(written, {
      say,
      knows: (key) => words.knows(key),
      faults,
      lists: await this.compositions.choosable(actor),
      shownList: (id) => ids.show('CG', id),
      fromHelp,
      timeZone: actor.timeZone,
    });
  }
}

/** What a mail program shows beside the subject. */
function firstLine({ text }: PreviewedMail): string {
  return text.replaceAll(/\s+/g, ' ').trim().slice(0, LINE_LENGTH);
}
