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
  expiresAt?: Date;
  revokedAt?: Date;
  /** Makes a distribution of its own around the link, so that its ledger hears of the walk. */
  ofDistribution?: { ownerId: string };
}

/** A link into a survey for a new contact (Grace Hopper); gives its number and its path. */
export async function aLink(
  world: World,
  { brandId, id: surveyId }: { brandId: string; id: string },
  words: LinkWords = {},
): Promise<{ id: string; path: string; contactId: string; distributionId: string | null }> {
  const now = world.clock.now();
  const {
    firstName = 'Grace',
    lastName = 'Hopper',
    email = '',
    extRef = '',
    language = '',
    embedded = {},
  } = words.contact ?? {};
  return world.database.inBrand(brandId, async (unit) => {
    const contact = await unit.one<{ id: string }>(
      `INSERT INTO contacts (brand_id, first_name, last_name, email, ext_ref, language, embedded, created_at, modified_at)
       VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $8) RETURNING id`,
      [brandId, firstName, lastName, email, extRef, language, embedded, now],
    );
    const distribution =
      words.ofDistribution &&
      (await unit.one<{ id: string }>(
        `INSERT INTO distributions (brand_id, survey_id, owner_id, channel, request_type, link_type, status, created_at, modified_at)
       VALUES ($1, $2, $3, 'email', 'Invite', 'Individual', 'done', $4, $4) RETURNING id`,
        [brandId, surveyId, words.ofDistribution.ownerId, now],
      ));
    const link = await unit.one<{ id: string }>(
      `INSERT INTO links (brand_id, survey_id, kind, channel, distribution_id, contact_id, embedded, expires_at, revoked_at, created_at)
       VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10) RETURNING id`,
      [
        ...[brandId, surveyId, words.kind ?? 'individual', words.channel ?? 'email', distribution?.id ?? null],
        ...[contact.id, words.embedded ?? {}, words.expiresAt ?? null, words.revokedAt ?? null, now],
      ],
    );
    const path = `/s/${world.ids.token('link', link.id)}`;
    return { id: link.id, path, contactId: contact.id, distributionId: distribution?.id ?? null };
  });
}
