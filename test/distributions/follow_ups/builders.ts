import type { Distribution } from '../../../src/ledger/distribution.entity.js';
import type { FollowingTime } from '../../../src/ledger/head/following.js';
import {
  type FollowUpKind,
  FollowUpsService,
  type FollowUpWords,
} from '../../../src/distributions/follow_ups/follow_ups.service.js';
import type { Survey } from '../../../src/surveys/survey.entity.js';
import type { Person, World } from '../../world.js';
import { words, type Words } from '../builders.js';

const AT_ONCE_OF_ITS_OWN: FollowingTime = { afterHours: null, afterWhat: null, atOnce: false };

/** What an author writes below an invitation. */
export function followUpWords(
  requestType: FollowUpKind,
  changes: Words = {},
  time: Partial<FollowingTime> = {},
): FollowUpWords {
  const {
    listId: _list,
    contactId: _contact,
    listName: _name,
    linkType: _type,
    ...rest
  } = words({ subject: `${requestType} for \${m://FirstName}`, ...changes });
  const { linkDays: _days, linkExpiresAt: _end, skipFinished: _skip, embedded: _embedded, ...mail } = rest;
  return { requestType, mail, time: { ...AT_ONCE_OF_ITS_OWN, ...time } };
}

/** Composes a follow-up and sends it, or has it wait for its time. */
export function aFollowUp(
  world: World,
  { actor }: Person,
  invitation: Distribution,
  written: FollowUpWords,
): Promise<Distribution> {
  return world.app.get(FollowUpsService).create(actor, invitation.id, written);
}

/** As if the contact had walked the survey to its end by the link of the invitation. */
export async function finishes(
  world: World,
  { brandId, id, publishedVersionId }: Survey,
  invitation: Pick<Distribution, 'id'>,
  contactId: string,
): Promise<void> {
  const now = world.clock.now();
  await world.database.inBrand(brandId, (unit) =>
    unit.sql(
      `WITH link AS (SELECT link_id FROM messages WHERE distribution_id = $6 AND contact_id = $4
       ), walked AS (
         INSERT INTO sessions (brand_id, survey_id, version_id, contact_id, link_id, single_link_id, distribution_id, channel, state,
           walk, started_at, last_activity_at, closed_at)
         SELECT $1, $2, $3, $4, link_id, link_id, $6, 'email', 'finished', '{}', $5, $5, $5 FROM link RETURNING id, link_id
       ), response AS (
         INSERT INTO responses (brand_id, session_id, survey_id, version_id, contact_id, link_id, distribution_id, channel, finished,
           progress, language, started_at, ended_at, recorded_at, duration_seconds, answers)
         SELECT $1, id, $2, $3, $4, link_id, $6, 'email', true, 100, 'en', $5, $5, $5, 1, '{}' FROM walked RETURNING id, link_id)
       INSERT INTO response_outbox (brand_id, kind, link_id, response_id, at)
       SELECT $1, kind, link_id, id, $5 FROM response, unnest(ARRAY['started', 'finished']) AS kind`,
      [brandId, id, publishedVersionId, contactId, now, invitation.id],
    ),
  );
}
