import type { World } from '../world.js';

export interface LinkWords {
  kind?: 'individual' | 'multiple';
  channel?: string;
  contact?: {
    firstName?: string;
    lastName?: string;
    email?: string;
    extRef?: string;
    language?: string;
    embedded?: object;
  };
  embedded?: Record<string, string>;
  expiresAt?: Date | null;
  revokedAt?: Date | null;
  /** Makes a distribution of this person around the link, so that its ledger hears of the walk. */
  ofDistributionBy?: string;
}

export interface BuiltLink {
  id: string;
  path: string;
  contactId: string;
  distributionId: string | null;
}

const CONTACT = { firstName: 'Grace', lastName: 'Hopper', email: '', extRef: '', language: '', embedded: {} };

/** A link into a survey for a new contact (Grace Hopper). */
export async function aLink(
  world: World,
  { brandId, id: surveyId }: { brandId: string; id: string },
  words: LinkWords = {},
): Promise<BuiltLink> {
  const { kind = 'individual', channel = 'email', embedded = {}, expiresAt = null, revokedAt = null } = words;
  const contactId = await aContact(world, brandId, { ...CONTACT, ...words.contact });
  const distributionId =
    words.ofDistributionBy === undefined ? null : await aDistribution(world, brandId, surveyId, words.ofDistributionBy);
  const { id } = await world.database.inBrand(brandId, (unit) =>
    unit.one<{ id: string }>(
      `INSERT INTO links (brand_id, survey_id, kind, channel, distribution_id, contact_id, embedded, expires_at, revoked_at, created_at)
       VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10) RETURNING id`,
      [brandId, surveyId, kind, channel, distributionId, contactId, embedded, expiresAt, revokedAt, world.clock.now()],
    ),
  );
  return { id, path: `/s/${world.ids.token('link', id)}`, contactId, distributionId };
}

async function aContact(world: World, brandId: string, contact: typeof CONTACT): Promise<string> {
  const { firstName, lastName, email, extRef, language, embedded } = contact;
  const { id } = await world.database.inBrand(brandId, (unit) =>
    unit.one<{ id: string }>(
      `INSERT INTO contacts (brand_id, first_name, last_name, email, ext_ref, language, embedded, created_at, modified_at)
       VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $8)
       ON CONFLICT (brand_id, match_key) DO UPDATE SET modified_at = $8 RETURNING id`,
      [brandId, firstName, lastName, email, extRef, language, embedded, world.clock.now()],
    ),
  );
  return id;
}

async function aDistribution(world: World, brandId: string, surveyId: string, ownerId: string): Promise<string> {
  return world.database.inBrand(brandId, async (unit) => {
    const { id } = await unit.one<{ id: string }>(
      `INSERT INTO distributions (brand_id, survey_id, owner_id, channel, request_type, link_type, status, created_at, modified_at)
       VALUES ($1, $2, $3, 'email', 'Invite', 'Individual', 'done', $4, $4) RETURNING id`,
      [brandId, surveyId, ownerId, world.clock.now()],
    );
    await unit.run('INSERT INTO mail_contents (brand_id, distribution_id) VALUES ($1, $2)', [brandId, id]);
    return id;
  });
}
