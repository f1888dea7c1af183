import type { NestExpressApplication } from '@nestjs/platform-express';
import { closeApplication, webApplication } from '../../src/boot.js';
import type { Clock } from '../../src/platform/clock.js';
import { Config } from '../../src/platform/config.js';
import { DatabaseAddress } from '../../src/platform/db/address.js';
import type { World } from '../world.js';

/** The same installation once more: another process would share the database and nothing else. */
export async function secondApp(world: World): Promise<{ app: NestExpressApplication; close(): Promise<void> }> {
  const clock: Clock = world.clock;
  const app = await webApplication(world.app.get(Config), world.app.get(DatabaseAddress).url, clock);
  await app.listen(0, '127.0.0.1');
  return { app, close: () => closeApplication(app) };
}
