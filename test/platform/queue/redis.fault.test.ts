import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import pg from 'pg';
import { freshDatabase, type TestDatabase } from '../../database.js';
import { AppProcess } from '../../distributions/app_process.js';
import { moreMails, sendToEverybody, untilDone, type WholeSend } from '../../distributions/whole_send.js';
import { SinkProcess } from '../../mailer/witness.js';
import { describeWithRedis, RedisProcess } from '../../redis.js';

const PEOPLE = 1500;
const TOKEN = 'token-of-the-redis-test-0123456789';

/** One web process and two workers, as an installation on several machines has them. */
describeWithRedis('several workers over Redis', () => {
  let database: TestDatabase;
  let sql: pg.Client;
  let redis: RedisProcess;
  let sink: SinkProcess;
  let folder: string;
  let processes: AppProcess[];
  let whole: WholeSend;

  const start = async (role: string, settings: Record<string, string> = {}): Promise<AppProcess> => {
    const app = await AppProcess.with({
      DATABASE_URL: database.url,
      REDIS_URL: redis.url,
      SMTP_URL: sink.url,
      SMTP_CONNECTIONS: '3',
      API_TOKEN: TOKEN,
      SECRET_KEY: 'a'.repeat(64),
      ROLE: role,
      LEASE_SECONDS: '20',
      SWEEP_MS: '1000',
      LOG_LEVEL: 'fatal',
      ...settings,
    });
    processes.push(app);
    await app.start();
    return app;
  };
  const everybodyOnce = async (people = PEOPLE): Promise<void> => {
    const { rows } = await sql.query<{ state: string; n: number }>(
      'SELECT state, count(*)::int AS n FROM messages GROUP BY state',
    );
    expect(rows).toEqual([{ state: 'accepted', n: people }]);
    const mails = sink.witnessed();
    expect(mails).toHaveLength(people);
    expect(new Set(mails.map(({ recipients }) => recipients[0])).size).toBe(people);
  };

  beforeEach(async () => {
    processes = [];
    folder = await mkdtemp(join(tmpdir(), 'canvass-workers-'));
    [database, redis] = await Promise.all([freshDatabase(), RedisProcess.start()]);
    sql = new pg.Client({ connectionString: database.superuserUrl });
    await sql.connect();
    sink = await SinkProcess.start(['--log', join(folder, 'sink.log'), '--delay', '8']);
  });
  afterEach(async () => {
    await Promise.all(processes.map((app) => app.stop()));
    await Promise.all([sink.stop(), redis.end(), sql.end()]);
    await database.drop();
    await rm(folder, { recursive: true, force: true });
  });
  const startAll = async (settings: Record<string, string> = {}): Promise<void> => {
    const app = await start('web', settings);
    await Promise.all([start('worker', settings), start('worker', settings)]);
    whole = { app, token: TOKEN, sql, people: PEOPLE };
  };

  it('share a send, and a FLUSHALL in the middle of it loses nobody', async () => {
    await startAll();
    const place = await sendToEverybody(whole);
    for (let flush = 0; flush < 3; flush += 1) {
      await moreMails(sink, 100 + 100 * flush, PEOPLE);
      await redis.say(['FLUSHALL']);
    }
    await untilDone(whole, place);
    await everybodyOnce();
  });

  it('go on while Redis is away, and are woken by it again when it is back', async () => {
    await startAll();
    const place = await sendToEverybody(whole);
    await moreMails(sink, 100, PEOPLE);
    await redis.kill();
    await moreMails(sink, 300, PEOPLE);
    const page = await fetch(`${whole.app.url}/sign-in`);
    expect(page.status).toBe(200);
    await redis.start();
    await untilDone(whole, place);
    await everybodyOnce();
  });

  it('start without Redis, and when it may only be read', async () => {
    await redis.kill();
    await startAll();
    const place = await sendToEverybody(whole);
    await moreMails(sink, 100, PEOPLE);
    await redis.start();
    await redis.say(['CONFIG', 'SET', 'maxmemory', '1']);
    await untilDone(whole, place);
    await everybodyOnce();
  });

  it('are woken by Redis: nobody waits for the sweep, which comes once a minute here', async () => {
    await startAll({ SWEEP_MS: '60000' });
    const before = performance.now();
    const few = { ...whole, people: 100 }; // a busy machine sends them between two sweeps as well
    await untilDone(few, await sendToEverybody(few));
    expect(performance.now() - before).toBeLessThan(55_000);
    await everybodyOnce(few.people);
  });
});
