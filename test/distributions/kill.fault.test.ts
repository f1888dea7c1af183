import { randomInt } from 'node:crypto';
import { mkdtemp } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import pg from 'pg';
import { exampleDefinition } from '../../src/surveys/engine/definition.js';
import { freshDatabase, type TestDatabase } from '../database.js';
import { SinkProcess, type Witnessed } from '../mailer/witness.js';
import { type ApiBody, AppProcess, pause } from './app_process.js';

const PEOPLE = 2000;
const CONNECTIONS = 10;
const KILLS = 3;
const TOKEN = 'token-of-the-kill-test-0123456789';
const BODY = '<p>Dear ${m://FirstName}</p><p>${l://SurveyLink?d=Answer}</p><p>${l://OptOutLink?d=No more}</p>';

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
    const id = await sendToEverybody(app, sql);
    for (let kill = 0; kill < KILLS; kill += 1) {
      await moreMails(sink, Math.floor(20 + chance() * 400));
      await pause(chance() * 60);
      await app.kill();
      await app.start();
    }
    await untilDone(app, id);
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
    await untilDone(app, String(body.result['id']));
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

function invitationTo(surveyId: string, mailingListId: unknown): object {
  return {
    message: { messageText: BODY },
    recipients: { mailingListId },
    header: {
      fromEmail: 'people@acme.example',
      fromName: 'Acme',
      replyToEmail: 'people@acme.example',
      subject: 'Hello',
    },
    surveyLink: { surveyId, type: 'Individual' },
    sendDate: '2026-01-01T00:00:00Z',
  };
}

async function sendToEverybody(app: AppProcess, sql: pg.Client): Promise<string> {
  await sql.query(
    `INSERT INTO surveys (brand_id, owner_id, name, stage, draft, published_draft_number, created_at, modified_at)
     SELECT brand_id, id, 'Pulse', 'active', $1, 1, now(), now() FROM users`,
    [exampleDefinition()],
  );
  await sql.query(
    `WITH version AS (
       INSERT INTO survey_versions (brand_id, survey_id, number, definition, published_at)
       SELECT brand_id, id, 1, draft, now() FROM surveys RETURNING id)
     UPDATE surveys SET published_version_id = version.id FROM version`,
  );
  const directory = (await app.call(TOKEN, 'GET', '/directories')).body.result['elements'] as { directoryId: string }[];
  const lists = `/directories/${directory[0]!.directoryId}/mailinglists`;
  const list = (await app.call(TOKEN, 'POST', lists, { name: 'Everybody' })).body.result['id'];
  await sql.query(
    `WITH people AS (
       INSERT INTO contacts (brand_id, first_name, email, created_at, modified_at)
       SELECT brand_id, 'Person ' || n, 'person.' || n || '@example.com', now(), now()
       FROM contact_lists, generate_series(1, $1) n RETURNING brand_id, id)
     INSERT INTO contact_list_members (brand_id, list_id, contact_id, added_at)
     SELECT people.brand_id, contact_lists.id, people.id, now() - interval '1 minute' FROM people, contact_lists`,
    [PEOPLE],
  );
  const surveys = (await app.call(TOKEN, 'GET', '/surveys')).body.result['elements'] as { id: string }[];
  const sent = await app.call(TOKEN, 'POST', '/distributions', invitationTo(surveys[0]!.id, list));
  expect(sent.body.meta.httpStatus).toBe('200 - OK');
  return `${String(sent.body.result['id'])}?surveyId=${surveys[0]!.id}`;
}

/** Waits until the witness has taken so many more; a send that is over has none. */
async function moreMails(sink: SinkProcess, count: number, most = PEOPLE): Promise<void> {
  const before = sink.witnessed().length;
  const deadline = Date.now() + 20_000;
  while (sink.witnessed().length < Math.min(most, before + count) && Date.now() < deadline) {
    await pause(10);
  }
}

async function untilDone(app: AppProcess, id: string): Promise<void> {
  const deadline = Date.now() + 120_000;
  for (;;) {
    const { body } = await app.call(TOKEN, 'GET', `/distributions/${id}`);
    if (body.result['requestStatus'] === 'Done') {
      return;
    }
    if (Date.now() > deadline) {
      throw new Error(`Not done: ${JSON.stringify(body.result)}`);
    }
    await pause(200);
  }
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
