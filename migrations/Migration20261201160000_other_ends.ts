import { Migration } from '@mikro-orm/migrations';

/**
 * Ends of a walk that are no finish: screened out, quota full, session expired. Rows of before keep what they say, and new
 * columns start empty, so that no row is written anew; the check of the outbox, whose rows last seconds, is read through.
 */
export class Migration20261201160000_other_ends extends Migration {
  override up(): void {
    for (const statement of statements) {
      this.addSql(statement);
    }
  }
}

const COUNTED = 'bounced complained opened started partial finished opted_out screened_out quota_full session_expired';
const names = COUNTED.split(' ');
const dates = names.map((name) => `${name}_at`).join(', ');

const statements = [
  `ALTER TABLE messages ADD COLUMN screened_out_at timestamptz, ADD COLUMN quota_full_at timestamptz,
     ADD COLUMN session_expired_at timestamptz`,
  `ALTER TABLE response_outbox DROP CONSTRAINT response_outbox_kind_check`,
  `ALTER TABLE response_outbox ADD CONSTRAINT response_outbox_kind_check CHECK (kind IN ('started', 'partial', 'finished', 'opened',
     'screened_out', 'quota_full', 'session_expired'))`,
  // Whether a thank-you also goes to people who were screened out or came after a quota was full.
  `ALTER TABLE distributions ADD COLUMN thanks_turned_away boolean NOT NULL DEFAULT false`,
  `CREATE OR REPLACE FUNCTION tally_messages() RETURNS trigger LANGUAGE plpgsql AS $$
   BEGIN
     IF TG_OP = 'INSERT' THEN
       INSERT INTO distribution_tally_deltas (brand_id, distribution_id, name, n)
       SELECT brand_id, distribution_id, state, count(*) FROM new_rows GROUP BY 1, 2, 3;
     ELSE
       INSERT INTO distribution_tally_deltas (brand_id, distribution_id, name, n)
       SELECT brand_id, distribution_id, v.name, sum(v.n) FROM (
         SELECT brand_id, distribution_id, state, sum(way) AS n,
           ${names.map((name) => `sum(way * (${name}_at IS NOT NULL)::int) AS ${name}`).join(', ')}
         FROM (
           SELECT 1 AS way, brand_id, distribution_id, state, ${dates} FROM new_rows
           UNION ALL
           SELECT -1, brand_id, distribution_id, state, ${dates} FROM old_rows) both_sides
         GROUP BY 1, 2, 3) counted
       CROSS JOIN LATERAL (VALUES (state, n), ${names.map((name) => `('${name}', ${name})`).join(', ')}) AS v (name, n)
       WHERE v.n <> 0 GROUP BY 1, 2, 3 HAVING sum(v.n) <> 0;
     END IF;
     RETURN NULL;
   END $$`,
];
