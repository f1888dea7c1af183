import { Injectable } from '@nestjs/common';
import type { PayloadOf } from '../platform/queue/jobs.js';
import { type Performs, PerformsJob } from '../platform/queue/jobs.js';
import { Folding } from './folding.js';
import { foldSummaries } from './summaries.jobs.js';

/**
 * Runs when the sweep finds deltas. Safe to run twice and to be killed: a batch is one transaction, and a second
 * folder of the same brand finds the lock taken and leaves.
 */
@PerformsJob(foldSummaries)
@Injectable()
export class FoldSummariesJob implements Performs<PayloadOf<typeof foldSummaries>> {
  constructor(private readonly folding: Folding) {}

  async perform({ brandId }: PayloadOf<typeof foldSummaries>): Promise<void> {
    await this.folding.fold(brandId);
  }

  async due(): Promise<PayloadOf<typeof foldSummaries>[]> {
    return (await this.folding.waiting()).map((brandId) => ({ brandId }));
  }
}
