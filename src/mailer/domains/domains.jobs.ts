import { job } from '../../platform/queue/jobs.js';

/** One look at the DNS of a From domain. */
export const checkDomain = job<{ brandId: string; domainId: string }>('mailer.check-domain', 4);
