import { job } from '../platform/queue/jobs.js';

/** Mails that came back, from the mailer into the ledger; replies go on to authors. */
export const foldReturns = job<{ brandId: string }>('distributions.fold-returns');

/** What receivers did with mails, from differences into days. */
export const foldDeliveriesOf = job<{ brandId: string }>('distributions.fold-deliveries');
