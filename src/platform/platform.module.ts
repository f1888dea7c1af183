import { MikroOrmModule } from '@mikro-orm/nestjs';
import { type DynamicModule, Global, Module } from '@nestjs/common';
import { APP_GUARD, APP_INTERCEPTOR, DiscoveryModule } from '@nestjs/core';
import { PostgreSqlDriver } from '@mikro-orm/postgresql';
import { AccessGuard } from './auth/guard.js';
import { Chance } from './chance.js';
import { Clock } from './clock.js';
import { Config } from './config.js';
import { DatabaseAddress } from './db/address.js';
import { ClockWatch } from './db/clock_watch.js';
import { Database } from './db/database.js';
import { ormOptions } from './db/orm.js';
import { Events } from './events.js';
import { HealthController } from './health.controller.js';
import { SecurityTxtController } from './security_txt.controller.js';
import { Ids } from './ids.js';
import { Keys } from './keys.js';
import { Names } from './net/names.js';
import { Downloads } from './net/downloads.js';
import { Outside } from './net/outside.js';
import { queueModules, queueProviders } from './queue/adapter.js';
import { Jobs } from './queue/jobs.js';
import { Performers } from './queue/performers.js';
import { BodyGuard } from './web/bodies/body_guard.js';
import { InFlight } from './web/bodies/in_flight.js';
import { DoorLimits } from './web/admission/door_limits.js';
import { FairTurns } from './web/admission/fair_turns.js';
import { Live } from './web/live.js';
import { Views } from './web/views.js';
import { WayBackController } from './web/session/way_back.controller.js';
import { TaskPool } from './tasks/task_pool.js';

const PARTS = [
  Chance,
  Database,
  ClockWatch,
  DoorLimits,
  Downloads,
  Events,
  Jobs,
  Keys,
  Ids,
  InFlight,
  Live,
  Names,
  Outside,
  TaskPool,
];

/** What every module stands on. It knows nothing about surveys. */
@Global()
@Module({})
export class PlatformModule {
  static with({
    config,
    databaseUrl,
    clock = new Clock(),
  }: {
    config: Config;
    databaseUrl: string;
    clock?: Clock;
  }): DynamicModule {
    return {
      module: PlatformModule,
      controllers: [HealthController, SecurityTxtController, WayBackController],
      imports: [
        DiscoveryModule,
        ...queueModules(config),
        MikroOrmModule.forRoot({
          ...ormOptions(databaseUrl, { size: config.DATABASE_POOL, patienceMs: config.DATABASE_PATIENCE_MS }),
          driver: PostgreSqlDriver,
          autoLoadEntities: true,
          registerRequestContext: false,
        }),
      ],
      providers: [
        ...PARTS,
        ...queueProviders(config),
        Performers,
        { provide: Config, useValue: config },
        { provide: Clock, useValue: clock },
        { provide: DatabaseAddress, useValue: new DatabaseAddress(databaseUrl) },
        { provide: Views, useFactory: () => new Views() },
        // In this order: a body is read when it is known who may.
        { provide: APP_GUARD, useClass: AccessGuard },
        { provide: APP_GUARD, useClass: BodyGuard },
        { provide: APP_INTERCEPTOR, useClass: FairTurns },
      ],
      exports: [...PARTS, Jobs, Config, Clock, DatabaseAddress, Views],
    };
  }
}
