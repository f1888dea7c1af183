import { Injectable, type OnModuleInit } from '@nestjs/common';
import { Events } from '../../platform/events.js';
import type { PayloadOf } from '../../platform/queue/jobs.js';
import { Jobs, type Performs, PerformsJob } from '../../platform/queue/jobs.js';
import { SurveyStageChanged } from '../../surveys/surveys.events.js';
import { closeSessions } from '../responses.jobs.js';
import { SessionsService } from './sessions.service.js';

/**
 * Runs when a survey is paused and when the sweep finds walks whose time is over. Safe to run twice: a walk is locked,
 * closed once, and skipped by everybody else.
 */
@PerformsJob(closeSessions)
@Injectable()
export class CloseSessionsJob implements Performs<PayloadOf<typeof closeSessions>>, OnModuleInit {
  constructor(
    private readonly sessions: SessionsService,
    private readonly events: Events,
    private readonly jobs: Jobs,
  ) {}

  onModuleInit(): void {
    this.events.on(SurveyStageChanged, ({ brandId, stage }) => {
      if (stage === 'paused') {
        this.jobs.later(closeSessions, { brandId });
      }
    });
  }

  async perform({ brandId }: PayloadOf<typeof closeSessions>): Promise<void> {
    await this.sessions.closeExpiredSessions(brandId);
  }

  async due(): Promise<PayloadOf<typeof closeSessions>[]> {
    return (await this.sessions.waiting()).map((brandId) => ({ brandId }));
  }
}
