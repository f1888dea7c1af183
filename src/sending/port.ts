import { Injectable } from '@nestjs/common';
import type { Channel, Outcome, Outgoing } from '../platform/channel.js';
import type { Unit } from '../platform/db/database.js';
import type { Closing } from '../audiences/policy.js';
import type { Distribution } from '../ledger/distribution.entity.js';
import type { PauseReason } from '../ledger/own_pauses.sql.js';
import type { Attempt, ClaimedMessage, Refusal, Result } from '../ledger/ledger.sql.js';
import type { Absence } from '../ledger/put_off.sql.js';

/** Why nothing more of a distribution goes out: for now, until somebody resumes it, or with a code for good. */
export type Closure = Closing | { pause: PauseReason; words: string };

/** A recipient's message, or why there is none: their address is no address, or nobody's message can be made. */
export type Made<Message> = { message: Message } | { noAddress: string } | { closure: Closure };

/** What is the same for all messages of a distribution, done. Making one of them takes microseconds. */
export interface Prepared<Message> {
  made(claimed: ClaimedMessage): Made<Message>;
}

/** What an answer means. */
export interface Reading<No extends Refusal = Refusal> {
  /** How the ledger keeps it. */
  attempt: Pick<Attempt, 'phase' | 'code' | 'enhanced' | 'queueId'>;
  /** Absent where the other side said no "no". */
  refusal: No | undefined;
  /**
   * Whom it is about where it is not the message; that keeps its try. `nobody`: nothing was asked, and there is nothing to
   * tell. `all`: the other side spoke of our name or pace.
   */
  concerns: 'nobody' | 'all' | undefined;
  /** That the way is closed to all messages of the distribution. */
  closure: Closure | undefined;
}

/** Whose messages leave, how many, and when. */
export interface Leave {
  distribution: Distribution;
  n: number;
  now: Date;
}

/**
 * What a channel is to sending. Dispatch, claims, gate and ledger are the same for all of them and know none; they look
 * up the port of the distribution's channel.
 */
export interface Port<Message extends Outgoing = Outgoing, Detail = unknown, No extends Refusal = Refusal> {
  /** The distributions that leave by it. */
  readonly name: Distribution['channel'];
  readonly channel: Channel<Message, Detail>;
  /** @returns undefined while too much else is being put together: nothing was claimed, and the sweep comes by again */
  prepared(distribution: Distribution): Promise<Prepared<Message> | undefined>;
  /** Whose providers want to be left alone: their messages wait, and nobody else's. */
  absences(distribution: Distribution): Promise<Absence[]>;
  /** Claims what may leave for reasons of the channel's own, such as a plan to warm up; `n` are wanted. */
  within(unit: Unit, leave: Leave, claim: (size: number) => Promise<ClaimedMessage[]>): Promise<ClaimedMessage[]>;
  /** So many were claimed by `within` and did not leave. */
  cameBack(unit: Unit, leave: Leave): Promise<void>;
  /** Whether the way that held a distribution may be open again. */
  isOpenAgain(distribution: Distribution): Promise<boolean>;
  /** @param outcome of this channel, but never `skipped`: that was our own doing */
  read(outcome: Outcome<Detail>): Reading<No>;
  /** In the transaction that writes the results down. */
  settled(unit: Unit, distribution: Distribution, results: readonly Result<No>[], now: Date): Promise<void>;
}

/** The ports there are. Channels bring their own, as nothing below them may know them. */
@Injectable()
export class Ports {
  private readonly known = new Map<string, Port>();

  add(port: Port): void {
    this.known.set(port.name, port);
  }

  /** @throws {Error} where nothing is sent, such as for links that are only made */
  of({ channel }: Distribution): Port {
    const port = this.known.get(channel);
    if (port === undefined) {
      throw new Error(`Nothing is sent by the channel ${channel}`);
    }
    return port;
  }
}
