import { Migration } from '@mikro-orm/migrations';
import { wallAround } from './brand_tables.js';

/** When mails go out: schedules by zone, windows, pace, waves, lateness; and what happens by the clock only once. */
export class Migration20261124000400_sending_plans extends Migration {
  override up(): void {
    for (const statement of [...occurrences, ...distributions, ...messages, ...brands]) {
      this.addSql(statement);
    }
  }
}

const occurrences = [
  // Whoever inserts the row does what is due; everybody else finds it taken.
  `CREATE TABLE occurrences (
     brand_id bigint NOT NULL REFERENCES brands, schedule text NOT NULL, occurrence timestamptz NOT NULL,
     PRIMARY KEY (brand_id, schedule, occurrence))`,
  ...wallAround('occurrences'),
];

const distributions = [
  `ALTER TABLE distributions
     ADD COLUMN send_zone text NOT NULL DEFAULT 'author' CHECK (send_zone IN ('author', 'recipient')),
     ADD COLUMN sending_window jsonb, ADD COLUMN pace jsonb, ADD COLUMN waves jsonb,
     -- Null: always, however late.
     ADD COLUMN late_after_hours int DEFAULT 6 CHECK (late_after_hours BETWEEN 1 AND 8760),
     ADD COLUMN duplicates text NOT NULL DEFAULT 'first' CHECK (duplicates IN ('first', 'all')),
     -- Somebody has said that it may be late, or waiting for the weekly limit made it late.
     ADD COLUMN late_waived boolean NOT NULL DEFAULT false,
     -- Sends what the weekly limit leaves now, and the rest when more is free.
     ADD COLUMN in_parts boolean NOT NULL DEFAULT false,
     ADD COLUMN planned_mails int NOT NULL DEFAULT 0, ADD COLUMN expected_mails int NOT NULL DEFAULT 0,
     ADD COLUMN waves_released int NOT NULL DEFAULT 0, ADD COLUMN next_wave_at timestamptz,
     -- The pace at the claim: when the next mail may leave.
     ADD COLUMN paced_until timestamptz`,
  `CREATE INDEX distributions_waves ON distributions (next_wave_at) WHERE status = 'sending' AND next_wave_at IS NOT NULL`,
];

const messages = [
  // A queued message without a time waits: for its wave, or for its share of the weekly limit (then without reserved_hour).
  `ALTER TABLE messages ADD COLUMN wave smallint, ADD COLUMN zone text`,
];

const brands = [
  `ALTER TABLE brands
     -- Days on which distributions with sending hours send nothing.
     ADD COLUMN holidays text[] NOT NULL DEFAULT '{}',
     -- Mails to more people than this are confirmed by typing their number.
     ADD COLUMN confirm_above int NOT NULL DEFAULT 1000 CHECK (confirm_above >= 0)`,
];
