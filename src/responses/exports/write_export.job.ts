import { Injectable } from '@nestjs/common';
import type { PayloadOf } from '../../platform/queue/jobs.js';
import { type Performs, PerformsJob } from '../../platform/queue/jobs.js';
import { writeExport } from '../responses.jobs.js';
import { ExportWriting } from './export_writing.js';
import { ExportsService } from './exports.service.js';

/**
 * Runs when an export is asked for, and again from the start when its worker fell silent for a minute. Safe to run twice:
 * the claim is one statement, and a file is told of only when it is whole.
 */
@PerformsJob(writeExport)
@Injectable()
export class WriteExportJob implements Performs<PayloadOf<typeof writeExport>> {
  constructor(
    private readonly writing: ExportWriting,
    private readonly exports: ExportsService,
  ) {}

  async perform({ brandId, exportId }: PayloadOf<typeof writeExport>): Promise<void> {
    await this.writing.write(brandId, exportId);
  }

  async due(): Promise<PayloadOf<typeof writeExport>[]> {
    return this.exports.open();
  }
}
