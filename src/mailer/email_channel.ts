import type { Channel, Outcome, Outgoing } from '../platform/channel.js';
import { RelayDown } from './connection.js';
import type { Connections } from './connections.js';
import { MailRefused } from './mail_refused.js';
import { OutcomeStream } from './outcome_stream.js';
import { queueIdIn } from './reply.js';
import type { Ending, Parcel, Session } from './session.js';

/** A mail as the channel takes it. */
export interface OutgoingMail extends Outgoing {
  brandId: string;
  /** Envelope sender, one per message (VERP). */
  sender: string;
  /** The one address it goes to; international domains already as A-labels. */
  recipient: string;
  /**
   * Puts the mail together, just before its turn.
   * @throws {MailRefused} when it can't be a mail, e.g. its subject is too long
   */
  content(): Buffer;
  /** Single mails overtake bulk ones. */
  isUrgent?: boolean;
  /** Goes to the development mailbox whatever relay there is: demo mails never leave the machine. */
  mailboxOnly?: boolean;
}

type Ask = (messageId: string) => Promise<boolean>;

/** Which connections a mail leaves by. */
export type Route = (mail: OutgoingMail) => Promise<Connections> | Connections;

/**
 * E-mail as a channel. A batch is worked off by as many lanes as there may be connections; each lane takes the next
 * mail, borrows a connection for it and gives it back. Runs while a batch is read; safe to run several times at once.
 */
export class EmailChannel implements Channel<OutgoingMail> {
  constructor(
    private readonly route: Route,
    private readonly lanes: number,
  ) {}

  async *send(batch: readonly OutgoingMail[], beforeBody: Ask): AsyncIterable<Outcome> {
    const outcomes = new OutcomeStream<Outcome>();
    const run = new Run(batch, beforeBody, this.route, outcomes);
    const finished = run.all(Math.min(this.lanes, batch.length));
    try {
      yield* outcomes;
    } finally {
      run.stop();
      await finished;
    }
  }
}

/** One batch under way. */
class Run {
  private next = 0;
  /** Relays that proved to be down: the rest of their mails is not tried in this batch. */
  private readonly down = new Map<Connections, RelayDown>();

  constructor(
    private readonly batch: readonly OutgoingMail[],
    private readonly beforeBody: Ask,
    private readonly route: Route,
    private readonly outcomes: OutcomeStream<Outcome>,
  ) {}

  stop(): void {
    this.next = this.batch.length;
  }

  /** Never rejects: what breaks a lane reaches the reader of the outcomes. */
  async all(lanes: number): Promise<void> {
    const ends = await Promise.allSettled(Array.from({ length: lanes }, () => this.lane()));
    const broken = ends.find((end) => end.status === 'rejected');
    if (broken) this.outcomes.fail(broken.reason);
    else this.outcomes.end();
  }

  private async lane(): Promise<void> {
    for (let mail = this.batch[this.next++]; mail; mail = this.batch[this.next++]) {
      this.outcomes.add(await this.deliver(mail));
    }
  }

  private async deliver(mail: OutgoingMail): Promise<Outcome> {
    const connections = await this.route(mail);
    const known = this.down.get(connections);
    if (known) return notTried(mail, known);
    const parcel = compose(mail);
    if ('status' in parcel) return parcel;
    try {
      return await this.overAny(connections, mail, parcel);
    } catch (error) {
      if (!(error instanceof RelayDown)) throw error;
      this.down.set(connections, error);
      return notTried(mail, error);
    }
  }

  /** A kept-alive connection may have died unnoticed: then nothing was said about this mail, and a fresh one is tried. */
  private async overAny(connections: Connections, mail: OutgoingMail, parcel: Parcel): Promise<Outcome> {
    for (;;) {
      const session = await connections.acquire(mail.isUrgent);
      const ending = await session
        .transact(parcel, () => this.beforeBody(mail.messageId))
        .finally(() => connections.release(session));
      if (!ending.isStale) return outcomeOf(mail, ending, session);
    }
  }
}

function compose(mail: OutgoingMail): Parcel | Outcome {
  try {
    return { sender: mail.sender, recipient: mail.recipient, content: mail.content() };
  } catch (error) {
    if (!(error instanceof MailRefused)) throw error;
    return { messageId: mail.messageId, status: 'refused', phase: 'compose', text: error.message };
  }
}

function notTried(mail: OutgoingMail, down: RelayDown): Outcome {
  return {
    messageId: mail.messageId,
    status: 'not_sent',
    phase: 'connect',
    text: down.message,
    host: down.host,
    isRelayDown: true,
    ...replyCodes(down.reply),
  };
}

function outcomeOf(mail: OutgoingMail, ending: Ending, { peer }: Session): Outcome {
  const queueId = ending.status === 'accepted' ? queueIdIn(ending.text) : undefined;
  return {
    messageId: mail.messageId,
    status: ending.status,
    phase: ending.phase,
    text: ending.text,
    ...peer,
    ...replyCodes(ending.reply),
    ...(queueId === undefined ? {} : { queueId }),
  };
}

function replyCodes(reply: Ending['reply']): Pick<Outcome, 'code' | 'enhanced'> {
  if (!reply) return {};
  return reply.enhanced === undefined ? { code: reply.code } : { code: reply.code, enhanced: reply.enhanced };
}
