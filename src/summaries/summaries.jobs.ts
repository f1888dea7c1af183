import { job } from '../platform/queue/jobs.js';

export const foldSummaries = job<{ brandId: string }>('summaries.fold');
