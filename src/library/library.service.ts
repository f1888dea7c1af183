import { Injectable } from '@nestjs/common';
import { mustBeAllowed } from '../brands/access.js';
import { AuditService } from '../brands/audit.service.js';
import type { Actor } from '../platform/auth/actor.js';
import { Clock } from '../platform/clock.js';
import { Database, type Unit } from '../platform/db/database.js';
import { NotAllowed, NotFound } from '../platform/errors.js';
import {
  CATEGORIES,
  type Category,
  type LibraryDraft,
  LibraryMessage,
  plainFolder,
  USED_CATEGORIES,
} from './library_message.entity.js';

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
  /** Only those of one folder. */
  folder?: string | undefined;
  /** Only those shared with the brand, or only one's own and what people shared with one. */
  kept?: 'own' | 'shared' | undefined;
}

/** A message without its words, of which there may be megabytes. */
export type LibraryLine = Pick<
  LibraryMessage,
  'id' | 'ownerId' | 'category' | 'name' | 'folder' | 'isShared' | 'modifiedAt'
> & {
  languages: string[];
  /** With how many people and divisions it is shared. */
  shares: number;
  /** How it begins in its default language, without markup. */
  excerpt: string;
};

/** Of long messages only the beginning is read. */
const EXCERPT = `left(trim(regexp_replace(regexp_replace(left(words -> language ->> 'body', 4000), '<style.*?</style>|<[^>]*>|&nbsp;', ' ', 'gi'), '\\s+', ' ', 'g')), 160)`;

const MISSING = 'There is no such message in the library.';

/** Whether the person `$1` may use a message `m`: their own, the brand's, or shared with them or their division. */
const SEEN = `(m.is_shared OR m.owner_id = $1 OR EXISTS (SELECT FROM library_shares h WHERE h.brand_id = m.brand_id AND h.message_id = m.id
  AND (h.user_id = $1 OR h.division_id = (SELECT u.division_id FROM users u WHERE u.brand_id = m.brand_id AND u.id = $1))))`;

/** The library of messages: everybody has private ones, and others see what is shared with them or with the brand. */
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
    { size, after, skip = 0, categories, first, search = '', folder = '', kept }: LibraryQuery,
  ): Promise<LibraryLine[]> {
    mustBeAllowed(actor, 'distributions:access');
    return this.database.inBrand(actor.brandId, (unit) =>
      unit.sql<LibraryLine>(
        `SELECT id, owner_id AS "ownerId", category, name, folder, is_shared AS "isShared", modified_at AS "modifiedAt",
           ARRAY(SELECT jsonb_object_keys(words) ORDER BY 1) AS languages, ${EXCERPT} AS excerpt,
           (SELECT count(*)::int FROM library_shares h WHERE h.brand_id = m.brand_id AND h.message_id = m.id) AS shares
         FROM library_messages m
         WHERE ${SEEN} AND ($5 = '' OR is_shared = ($5 = 'shared')) AND ($9 = '' OR folder = $9)
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
          plainFolder(folder),
        ],
      ),
    );
  }

  /** The folders of what somebody may use, by name. */
  async folders(actor: Actor): Promise<string[]> {
    mustBeAllowed(actor, 'distributions:access');
    const rows = await this.database.inBrand(actor.brandId, (unit) =>
      unit.sql<{ folder: string }>(
        `SELECT folder FROM library_messages m WHERE folder <> '' AND ${SEEN} GROUP BY folder ORDER BY lower(folder), folder LIMIT 200`,
        [actor.userId],
      ),
    );
    return rows.map(({ folder }) => folder);
  }

  /** The categories that something in the product uses, and those of what somebody may use besides. */
  async categories(actor: Actor): Promise<Category[]> {
    mustBeAllowed(actor, 'distributions:access');
    const rows = await this.database.inBrand(actor.brandId, (unit) =>
      unit.sql<{ category: Category }>(`SELECT DISTINCT category FROM library_messages m WHERE ${SEEN}`, [
        actor.userId,
      ]),
    );
    return CATEGORIES.filter((one) => USED_CATEGORIES.includes(one) || rows.some(({ category }) => category === one));
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
  create(actor: Actor, draft: LibraryDraft): Promise<LibraryMessage> {
    return this.keep(actor, draft, new LibraryMessage());
  }

  private keep(actor: Actor, draft: LibraryDraft, message: LibraryMessage): Promise<LibraryMessage> {
    mustBeAllowed(actor, 'distributions:access');
    const now = this.clock.now();
    return this.database.inBrand(actor.brandId, async ({ em }) => {
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
    const { category, folder, language, words } = await this.mustFind(actor, id);
    const draft = { category, folder, language, words, name, isShared: false };
    // A copy may be of any category that the original has.
    return this.keep(actor, draft, Object.assign(new LibraryMessage(), { category }));
  }

  async remove(actor: Actor, id: string): Promise<void> {
    await this.database.inBrand(actor.brandId, async (unit) => {
      const { name, category } = await this.changeable(unit, actor, id);
      await this.audit.record(unit, actor, 'library.delete', `library message ${id}`, { before: { name, category } });
      await unit.sql('DELETE FROM library_messages WHERE id = $1', [id]);
    });
  }

  /** Part of a unit. @throws {NotFound} for what one may not see @throws {NotAllowed} for what is somebody else's */
  async changeable(unit: Unit, actor: Actor, id: string): Promise<LibraryMessage> {
    mustBeAllowed(actor, 'distributions:access');
    const message = await found(unit, actor, id);
    if (!this.mayChange(actor, message)) {
      throw new NotAllowed('This message belongs to somebody else. Copy it to change it.');
    }
    return message;
  }
}

async function found(unit: Unit, { userId }: Actor, id: string): Promise<LibraryMessage> {
  const seen = await unit.sql(`SELECT FROM library_messages m WHERE m.id = $2 AND ${SEEN}`, [userId, id]);
  const message = seen.length === 0 ? null : await unit.em.findOne(LibraryMessage, { id });
  if (message === null) {
    throw new NotFound(MISSING, 'EQD13');
  }
  return message;
}
