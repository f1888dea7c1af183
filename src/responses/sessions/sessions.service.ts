import { Injectable } from '@nestjs/common';
import { Clock } from '../../platform/clock.js';
import { Database, type Unit } from '../../platform/db/database.js';
import { isAnonymized } from '../../surveys/survey.entity.js';
import { SurveysService } from '../../surveys/surveys.service.js';
import { giveBack } from '../even_draws.js';
import { Keeping } from './keeping.js';
import { type Session, STATUS } from './session.js';
import { dropSession, sessionOf, type SessionRow, tellExpired } from './session_rows.js';
import { EXPIRED, FORGOTTEN, PAUSED } from './sessions.sql.js';
import { outcome } from '../walks.js';

const BATCH = 200;

interface ClosingRow extends SessionRow {
  options: Record<string, unknown>;
  choice: 'record' | 'discard' | 'expire';
}

/** Open walks that nobody will finish: their time is over, or the survey was paused with the order to close them. */
@Injectable()
export class SessionsService {
  constructor(
    private readonly database: Database,
    private readonly clock: Clock,
    private readonly surveys: SurveysService,
    private readonly keeping: Keeping,
  ) {}

  /** Brands with walks to close. */
  async waiting(): Promise<string[]> {
    const rows = await this.database.outsideBrands((unit) =>
      unit.sql<{ brand_id: string }>(
        `SELECT brand_id FROM find_brands_with_expired_sessions($1) UNION SELECT brand_id FROM find_brands_with_paused_sessions()
         UNION SELECT brand_id FROM find_brands_with_forgotten_sessions($1)`,
        [this.clock.now()],
      ),
    );
    return rows.map(({ brand_id: brandId }) => brandId);
  }

  /** Records or deletes every walk of a brand that is to be closed. @returns how many there were */
  async closeExpiredSessions(brandId: string): Promise<number> {
    return (
      (await this.closeAll(brandId, FORGOTTEN)) +
      (await this.closeAll(brandId, EXPIRED)) +
      (await this.closeAll(brandId, PAUSED))
    );
  }

  private async closeAll(brandId: string, statement: string): Promise<number> {
    let closed = 0;
    for (let size = BATCH; size === BATCH; closed += size) {
      size = await this.database.inBrand(brandId, (unit) => this.closeBatch(unit, brandId, statement));
    }
    return closed;
  }

  private async closeBatch(unit: Unit, brandId: string, statement: string): Promise<number> {
    const rows = await unit.sql<ClosingRow>(statement, [this.clock.now(), BATCH]);
    const sessions = rows.map((row) => this.keeping.opened(brandId, sessionOf(row, { surveyId: row.survey_id })!));
    for (const [place, row] of rows.entries()) {
      await this.close(unit, brandId, sessions[place]!, row);
    }
    for (const [surveyId, ended] of Map.groupBy(sessions, (session) => session.surveyId)) {
      await giveBack(unit, surveyId, ended);
    }
    rows.forEach((row) => unit.changed(`survey:${row.survey_id}`));
    return rows.length;
  }

  /** What was given becomes a partial response; a walk without one answer leaves nothing. */
  private async close(unit: Unit, brandId: string, session: Session, { options, choice }: ClosingRow): Promise<void> {
    const { walk, versionId } = session;
    if (choice === 'discard' || versionId === undefined || session.status === STATUS.preview) {
      await dropSession(unit, session.id);
      return;
    }
    const definition = await this.surveys.definitionOfIn(unit, brandId, versionId);
    const isAnonymous = session.isAnonymous || isAnonymized(options);
    if (choice === 'expire') {
      await tellExpired(unit, session.id, this.clock.now(), isAnonymous);
    }
    const left = { as: 'partial' as const, hasLink: session.hasLink, isAnonymous };
    const { progress, leaving, isEmpty } = outcome(definition, walk, options, left);
    if (isEmpty || options['deleteIncomplete'] === true) {
      await dropSession(unit, session.id);
    } else {
      const [now, activity] = [this.clock.now(), session.lastActivityAt];
      const step = { walk, progress, now, activity, expiresAt: null, leaving };
      await this.keeping.close(unit, brandId, { ...session, isAnonymous }, step);
    }
  }
}
