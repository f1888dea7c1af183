import { setInterval } from 'node:timers';
import { Injectable, Logger } from '@nestjs/common';
import { Clock } from '../../platform/clock.js';
import { Database, type Unit } from '../../platform/db/database.js';
import type { Reading } from '../../encodings/file_text.js';
import { Invalid } from '../../platform/errors.js';
import { Ids } from '../../platform/ids.js';
import { rowsOf } from './csv/csv_rows.js';
import { ImportFiles } from './import_files.js';
import { Merging } from './merging.js';
import { isReject, RowReading } from './row_reading.js';
import { type Claimed, Stopped } from './import_run.js';
import { Batch } from './staging.js';

const BEAT_MS = 5000;
/** A run that has not been heard of for so long has died. */
const SILENCE_MS = 30_000;
const ATTEMPTS = 3;

/**
 * Runs imports: file → rows → COPY into staging in batches → one merge in one transaction. Until that commits the
 * directory knows nothing of it. Safe to run twice: a run claims the import with a new attempt number, every batch and the
 * merge check that number, and a claim starts from the file again. What limits it: one import at a time in a process.
 */
@Injectable()
export class Importing {
  private readonly log = new Logger(Importing.name);

  constructor(
    private readonly database: Database,
    private readonly clock: Clock,
    private readonly ids: Ids,
    private readonly files: ImportFiles,
    private readonly merging: Merging,
  ) {}

  /** Runs the import unless it is over or somebody else runs it. */
  async run(brandId: string, importId: string): Promise<void> {
    const claimed = await this.claim(brandId, importId);
    if (claimed === undefined) {
      return;
    }
    const beat = setInterval(() => void this.beat(claimed), BEAT_MS);
    try {
      if (claimed.attempt > ATTEMPTS) {
        throw new Invalid(`The import stopped unexpectedly ${ATTEMPTS} times. Nothing was imported.`);
      }
      await this.stage(claimed);
      await this.merging.run(claimed);
      await this.files.remove(claimed.filePath);
    } catch (error) {
      await this.end(claimed, error);
    } finally {
      clearInterval(beat);
    }
  }

  private async claim(brandId: string, importId: string): Promise<Claimed | undefined> {
    const now = this.clock.now();
    return this.database.inBrand(brandId, async (unit) => {
      const [claimed] = await unit.sql<Claimed>(
        `UPDATE contact_imports SET status = 'running', attempt = attempt + 1, heartbeat_at = $2, started_at = coalesce(started_at, $2),
           bytes_read = 0, rows_read = 0, invalid = 0
         WHERE id = $1 AND (status = 'queued' OR (status IN ('running', 'merging') AND heartbeat_at < $3))
         RETURNING id, brand_id AS "brandId", list_id AS "listId", attempt, file_path AS "filePath", shape, mapping`,
        [importId, now, new Date(now.getTime() - SILENCE_MS)],
      );
      if (claimed !== undefined) {
        await clear(unit, importId);
        unit.changed(`import:${importId}`);
      }
      return claimed;
    });
  }

  /** Reads the file into staging; the next batch is read while the last one is written. */
  private async stage(claimed: Claimed): Promise<void> {
    const { shape, mapping, filePath } = claimed;
    const { targets, country } = mapping;
    const reader = new RowReading({ columns: shape.columns, targets, country: country ?? undefined, ids: this.ids });
    const reading: Reading = { bytes: 0, strays: 0 };
    let [batch, spare] = [new Batch(claimed.id), new Batch(claimed.id)];
    let writing = Promise.resolve();
    let isHeader = shape.hasHeader;
    try {
      for await (const row of rowsOf(filePath, shape, reading)) {
        const read = isHeader ? undefined : reader.read(row);
        isHeader = false;
        if (read !== undefined) {
          addTo(batch, read);
        }
        if (batch.isFull) {
          await writing;
          batch.bytesRead = reading.bytes;
          writing = this.writeBatch(claimed, batch);
          writing.catch(() => undefined); // awaited at the next turn; until then it must not count as unhandled
          [batch, spare] = [spare, batch];
          batch.clear();
        }
      }
    } finally {
      await writing;
    }
    batch.bytesRead = reading.bytes;
    await this.writeBatch(claimed, batch);
  }

  private async writeBatch({ id, brandId, attempt }: Claimed, batch: Batch): Promise<void> {
    await this.database.inBrand(brandId, async (unit) => {
      // First the row of the import: it stops whoever was overtaken before it writes.
      const [going] = await unit.sql<{ cancel_asked: boolean }>(
        `UPDATE contact_imports SET bytes_read = $3, rows_read = rows_read + $4, invalid = invalid + $5, heartbeat_at = $6
         WHERE id = $1 AND attempt = $2 AND status = 'running' RETURNING cancel_asked`,
        [id, attempt, batch.bytesRead, batch.rows, batch.rejects.length, this.clock.now()],
      );
      if (going === undefined || going.cancel_asked) {
        throw new Stopped(going?.cancel_asked === true);
      }
      await batch.write(unit, brandId);
      unit.changed(`import:${id}`);
    });
  }

  /** Leaves nothing behind but the reason. What nobody foresaw stays open: the sweep takes it up again. */
  private async end(claimed: Claimed, error: unknown): Promise<void> {
    const { brandId, id, attempt, filePath } = claimed;
    const isKnown = error instanceof Stopped || error instanceof Invalid;
    const state = await this.database.inBrand(brandId, async (unit) => {
      const [row] = await unit.sql<{ attempt: number }>(
        'SELECT attempt FROM contact_imports WHERE id = $1 FOR UPDATE',
        [id],
      );
      if (row !== undefined && row.attempt !== attempt) {
        return 'taken';
      }
      await clear(unit, id);
      if (isKnown) {
        await this.finish(unit, id, error);
      } else {
        await unit.sql(`UPDATE contact_imports SET heartbeat_at = '-infinity' WHERE id = $1`, [id]);
      }
      unit.changed(`import:${id}`);
      return row === undefined ? 'gone' : 'mine';
    });
    // Whose list was deleted has lost its file as well: whatever reading met then is no fault.
    if (state === 'gone' || (isKnown && state === 'mine')) {
      await this.files.remove(filePath);
    } else if (!isKnown) {
      this.log.error(`Import ${id}, attempt ${attempt}: ${String(error)}`, (error as Error).stack);
    }
  }

  private async finish(unit: Unit, id: string, ending: Stopped | Invalid): Promise<void> {
    const [status, reason] = ending instanceof Invalid ? ['failed', ending.message] : ['cancelled', null];
    await unit.sql(
      `UPDATE contact_imports SET status = $2, error = $3, finished_at = $4, heartbeat_at = NULL WHERE id = $1`,
      [id, status, reason, this.clock.now()],
    );
  }

  private async beat({ brandId, id, attempt }: Claimed): Promise<void> {
    const statement =
      'UPDATE contact_imports SET heartbeat_at = $3 WHERE id = $1 AND attempt = $2 AND heartbeat_at IS NOT NULL';
    await this.database
      .apart(brandId, (unit) => unit.sql(statement, [id, attempt, this.clock.now()]))
      .catch((error: unknown) => this.log.warn(`Heartbeat of import ${id}: ${String(error)}`));
  }
}

function addTo(batch: Batch, read: Parameters<Batch['add']>[0] | Parameters<Batch['reject']>[0]): void {
  if (isReject(read)) {
    batch.reject(read);
  } else {
    batch.add(read);
  }
}

/** What an import left on its way. */
async function clear(unit: Unit, importId: string): Promise<void> {
  await unit.sql('DELETE FROM contact_import_staging WHERE import_id = $1', [importId]);
  await unit.sql('DELETE FROM contact_import_rejects WHERE import_id = $1', [importId]);
}
