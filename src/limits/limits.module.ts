import { Module } from '@nestjs/common';
import { LimitMeters } from './limit_meters.js';
import { WeeklyLimits } from './weekly_limits.service.js';

/** What people, divisions and brands may send in a week. */
@Module({
  providers: [LimitMeters, WeeklyLimits],
  exports: [LimitMeters, WeeklyLimits],
})
export class LimitsModule {}
