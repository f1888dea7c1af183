import { Injectable } from '@nestjs/common';
import { AuditService } from '../../brands/audit.service.js';
import type { Actor } from '../../platform/auth/actor.js';
import { Clock } from '../../platform/clock.js';
import { Database } from '../../platform/db/database.js';
import { NotAllowed, NotFound, WrongState } from '../../platform/errors.js';
import { Jobs } from '../../platform/queue/jobs.js';
import { DisclosuresService } from '../disclosures.service.js';
import { writeExport } from '../responses.jobs.js';
import type { ExportSettings, ExportWish } from './export_settings.js';
import { countRows, type Selection } from './response_rows.js';
import { needsWalks } from './shown_orders.js';

export type ExportStatus = 'queued' | 'running' | 'complete' | 'failed';

export interface StoredExport {
  id: string;
  surveyId: string;
  ownerId: string;
  settings: ExportSettings;
  status: ExportStatus;
  rowsDone: number;
  rowsTotal: number;
  filePath: string | null;
  error: string | null;
}

const STORED = `id, survey_id AS "surveyId", owner_id AS "ownerId", settings, status, rows_done AS "rowsDone", rows_total AS "rowsTotal",
  file_path AS "filePath", error`;

/** A worker that says nothing for so long has died; its export is written again from the start. */
const SILENCE_MS = 60_000;
/** Files are made again in no time; old ones only hold people's answers. */
const KEPT_MS = 7 * 86_400_000;
const MISSING = 'There is no such export. Exports are kept for a week.';

/** Exports of responses: asked for, written by a job, fetched as a file. */
@Injectable()
export class ExportsService {
  constructor(
    private readonly database: Database,
    private readonly clock: Clock,
    private readonly jobs: Jobs,
    private readonly audit: AuditService,
    private readonly disclosures: DisclosuresService,
  ) {}

  /** @throws {NotAllowed} when the stake lacks `responses:export` */
  async start(actor: Actor, surveyId: string, wish: ExportWish, isNeutral = false): Promise<string> {
    const { survey, disclosure } = await this.disclosures.mustFind(actor, surveyId, 'responses:export');
    const withPeople = disclosure.showsPeople;
    const settings: ExportSettings = { ...wish, withPeople, isNeutral };
    return this.database.inBrand(actor.brandId, async (unit) => {
      const total = await countRows(unit, selectionOf(surveyId, settings));
      const { id } = await unit.one<{ id: string }>(
        `INSERT INTO response_exports (brand_id, survey_id, owner_id, settings, status, rows_total, created_at)
         VALUES ($1, $2, $3, $4, 'queued', $5, $6) RETURNING id`,
        [actor.brandId, surveyId, actor.userId, settings, total, this.clock.now()],
      );
      await this.audit.record(unit, actor, 'responses.export', `survey ${surveyId}`, {
        after: { survey: survey.name, rows: total, format: settings.format, withPeople },
      });
      this.jobs.later(writeExport, { brandId: actor.brandId, exportId: id });
      return id;
    });
  }

  /** An export of this person. @throws {NotFound} for anybody else's */
  async mustFind(actor: Actor, surveyId: string, id: string): Promise<StoredExport> {
    await this.disclosures.mustFind(actor, surveyId, 'responses:export');
    const [stored] = await this.database.inBrand(actor.brandId, (unit) =>
      unit.sql<StoredExport>(
        `SELECT ${STORED} FROM response_exports WHERE id = $1 AND survey_id = $2 AND owner_id = $3`,
        [id, surveyId, actor.userId],
      ),
    );
    if (stored === undefined) {
      throw new NotFound(MISSING);
    }
    return stored;
  }

  /** As `mustFind`, of whichever survey. */
  async mustFindOwn(actor: Actor, id: string): Promise<StoredExport> {
    const { surveyId } = await this.database.inBrand(actor.brandId, (unit) =>
      unit.one<{ surveyId: string }>(
        'SELECT survey_id AS "surveyId" FROM response_exports WHERE id = $1 AND owner_id = $2',
        [id, actor.userId],
        MISSING,
      ),
    );
    return this.mustFind(actor, surveyId, id);
  }

  /**
   * @throws {WrongState} while it is being written, {NotAllowed} where it shows more of people than this reader may see
   * by now
   */
  async mustBeComplete(actor: Actor, surveyId: string, id: string): Promise<StoredExport & { filePath: string }> {
    const stored = await this.mustFind(actor, surveyId, id);
    const { disclosure } = await this.disclosures.mustFind(actor, surveyId, 'responses:export');
    if (stored.settings.withPeople && !disclosure.showsPeople) {
      throw new NotAllowed(
        'This file shows who answered, and you may not see that any more.',
        'Export again: the new file leaves out who answered.',
      );
    }
    const { filePath } = stored;
    if (stored.status !== 'complete' || filePath === null) {
      throw new WrongState('This export is not complete yet. Ask for its progress first.');
    }
    return { ...stored, filePath };
  }

  /** Takes an export to write it; undefined when it is done, gone or in other hands. */
  claim(brandId: string, id: string): Promise<StoredExport | undefined> {
    const now = this.clock.now();
    return this.database.inBrand(brandId, async (unit) => {
      const [claimed] = await unit.sql<StoredExport>(
        `UPDATE response_exports SET status = 'running', heartbeat_at = $2, rows_done = 0
         WHERE id = $1 AND (status = 'queued' OR (status = 'running' AND heartbeat_at < $3)) RETURNING ${STORED}`,
        [id, now, new Date(now.getTime() - SILENCE_MS)],
      );
      return claimed;
    });
  }

  async progress(brandId: string, id: string, rowsDone: number): Promise<void> {
    await this.change(brandId, id, 'rows_done = $2, heartbeat_at = $3', [rowsDone, this.clock.now()]);
  }

  async complete(brandId: string, id: string, path: string): Promise<void> {
    await this.change(brandId, id, `status = 'complete', file_path = $2, finished_at = $3`, [path, this.clock.now()]);
  }

  async fail(brandId: string, id: string, error: string): Promise<void> {
    await this.change(brandId, id, `status = 'failed', error = $2, finished_at = $3`, [error, this.clock.now()]);
  }

  /** Exports that nobody finished, over all brands. */
  async open(): Promise<{ brandId: string; exportId: string }[]> {
    const rows = await this.database.outsideBrands((unit) =>
      unit.sql<{ brand_id: string; export_id: string }>('SELECT brand_id, export_id FROM find_open_exports()'),
    );
    return rows.map((row) => ({ brandId: row.brand_id, exportId: row.export_id }));
  }

  /** Forgets exports of more than a week ago. @returns the files that nobody asks for any more */
  async forgetOld(brandId: string): Promise<string[]> {
    const old = await this.database.inBrand(brandId, (unit) =>
      unit.sql<{ path: string | null }>(
        'DELETE FROM response_exports WHERE created_at < $1 RETURNING file_path AS path',
        [new Date(this.clock.ms() - KEPT_MS)],
      ),
    );
    return old.flatMap(({ path }) => path ?? []);
  }

  private async change(brandId: string, id: string, sets: string, values: unknown[]): Promise<void> {
    await this.database.inBrand(brandId, async (unit) => {
      await unit.sql(`UPDATE response_exports SET ${sets} WHERE id = $1`, [id, ...values]);
      unit.changed(`export:${id}`);
    });
  }
}

export function selectionOf(surveyId: string, settings: ExportSettings): Selection {
  const { startDate, endDate, limit } = settings;
  return { surveyId, recordedFrom: startDate, recordedUntil: endDate, limit, withWalks: needsWalks(settings) };
}
