/**
 * The summary page of one survey among many, beside its limit: the bare statement over the same roll-ups.
 * Roll-ups are written as a year of responses leaves them (hours × channels), with other surveys of the brand around
 * them, a burst of unfolded deltas and 40 distributions. Page requests are HTTP with session, guard and rendering.
 *
 * Arguments: responses of the survey, default 100000 1000000 10000000.
 */
import 'reflect-metadata';
import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { NestExpressApplication } from '@nestjs/platform-express';
import { AccountsService } from '../src/accounts/accounts.service.js';
import { closeApplication, readyDatabase, webApplication } from '../src/boot.js';
import { BrandsService } from '../src/brands/brands.service.js';
import { IdentificationByAccount } from '../src/brands/identification.js';
import type { Actor } from '../src/platform/auth/actor.js';
import { readConfig } from '../src/platform/config.js';
import { Database } from '../src/platform/db/database.js';
import { Ids } from '../src/platform/ids.js';
import { ANSWERS } from '../src/summaries/figures.sql.js';
import { lastDays } from '../src/summaries/days.js';
import { Folding } from '../src/summaries/folding.js';
import { exampleDefinition } from '../src/engine/definition.js';
import { SummariesService } from '../src/summaries/summaries.service.js';
import { SurveysService } from '../src/surveys/surveys.service.js';

const PASSWORD = 'correct horse battery';
const REQUESTS = 300;
const CHANNELS = `ARRAY['email', 'gl', 'anonymous', 'qr', 'social']`;
const UNFOLDED = 2000;

interface Row {
  responses: number;
  rollups: number;
  /** Milliseconds: the bare statement, the service with all its statements, the page by HTTP. */
  limit: number;
  service: number;
  page: number;
  pageP95: number;
  foldPerSecond: number;
  rssMegabytes: number;
}

async function row(app: NestExpressApplication, actor: Actor, responses: number): Promise<Row> {
  const survey = await app.get(SurveysService).create(actor, { name: `${responses}`, definition: exampleDefinition() });
  const rollups = await fill(app, actor, survey.id, responses);
  const foldPerSecond = await folding(app, actor, survey.id);
  await deltas(app, actor, survey.id, UNFOLDED);
  const begins = lastDays(new Date('2026-11-23T12:00:00Z'), 'UTC', 14).map((day) => day.begins.toISOString());
  const limit = await timed(REQUESTS, () =>
    app
      .get(Database)
      .inBrand(actor.brandId, (unit) => unit.prepared('bench', ANSWERS, [actor.brandId, survey.id, begins])),
  );
  const service = await timed(REQUESTS, () => app.get(SummariesService).figures(actor, survey.id));
  const open = await page(app, actor, `/surveys/${app.get(Ids).show('SV', survey.id)}/distributions`);
  const pages = await timed(REQUESTS, open);
  const at = (times: number[], share: number): number => Math.round(times[Math.floor(times.length * share)]! * 10) / 10;
  return {
    responses,
    rollups,
    limit: at(limit, 0.5),
    service: at(service, 0.5),
    page: at(pages, 0.5),
    pageP95: at(pages, 0.95),
    foldPerSecond,
    rssMegabytes: Math.round(process.memoryUsage.rss() / 1_048_576),
  };
}

/** A year of hours in five channels at most; smaller surveys ran for a shorter time. */
async function fill(app: NestExpressApplication, actor: Actor, surveyId: string, responses: number): Promise<number> {
  const hours = Math.min(8760, Math.ceil(responses / 1141));
  const each = Math.ceil(responses / hours / 5);
  return app.get(Database).inBrand(actor.brandId, async (unit) => {
    const rows = await unit.run(
      `INSERT INTO summary_rollups (brand_id, survey_id, hour, channel, source, opened, started, finished, partial)
       SELECT $1, $2, timestamptz '2026-11-23T11:00Z' - n * interval '1 hour', channel, '', 0, $4::int, $4::int - 10, 5
       FROM generate_series(0, $3::int - 1) n, unnest(${CHANNELS}) channel`,
      [actor.brandId, surveyId, hours, each],
    );
    await unit.run(
      `INSERT INTO summary_totals (brand_id, survey_id, channel, opened, started, finished, partial)
       SELECT brand_id, survey_id, channel, sum(opened), sum(started), sum(finished), sum(partial)
       FROM summary_rollups WHERE survey_id = $1 GROUP BY 1, 2, 3`,
      [surveyId],
    );
    await unit.run(
      `INSERT INTO distributions (brand_id, survey_id, owner_id, channel, request_type, name, link_type, status, created_at, modified_at)
       SELECT $1, $2, $3, 'email', 'Invite', 'Wave ' || n, 'Individual', 'done', now(), now() FROM generate_series(1, 40) n`,
      [actor.brandId, surveyId, actor.userId],
    );
    await unit.run(
      `INSERT INTO distribution_tallies (brand_id, distribution_id, name, n)
       SELECT $1, id, counter, 1000 FROM distributions, unnest(ARRAY['accepted', 'skipped', 'bounced', 'started', 'finished']) counter
       WHERE survey_id = $2`,
      [actor.brandId, surveyId],
    );
    return rows;
  });
}

function deltas(app: NestExpressApplication, actor: Actor, surveyId: string, count: number): Promise<number> {
  return app.get(Database).inBrand(actor.brandId, (unit) =>
    unit.run(
      `INSERT INTO summary_deltas (brand_id, survey_id, hour, channel, started, finished)
       SELECT $1, $2, timestamptz '2026-11-23T11:00Z', (${CHANNELS})[1 + n % 5], 1, n % 2 FROM generate_series(1, $3::int) n`,
      [actor.brandId, surveyId, count],
    ),
  );
}

async function folding(app: NestExpressApplication, actor: Actor, surveyId: string): Promise<number> {
  await deltas(app, actor, surveyId, 50_000);
  const start = performance.now();
  await app.get(Folding).fold(actor.brandId);
  return Math.round(50_000 / ((performance.now() - start) / 1000));
}

/** Sorted milliseconds of `count` runs after a warm-up. */
async function timed(count: number, job: () => Promise<unknown>): Promise<number[]> {
  const times: number[] = [];
  for (let run = -20; run < count; run += 1) {
    const start = performance.now();
    await job();
    if (run >= 0) {
      times.push(performance.now() - start);
    }
  }
  return times.toSorted((a, b) => a - b);
}

/** A request as a signed-in browser makes it. */
async function page(app: NestExpressApplication, actor: Actor, path: string): Promise<() => Promise<void>> {
  const { port } = (app.getHttpServer() as { address(): AddressInfo }).address();
  const url = `http://127.0.0.1:${port}`;
  const form = await fetch(`${url}/sign-in`);
  const cookieOf = (response: Response): string =>
    response.headers
      .getSetCookie()
      .map((cookie) => cookie.split(';')[0])
      .join('; ');
  const csrf = /name="_csrf" value="([^"]+)"/.exec(await form.text())?.[1] ?? '';
  const signedIn = await fetch(`${url}/sign-in`, {
    method: 'POST',
    redirect: 'manual',
    headers: { cookie: cookieOf(form), 'content-type': 'application/x-www-form-urlencoded' },
    body: new URLSearchParams({ email: actor.email, password: PASSWORD, _csrf: csrf }).toString(),
  });
  const cookie = cookieOf(signedIn);
  return async () => {
    const answer = await fetch(`${url}${path}`, { headers: { cookie } });
    const text = await answer.text();
    if (answer.status !== 200 || !text.includes('summary_channels')) {
      throw new Error(`The page answered ${answer.status}`);
    }
  };
}

/** The noise around: 300 surveys of the same brand with a month of roll-ups each. */
async function neighbours(app: NestExpressApplication, actor: Actor): Promise<void> {
  await app.get(Database).inBrand(actor.brandId, async (unit) => {
    await unit.run(
      `INSERT INTO surveys (brand_id, owner_id, name, draft, created_at, modified_at)
       SELECT $1, $2, 'Neighbour ' || n, '{}', now(), now() FROM generate_series(1, 300) n`,
      [actor.brandId, actor.userId],
    );
    await unit.run(
      `INSERT INTO summary_rollups (brand_id, survey_id, hour, channel, source, opened, started, finished, partial)
       SELECT $1, s.id, timestamptz '2026-11-23T11:00Z' - n * interval '1 hour', 'email', '', 0, 40, 30, 1
       FROM surveys s, generate_series(0, 719) n WHERE s.name LIKE 'Neighbour%'`,
      [actor.brandId],
    );
  });
}

async function someone(app: NestExpressApplication): Promise<Actor> {
  const brand = await app.get(BrandsService).create('Bench');
  const { id: userTypeId } = await app.get(BrandsService).typeByKey(brand.id, 'standard');
  const user = await app.get(AccountsService).addUser(brand.id, {
    email: 'ada@bench.example',
    firstName: 'Ada',
    lastName: 'Bench',
    password: PASSWORD,
    userTypeId,
  });
  return app.get(IdentificationByAccount).actorFor(user, 'session');
}

function table(rows: Row[]): string {
  const head = '  responses   roll-ups   statement ms   service ms   page ms   page p95 ms   ratio   folded/s   RSS MB';
  const lines = rows.map((one) =>
    [
      String(one.responses).padStart(11),
      String(one.rollups).padStart(10),
      one.limit.toFixed(1).padStart(14),
      one.service.toFixed(1).padStart(12),
      one.page.toFixed(1).padStart(9),
      one.pageP95.toFixed(1).padStart(13),
      `${(one.page / one.limit).toFixed(1)} ×`.padStart(7),
      String(one.foldPerSecond).padStart(10),
      String(one.rssMegabytes).padStart(8),
    ].join(' '),
  );
  return [head, ...lines].join('\n');
}

/** How the page's time grows with the responses; 0 = not at all. */
function exponent(rows: Row[]): number {
  const [first, last] = [rows[0], rows.at(-1)];
  return first === undefined || last === undefined || first === last
    ? 0
    : Math.round((Math.log(last.page / first.page) / Math.log(last.responses / first.responses)) * 100) / 100;
}

const sizes = process.argv
  .slice(2)
  .map(Number)
  .filter((size) => size > 0);
const folder = await mkdtemp(join(tmpdir(), 'canvass-bench-'));
const config = readConfig({ PORT: '0', DATA_DIR: folder, DEMO: '0', ROLE: 'web', LOG_LEVEL: 'error' });
const database = await readyDatabase(config);
const app = await webApplication(config, database.url);
try {
  await app.listen(0, '127.0.0.1');
  const actor = await someone(app);
  await neighbours(app, actor);
  const rows: Row[] = [];
  for (const size of sizes.length > 0 ? sizes : [100_000, 1_000_000, 10_000_000])
    rows.push(await row(app, actor, size));
  console.log(
    `Summary page, ${REQUESTS} requests each, ${UNFOLDED} unfolded deltas, 300 other surveys\n${table(rows)}`,
  );
  console.log(`growth of the page: n^${exponent(rows)}`);
  await mkdir('bench/results', { recursive: true });
  await writeFile(
    join('bench', 'results', 'summary.json'),
    `${JSON.stringify({ job: 'summary', rows, exponent: exponent(rows) }, null, 2)}\n`,
  );
} finally {
  await closeApplication(app);
  await database.stop();
  await rm(folder, { recursive: true, force: true });
}
