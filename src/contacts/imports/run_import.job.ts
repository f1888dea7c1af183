import { Injectable } from '@nestjs/common';
import { Database } from '../../platform/db/database.js';
import { type PayloadOf, PerformsJob, type Performs } from '../../platform/queue/jobs.js';
import { runImport } from './contact_imports.jobs.js';
import { Importing } from './importing.js';

type Payload = PayloadOf<typeof runImport>;

@PerformsJob(runImport)
@Injectable()
export class RunImportJob implements Performs<Payload> {
  constructor(
    private readonly importing: Importing,
    private readonly database: Database,
  ) {}

  perform({ brandId, importId }: Payload): Promise<void> {
    return this.importing.run(brandId, importId);
  }

  /** Also those that run elsewhere: `run` leaves them alone unless their heartbeat has stopped. */
  due(): Promise<Payload[]> {
    return this.database.outsideBrands((unit) =>
      unit.sql<Payload>('SELECT brand_id AS "brandId", import_id AS "importId" FROM find_open_imports()'),
    );
  }
}
