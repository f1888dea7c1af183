import { Injectable } from '@nestjs/common';
import { mustBeAllowed } from '../../brands/access.js';
import { AuditService } from '../../brands/audit.service.js';
import type { Actor } from '../../platform/auth/actor.js';
import { Clock } from '../../platform/clock.js';
import { Database, type Unit } from '../../platform/db/database.js';
import { Invalid, NotFound } from '../../platform/errors.js';
import { ContactList } from './contact_list.entity.js';
import { ImportFiles } from '../imports/import_files.js';

export const MAX_LIST_NAME = 100;

/** A list with what its row shows beside it. */
export interface ListRow {
  id: string;
  name: string;
  /** What recipients read in its place; '': the brand's name. */
  publicName: string;
  ownerId: string;
  ownerName: string;
  contactCount: number;
  createdAt: Date;
  modifiedAt: Date;
}

export interface ListQuery {
  size: number;
  /** Number of the last list that was shown. */
  after?: string | undefined;
  /** How many to leave out, for programs that count them. */
  skip?: number | undefined;
  /** Part of the name, in any case. */
  search?: string | undefined;
  ownerId?: string | undefined;
}

const ROW = `l.id, l.name, l.public_name AS "publicName", l.owner_id AS "ownerId", l.contact_count AS "contactCount", l.created_at AS "createdAt",
  l.modified_at AS "modifiedAt", coalesce(nullif(trim(u.first_name || ' ' || u.last_name), ''), u.email) AS "ownerName"`;

/** Contact lists: who looks after which people. Every verb asks the actor's permission first. */
@Injectable()
export class ContactListsService {
  constructor(
    private readonly database: Database,
    private readonly clock: Clock,
    private readonly audit: AuditService,
    private readonly files: ImportFiles,
  ) {}

  /** The brand's lists, newest first; one row more than `size`, so that the caller knows whether there are more. */
  list(actor: Actor, listQuery: ListQuery): Promise<ListRow[]> {
    return this.database.inBrand(actor.brandId, (unit) => this.listIn(unit, actor, listQuery));
  }

  /** As `list`, in a unit that is open. */
  async listIn(
    unit: Unit,
    actor: Actor,
    { size, after, skip = 0, search = '', ownerId }: ListQuery,
  ): Promise<ListRow[]> {
    mustBeAllowed(actor, 'contacts:view');
    return unit.sql<ListRow>(
      `SELECT ${ROW} FROM contact_lists l JOIN users u ON u.brand_id = l.brand_id AND u.id = l.owner_id
         WHERE ($1::bigint IS NULL OR l.id < $1) AND ($2 = '' OR strpos(l.plain_name, $2) > 0)
           AND ($4::bigint IS NULL OR l.owner_id = $4)
         ORDER BY l.id DESC LIMIT $3 OFFSET $5`,
      [after ?? null, search.trim().toLowerCase(), size + 1, ownerId ?? null, skip],
    );
  }

  /** Those of the brand's lists that have one of these numbers. */
  async some(actor: Actor, ids: readonly string[]): Promise<ListRow[]> {
    mustBeAllowed(actor, 'contacts:view');
    return this.database.inBrand(actor.brandId, (unit) =>
      unit.sql<ListRow>(
        `SELECT ${ROW} FROM contact_lists l JOIN users u ON u.brand_id = l.brand_id AND u.id = l.owner_id
         WHERE l.id = ANY ($1::bigint[])`,
        [ids],
      ),
    );
  }

  /** @throws {NotFound} also for a list of another brand */
  mustFind(actor: Actor, id: string): Promise<ListRow> {
    return this.database.inBrand(actor.brandId, (unit) => this.mustFindIn(unit, actor, id));
  }

  /** As `mustFind`, in a unit that is open. */
  async mustFindIn(unit: Unit, actor: Actor, id: string): Promise<ListRow> {
    mustBeAllowed(actor, 'contacts:view');
    return unit.one<ListRow>(
      `SELECT ${ROW} FROM contact_lists l JOIN users u ON u.brand_id = l.brand_id AND u.id = l.owner_id WHERE l.id = $1`,
      [id],
      'There is no such contact list.',
    );
  }

  create(actor: Actor, name: string, publicName?: string): Promise<ContactList> {
    return this.database.inBrand(actor.brandId, (unit) => this.createIn(unit, actor, name, publicName));
  }

  /** As `create`, in a unit that is open. */
  async createIn(unit: Unit, actor: Actor, name: string, publicName = ''): Promise<ContactList> {
    mustBeAllowed(actor, 'directory:edit');
    const now = this.clock.now();
    const { brandId, userId: ownerId } = actor;
    const names = { name: readName(name), publicName: readPublicName(publicName) };
    const { em } = unit;
    const list = em.create(ContactList, {
      brandId,
      ownerId,
      ...names,
      createdAt: now,
      modifiedAt: now,
    } as ContactList);
    await em.flush();
    return list;
  }

  /** @param publicName left as it is where none is given */
  async rename(actor: Actor, id: string, name: string, publicName?: string): Promise<ContactList> {
    mustBeAllowed(actor, 'directory:edit');
    const named = readName(name);
    return this.database.inBrand(actor.brandId, async ({ em }) => {
      const list = await em.findOne(ContactList, { id });
      if (list === null) {
        throw new NotFound('There is no such contact list.');
      }
      list.rename(named, publicName === undefined ? list.publicName : readPublicName(publicName), this.clock.now());
      return list;
    });
  }

  /** What recipients of its mails read: its public name, else the brand's; undefined for a list that is gone. */
  async publicNameOf(brandId: string, id: string): Promise<string | undefined> {
    const [row] = await this.database.inBrand(brandId, (unit) =>
      unit.sql<{ name: string }>(
        `SELECT coalesce(nullif(l.public_name, ''), b.name) AS name FROM contact_lists l JOIN brands b ON b.id = l.brand_id
         WHERE l.id = $1`,
        [id],
      ),
    );
    return row?.name;
  }

  /** Deletes the list with its memberships, imports and list opt-outs; its people stay in the directory. */
  async remove(actor: Actor, id: string): Promise<void> {
    mustBeAllowed(actor, 'directory:edit');
    const files = await this.database.inBrand(actor.brandId, async (unit) => {
      // Whoever adds members holds this row; from here on nobody adds any.
      await unit.sql('SELECT id FROM contact_lists WHERE id = $1 FOR UPDATE', [id]);
      const { name, contactCount } = await this.mustFindIn(unit, actor, id);
      await this.audit.record(unit, actor, 'list.delete', `list ${id}`, { before: { name, contactCount } });
      const waiting = await unit.sql<{ path: string }>(
        'SELECT file_path AS path FROM contact_imports WHERE list_id = $1 AND finished_at IS NULL',
        [id],
      );
      await unit.sql('DELETE FROM contact_list_members WHERE list_id = $1', [id]);
      await unit.sql('DELETE FROM opt_outs WHERE list_id = $1', [id]);
      await unit.sql('DELETE FROM contact_lists WHERE id = $1', [id]);
      return waiting;
    });
    // Their imports went with the list, and nobody else knows where these lie.
    await Promise.all(files.map(({ path }) => this.files.remove(path)));
  }

  /** Notes that somebody takes the list's people out of the house. */
  async recordExport(actor: Actor, list: ListRow): Promise<void> {
    const { name, contactCount } = list;
    await this.database.inBrand(actor.brandId, (unit) =>
      this.audit.record(unit, actor, 'list.export', `list ${list.id}`, { after: { name, contactCount } }),
    );
  }
}

/** @throws {Invalid} for a name that is blank or too long */
function readName(raw: string): string {
  const name = raw.replace(/\p{Cc}+/gu, ' ').trim();
  if (name === '') {
    throw new Invalid('A contact list needs a name.', { name: 'Give the list a name.' });
  }
  if (name.length > MAX_LIST_NAME) {
    throw new Invalid(`The name is longer than ${MAX_LIST_NAME} characters.`, {
      name: `Shorten the name to ${MAX_LIST_NAME} characters.`,
    });
  }
  return name;
}

/** @throws {Invalid} for a name that is too long */
function readPublicName(raw: string): string {
  const name = raw.replace(/\p{Cc}+/gu, ' ').trim();
  if (name.length > MAX_LIST_NAME) {
    throw new Invalid(`The public name is longer than ${MAX_LIST_NAME} characters.`, {
      publicName: `Shorten the public name to ${MAX_LIST_NAME} characters.`,
    });
  }
  return name;
}
