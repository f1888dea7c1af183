import { Controller, Get, HttpStatus, Optional, Res } from '@nestjs/common';
import type { Response } from 'express';
import { Public } from './auth/guard.js';
import { Clock } from './clock.js';
import { allMigrations } from '../../migrations/all.js';
import { Database } from './db/database.js';
import { RedisConnections } from './queue/redis.js';

/** More than this between our clock and the database's, and schedules mean different things to both. */
const CLOCKS_APART_MS = 60_000;

@Controller()
export class HealthController {
  private underWay: Promise<Record<string, string>> | undefined;

  constructor(
    private readonly database: Database,
    private readonly clock: Clock,
    @Optional() private readonly redis?: RedisConnections,
  ) {}

  /** The process lives. */
  @Get('healthz')
  @Public()
  live(): { status: string } {
    return { status: 'ok' };
  }

  /**
   * The process can work: the database answers, the schema is up to date, the clocks agree. A Redis that is away is told
   * and changes nothing: work goes on without it.
   */
  @Get('readyz')
  @Public()
  async ready(@Res() response: Response): Promise<void> {
    const checks = await this.sharedChecks();
    const { redis: _, ...needed } = checks;
    const isReady = Object.values(needed).every((word) => word === 'ok');
    response
      .status(isReady ? HttpStatus.OK : HttpStatus.SERVICE_UNAVAILABLE)
      .json({ status: isReady ? 'ok' : 'not ready', checks });
  }

  /** However many ask at once, the database is asked once. */
  private sharedChecks(): Promise<Record<string, string>> {
    this.underWay ??= this.checks().finally(() => {
      this.underWay = undefined;
    });
    return this.underWay;
  }

  private async checks(): Promise<Record<string, string>> {
    try {
      const [row] = await this.database.outsideBrands((unit) =>
        unit.sql<{ now: Date; keys: string }>(
          'SELECT clock_timestamp() AS now, (SELECT count(*) FROM installation_keys) AS keys',
        ),
      );
      const apart = Math.abs((row?.now.getTime() ?? 0) - this.clock.ms());
      return {
        database: 'ok',
        schema: schemaWord(Number(row?.keys), await this.migrated()),
        ...this.redisWord(),
        clock: apart < CLOCKS_APART_MS ? 'ok' : `${Math.round(apart / 1000)} s apart from the database`,
      };
    } catch {
      return { database: 'does not answer', ...this.redisWord() };
    }
  }

  /** By the owner of the schema: the role of units of work does not see this table. */
  private async migrated(): Promise<string[]> {
    const rows = await this.database.orm.em.getConnection().execute<{ name: string }[]>('SELECT name FROM migrations');
    return rows.map(({ name }) => name);
  }

  private redisWord(): { redis?: string } {
    return this.redis === undefined
      ? {}
      : { redis: this.redis.isThere ? 'ok' : 'does not answer; work is found in PostgreSQL' };
  }
}

function schemaWord(keys: number, migrated: string[]): string {
  const pending = allMigrations.filter(({ name }) => !migrated.includes(name));
  if (pending.length > 0) {
    const what = pending.length === 1 ? '1 migration has' : `${pending.length} migrations have`;
    return `${what} not run: restart, or run bin/canvass migrate`;
  }
  return keys > 0 ? 'ok' : 'the keys are missing';
}
