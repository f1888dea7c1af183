import { randomBytes } from 'node:crypto';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import pg from 'pg';
import { freshDatabase } from '../../database.js';
import { SinkProcess } from '../../mailer/witness.js';
import { AppProcess } from '../../distributions/app_process.js';

/** Connections of each process: the most mails that one death can leave in doubt. */
export const CONNECTIONS = 5;
export const TOKEN = 'token-of-the-power-cuts-0123456789';

/** Starts an installation with a sink of its own, does something with it, and takes it down. */
export async function inAnInstallation(
  work: (parts: {
    sql: pg.Client;
    sink: SinkProcess;
    app: (more?: Record<string, string>) => Promise<AppProcess>;
  }) => Promise<void>,
  sinkOptions: string[] = ['--delay', '5'],
): Promise<void> {
  const folder = await mkdtemp(join(tmpdir(), 'canvass-cut-'));
  const database = await freshDatabase();
  const sql = new pg.Client({ connectionString: database.superuserUrl });
  await sql.connect();
  const sink = await SinkProcess.start(['--log', join(folder, 'sink.log'), ...sinkOptions]);
  const settings = {
    DATABASE_URL: database.url,
    SECRET_KEY: randomBytes(32).toString('hex'),
    SMTP_URL: sink.url,
    SMTP_CONNECTIONS: String(CONNECTIONS),
    API_TOKEN: TOKEN,
    LEASE_SECONDS: '2',
    WIRE_SECONDS: '3',
    RESEND_SECONDS: '2',
    SWEEP_MS: '200',
  };
  const started: AppProcess[] = [];
  const app = async (more: Record<string, string> = {}): Promise<AppProcess> => {
    const one = await AppProcess.with({ ...settings, ...more });
    started.push(one);
    await one.start();
    return one;
  };
  try {
    await work({ sql, sink, app });
  } finally {
    await Promise.all(started.map((one) => one.stop()));
    await sink.stop();
    await sql.end();
    await database.drop();
    await rm(folder, { recursive: true, force: true });
  }
}
