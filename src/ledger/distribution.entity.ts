import { Embedded, Entity, PrimaryKey, Property } from '@mikro-orm/decorators/legacy';
import { distributionMoves, type DistributionStatus } from './distribution_moves.js';
import { WrongState } from '../platform/errors.js';
import { Audience } from './head/audience.js';
import type { Composition, LinkType, Typed } from './composition.js';
import { Plan } from './head/plan.js';
import { Writing } from './head/writing.js';
import type { Content } from './content.js';
import { firstLocalStart, SendingTerms } from './head/sending_terms.js';

/** Lists show so much of a heading that may be of any length yet. */
const MAX_SHOWN = 500;
const DAY_MS = 86_400_000;
const FIRST_LOOK_MS = 15_000;
const LATEST_LOOK_MS = 300_000;

export type { DistributionStatus } from './distribution_moves.js';
export type { Composition, LinkType } from './composition.js';

export type RequestType = 'Invite' | 'Reminder' | 'ThankYou' | 'Email' | 'GeneratedInvite';

/** Why a distribution waits without anybody having asked for it. */
export type HoldReason = 'relay' | 'survey_paused' | 'brand_suspended' | 'week' | 'late' | 'domain';

const HOLD_CODES: Partial<Record<HoldReason, string>> = { relay: 'CVS05', late: 'CVS06', domain: 'CVS03' };

/** Its survey or its invitation is gone: no correction helps. */
const LOST: readonly string[] = ['EQD12', 'EQD14'];

const PLANNED = 'It is planned already, so its mail cannot be changed any more.';

/** What a hold says beside its words. Without a time it is looked at again at growing distances; null: not by itself. */
export interface HoldTerms {
  code?: string | undefined;
  retryAt?: Date | null | undefined;
}

/** One sending, or one generation of links. Says which steps are possible; the ledger's rows are moved by SQL. */
@Entity({ tableName: 'distributions' })
export class Distribution extends SendingTerms {
  @PrimaryKey({ type: 'bigint', autoincrement: true })
  id!: string;

  @Property({ type: 'bigint' })
  brandId!: string;

  @Property({ type: 'bigint' })
  surveyId!: string;

  @Property({ type: 'bigint' })
  ownerId!: string;

  @Property({ type: 'text' })
  channel: 'email' | 'gl' = 'email';

  @Property({ type: 'text' })
  requestType: RequestType = 'Invite';

  @Property({ type: 'text' })
  name = '';

  @Embedded({ entity: () => Audience, prefix: false })
  audience = new Audience();

  @Property({ type: 'text' })
  linkType: LinkType = 'Individual';

  @Property({ type: 'int' })
  linkDays = 60;

  @Property({ type: 'timestamptz', nullable: true })
  linkExpiresAt: Date | null = null;

  /** What it says, always loaded with it: its channel maps it to a table of its own. Null where nothing is sent. */
  content: Content | null = null;

  @Embedded({ entity: () => Writing, prefix: false })
  writing = new Writing();

  /** Of its content, for lists. */
  @Property({ type: 'text' })
  heading = '';

  @Property({ type: 'text', nullable: true })
  contentKey: string | null = null;

  @Property({ type: 'json' })
  embedded: Record<string, string> = {};

  @Property({ type: 'boolean' })
  skipFinished = true;

  @Property({ type: 'text' })
  status: DistributionStatus = 'draft';

  @Property({ type: 'text', nullable: true })
  heldFrom: DistributionStatus | null = null;

  @Property({ type: 'text', nullable: true })
  heldReason: HoldReason | null = null;

  @Property({ type: 'timestamptz', nullable: true })
  heldAt: Date | null = null;

  @Property({ type: 'timestamptz', nullable: true })
  retryAt: Date | null = null;

  @Property({ type: 'text', nullable: true })
  errorCode: string | null = null;

  @Property({ type: 'text', nullable: true })
  errorText: string | null = null;

  @Property({ type: 'boolean' })
  mailboxOnly = false;

  @Property({ type: 'timestamptz', nullable: true })
  sendAt: Date | null = null;

  @Property({ type: 'text' })
  timeZone = 'UTC';

  @Property({ type: 'int', nullable: true })
  audienceSize: number | null = null;

  @Property({ type: 'int' })
  reserved = 0;

  @Property({ type: 'timestamptz', nullable: true })
  reservedHour: Date | null = null;

  @Property({ type: 'timestamptz', nullable: true })
  frozenAt: Date | null = null;

  @Property({ type: 'bigint' })
  plannedThrough = '0';

  @Property({ type: 'timestamptz' })
  createdAt!: Date;

  @Property({ type: 'timestamptz' })
  modifiedAt!: Date;

  @Property({ type: 'timestamptz', nullable: true })
  plannedAt: Date | null = null;

  @Property({ type: 'timestamptz', nullable: true })
  sentAt: Date | null = null;

  @Property({ type: 'timestamptz', nullable: true })
  finishedAt: Date | null = null;

  @Property({ type: 'timestamptz', nullable: true })
  deletedAt: Date | null = null;

  /** Whose weekly limits pay. */
  get payer(): { brandId: string; userId: string; divisionId: string | null } {
    return { brandId: this.brandId, userId: this.ownerId, divisionId: this.divisionId };
  }

  get isDraft(): boolean {
    return this.status === 'draft';
  }

  /** Whether mails may still go out. */
  get isOpen(): boolean {
    return distributionMoves.from('cancelled').includes(this.status);
  }

  get canPause(): boolean {
    return this.isUnderWay || (this.status === 'held' && this.heldFrom === 'sending');
  }

  get canCancel(): boolean {
    return this.isOpen;
  }

  /** Failed before anything was planned: its author may correct it and send it again. */
  get canReopen(): boolean {
    return this.status === 'failed' && this.plannedAt === null && !LOST.includes(this.errorCode ?? '');
  }

  get canRetryFailed(): boolean {
    return this.channel === 'email' && (this.status === 'sending' || this.status === 'done');
  }

  /** Takes what its author wrote; only before planning. */
  compose(words: Composition, now: Date): void {
    this.mustBe(this.plannedAt === null ? distributionMoves.from('written') : [], PLANNED);
    this.take(words);
    this.status = distributionMoves.made(this.status, 'written', 'draft');
    this.writing.revised(null);
    this.modifiedAt = now;
  }

  /** What was written, wherever it is on its way: for what nobody keeps. */
  take({ listId, contactId, segmentId, sample = this.audience.sample, listName, ...words }: Composition): void {
    const { plan = this.plan, content, ...terms } = words;
    Object.assign(this, terms);
    this.audience = Audience.of({ listId, contactId, segmentId, sample, listName });
    this.plan = Plan.of(plan);
    if (content !== undefined) {
      this.content?.write(content);
    }
    this.showContent();
  }

  /** Keeps what stands in its author's form although it can't be sent like that; lists show its name and heading. */
  keepTyped({ typed, heading }: Typed, now: Date): void {
    if (!this.isDraft) {
      throw new WrongState('It is no draft any more.');
    }
    Object.assign(this, { name: typed.name, modifiedAt: now });
    if (this.content) {
      this.content.heading = heading.slice(0, MAX_SHOWN);
    }
    this.showContent();
    this.writing.revised(typed);
  }

  /** From now on the timetable sends it when `sendAt` has come; none, or one in the past, means at once. */
  schedule(now: Date): void {
    this.mustBe(distributionMoves.from('scheduled'), 'Only a draft can be sent.');
    if (!this.waitsForAnother) {
      this.sendAt = this.sendAt === null || this.sendAt < now ? now : this.sendAt;
    }
    this.planAt = this.plan.sendZone === 'recipient' ? firstLocalStart(this) : null;
    this.status = distributionMoves.made(this.status, 'scheduled', 'scheduled');
    this.lateWaived = false;
    this.errorCode = this.errorText = null;
    this.modifiedAt = now;
  }

  /** The audience is frozen, its allowance is reserved: the ledger may be written. */
  startPlanning(reservation: { count: number; hour: Date; mails?: number }, now: Date): void {
    this.mustBe(distributionMoves.from('planned'), 'It is planned already.');
    this.sendAt ??= now;
    this.reserved = reservation.count;
    this.reservedHour = reservation.hour;
    this.expectedMails = reservation.mails ?? 0;
    this.frozenAt = now;
    if (this.parentId === null) {
      this.linkExpiresAt ??= new Date(now.getTime() + this.linkDays * DAY_MS);
    }
    this.status = distributionMoves.made(this.status, 'planned', 'planning');
    this.modifiedAt = now;
  }

  startSending(audienceSize: number, now: Date): void {
    this.mustBe(distributionMoves.from('sent'), 'It is not being planned.');
    this.audienceSize = audienceSize;
    this.plannedAt = now;
    this.sentAt = now;
    this.status = distributionMoves.made(this.status, 'sent', 'sending');
  }

  /** Its links are made; nothing is sent. */
  markGenerated(audienceSize: number, now: Date): void {
    this.mustBe(distributionMoves.from('generated'), 'It is not being planned.');
    this.audienceSize = audienceSize;
    this.plannedAt = now;
    this.finishedAt = now;
    this.status = distributionMoves.made(this.status, 'generated', 'generated');
  }

  finish(now: Date): void {
    this.mustBe(distributionMoves.from('finished'), 'It is not being sent.');
    if (!this.awaitsLatecomers) {
      this.status = distributionMoves.made(this.status, 'finished', this.awaitsTurns ? 'scheduled' : 'done');
      this.finishedAt = this.awaitsTurns ? null : now;
    }
  }

  /** Opened again because messages of it were queued once more. */
  resend(): void {
    this.mustBe(distributionMoves.from('resent'), 'Only a distribution that was sent can be tried again.');
    this.status = distributionMoves.made(this.status, 'resent', 'sending');
    this.finishedAt = null;
  }

  /** Waits for something outside to change; looked at again by the clock, at growing distances unless it says when. */
  hold(reason: HoldReason, words: string, now: Date, { code, retryAt }: HoldTerms = {}): void {
    this.mustBe(distributionMoves.from('held'), 'It is not on its way.');
    if (this.status !== 'held') {
      this.heldFrom = this.status;
      this.heldAt = now;
      this.status = distributionMoves.made(this.status, 'held', 'held');
    }
    this.heldReason = reason;
    this.errorText = words;
    this.errorCode = code ?? HOLD_CODES[reason] ?? null;
    const waited = now.getTime() - (this.heldAt ?? now).getTime();
    const growing = new Date(now.getTime() + Math.min(LATEST_LOOK_MS, Math.max(FIRST_LOOK_MS, waited / 4)));
    this.retryAt = retryAt === undefined ? growing : retryAt;
  }

  get isHeldForLateness(): boolean {
    return this.status === 'held' && this.heldReason === 'late';
  }

  /** Somebody wants it to go out although it is late. */
  sendLate(): void {
    if (!this.isHeldForLateness) {
      throw new WrongState('Nobody is asked whether this may be late.');
    }
    this.lateWaived = true;
    this.goOn();
  }

  release(): void {
    this.mustBe(['held'], 'It is not held.');
    this.lateWaived ||= this.heldReason === 'week'; // it was to wait for that
    this.goOn();
  }

  pause(now: Date): void {
    if (!this.canPause) {
      throw new WrongState('Only a distribution that is being sent can be paused.');
    }
    this.heldFrom = 'sending';
    this.heldAt = now;
    this.heldReason = null;
    this.errorCode = this.errorText = null;
    this.retryAt = null;
    this.status = distributionMoves.made(this.status, 'paused', 'paused');
  }

  /** A wave or a round that came due meanwhile is not late: somebody wanted it to wait. */
  resume(now: Date): void {
    this.mustBe(['paused'], 'This distribution is not paused.');
    this.nextWaveAt = this.nextWaveAt === null || this.nextWaveAt > now ? this.nextWaveAt : now;
    this.resumeRounds(now);
    this.goOn();
  }

  cancel(now: Date): void {
    if (!this.canCancel) {
      throw new WrongState('There is nothing left to cancel: this distribution is not on its way.');
    }
    this.status = distributionMoves.made(this.status, 'cancelled', 'cancelled');
    this.retryAt = null;
    this.finishedAt = now;
  }

  fail(code: string, words: string, now: Date): void {
    this.mustBe(distributionMoves.from('failed'), 'It is not on its way.');
    this.status = distributionMoves.made(this.status, 'failed', 'failed');
    this.errorCode = code;
    this.errorText = words;
    this.retryAt = null;
    this.finishedAt = now;
  }

  /** Back to a draft after a failure, its reason kept on show until it is sent again. */
  reopen(now: Date): void {
    if (!this.canReopen) {
      throw new WrongState('Only a distribution that failed before it was planned can be edited again.');
    }
    this.status = distributionMoves.made(this.status, 'reopened', 'draft');
    this.finishedAt = null;
    this.modifiedAt = now;
  }

  /** Hides it; what was sent stays in the figures. */
  remove(now: Date): void {
    if (this.isOpen) {
      this.cancel(now);
    }
    this.deletedAt = now;
  }

  /** What others know of the content without reading it. */
  private showContent(): void {
    this.heading = this.content?.heading ?? '';
    this.contentKey = this.content?.key ?? null;
  }

  private goOn(): void {
    this.status = distributionMoves.made(this.status, 'wentOn', this.heldFrom ?? 'sending');
    this.heldFrom = this.heldReason = this.heldAt = this.retryAt = null;
    this.errorCode = this.errorText = null;
  }

  private mustBe(allowed: readonly DistributionStatus[], refusal: string): void {
    if (!allowed.includes(this.status)) {
      throw new WrongState(refusal);
    }
  }
}
