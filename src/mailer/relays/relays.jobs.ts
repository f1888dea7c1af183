import { job } from '../../platform/queue/jobs.js';

/** One try of a relay that did not answer. */
export const knockRelay = job<{ brandId: string; relayId: string }>('mailer.knock-relay', 4);
