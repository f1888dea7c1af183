import 'reflect-metadata';
import { mkdir } from 'node:fs/promises';
import type { NestExpressApplication } from '@nestjs/platform-express';
import { closeApplication, readyDatabase, webApplication } from './boot.js';
import { Demo } from './demo/demo.js';
import { prepareFirstStart } from './first_start.js';
import { BadConfiguration, type Config, readConfig } from './platform/config.js';
import { DomainError } from './platform/errors.js';
import { armFailpoint } from './platform/failpoint.js';
import { takeRunLock } from './platform/run_lock.js';
import { addresses } from './platform/web/addresses.js';

/** Starts web and worker (by ROLE) and stays until it is told to stop. */
async function main(): Promise<void> {
  const config = readConfig();
  armFailpoint(config.FAILPOINT);
  await mkdir(config.dataDir, { recursive: true });
  // Several processes may share the folder of an installation whose database is elsewhere.
  const release = config.DATABASE_URL === undefined ? await takeRunLock(config.dataDir) : () => Promise.resolve();
  const database = await readyDatabase(config);
  try {
    const app = await serve(config, database.url);
    stopOnSignals(async () => {
      await closeApplication(app);
      await database.stop();
      await release();
    });
  } catch (error) {
    // A start that fails (a taken port, a refused password) leaves no database of ours running behind.
    await database.stop();
    await release();
    throw error;
  }
}

async function serve(config: Config, databaseUrl: string): Promise<NestExpressApplication> {
  const app = await webApplication(config, databaseUrl);
  const first = await prepareFirstStart(app, config);
  await app.listen(config.PORT, config.HOST);
  announce(config, first);
  if (first !== undefined && config.DEMO) {
    const host = ['0.0.0.0', '::'].includes(config.HOST) ? '127.0.0.1' : config.HOST;
    const { port } = app.getHttpServer().address() as { port: number };
    void app.get(Demo).fill(first.brandId, first.userId, `http://${host}:${port}`);
  }
  return app;
}

function announce(config: Config, first: Awaited<ReturnType<typeof prepareFirstStart>>): void {
  const lines = ['', `Canvass is at ${config.baseUrl}`];
  if (first !== undefined) {
    lines.push(`The first brand is “${first.brandName}”; its administrator signs in as ${first.email}.`);
    lines.push(
      first.signInLink === undefined
        ? 'Use the password from ADMIN_PASSWORD.'
        : `One-time sign-in link, good for an hour:\n  ${first.signInLink}`,
    );
  }
  lines.push(config.keepsMails ? `Mails stay on this machine: ${config.baseUrl}${addresses.mailer.mailbox()}` : '', '');
  process.stdout.write(`${lines.join('\n')}\n`);
}

/** The first signal stops in order; a second one, for the impatient, at once. */
function stopOnSignals(stop: () => Promise<void>): void {
  let isStopping = false;
  const onSignal = (): void => {
    if (isStopping) {
      process.exit(1);
    }
    isStopping = true;
    process.stdout.write('Stopping …\n');
    stop().then(
      () => process.exit(0),
      (error: unknown) => {
        process.stderr.write(`${String(error)}\n`);
        process.exit(1);
      },
    );
  };
  process.on('SIGINT', onSignal);
  process.on('SIGTERM', onSignal);
}

main().catch((error: unknown) => {
  const isPlain = error instanceof BadConfiguration || error instanceof DomainError;
  const words = isPlain ? error.message : ((error as Error).stack ?? String(error));
  process.stderr.write(`${words}\n`);
  process.exit(1);
});
