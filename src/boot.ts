import { Logger, type INestApplicationContext } from '@nestjs/common';
import { NestFactory } from '@nestjs/core';
import { MikroORM } from '@mikro-orm/postgresql';
import type { NestExpressApplication } from '@nestjs/platform-express';
import express from 'express';
import { AppModule } from './app.module.js';
import { Clock } from './platform/clock.js';
import { BadConfiguration, type Config } from './platform/config.js';
import { startEmbedded } from './platform/db/embedded.js';
import { connectsAsSuperuser, migrate, weaknessOfRole } from './platform/db/orm.js';
import { mustOpenKeys } from './platform/keys.js';
import { Log } from './platform/log.js';
import { AnsweringAdapter } from './platform/web/answers.js';
import { boundConnections } from './platform/web/admission/connections.js';
import { setUpWeb } from './platform/web/setup.js';

/** A database that is ready: there, migrated, and with the wall between brands standing. */
export interface ReadyDatabase {
  url: string;
  /** Of the embedded server only, for benchmarks that look over the walls between brands. */
  superuserUrl?: string;
  wasRunning: boolean;
  stop(): Promise<void>;
}

/** Connects to DATABASE_URL or starts the embedded server, then brings the schema up to date. */
export async function readyDatabase(config: Config): Promise<ReadyDatabase> {
  const server =
    config.DATABASE_URL === undefined
      ? await startEmbedded(config.dataDir)
      : { url: config.DATABASE_URL, wasRunning: true, stop: () => Promise.resolve() };
  try {
    await mustOpenKeys(server.url, config);
    await migrate(server.url);
    const weakness = await weaknessOfRole(server.url);
    if (weakness !== undefined) {
      throw new BadConfiguration([`DATABASE_URL: ${weakness}`]);
    }
    if (await connectsAsSuperuser(server.url)) {
      new Logger('Boot').warn('DATABASE_URL connects as a superuser; a role that only owns the database is enough.');
    }
    return server;
  } catch (error) {
    await server.stop();
    throw error;
  }
}

/** The web application on top of a ready database, not yet listening. */
export async function webApplication(
  config: Config,
  databaseUrl: string,
  clock?: Clock,
): Promise<NestExpressApplication> {
  const server = express();
  // Before the first route: `/api/v3` must not be a second name of `/API/v3` that the rules for programs do not know.
  server.set('case sensitive routing', true);
  const app = await NestFactory.create<NestExpressApplication>(
    AppModule.with(surroundings(config, databaseUrl, clock)),
    new AnsweringAdapter(server),
    {
      bodyParser: false,
      abortOnError: false,
      logger: new Log(config),
    },
  );
  setUpWeb(app);
  boundConnections(app.getHttpServer(), config);
  await app.init();
  return app;
}

/** The same modules without a web server, for commands. */
export async function commandContext(config: Config, databaseUrl: string): Promise<INestApplicationContext> {
  const quiet = Object.assign(Object.create(config) as Config, { ROLE: 'web' as const });
  Object.defineProperties(quiet, { runsWork: { value: false }, runsSchedule: { value: false } });
  return NestFactory.createApplicationContext(AppModule.with(surroundings(quiet, databaseUrl)), {
    abortOnError: false,
    logger: ['error', 'fatal'],
  });
}

/** Stops everything in order: no new requests, running work, connections. */
export async function closeApplication(app: INestApplicationContext): Promise<void> {
  const orm = app.get(MikroORM);
  await app.close();
  await orm.close(true).catch((error: unknown) => new Logger('Boot').warn(String(error)));
}

function surroundings(
  config: Config,
  databaseUrl: string,
  clock?: Clock,
): { config: Config; databaseUrl: string; clock?: Clock } {
  return clock === undefined ? { config, databaseUrl } : { config, databaseUrl, clock };
}
