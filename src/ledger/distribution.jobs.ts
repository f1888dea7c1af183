import { job } from '../platform/queue/jobs.js';

export interface DistributionKey {
  brandId: string;
  distributionId: string;
}

/** Writes the ledger of a distribution that is due, or looks whether one that is held may go on. */
export const planDistribution = job<DistributionKey>('distributions.plan', 2);

/** A reminder or a thank-you that goes to each person so long after their own mail. */
export const followUpRound = job<DistributionKey>('distributions.follow-up-round');

/** Sends for some seconds from one distribution, then lets the next one have a turn. */
export const dispatchDistribution = job<DistributionKey>('distributions.dispatch', 4);

/** Counts what sending a draft to a long list would do. */
export const countOutlook = job<DistributionKey>('distributions.count-outlook');

/** Messages whose process went away, and uncertain ones whose wait is over. */
export const sweepLedger = job<{ brandId: string }>('distributions.sweep-ledger');

/** Opened, started and finished, from the responses' outbox into the ledger. */
export const foldResponses = job<{ brandId: string }>('distributions.fold-responses');
