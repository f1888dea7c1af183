import { Injectable } from '@nestjs/common';
import { AuditService } from '../brands/audit.service.js';
import type { Actor } from '../platform/auth/actor.js';
import { Database } from '../platform/db/database.js';
import { NotFound, WrongState } from '../platform/errors.js';
import { DisclosuresService } from './disclosures.service.js';
import { COLUMNS, type ResponseRow } from './exports/response_rows.js';

/** Beyond this many a page says "10,000+": it never counts a million rows. */
export const COUNT_LIMIT = 10_000;

/** A response that was marked, with what its walk would have added to the summary. */
const UNMARK = `WITH counted AS (
    UPDATE responses SET status = 0 WHERE survey_id = $1 AND id = $2 AND status = 8
    RETURNING brand_id, id, session_id, survey_id, distribution_id, channel, source, finished, ending, started_at, recorded_at
  ), walk AS (
    UPDATE sessions s SET status = 0 FROM counted c WHERE s.brand_id = c.brand_id AND s.id = c.session_id
  ), deltas AS (
    INSERT INTO summary_deltas (brand_id, survey_id, distribution_id, hour, channel, source, started, finished, partial, screened_out, quota_full)
    SELECT brand_id, survey_id, distribution_id, date_trunc('hour', started_at, 'UTC'), channel, source, 1, 0, 0, 0, 0 FROM counted
    UNION ALL
    SELECT brand_id, survey_id, distribution_id, date_trunc('hour', recorded_at, 'UTC'), channel, source, 0,
      (finished AND ending NOT IN ('screenedOut', 'quotaMet'))::int, (NOT finished)::int,
      (finished AND ending = 'screenedOut')::int, (finished AND ending = 'quotaMet')::int FROM counted
  ) SELECT id FROM counted`;

/** Recorded responses as pages and programs look at them. */
@Injectable()
export class ResponsesService {
  constructor(
    private readonly database: Database,
    private readonly audit: AuditService,
    private readonly disclosures: DisclosuresService,
  ) {}

  /** The latest responses of a survey, one more than the size: it says whether there are more. */
  async list(
    actor: Actor,
    surveyId: string,
    wish: { size: number; before?: string | undefined },
  ): Promise<ResponseRow[]> {
    const { disclosure } = await this.disclosures.mustFind(actor, surveyId, 'responses:export');
    const rows = await this.database.inBrand(actor.brandId, (unit) =>
      unit.sql<ResponseRow>(
        `SELECT ${COLUMNS} FROM responses r WHERE r.survey_id = $1 AND ($2::bigint IS NULL OR r.id < $2)
         ORDER BY r.id DESC LIMIT $3`,
        [surveyId, wish.before ?? null, wish.size + 1],
      ),
    );
    return disclosure.responses(rows);
  }

  /** How many there are, up to the limit and one more. */
  async count(actor: Actor, surveyId: string): Promise<number> {
    const { n } = await this.database.inBrand(actor.brandId, (unit) =>
      unit.one<{ n: number }>(
        `SELECT count(*)::int AS n FROM (SELECT FROM responses WHERE survey_id = $1 LIMIT ${COUNT_LIMIT + 1}) r`,
        [surveyId],
      ),
    );
    return n;
  }

  /** How many the bot guard has marked; they are kept and not counted. */
  async countMarked(actor: Actor, surveyId: string): Promise<number> {
    const { n } = await this.database.inBrand(actor.brandId, (unit) =>
      unit.one<{ n: number }>(
        `SELECT count(*)::int AS n FROM (SELECT FROM responses WHERE survey_id = $1 AND status = 8 LIMIT ${COUNT_LIMIT + 1}) r`,
        [surveyId],
      ),
    );
    return n;
  }

  /** Counts a response after all that the bot guard has marked. @throws {WrongState} for one that is not marked */
  async unmark(actor: Actor, surveyId: string, id: string): Promise<void> {
    await this.disclosures.mustFind(actor, surveyId, 'surveys:edit');
    await this.database.inBrand(actor.brandId, async (unit) => {
      const [counted] = await unit.sql(UNMARK, [surveyId, id]);
      if (counted === undefined) {
        throw new WrongState('This response is not marked as spam; it counts already.');
      }
      await this.audit.record(unit, actor, 'response.unmark', `survey ${surveyId}`);
      unit.changed(`survey:${surveyId}`);
    });
  }

  /** @throws {NotFound} for a response of another survey */
  async mustFind(actor: Actor, surveyId: string, id: string): Promise<ResponseRow> {
    const { disclosure } = await this.disclosures.mustFind(actor, surveyId, 'responses:export');
    const [row] = await this.database.inBrand(actor.brandId, (unit) =>
      unit.sql<ResponseRow>(`SELECT ${COLUMNS} FROM responses r WHERE r.survey_id = $1 AND r.id = $2`, [surveyId, id]),
    );
    if (row === undefined) {
      throw new NotFound('There is no such response.');
    }
    const [told] = await disclosure.responses([row]);
    return told!;
  }
}
