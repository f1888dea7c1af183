import { Injectable } from '@nestjs/common';
import { may, type Stake } from '../../brands/access.js';
import { BrandsService } from '../../brands/brands.service.js';
import type { Actor } from '../../platform/auth/actor.js';
import { Database } from '../../platform/db/database.js';
import type { Survey } from '../../surveys/survey.entity.js';
import { addresses } from '../../platform/web/addresses.js';
import { type Faults, NO_FAULTS } from '../../platform/web/answers.js';
import { placeholderNames } from '../../platform/web/html/mail_inserts.js';
import { Doors } from '../detours/doors.js';
import { ComposeLibrary } from './compose_library.js';
import { audienceOptions, chosenLabel, type Offered } from '../../audiences/audience_options.js';
import { Audiences } from '../../audiences/audiences.service.js';
import { composeFields, fieldInserts, findingLines, insertMenus, versionModels } from './composition.views.js';
import { Compositions } from './compositions.js';
import type { Written } from './compositions.forms.js';
import type { Distribution } from '../../ledger/distribution.entity.js';
import { titleOf } from '../../ledger/distribution_words.js';
import { FoundDistributions } from '../../ledger/found_distributions.service.js';
import { clockTime } from '../../platform/web/moments.js';
import { inOneHour } from './send_time.js';
import { composeSteps, type ReviewModel } from './compose_steps.js';
import { followUpModel } from '../../distributions/follow_ups/written_following.js';
import { type DrawnForm, draftState } from './drawn_form.js';
import { EmailsPage } from '../../distributions/emails_page.js';
import { addressAt, FromMenu } from './from_menu.js';
import { MailPreviews, type PreviewedMail, type Sample } from '../content/mail_previews.service.js';
import { LimitMeters } from '../../limits/limit_meters.js';
import { SendingChecks } from '../../planning/sending_checks.js';
import { writtenSample } from '../../audiences/sample.js';
import { mailSourceOf } from '../content/mail_source.js';

/** What the form offers beside what was written. */
@Injectable()
export class ComposeMenus {
  constructor(
    readonly from: FromMenu,
    readonly messageLibrary: ComposeLibrary,
    readonly meters: LimitMeters,
    readonly doors: Doors,
    readonly people: Audiences,
  ) {}
}

/** Parts that the pages for writing mails need beside the others. */
@Injectable()
export class ComposeSurroundings {
  constructor(
    readonly brands: BrandsService,
    readonly menus: ComposeMenus,
    readonly database: Database,
    readonly checks: SendingChecks,
  ) {}
}

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

const NAMES_SHOWN = 30;
/** So many people of the list are offered to look at the mail as. */
const SAMPLES_OFFERED = 20;
const LINE_LENGTH = 140;

/** The page on which a mail is written, with what it looks like and what is still missing. */
@Injectable()
export class ComposePages {
  constructor(
    private readonly distributions: FoundDistributions,
    private readonly emails: EmailsPage,
    private readonly compositions: Compositions,
    private readonly previews: MailPreviews,
    private readonly surroundings: ComposeSurroundings,
  ) {}

  /** A new mail, or one like another. @param to public id of the people it is for, where they are known already */
  async fresh(actor: Actor, surveyId: string, copy: Distribution | undefined, to = ''): Promise<object> {
    const { survey } = await this.distributions.mustMaySend(actor, surveyId);
    const brand = await this.surroundings.brands.of(actor.brandId);
    const written =
      copy === undefined ? await this.compositions.fresh(actor, survey, brand) : this.compositions.copied(actor, copy);
    if (to === '') {
      return this.form(actor, surveyId, written);
    }
    // People who can't be chosen are nobody: never all those that a copied mail went to. And they are all meant.
    const isKnown = (await this.surroundings.menus.people.chosen(actor, to)) !== undefined;
    return this.form(actor, surveyId, { ...written, ...writtenSample(null), list: isKnown ? to : '' });
  }

  /** A new reminder or thank-you below an invitation. */
  async following(
    actor: Actor,
    invitation: Distribution,
    about: { kind: 'Reminder' | 'ThankYou'; hasReminder: boolean },
  ): Promise<object> {
    const { survey } = await this.distributions.mustMaySend(actor, invitation.surveyId);
    const brand = await this.surroundings.brands.of(actor.brandId);
    return this.form(actor, survey.id, this.compositions.following(actor, invitation, { ...about, survey, brand }));
  }

  /**
   * @param about a review is shown below the form, whose steps are closed then; a From domain that was added meanwhile is
   * chosen
   */
  edit(
    actor: Actor,
    distribution: Distribution,
    { review, fromDomain }: { review?: ReviewModel; fromDomain?: string | undefined } = {},
  ): Promise<object> {
    const written = this.compositions.written(actor, distribution);
    if (fromDomain === undefined) {
      return this.form(actor, distribution.surveyId, written, { distribution, review });
    }
    const fromNotice = this.emails.words.say('detour.fromDomain', { domain: fromDomain });
    const moved = { ...written, fromEmail: addressAt(fromDomain, written.fromEmail) };
    return this.form(actor, distribution.surveyId, moved, { distribution, fromNotice });
  }

  /** Model of the part `_to`. */
  async to(actor: Actor, written: Written): Promise<object> {
    return { fields: await this.fields(actor, written, {}), canMakeList: may(actor, 'directory:edit') };
  }

  /** The form, also when something in it was refused. */
  async form(
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
    const { steps, checks } = await this.checks(actor, surveyId, written, { wish: sample, refused, review });
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
      fields: await this.fields(actor, written, refused.fields),
      followUp: followUpModel(written.following, { say, faults: refused.fields }),
      ...insertMenus(say),
      versions: versionModels(written, refused.fields, say),
      library: await this.surroundings.menus.messageLibrary.model(actor, surveyId, written),
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
    const { doors } = this.surroundings.menus;
    const isKept = distribution?.status !== 'scheduled';
    return {
      ...(isKept ? await doors.model(actor, survey.id) : {}),
      activation: await doors.activation(actor, survey, stake),
    };
  }

  /** What the form says of itself, and where it is kept by itself: what is scheduled is not. */
  private keeping(surveyId: string, distribution: Distribution | undefined, drawn: DrawnForm | undefined): object {
    const { words } = this.emails;
    return {
      draftState: draftState(distribution && words.shown(distribution), drawn ?? distribution),
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

  /** The part beside the form, the mail in the inbox and what is still missing; and how far each step is. */
  async checks(
    actor: Actor,
    surveyId: string,
    written: Written,
    { wish, refused = NO_FAULTS, review }: { wish: string; refused?: Faults; review?: ReviewModel | undefined },
  ): Promise<{ checks: { samples: object[] }; steps: object }> {
    await this.distributions.mustMaySend(actor, surveyId);
    const { say } = this.emails.words;
    const sketch = this.compositions.sketch(actor, surveyId, written);
    const samples = await this.previews.samples(actor, sketch.audience, SAMPLES_OFFERED);
    const sample = this.compositions.chosenSample(samples, wish);
    const mail = await this.previews.render(mailSourceOf(sketch), sample);
    const { database, checks } = this.surroundings;
    const findings = await database.inBrand(actor.brandId, (unit) => checks.findings(unit, sketch));
    const names = Object.keys(sample.embedded).slice(0, NAMES_SHOWN);
    const lists = audienceOptions(written.list, { ...(await this.audiences(actor, written.list)), say });
    const steps = composeSteps(
      { written, findings, faults: refused.fields, review, audience: chosenLabel(lists) },
      { words: this.emails.words, actor },
    );
    const besides = {
      inbox: {
        from: (mail.refusal === undefined ? mail.fromName : written.fromName) || written.fromEmail,
        subject: mail.subject,
        line: firstLine(mail),
      },
      sample: this.previews.isMadeUp(sample) ? say('mail.madeUp') : say('mail.sample', { name: sample.name }),
      lines: findingLines(findings, say, (code) => this.emails.words.domainsDoor(actor, code)),
      news: say('checks.news', { count: findings.length }),
      fields: fieldInserts(names, '#field_body'),
      samples: this.compositions.sampleOptions(samples, sample),
    };
    return { checks: besides, steps };
  }

  /** The mail as somebody of the list would read it: whoever was chosen, else the first. */
  async preview(actor: Actor, surveyId: string, written: Written, wish: string): Promise<PreviewedMail> {
    await this.distributions.mustMaySend(actor, surveyId);
    const sketch = this.compositions.sketch(actor, surveyId, written);
    const samples: Sample[] = await this.previews.samples(actor, sketch.audience, SAMPLES_OFFERED);
    return this.previews.render(mailSourceOf(sketch), this.compositions.chosenSample(samples, wish));
  }

  private async audiences(actor: Actor, chosen: string): Promise<Offered> {
    const { people } = this.surroundings.menus;
    return {
      lists: await people.listOptions(actor),
      segments: await people.segmentOptions(actor),
      person: await people.personOption(actor, chosen),
    };
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

  private async fields(actor: Actor, written: Written, faults: Record<string, string>): Promise<object> {
    const { words } = this.emails;
    const fields = composeFields(written, {
      say: words.say,
      knows: (key) => words.knows(key),
      faults,
      ...(await this.audiences(actor, written.list)),
      from: await this.surroundings.menus.from.model(actor, written.fromEmail),
      timeZone: actor.timeZone,
      hourAhead: clockTime(inOneHour(words.now()), actor.timeZone),
    });
    return { ...fields, meters: await this.surroundings.menus.meters.of(actor) };
  }
}

function titleKey({ following }: Written, distribution: Distribution | undefined): string {
  const isNew = distribution === undefined ? 'New' : 'Edit';
  return following === undefined ? `form.title${isNew}` : `follow.title${isNew}.${following.kind}`;
}

/** What a mail program shows beside the subject. */
function firstLine({ text }: PreviewedMail): string {
  return text.replaceAll(/\s+/g, ' ').trim().slice(0, LINE_LENGTH);
}
