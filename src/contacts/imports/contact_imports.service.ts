import { Injectable } from '@nestjs/common';
import { LockMode } from '@mikro-orm/postgresql';
import { mustBeAllowed } from '../../brands/access.js';
import type { Actor } from '../../platform/auth/actor.js';
import { Clock } from '../../platform/clock.js';
import { Database, type Unit } from '../../platform/db/database.js';
import { NotFound } from '../../platform/errors.js';
import { Jobs } from '../../platform/queue/jobs.js';
import type { Country } from '../phone_number.js';
import { checkMapping, type ColumnTarget } from './column_mapping.js';
import { ContactImport } from './contact_import.entity.js';
import { runImport } from './contact_imports.jobs.js';
import type { Dialect } from './csv/csv_rows.js';
import { shapeOf, withColumns } from './csv/csv_shape.js';
import { ImportFiles } from './import_files.js';
import { ImportProposals } from './import_proposals.js';

/** A file that has arrived. */
export interface Upload {
  name: string;
  path: string;
  bytes: number;
}

export interface KeptReject {
  line: number;
  kind: 'invalid' | 'taken' | 'duplicate';
  column: string;
  reason: string;
  value: string;
  cells: string[];
}

const DAY_MS = 86_400_000;
const REJECTS_PAGE = 1000;

/** Imports of files into lists: from the first look at a file to its report. */
@Injectable()
export class ContactImportsService {
  constructor(
    private readonly database: Database,
    private readonly clock: Clock,
    private readonly files: ImportFiles,
    private readonly jobs: Jobs,
    private readonly proposals: ImportProposals,
  ) {}

  /** Looks at a file and proposes how to import it. @throws {Invalid} for what is no CSV; then the file is gone */
  async receive(actor: Actor, listId: string, { name, path, bytes }: Upload): Promise<ContactImport> {
    try {
      mustBeAllowed(actor, 'directory:edit');
      const shape = await shapeOf(path);
      const mapping = await this.proposals.mapping({ brandId: actor.brandId, listId }, path, shape);
      await this.forgetOldFiles(actor);
      return await this.database.inBrand(actor.brandId, async (unit) => {
        await unit.one('SELECT id FROM contact_lists WHERE id = $1', [listId], 'There is no such contact list.');
        const { brandId, userId: ownerId } = actor;
        const file = { fileName: name.slice(0, 200), filePath: path, bytes: String(bytes) };
        const made = { brandId, ownerId, listId, ...file, shape, mapping, createdAt: this.clock.now() };
        const contactImport = unit.em.create(ContactImport, made as ContactImport);
        await unit.flush();
        return contactImport;
      });
    } catch (error) {
      await this.files.remove(path);
      throw error;
    }
  }

  /** @throws {NotFound} also for an import of another brand */
  async mustFind(actor: Actor, id: string): Promise<ContactImport> {
    mustBeAllowed(actor, 'contacts:view');
    return this.database.inBrand(actor.brandId, async ({ em }) => {
      const found = await em.findOne(ContactImport, { id });
      if (found === null) {
        throw new NotFound('There is no such import.');
      }
      return found;
    });
  }

  /** The latest imports of a list. */
  async ofList(actor: Actor, listId: string, count = 5): Promise<ContactImport[]> {
    mustBeAllowed(actor, 'contacts:view');
    return this.database.inBrand(actor.brandId, ({ em }) =>
      em.find(ContactImport, { listId }, { orderBy: { id: 'desc' }, limit: count }),
    );
  }

  /** Reads the file in another way; the mapping is proposed anew. @throws {Invalid} when it cannot be read that way */
  async reshape(actor: Actor, id: string, dialect: Dialect & { hasHeader: boolean }): Promise<void> {
    const { filePath, listId, mapping, shape: before } = await this.mustFind(actor, id);
    const shape = await withColumns(filePath, { ...before, ...dialect });
    const proposal = await this.proposals.mapping({ brandId: actor.brandId, listId }, filePath, shape, mapping.country);
    await this.change(actor, id, (contactImport) => contactImport.reshape(shape, proposal));
  }

  /** Keeps what the person chose for each column, also when it is not yet fit to start. */
  async map(actor: Actor, id: string, targets: ColumnTarget[], country: Country | null): Promise<void> {
    await this.change(actor, id, (contactImport) => {
      const { columns } = contactImport.shape;
      const all = columns.map((_, column) => targets[column] ?? { to: 'ignore' as const, name: '' });
      contactImport.map({ ...contactImport.mapping, targets: all, country });
    });
  }

  /** Sends the import on its way. @throws {Invalid} when the mapping would lose or mix up values */
  async start(actor: Actor, id: string): Promise<void> {
    await this.database.inBrand(actor.brandId, async (unit) => {
      await this.changeIn(unit, actor, id, (contactImport) => {
        checkMapping(contactImport.mapping.targets, contactImport.shape.columns);
        contactImport.queue();
      });
      this.jobs.later(runImport, { brandId: actor.brandId, importId: id });
    });
  }

  /** @returns the import, which may still be under way: then it stops at its next batch */
  async cancel(actor: Actor, id: string): Promise<ContactImport> {
    const cancelled = await this.change(actor, id, (contactImport) => contactImport.cancel(this.clock.now()));
    if (!cancelled.isUnderWay) {
      await this.files.remove(cancelled.filePath);
    }
    return cancelled;
  }

  /** Rows that were not imported, in the order of the file. */
  async rejects(actor: Actor, id: string, after = 0, count = REJECTS_PAGE): Promise<KeptReject[]> {
    mustBeAllowed(actor, 'contacts:view');
    return this.database.inBrand(actor.brandId, (unit) =>
      unit.sql<KeptReject>(
        `SELECT line, kind, column_name AS "column", reason, value, cells FROM contact_import_rejects
         WHERE import_id = $1 AND line > $2 ORDER BY line LIMIT $3`,
        [id, after, count],
      ),
    );
  }

  /** Locked, because the run of the import changes the same row. */
  private change(actor: Actor, id: string, act: (contactImport: ContactImport) => void): Promise<ContactImport> {
    return this.database.inBrand(actor.brandId, (unit) => this.changeIn(unit, actor, id, act));
  }

  /** As `change`, in a unit that is open. */
  private async changeIn(
    unit: Unit,
    actor: Actor,
    id: string,
    act: (contactImport: ContactImport) => void,
  ): Promise<ContactImport> {
    mustBeAllowed(actor, 'directory:edit');
    const { em } = unit;
    const found = await em.findOne(ContactImport, { id }, { lockMode: LockMode.PESSIMISTIC_WRITE });
    if (found === null) {
      throw new NotFound('There is no such import.');
    }
    act(found);
    unit.changed(`import:${id}`);
    return found;
  }

  /** Files that somebody uploaded and then thought better of. */
  private async forgetOldFiles(actor: Actor): Promise<void> {
    const before = new Date(this.clock.now().getTime() - DAY_MS);
    const old = await this.database.inBrand(actor.brandId, (unit) =>
      unit.sql<{ path: string }>(
        `UPDATE contact_imports SET status = 'cancelled', finished_at = created_at
         WHERE status = 'mapping' AND created_at < $1 RETURNING file_path AS path`,
        [before],
      ),
    );
    await Promise.all(old.map(({ path }) => this.files.remove(path)));
  }
}
