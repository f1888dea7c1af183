import type { Unit } from '../../platform/db/database.js';
import type { WalkState } from '../../engine/page.js';
import type { Answers } from '../../engine/questions/question.schema.js';

/** A response as exports and pages read it. */
export interface ResponseRow {
  id: string;
  /** Its public id where it was computed together with others. */
  shownId?: string;
  /** Came by a link that was made for one contact. */
  hasLink: boolean;
  versionId: string;
  channel: string;
  source: string;
  status: number;
  finished: boolean;
  /** Which end it was; files tell it by the field that names its flag. */
  ending?: string;
  progress: number;
  language: string;
  device: string;
  startedAt: Date;
  endedAt: Date;
  recordedAt: Date;
  /** None where answers are anonymous. */
  durationSeconds: number | null;
  answers: Answers;
  embedded: Record<string, string>;
  /** Read only where the order of choices is asked for; answers of nobody have none. */
  walk?: WalkState | null;
  person: { firstName?: string; lastName?: string; email?: string; extRef?: string; ip?: string };
}

/** Which responses of a survey. */
export interface Selection {
  surveyId: string;
  recordedFrom: string | null;
  recordedUntil: string | null;
  limit: number | null;
  /** With the walks, from which the order of choices is worked out. */
  withWalks: boolean;
}

export const COLUMNS = `r.id, r.link_id IS NOT NULL AS "hasLink", r.version_id AS "versionId", r.channel, r.source, r.status, r.finished, r.ending, r.progress, r.language, r.device,
  r.started_at AS "startedAt", r.ended_at AS "endedAt", r.recorded_at AS "recordedAt", r.duration_seconds AS "durationSeconds",
  r.answers, r.embedded, r.person`;

const CHOSEN = `r.survey_id = $1 AND ($2::timestamptz IS NULL OR r.recorded_at >= $2) AND ($3::timestamptz IS NULL OR r.recorded_at < $3)`;

export async function countRows(unit: Unit, wish: Selection): Promise<number> {
  const { n } = await unit.one<{ n: number }>(`SELECT count(*)::int AS n FROM responses r WHERE ${CHOSEN}`, [
    wish.surveyId,
    wish.recordedFrom,
    wish.recordedUntil,
  ]);
  return wish.limit === null ? n : Math.min(n, wish.limit);
}

/** Versions that have responses, the latest first, and the published one even where it has none. */
export async function versionsOf(unit: Unit, surveyId: string): Promise<string[]> {
  const rows = await unit.sql<{ id: string }>(
    `SELECT v.id FROM survey_versions v WHERE v.survey_id = $1
       AND (v.id = (SELECT published_version_id FROM surveys WHERE id = $1)
         OR EXISTS (SELECT FROM responses r WHERE r.brand_id = v.brand_id AND r.survey_id = $1 AND r.version_id = v.id))
     ORDER BY v.number DESC`,
    [surveyId],
  );
  return rows.map(({ id }) => id);
}
