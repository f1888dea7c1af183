import type { MailDetail, MailOutcome, OutgoingMail } from '../../mailer/mailer.service.js';
import { MailRefused, MailTooLarge } from '../../mailer/mailer.service.js';
import type { Channel } from '../../platform/channel.js';
import type { Clock } from '../../platform/clock.js';
import type { Database } from '../../platform/db/database.js';
import { failpoint } from '../../platform/failpoint.js';
import { replyWords } from '../../platform/foreign_words.js';
import type { Live } from '../../platform/web/live.js';
import type { Closing } from '../audiences/policy.js';
import { closingBy, isHold } from '../audiences/reasons.js';
import type { Distribution } from '../distribution.entity.js';
import type { PauseReason } from '../own_pauses.sql.js';
import { Gate } from './gate.js';
import type { Invitation } from '../mails/invitation.js';
import type { ClaimedMessage } from './ledger.sql.js';
import { LedgerWriter } from './ledger_writer.js';
import { refusalOf, Settling } from './settling.js';
import type { WeeklyLimits } from '../planning/weekly_limits.service.js';

/** Why nothing more of this distribution goes out: for now, until somebody resumes it, or with a code for good. */
export type Closure = Closing | { pause: PauseReason; words: string };

interface Parts {
  database: Database;
  clock: Clock;
  live: Live;
  limits: WeeklyLimits;
  channel: Channel<OutgoingMail, MailDetail>;
}

interface Rules {
  wireMs: number;
  resendAfterMs: number;
  lastChance: Date | null;
  /** A mail that servers put off for so long is not sent any more; undefined: the usual time. */
  giveUpMs: number | undefined;
}

/** One turn of one distribution: its mail, its gate, and what closed the way, if anything did. */
export class SendingRun {
  closure: Closure | undefined;
  sawWork = false;
  private isStopped = false;
  private readonly gate: Gate;
  private readonly settling: Settling;

  constructor(
    private readonly parts: Parts,
    readonly distribution: Distribution,
    private readonly invitation: () => Invitation,
    rules: Rules,
  ) {
    const writer = new LedgerWriter(parts, distribution, rules.wireMs);
    this.gate = new Gate(writer, parts.clock);
    this.settling = new Settling(writer, parts.clock, this.gate, rules);
  }

  get isOpen(): boolean {
    return !this.isStopped;
  }

  stop(): void {
    this.isStopped = true;
    this.gate.shut();
  }

  /** Sends a batch and returns when everything about it is written down. */
  async send(batch: readonly ClaimedMessage[]): Promise<void> {
    const startedAt = this.parts.clock.now();
    const byId = new Map(batch.map((message) => [message.id, message]));
    const records: Promise<void>[] = [];
    const record = (outcome: MailOutcome): void => {
      this.notice(outcome);
      const message = byId.get(outcome.messageId)!;
      const written = this.settling.record({
        message,
        outcome,
        startedAt: this.gate.wired.get(message.id) ?? startedAt,
      });
      written.catch(() => undefined); // told below, when the channel is done
      records.push(written);
    };
    const mails = this.composed(batch, record);
    const ask = (id: string): Promise<boolean> => this.gate.letThrough(id, byId.get(id)!.token);
    for await (const outcome of this.parts.channel.send(mails, ask)) {
      if (outcome.status === 'accepted') {
        failpoint('accepted');
      }
      record(outcome);
    }
    await Promise.all(records);
  }

  /** Recipients whose address is none never reach the channel. */
  private composed(batch: readonly ClaimedMessage[], record: (outcome: MailOutcome) => void): OutgoingMail[] {
    const invitation = this.made();
    return batch.flatMap((message) => {
      if (invitation === undefined) {
        record({ messageId: message.id, status: 'skipped', text: '', detail: { phase: 'compose' } });
        return [];
      }
      try {
        return [invitation.outgoing(message)];
      } catch (error) {
        if (!(error instanceof MailRefused)) {
          throw error;
        }
        this.gate.refusals.set(message.id, { reason: 'invalid_address', reasonAt: null });
        record({ messageId: message.id, status: 'skipped', text: error.message, detail: { phase: 'compose' } });
        return [];
      }
    });
  }

  /** Undefined when it can be sent to nobody, which ends the distribution. */
  private made(): Invitation | undefined {
    try {
      return this.invitation();
    } catch (error) {
      if (!(error instanceof MailRefused)) {
        throw error;
      }
      this.closure ??=
        error instanceof MailTooLarge
          ? { pause: 'content', words: error.message }
          : { code: 'CVS03', words: error.message };
      this.stop();
      return undefined;
    }
  }

  private notice(outcome: MailOutcome): void {
    const refusal = outcome.status === 'skipped' ? this.gate.refusals.get(outcome.messageId)?.reason : undefined;
    const closure = refusal === undefined ? closureBy(outcome) : closingBy(refusal);
    this.closure ??= closure;
    if (closure !== undefined || (refusal !== undefined && isHold(refusal))) {
      this.stop();
    }
  }
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
  // What other servers say is one domain's word until several do (`returns/guard.ts`).
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
