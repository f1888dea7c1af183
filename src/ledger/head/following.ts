import { distributionMoves, type DistributionStatus } from '../distribution_moves.js';
import { BigIntType } from '@mikro-orm/core';
import { Property } from '@mikro-orm/decorators/legacy';
import { WrongState } from '../../platform/errors.js';
import type { Audience } from './audience.js';

/** Where the clocks of recipients count, it is looked again so often who has come. */
const LOOK_MS = 1_800_000;
/** Codes of a failure that only says that the invitation had nobody: it reached none of them, or was not sent. */
const NOBODY: readonly string[] = ['CVS04', 'EQD16'];
/** In which more people may join. */
const TAKES_AGAIN: readonly string[] = ['done', 'sending', 'held', 'paused'];

/** What the time of a reminder or a thank-you is counted from. */
export type AfterWhat = 'invitation' | 'last_reminder';

/** When a reminder or a thank-you goes that has no time of its own. */
export interface FollowingTime {
  afterHours: number | null;
  afterWhat: AfterWhat | null;
  atOnce: boolean;
}

/** What a follow-up takes over: its people and their links are those of the invitation. */
interface Followed {
  id: string;
  audience: Audience;
  linkType: string;
  linkDays: number;
  embedded: Record<string, string>;
  mailboxOnly: boolean;
}

/** The part of a distribution that says what it follows, and when. */
export abstract class Following implements FollowingTime {
  /** The invitation that a reminder or a thank-you belongs to. */
  @Property({ type: new BigIntType('string'), nullable: true })
  parentId: string | null = null;

  /** Goes so many hours after what `afterWhat` names has ended. */
  @Property({ type: 'int', nullable: true })
  afterHours: number | null = null;

  @Property({ type: 'text', nullable: true })
  afterWhat: AfterWhat | null = null;

  /** A thank-you that goes to each person when their response is recorded. */
  @Property({ type: 'boolean' })
  atOnce = false;

  /** A thank-you that also goes to people who were screened out or came after a quota was full. */
  @Property({ type: 'boolean' })
  thanksTurnedAway = false;

  /** When somebody's days are over next, or it is to be looked again; null: not looked yet. */
  @Property({ type: 'timestamptz', nullable: true })
  nextRoundAt: Date | null = null;

  /** Whether more people may come whose days are not over. */
  @Property({ type: 'boolean' })
  takesMore = true;

  /** Whether hours, pace, zone and lateness are its own and not those of the invitation. */
  @Property({ type: 'boolean' })
  ownPlan = false;

  abstract sendAt: Date | null;
  abstract plan: { waves: object | null };
  abstract audience: Audience;
  abstract status: DistributionStatus;
  abstract errorCode: string | null;
  abstract errorText: string | null;
  abstract requestType: string;
  abstract timeZone: string;
  abstract modifiedAt: Date;
  abstract audienceSize: number | null;
  abstract plannedMails: number;
  abstract plannedAt: Date | null;
  abstract sentAt: Date | null;
  abstract finishedAt: Date | null;

  /** Has no time of its own: it goes to each person at theirs. */
  get waitsForAnother(): boolean {
    return this.atOnce || this.isPerPerson;
  }

  /** Whether it goes to each person so many days after their own mail. */
  get isPerPerson(): boolean {
    return this.afterHours !== null && this.sendAt === null;
  }

  /** Whether the time of a mail tells when its recipient has finished. */
  get tellsFinishing(): boolean {
    return this.atOnce || (this.isPerPerson && this.requestType === 'ThankYou');
  }

  /** Some have it, and it waits for the others. */
  get isBetweenRounds(): boolean {
    return this.waitsForAnother && this.status === 'scheduled' && this.sentAt !== null;
  }

  /** Being sent, or between two rounds of that. */
  get isUnderWay(): boolean {
    return this.status === 'sending' || this.isBetweenRounds;
  }

  /** Waits for the next people whose turn it is. */
  protected get awaitsTurns(): boolean {
    return this.atOnce || (this.isPerPerson && this.takesMore);
  }

  /** Looked through: the next time is then. */
  waitUntil(at: Date): void {
    this.nextRoundAt = at;
  }

  /** Has a time of its own, and people may still join it before the first mails of their zone leave. */
  protected get awaitsLatecomers(): boolean {
    return !this.waitsForAnother && this.nextRoundAt !== null;
  }

  /** On its way without anybody: it looks for people until its first mails would leave. */
  get waitsForPeople(): boolean {
    return this.awaitsLatecomers && this.status === 'sending' && this.plannedMails === 0;
  }

  /** @param leaves when the first mails leave in each zone; nobody joins what leaves in waves, which are of fixed sizes */
  awaitLatecomers(leaves: readonly { at: Date }[], now: Date): void {
    const coming = leaves.map(({ at }) => at.getTime()).filter((at) => at > now.getTime());
    const isAwaited = this.plan.waves === null && coming.length > 0;
    // Who comes may be the first of a zone.
    const latest = leaves.length === 1 ? Infinity : now.getTime() + LOOK_MS;
    this.nextRoundAt = isAwaited ? new Date(Math.min(latest, ...coming)) : null;
  }

  /** Somebody wanted a round that came due meanwhile to wait. */
  protected resumeRounds(now: Date): void {
    this.nextRoundAt = this.nextRoundAt === null || this.nextRoundAt > now ? this.nextRoundAt : now;
  }

  /** Everybody has had their turn; what is under way still ends. */
  takeNoMore(now: Date): void {
    this.takesMore = false;
    this.nextRoundAt = null;
    if (this.status === 'scheduled') {
      this.status = distributionMoves.made(this.status, 'turnsEnded', 'done');
      this.finishedAt = now;
    }
  }

  /** Failed because its invitation had reached nobody for it, or was not sent. Nobody has stopped it, so it can go on. */
  get hadNobody(): boolean {
    return this.parentId !== null && this.status === 'failed' && NOBODY.includes(this.errorCode ?? '');
  }

  /**
   * The invitation goes out to further people: their days are counted as well.
   * @returns false where it takes them anyway, or nobody any more
   */
  takeMore(): boolean {
    const isOver = !this.takesMore && TAKES_AGAIN.includes(this.status);
    if (!isOver && !this.hadNobody) {
      return false;
    }
    this.takesMore = true;
    this.nextRoundAt = null;
    this.comeAlive('scheduled');
    return true;
  }

  /** The same with a time of its own, whose first mails are still to leave. */
  lookForLatecomers(now: Date): boolean {
    const isPlanned = this.plannedAt !== null && TAKES_AGAIN.includes(this.status);
    if (!isPlanned && !this.hadNobody) {
      return false;
    }
    this.nextRoundAt = this.plannedAt === null ? null : now;
    this.comeAlive(this.plannedAt === null ? 'scheduled' : 'sending');
    return true;
  }

  /** Looked for people until its mails would have left, and there were none: nothing of it was sent. */
  withdraw(): void {
    this.nextRoundAt = this.sentAt = null;
    if (this.audienceSize === 0) {
      this.plannedAt = this.audienceSize = null; // nothing was written, so it can be corrected
    }
  }

  private comeAlive(status: 'scheduled' | 'sending'): void {
    if (distributionMoves.from('awakened').includes(this.status)) {
      this.status = distributionMoves.made(this.status, 'awakened', status);
      this.finishedAt = this.errorCode = this.errorText = null;
    }
  }

  /** Back to a draft that is sent at once, whatever it waited for. */
  hasten(now: Date): void {
    if (this.atOnce || this.plannedAt !== null || !distributionMoves.from('hastened').includes(this.status)) {
      throw new WrongState(
        this.atOnce ? 'This one goes to each person when they have answered.' : 'It is on its way already.',
      );
    }
    this.afterHours = this.afterWhat = this.sendAt = null;
    this.status = distributionMoves.made(this.status, 'hastened', 'draft');
    this.modifiedAt = now;
  }

  /** More people have had their turn, and their mails are in the ledger. */
  add({ looked, mails }: { looked: number; mails: number }, now: Date): void {
    this.audienceSize = (this.audienceSize ?? 0) + looked;
    this.plannedMails += mails;
    this.plannedAt ??= now;
    if (mails > 0) {
      this.sentAt ??= now;
      if (this.status === 'scheduled') {
        this.status = distributionMoves.made(this.status, 'joined', 'sending');
      }
    }
  }

  /** Makes it a reminder or a thank-you. */
  follow(invitation: Followed, requestType: 'Reminder' | 'ThankYou', time: FollowingTime): void {
    const { id, audience, linkType, linkDays, embedded, mailboxOnly } = invitation;
    const { listId, contactId, listName } = audience;
    Object.assign(this, { parentId: id, linkType, linkDays, embedded, mailboxOnly });
    Object.assign(this.audience, { listId, contactId, listName });
    const { afterHours, afterWhat, atOnce } = time;
    Object.assign(this, { requestType, afterHours, afterWhat, atOnce });
    Object.assign(this, { skipFinished: requestType === 'Reminder' });
  }
}
