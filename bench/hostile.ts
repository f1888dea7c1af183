/**
 * Sends what the hostile tests send, one thing after the other: surveys, mails, files and bodies that are made to be read
 * slowly or to fill the memory. Beside it a second client asks for `/healthz` and for the page of an invitation every 20 ms,
 * whether or not the last one was answered. Tells how long it waited and how much memory the process took.
 *
 * Arguments: seconds in all (60), a word of the kinds' names.
 */
import { type ChildProcess, fork } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { Agent, request } from 'node:http';
import type { AddressInfo } from 'node:net';
import { fileURLToPath } from 'node:url';
import { ApiTokensService } from '../src/accounts/api_tokens.service.js';
import { BrandsService } from '../src/brands/brands.service.js';
import { Ids } from '../src/platform/ids.js';
import * as authors from '../test/hostile/author_inputs.js';
import { HEAVY_MAILS, REFUSED_MAILS, writtenMail } from '../test/hostile/mail_inputs.js';
import { SURVEY_FILES } from '../test/hostile/survey_inputs.js';
import { HostileClient } from './support/hostile_client.js';
import { anInstallation, type Installation } from './support/installation.js';
import { keep, rounded } from './support/measure.js';

const [first = '60', chosen = ''] = process.argv.slice(2);
const EVERY_MS = 20;
const LIMITS = { p99Ms: 200, rssMegabytes: 700 };

interface Ready {
  port: number;
  token: string;
  survey: string;
  own: string;
}

interface Waits {
  healthz: number[];
  page: number[];
  refused: number;
}

/** The most since the last question: of the process itself, and of its task processes. */
interface Memory {
  rss: number;
  taskProcesses: number;
}

type Send = () => Promise<number>;
type Kind = { name: string; sends: (client: HostileClient, ready: Ready) => Send[] };

const each = <Content>(
  inputs: readonly (readonly [string, () => Content, ...unknown[]])[],
  send: (content: Content) => Promise<number>,
): Send[] =>
  inputs.map(
    ([, make]) =>
      () =>
        send(make()),
  );

const KINDS: Kind[] = [
  { name: 'surveys, page', sends: (client) => each(SURVEY_FILES, (file) => client.upload('/surveys/new', file)) },
  { name: 'surveys, API', sends: (client) => each(SURVEY_FILES, (file) => client.upload('/API/v3/surveys', file)) },
  {
    name: 'surveys as bodies',
    sends: (client) => each(authors.SURVEY_BODIES, (body) => client.json('/surveys', body)),
  },
  { name: 'bodies', sends: (client) => each(authors.JSON_BODIES, (body) => client.json('/mailinglists', body)) },
  {
    name: 'suppressions',
    sends: (client) =>
      each(authors.SUPPRESSION_FILES, (file) => client.upload('/brand/email/suppressions/imports', file)),
  },
  {
    name: 'pasted people',
    sends: (client) => each(authors.PASTED_PEOPLE, (people) => client.form('/contacts/paste', { people })),
  },
  {
    name: 'contact files',
    sends: (client) => each(authors.CONTACT_FILES, (file) => client.upload(`${client.list}/imports`, file)),
  },
  {
    name: 'pictures',
    sends: (client, { survey }) =>
      each(authors.PICTURES, (file) => client.upload(`/surveys/${survey}/distributions/emails/pictures`, file)),
  },
  {
    name: 'respondents',
    sends: (client, { own }) =>
      ['QID1=1&'.repeat(4900), `QID1=${'%41'.repeat(80_000)}`, `page=${'a.'.repeat(100_000)}`, '&'.repeat(250_000)].map(
        (body) => () => client.post(own, body, { 'Content-Type': 'application/x-www-form-urlencoded' }),
      ),
  },
  {
    name: 'mails',
    sends: (client, { survey }) =>
      [...REFUSED_MAILS, ...HEAVY_MAILS].flatMap(([, body]) =>
        ['preview', 'checks'].map(
          (part) => () => client.form(`/surveys/${survey}/distributions/emails/${part}`, writtenMail(body)),
        ),
      ),
  },
];

/** The child process that is attacked: the product as operators get it, told of one proxy in front. */
async function serve(): Promise<void> {
  const installation = await anInstallation({ TRUST_PROXY: '1' });
  const { app, actor, surveyId } = installation;
  await app.listen(0, '127.0.0.1');
  const { port } = (app.getHttpServer() as { address(): AddressInfo }).address();
  const token = await app.get(ApiTokensService).create(actor, 'Attack');
  const own = `/s/${app.get(Ids).token('link', await anInvitation(installation))}`;
  let most: Memory = { rss: 0, taskProcesses: 0 };
  setInterval(() => {
    const now = { rss: process.memoryUsage.rss(), taskProcesses: taskProcessBytes() };
    most = { rss: Math.max(most.rss, now.rss), taskProcesses: Math.max(most.taskProcesses, now.taskProcesses) };
  }, 50).unref();
  process.on('message', (message) => {
    if (message === 'memory') {
      process.send?.(most);
      most = { rss: 0, taskProcesses: 0 };
    } else {
      void installation.close().then(() => process.exit(0));
    }
  });
  process.send?.({ port, token, survey: app.get(Ids).show('SV', surveyId), own } satisfies Ready);
}

/** An invitation; and whoever attacks may everything in the brand. */
async function anInvitation({ app, database, actor, surveyId }: Installation): Promise<string> {
  const type = await app.get(BrandsService).typeByKey(actor.brandId, 'administrator');
  return database.inBrand(actor.brandId, async (unit) => {
    await unit.run('UPDATE users SET user_type_id = $1 WHERE id = $2', [type.id, actor.userId]);
    const { id } = await unit.one<{ id: string }>(
      `WITH somebody AS (
         INSERT INTO contacts (brand_id, first_name, last_name, email, created_at, modified_at)
         VALUES ($1, 'Grace', 'Hopper', 'grace@navy.example', now(), now()) RETURNING id)
       INSERT INTO links (brand_id, survey_id, kind, channel, contact_id, created_at)
       SELECT $1, $2, 'individual', 'email', id, now() FROM somebody RETURNING id`,
      [actor.brandId, surveyId],
    );
    return id;
  });
}

/** Resident memory of the processes that this one started for the work of authors; 0 where the system does not tell. */
function taskProcessBytes(): number {
  try {
    const children = readFileSync(`/proc/self/task/${process.pid}/children`, 'utf8').trim().split(' ');
    const status = children.map((child) => readFileSync(`/proc/${child}/status`, 'utf8'));
    const ours = status.filter((text) => /^Name:\t(node|MainThread)/.test(text));
    return ours.reduce((sum, text) => sum + 1024 * Number(/^VmRSS:\s+(\d+)/m.exec(text)?.[1] ?? 0), 0);
  } catch {
    return 0;
  }
}

/** The second client, in a process of its own: what it waits is not the work of the attacker's. */
function watch(): void {
  const fresh = (): Waits => ({ healthz: [], page: [], refused: 0 });
  let waits = fresh();
  const agent = new Agent({ keepAlive: true });
  process.on('message', (message) => {
    if (message === 'waits') {
      process.send?.(waits);
      waits = fresh();
    } else if (message === 'stop') {
      process.exit(0);
    } else {
      const { port, own } = message as Ready;
      setInterval(() => {
        ask({ agent, port, path: '/healthz' }, (ms, isThere) => told('healthz', ms, isThere));
        ask({ agent, port, path: own }, (ms, isThere) => told('page', ms, isThere));
      }, EVERY_MS);
    }
  });
  const told = (kind: 'healthz' | 'page', ms: number, isThere: boolean): void => {
    waits[kind].push(ms);
    waits.refused += isThere ? 0 : 1;
  };
}

function ask(
  { agent, port, path }: { agent: Agent; port: number; path: string },
  tell: (ms: number, isThere: boolean) => void,
): void {
  const began = performance.now();
  const headers = { 'X-Forwarded-For': '192.0.2.9' };
  const call = request({ host: '127.0.0.1', port, path, agent, headers }, (answer) => {
    answer.resume().on('end', () => tell(performance.now() - began, answer.statusCode === 200));
  });
  call.on('error', () => tell(performance.now() - began, false));
  call.end();
}

function answerOf<T>(child: ChildProcess, question?: string): Promise<T> {
  const answer = new Promise<T>((resolve) => child.once('message', (message) => resolve(message as T)));
  if (question !== undefined) {
    child.send(question);
  }
  return answer;
}

function figures(times: number[]): { p50: number; p99: number; max: number } {
  const sorted = times.toSorted((left, right) => left - right);
  const at = (share: number): number => rounded(sorted[Math.floor((sorted.length - 1) * share)] ?? 0, 1);
  return { p50: at(0.5), p99: at(0.99), max: at(1) };
}

/** Sends one after the other until all were sent or the time is over. @returns the answers' statuses; 0 for none */
async function attack(sends: Send[], until: number): Promise<number[]> {
  const statuses: number[] = [];
  for (const send of sends) {
    if (performance.now() < until) {
      statuses.push(await send().catch(() => 0));
    }
  }
  return statuses;
}

function rowOf(name: string, statuses: number[], waits: Waits, memory: Memory): Record<string, string | number> {
  const [healthz, page] = [figures(waits.healthz), figures(waits.page)];
  return {
    kind: name,
    sent: statuses.length,
    taken: statuses.filter((status) => status > 0 && status < 400).length,
    refused: statuses.filter((status) => status >= 400 && status < 500).length,
    failed: statuses.filter((status) => status >= 500 || status === 0).length,
    healthzP50: healthz.p50,
    healthzP99: healthz.p99,
    healthzMax: healthz.max,
    pageP50: page.p50,
    pageP99: page.p99,
    pageMax: page.max,
    othersRefused: waits.refused,
    rssMegabytes: Math.round(memory.rss / 1_048_576),
    taskProcessMegabytes: Math.round(memory.taskProcesses / 1_048_576),
  };
}

async function drive(): Promise<void> {
  const itself = fileURLToPath(import.meta.url);
  const server = fork(itself, ['serve'], { execArgv: ['--enable-source-maps', '--max-semi-space-size=8'] });
  const ready = await answerOf<Ready>(server);
  const client = await HostileClient.signedIn(ready.port, ready.token);
  const watcher = fork(itself, ['watch']);
  watcher.send(ready);
  const all: { statuses: number[]; waits: Waits; memory: Memory } = {
    statuses: [],
    waits: { healthz: [], page: [], refused: 0 },
    memory: { rss: 0, taskProcesses: 0 },
  };
  const rows: Record<string, string | number>[] = [];
  const kinds = KINDS.filter(({ name }) => name.includes(chosen));
  const end = performance.now() + Number(first) * 1000;
  for (const [place, { name, sends }] of kinds.entries()) {
    await answerOf<Waits>(watcher, 'waits');
    await answerOf<Memory>(server, 'memory');
    const share = (end - performance.now()) / (kinds.length - place);
    const statuses = await attack(sends(client, ready), performance.now() + share);
    const [waits, memory] = [await answerOf<Waits>(watcher, 'waits'), await answerOf<Memory>(server, 'memory')];
    rows.push(rowOf(name, statuses, waits, memory));
    all.statuses.push(...statuses);
    all.waits.healthz.push(...waits.healthz);
    all.waits.page.push(...waits.page);
    all.waits.refused += waits.refused;
    all.memory.rss = Math.max(all.memory.rss, memory.rss);
    all.memory.taskProcesses = Math.max(all.memory.taskProcesses, memory.taskProcesses);
  }
  watcher.send('stop');
  server.send('stop');
  const whole = rowOf('all', all.statuses, all.waits, all.memory);
  console.table([...rows, whole]);
  const isKept = Math.max(...[whole['healthzP99'], whole['pageP99']].map(Number)) <= LIMITS.p99Ms;
  const isSmall = Number(whole['rssMegabytes']) <= LIMITS.rssMegabytes;
  console.log(
    `p99 at most ${LIMITS.p99Ms} ms: ${isKept ? 'kept' : 'MISSED'}; RSS at most ${LIMITS.rssMegabytes} MB: ${isSmall ? 'kept' : 'MISSED'}`,
  );
  await keep('hostile', { seconds: Number(first), limits: LIMITS, rows: [...rows, whole] });
  process.exitCode = isKept && isSmall ? 0 : 1;
}

await (first === 'serve' ? serve() : first === 'watch' ? watch() : drive());
