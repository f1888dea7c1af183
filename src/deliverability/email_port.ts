import { Injectable, type OnModuleInit } from '@nestjs/common';
import { classify, type Verdict } from '../mailer/answers/classify.js';
import {
  type MailDetail,
  type MailOutcome,
  MailRefused,
  MailTooLarge,
  MailerService,
  type OutgoingMail,
} from '../mailer/mailer.service.js';
import type { Unit } from '../platform/db/database.js';
import { LimitReached } from '../platform/errors.js';
import { replyWords } from '../platform/foreign/foreign_words.js';
import type { Distribution } from '../ledger/distribution.entity.js';
import type { Invitation } from '../emails/content/invitation.js';
import { Invitations } from '../emails/content/invitations.js';
import type { ClaimedMessage, Result } from '../ledger/ledger.sql.js';
import { mailOf } from '../emails/content/mail_content.entity.js';
import { type Closure, type Leave, type Made, type Port, Ports, type Prepared, type Reading } from '../sending/port.js';
import type { Absence } from '../ledger/put_off.sql.js';
import { noteRefusals } from './evidence/refusals.js';
import { returnWarmUp, withinWarmUp } from './evidence/warm_ups.js';

/** E-mail as a channel: what distributions say makes the mails, the mailer carries them, and what servers answer is judged here. */
@Injectable()
export class EmailPort implements Port<OutgoingMail, MailDetail, Verdict>, OnModuleInit {
  readonly name = 'email';

  constructor(
    private readonly ports: Ports,
    private readonly mailer: MailerService,
    private readonly invitations: Invitations,
  ) {}

  onModuleInit(): void {
    this.ports.add(this);
  }

  get channel(): MailerService['channel'] {
    return this.mailer.channel;
  }

  async prepared(distribution: Distribution): Promise<Prepared<OutgoingMail> | undefined> {
    try {
      const invitation = await this.invitations.prepared(distribution);
      return { made: (claimed) => mailFor(claimed, invitation) };
    } catch (error) {
      if (error instanceof MailRefused) {
        const closure = closureByContent(error);
        return { made: () => ({ closure }) };
      }
      if (!(error instanceof LimitReached)) {
        throw error;
      }
      return undefined;
    }
  }

  absences(distribution: Distribution): Promise<Absence[]> {
    const { brandId, mailboxOnly } = distribution;
    return this.mailer.pausesFor({ brandId, from: mailOf(distribution).fromEmail, mailboxOnly });
  }

  within(
    unit: Unit,
    { distribution, n, now }: Leave,
    claim: (size: number) => Promise<ClaimedMessage[]>,
  ): Promise<ClaimedMessage[]> {
    return withinWarmUp(unit, { fromEmail: mailOf(distribution).fromEmail, wanted: n, now }, claim);
  }

  cameBack(unit: Unit, { distribution, n, now }: Leave): Promise<void> {
    return returnWarmUp(unit, mailOf(distribution).fromEmail, n, now);
  }

  async isOpenAgain(distribution: Distribution): Promise<boolean> {
    const { brandId, mailboxOnly, heldReason } = distribution;
    if (mailboxOnly) {
      return true;
    }
    return heldReason === 'domain'
      ? (await this.mailer.whyUnsigned(brandId, mailOf(distribution).fromEmail)) === undefined
      : (await this.mailer.health(brandId)).isReachable;
  }

  read(outcome: MailOutcome): Reading<Verdict> {
    const { phase, code, enhanced, queueId } = outcome.detail;
    return {
      attempt: { phase, code, enhanced, queueId },
      refusal: refusalOf(outcome),
      concerns: concernsOf(outcome.detail),
      closure: closureBy(outcome),
    };
  }

  settled(unit: Unit, distribution: Distribution, results: readonly Result<Verdict>[], now: Date): Promise<void> {
    return noteRefusals(unit, { distribution, results, now });
  }
}

function mailFor(claimed: ClaimedMessage, invitation: Invitation): Made<OutgoingMail> {
  try {
    return { message: invitation.outgoing(claimed) };
  } catch (error) {
    if (!(error instanceof MailRefused)) {
      throw error;
    }
    return { noAddress: error.message };
  }
}

function closureByContent(error: MailRefused): Closure {
  return error instanceof MailTooLarge
    ? { pause: 'content', words: error.message }
    : { code: 'CVS03', words: error.message };
}

/** What a server's no means; undefined where no server said one. */
function refusalOf({ status, text, detail }: MailOutcome): Verdict | undefined {
  const isServers = (status === 'refused' || status === 'deferred') && detail.code !== undefined;
  return isServers ? classify({ ...detail, text }) : undefined;
}

function concernsOf(detail: MailDetail): Reading['concerns'] {
  const { isRelayDown, isPutOff, isUnsigned, isAboutUs, pausesProvider } = detail;
  if (isAboutUs === true || pausesProvider !== undefined) {
    return 'all';
  }
  return isRelayDown === true || isPutOff === true || isUnsigned === true ? 'nobody' : undefined;
}

/** What an answer says about the whole way: the relay takes nothing, a server nothing from this address, or its key is gone. */
function closureBy(outcome: MailOutcome): Closure | undefined {
  const { host = '', text, detail } = outcome;
  if (detail.isRelayDown === true) {
    return { reason: 'relay', words: relayWords(host, text) };
  }
  if (detail.isUnsigned === true) {
    return {
      reason: 'domain',
      words: `Mails from this address can't be signed, and none leaves unsigned. ${text} Sending goes on when they can.`,
    };
  }
  // What other servers say is one domain's word until several do (`guard.ts`).
  const isSenderBad = detail.isOfRelay === true && outcome.status === 'refused';
  return isSenderBad && refusalOf(outcome)?.class === 'sender'
    ? { pause: 'sender', words: senderWords(host, replyWords({ ...detail, text })) }
    : undefined;
}

/** The text of several relays names each already. */
function relayWords(host: string, text: string): string {
  const where = host === '' || host.includes(', ') ? 'any of the mail relays' : host;
  return `No mail leaves by ${where}: ${sentence(text)}`;
}

function sentence(text: string): string {
  return /[.!?]$/.test(text.trim()) ? text.trim() : `${text.trim()}.`;
}

function senderWords(host: string, text: string): string {
  return `Paused by itself: ${host} refuses mails from this From address: “${text.slice(0, 300)}”. Before you resume it, check the From address and the DNS records of its domain, and what the relay allows; then try the failed ones again.`;
}
