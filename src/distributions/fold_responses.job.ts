import { tellOfSurvey } from '../ledger/live/distribution.topics.js';
import { messageMoves } from '../ledger/message_moves.js';
import { Injectable } from '@nestjs/common';
import { Clock } from '../platform/clock.js';
import { Database, type Unit } from '../platform/db/database.js';
import { type Performs, PerformsJob } from '../platform/queue/jobs.js';
import { foldResponses } from '../ledger/distribution.jobs.js';
import { type JustFinished, Thanking } from './follow_ups/thanking.js';
import { lockPlanning } from '../audiences/exclusion.sql.js';
import { endWavesEarly } from '../ledger/marks.sql.js';

/** Rows of the outbox that one transaction folds. */
const BATCH = 2000;

/**
 * Takes what respondents did over into the ledger. Runs when the outbox holds something; safe to run twice, because the
 * outbox rows are deleted in the very transaction that writes the ledger, and the first date of each kind stays.
 */
@PerformsJob(foldResponses)
@Injectable()
export class FoldResponsesJob implements Performs<{ brandId: string }> {
  constructor(
    private readonly database: Database,
    private readonly clock: Clock,
    private readonly thanking: Thanking,
  ) {}

  async perform({ brandId }: { brandId: string }): Promise<void> {
    while ((await this.database.inBrand(brandId, (unit) => this.fold(unit))) === BATCH) {
      // The next batch is a transaction of its own.
    }
  }

  due(): Promise<{ brandId: string }[]> {
    return this.database.outsideBrands((unit) =>
      unit.sql('SELECT brand_id AS "brandId" FROM find_brands_with_outbox()'),
    );
  }

  private async fold(unit: Unit): Promise<number> {
    const folded = await unit.one<Folded>(FOLD, [BATCH]);
    if (folded.thanks.length > 0) {
      await lockPlanning(unit);
    }
    for (const finished of folded.thanks) {
      await this.thanking.thank(unit, finished);
    }
    await endWavesEarly(unit, folded.distributions, this.clock.now());
    for (const id of folded.distributions) {
      unit.changed(`distribution:${id}`);
    }
    for (const id of folded.surveys) {
      tellOfSurvey(unit, id);
    }
    return folded.n;
  }
}

interface Folded {
  n: number;
  distributions: string[];
  surveys: string[];
  thanks: JustFinished[];
}

const ANSWERED = messageMoves.set(
  'answered',
  ({ accepted }) => `CASE WHEN ${messageMoves.isIn('answered', 'm')} THEN ${accepted} ELSE m.state END`,
);

/**
 * Takes what happened to walks into the ledger, several events of one link at once; walks of nobody's link are told as
 * well and have no row there. Whoever opened or answered must have got the mail: an uncertain one is confirmed by that
 * and not sent again. Whoever begins anew after their time was over is under way again. A reminder that has not gone out
 * has no part in what its link did.
 */
const FOLD = `
  WITH taken AS (
    DELETE FROM response_outbox WHERE id = ANY (ARRAY(
      SELECT id FROM response_outbox ORDER BY id LIMIT $1 FOR UPDATE SKIP LOCKED))
    RETURNING id, kind, link_id, response_id, at
  ), events AS (
    SELECT link_id, min(at) FILTER (WHERE kind = 'opened') AS opened, min(at) FILTER (WHERE kind = 'started') AS started,
      min(at) FILTER (WHERE kind = 'partial') AS partial, min(at) FILTER (WHERE kind = 'finished') AS finished,
      min(at) FILTER (WHERE kind = 'screened_out') AS screened_out, min(at) FILTER (WHERE kind = 'quota_full') AS quota_full,
      (array_agg(kind ORDER BY id DESC) FILTER (WHERE kind IN ('started', 'session_expired')))[1] = 'started' AS is_begun,
      max(at) FILTER (WHERE kind = 'session_expired') AS session_expired, min(at) AS first, max(response_id) AS response_id
    FROM taken WHERE link_id IS NOT NULL GROUP BY link_id
  ), moved AS (
    UPDATE messages m SET opened_at = coalesce(m.opened_at, e.opened), started_at = coalesce(m.started_at, e.started),
      partial_at = coalesce(m.partial_at, e.partial), finished_at = coalesce(m.finished_at, e.finished),
      screened_out_at = coalesce(m.screened_out_at, e.screened_out), quota_full_at = coalesce(m.quota_full_at, e.quota_full),
      session_expired_at = CASE WHEN NOT coalesce(e.is_begun, false) THEN coalesce(e.session_expired, m.session_expired_at) END,
      response_id = coalesce(m.response_id, e.response_id),
      ${ANSWERED},
      reason = CASE WHEN m.state = 'uncertain' THEN 'confirmed' ELSE m.reason END,
      accepted_at = CASE WHEN m.state = 'uncertain' THEN m.wire_at ELSE m.accepted_at END,
      final_at = CASE WHEN m.state = 'uncertain' THEN e.first ELSE m.final_at END,
      resend_at = CASE WHEN m.state = 'uncertain' THEN NULL ELSE m.resend_at END
    FROM events e WHERE m.link_id = e.link_id AND (m.wire_at IS NOT NULL OR NOT EXISTS (
      SELECT FROM distributions d WHERE d.brand_id = m.brand_id AND d.id = m.distribution_id AND d.parent_id IS NOT NULL))
    RETURNING m.brand_id, m.distribution_id, m.survey_id, m.link_id, m.domain, e.finished,
      coalesce(e.finished, e.screened_out, e.quota_full) AS ended, m.opened_at, m.opened_at = e.opened AS is_first
  ), counted AS (
    INSERT INTO deliverability_deltas (brand_id, day, from_domain, to_domain, name, n)
    SELECT moved.brand_id, (moved.opened_at AT TIME ZONE 'UTC')::date, lower(split_part(c.from_email, '@', 2)), moved.domain, 'opened', count(*)
    FROM moved JOIN mail_contents c ON c.brand_id = moved.brand_id AND c.distribution_id = moved.distribution_id
    WHERE moved.is_first GROUP BY 1, 2, 3, 4
  ), thanks AS (
    SELECT t.id, array_agg(moved.link_id::text) AS links FROM moved
    JOIN distributions t ON t.brand_id = moved.brand_id AND t.parent_id = moved.distribution_id AND t.at_once
    WHERE (moved.finished IS NOT NULL OR (t.thanks_turned_away AND moved.ended IS NOT NULL)) AND t.deleted_at IS NULL GROUP BY t.id
  )
  SELECT (SELECT count(*)::int FROM taken) AS n,
    coalesce((SELECT array_agg(DISTINCT distribution_id::text) FROM moved), '{}') AS distributions,
    coalesce((SELECT array_agg(DISTINCT survey_id::text) FROM moved), '{}') AS surveys,
    coalesce((SELECT jsonb_agg(jsonb_build_object('thankYouId', id::text, 'links', links)) FROM thanks), '[]') AS thanks`;
