import { aLink, type BuiltLink, type LinkWords } from '../links/builders.js';
import type { Person, World } from '../world.js';

export interface Recipient extends BuiltLink {
  messageId: string;
  distributionId: string;
}

/** Somebody who was mailed a link of their own, with the row of the ledger that says so. */
export async function aRecipient(
  world: World,
  survey: { brandId: string; id: string },
  owner: Person,
  words: LinkWords & { sharing?: Recipient } = {},
): Promise<Recipient> {
  const { sharing, ...rest } = words;
  const link = await aLink(world, survey, {
    contact: { firstName: 'Grace', lastName: 'Hopper', email: 'grace@navy.example' },
    ...rest,
    ofDistributionBy: owner.actor.userId,
  });
  const distributionId = sharing?.distributionId ?? link.distributionId!;
  const { id: messageId } = await world.database.inBrand(survey.brandId, async (unit) => {
    await unit.run('UPDATE links SET distribution_id = $2 WHERE id = $1', [link.id, distributionId]);
    const contact = await unit.one<Record<string, string>>(
      'SELECT first_name, last_name, email FROM contacts WHERE id = $1',
      [link.contactId],
    );
    return unit.one<{ id: string }>(
      `INSERT INTO messages (brand_id, distribution_id, survey_id, contact_id, link_id, recipient, address, state, attempts, dated_at,
         wire_at, accepted_at) VALUES ($1, $2, $3, $4, $5, $6, $7, 'accepted', 1, $8, $8, $8) RETURNING id`,
      [
        survey.brandId,
        distributionId,
        survey.id,
        link.contactId,
        link.id,
        { firstName: contact['first_name'], lastName: contact['last_name'] },
        contact['email'],
        new Date(world.clock.now().getTime() - 3_600_000),
      ],
    );
  });
  return { ...link, messageId, distributionId };
}
