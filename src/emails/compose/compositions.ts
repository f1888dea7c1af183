import { Injectable } from '@nestjs/common';
import { DomainsService } from '../../mailer/domains/domains.service.js';
import type { Actor } from '../../platform/auth/actor.js';
import { Clock } from '../../platform/clock.js';
import type { Unit } from '../../platform/db/database.js';
import { Invalid } from '../../platform/errors.js';
import { Ids } from '../../platform/ids.js';
import { readableAccent } from '../../platform/web/accent.js';
import { Views } from '../../platform/web/views.js';
import {
  firstFollowing,
  followingFaults,
  followingTime,
  type WrittenFollowing,
  writtenFollowing,
} from '../../distributions/follow_ups/written_following.js';
import { embeddedLines } from '../../links/embedded_lines.js';
import { sampleOf, writtenSample, sampleFault } from '../../audiences/sample.js';
import { Audiences } from '../../audiences/audiences.service.js';
import { linkDaysOf } from '../../links/link_ends.js';
import { instantOf, localOf, type Written } from './compositions.forms.js';
import { inOneHour, sendTime, withChosenZone } from './send_time.js';
import { planFaults, planOf, writtenPlan } from '../../planning/when_form.js';
import { nameFault } from '../checks/sender_name.js';
import {
  boundFaults,
  headerFaults,
  lengthFaults,
  linkExpiryOf,
  linkFault,
  embeddedFault,
  pairsOf,
} from './written_faults.js';
import { type MailComposition, MailContent, mailOf, type WrittenMail } from '../content/mail_content.entity.js';
import { mailWords, writtenWords } from './written_versions.js';
import { shownAudience } from '../../audiences/audience_options.js';
import type { Sample } from '../content/mail_previews.service.js';
import { type Composition, Distribution } from '../../ledger/distribution.entity.js';

const DAY_MS = 86_400_000;
const DEFAULT_DAYS = '60';

/** What a new mail takes from the brand. */
interface BrandWords {
  name: string;
  postalAddress: string;
  language: string;
}

/** What a new reminder or thank-you is made from, beside its invitation. */
interface NewFollowing {
  kind: WrittenFollowing['kind'];
  /** Whether the invitation has a reminder already. */
  hasReminder: boolean;
  survey: { name: string };
  brand: BrandWords;
}

/** Between what stands in the form and what a distribution keeps. */
@Injectable()
export class Compositions {
  constructor(
    private readonly audiences: Audiences,
    private readonly domains: DomainsService,
    private readonly ids: Ids,
    private readonly clock: Clock,
    private readonly views: Views,
  ) {}

  /** A new mail: ready to be sent once a list is chosen. */
  async fresh(actor: Actor, survey: { name: string }, brand: BrandWords): Promise<Written> {
    return {
      list: '',
      ...writtenSample(null),
      name: '',
      fromName: brand.name,
      fromEmail: await this.ownAddress(actor),
      replyTo: actor.email,
      subject: this.views.words.t('distributions.first.subject', { survey: survey.name }),
      preheader: '',
      body: this.firstWords('distributions/first_mail', actor, survey, brand),
      text: '',
      language: brand.language,
      versions: {},
      design: 'brand',
      countsOpens: false,
      linkType: 'Individual',
      ...this.linkEnd(actor, null),
      linkDays: DEFAULT_DAYS,
      embedded: '',
      skipFinished: true,
      ...writtenPlan(),
      ...this.atOnce(actor),
    };
  }

  /** What a distribution holds, as the form shows it. */
  written(actor: Actor, distribution: Distribution): Written {
    const { name, sendAt } = distribution;
    const mail = mailOf(distribution);
    const { fromName, fromEmail, replyTo, language } = mail;
    return {
      list: shownAudience(this.ids, distribution.audience),
      ...writtenSample(distribution.audience.sample),
      name,
      fromName,
      fromEmail,
      replyTo,
      ...writtenWords(mail),
      language,
      versions: Object.fromEntries(Object.entries(mail.versions).map(([tag, words]) => [tag, writtenWords(words)])),
      design: mail.design,
      countsOpens: mail.countsOpens,
      linkType: distribution.linkType,
      ...this.linkEnd(actor, distribution.linkExpiresAt),
      linkDays: String(distribution.linkDays),
      embedded: embeddedLines(distribution.embedded),
      skipFinished: distribution.skipFinished,
      ...writtenPlan(distribution.plan),
      when: sendAt === null ? 'now' : 'later',
      sendOn: sendAt === null ? this.atOnce(actor).sendOn : localOf(sendAt, actor.timeZone),
      following: this.followingOf(distribution),
      ...distribution.writing.typed,
    };
  }

  /** A copy is sent at a time of its own, its links last as long from then on, and it follows nothing. */
  copied(actor: Actor, distribution: Distribution): Written {
    const written = this.written(actor, distribution);
    return { ...written, following: undefined, ...this.linkEnd(actor, null), ...this.atOnce(actor) };
  }

  /** A new reminder: the words of the invitation; a new thank-you: words of its own, from the same sender. */
  following(actor: Actor, invitation: Distribution, { kind, hasReminder, survey, brand }: NewFollowing): Written {
    const written = this.copied(actor, invitation);
    const following = firstFollowing(kind, this.ids.show('EMD', invitation.id), hasReminder);
    const { words } = this.views;
    return kind === 'Reminder'
      ? {
          ...written,
          name: '',
          following,
          subject: words.t('distributions.first.reminder', { subject: written.subject }),
        }
      : {
          ...written,
          name: '',
          following,
          versions: {},
          preheader: '',
          text: '',
          subject: words.t('distributions.first.thanksSubject', { survey: survey.name }),
          body: this.firstWords('distributions/first_thanks', actor, survey, brand),
        };
  }

  /** The distribution that these words make, for looking at it before it is kept; undecided things have their usual value. */
  sketch(actor: Actor, surveyId: string, written: Written): Distribution {
    const { brandId, userId: ownerId } = actor;
    const sketch = Object.assign(new Distribution(), { brandId, ownerId, surveyId });
    MailContent.of(sketch);
    sketch.take(this.read(actor, written));
    const { following } = written;
    return following === undefined
      ? sketch
      : Object.assign(sketch, followingTime(following), {
          requestType: following.kind,
          thanksTurnedAway: following.thanksTurnedAway,
          parentId: this.ids.tryRead('EMD', following.parent) ?? '0',
        });
  }

  /**
   * What will be kept.
   * @throws {Invalid} with one message per field that a draft can't be without, or that says something impossible
   */
  async composed(unit: Unit, actor: Actor, written: Written): Promise<MailComposition> {
    const fields = {
      ...(written.following === undefined ? await this.listFault(unit, actor, written) : {}),
      ...followingFaults(written.following, (key) => this.views.words.t(`distributions.${key}`)),
      ...headerFaults(written),
      ...boundFaults(written),
      ...nameFault(written),
      ...lengthFaults(written),
      ...(written.following === undefined
        ? {
            ...linkFault(written, this.linkStart(actor, written), actor.timeZone),
            ...sampleFault(written),
            ...embeddedFault(written),
          }
        : {}),
      ...this.timeFault(actor, written),
      ...planFaults(written),
    };
    const [first] = Object.values(fields);
    if (first !== undefined) {
      throw new Invalid(first, fields);
    }
    return this.read(actor, written);
  }

  /** The sample that was asked for by its contact's public id, else the first. */
  chosenSample(samples: Sample[], wish: string): Sample {
    const id = this.ids.tryRead('CID', wish);
    return samples.find((sample) => sample.id === id) ?? samples[0]!;
  }

  sampleOptions(samples: Sample[], chosen: Sample): object[] {
    return samples.map((sample) => ({
      value: sample.id === '' ? '' : this.ids.show('CID', sample.id),
      label: sample.name,
      selected: sample === chosen,
    }));
  }

  private read(actor: Actor, written: Written): MailComposition {
    const { name, linkType, linkDays } = written;
    return {
      name,
      ...this.audienceIn(written),
      listName: '',
      linkType,
      linkDays: linkDaysOf(linkDays) ?? Number(DEFAULT_DAYS),
      linkExpiresAt: linkExpiryOf(written, actor.timeZone),
      content: mailIn(written),
      skipFinished: written.skipFinished,
      sendAt: sendTime(written, actor.timeZone, this.clock.now()),
      timeZone: actor.timeZone,
      plan: withChosenZone(planOf(written), written),
      embedded: pairsOf(written),
    };
  }

  private async listFault(unit: Unit, actor: Actor, { list }: Written): Promise<Record<string, string>> {
    return (await this.audiences.chosenIn(unit, actor, list)) === undefined
      ? { list: 'Choose the contact list or segment that gets the mail.' }
      : {};
  }

  /** A follow-up goes to those whom its invitation has reached. */
  private audienceIn(written: Written): Pick<Composition, 'listId' | 'contactId'> & Partial<Composition> {
    const listId = this.ids.tryRead('CG', written.list) ?? null;
    return written.following === undefined
      ? {
          listId,
          contactId: this.ids.tryRead('CID', written.list) ?? null,
          segmentId: this.ids.tryRead('SG', written.list) ?? null,
          sample: sampleOf(written, null) ?? null,
        }
      : { listId, contactId: null, sample: null };
  }

  private timeFault({ timeZone }: Actor, { when, sendOn, following }: Written): Record<string, string> {
    const at = instantOf(sendOn, timeZone);
    if ((following?.when ?? when) !== 'later' || (at !== undefined && at > this.clock.now())) {
      return {};
    }
    return {
      sendOn:
        at === undefined
          ? 'Write a date and a time that exist.'
          : 'This time is over. Choose one that is still to come.',
    };
  }

  /** A fixed end of links as the form shows it; without one, what the field begins with. */
  private linkEnd({ timeZone }: Actor, end: Date | null): Pick<Written, 'linkEnd' | 'linkUntil'> {
    const usual = new Date(this.clock.ms() + Number(DEFAULT_DAYS) * DAY_MS);
    return end === null
      ? { linkEnd: 'days', linkUntil: `${localOf(usual, timeZone).slice(0, 10)}T23:59` }
      : { linkEnd: 'date', linkUntil: localOf(end, timeZone) };
  }

  /** When the mail leaves, and its links begin to count. */
  private linkStart({ timeZone }: Actor, written: Written): Date {
    const now = this.clock.now();
    return sendTime(written, timeZone, now) ?? now;
  }

  /** The usual choice, and what the field for another time begins with. */
  private atOnce({ timeZone }: Actor): Pick<Written, 'when' | 'sendOn'> {
    return { when: 'now', sendOn: localOf(inOneHour(this.clock.now()), timeZone) };
  }

  private async ownAddress({ brandId, email }: Actor): Promise<string> {
    const { allowed, domains } = await this.domains.verdictOf(brandId, email);
    return allowed || domains[0] === undefined ? email : `surveys@${domains[0]}`;
  }

  private followingOf(distribution: Distribution): WrittenFollowing | undefined {
    const { parentId } = distribution;
    return parentId === null ? undefined : writtenFollowing(distribution, this.ids.show('EMD', parentId));
  }

  private firstWords(view: string, actor: Actor, survey: { name: string }, brand: BrandWords): string {
    const model = {
      survey: survey.name,
      brand: brand.name,
      author: actor.name,
      accent: readableAccent(actor.accent),
      postal: brand.postalAddress.split('\n').filter((one) => one.trim() !== ''),
    };
    return this.views.part(view, model, { nonce: '', csrf: '', path: '' });
  }
}

function mailIn(written: Written): WrittenMail {
  const { fromName, fromEmail, replyTo, language, design, countsOpens } = written;
  const versions = Object.entries(written.versions).map(([tag, words]) => [tag, mailWords(words)] as const);
  const head = { fromName, fromEmail, replyTo, language, design, countsOpens };
  return { ...head, ...mailWords(written), versions: Object.fromEntries(versions) };
}
