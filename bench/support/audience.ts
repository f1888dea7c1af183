import pg from 'pg';
import type { Installation } from './installation.js';

/** A contact list with `count` people, written by SQL as an import would leave them. @returns its id */
export async function anAudience({ database, actor }: Installation, count: number): Promise<string> {
  const { brandId, userId } = actor;
  return database.inBrand(brandId, async (unit) => {
    const { id } = await unit.one<{ id: string }>(
      `INSERT INTO contact_lists (brand_id, owner_id, name, contact_count, created_at, modified_at)
       VALUES ($1, $2, 'People ' || $3::int, $3, now(), now()) RETURNING id`,
      [brandId, userId, count],
    );
    await unit.run(
      `WITH people AS (
         INSERT INTO contacts (brand_id, first_name, last_name, email, embedded, created_at, modified_at)
         SELECT $1, 'Person ' || n, 'Lovelace', 'person.' || n || '.' || $2::bigint || '@example' || n % 997 || '.com',
           jsonb_build_object('department', 'D' || n % 50), now(), now()
         FROM generate_series(1, $3::int) n RETURNING id)
       INSERT INTO contact_list_members (brand_id, list_id, contact_id, embedded, added_at)
       SELECT $1, $2, id, '{"wave": "1"}', now() - interval '1 minute' FROM people`,
      [brandId, id, count],
    );
    return id;
  });
}

/** Right after an import autovacuum has not been there yet; the measured work is not to pay for it by chance. */
export async function analysed({ superuserUrl }: Installation): Promise<void> {
  const owner = new pg.Client({ connectionString: superuserUrl });
  await owner.connect();
  await owner.query('VACUUM ANALYZE');
  await owner.query('CHECKPOINT');
  await owner.end();
}
