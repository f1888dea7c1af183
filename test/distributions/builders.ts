import type { Composition, Distribution } from '../../src/ledger/distribution.entity.js';
import type { MailComposition, WrittenMail } from '../../src/emails/content/mail_content.entity.js';
import { DistributionsService } from '../../src/distributions/distributions.service.js';
import { FoundDistributions } from '../../src/ledger/found_distributions.service.js';
import type { Survey } from '../../src/surveys/survey.entity.js';
import type { Person, World } from '../world.js';

export const BODY =
  '<p>Dear ${m://FirstName},</p><p>${l://SurveyLink?d=Take the survey}</p><p>${l://SurveyURL}</p><p>${l://OptOutLink?d=No more mails}</p>';

const MAIL: WrittenMail = {
  fromName: 'Acme People',
  fromEmail: 'people@acme.example',
  replyTo: '',
  subject: 'How was your first week, ${m://FirstName}?',
  bodyHtml: BODY,
  bodyText: '',
};

export interface AudienceMember {
  firstName?: string;
  lastName?: string;
  email?: string;
  embedded?: object;
  listEmbedded?: object;
  optedOutAt?: Date | null;
  listOptedOutAt?: Date | null;
}

/** A contact list with these people, or with `count` believable ones. */
export async function anAudience(
  world: World,
  { actor }: Person,
  members: AudienceMember[] | number,
): Promise<{ listId: string; contactIds: string[] }> {
  const people =
    typeof members === 'number'
      ? Array.from({ length: members }, (_, place) => ({
          firstName: `Person ${place + 1}`,
          email: `person.${place + 1}@example.com`,
        }))
      : members;
  return world.database.inBrand(actor.brandId, async (unit) => {
    const now = new Date(world.clock.now().getTime() - 60_000);
    const { id: listId } = await unit.one<{ id: string }>(
      `INSERT INTO contact_lists (brand_id, owner_id, name, contact_count, created_at, modified_at)
       VALUES ($1, $2, 'Employees', $3, $4, $4) RETURNING id`,
      [actor.brandId, actor.userId, people.length, now],
    );
    const rows = await unit.sql<{ id: string }>(
      `INSERT INTO contacts (brand_id, first_name, last_name, email, embedded, opted_out_at, created_at, modified_at)
       SELECT $1, coalesce("firstName", 'Grace'), coalesce("lastName", 'Hopper'), coalesce(email, ''), coalesce(embedded, '{}'), "optedOutAt", $2, $2
       FROM jsonb_to_recordset($3::jsonb) AS p ("firstName" text, "lastName" text, email text, embedded jsonb, "optedOutAt" timestamptz)
       ON CONFLICT (brand_id, match_key) DO UPDATE SET first_name = EXCLUDED.first_name RETURNING id`,
      [actor.brandId, now, JSON.stringify(people)],
    );
    const contactIds = rows.map(({ id }) => id);
    await unit.run(
      `INSERT INTO contact_list_members (brand_id, list_id, contact_id, embedded, opted_out_at, added_at)
       SELECT $1, $2, id, coalesce(p ->> 'listEmbedded', '{}')::jsonb, (p ->> 'listOptedOutAt')::timestamptz, $3
       FROM unnest($4::bigint[], $5::jsonb[]) AS m (id, p)`,
      [actor.brandId, listId, now, contactIds, people.map((person) => JSON.stringify(person))],
    );
    return { listId, contactIds };
  });
}

/** What an author writes: whom, when and how, and the mail itself. */
export type Words = Partial<Omit<Composition, 'content'>> & Partial<WrittenMail>;

/** Enough to be sent. */
export function words(changes: Words = {}): MailComposition {
  const { fromName, fromEmail, replyTo, subject, bodyHtml, bodyText, ...others } = changes;
  const { preheader, language, versions, design, countsOpens, libraryMessageId, ...terms } = others;
  const written = { fromName, fromEmail, replyTo, subject, bodyHtml, bodyText };
  const more = { preheader, language, versions, design, countsOpens, libraryMessageId };
  const said = Object.entries({ ...written, ...more }).filter(([, value]) => value !== undefined);
  return {
    name: '',
    listId: null,
    contactId: null,
    listName: '',
    linkType: 'Individual',
    linkDays: 60,
    linkExpiresAt: null,
    skipFinished: true,
    sendAt: null,
    timeZone: 'UTC',
    embedded: {},
    ...terms,
    content: { ...MAIL, ...Object.fromEntries(said) },
  };
}

/** Composes and sends at once. */
export function aDistribution(world: World, { actor }: Person, survey: Survey, changes: Words): Promise<Distribution> {
  return world.app.get(DistributionsService).create(actor, survey.id, words(changes));
}

export interface LedgerRow {
  id: string;
  address: string;
  state: string;
  reason: string | null;
  attempts: number;
  resends: number;
  runAt: Date | null;
  lastText: string | null;
  messageIdHeader: string;
  reservedHour: Date | null;
  linkId: string | null;
}

/** The messages of a distribution, in the order of planning. */
export function ledgerOf(world: World, { brandId, id }: Pick<Distribution, 'brandId' | 'id'>): Promise<LedgerRow[]> {
  return world.database.inBrand(brandId, (unit) =>
    unit.sql<LedgerRow>(
      `SELECT id, address, state, reason, attempts, resends, run_at AS "runAt", last_text AS "lastText",
         message_id_header AS "messageIdHeader", reserved_hour AS "reservedHour", link_id AS "linkId"
       FROM messages WHERE distribution_id = $1 ORDER BY id`,
      [id],
    ),
  );
}

/** The states of a ledger, counted. */
export function statesOf(rows: LedgerRow[]): Record<string, number> {
  const states: Record<string, number> = {};
  rows.forEach(({ state }) => (states[state] = (states[state] ?? 0) + 1));
  return states;
}

/** Performs all background work that is due, as the sweep would. */
export async function workOff(world: World): Promise<void> {
  await world.jobs.settled();
  await world.jobs.sweep();
  await world.jobs.settled();
}

/** The distribution as it is now. */
export async function nowOf(world: World, person: Person, { id }: Pick<Distribution, 'id'>): Promise<Distribution> {
  return (await world.app.get(FoundDistributions).mustFind(person.actor, id)).distribution;
}

export async function reservedOf(world: World, { actor }: Person): Promise<number> {
  const { n } = await world.database.inBrand(actor.brandId, (unit) =>
    unit.one<{ n: number }>(
      `SELECT coalesce(sum(reserved), 0)::int AS n FROM send_buckets WHERE scope = 'user' AND scope_id = $1`,
      [actor.userId],
    ),
  );
  return n;
}

/** A person with a recorded response. */
export async function hasFinished(
  world: World,
  { brandId, id, publishedVersionId }: Survey,
  contactId: string,
): Promise<void> {
  const now = world.clock.now();
  await world.database.inBrand(brandId, (unit) =>
    unit.sql(
      `WITH walked AS (
         INSERT INTO sessions (brand_id, survey_id, version_id, contact_id, channel, state, walk, started_at, last_activity_at, closed_at)
         VALUES ($1, $2, $3, $4, 'anonymous', 'finished', '{}', $5, $5, $5) RETURNING id)
       INSERT INTO responses (brand_id, session_id, survey_id, version_id, contact_id, channel, finished, progress, language,
         started_at, ended_at, recorded_at, duration_seconds, answers)
       SELECT $1, id, $2, $3, $4, 'anonymous', true, 100, 'en', $5, $5, $5, 1, '{}' FROM walked`,
      [brandId, id, publishedVersionId, contactId, now],
    ),
  );
}
