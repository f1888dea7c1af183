/**
 * Floods at each web door that stands open to everybody: from one address as fast as 32 connections go, the open link also
 * from 200 addresses. Beside them a second client, from another address, asks for `/healthz` and for the page of an
 * invitation. Tells how much was let in, how long the second client waited, and what the flood left.
 *
 * Arguments: seconds for each door (6; with nine floods that is a minute), connections (32), a word of the doors' names.
 */
import { fork, type ChildProcess } from 'node:child_process';
import { Agent, request } from 'node:http';
import type { AddressInfo } from 'node:net';
import { fileURLToPath } from 'node:url';
import { Ids } from '../src/platform/ids.js';
import { anInstallation, type Installation } from './support/installation.js';
import { keep, rounded } from './support/measure.js';

const [first = '6', second = '32', chosen = ''] = process.argv.slice(2);
const PAUSE_MS = 20;

interface Ready {
  port: number;
  open: string;
  own: string;
}

/** What the installation holds: rows of walks, bytes of the database, memory of the process. */
interface Held {
  sessions: number;
  bytes: number;
  rss: number;
}

interface Waits {
  healthz: number[];
  page: number[];
  refused: number;
}

interface Asked {
  path: string;
  from: string;
  body?: string;
}

interface Answer {
  status: number;
  text: string;
}

/** One try at a door: the last status that came back. */
type Door = (ask: (asked: Omit<Asked, 'from'>) => Promise<Answer>, ready: Ready, turn: number) => Promise<number>;

const wrong = (turn: number): string => `1${String(turn).padStart(22, 'a')}`;
const get =
  (path: (ready: Ready, turn: number) => string): Door =>
  async (ask, ready, turn) =>
    (await ask({ path: path(ready, turn) })).status;

const start: Door = async (ask, { open: path }) => {
  const { status, text } = await ask({ path });
  const [, ticket] = /name="start" value="([^"]+)"/.exec(text) ?? [];
  const [, page] = /name="page" value="([^"]+)"/.exec(text) ?? [];
  return ticket === undefined
    ? status
    : (await ask({ path, body: `page=${page}&start=${ticket}&go=next&website=&QID1=1` })).status;
};

/** An address of its own for each door, so that each meets full buckets. */
const one = (number: number) => (): string => `203.0.113.${number}`;
const many = (turn: number): string => `198.51.100.${1 + (turn % 200)}`;

const FLOODS: { name: string; from: (turn: number) => string; door: Door }[] = [
  { name: 'starts', from: one(1), door: start },
  { name: 'starts, 200 addresses', from: many, door: start },
  { name: 'invitation', from: one(2), door: get(({ own }) => own) },
  { name: 'wrong links', from: one(3), door: get((_, turn) => `/s/${wrong(turn)}`) },
  { name: 'wrong links, 200 addresses', from: many, door: get((_, turn) => `/s/${wrong(turn)}`) },
  {
    name: 'opt-outs',
    from: one(4),
    door: async (ask, _, turn) => (await ask({ path: `/u/${wrong(turn)}`, body: 'level=brand&turn=out' })).status,
  },
  { name: 'pictures', from: one(5), door: get((_, turn) => `/${['o', 'pictures'][turn % 2]}/${wrong(turn)}`) },
  { name: 'sign-in', from: one(6), door: get(() => '/sign-in') },
  { name: 'readyz', from: one(7), door: get(() => '/readyz') },
];

function asking(agent: Agent, port: number) {
  return ({ path, from, body }: Asked): Promise<Answer> =>
    new Promise((resolve, reject) => {
      const form = { 'Content-Type': 'application/x-www-form-urlencoded', 'Content-Length': body?.length ?? 0 };
      const headers = { 'X-Forwarded-For': from, ...(body === undefined ? {} : form) };
      const method = body === undefined ? 'GET' : 'POST';
      const call = request({ host: '127.0.0.1', port, path, agent, method, headers }, (response) => {
        const chunks: Buffer[] = [];
        response.on('data', (chunk: Buffer) => chunks.push(chunk));
        response.on('end', () =>
          resolve({ status: response.statusCode ?? 0, text: Buffer.concat(chunks).toString('latin1') }),
        );
      });
      call.on('error', reject);
      call.end(body);
    });
}

/** The child process that is flooded: the product as operators get it, told of one proxy in front. */
async function serve(): Promise<void> {
  const installation = await anInstallation({ TRUST_PROXY: '1' });
  const { app, actor, surveyId } = installation;
  await app.listen(0, '127.0.0.1');
  const { port } = (app.getHttpServer() as { address(): AddressInfo }).address();
  const own = `/s/${app.get(Ids).token('link', await anInvitation(installation))}`;
  process.on('message', (message) => {
    void (message === 'held' ? held(installation).then((answer) => process.send?.(answer)) : stop(installation));
  });
  process.send?.({ port, open: `/a/${app.get(Ids).show('SV', surveyId)}`, own } satisfies Ready);
  await installation.database.inBrand(actor.brandId, (unit) => unit.sql('SELECT 1'));
}

async function anInvitation({ database, actor: { brandId }, surveyId }: Installation): Promise<string> {
  const { id } = await database.inBrand(brandId, (unit) =>
    unit.one<{ id: string }>(
      `WITH somebody AS (
         INSERT INTO contacts (brand_id, first_name, last_name, email, created_at, modified_at)
         VALUES ($1, 'Grace', 'Hopper', 'grace@navy.example', now(), now()) RETURNING id)
       INSERT INTO links (brand_id, survey_id, kind, channel, contact_id, created_at)
       SELECT $1, $2, 'individual', 'email', id, now() FROM somebody RETURNING id`,
      [brandId, surveyId],
    ),
  );
  return id;
}

async function held({ database, actor }: Installation): Promise<Held> {
  const row = await database.inBrand(actor.brandId, (unit) =>
    unit.one<{ sessions: number; bytes: string }>(
      'SELECT (SELECT count(*)::int FROM sessions) AS sessions, pg_database_size(current_database()) AS bytes',
    ),
  );
  return { sessions: row.sessions, bytes: Number(row.bytes), rss: process.memoryUsage.rss() };
}

async function stop(installation: Installation): Promise<void> {
  await installation.close();
  process.exit(0);
}

/** The second client, in a process of its own: what it waits is not the work of the flood's own process. */
async function watch(): Promise<void> {
  let waits: Waits = { healthz: [], page: [], refused: 0 };
  const agent = new Agent({ keepAlive: true });
  let ready: Ready | undefined;
  process.on('message', (message) => {
    if (message === 'waits') {
      process.send?.(waits);
      waits = { healthz: [], page: [], refused: 0 };
    } else if (message === 'stop') {
      process.exit(0);
    } else {
      ready = message as Ready;
    }
  });
  for (;;) {
    if (ready !== undefined) {
      const ask = asking(agent, ready.port);
      for (const [kind, path] of [['healthz', '/healthz'] as const, ['page', ready.own] as const]) {
        const began = performance.now();
        const { status } = await ask({ path, from: '192.0.2.9' });
        waits[kind].push(performance.now() - began);
        waits.refused += status === 200 ? 0 : 1;
      }
    }
    await new Promise((resolve) => setTimeout(resolve, PAUSE_MS));
  }
}

async function flood(ready: Ready, { from, door }: (typeof FLOODS)[number], until: number): Promise<number[]> {
  const agent = new Agent({ keepAlive: true, maxSockets: Number(second) });
  const ask = asking(agent, ready.port);
  const statuses: number[] = [];
  let turn = 0;
  const client = async (): Promise<void> => {
    while (performance.now() < until) {
      turn += 1;
      const address = from(turn);
      statuses.push(await door((asked) => ask({ ...asked, from: address }), ready, turn));
    }
  };
  await Promise.all(Array.from({ length: Number(second) }, client));
  agent.destroy();
  return statuses;
}

function answerOf<T>(child: ChildProcess, question?: string): Promise<T> {
  const answer = new Promise<T>((resolve) => child.once('message', (message) => resolve(message as T)));
  if (question !== undefined) {
    child.send(question);
  }
  return answer;
}

function percentile(times: number[], share: number): number {
  return rounded(times.toSorted((left, right) => left - right)[Math.floor(times.length * share)] ?? 0, 1);
}

async function drive(): Promise<void> {
  const itself = fileURLToPath(import.meta.url);
  const server = fork(itself, ['serve'], { execArgv: ['--enable-source-maps'] });
  const ready = await answerOf<Ready>(server);
  const watcher = fork(itself, ['watch']);
  watcher.send(ready);
  const rows: object[] = [];
  for (const each of FLOODS.filter(({ name }) => name.includes(chosen))) {
    const before = await answerOf<Held>(server, 'held');
    await answerOf<Waits>(watcher, 'waits');
    const statuses = await flood(ready, each, performance.now() + Number(first) * 1000);
    const waits = await answerOf<Waits>(watcher, 'waits');
    const after = await answerOf<Held>(server, 'held');
    rows.push({
      door: each.name,
      tries: statuses.length,
      letIn: statuses.filter((status) => status < 400).length,
      notFound: statuses.filter((status) => status === 404).length,
      refused: statuses.filter((status) => status === 429).length,
      others: percentile(waits.healthz, 0.5),
      othersP99: percentile(waits.healthz, 0.99),
      page: percentile(waits.page, 0.5),
      pageP99: percentile(waits.page, 0.99),
      othersRefused: waits.refused,
      rows: after.sessions - before.sessions,
      kilobytes: Math.round((after.bytes - before.bytes) / 1000),
      rssMegabytes: Math.round(after.rss / 1_048_576),
    });
  }
  watcher.send('stop');
  server.send('stop');
  console.table(rows);
  await keep('flood_web', { seconds: Number(first), connections: Number(second), rows });
}

await (first === 'serve' ? serve() : first === 'watch' ? watch() : drive());
