import { BullModule } from '@nestjs/bull';
import { type DynamicModule, Module, type Provider } from '@nestjs/common';
import type { Config } from '../config.js';
import { BullJobs } from './bull_jobs.js';
import { declaredJobs, Jobs } from './jobs.js';
import { RedisConnections } from './redis.js';

// A worker that is busy for longer keeps its lock by renewing it; one that died is found out after this long.
const LOCK_MS = 60_000;
// Being found dead again and again must not end a wake-up: the work is safe to run twice.
const MOST_STALLS = 1000;

/** One place for the connections of all queues. */
@Module({ providers: [RedisConnections], exports: [RedisConnections] })
class RedisModule {}

/** A queue for each kind of work, where there is a Redis. */
export function queueModules({ REDIS_URL }: Config): (DynamicModule | typeof RedisModule)[] {
  if (REDIS_URL === undefined) {
    return [];
  }
  const shared = BullModule.forRootAsync({
    imports: [RedisModule],
    inject: [RedisConnections],
    useFactory: (redis: RedisConnections) => ({
      prefix: 'canvass',
      createClient: (type) => redis.of(type),
      defaultJobOptions: { removeOnComplete: true, removeOnFail: true, attempts: 1 },
      settings: { lockDuration: LOCK_MS, maxStalledCount: MOST_STALLS },
    }),
  });
  return [RedisModule, shared, BullModule.registerQueue(...declaredJobs().map((name) => ({ name })))];
}

/** How wake-ups travel: by Redis where there is one, else within the process. */
export function queueProviders({ REDIS_URL }: Config): Provider[] {
  return REDIS_URL === undefined ? [Jobs] : [{ provide: Jobs, useClass: BullJobs }];
}
