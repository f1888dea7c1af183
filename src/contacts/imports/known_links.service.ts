import { Injectable } from '@nestjs/common';
import { Database } from '../../platform/db/database.js';

/** How many files of links one list can hold side by side. */
const MOST_FILES = 20;

interface Asked {
  brandId: string;
  listId: string;
  /** The first links of a file, with whom they belong to: the number of the contact or an e-mail address. */
  rows: readonly { contactId: string | null; email: string; link: string }[];
}

/** Which links people of a list have already. */
@Injectable()
export class KnownLinks {
  constructor(private readonly database: Database) {}

  /**
   * What the names of a file's link columns end in, so that no other file's links are written over: nothing where these
   * people have none, or these very ones, else ` 2`, ` 3` and so on.
   */
  async suffixFor({ brandId, listId, rows }: Asked): Promise<string> {
    const known = await this.database.inBrand(brandId, (unit) =>
      unit.sql<{ embedded: Record<string, string>; link: string }>(
        `SELECT m.embedded, f.link FROM unnest($2::bigint[], $3::text[], $4::text[]) AS f (contact_id, email, link)
         JOIN contacts c ON c.id = f.contact_id OR (f.email <> '' AND c.match_key = 'e:' || lower(f.email))
         JOIN contact_list_members m ON m.brand_id = c.brand_id AND m.list_id = $1 AND m.contact_id = c.id`,
        [listId, rows.map(({ contactId }) => contactId), rows.map(({ email }) => email), rows.map(({ link }) => link)],
      ),
    );
    const suffixes = Array.from({ length: MOST_FILES }, (_, place) => (place === 0 ? '' : ` ${place + 1}`));
    const isFree = (suffix: string): boolean => known.every(({ embedded }) => embedded[`Link${suffix}`] === undefined);
    const isOwn = (suffix: string): boolean => known.some(({ embedded, link }) => embedded[`Link${suffix}`] === link);
    return suffixes.find(isOwn) ?? suffixes.find(isFree) ?? '';
  }
}
