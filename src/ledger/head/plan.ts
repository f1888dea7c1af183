import { Embeddable, Property } from '@mikro-orm/decorators/legacy';
import {
  LATE_AFTER_HOURS,
  type Pace,
  type SendingPlan,
  type SendingWindow,
  type Waves,
  type ZoneOf,
} from '../sending_plan.js';

/** When the mails of a distribution leave, as its row holds it. */
@Embeddable()
export class Plan implements SendingPlan {
  @Property({ type: 'text' })
  sendZone: ZoneOf = 'author';

  @Property({ type: 'json', nullable: true, fieldName: 'sending_window' })
  window: SendingWindow | null = null;

  @Property({ type: 'json', nullable: true })
  pace: Pace | null = null;

  @Property({ type: 'json', nullable: true })
  waves: Waves | null = null;

  @Property({ type: 'int', nullable: true })
  lateAfterHours: number | null = LATE_AFTER_HOURS;

  @Property({ type: 'text' })
  duplicates: 'first' | 'all' = 'first';

  static of({ sendZone, window, pace, waves, lateAfterHours, duplicates }: SendingPlan): Plan {
    return Object.assign(new Plan(), { sendZone, window, pace, waves, lateAfterHours, duplicates });
  }

  /** That of what follows, which goes in no waves. */
  ofFollowUps(): Plan {
    const { sendZone, window, pace, lateAfterHours } = this;
    return Plan.of({ sendZone, window, pace, lateAfterHours, waves: null, duplicates: 'first' });
  }

  /** Whether anything but a server's patience keeps mails apart. */
  get isTimed(): boolean {
    return this.pace !== null || this.waves !== null || this.window !== null || this.sendZone === 'recipient';
  }
}
