import type { DistributionStatus, HoldReason } from '../../src/ledger/distribution.entity.js';

/** Pill and words of each status beside those of holds and failures; a new one does not compile without. */
export const STATES: Record<Exclude<DistributionStatus, 'held' | 'failed' | 'generated'>, [string, string]> = {
  draft: ['Draft', 'Saved'],
  scheduled: ['Scheduled', 'Scheduled for'],
  planning: ['Planning', 'Looking through the contact list'],
  sending: ['Sending', 'Sending since'],
  done: ['Sent', 'Sent'],
  paused: ['Paused', 'Somebody paused this distribution. Nothing more is sent until it is resumed.'],
  cancelled: ['Cancelled', 'Cancelled'],
};

/** The words of each hold, '' where they are kept in the word file, and what happens next. */
export const HOLDS: Record<HoldReason, [string, string]> = {
  relay: ['No mail leaves by mail.acme.example:587: connect ETIMEDOUT.', 'we look again in 5 minutes'],
  domain: ['Mails from this address can’t be signed.', 'we look again in 5 minutes'],
  brand_suspended: ['', 'Nothing is lost.'],
  survey_paused: ['', 'Mails leave again when response collection is resumed.'],
  week: ['', 'a brand administrator can also raise it.'],
  late: ['', 'Send it now, or cancel it; until then it waits.'],
};

export function each<Key extends string, Value>(all: Record<Key, Value>): [Key, Value][] {
  return Object.entries(all) as [Key, Value][];
}

/** What follows a failure that is not mended in the mail itself. */
const ELSEWHERE = 'When that is settled, send it again.';
export const LOST = ['EQD12', 'EQD14'];
export const NEXT: Record<string, string> = {
  ...Object.fromEntries(['EQD01', 'EQD02', 'EQD06', 'EQD09', 'EQD10'].map((code) => [code, ELSEWHERE])),
  ...Object.fromEntries(LOST.map((code) => [code, 'Nothing was sent.'])),
};
