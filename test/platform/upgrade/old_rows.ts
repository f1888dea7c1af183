/**
 * Writes the rows of a small installation as SQL, for the test of upgrades: what this version would leave behind. Run it
 * before a change of tables that moves rows, and name the last migration in the file:
 *   node dist/test/platform/upgrade/old_rows.js > test/platform/upgrade/rows_before_….sql
 */
import pg from 'pg';
import { DistributionsService } from '../../../src/distributions/distributions.service.js';
import { FollowUpsService } from '../../../src/distributions/follow_ups/follow_ups.service.js';
import { Jobs } from '../../../src/platform/queue/jobs.js';
import { anAudience } from '../../../bench/support/audience.js';
import { theMail } from '../../../bench/support/distributions.js';
import { anInstallation, type Installation } from '../../../bench/support/installation.js';

/** A sent mail with a reminder that waits, a draft, and links that were only made. */
async function lived({ app, actor, surveyId }: Installation, listId: string): Promise<void> {
  const distributions = app.get(DistributionsService);
  const sent = await distributions.create(actor, surveyId, theMail(listId, 'sent'));
  const { listId: _list, contactId: _contact, listName: _name, linkType: _type, ...rest } = theMail('', 'reminder');
  const { linkDays: _days, linkExpiresAt: _end, skipFinished: _skip, embedded: _embedded, ...mail } = rest;
  const time = { afterHours: 72, afterWhat: 'invitation' as const, atOnce: false };
  await app.get(FollowUpsService).create(actor, sent.id, { requestType: 'Reminder', mail, time });
  await distributions.compose(actor, surveyId, { ...theMail(listId, 'draft'), name: 'Not yet' });
  await distributions.generateLinks(actor, surveyId, theMail(listId, 'links'));
  for (let turn = 0; turn < 20; turn += 1) {
    await app.get(Jobs).sweep();
    await app.get(Jobs).settled();
  }
}

/** Every row of every brand but copies of mails, table by table; columns that the database makes are left to it. */
async function dump(sql: pg.Client): Promise<string> {
  const { rows: tables } = await sql.query<{ name: string; columns: string }>(
    `SELECT c.table_name AS name, string_agg(quote_ident(c.column_name), ', ' ORDER BY ordinal_position) AS columns
     FROM information_schema.columns c JOIN information_schema.tables t USING (table_schema, table_name)
     WHERE table_schema = 'public' AND table_type = 'BASE TABLE' AND is_generated = 'NEVER'
     GROUP BY 1 HAVING (bool_or(c.column_name = 'brand_id') OR c.table_name = 'brands') AND c.table_name <> 'mailbox_mails' ORDER BY 1`,
  );
  const statements: string[] = [];
  for (const { name, columns } of tables) {
    const { rows } = await sql.query<{ row: string }>(`SELECT to_jsonb(t)::text AS row FROM ${name} t ORDER BY 1`);
    if (rows.length > 0) {
      const text = rows.map(({ row }) => row.replaceAll("'", "''")).join(',\n');
      statements.push(
        `INSERT INTO ${name} (${columns}) OVERRIDING SYSTEM VALUE\nSELECT ${columns} FROM jsonb_populate_recordset(NULL::${name}, '[${text}]');`,
      );
    }
  }
  return statements.join('\n');
}

const installation = await anInstallation({ SWEEP_MS: '60000' });
const sql = new pg.Client({ connectionString: installation.superuserUrl });
try {
  await lived(installation, await anAudience(installation, 3));
  await sql.connect();
  process.stdout.write(`${await dump(sql)}\n`);
} finally {
  await sql.end();
  await installation.close();
}
