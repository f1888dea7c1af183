import { Migration } from '@mikro-orm/migrations';
import { finder, wallAround } from './brand_tables.js';

/** What receivers do with our mails, by day and domain, and how much a new From domain may send a day. */
export class Migration20261124000310_deliverability extends Migration {
  override up(): void {
    for (const statement of [...figures, ...warmUps]) {
      this.addSql(statement);
    }
  }
}

const COUNTS = ['accepted', 'deferred', 'bounced_hard', 'bounced_soft', 'complained', 'opened'];

const figures = [
  // Differences, written with what they count; a folder sums them up, so that no page counts and no row is hot.
  `CREATE TABLE deliverability_deltas (
     brand_id bigint NOT NULL REFERENCES brands, id bigint GENERATED ALWAYS AS IDENTITY,
     day date NOT NULL, from_domain text NOT NULL, to_domain text NOT NULL, name text NOT NULL, n int NOT NULL,
     PRIMARY KEY (brand_id, id))`,
  ...wallAround('deliverability_deltas'),
  // to_domain '' is the sum of the day.
  `CREATE TABLE deliverability_days (
     brand_id bigint NOT NULL REFERENCES brands, day date NOT NULL, from_domain text NOT NULL, to_domain text NOT NULL,
     ${COUNTS.map((name) => `${name} bigint NOT NULL DEFAULT 0`).join(', ')},
     PRIMARY KEY (brand_id, day, from_domain, to_domain))`,
  ...wallAround('deliverability_days'),
  ...finder(
    'find_brands_with_deliverability()',
    'TABLE (brand_id bigint)',
    { deliverability_deltas: 'brand_id, id' },
    'SELECT DISTINCT brand_id FROM (SELECT brand_id FROM deliverability_deltas LIMIT 10000) waiting',
  ),
];

const warmUps = [
  `CREATE TABLE warm_ups (
     brand_id bigint NOT NULL REFERENCES brands, from_domain text NOT NULL, is_on boolean NOT NULL, started_at timestamptz NOT NULL,
     PRIMARY KEY (brand_id, from_domain))`,
  ...wallAround('warm_ups'),
  `CREATE TABLE warm_up_days (
     brand_id bigint NOT NULL, from_domain text NOT NULL, day date NOT NULL, cap int NOT NULL, used int NOT NULL DEFAULT 0,
     -- Why the cap is what it is: first, raised, kept, halved.
     verdict text NOT NULL CHECK (verdict IN ('first', 'raised', 'kept', 'halved')),
     PRIMARY KEY (brand_id, from_domain, day), CHECK (used >= 0),
     FOREIGN KEY (brand_id, from_domain) REFERENCES warm_ups ON DELETE CASCADE)`,
  ...wallAround('warm_up_days'),
];
