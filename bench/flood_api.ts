/**
 * A flood at the door for programs: as fast as they can, clients of one brand call with a token that is known and clients
 * without one guess. Beside them a program of another brand and a look at /healthz, ten times a second: how long they wait.
 *
 * Arguments: seconds (20), clients of each kind (20).
 */
import { fork } from 'node:child_process';
import { Agent, request } from 'node:http';
import type { AddressInfo } from 'node:net';
import { setTimeout as rest } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';
import { AccountsService } from '../src/accounts/accounts.service.js';
import { ApiTokensService } from '../src/accounts/api_tokens.service.js';
import { BrandsService } from '../src/brands/brands.service.js';
import { anInstallation } from './support/installation.js';
import { keep, rounded } from './support/measure.js';
import { ownProcessor } from './support/processor.js';

interface Ready {
  port: number;
  tokens: [string, string];
}

/** The child process: the whole product on an embedded, durable PostgreSQL, with two brands. */
async function serve(): Promise<void> {
  const installation = await anInstallation({ SWEEP_MS: '3000', TRUST_PROXY: '1' });
  const { app, actor, database } = installation;
  const brand = await app.get(BrandsService).create('Globex');
  const { id: userTypeId } = await app.get(BrandsService).typeByKey(brand.id, 'standard');
  const { id: userId } = await app.get(AccountsService).addUser(brand.id, { email: 'g@globex.example', userTypeId });
  const tokens = app.get(ApiTokensService);
  const made = [await tokens.create(actor, 'Flood'), await tokens.create({ brandId: brand.id, userId }, 'Quiet')];
  await app.listen(0, '127.0.0.1');
  const { port } = (app.getHttpServer() as { address(): AddressInfo }).address();
  const processor = ownProcessor();
  process.send?.({ port, tokens: made });
  process.once('message', () => {
    void (async () => {
      const [row] = await database.inBrand(actor.brandId, (unit) => unit.sql('SELECT count(*)::int FROM api_minutes'));
      const rss = Math.round(process.memoryUsage.rss() / 1_048_576);
      process.send?.({ rows: row?.['count'], rss, processorSeconds: ownProcessor() - processor });
      await installation.close();
      process.exit(0);
    })();
  });
}

function call(
  agent: Agent,
  { port, path, token, from }: { port: number; path: string; token?: string; from?: string },
) {
  return new Promise<number>((resolve, reject) => {
    const headers = { ...(token ? { 'X-API-TOKEN': token } : {}), ...(from ? { 'X-Forwarded-For': from } : {}) };
    const asked = request({ host: '127.0.0.1', port, path, agent, headers }, (response) => {
      response.resume();
      response.on('end', () => resolve(response.statusCode ?? 0));
    });
    asked.on('error', reject);
    asked.end();
  });
}

async function flood(ready: Ready, until: number, token: () => string, statuses: Map<number, number>): Promise<void> {
  const agent = new Agent({ keepAlive: true, maxSockets: 1 });
  while (performance.now() < until) {
    const status = await call(agent, { port: ready.port, path: '/API/v3/whoami', token: token() });
    statuses.set(status, (statuses.get(status) ?? 0) + 1);
  }
  agent.destroy();
}

async function quiet(ready: Ready, until: number, path: string, token?: string): Promise<number[]> {
  const agent = new Agent({ keepAlive: true, maxSockets: 1 });
  const times: number[] = [];
  while (performance.now() < until) {
    const began = performance.now();
    const status = await call(agent, { port: ready.port, path, from: '192.0.2.9', ...(token ? { token } : {}) });
    if (status !== 200) {
      throw new Error(`${path} was answered with ${status}`);
    }
    times.push(performance.now() - began);
    await rest(100);
  }
  agent.destroy();
  return times;
}

function p99(times: number[]): number {
  return rounded(times.toSorted((left, right) => left - right)[Math.floor(times.length * 0.99)] ?? 0, 1);
}

async function drive(seconds: number, clients: number): Promise<void> {
  const server = fork(fileURLToPath(import.meta.url), ['serve'], { execArgv: ['--enable-source-maps'] });
  const answer = <T>(): Promise<T> =>
    new Promise((resolve) => server.once('message', (message) => resolve(message as T)));
  const ready = await answer<Ready>();
  const [busy, other] = ready.tokens;
  await quiet(ready, performance.now() + 1000, '/API/v3/whoami', other);
  const until = performance.now() + seconds * 1000;
  const [known, unknown] = [new Map<number, number>(), new Map<number, number>()];
  let guess = 0;
  const crowd = Array.from({ length: clients }, () => [
    flood(ready, until, () => busy, known),
    flood(ready, until, () => `cv_${String((guess += 1)).padStart(37, 'x')}`, unknown),
  ]);
  const [health = [], program = []] = await Promise.all([
    quiet(ready, until, '/healthz'),
    quiet(ready, until, '/API/v3/whoami', other),
    ...crowd.flat(),
  ] as Promise<number[]>[]);
  server.send('stop');
  const { rows, rss, processorSeconds } = await answer<{ rows: number; rss: number; processorSeconds: number }>();
  const all = [...known.values(), ...unknown.values()].reduce((sum, count) => sum + count, 0);
  const figures = {
    seconds,
    clients: clients * 2,
    callsPerSecond: Math.round(all / seconds),
    letIn: known.get(200) ?? 0,
    unknownLookedUp: unknown.get(401) ?? 0,
    refused: (known.get(429) ?? 0) + (unknown.get(429) ?? 0),
    processorMsPerCall: rounded((processorSeconds / all) * 1000, 2),
    healthP99: p99(health),
    otherBrandP99: p99(program),
    rows,
    serverRssMegabytes: rss,
  };
  console.table([figures]);
  await keep('flood_api', figures);
}

const [first = '20', second = '20'] = process.argv.slice(2);
await (first === 'serve' ? serve() : drive(Number(first), Number(second)));
