import { randomInt } from 'node:crypto';
import { mkdtemp } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import pg from 'pg';
import { freshDatabase, type TestDatabase } from '../database.js';
import { SinkProcess } from '../mailer/witness.js';
import { type ApiBody, AppProcess } from '../distributions/app_process.js';
import { account, randomBy } from '../distributions/accounting.js';
import { invitationTo, moreMails, sendToEverybody, untilDone } from '../distributions/whole_send.js';
import { pause } from '../waiting.js';

const PEOPLE = 2000;
const CONNECTIONS = 10;
const KILLS = 3;
const TOKEN = 'token-of-the-kill-test-0123456789';

describe('a sending process that is killed again and again', () => {
  let database: TestDatabase;
  let sql: pg.Client;
  let sink: SinkProcess;
  let app: AppProcess;

  beforeAll(async () => {
    const folder = await mkdtemp(join(tmpdir(), 'canvass-kill-'));
    database = await freshDatabase();
    sql = new pg.Client({ connectionString: database.superuserUrl });
    await sql.connect();
    sink = await SinkProcess.start(['--log', join(folder, 'sink.log'), '--delay', '15']);
    app = await AppProcess.with({
      DATABASE_URL: database.url,
      SMTP_URL: sink.url,
      SMTP_CONNECTIONS: String(CONNECTIONS),
      API_TOKEN: TOKEN,
      LEASE_SECONDS: '2',
      WIRE_SECONDS: '3',
      RESEND_SECONDS: '2',
      SWEEP_MS: '200',
    });
  });
  afterAll(async () => {
    await app.stop();
    await sink.stop();
    await sql.end();
    await database.drop();
  });

  it('loses nobody, and sends twice only what was uncertain, with the same Message-ID', async () => {
    const seed = Number(process.env['KILL_SEED'] ?? randomInt(1, 1_000_000));
    process.stdout.write(`kill test: KILL_SEED=${seed}\n`);
    const chance = randomBy(seed);
    await app.start();
    const id = await sendToEverybody({ app, token: TOKEN, sql, people: PEOPLE });
    for (let kill = 0; kill < KILLS; kill += 1) {
      await moreMails(sink, Math.floor(20 + chance() * 400), PEOPLE);
      await pause(chance() * 60);
      await app.kill();
      await app.start();
    }
    await untilDone({ app, token: TOKEN }, id);
    const { doubts } = await account(sql, sink, PEOPLE);
    expect(doubts).toBeLessThanOrEqual(KILLS * CONNECTIONS);
  });

  it('is sure of every mail when it is told to stop', async () => {
    const before = await doubtsOf(sql);
    const { body } = await sendAgain(app, sql);
    expect(body.meta.httpStatus).toBe('200 - OK');
    await moreMails(sink, 100, 2 * PEOPLE);
    await app.stop();
    const { rows } = await sql.query<{ state: string }>(
      `SELECT DISTINCT state FROM messages WHERE distribution_id = (SELECT max(id) FROM distributions)`,
    );
    expect(new Set(rows.map(({ state }) => state))).toEqual(new Set(['accepted', 'queued']));
    expect(await doubtsOf(sql)).toBe(before);
    await app.start();
    await untilDone({ app, token: TOKEN }, String(body.result['id']));
    expect(await doubtsOf(sql)).toBe(before);
  });
});

/** How often nobody could tell whether a mail had arrived. */
async function doubtsOf(sql: pg.Client): Promise<number> {
  const { rows } = await sql.query<{ n: number }>(
    `SELECT count(*)::int AS n FROM message_attempts WHERE outcome = 'uncertain'`,
  );
  return rows[0]!.n;
}

/** The same people get another mail. */
async function sendAgain(app: AppProcess, sql: pg.Client): Promise<{ body: ApiBody }> {
  await sql.query(`UPDATE distributions SET planned_at = planned_at - interval '1 day',
    finished_at = finished_at - interval '1 day'`);
  const { body } = await app.call(TOKEN, 'GET', '/surveys');
  const surveyId = (body.result['elements'] as { id: string }[])[0]!.id;
  const sent = await app.call(TOKEN, 'GET', `/distributions?surveyId=${surveyId}`);
  const { recipients } = (sent.body.result['elements'] as { recipients: { mailingListId: string } }[])[0]!;
  return app.call(TOKEN, 'POST', '/distributions', invitationTo(surveyId, recipients.mailingListId));
}
