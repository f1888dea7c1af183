import { Injectable } from '@nestjs/common';
import { mustBeAllowed } from '../brands/access.js';
import { AuditService } from '../brands/audit.service.js';
import type { Actor } from '../platform/auth/actor.js';
import { Clock } from '../platform/clock.js';
import { Database, type Unit } from '../platform/db/database.js';
import { NotAllowed, NotFound } from '../platform/errors.js';
import { type Category, type LibraryDraft, LibraryMessage } from './library_message.entity.js';

/** Which messages of the library. */
export interface LibraryQuery {
  size: number;
  /** Number of the last message that was shown. */
  after?: string | undefined;
  /** How many to leave out, for programs that count them. */
  skip?: number | undefined;
  categories?: readonly Category[] | undefined;
  /** A category whose messages come before all others. Not together with `after`. */
  first?: Category | undefined;
  /** Part of the name, in any case. */
  search?: string | undefined;
  /** Only those shared with the brand, or only one's own. */
  kept?: 'own' | 'shared' | undefined;
}

/** A message without its words, of which there may be megabytes. */
export type LibraryLine = Pick<LibraryMessage, 'id' | 'ownerId' | 'category' | 'name' | 'isShared' | 'modifiedAt'> & {
  languages: string[];
  /** How it begins in its default language, without markup. */
  excerpt: string;
};

/** Of long messages only the beginning is read. */
const EXCERPT = `left(trim(regexp_replace(regexp_replace(left(words -> language ->> 'body', 4000), '<style.*?</style>|<[^>]*>|&nbsp;', ' ', 'gi'), '\\s+', ' ', 'g')), 160)`;

const MISSING = 'There is no such message in the library.';

/** The library of messages: everybody has private ones, and all of the brand see those that are shared. */
@Injectable()
export class LibraryService {
  constructor(
    private readonly database: Database,
    private readonly clock: Clock,
    private readonly audit: AuditService,
  ) {}

  /** Newest first; one more than `size`, so that the caller knows whether there are more. */
  async list(
    actor: Actor,
    { size, after, skip = 0, categories, first, search = '', kept }: LibraryQuery,
  ): Promise<LibraryLine[]> {
    mustBeAllowed(actor, 'distributions:access');
    return this.database.inBrand(actor.brandId, (unit) =>
      unit.sql<LibraryLine>(
        `SELECT id, owner_id AS "ownerId", category, name, is_shared AS "isShared", modified_at AS "modifiedAt",
           ARRAY(SELECT jsonb_object_keys(words) ORDER BY 1) AS languages, ${EXCERPT} AS excerpt
         FROM library_messages
         WHERE (CASE $5 WHEN 'own' THEN owner_id = $1 AND NOT is_shared WHEN 'shared' THEN is_shared
                ELSE is_shared OR owner_id = $1 END)
           AND ($2::bigint IS NULL OR id < $2) AND ($3::text[] IS NULL OR category = ANY ($3))
           AND ($4 = '' OR strpos(plain_name, $4) > 0)
         ORDER BY category IS NOT DISTINCT FROM $8 DESC, id DESC LIMIT $6 OFFSET $7`,
        [
          actor.userId,
          after ?? null,
          categories ?? null,
          search.trim().toLowerCase(),
          kept ?? '',
          size + 1,
          skip,
          first ?? null,
        ],
      ),
    );
  }

  /** @throws {NotFound} also for a private message of somebody else; with EQD13, as mails refer to messages */
  async mustFind(actor: Actor, id: string): Promise<LibraryMessage> {
    mustBeAllowed(actor, 'distributions:access');
    return this.database.inBrand(actor.brandId, (unit) => found(unit, actor, id));
  }

  /** Whoever wrote it, and administrators. */
  mayChange(actor: Actor, { ownerId }: Pick<LibraryMessage, 'ownerId'>): boolean {
    return ownerId === actor.userId || actor.permissions.has('brand:admin');
  }

  /** @throws {Invalid} with one message per field */
  async create(actor: Actor, draft: LibraryDraft): Promise<LibraryMessage> {
    mustBeAllowed(actor, 'distributions:access');
    const now = this.clock.now();
    return this.database.inBrand(actor.brandId, async ({ em }) => {
      const message = new LibraryMessage();
      Object.assign(message, { brandId: actor.brandId, ownerId: actor.userId, createdAt: now });
      message.write(draft, now);
      em.persist(message);
      await em.flush();
      return message;
    });
  }

  /** @throws {Invalid} with one message per field */
  async update(actor: Actor, id: string, draft: LibraryDraft): Promise<LibraryMessage> {
    return this.database.inBrand(actor.brandId, async (unit) => {
      const message = await this.changeable(unit, actor, id);
      message.write(draft, this.clock.now());
      return message;
    });
  }

  /** A private copy, whoever wrote the original. */
  async copy(actor: Actor, id: string, name: string): Promise<LibraryMessage> {
    const { category, language, words } = await this.mustFind(actor, id);
    return this.create(actor, { category, language, words, name, isShared: false });
  }

  async remove(actor: Actor, id: string): Promise<void> {
    await this.database.inBrand(actor.brandId, async (unit) => {
      const { name, category } = await this.changeable(unit, actor, id);
      await this.audit.record(actor, 'library.delete', `library message ${id}`, { before: { name, category } });
      await unit.sql('DELETE FROM library_messages WHERE id = $1', [id]);
    });
  }

  private async changeable(unit: Unit, actor: Actor, id: string): Promise<LibraryMessage> {
    mustBeAllowed(actor, 'distributions:access');
    const message = await found(unit, actor, id);
    if (!this.mayChange(actor, message)) {
      throw new NotAllowed('This message belongs to somebody else. Copy it to change it.');
    }
    return message;
  }
}

async function found({ em }: Unit, { userId }: Actor, id: string): Promise<LibraryMessage> {
  const message = await em.findOne(LibraryMessage, { id, $or: [{ isShared: true }, { ownerId: userId }] });
  if (message === null) {
    throw new NotFound(MISSING, 'EQD13');
  }
  return message;
}
