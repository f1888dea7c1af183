import { join } from 'node:path';
import supertest from 'supertest';
import type TestAgent from 'supertest/lib/agent.js';
import { freshDatabase, type TestDatabase } from '../database.js';
import { AppProcess } from '../distributions/app_process.js';
import { csrfOf } from '../world.js';

const EMAIL = 'ada@acme.example';
const PASSWORD = 'correct horse battery';
const TOKEN = 'token-of-the-watched-app-0123456789';

export interface Watched {
  /** The longest time that the main thread was busy at a stretch, in milliseconds of the processor. */
  longestMs: number;
  mostRssMb: number;
}

/** The product in a process of its own that tells how long nobody else would have been answered. */
export class WatchedApp {
  private constructor(
    readonly app: AppProcess,
    readonly database: TestDatabase,
    /** Somebody of the first brand who may everything, signed in. */
    readonly agent: TestAgent,
  ) {}

  static async start(environment: Record<string, string> = {}): Promise<WatchedApp> {
    const database = await freshDatabase();
    const who = { ADMIN_EMAIL: EMAIL, ADMIN_PASSWORD: PASSWORD, API_TOKEN: TOKEN };
    const watch = join(import.meta.dirname, 'block_watch.mjs');
    const app = await AppProcess.with({ DATABASE_URL: database.url, ...who, ...environment }, ['--import', watch]);
    await app.start();
    const agent = supertest.agent(app.url);
    const form = await agent.get('/sign-in');
    await agent
      .post('/sign-in')
      .set('X-CSRF-Token', csrfOf(form.text))
      .type('form')
      .send({ email: EMAIL, password: PASSWORD });
    const account = await agent.get('/account').expect(200);
    agent.set('X-CSRF-Token', csrfOf(account.text));
    return new WatchedApp(app, database, agent);
  }

  /** A request of a program with a token of the same person. */
  api(method: 'get' | 'post' | 'put', path: string): ReturnType<TestAgent['get']> {
    return supertest(this.app.url)[method](`/API/v3${path}`).set('X-API-TOKEN', TOKEN);
  }

  /** What the process was busy with while `work` was done. */
  async during(work: () => Promise<unknown>): Promise<Watched> {
    await this.app.ask('blocks');
    await work();
    return this.app.ask<Watched>('blocks');
  }

  async stop(): Promise<void> {
    await this.app.stop();
    await this.database.drop();
  }
}
