import { job } from '../platform/queue/jobs.js';

export const closeSessions = job<{ brandId: string }>('responses.close-sessions');
