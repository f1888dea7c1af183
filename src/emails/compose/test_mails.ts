import { Injectable } from '@nestjs/common';
import type { MailOutcome } from '../../mailer/mailer.service.js';
import type { Actor } from '../../platform/auth/actor.js';
import { Clock } from '../../platform/clock.js';
import { Database } from '../../platform/db/database.js';
import { Invalid, LimitReached } from '../../platform/errors.js';
import { TokenBuckets } from '../../platform/net/token_buckets.js';
import { wireAddress } from '../../platform/email_address.js';
import type { FlashKind } from '../../platform/web/session/flash.js';
import { Compositions } from './compositions.js';
import { MAX_TEST_ADDRESSES, testAddresses } from './compositions.forms.js';
import type { Distribution } from '../../ledger/distribution.entity.js';
import { DistributionWords } from '../../ledger/distribution_words.js';
import { MailPreviews } from '../content/mail_previews.service.js';
import { mailSourceOf } from '../content/mail_source.js';
import { SendingChecks } from '../../planning/sending_checks.js';

/** A test may go out only where the mail itself could: these findings stop it, too. */
const STOPS_TESTS = ['EQD01', 'EQD10', 'EQD17', 'CVS03', 'CVS21'];
const SAMPLES_OFFERED = 20;
/** Test mails of one person: so many at once, and so many again within an hour. Each web process counts for itself. */
const TESTS_AN_HOUR = 30;

/** What there is to tell of one try. */
export interface TestNews {
  kind: FlashKind;
  text: string;
}

/** Mails tried out on oneself. */
@Injectable()
export class TestMails {
  private readonly buckets: TokenBuckets;

  constructor(
    private readonly database: Database,
    private readonly compositions: Compositions,
    private readonly previews: MailPreviews,
    private readonly checks: SendingChecks,
    private readonly words: DistributionWords,
    clock: Clock,
  ) {
    this.buckets = new TokenBuckets(clock, { burst: TESTS_AN_HOUR, perSecond: TESTS_AN_HOUR / 3600 });
  }

  /** @throws {LimitReached} for more than one person sends within an hour */
  mustBeLeft({ brandId, userId }: Actor, count: number): void {
    const wait = count === 0 ? 0 : this.buckets.take(`${brandId} ${userId}`, count);
    if (wait > 0) {
      const minutes = Math.ceil(wait / 60);
      throw new LimitReached(this.words.say('test.spent', { most: TESTS_AN_HOUR, count: minutes }), wait);
    }
  }

  /** @throws {Invalid} with the field `testTo` for what can't be addresses of tests */
  addressesIn(testTo: string): string[] {
    const { say } = this.words;
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

  /** Sends the mail as somebody of the list would get it. @param wish public id of that contact, '' for the first */
  async send(actor: Actor, distribution: Distribution, addresses: string[], wish: string): Promise<TestNews[]> {
    const { database, checks, words } = this;
    const findings = await database.inBrand(actor.brandId, (unit) => checks.findings(unit, distribution));
    const stop = findings.find(({ code }) => STOPS_TESTS.includes(code));
    if (stop !== undefined) {
      return [{ kind: 'error', text: `${words.say('test.stopped')} ${checks.words(stop)}` }];
    }
    const samples = await this.previews.samples(actor, distribution.audience, SAMPLES_OFFERED);
    const sample = this.compositions.chosenSample(samples, wish);
    const news: TestNews[] = [];
    for (const address of addresses) {
      const outcome = await this.previews.sendTest(actor.brandId, mailSourceOf(distribution), sample, address);
      news.push(this.newsOf(address, outcome));
    }
    return news;
  }

  private newsOf(address: string, { status, text, detail: { code } }: MailOutcome): TestNews {
    const reply = code === undefined || text.startsWith(String(code)) ? text : `${code} ${text}`;
    const { say } = this.words;
    return status === 'accepted'
      ? { kind: 'success', text: say('test.accepted', { address, reply }) }
      : { kind: 'error', text: say(status === 'uncertain' ? 'test.uncertain' : 'test.refused', { address, reply }) };
  }
}
