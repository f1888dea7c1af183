import 'reflect-metadata';
import { chmod, mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { NestExpressApplication } from '@nestjs/platform-express';
import { AccountsService } from '../../src/accounts/accounts.service.js';
import { closeApplication, readyDatabase, webApplication } from '../../src/boot.js';
import { BrandsService } from '../../src/brands/brands.service.js';
import { IdentificationByAccount } from '../../src/brands/identification.js';
import type { Actor } from '../../src/platform/auth/actor.js';
import { readConfig } from '../../src/platform/config.js';
import { Database } from '../../src/platform/db/database.js';
import { exampleDefinition } from '../../src/engine/definition.js';
import { SurveysService } from '../../src/surveys/surveys.service.js';

/** The whole product in this process, on an embedded PostgreSQL with the settings that operators get: durable. */
export interface Installation {
  app: NestExpressApplication;
  database: Database;
  /** As the superuser: benchmarks fill and count the tables of all brands. */
  superuserUrl: string;
  actor: Actor;
  surveyId: string;
  close(): Promise<void>;
}

/** An installation with one brand, whose limits stand in nobody's way, one person and one active survey. */
export async function anInstallation(settings: Record<string, string> = {}): Promise<Installation> {
  const folder = await mkdtemp(join(tmpdir(), 'canvass-bench-'));
  await chmod(folder, 0o755); // the database server runs as another user
  const config = readConfig({ PORT: '0', DATA_DIR: folder, DEMO: '0', LOG_LEVEL: 'error', ...settings });
  const server = await readyDatabase(config);
  const app = await webApplication(config, server.url);
  const actor = await somebody(app);
  const surveys = app.get(SurveysService);
  const { id: surveyId } = await surveys.create(actor, { name: 'Pulse', definition: exampleDefinition() });
  await surveys.activate(actor, surveyId);
  return {
    app,
    database: app.get(Database),
    superuserUrl: server.superuserUrl ?? server.url,
    actor,
    surveyId,
    close: async () => {
      await closeApplication(app);
      await server.stop();
      await rm(folder, { recursive: true, force: true });
    },
  };
}

async function somebody(app: NestExpressApplication): Promise<Actor> {
  const brand = await app.get(BrandsService).create('Acme');
  await app
    .get(Database)
    .inBrand(brand.id, (unit) =>
      unit.run(
        'UPDATE brands SET weekly_email_limit = 100000000, weekly_email_limit_per_user = 100000000 WHERE id = $1',
        [brand.id],
      ),
    );
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
