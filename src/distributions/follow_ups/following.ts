import { BigIntType } from '@mikro-orm/core';
import { Property } from '@mikro-orm/decorators/legacy';
import { WrongState } from '../../platform/errors.js';

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
  listId: string | null;
  contactId: string | null;
  listName: string;
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

  abstract sendAt: Date | null;
  abstract status: string;
  abstract modifiedAt: Date;
  abstract audienceSize: number | null;
  abstract plannedMails: number;
  abstract plannedAt: Date | null;
  abstract sentAt: Date | null;

  /** Goes when something else has happened: no time of its own is known yet. */
  get waitsForAnother(): boolean {
    return this.atOnce || (this.afterHours !== null && this.sendAt === null);
  }

  /** What it waited for has ended: now its own time is known; one that is over already means at once. */
  setTime(at: Date, now: Date): void {
    this.sendAt = at < now ? now : at;
  }

  /** Back to a draft that is sent at once, whatever it waited for. */
  hasten(now: Date): void {
    if (this.atOnce || !['draft', 'scheduled'].includes(this.status)) {
      throw new WrongState(
        this.atOnce ? 'This one goes to each person when they have answered.' : 'It is on its way already.',
      );
    }
    this.afterHours = this.afterWhat = this.sendAt = null;
    this.status = 'draft';
    this.modifiedAt = now;
  }

  /** More people have finished, and their thank-yous are in the ledger. */
  thank(mails: number, now: Date): void {
    this.audienceSize = (this.audienceSize ?? 0) + mails;
    this.plannedMails += mails;
    this.plannedAt ??= now;
    this.sentAt ??= now;
    this.status = this.status === 'scheduled' ? 'sending' : this.status;
  }

  /** Makes it a reminder or a thank-you. */
  follow(invitation: Followed, requestType: 'Reminder' | 'ThankYou', time: FollowingTime): void {
    const { id, listId, contactId, listName, linkType, linkDays, embedded, mailboxOnly } = invitation;
    Object.assign(this, { parentId: id, listId, contactId, listName, linkType, linkDays, embedded, mailboxOnly });
    const { afterHours, afterWhat, atOnce } = time;
    Object.assign(this, { requestType, afterHours, afterWhat, atOnce });
    Object.assign(this, { skipFinished: requestType === 'Reminder' });
  }
}
