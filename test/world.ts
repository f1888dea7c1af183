import { randomBytes } from 'node:crypto';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { NestExpressApplication } from '@nestjs/platform-express';
import supertest from 'supertest';
import type TestAgent from 'supertest/lib/agent.js';
import { AccountsService } from '../src/accounts/accounts.service.js';
import { ApiTokensService } from '../src/accounts/api_tokens.service.js';
import type { User } from '../src/accounts/user.entity.js';
import { closeApplication, webApplication } from '../src/boot.js';
import type { Brand } from '../src/brands/brand.entity.js';
import { BrandsService } from '../src/brands/brands.service.js';
import { IdentificationByAccount } from '../src/brands/identification.js';
import type { Actor } from '../src/platform/auth/actor.js';
import type { BuiltInType } from '../src/platform/auth/permissions.js';
import { NOTICE_KINDS } from '../src/notices/notice_kinds.js';
import { NoticesService } from '../src/notices/notices.service.js';
import { readConfig } from '../src/platform/config.js';
import { Database } from '../src/platform/db/database.js';
import { Ids } from '../src/platform/ids.js';
import { Jobs } from '../src/platform/queue/jobs.js';
import { SettableClock } from './clock.js';
import { freshDatabase } from './database.js';

export const PASSWORD = 'correct horse battery';

/** A person of a test brand, ready to act by service, page or API. */
export interface Person {
  user: User;
  actor: Actor;
  /** A browser that is signed in; posts carry the CSRF token by `X-CSRF-Token`. */
  agent: TestAgent;
  token: string;
}

interface PersonWords {
  type?: BuiltInType;
  firstName?: string;
  lastName?: string;
  email?: string;
  /** Whether notices come by mail as well as by the bell: not in tests that count the mails that leave. */
  hearsByMail?: boolean;
}

/** A whole installation with a database of its own; close it in `afterAll`. */
export interface World {
  app: NestExpressApplication;
  clock: SettableClock;
  database: Database;
  jobs: Jobs;
  ids: Ids;
  /** For a test's own look at the tables of all brands; the product connects as their owner. */
  superuserUrl: string;
  /** A browser that nobody is signed in with. */
  visitor(): TestAgent;
  /** Ends what is going on and forgets all brands: nothing that an earlier test left is found by the next. */
  forget(): Promise<void>;
  aBrand(name?: string): Promise<Brand>;
  aPerson(brand: Brand, words?: PersonWords): Promise<Person>;
  close(): Promise<void>;
}

/** @param environment settings on top of the test's own, e.g. `{ SMTP_URL: … }` */
export async function startWorld(environment: Record<string, string> = {}): Promise<World> {
  const database = await freshDatabase();
  const folder = await mkdtemp(join(tmpdir(), 'canvass-world-'));
  const defaults = {
    PORT: '0',
    DATA_DIR: folder,
    DEMO: '0',
    SWEEP_MS: '60000',
    LOG_LEVEL: 'error',
    DATABASE_POOL: '8',
    DATABASE_PATIENCE_MS: '240000',
  };
  const config = readConfig({ ...defaults, ...environment });
  const clock = new SettableClock();
  const app = await webApplication(config, database.url, clock);
  await app.listen(0, '127.0.0.1');
  const stopSweeping = environment['SWEEP_MS'] === undefined ? undefined : sweep(app, config.SWEEP_MS);
  const server = app.getHttpServer() as Parameters<typeof supertest.agent>[0];
  return {
    app,
    clock,
    database: app.get(Database),
    jobs: app.get(Jobs),
    ids: app.get(Ids),
    superuserUrl: database.superuserUrl,
    visitor: () => supertest.agent(server),
    forget: async () => {
      await app.get(Jobs).settled();
      await database.empty();
    },
    aBrand: (name = 'Acme') => app.get(BrandsService).create(name),
    aPerson: (brand, words = {}) => aPerson(app, brand, words),
    close: async () => {
      await stopSweeping?.();
      await closeApplication(app);
      await database.drop();
      await rm(folder, { recursive: true, force: true });
    },
  };
}

/** The timetable stands still where our clock and the database's are apart, as here; whoever asks for sweeps gets them. */
function sweep(app: NestExpressApplication, everyMs: number): () => Promise<void> {
  const jobs = app.get(Jobs);
  let last = Promise.resolve();
  const timer = setInterval(() => {
    last = last.then(() => jobs.sweep());
  }, everyMs);
  return () => {
    clearInterval(timer);
    return last;
  };
}

async function aPerson(app: NestExpressApplication, brand: Brand, words: PersonWords): Promise<Person> {
  const { type = 'standard', firstName = 'Ada', lastName = 'Lovelace', hearsByMail = false } = words;
  const email = words.email ?? `${firstName.toLowerCase()}.${randomBytes(4).toString('hex')}@acme.example`;
  const userType = await app.get(BrandsService).typeByKey(brand.id, type);
  const user = await app
    .get(AccountsService)
    .addUser(brand.id, { email, firstName, lastName, password: PASSWORD, userTypeId: userType.id });
  const actor = await app.get(IdentificationByAccount).actorFor(user, 'session');
  if (!hearsByMail) {
    const byBell = NOTICE_KINDS.map((kind) => ({ kind, bell: true, mail: false }));
    await app.get(NoticesService).choose(actor, byBell);
  }
  const token = await app.get(ApiTokensService).create(actor, 'Tests');
  return { user, actor, token, agent: await signedIn(app, email) };
}

async function signedIn(app: NestExpressApplication, email: string): Promise<TestAgent> {
  const agent = supertest.agent(app.getHttpServer());
  const form = await agent.get('/sign-in'); // first: an agent gives its cookies to a request when it is made
  await agent.post('/sign-in').set('X-CSRF-Token', csrfOf(form.text)).type('form').send({ email, password: PASSWORD });
  const page = await agent.get('/account');
  agent.set('X-CSRF-Token', csrfOf(page.text));
  return agent;
}

/** The token that a page's forms carry. */
export function csrfOf(html: string): string {
  return /name="_csrf" value="([^"]+)"/.exec(html)?.[1] ?? '';
}
