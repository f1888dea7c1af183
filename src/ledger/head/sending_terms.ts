import type { SegmentTree } from '../../contacts/segments/segment_conditions.js';
import { WrongState } from '../../platform/errors.js';
import { localDate, localTime, wallInstant } from '../../platform/calendar/wall_clock.js';
import { BigIntType } from '@mikro-orm/core';
import { Following } from './following.js';
import { Embedded, Property } from '@mikro-orm/decorators/legacy';
import { Plan } from './plan.js';

const nullableId = new BigIntType('string');
const HOUR_MS = 3_600_000;
/** Where a day begins first. */
const FIRST_ZONE = 'Pacific/Kiritimati';

/** The part of a distribution that says when its mails leave: zone, hours, pace, waves, lateness, parts. */
export abstract class SendingTerms extends Following {
  /** What the segment says while the audience is not frozen; planning puts it here and it is not kept. */
  segment?: SegmentTree | undefined;

  @Embedded({ entity: () => Plan, prefix: false })
  plan = new Plan();

  @Property({ type: 'boolean' })
  lateWaived = false;

  /** Sends what the weekly limit leaves now and the rest when more is free. */
  @Property({ type: 'boolean' })
  inParts = false;

  /** Mails that planning has written so far, and those that it will. */
  @Property({ type: 'int' })
  plannedMails = 0;

  @Property({ type: 'int' })
  expectedMails = 0;

  @Property({ type: 'int' })
  wavesReleased = 0;

  @Property({ type: 'timestamptz', nullable: true })
  nextWaveAt: Date | null = null;

  /** When no further wave went because enough people had finished. */
  @Property({ type: 'timestamptz', nullable: true })
  wavesEndedAt: Date | null = null;

  /** How many got no mail for that. */
  @Property({ type: 'int' })
  wavesUnsent = 0;

  /** When planning begins, where that is before `sendAt`: recipients' local times come earlier in the east. */
  @Property({ type: 'timestamptz', nullable: true })
  planAt: Date | null = null;

  /** Time zones of the recipients, where they count. */
  @Property({ type: 'json' })
  zones: string[] = [];

  /** The division whose limit paid as well; people move. */
  @Property({ type: nullableId, nullable: true })
  divisionId: string | null = null;

  /** Takes over the hours, pace, zone and lateness of the invitation, where it has none of its own. */
  inherit({ plan, timeZone }: SendingTerms & { timeZone: string }): void {
    if (!this.ownPlan && this.plannedAt === null) {
      this.plan = plan.ofFollowUps();
      // A time by recipients' clocks is read off the clock of whoever wrote it.
      this.timeZone = this.sendAt !== null && this.plan.sendZone === 'recipient' ? this.timeZone : timeZone;
    }
  }

  /** Whether it was due so long ago that somebody should be asked before it goes out. */
  isLate(dueAt: Date, now: Date): boolean {
    const hours = this.lateWaived ? null : this.plan.lateAfterHours;
    return hours !== null && now.getTime() - dueAt.getTime() > hours * HOUR_MS;
  }

  /** The next wave leaves; the one after it comes its full distance later, however late this one is. */
  releaseWave(now: Date): void {
    this.wavesReleased += 1;
    const isLast = this.plan.waves === null || this.wavesReleased >= this.plan.waves.portions;
    this.nextWaveAt = isLast ? null : new Date(now.getTime() + (this.plan.waves?.everyHours ?? 0) * HOUR_MS);
  }

  /** Whether there are waves that were kept back because enough people had finished. */
  get hasEndedWaves(): boolean {
    return this.plan.waves !== null && this.wavesEndedAt !== null;
  }

  /** @param unsent how many get no mail because of it */
  endWaves(unsent: number, now: Date): void {
    this.nextWaveAt = null;
    this.wavesEndedAt = now;
    this.wavesUnsent = unsent;
  }

  /** The waves that were not sent go all the same, the first of them at once, however many have finished. */
  goOnWithWaves(now: Date): void {
    if (this.plan.waves === null || !this.hasEndedWaves) {
      throw new WrongState('No wave of this distribution was kept back.');
    }
    this.plan.waves = { ...this.plan.waves, untilFinished: null };
    this.wavesEndedAt = null;
    this.wavesUnsent = 0;
    this.nextWaveAt = now;
  }
}

/** When the wall clock of the schedule shows its time first anywhere: planning must be done by then. */
export function firstLocalStart({ sendAt, timeZone }: { sendAt: Date | null; timeZone: string }): Date | null {
  return sendAt === null ? null : wallInstant(localDate(sendAt, timeZone), localTime(sendAt, timeZone), FIRST_ZONE);
}
