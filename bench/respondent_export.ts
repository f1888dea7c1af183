/**
 * Responses with 50 questions written to a CSV file by the export's own job, beside its limit: COPY of the same rows by
 * PostgreSQL. Memory is that of the whole process, which serves pages meanwhile.
 *
 * Arguments: numbers of responses, default 1000 10000 100000.
 */
import 'reflect-metadata';
import { mkdir, mkdtemp, rm, stat, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Writable } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import type { NestExpressApplication } from '@nestjs/platform-express';
import pg from 'pg';
import { to as copyTo } from 'pg-copy-streams';
import { AccountsService } from '../src/accounts/accounts.service.js';
import { closeApplication, readyDatabase, webApplication } from '../src/boot.js';
import { BrandsService } from '../src/brands/brands.service.js';
import { IdentificationByAccount } from '../src/brands/identification.js';
import type { Actor } from '../src/platform/auth/actor.js';
import { readConfig } from '../src/platform/config.js';
import { Database } from '../src/platform/db/database.js';
import { Jobs } from '../src/platform/queue/jobs.js';
import { ExportsService } from '../src/responses/exports/exports.service.js';
import { startExport } from '../src/responses/exports/export_settings.js';
import { exampleDefinition, type SurveyDefinition } from '../src/engine/definition.js';
import { SurveysService } from '../src/surveys/surveys.service.js';

const QUESTIONS = 50;

interface Row {
  responses: number;
  perSecond: number;
  copyPerSecond: number;
  ratio: number;
  megabytes: number;
  rssMegabytes: number;
}

function fiftyQuestions(): SurveyDefinition {
  const choices = ['Agree', 'Neither', 'Disagree'].map((text, index) => ({
    id: `${index + 1}`,
    text,
    value: `${index + 1}`,
  }));
  const made = Array.from({ length: QUESTIONS }, (_, index) => {
    const asked = {
      id: `QID${index + 1}`,
      exportTag: `Q${index + 1}`,
      text: `Statement ${index + 1}`,
      required: 'none' as const,
    };
    return index % 5 === 0
      ? { ...asked, type: 'text' as const, subtype: 'essay' as const, content: { kind: 'any' as const } }
      : { ...asked, type: 'choice' as const, subtype: 'single' as const, choices };
  });
  const items = made.map(({ id }) => ({ kind: 'question' as const, question: id }));
  return exampleDefinition({
    questions: Object.fromEntries(made.map((question) => [question.id, question])),
    blocks: { BL1: { id: 'BL1', name: 'All', items } },
  });
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

/** As many responses as asked, each with an answer to every question. */
async function fill(app: NestExpressApplication, actor: Actor, surveyId: string, versionId: string, count: number) {
  const parts = Array.from({ length: QUESTIONS }, (_, index) =>
    index % 5 === 0
      ? `'QID${index + 1}', jsonb_build_object('text', 'Words about it, number ' || n)`
      : `'QID${index + 1}', jsonb_build_object('choices', jsonb_build_array((n % 3 + 1)::text))`,
  );
  const half = parts.length / 2;
  const answers = `jsonb_build_object(${parts.slice(0, half).join(', ')}) || jsonb_build_object(${parts.slice(half).join(', ')})`;
  await app.get(Database).inBrand(actor.brandId, (unit) =>
    unit.run(
      `WITH walked AS (
         INSERT INTO sessions (brand_id, survey_id, version_id, channel, state, walk, started_at, last_activity_at, source)
         SELECT $1, $2, $3, 'anonymous', 'finished', '{}', now(), now(), n::text FROM generate_series(1, $4::int) n RETURNING id, source)
       INSERT INTO responses (brand_id, session_id, survey_id, version_id, channel, finished, progress, language, started_at, ended_at,
         recorded_at, duration_seconds, answers)
       SELECT $1, id, $2, $3, 'anonymous', true, 100, 'en', now(), now(), now(), 60, ${answers}
       FROM (SELECT id, source::int AS n FROM walked) w`,
      [actor.brandId, surveyId, versionId, count],
    ),
  );
}

async function row(app: NestExpressApplication, actor: Actor, url: string, responses: number): Promise<Row> {
  const surveys = app.get(SurveysService);
  const { id } = await surveys.create(actor, { name: `${responses}`, definition: fiftyQuestions() });
  const active = await surveys.activate(actor, id);
  await fill(app, actor, id, active.publishedVersionId!, responses);
  let rss = 0;
  const watch = setInterval(() => (rss = Math.max(rss, process.memoryUsage.rss())), 50);
  const began = performance.now();
  const exportId = await app
    .get(ExportsService)
    .start(actor, id, startExport.parse({ compress: false, useLabels: true }));
  await app.get(Jobs).settled();
  const seconds = (performance.now() - began) / 1000;
  clearInterval(watch);
  const { filePath, rowsDone } = await app.get(ExportsService).mustBeComplete(actor, id, exportId);
  if (rowsDone !== responses) {
    throw new Error(`${rowsDone} of ${responses} responses are in the file`);
  }
  const perSecond = Math.round(responses / seconds);
  const copyPerSecond = Math.round(responses / (await copied(url, id)));
  return {
    responses,
    perSecond,
    copyPerSecond,
    ratio: Math.round((perSecond / copyPerSecond) * 100) / 100,
    megabytes: Math.round((await stat(filePath)).size / 1_048_576),
    rssMegabytes: Math.round(rss / 1_048_576),
  };
}

async function copied(url: string, surveyId: string): Promise<number> {
  const client = new pg.Client({ connectionString: url });
  await client.connect();
  const began = performance.now();
  const rows = client.query(
    copyTo(`COPY (SELECT * FROM responses WHERE survey_id = ${surveyId} ORDER BY id) TO STDOUT (FORMAT csv)`),
  );
  await pipeline(rows, new Writable({ write: (_chunk, _encoding, done) => done() }));
  await client.end();
  return (performance.now() - began) / 1000;
}

const sizes = process.argv.slice(2).map(Number);
const folder = await mkdtemp(join(tmpdir(), 'canvass-bench-'));
const config = readConfig({ PORT: '0', DATA_DIR: folder, DEMO: '0', LOG_LEVEL: 'error', SWEEP_MS: '60000' });
const database = await readyDatabase(config);
const app = await webApplication(config, database.url);
const actor = await somebody(app);
const rows: Row[] = [];
for (const size of sizes.length > 0 ? sizes : [1000, 10_000, 100_000]) {
  rows.push(await row(app, actor, database.superuserUrl ?? database.url, size));
}
console.table(rows);
await mkdir('bench/results', { recursive: true });
await writeFile('bench/results/respondent_export.json', `${JSON.stringify(rows, null, 2)}\n`);
await closeApplication(app);
await database.stop();
await rm(folder, { recursive: true, force: true });
