import type { Unit } from '../../platform/db/database.js';
import { RECIPIENT, type RecipientRow } from './recipients.sql.js';

/** A mail to one person, or a link that was made for them, with the distribution that it is of. */
export interface ContactMailRow extends RecipientRow {
  distributionId: string;
}

/** The newest first, one row more than `size`; the index on (brand, contact) finds a person's few among all. */
export function contactMails(
  unit: Unit,
  contactId: string,
  { size, after }: { size: number; after: string | undefined },
): Promise<ContactMailRow[]> {
  return unit.sql<ContactMailRow>(
    `SELECT ${RECIPIENT}, m.distribution_id AS "distributionId" FROM messages m
     JOIN distributions d ON d.brand_id = m.brand_id AND d.id = m.distribution_id
     LEFT JOIN links l ON l.brand_id = m.brand_id AND l.id = m.link_id
     LEFT JOIN contacts c ON c.brand_id = m.brand_id AND c.id = m.contact_id
     LEFT JOIN contact_list_members p ON p.brand_id = m.brand_id AND p.list_id = d.list_id AND p.contact_id = m.contact_id
     LEFT JOIN sessions s ON s.brand_id = m.brand_id AND s.single_link_id = m.link_id
     WHERE m.contact_id = $1 AND ($2::bigint IS NULL OR m.id < $2) AND d.deleted_at IS NULL
     ORDER BY m.id DESC LIMIT $3`,
    [contactId, after ?? null, size + 1],
  );
}
