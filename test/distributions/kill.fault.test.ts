import { randomInt } from 'node:crypto';
import { mkdtemp } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import pg from 'pg';
import { freshDatabase, type TestDatabase } from '../database.js';
import { SinkProcess, type Witnessed } from '../mailer/witness.js';
import { type ApiBody, AppProcess, pause } from './app_process.js';
import { invitationTo, moreMails, sendToEverybody, untilDone } from './whole_send.js';

const PEOPLE = 2000;
const CONNECTIONS = 10;
const KILLS = 3;
const TOKEN = 'token-of-the-kill-test-0123456789';

interface Message {
  address: string;
  state: string;
  message_id_header: string;
  uncertain: number;
  reserved_hour: Date | null;
}

/** The two-sided accounting: what an independent witness took, against what the ledger says. */
describe('a sending process that is killed again and again', () => {
  let database: TestDatabase;
  let sql: pg.Client;
  let sink: SinkProcess;
  let app: AppProcess;

  beforeAll(async () => {
    const folder = await mkdtemp(join(tmpdir(), 'canvass-kill-'));
    database = await freshDatabase();
    sql = new pg.Client({ connectionString: database.url });
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
    await account(sql, sink);
  }, 180_000);

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
  }, 120_000);
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
  await sql.query("UPDATE distributions SET planned_at = planned_at - interval '1 day'");
  const { body } = await app.call(TOKEN, 'GET', '/surveys');
  const surveyId = (body.result['elements'] as { id: string }[])[0]!.id;
  const sent = await app.call(TOKEN, 'GET', `/distributions?surveyId=${surveyId}`);
  const { recipients } = (sent.body.result['elements'] as { recipients: { mailingListId: string } }[])[0]!;
  return app.call(TOKEN, 'POST', '/distributions', invitationTo(surveyId, recipients.mailingListId));
}

async function account(sql: pg.Client, sink: SinkProcess): Promise<void> {
  const { rows: messages } = await sql.query<Message>(
    `SELECT address, state, message_id_header, reserved_hour, (SELECT count(*)::int FROM message_attempts a
       WHERE a.brand_id = m.brand_id AND a.message_id = m.id AND a.outcome = 'uncertain') AS uncertain FROM messages m`,
  );
  const copies = new Map<string, Witnessed[]>();
  for (const mail of sink.witnessed()) {
    copies.set(mail.recipients[0]!, [...(copies.get(mail.recipients[0]!) ?? []), mail]);
  }
  expect(messages).toHaveLength(PEOPLE);
  for (const message of messages) {
    const taken = copies.get(message.address) ?? [];
    // Twice uncertain stays so; everything else has arrived, once more at most for each time that nobody could tell.
    expect(message.state).toBe(message.uncertain >= 2 ? 'uncertain' : 'accepted');
    expect(taken.length).toBeGreaterThanOrEqual(message.state === 'accepted' ? 1 : 0);
    expect(taken.length).toBeLessThanOrEqual(1 + message.uncertain);
    expect(taken.every(({ messageId }) => messageId === message.message_id_header)).toBe(true);
    expect(new Set(taken.map(({ bytes, sender }) => `${sender} ${bytes}`)).size).toBeLessThanOrEqual(1);
  }
  const doubts = messages.reduce((sum, { uncertain }) => sum + uncertain, 0);
  const extra = sink.witnessed().length - copies.size;
  process.stdout.write(`kill test: ${doubts} uncertain, ${extra} extra copies\n`);
  expect(doubts).toBeLessThanOrEqual(KILLS * CONNECTIONS);
  expect(extra).toBeLessThanOrEqual(doubts);
  expect(copies.size).toBe(PEOPLE);
  await countersAgree(sql, messages);
}

/** Counters and allowance are folds of the ledger, also after all that. */
async function countersAgree(sql: pg.Client, messages: Message[]): Promise<void> {
  const { rows: counters } = await sql.query<{ name: string; n: number }>(
    `SELECT name, sum(n)::int AS n FROM (SELECT name, n FROM distribution_tallies UNION ALL SELECT name, n FROM distribution_tally_deltas) t
     GROUP BY name HAVING sum(n) <> 0 ORDER BY name`,
  );
  const states = new Map<string, number>();
  messages.forEach(({ state }) => states.set(state, (states.get(state) ?? 0) + 1));
  expect(Object.fromEntries(counters.map(({ name, n }) => [name, n]))).toEqual(Object.fromEntries(states));
  const { rows: reserved } = await sql.query<{ scope: string; n: number }>(
    'SELECT scope, sum(reserved)::int AS n FROM send_buckets GROUP BY scope ORDER BY scope',
  );
  expect(reserved).toEqual([
    { scope: 'brand', n: PEOPLE },
    { scope: 'user', n: PEOPLE },
  ]);
}

/** A small generator whose whole sequence follows from its seed. */
function randomBy(seed: number): () => number {
  let state = seed;
  return () => {
    state = (Math.imul(state, 1_664_525) + 1_013_904_223) >>> 0;
    return state / 2 ** 32;
  };
}
