import { Injectable } from '@nestjs/common';
import { Clock } from '../../platform/clock.js';
import { Database, type Unit } from '../../platform/db/database.js';
import {
  COUNT_KEPT_OPT_OUTS,
  COUNT_ROWS,
  fillRows,
  INDEX_ROWS,
  INSERT_CONTACTS,
  INSERT_MEMBERS,
  KNOW_ENTERED,
  LOCK_MERGES,
  MAKE_ROWS,
  NOTE_DUPLICATES,
  REJECT_TAKEN,
  UPDATE_CONTACTS,
  UPDATE_MEMBERS,
} from './import_merge.sql.js';
import { type Claimed, Stopped } from './import_run.js';

interface Counts {
  created: number;
  updated: number;
  unchanged: number;
  repeated: number;
}

/** A file with ContactIDs may give people addresses that somebody else takes in the same moment. */
const MERGE_TRIES = 10;
/**
 * So many new contacts are counted anew before members refer to them. Whoever counts from outside meanwhile, as autovacuum
 * does, sees none of them in many pages, and the foreign key of each member is checked by reading the whole brand.
 */
const MANY = 1000;
const UNIQUE_VIOLATION = '23505';

/** The second half of an import: staged rows into directory and list, all or nothing. */
@Injectable()
export class Merging {
  constructor(
    private readonly database: Database,
    private readonly clock: Clock,
  ) {}

  /**
   * Merges what was staged. Whoever is entered meanwhile is completed; where that can't be, e.g. because somebody took an
   * address that the file gives to another person, it is rolled back and done again.
   */
  async run(claimed: Claimed): Promise<void> {
    await this.mustGoOn(
      claimed,
      `UPDATE contact_imports SET status = 'merging' WHERE id = $1 AND attempt = $2 RETURNING cancel_asked`,
    );
    for (let attempt = 1; ; attempt += 1) {
      try {
        await this.database.inBrand(claimed.brandId, (unit) => this.mergeOnce(unit, claimed));
        return;
      } catch (error) {
        if (attempt === MERGE_TRIES || (error as { code?: string }).code !== UNIQUE_VIOLATION) {
          throw error;
        }
      }
    }
  }

  private async mergeOnce(unit: Unit, claimed: Claimed): Promise<void> {
    const { id, brandId, listId, mapping } = claimed;
    const byId = mapping.targets.some(({ to }) => to === 'contactId');
    // No foreign key looks after the list: this lock keeps it there until the members are in.
    if ((await unit.run('SELECT FROM contact_lists WHERE id = $1 FOR KEY SHARE', [listId])) === 0) {
      throw new Stopped(false);
    }
    await unit.sql(LOCK_MERGES);
    await unit.sql(`SET LOCAL work_mem = '64MB'`);
    await unit.sql(MAKE_ROWS);
    await unit.sql(fillRows(byId), [id, brandId, listId]);
    const taken = byId ? await unit.run(REJECT_TAKEN, [id, brandId]) : 0;
    const counts = await unit.one<Counts>(COUNT_ROWS);
    if (counts.repeated > taken) {
      await unit.sql(NOTE_DUPLICATES, [id, brandId]);
    }
    const { added, entered } = await this.write(unit, claimed, counts);
    const [created, updated] = [counts.created - entered, counts.updated + entered];
    await unit.sql('DELETE FROM contact_import_staging WHERE import_id = $1', [id]);
    const kept = await this.keptOptOuts(unit, claimed);
    await this.report(unit, claimed, { ...counts, created, updated, taken, added, kept });
    unit.changed(`import:${id}`);
  }

  /** Where nobody ever said no there is nothing to count. */
  private async keptOptOuts(unit: Unit, { brandId, listId }: Claimed): Promise<number> {
    const { any } = await unit.one<{ any: boolean }>('SELECT EXISTS (SELECT FROM opt_outs) AS any');
    return any ? (await unit.one<{ kept: number }>(COUNT_KEPT_OPT_OUTS, [brandId, listId])).kept : 0;
  }

  /** @returns how many people are new on the list, and how many of the new ones somebody had entered meanwhile */
  private async write(
    unit: Unit,
    { brandId, listId }: Claimed,
    { created, updated }: Counts,
  ): Promise<{ added: number; entered: number }> {
    const now = this.clock.now();
    await unit.planAnew();
    const entered = created === 0 ? 0 : created - (await unit.run(INSERT_CONTACTS, [brandId, now]));
    if (created > MANY) {
      await unit.sql('SELECT analyze_contacts()');
    }
    if (entered > 0 && (await unit.run(KNOW_ENTERED, [brandId, listId])) !== entered) {
      throw Object.assign(new Error('Somebody who was entered meanwhile is gone again.'), { code: UNIQUE_VIOLATION });
    }
    if (updated + entered > 0) {
      await unit.sql(INDEX_ROWS);
      await unit.sql('ANALYZE import_rows'); // else the planner takes a handful of rows for granted
      await unit.sql(UPDATE_CONTACTS, [brandId, now]);
      await unit.sql(UPDATE_MEMBERS, [brandId, now, listId]);
    }
    const added = await unit.run(INSERT_MEMBERS, [brandId, now, listId]);
    const count = 'UPDATE contact_lists SET contact_count = contact_count + $2, modified_at = $3 WHERE id = $1';
    await unit.sql(count, [listId, added, now]);
    return { added, entered };
  }

  /** Last, because it locks the row of the import: until here the person may still cancel. */
  private async report(
    unit: Unit,
    claimed: Claimed,
    counts: Counts & { taken: number; added: number; kept: number },
  ): Promise<void> {
    const { created, updated, unchanged, repeated, taken, added, kept } = counts;
    const done = await unit.run(
      `UPDATE contact_imports SET status = 'done', created = $3, updated = $4, unchanged = $5, duplicates = $6,
         invalid = invalid + $7, added = $8, kept_opt_outs = $9, finished_at = $10, heartbeat_at = NULL
       WHERE id = $1 AND attempt = $2 AND status = 'merging' AND NOT cancel_asked`,
      [
        claimed.id,
        claimed.attempt,
        created,
        updated,
        unchanged,
        repeated - taken,
        taken,
        added,
        kept,
        this.clock.now(),
      ],
    );
    if (done === 0) {
      await this.mustGoOnIn(unit, claimed, 'SELECT cancel_asked FROM contact_imports WHERE id = $1 AND attempt = $2');
    }
  }

  private mustGoOn(claimed: Claimed, statement: string): Promise<void> {
    return this.database.inBrand(claimed.brandId, (unit) => this.mustGoOnIn(unit, claimed, statement));
  }

  /** As `mustGoOn`, in a unit that is open. */
  private async mustGoOnIn(unit: Unit, { id, attempt }: Claimed, statement: string): Promise<void> {
    unit.changed(`import:${id}`);
    const [going] = await unit.sql<{ cancel_asked: boolean }>(statement, [id, attempt]);
    if (going === undefined || going.cancel_asked) {
      throw new Stopped(going?.cancel_asked === true);
    }
  }
}
