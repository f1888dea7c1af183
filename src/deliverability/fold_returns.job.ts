import { Injectable, type OnModuleInit } from '@nestjs/common';
import { MailCameBack } from '../inbound/inbound.events.js';
import { Database } from '../platform/db/database.js';
import { Events } from '../platform/events.js';
import { Jobs, type Performs, PerformsJob } from '../platform/queue/jobs.js';
import { foldReturns } from './returns.jobs.js';
import { Forwarding } from './forwarding.js';
import { ReturnsService } from './evidence/returns.service.js';

/** When mails came back and were read. Safe to run twice: each is taken in the transaction that marks it as taken. */
@PerformsJob(foldReturns)
@Injectable()
export class FoldReturnsJob implements Performs<{ brandId: string }>, OnModuleInit {
  constructor(
    private readonly returns: ReturnsService,
    private readonly forwarding: Forwarding,
    private readonly database: Database,
    private readonly events: Events,
    private readonly jobs: Jobs,
  ) {}

  onModuleInit(): void {
    this.events.on(MailCameBack, ({ brandId }) => this.jobs.later(foldReturns, { brandId }));
  }

  async perform({ brandId }: { brandId: string }): Promise<void> {
    await this.returns.fold(brandId);
    await this.forwarding.forward(brandId);
  }

  due(): Promise<{ brandId: string }[]> {
    return this.database.outsideBrands((unit) =>
      unit.sql('SELECT brand_id AS "brandId" FROM find_brands_with_returns()'),
    );
  }
}
