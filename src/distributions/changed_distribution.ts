import { tellOf as tellPages } from '../ledger/live/distribution.topics.js';
import type { Distribution } from '../ledger/distribution.entity.js';
import { dispatchDistribution, planDistribution } from '../ledger/distribution.jobs.js';
import type { Unit } from '../platform/db/database.js';
import type { Jobs } from '../platform/queue/jobs.js';

/** Has its next step taken after the commit: its mails are sent, or its time is looked at. */
export function wake(jobs: Jobs, { brandId, id, status }: Distribution): void {
  const kind = status === 'sending' ? dispatchDistribution : planDistribution;
  jobs.later(kind, { brandId, distributionId: id });
}

/** Writes what changed, and has open pages of it and of its survey hear of that after the commit. */
export async function tellOf(unit: Unit, distribution: Distribution): Promise<void> {
  await unit.flush();
  tellPages(unit, distribution);
}
