import { readFile } from 'node:fs/promises';
import { MikroORM } from '@mikro-orm/postgresql';
import pg from 'pg';
import { ormOptions } from '../../src/platform/db/orm.js';
import { bareDatabase, type TestDatabase } from '../database.js';

/** Any: what ended before is old. */
const NOW = `timestamptz '2026-12-01T12:00:00Z'`;

/** The last that ran before any of those that change rows behind the walls. */
const BEFORE = 'Migration20261201031000_public_list_names';

/** As the product does: by the owner of the tables, who is no superuser. */
async function migrated({ url }: TestDatabase, to?: string): Promise<void> {
  const orm = await MikroORM.init(ormOptions(url, { size: 2, patienceMs: 10_000 }));
  try {
    await orm.migrator.up(to === undefined ? {} : { to });
  } finally {
    await orm.close(true);
  }
}

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

  const rows = async (query: string): Promise<unknown[]> => (await sql.query<object>(query)).rows.map(Object.values);

  it('changes what migrations mean to change, and tells nobody of what ended long before there were notices', async () => {
    await migrated(database, BEFORE);
    await sql.query(OLD_ROWS);
    await migrated(database);
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

/** Rows of a table, the keys of each in one order. */
type Rows = Record<string, unknown>[];

describe('An upgrade that gives what mails say a table of its own', () => {
  let database: TestDatabase;
  let sql: pg.Client;
  let before: Map<string, Rows>;
  let after: Map<string, Rows>;
  beforeAll(async () => {
    database = await bareDatabase();
    sql = new pg.Client({ connectionString: database.superuserUrl });
    await sql.connect();
    await migrated(database, 'Migration20261201170500_any_channel');
    // As `test/platform/upgrade/old_rows.ts` wrote them then; triggers have counted them already.
    const rows = await readFile('test/platform/upgrade/rows_before_mail_contents.sql', 'utf8');
    await sql.query(`BEGIN; SET LOCAL session_replication_role = replica; ${rows} ${MORE_WORDS} COMMIT;`);
    before = await everyRow(sql);
    await migrated(database);
    after = await everyRow(sql);
  });
  afterAll(async () => {
    await sql.end();
    await database.drop();
  });

  it('keeps every row of other tables as it was, figures and all', () => {
    const tables = [...before.keys()].filter((name) => name !== 'distributions');
    expect(tables).toEqual(expect.arrayContaining(['messages', 'distribution_tallies', 'send_buckets', 'links']));
    for (const name of tables) {
      expect([name, after.get(name)]).toEqual([name, before.get(name)]);
    }
  });

  it('leaves in the row of a distribution all but what it says', () => {
    const kept = before.get('distributions')!.map((row) => ({ ...without(row, MOVED), heading: row['subject'] }));
    expect(after.get('distributions')!.map((row) => without(row, ['content_key']))).toEqual(
      kept.map((row) => without(row, ['content_key'])),
    );
  });

  it('says the same for each mail, and nothing for links that were only made', () => {
    const mails = before.get('distributions')!.filter(({ channel }) => channel === 'email');
    expect(mails.map(({ name }) => name)).toContain('Not yet');
    expect(after.get('mail_contents')).toEqual(
      mails.map(({ id, brand_id, ...row }) => ({ brand_id, distribution_id: id, ...only(row, MOVED) })),
    );
    const keys = after.get('distributions')!.map(({ content_key }) => content_key);
    expect(keys).toEqual(before.get('distributions')!.map(({ content_key }) => content_key));
  });
});

/** What was a mail's in the row of its distribution. */
const MOVED =
  'from_name from_email reply_to subject preheader body_html body_text language versions design counts_opens library_message_id'.split(
    ' ',
  );

const MORE_WORDS = `UPDATE distributions SET preheader = 'Two minutes', language = 'en', design = 'brand', counts_opens = true,
  reply_to = 'ada@acme.example', body_text = 'Hello', library_message_id = 7,
  versions = '{"de": {"subject": "Hallo", "preheader": "", "bodyHtml": "<p>Hallo</p>", "bodyText": ""}}' WHERE name = 'Not yet';`;

function only(row: Record<string, unknown>, keys: string[]): Record<string, unknown> {
  return Object.fromEntries(keys.map((key) => [key, row[key]]));
}

function without(row: Record<string, unknown>, keys: string[]): Record<string, unknown> {
  return Object.fromEntries(Object.entries(row).filter(([key]) => !keys.includes(key)));
}

async function everyRow(sql: pg.Client): Promise<Map<string, Rows>> {
  const { rows: tables } = await sql.query<{ name: string }>(
    `SELECT table_name AS name FROM information_schema.tables WHERE table_schema = 'public' AND table_type = 'BASE TABLE'
       AND table_name <> 'migrations' ORDER BY 1`,
  );
  const all = new Map<string, Rows>();
  for (const { name } of tables) {
    const { rows } = await sql.query<{ row: Record<string, unknown> }>(
      `SELECT to_jsonb(t) AS row FROM ${name} t ORDER BY coalesce(to_jsonb(t) -> 'id', to_jsonb(t) -> 'distribution_id'), to_jsonb(t)`,
    );
    all.set(
      name,
      rows.map(({ row }) => row),
    );
  }
  return all;
}

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
