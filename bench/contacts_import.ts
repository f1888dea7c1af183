/**
 * Contacts a second from a CSV file into directory and list, beside the limit: the same rows by COPY into a staging
 * table and one upsert by address, with nothing around it (no lists, no brands, no search, no validation). New people first,
 * then the same people with other values; then again on top of a base that has a million already.
 *
 * Arguments: how many are there before, default 0 1000000. ROWS of each file: 200000.
 */
import 'reflect-metadata';
import { fork } from 'node:child_process';
import { once } from 'node:events';
import { createWriteStream } from 'node:fs';
import { chmod, mkdir, mkdtemp, rm, stat, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Readable } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import { fileURLToPath } from 'node:url';
import type { INestApplicationContext } from '@nestjs/common';
import { NestFactory } from '@nestjs/core';
import { MikroORM } from '@mikro-orm/postgresql';
import pg from 'pg';
import { from as copyFrom } from 'pg-copy-streams';
import { AccountsModule } from '../src/accounts/accounts.module.js';
import { AccountsService } from '../src/accounts/accounts.service.js';
import { BrandsModule } from '../src/brands/brands.module.js';
import { BrandsService } from '../src/brands/brands.service.js';
import { IdentificationByAccount } from '../src/brands/identification.js';
import { ContactListsService } from '../src/contacts/lists/contact_lists.service.js';
import { ContactsModule } from '../src/contacts/contacts.module.js';
import { ContactImportsService } from '../src/contacts/imports/contact_imports.service.js';
import type { Actor } from '../src/platform/auth/actor.js';
import { readConfig } from '../src/platform/config.js';
import { Database } from '../src/platform/db/database.js';
import { startEmbedded } from '../src/platform/db/embedded.js';
import { migrate } from '../src/platform/db/orm.js';
import { PlatformModule } from '../src/platform/platform.module.js';
import { Jobs } from '../src/platform/queue/jobs.js';

const ROWS = Number(process.env['ROWS'] ?? 200_000);
const HEADER = 'Email,FirstName,LastName,Phone,ExternalDataReference,Language,City,Plan\n';

/** One import for the child process. */
interface Job {
  url: string;
  folder: string;
  brandId: string;
  userId: string;
  listId: string;
  path: string;
}

interface Row {
  existing: number;
  kind: 'new' | 'changed';
  rows: number;
  limitPerSecond: number;
  canvassPerSecond: number;
  ratio: number;
  rssMegabytes: number;
}

/** People number `from` and on; `plan` makes the same people differ. */
function* people(from: number, plan: string): Generator<string[]> {
  for (let n = from; n < from + ROWS; n += 1) {
    const phone = `+4917${String(10_000_000 + (n % 80_000_000))}`;
    const address = `person.${n}@example${n % 997}.com`;
    yield [address, `First${n % 5000}`, `Last${n % 90_000}`, phone, `ref-${n}`, 'DE', `City ${n % 300}`, plan];
  }
}

async function aFile(folder: string, from: number, plan: string): Promise<string> {
  const path = join(folder, `people_${from}_${plan}.csv`);
  const lines = function* (): Generator<string> {
    yield HEADER;
    for (const cells of people(from, plan)) {
      yield `${cells.join(',')}\n`;
    }
  };
  await pipeline(Readable.from(lines()), createWriteStream(path));
  return path;
}

/** The limit: COPY and one upsert. @returns seconds */
async function bare(client: pg.Client, from: number, plan: string): Promise<number> {
  const lines = function* (): Generator<string> {
    let text = '';
    for (const [email, first, last, phone, ref, language, city, of] of people(from, plan)) {
      text += `${email}\t${first}\t${last}\t${phone}\t${ref}\t${language}\t{"City":"${city}","Plan":"${of}"}\n`;
      if (text.length > 1_000_000) {
        yield text;
        text = '';
      }
    }
    yield text;
  };
  const start = performance.now();
  await client.query('BEGIN');
  await client.query('TRUNCATE bare_staging');
  await pipeline(Readable.from(lines()), client.query(copyFrom('COPY bare_staging FROM STDIN')));
  await client.query(`INSERT INTO bare_contacts (email, first_name, last_name, phone, ext_ref, language, embedded)
    SELECT * FROM bare_staging ON CONFLICT (email) DO UPDATE SET first_name = EXCLUDED.first_name, last_name = EXCLUDED.last_name,
      phone = EXCLUDED.phone, ext_ref = EXCLUDED.ext_ref, language = EXCLUDED.language, embedded = bare_contacts.embedded || EXCLUDED.embedded`);
  await client.query('COMMIT');
  return (performance.now() - start) / 1000;
}

/** The same by the product, in a process of its own. @returns seconds and its peak memory */
async function ours(job: Job): Promise<{ seconds: number; rss: number }> {
  const child = fork(fileURLToPath(import.meta.url), { env: { ...process.env, IMPORT_JOB: JSON.stringify(job) } });
  const [answer] = (await once(child, 'message')) as [{ seconds: number; rss: number } | { failed: string }];
  await once(child, 'exit');
  if ('failed' in answer) {
    throw new Error(answer.failed);
  }
  return answer;
}

/** What the child process does: one import from the first look at the file to its report. */
async function runJob({ url, folder, brandId, userId, listId, path }: Job): Promise<void> {
  const app = await productOn(url, folder);
  const user = await app.get(AccountsService).mustFind(brandId, userId);
  const actor = await app.get(IdentificationByAccount).actorFor(user, 'session');
  const imports = app.get(ContactImportsService);
  let rss = 0;
  const watch = setInterval(() => (rss = Math.max(rss, process.memoryUsage.rss())), 20);
  const start = performance.now();
  const { id } = await imports.receive(actor, listId, { name: 'people.csv', path, bytes: (await stat(path)).size });
  await imports.start(actor, id);
  await app.get(Jobs).settled();
  const seconds = (performance.now() - start) / 1000;
  clearInterval(watch);
  const done = await imports.mustFind(actor, id);
  const isRight = done.status === 'done' && done.created + done.updated === ROWS;
  process.send?.(isRight ? { seconds, rss } : { failed: `The import is ${done.status}: ${JSON.stringify(done)}` });
  await close(app);
}

/** Only what an import needs: no web server, no other module's work. */
function productOn(url: string, folder: string): Promise<INestApplicationContext> {
  const config = readConfig({ PORT: '0', DATA_DIR: folder, DEMO: '0', LOG_LEVEL: 'error', SWEEP_MS: '60000' });
  const parts = [PlatformModule.with({ config, databaseUrl: url }), AccountsModule, BrandsModule, ContactsModule];
  return NestFactory.createApplicationContext(
    { module: class ImportsOnly {}, imports: parts },
    { logger: ['error'], abortOnError: false },
  );
}

async function close(app: INestApplicationContext): Promise<void> {
  const orm = app.get(MikroORM);
  await app.close();
  await orm.close(true);
}

/** People who are there already, in both. */
async function fill(
  app: INestApplicationContext,
  client: pg.Client,
  actor: Actor,
  listId: string,
  count: number,
): Promise<void> {
  const columns = 'email, first_name, last_name, phone, ext_ref, language, embedded';
  const values = `'known.' || n || '@example' || n % 997 || '.com', 'First' || n % 5000, 'Last' || n % 90000, '', 'known-' || n, 'DE',
    jsonb_build_object('City', 'City ' || n % 300)`;
  await client.query(`INSERT INTO bare_contacts (${columns}) SELECT ${values} FROM generate_series(1, ${count}) n`);
  await app.get(Database).inBrand(actor.brandId, async (unit) => {
    await unit.sql(
      `INSERT INTO contacts (brand_id, ${columns}, created_at, modified_at) SELECT $1, ${values}, now(), now() FROM generate_series(1, ${count}) n`,
      [actor.brandId],
    );
    await unit.sql(
      `INSERT INTO contact_list_members (brand_id, list_id, contact_id, added_at) SELECT brand_id, $1, id, now() FROM contacts`,
      [listId],
    );
  });
  await client.query('VACUUM ANALYZE');
}

async function compared(bench: Bench, existing: number): Promise<Row[]> {
  const { app, client, url, folder } = bench;
  await client.query('TRUNCATE bare_contacts');
  const actor = await someone(app, existing);
  const list = await app.get(ContactListsService).create(actor, `Beside ${existing}`);
  if (existing > 0) {
    await fill(app, client, actor, list.id, existing);
  }
  const rows: Row[] = [];
  for (const kind of ['new', 'changed'] as const) {
    const path = await aFile(folder, existing * 10, kind);
    const limit = await bare(client, existing * 10, kind);
    const { brandId, userId } = actor;
    const { seconds, rss } = await ours({ url, folder, brandId, userId, listId: list.id, path });
    rows.push({
      existing,
      kind,
      rows: ROWS,
      limitPerSecond: Math.round(ROWS / limit),
      canvassPerSecond: Math.round(ROWS / seconds),
      ratio: Math.round((limit / seconds) * 100) / 100,
      rssMegabytes: Math.round(rss / 1_048_576),
    });
  }
  return rows;
}

interface Bench {
  app: INestApplicationContext;
  client: pg.Client;
  url: string;
  folder: string;
}

async function someone(app: INestApplicationContext, existing: number): Promise<Actor> {
  const brand = await app.get(BrandsService).create('Bench');
  const userTypeId = (await app.get(BrandsService).typeByKey(brand.id, 'administrator')).id;
  const words = { email: `bench.${existing}@acme.example`, firstName: 'Ada', lastName: 'Bench' };
  const password = 'correct horse battery';
  const user = await app.get(AccountsService).addUser(brand.id, { ...words, password, userTypeId });
  return app.get(IdentificationByAccount).actorFor(user, 'session');
}

async function main(): Promise<void> {
  const sizes = process.argv.slice(2).map(Number);
  const folder = await mkdtemp(join(tmpdir(), 'canvass-bench-'));
  await chmod(folder, 0o755);
  const { url, superuserUrl, stop } = await startEmbedded(folder);
  await migrate(url);
  const app = await productOn(url, folder);
  const client = new pg.Client({ connectionString: superuserUrl });
  const rows: Row[] = [];
  try {
    await client.connect();
    const columns = 'first_name text, last_name text, phone text, ext_ref text, language text, embedded jsonb';
    await client.query(`CREATE UNLOGGED TABLE bare_staging (email text, ${columns})`);
    const id = 'id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY';
    await client.query(`CREATE TABLE bare_contacts (${id}, email text UNIQUE, ${columns})`);
    for (const existing of sizes.length === 0 ? [0, 1_000_000] : sizes) {
      rows.push(...(await compared({ app, client, url, folder }, existing)));
    }
    console.table(rows);
    await mkdir('bench/results', { recursive: true });
    await writeFile(
      'bench/results/contacts_import.json',
      `${JSON.stringify({ job: 'contacts import', rows }, null, 2)}\n`,
    );
  } finally {
    await client.end();
    await close(app);
    await stop();
    await rm(folder, { recursive: true, force: true });
  }
}

const job = process.env['IMPORT_JOB'];
await (job === undefined ? main() : runJob(JSON.parse(job) as Job));
