import { Injectable } from '@nestjs/common';
import type { Actor } from '../platform/auth/actor.js';
import { Database } from '../platform/db/database.js';
import { NotFound } from '../platform/errors.js';
import { SurveysService } from '../surveys/surveys.service.js';
import { COLUMNS, type ResponseRow } from './exports/response_rows.js';

/** Beyond this many a page says "10,000+": it never counts a million rows. */
export const COUNT_LIMIT = 10_000;

/** Recorded responses as pages and programs look at them. */
@Injectable()
export class ResponsesService {
  constructor(
    private readonly database: Database,
    private readonly surveys: SurveysService,
  ) {}

  /** The latest responses of a survey, one more than the size: it says whether there are more. */
  async list(
    actor: Actor,
    surveyId: string,
    wish: { size: number; before?: string | undefined },
  ): Promise<ResponseRow[]> {
    await this.surveys.mustFind(actor, surveyId, 'responses:export');
    return this.database.inBrand(actor.brandId, (unit) =>
      unit.sql<ResponseRow>(
        `SELECT ${COLUMNS} FROM responses r WHERE r.survey_id = $1 AND ($2::bigint IS NULL OR r.id < $2)
         ORDER BY r.id DESC LIMIT $3`,
        [surveyId, wish.before ?? null, wish.size + 1],
      ),
    );
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

  /** @throws {NotFound} for a response of another survey */
  async mustFind(actor: Actor, surveyId: string, id: string): Promise<ResponseRow> {
    await this.surveys.mustFind(actor, surveyId, 'responses:export');
    const [row] = await this.database.inBrand(actor.brandId, (unit) =>
      unit.sql<ResponseRow>(`SELECT ${COLUMNS} FROM responses r WHERE r.survey_id = $1 AND r.id = $2`, [surveyId, id]),
    );
    if (row === undefined) {
      throw new NotFound('There is no such response.');
    }
    return row;
  }
}
