import { Migration } from '@mikro-orm/migrations';

/**
 * Counters of distributions without a join. The trigger's plan is kept from its first small statement, so that joining
 * old and new rows became a loop over all pairs: 100 claimed messages were compared 10,000 times, and cancelling a
 * million would not have ended. What is new is added and what was old is taken away, each row looked at once.
 */
export class Migration20261123001080_tallies_in_one_pass extends Migration {
  override up(): void {
    this.addSql(`CREATE OR REPLACE FUNCTION tally_messages() RETURNS trigger LANGUAGE plpgsql AS $$
      BEGIN
        IF TG_OP = 'INSERT' THEN
          INSERT INTO distribution_tally_deltas (brand_id, distribution_id, name, n)
          SELECT brand_id, distribution_id, state, count(*) FROM new_rows GROUP BY 1, 2, 3;
        ELSE
          INSERT INTO distribution_tally_deltas (brand_id, distribution_id, name, n)
          SELECT brand_id, distribution_id, v.name, sum(v.n) FROM (
            SELECT brand_id, distribution_id, state, sum(way) AS n,
              sum(way * (bounced_at IS NOT NULL)::int) AS bounced, sum(way * (complained_at IS NOT NULL)::int) AS complained,
              sum(way * (opened_at IS NOT NULL)::int) AS opened, sum(way * (started_at IS NOT NULL)::int) AS started,
              sum(way * (partial_at IS NOT NULL)::int) AS partial, sum(way * (finished_at IS NOT NULL)::int) AS finished,
              sum(way * (opted_out_at IS NOT NULL)::int) AS opted_out
            FROM (
              SELECT 1 AS way, brand_id, distribution_id, state, bounced_at, complained_at, opened_at, started_at, partial_at,
                finished_at, opted_out_at FROM new_rows
              UNION ALL
              SELECT -1, brand_id, distribution_id, state, bounced_at, complained_at, opened_at, started_at, partial_at,
                finished_at, opted_out_at FROM old_rows) both_sides
            GROUP BY 1, 2, 3) counted
          CROSS JOIN LATERAL (VALUES (state, n), ('bounced', bounced), ('complained', complained), ('opened', opened),
            ('started', started), ('partial', partial), ('finished', finished), ('opted_out', opted_out)) AS v (name, n)
          WHERE v.n <> 0 GROUP BY 1, 2, 3 HAVING sum(v.n) <> 0;
        END IF;
        RETURN NULL;
      END $$`);
  }
}
