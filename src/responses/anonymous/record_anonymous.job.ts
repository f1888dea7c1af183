import { Injectable } from '@nestjs/common';
import type { PayloadOf } from '../../platform/queue/jobs.js';
import { type Performs, PerformsJob } from '../../platform/queue/jobs.js';
import { AnonymousRecording } from './anonymous_recording.js';
import { recordAnonymous } from '../responses.jobs.js';

/**
 * Runs when the sweep finds anonymous answers whose while is over. Safe to run twice: each is taken and recorded by one
 * statement, and skipped by everybody else.
 */
@PerformsJob(recordAnonymous)
@Injectable()
export class RecordAnonymousJob implements Performs<PayloadOf<typeof recordAnonymous>> {
  constructor(private readonly recording: AnonymousRecording) {}

  async perform({ brandId }: PayloadOf<typeof recordAnonymous>): Promise<void> {
    await this.recording.run(brandId);
  }

  async due(): Promise<PayloadOf<typeof recordAnonymous>[]> {
    return (await this.recording.waiting()).map((brandId) => ({ brandId }));
  }
}
