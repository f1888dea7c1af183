import { Injectable } from '@nestjs/common';
import { Clock } from '../../platform/clock.js';
import { Database } from '../../platform/db/database.js';
import { type PayloadOf, type Performs, PerformsJob } from '../../platform/queue/jobs.js';
import { DomainChecks } from './domain_checks.js';
import { checkDomain } from './domains.jobs.js';

type Payload = PayloadOf<typeof checkDomain>;

/** When somebody asks, daily, and hourly while something is wrong. Safe to run twice: the first takes it. */
@PerformsJob(checkDomain)
@Injectable()
export class CheckDomainJob implements Performs<Payload> {
  constructor(
    private readonly checks: DomainChecks,
    private readonly database: Database,
    private readonly clock: Clock,
  ) {}

  perform({ brandId, domainId }: Payload): Promise<void> {
    return this.checks.run(brandId, domainId);
  }

  due(): Promise<Payload[]> {
    return this.database.outsideBrands((unit) =>
      unit.sql<Payload>('SELECT brand_id AS "brandId", domain_id AS "domainId" FROM find_domains_to_check($1)', [
        this.clock.now(),
      ]),
    );
  }
}
