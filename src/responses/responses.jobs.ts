import { job } from '../platform/queue/jobs.js';

export const closeSessions = job<{ brandId: string }>('responses.close-sessions');

export const recordAnonymous = job<{ brandId: string }>('responses.record-anonymous');

export const writeExport = job<{ brandId: string; exportId: string }>('responses.write-export', 2);
