import { MikroORM } from '@mikro-orm/postgresql';
import pg from 'pg';
import { ormOptions } from '../../src/platform/db/orm.js';
import { bareDatabase, type TestDatabase } from '../database.js';

/** Any: what ended before is old. */
const NOW = `timestamptz '2026-12-01T12:00:00Z'`;

/** The last that ran before any of those that change rows behind the walls. */
const BEFORE = 'Migration20261201031000_public_list_names';

describe('An upgrade of an installation with rows', () => {
  let database: TestDatabase;
  let sql: pg.Client;
  beforeAll(async () => {
    database = await bareDatabase();
    sql = new pg.Client({ connectionString: database.superuserUrl });
    await sql.connect();
  });
  afterAll(async () => {
    await sql.end();
    await database.drop();
  });

  /** As the product does: by the owner of the tables, who is no superuser. */
  async function migrate(to?: string): Promise<void> {
    const orm = await MikroORM.init(ormOptions(database.url, { size: 2, patienceMs: 10_000 }));
    try {
      await orm.migrator.up(to === undefined ? {} : { to });
    } finally {
      await orm.close(true);
    }
  }

  const rows = async (query: string): Promise<unknown[]> => (await sql.query<object>(query)).rows.map(Object.values);

  it('changes what migrations mean to change, and tells nobody of what ended long before there were notices', async () => {
    await migrate(BEFORE);
    await sql.query(OLD_ROWS);
    await migrate();
    expect(await rows('SELECT time_zone FROM contacts')).toEqual([['Europe/Kyiv']]);
    expect(await rows('SELECT has_own_zone FROM users')).toEqual([[true]]);
    expect(await rows(`SELECT bounce_type FROM messages`)).toEqual([['hard']]);
    expect(await rows(`SELECT name, own_plan FROM distributions WHERE parent_id IS NOT NULL`)).toEqual([
      ['Reminder', true],
    ]);
    const news = await rows(
      `SELECT d.name FROM find_distributions_with_news(${NOW}) n JOIN distributions d ON d.id = n.distribution_id`,
    );
    expect(news).toEqual([['Waits']]);
  });
});

/** Two mails that ended a day ago, one that waits, a reminder with a plan of its own, a refused mail, zones of before. */
const OLD_ROWS = `
  INSERT INTO brands (name, slug, created_at) VALUES ('Acme', 'acme', ${NOW});
  INSERT INTO user_types (brand_id, name, permissions, created_at) SELECT id, 'All', '{}', ${NOW} FROM brands;
  INSERT INTO users (brand_id, email, user_type_id, time_zone, status, created_at)
    SELECT brand_id, 'ada@acme.example', id, 'Europe/Berlin', 'active', ${NOW} - interval '9 days' FROM user_types;
  INSERT INTO surveys (brand_id, owner_id, name, draft, created_at, modified_at) SELECT brand_id, id, 'Pulse', '{}', ${NOW}, ${NOW} FROM users;
  INSERT INTO contacts (brand_id, email, time_zone, created_at, modified_at)
    SELECT id, 'grace@example.com', 'Europe/Kiev', ${NOW}, ${NOW} FROM brands;
  INSERT INTO distributions (brand_id, survey_id, owner_id, channel, request_type, name, link_type, status, finished_at, held_at,
      held_from, held_reason, created_at, modified_at)
    SELECT brand_id, id, owner_id, 'email', 'Invite', initcap(s), 'Individual', CASE s WHEN 'waits' THEN 'held' ELSE s END,
      CASE WHEN s <> 'waits' THEN ${NOW} - interval '1 day' END, CASE s WHEN 'waits' THEN ${NOW} - interval '1 day' END,
      CASE s WHEN 'waits' THEN 'sending' END, CASE s WHEN 'waits' THEN 'late' END, ${NOW} - interval '2 days', ${NOW} - interval '1 day'
    FROM surveys, unnest('{done,failed,waits}'::text[]) s;
  INSERT INTO distributions (brand_id, survey_id, owner_id, parent_id, channel, request_type, name, link_type, status, send_at,
      created_at, modified_at)
    SELECT brand_id, survey_id, owner_id, id, 'email', 'Reminder', 'Reminder', 'Individual', 'scheduled', ${NOW} + interval '1 day',
      ${NOW} - interval '2 days', ${NOW} - interval '2 days' FROM distributions WHERE status = 'done';
  INSERT INTO messages (brand_id, distribution_id, survey_id, recipient, address, state, reason, last_code, final_at)
    SELECT brand_id, id, survey_id, '{}', 'x@example.com', 'failed', 'refused', 550, ${NOW} - interval '1 day'
    FROM distributions WHERE status = 'done'`;
