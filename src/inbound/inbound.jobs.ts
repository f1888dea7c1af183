import { job } from '../platform/queue/jobs.js';

/** Reads the mails of a brand that came back. */
export const readInboundMails = job<{ brandId: string }>('mailer.read-inbound-mails');

/** Fetches what came into the mailbox for bounces. */
export const fetchBounceMailbox = job<{ mailbox: string }>('mailer.fetch-bounce-mailbox');
