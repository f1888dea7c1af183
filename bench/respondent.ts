/**
 * Responses a second with 50 clients: each asks for a page of five questions and posts it, which stores the response
 * durably (its session, response, delta in one committed transaction). Clients, server and PostgreSQL share the machine;
 * the server is one process of its own. Beside it the limit: the same transaction without HTTP, engine and page.
 *
 * Arguments: seconds to run (10), clients (50).
 */
import 'reflect-metadata';
import { fork } from 'node:child_process';
import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { Agent, request } from 'node:http';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import type { NestExpressApplication } from '@nestjs/platform-express';
import { AccountsService } from '../src/accounts/accounts.service.js';
import { closeApplication, readyDatabase, webApplication } from '../src/boot.js';
import { BrandsService } from '../src/brands/brands.service.js';
import { IdentificationByAccount } from '../src/brands/identification.js';
import type { Actor } from '../src/platform/auth/actor.js';
import { readConfig } from '../src/platform/config.js';
import { Database } from '../src/platform/db/database.js';
import { Ids } from '../src/platform/ids.js';
import { START } from '../src/responses/sessions/sessions.sql.js';
import { exampleDefinition } from '../src/engine/definition.js';
import type { SurveyDefinition } from '../src/engine/definition.js';
import { SurveysService } from '../src/surveys/surveys.service.js';

const ANSWERS = 'QID1=2&QID2=3&QID3=1&QID3=2&QID4=9&QID5=A+few+words+about+the+week';

interface Ready {
  port: number;
  path: string;
}

interface Figures {
  seconds: number;
  clients: number;
  responsesPerSecond: number;
  getP95: number;
  postP95: number;
  limitPerSecond: number;
  ratio: number;
  serverRssMegabytes: number;
  stored: number;
}

function fiveQuestions(): SurveyDefinition {
  const choices = ['Very good', 'Good', 'Mixed', 'Bad', 'Very bad'].map((text, index) => ({
    id: String(index + 1),
    text,
    value: String(index + 1),
  }));
  const asked = (id: string, text: string) => ({ id, exportTag: id, text, required: 'force' as const });
  const questions: SurveyDefinition['questions'] = {
    QID1: { ...asked('QID1', 'How was your week?'), type: 'choice', subtype: 'single', choices },
    QID2: { ...asked('QID2', 'How was the team?'), type: 'choice', subtype: 'dropdown', choices },
    QID3: { ...asked('QID3', 'What was <b>good</b>?'), type: 'choice', subtype: 'multiple', choices },
    QID4: { ...asked('QID4', 'Would you recommend us?'), type: 'nps' },
    QID5: { ...asked('QID5', 'Anything else?'), type: 'text', subtype: 'essay', content: { kind: 'any' } },
  };
  const items = Object.keys(questions).map((question) => ({ kind: 'question' as const, question }));
  return exampleDefinition({ questions, blocks: { BL1: { id: 'BL1', name: 'All', items } } });
}

async function somebody(app: NestExpressApplication): Promise<Actor> {
  const brand = await app.get(BrandsService).create('Acme');
  const type = await app.get(BrandsService).typeByKey(brand.id, 'standard');
  const user = await app.get(AccountsService).addUser(brand.id, {
    email: 'bench@acme.example',
    firstName: 'Ada',
    lastName: 'Lovelace',
    password: 'correct horse battery',
    userTypeId: type.id,
  });
  return app.get(IdentificationByAccount).actorFor(user, 'system');
}

/** The child process: the whole product on an embedded, durable PostgreSQL. */
async function serve(clients: number): Promise<void> {
  const folder = await mkdtemp(join(tmpdir(), 'canvass-bench-'));
  const unbound = { STARTS_AT_ONCE: '0', REQUESTS_AT_ONCE: '0', POSTED_MB_AT_ONCE: '0' }; // all come from one address
  const base = { PORT: '0', DATA_DIR: folder, DEMO: '0', LOG_LEVEL: 'error', SWEEP_MS: '3000' };
  const config = readConfig({ ...base, ...unbound });
  const database = await readyDatabase(config);
  const app = await webApplication(config, database.url);
  await app.listen(0, '127.0.0.1');
  const actor = await somebody(app);
  const surveys = app.get(SurveysService);
  const survey = await surveys.create(actor, { name: 'Pulse', definition: fiveQuestions() });
  const active = await surveys.activate(actor, survey.id);
  process.on('message', (message) => {
    const work = message === 'limit' ? limit(app, actor, active.publishedVersionId!, clients) : stop();
    void work.then((answer) => process.send?.(answer));
  });
  const { port } = (app.getHttpServer() as { address(): AddressInfo }).address();
  process.send?.({ port, path: `/a/${app.get(Ids).show('SV', survey.id)}` } satisfies Ready);

  async function stop(): Promise<object> {
    const [row] = await app
      .get(Database)
      .inBrand(actor.brandId, (unit) =>
        unit.sql<{ n: number }>(`SELECT count(*)::int AS n FROM responses WHERE answers <> '{}'`),
      );
    const answer = { stored: row?.n, rss: Math.round(process.memoryUsage.rss() / 1_048_576) };
    await closeApplication(app);
    await database.stop();
    await rm(folder, { recursive: true, force: true });
    setTimeout(() => process.exit(0), 100);
    return answer;
  }
}

/** The transaction alone, from as many loops as there are clients. */
async function limit(app: NestExpressApplication, actor: Actor, versionId: string, clients: number): Promise<object> {
  const { brandId } = actor;
  const database = app.get(Database);
  const [version] = await database.inBrand(brandId, (unit) =>
    unit.sql<{ survey_id: string }>('SELECT survey_id FROM survey_versions WHERE id = $1', [versionId]),
  );
  const [now, until] = [new Date(), performance.now() + 5000];
  let done = 0;
  const one = async (): Promise<void> => {
    while (performance.now() < until) {
      await database.inBrand(brandId, (unit) =>
        unit.prepared('session-start', START, [
          brandId,
          version?.survey_id,
          versionId,
          null,
          null,
          null,
          null,
          'anonymous',
          '',
          0,
          'finished',
          {},
          100,
          'en',
          'desktop',
          now,
          now,
          null,
          null,
          null,
          'default',
          {},
          {},
          {},
        ]),
      );
      done += 1;
    }
  };
  await Promise.all(Array.from({ length: clients }, one));
  return { perSecond: Math.round(done / 5) };
}

function ask(agent: Agent, { port }: Ready, path: string, body?: string): Promise<{ status: number; text: string }> {
  return new Promise((resolve, reject) => {
    const headers = {
      'Content-Type': 'application/x-www-form-urlencoded',
      'Content-Length': Buffer.byteLength(body ?? ''),
    };
    const call = request(
      {
        host: '127.0.0.1',
        port,
        path,
        agent,
        method: body === undefined ? 'GET' : 'POST',
        ...(body ? { headers } : {}),
      },
      (response) => {
        const chunks: Buffer[] = [];
        response.on('data', (chunk: Buffer) => chunks.push(chunk));
        response.on('end', () =>
          resolve({ status: response.statusCode ?? 0, text: Buffer.concat(chunks).toString('latin1') }),
        );
      },
    );
    call.on('error', reject);
    call.end(body);
  });
}

async function client(ready: Ready, until: number, times: { get: number[]; post: number[] }): Promise<void> {
  const agent = new Agent({ keepAlive: true, maxSockets: 1 });
  while (performance.now() < until) {
    const began = performance.now();
    const { text } = await ask(agent, ready, ready.path);
    const read = performance.now();
    const start = /name="start" value="([^"]+)"/.exec(text)?.[1];
    const page = /name="page" value="([^"]+)"/.exec(text)?.[1];
    const { status } = await ask(agent, ready, ready.path, `page=${page}&start=${start}&go=next&website=&${ANSWERS}`);
    if (status !== 303) {
      throw new Error(`The page was answered with ${status}`);
    }
    times.get.push(read - began);
    times.post.push(performance.now() - read);
  }
  agent.destroy();
}

function p95(times: number[]): number {
  const sorted = times.toSorted((left, right) => left - right);
  return Math.round((sorted[Math.floor(sorted.length * 0.95)] ?? 0) * 10) / 10;
}

async function drive(seconds: number, clients: number): Promise<void> {
  const server = fork(fileURLToPath(import.meta.url), ['serve', String(clients)], {
    execArgv: ['--enable-source-maps'],
  });
  const answer = <T>(): Promise<T> =>
    new Promise((resolve) => server.once('message', (message) => resolve(message as T)));
  const ready = await answer<Ready>();
  const run = async (length: number) => {
    const times = { get: [] as number[], post: [] as number[] };
    const until = performance.now() + length * 1000;
    await Promise.all(Array.from({ length: clients }, () => client(ready, until, times)));
    return times;
  };
  const warm = await run(3);
  const times = await run(seconds);
  server.send('limit');
  const { perSecond } = await answer<{ perSecond: number }>();
  server.send('stop');
  const { stored, rss } = await answer<{ stored: number; rss: number }>();
  const responsesPerSecond = Math.round(times.post.length / seconds);
  const figures: Figures = {
    seconds,
    clients,
    responsesPerSecond,
    getP95: p95(times.get),
    postP95: p95(times.post),
    limitPerSecond: perSecond,
    ratio: Math.round((responsesPerSecond / perSecond) * 100) / 100,
    serverRssMegabytes: rss,
    stored,
  };
  console.table([figures]);
  const answered = warm.post.length + times.post.length;
  if (stored !== answered) {
    throw new Error(`${answered} pages were taken, but ${stored} responses are stored`);
  }
  await mkdir('bench/results', { recursive: true });
  await writeFile('bench/results/respondent.json', `${JSON.stringify(figures, null, 2)}\n`);
}

const [first = '10', second = '50'] = process.argv.slice(2);
await (first === 'serve' ? serve(Number(second)) : drive(Number(first), Number(second)));
