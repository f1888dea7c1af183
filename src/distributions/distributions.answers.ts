import type { LinksService } from '../links/links.service.js';
import type { Ids } from '../platform/ids.js';
import type { Distribution, DistributionStatus } from '../ledger/distribution.entity.js';
import type { Family } from './follow_ups/families.js';
import { ruleIn } from '../ledger/reasons.js';
import { HISTORY_STATUS, linkStatusOf, statusOf } from '../ledger/recipients/recipient_status.js';
import type { RecipientRow } from '../ledger/recipients/recipients.sql.js';
import type { Tallies } from '../ledger/tallies.js';

/** How distributions look to clients of the v3 API: their field names, ids and status words. */

const REQUEST_STATUS: Readonly<Record<DistributionStatus, string>> = {
  draft: 'Draft',
  scheduled: 'Pending',
  planning: 'Pending',
  sending: 'Pending',
  done: 'Done',
  held: 'Pending',
  paused: 'Pending',
  cancelled: 'Cancelled',
  failed: 'Failed',
  generated: 'Generated',
};

/** Whose distribution it is, and what ids are made with. */
export interface AnswerParts {
  ids: Ids;
  brand: { slug: string };
}

/** @param family of a follow-up, which may have no time but an expected one */
export function distributionAnswer(
  { ids, brand }: AnswerParts,
  distribution: Distribution,
  tallies: Tallies,
  family?: Family,
): object {
  const { id, ownerId, embedded, errorCode, errorText } = distribution;
  const hasPairs = Object.keys(embedded).length > 0;
  return {
    id: ids.show('EMD', id),
    parentDistributionId: distribution.parentId === null ? null : ids.show('EMD', distribution.parentId),
    ownerId: ids.show('UR', ownerId),
    organizationId: brand.slug,
    requestStatus: distribution.channel === 'gl' ? 'Generated' : REQUEST_STATUS[distribution.status],
    requestType: distribution.requestType,
    sendDate: iso(distribution.sendAt ?? family?.expected?.from ?? distribution.createdAt),
    createdDate: iso(distribution.createdAt),
    modifiedDate: iso(distribution.modifiedAt),
    customHeaders: null,
    headers: headersOf(distribution),
    recipients: recipientsOf(ids, distribution),
    message: messageOf(ids, distribution),
    surveyLink: surveyLinkOf(ids, distribution),
    embeddedData: hasPairs ? embedded : null,
    stats: statsOf(tallies),
    ...followUpOf(distribution, family),
    ...thanksOf(distribution),
    ...wavesOf(distribution),
    ...(errorCode === null ? {} : { error: { errorCode, errorMessage: errorText ?? '' } }),
  };
}

/** Whom a thank-you includes beside those who have finished. */
function thanksOf({ thanksTurnedAway }: Distribution): object {
  return thanksTurnedAway ? { includeScreenedOut: true } : {};
}

/** When a follow-up goes that has no time of its own; about when, as far as it is known. */
function followUpOf({ afterHours, afterWhat, atOnce, isPerPerson }: Distribution, family: Family | undefined): object {
  const { expected } = family ?? {};
  if (!atOnce && !isPerPerson) {
    return {};
  }
  return {
    followUp: {
      atOnce,
      afterHours,
      after: afterWhat === null ? null : afterWhat === 'invitation' ? 'invitation' : 'lastReminder',
      expectedFrom: expected === undefined ? null : iso(expected.from),
      expectedUntil: expected === undefined ? null : iso(expected.to),
    },
  };
}

/** Clients know the kind and the end of links from invitations only. */
function surveyLinkOf(ids: Ids, { surveyId, parentId, linkType, linkExpiresAt: end }: Distribution): object {
  return {
    surveyId: ids.show('SV', surveyId),
    expirationDate: end === null ? null : iso(end),
    linkType: parentId === null ? linkType : null,
  };
}

/** Ours: portions of the audience, and whether enough people had finished before all were sent. */
function wavesOf({ wavesReleased, nextWaveAt, wavesEndedAt, wavesUnsent, plan: { waves } }: Distribution): object {
  if (waves === null) {
    return {};
  }
  return {
    waves: {
      ...waves,
      sent: wavesReleased,
      nextDate: nextWaveAt === null ? null : iso(nextWaveAt),
      stoppedDate: wavesEndedAt === null ? null : iso(wavesEndedAt),
      stoppedReason: wavesEndedAt === null ? null : 'EnoughFinished',
      notSent: wavesUnsent,
    },
  };
}

function recipientsOf(ids: Ids, { audience: { listId, contactId } }: Distribution): object {
  return {
    mailingListId: listId === null ? null : ids.show('CG', listId),
    contactId: contactId === null ? null : ids.show('CID', contactId),
    libraryId: null,
    sampleId: null,
  };
}

/** Clients find the headers of mails everywhere, empty where there are none. */
const NO_HEADERS = { fromEmail: '', replyToEmail: '', fromName: '', subject: '' };

function headersOf({ content }: Distribution): object {
  const headers = { ...NO_HEADERS, ...content?.told.headers };
  return Object.fromEntries(Object.entries(headers).map(([name, text]) => [name, orNull(text)]));
}

function messageOf(ids: Ids, { channel, content, ownerId }: Distribution): object {
  const libraryMessageId = content?.told.libraryMessageId ?? null;
  return libraryMessageId === null
    ? { libraryId: null, messageId: null, messageType: channel === 'gl' ? null : 'Inline' }
    : { libraryId: ids.show('UR', ownerId), messageId: ids.show('MS', libraryMessageId), messageType: 'Library' };
}

/** As in lists, with the message itself. */
export function wholeDistributionAnswer(
  parts: AnswerParts,
  distribution: Distribution,
  tallies: Tallies,
  family?: Family,
): object {
  const answer = distributionAnswer(parts, distribution, tallies, family) as { message: object };
  const told = distribution.content?.told;
  return told === undefined ? answer : { ...answer, message: { ...answer.message, messageText: told.text } };
}

/** The nine figures that clients know, then ours. */
function statsOf(tallies: Tallies): Record<string, number> {
  return {
    sent: tallies.accepted,
    failed: tallies.failed,
    started: tallies.started,
    bounced: tallies.bounced,
    opened: tallies.opened,
    skipped: tallies.skipped,
    finished: tallies.finished,
    complaints: tallies.complained,
    blocked: 0,
    uncertain: tallies.uncertain,
    cancelled: tallies.cancelled,
    optedOut: tallies.opted_out,
    partial: tallies.partial,
    screenedOut: tallies.screened_out,
    quotaFull: tallies.quota_full,
    sessionExpired: tallies.session_expired,
  };
}

/** What addresses and ids of recipients are made with. */
export interface LinkParts {
  ids: Ids;
  links: LinksService;
}

export function addressFor(links: LinksService, surveyId: string, linkId: string | null): string {
  return linkId === null ? links.anonymousAddress(surveyId) : links.addressOf(linkId);
}

export function linkAnswer({ ids, links }: LinkParts, { surveyId }: Distribution, row: RecipientRow): object {
  const { contactId, recipient, address } = row;
  return {
    contactId: contactId === null ? null : ids.show('CID', contactId),
    transactionId: null,
    link: row.state === 'skipped' ? null : addressFor(links, surveyId, row.linkId),
    exceededContactFrequency: row.reason !== null && ruleIn(row.reason) !== undefined,
    linkExpiration: row.linkExpiresAt === null ? null : iso(row.linkExpiresAt),
    status: linkStatusOf(row),
    lastName: recipient.lastName,
    firstName: recipient.firstName,
    externalDataReference: orNull(recipient.extRef),
    email: address,
    unsubscribed: row.isUnsubscribed,
  };
}

export function historyAnswer({ ids, links }: LinkParts, { id, surveyId }: Distribution, row: RecipientRow): object {
  const { contactId, responseId, sessionId } = row;
  return {
    contactId: contactId === null ? null : ids.show('CID', contactId),
    contactLookupId: contactId === null ? null : ids.show('MLRP', contactId),
    distributionId: ids.show('EMD', id),
    status: HISTORY_STATUS[statusOf(row)],
    surveyLink: row.state === 'skipped' ? null : addressFor(links, surveyId, row.linkId),
    contactFrequencyRuleId: ruleOf(ids, row.reason),
    responseId,
    responseCompletedAt: isoOrNull(row.finishedAt ?? row.screenedOutAt ?? row.quotaFullAt ?? row.partialAt),
    sentAt: isoOrNull(row.acceptedAt),
    openedAt: isoOrNull(row.openedAt),
    responseStartedAt: isoOrNull(row.startedAt),
    surveySessionId: sessionId,
  };
}

function ruleOf(ids: Ids, reason: string | null): string | null {
  const rule = reason === null ? undefined : ruleIn(reason);
  return rule === undefined ? null : ids.show('FR', rule.id);
}

/** Clients of old refuse milliseconds in dates of distributions. */
function iso(date: Date): string {
  return date.toISOString().replace(/\.\d+Z$/, 'Z');
}

function isoOrNull(date: Date | null): string | null {
  return date === null ? null : date.toISOString();
}

function orNull(text: string): string | null {
  return text === '' ? null : text;
}
