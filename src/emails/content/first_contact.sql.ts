import type { Unit } from '../../platform/db/database.js';
import type { Audience } from '../../ledger/head/audience.js';
import { type Sample, sampleOf } from './mail_previews.service.js';

/** The person whom a distribution is for, or the first one with an address on its list; undefined where there is none. */
export async function firstContact(
  unit: Unit,
  { listId, contactId }: Pick<Audience, 'listId' | 'contactId'>,
): Promise<Sample | undefined> {
  const [found] =
    listId === null && contactId === null
      ? []
      : await unit.sql<Parameters<typeof sampleOf>[0]>(
          `SELECT c.id, c.first_name AS "firstName", c.last_name AS "lastName", c.email, c.phone, c.ext_ref AS "extRef",
             c.language, c.embedded, coalesce(m.embedded, '{}') AS "listEmbedded"
           FROM contacts c
           LEFT JOIN contact_list_members m ON m.brand_id = c.brand_id AND m.contact_id = c.id AND m.list_id = $1
           WHERE c.email <> '' AND CASE WHEN $2::bigint IS NOT NULL THEN c.id = $2 ELSE m.list_id IS NOT NULL END
           ORDER BY c.id LIMIT 1`,
          [listId, contactId],
        );
  return found === undefined ? undefined : sampleOf(found);
}
