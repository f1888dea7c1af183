import { Controller, Get, HttpStatus, Res } from '@nestjs/common';
import type { Response } from 'express';
import { Public } from './auth/guard.js';
import { Clock } from './clock.js';
import { Database } from './db/database.js';

/** More than this between our clock and the database's, and schedules mean different things to both. */
const CLOCKS_APART_MS = 60_000;

@Controller()
export class HealthController {
  constructor(
    private readonly database: Database,
    private readonly clock: Clock,
  ) {}

  /** The process lives. */
  @Get('healthz')
  @Public()
  live(): { status: string } {
    return { status: 'ok' };
  }

  /** The process can work: the database answers, the schema is there, the clocks agree. */
  @Get('readyz')
  @Public()
  async ready(@Res() response: Response): Promise<void> {
    const checks = await this.checks();
    const isReady = Object.values(checks).every((word) => word === 'ok');
    response
      .status(isReady ? HttpStatus.OK : HttpStatus.SERVICE_UNAVAILABLE)
      .json({ status: isReady ? 'ok' : 'not ready', checks });
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
        schema: Number(row?.keys) > 0 ? 'ok' : 'the keys are missing',
        clock: apart < CLOCKS_APART_MS ? 'ok' : `${Math.round(apart / 1000)} s apart from the database`,
      };
    } catch {
      return { database: 'does not answer' };
    }
  }
}
