import { randomInt } from 'node:crypto';
import { chmod, mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import pg from 'pg';
import { type EmbeddedServer, startEmbedded } from '../../../src/platform/db/embedded.js';
import { SinkProcess } from '../../mailer/witness.js';
import { TcpProxy } from '../../tcp_proxy.js';
import { account, randomBy } from '../../distributions/accounting.js';
import { AppProcess } from '../../distributions/app_process.js';
import { moreMails, sendToEverybody, untilDone, type WholeSend } from '../../distributions/whole_send.js';
import { pause, until } from '../../waiting.js';

const PEOPLE = 1000;
const CONNECTIONS = 5;
const TOKEN = 'token-of-the-database-faults-012345';

/** A PostgreSQL of its own behind a wire that can be cut; the product knows only the wire. */
describe('a sending process whose database fails', () => {
  let folder: string;
  let server: EmbeddedServer;
  let proxy: TcpProxy;
  let sql: pg.Client;
  let sink: SinkProcess;
  let app: AppProcess;
  let whole: WholeSend;

  beforeAll(async () => {
    folder = await mkdtemp(join(tmpdir(), 'canvass-faults-'));
    await chmod(folder, 0o755);
    server = await startEmbedded(folder);
    proxy = await TcpProxy.to(portOf(server.url));
  });
  afterAll(async () => {
    await proxy.close();
    await server.stop();
    await rm(folder, { recursive: true, force: true });
  });
  beforeEach(async () => {
    const name = `t_${randomInt(1_000_000_000)}`;
    const first = await connected(server.superuserUrl);
    await first.query(`CREATE DATABASE ${name} OWNER ${new URL(server.url).username}`);
    await first.end();
    const url = new URL(server.url);
    url.port = String(proxy.port);
    url.pathname = `/${name}`;
    sink = await SinkProcess.start(['--log', join(folder, `${name}.log`), '--delay', '10']);
    app = await AppProcess.with({
      DATABASE_URL: url.href,
      SMTP_URL: sink.url,
      SMTP_CONNECTIONS: String(CONNECTIONS),
      API_TOKEN: TOKEN,
      LEASE_SECONDS: '3',
      WIRE_SECONDS: '4',
      RESEND_SECONDS: '2',
      SWEEP_MS: '300',
      LOG_LEVEL: 'fatal',
    });
    await app.start();
    sql = await connected(directly(name));
    whole = { app, token: TOKEN, sql, people: PEOPLE };
  });
  afterEach(async () => {
    proxy.open();
    await app.stop();
    await sink.stop();
    await sql.end().catch(() => undefined);
  });

  const directly = (name: string): string => {
    const url = new URL(server.superuserUrl);
    url.pathname = `/${name}`;
    return url.href;
  };
  /** Stops it as `pg_ctl stop -m fast` (SIGINT) or `-m immediate` (SIGQUIT) does, and starts it again. */
  const restart = async (signal: 'SIGINT' | 'SIGQUIT'): Promise<void> => {
    const { rows } = await sql.query<{ name: string }>('SELECT current_database() AS name');
    const database = new URL(server.url).pathname;
    const [pid] = (await readFile(join(folder, 'postgres', 'postmaster.pid'), 'utf8')).split('\n');
    process.kill(Number(pid), signal);
    await until(() => !isAlive(Number(pid)));
    server = await startEmbedded(folder);
    expect(new URL(server.url).pathname).toBe(database);
    proxy.open(portOf(server.url));
    sql = await connected(directly(rows[0]!.name));
    whole = { ...whole, sql };
  };

  it('goes on when PostgreSQL is restarted in the middle of a send, in order and at once', async () => {
    const place = await sendToEverybody(whole);
    await moreMails(sink, 150, PEOPLE);
    await restart('SIGINT');
    await moreMails(sink, 150, PEOPLE);
    await restart('SIGQUIT');
    await untilDone(whole, place);
    await account(sql, sink, PEOPLE);
  });

  it('keeps count when connections are cut in the middle of a commit, again and again', async () => {
    const seed = Number(process.env['FAULT_SEED'] ?? randomInt(1, 1_000_000));
    process.stdout.write(`cut connections: FAULT_SEED=${seed}\n`);
    const chance = randomBy(seed);
    const place = await sendToEverybody(whole);
    for (let cut = 0; cut < 6; cut += 1) {
      await moreMails(sink, Math.floor(10 + chance() * 80), PEOPLE);
      await pause(chance() * 40);
      proxy.cut();
    }
    await untilDone(whole, place);
    await account(sql, sink, PEOPLE);
  });

  it('stops sending while the database is away, says so to visitors, and goes on when it is back', async () => {
    const place = await sendToEverybody(whole);
    await moreMails(sink, 100, PEOPLE);
    proxy.shut();
    await until(async () => {
      const before = sink.witnessed().length;
      await pause(1000); // what was on the wire may still arrive
      return sink.witnessed().length === before;
    });
    const sent = sink.witnessed().length;
    await pause(3000);
    expect(sink.witnessed()).toHaveLength(sent);
    const survey = new URLSearchParams(place.split('?')[1]).get('surveyId');
    const page = await fetch(`${app.url}/a/${survey}`);
    expect(page.status).toBe(503);
    const words = await page.text();
    expect(words).not.toMatch(/ECONN|\.js:\d|Error:/);
    expect((await fetch(`${app.url}/readyz`)).status).toBe(503);
    expect((await fetch(`${app.url}/healthz`)).status).toBe(200);
    proxy.open();
    await untilDone(whole, place);
    await account(sql, sink, PEOPLE);
  });
});

function portOf(url: string): number {
  return Number(new URL(url).port);
}

async function connected(url: string): Promise<pg.Client> {
  const client = new pg.Client({ connectionString: url });
  client.on('error', () => undefined); // servers of these tests are stopped on purpose
  await client.connect();
  return client;
}

function isAlive(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return true;
  } catch {
    return false;
  }
}
