import type { RecipientRow } from './recipients.sql.js';

/** Where a recipient is, told by one word: the latest thing that happened. Keys of `distributions.status`. */
export type RecipientStatus =
  | 'finished'
  | 'screened_out'
  | 'quota_full'
  | 'partial'
  | 'session_expired'
  | 'started'
  | 'complained'
  | 'bounced_hard'
  | 'bounced_soft'
  | 'opted_out'
  | 'opened'
  | 'accepted'
  | 'failed'
  | 'uncertain'
  | 'resending'
  | 'skipped'
  | 'cancelled'
  | 'sending'
  | 'retrying'
  | 'queued'
  | 'planned';

type Happening = Pick<
  RecipientRow,
  | 'state'
  | 'attempts'
  | 'resendAt'
  | 'bounceType'
  | 'bouncedAt'
  | 'complainedAt'
  | 'openedAt'
  | 'startedAt'
  | 'partialAt'
  | 'finishedAt'
  | 'screenedOutAt'
  | 'quotaFullAt'
  | 'sessionExpiredAt'
  | 'optedOutAt'
>;

export function statusOf(row: Happening): RecipientStatus {
  return answered(row) ?? delivered(row) ?? sent(row);
}

/** Of a session whose time was over the word is what it left: a partial response, or nothing. */
function answered(row: Happening): RecipientStatus | undefined {
  const ends: readonly [Date | null, RecipientStatus][] = [
    [row.finishedAt, 'finished'],
    [row.screenedOutAt, 'screened_out'],
    [row.quotaFullAt, 'quota_full'],
    [row.partialAt, 'partial'],
    [row.sessionExpiredAt, 'session_expired'],
    [row.startedAt, 'started'],
  ];
  return ends.find(([at]) => at !== null)?.[1];
}

function delivered(row: Happening): RecipientStatus | undefined {
  if (row.complainedAt !== null) {
    return 'complained';
  }
  if (row.bouncedAt !== null) {
    return row.bounceType === 'soft' ? 'bounced_soft' : 'bounced_hard';
  }
  if (row.optedOutAt !== null && row.state === 'accepted') {
    return 'opted_out';
  }
  return row.openedAt === null ? undefined : 'opened';
}

function sent({ state, attempts, resendAt }: Happening): RecipientStatus {
  if (state === 'leased' || state === 'wire') {
    return 'sending';
  }
  if (state === 'queued') {
    return attempts > 0 ? 'retrying' : 'queued';
  }
  return state === 'uncertain' && resendAt !== null ? 'resending' : state;
}

/** The words of the v3 API's history, which has one for all whom a survey turned away. */
export const HISTORY_STATUS: Readonly<Record<RecipientStatus, string>> = {
  finished: 'SurveyFinished',
  screened_out: 'SurveyScreenedOut',
  quota_full: 'SurveyScreenedOut',
  partial: 'SurveyPartiallyFinished',
  session_expired: 'SessionExpired',
  started: 'SurveyStarted',
  complained: 'Complaint',
  bounced_hard: 'HardBounce',
  bounced_soft: 'SoftBounce',
  opted_out: 'Success',
  opened: 'Opened',
  accepted: 'Success',
  failed: 'Failure',
  uncertain: 'Unknown',
  resending: 'Unknown',
  skipped: 'Skipped',
  cancelled: 'Skipped',
  sending: 'Pending',
  retrying: 'Pending',
  queued: 'Pending',
  planned: 'Pending',
};

/** What is told of a recipient before what became of the link. */
const BEFORE_LINK: readonly RecipientStatus[] = [
  'finished',
  'screened_out',
  'quota_full',
  'complained',
  'bounced_hard',
  'bounced_soft',
  'opted_out',
  'failed',
  'skipped',
  'cancelled',
];

/** The word of the list of links and of the history file: a link that lets nobody in says so. */
export function linkStatusOf(row: Happening & Pick<RecipientRow, 'linkState'>): string {
  const status = statusOf(row);
  if (BEFORE_LINK.includes(status)) {
    return LINK_STATUS[status];
  }
  if (row.linkState === 'revoked' || row.linkState === 'expired') {
    return row.linkState === 'revoked' ? 'Link Revoked' : 'Link Expired';
  }
  // A personal link went by no mail of ours.
  return status === 'opened' && row.state === 'planned' ? 'Link Opened' : LINK_STATUS[status];
}

const LINK_STATUS: Readonly<Record<RecipientStatus, string>> = {
  finished: 'Survey Finished',
  screened_out: 'Survey Screened Out',
  quota_full: 'Survey Quota Full',
  partial: 'Survey Partially Finished',
  session_expired: 'Session Expired',
  started: 'Survey Started',
  complained: 'Complaint',
  bounced_hard: 'Email Hard Bounce',
  bounced_soft: 'Email Soft Bounce',
  opted_out: 'Opted Out',
  opened: 'Email Opened',
  accepted: 'Email Sent',
  failed: 'Email Failed',
  uncertain: 'Email Uncertain',
  resending: 'Email Uncertain',
  skipped: 'Skipped',
  cancelled: 'Cancelled',
  sending: 'Email Sending',
  retrying: 'Email Deferred',
  queued: 'Email not sent',
  planned: 'Email not sent',
};
