import { Injectable } from '@nestjs/common';
import { WeeklyLimitsChanged } from '../brands/brands.events.js';
import { Events } from '../platform/events.js';
import { Releases } from './releases.service.js';

/** A limit that is lowered stops at the wire what exceeds it; one that is raised lets go what waited, without a clock. */
@Injectable()
export class WeeklyLimitsListener {
  constructor(events: Events, releases: Releases) {
    events.on(WeeklyLimitsChanged, ({ brandId }) => releases.limitsChanged(brandId));
  }
}
