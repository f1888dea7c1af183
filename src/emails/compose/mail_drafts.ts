import { Injectable } from '@nestjs/common';
import type { MailOutcome } from '../../mailer/mailer.service.js';
import type { Actor } from '../../platform/auth/actor.js';
import { Clock } from '../../platform/clock.js';
import { Database, type Unit } from '../../platform/db/database.js';
import { Invalid, LimitReached, WrongState } from '../../platform/errors.js';
import { TokenBuckets } from '../../platform/net/token_buckets.js';
import { wireAddress } from '../../platform/email_address.js';
import type { FlashKind } from '../../platform/web/session/flash.js';
import { isToMember } from '../../ledger/composition.js';
import { begunDraft, type DrawnForm, leftBy, mustBeNewest } from './drawn_form.js';
import { Compositions } from './compositions.js';
import { MAX_TEST_ADDRESSES, testAddresses, type Written } from './compositions.forms.js';
import type { Distribution } from '../../ledger/distribution.entity.js';
import { DistributionWords } from '../../ledger/distribution_words.js';
import { DistributionsService } from '../../distributions/distributions.service.js';
import { FoundDistributions } from '../../ledger/found_distributions.service.js';
import { afterWordsWithin } from '../../distributions/follow_ups/following_words.js';
import { FollowUpsService } from '../../distributions/follow_ups/follow_ups.service.js';
import { MailPreviews } from '../content/mail_previews.service.js';
import { mailSourceOf } from '../content/mail_source.js';
import { writtenKey, writtenOnce } from './written_once.js';
import { SendingChecks } from '../../planning/sending_checks.js';

/** A draft after it was kept, with what there is to tell about it. */
export interface Kept {
  distribution: Distribution;
  news: { kind: FlashKind; text: string }[];
}

interface KeepWish {
  testTo: string | undefined;
  sample?: string;
  /** The same form of a new mail sent twice is one draft; one that others overtook is refused. */
  drawn: DrawnForm;
  /** Makes a draft of what is scheduled. */
  offSchedule?: boolean;
}

/** Parts that drafts need beside the others. */
@Injectable()
export class DraftSurroundings {
  constructor(
    readonly database: Database,
    readonly checks: SendingChecks,
    readonly words: DistributionWords,
    readonly followUps: FollowUpsService,
    readonly found: FoundDistributions,
  ) {}
}

/** A test may go out only where the mail itself could: these findings stop it, too. */
const STOPS_TESTS = ['EQD01', 'EQD10', 'EQD17', 'CVS03', 'CVS21'];
const SAMPLES_OFFERED = 20;
/** Test mails of one person: so many at once, and so many again within an hour. Each web process counts for itself. */
export const TESTS_AN_HOUR = 30;

/** Mails that are being written: kept, and tried out on oneself. */
@Injectable()
export class MailDrafts {
  private readonly tests: TokenBuckets;

  constructor(
    private readonly distributions: DistributionsService,
    private readonly compositions: Compositions,
    private readonly previews: MailPreviews,
    private readonly surroundings: DraftSurroundings,
    clock: Clock,
  ) {
    this.tests = new TokenBuckets(clock, { burst: TESTS_AN_HOUR, perSecond: TESTS_AN_HOUR / 3600 });
  }

  /** @throws {WrongState} for a mail that is planned, or that pages can't write */
  mustBeEditable(distribution: Distribution): void {
    const { status } = distribution;
    if ((status !== 'draft' && status !== 'scheduled') || isToMember(distribution)) {
      throw new WrongState(this.surroundings.words.say('form.locked'));
    }
  }

  /** @throws {Invalid} with one message per field; {LimitReached} for more tests than one person sends within an hour */
  async keep(
    actor: Actor,
    surveyId: string,
    written: Written,
    { testTo, sample = '', drawn, offSchedule = false }: KeepWish,
  ): Promise<Kept> {
    const addresses = testTo === undefined ? undefined : this.addresses(testTo);
    const composition = await this.compositions.composed(actor, written);
    this.mustHaveTestsLeft(actor, addresses?.length ?? 0);
    const { following } = written;
    const { database, followUps } = this.surroundings;
    const distribution = await database.inBrand(actor.brandId, async (unit) => {
      const kept = { id: await this.known(unit, { actor, surveyId }, drawn), offSchedule };
      const key = kept.id === undefined ? writtenKey(drawn.formKey, written) : undefined;
      const draft = await writtenOnce(unit, key, () =>
        following === undefined
          ? this.distributions.compose(actor, surveyId, composition, kept)
          : followUps.keep(actor, following, composition, kept),
      );
      draft.revisedBy = leftBy(drawn.formKey);
      return draft;
    });
    if (addresses !== undefined) {
      return { distribution, news: await this.test(actor, distribution, addresses, sample) };
    }
    return { distribution, news: [{ kind: 'success', text: this.savedWords(actor, distribution) }] };
  }

  /** The draft of the form, locked, where it has one. @throws {Changed} where another form has written it since */
  private async known(
    unit: Unit,
    { actor, surveyId }: { actor: Actor; surveyId: string },
    drawn: DrawnForm,
  ): Promise<string | undefined> {
    const id = drawn.draft ?? (await begunDraft(unit, actor, surveyId, drawn))?.id;
    if (id !== undefined && drawn.draft !== undefined) {
      const draft = await this.surroundings.found.locked(unit, actor, id);
      mustBeNewest(draft, drawn, this.surroundings.words.say('autosave.changed'));
    }
    return id;
  }

  private savedWords(actor: Actor, distribution: Distribution): string {
    const { words } = this.surroundings;
    const { status, sendAt, waitsForAnother } = distribution;
    if (status !== 'scheduled') {
      return words.say('form.saved');
    }
    return waitsForAnother || sendAt === null
      ? words.say('form.savedWaiting', { when: afterWordsWithin(distribution, words) })
      : words.say('form.savedScheduled', { at: words.exact(actor, sendAt) });
  }

  private mustHaveTestsLeft({ brandId, userId }: Actor, count: number): void {
    const wait = count === 0 ? 0 : this.tests.take(`${brandId} ${userId}`, count);
    if (wait > 0) {
      const minutes = Math.ceil(wait / 60);
      throw new LimitReached(this.surroundings.words.say('test.spent', { most: TESTS_AN_HOUR, count: minutes }), wait);
    }
  }

  private addresses(testTo: string): string[] {
    const { say } = this.surroundings.words;
    const addresses = testAddresses(testTo);
    const wrong = addresses.filter((address) => wireAddress(address) === undefined);
    const fault =
      addresses.length === 0
        ? say('test.none')
        : addresses.length > MAX_TEST_ADDRESSES
          ? say('test.many', { most: MAX_TEST_ADDRESSES })
          : say('test.wrong', { addresses: wrong.join(', ') });
    if (wrong.length > 0 || addresses.length === 0 || addresses.length > MAX_TEST_ADDRESSES) {
      throw new Invalid(fault, { testTo: fault });
    }
    return addresses;
  }

  private async test(
    actor: Actor,
    distribution: Distribution,
    addresses: string[],
    wish: string,
  ): Promise<Kept['news']> {
    const { database, checks, words } = this.surroundings;
    const findings = await database.inBrand(actor.brandId, (unit) => checks.findings(unit, distribution));
    const stop = findings.find(({ code }) => STOPS_TESTS.includes(code));
    if (stop !== undefined) {
      return [{ kind: 'error', text: `${words.say('test.stopped')} ${checks.words(stop)}` }];
    }
    const samples = await this.previews.samples(actor, distribution.audience, SAMPLES_OFFERED);
    const sample = this.compositions.chosenSample(samples, wish);
    const news: Kept['news'] = [];
    for (const address of addresses) {
      const outcome = await this.previews.sendTest(actor.brandId, mailSourceOf(distribution), sample, address);
      news.push(this.testNews(address, outcome));
    }
    return news;
  }

  private testNews(address: string, { status, text, detail: { code } }: MailOutcome): Kept['news'][number] {
    const reply = code === undefined || text.startsWith(String(code)) ? text : `${code} ${text}`;
    const { say } = this.surroundings.words;
    return status === 'accepted'
      ? { kind: 'success', text: say('test.accepted', { address, reply }) }
      : { kind: 'error', text: say(status === 'uncertain' ? 'test.uncertain' : 'test.refused', { address, reply }) };
  }
}
