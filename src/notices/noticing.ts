import { Injectable } from '@nestjs/common';
import { Clock } from '../platform/clock.js';
import { Database, type Unit } from '../platform/db/database.js';
import { Jobs } from '../platform/queue/jobs.js';
import { Addressees } from './addressees.js';
import { Happenings } from './happenings.js';
import { type Happening, mailDelay, mailGap } from './notice_kinds.js';
import { mailNotices } from './notices.jobs.js';

/**
 * Runs when the sweep finds that something happened of which nobody was told. Safe to run twice and to be killed: a
 * happening, its notices and the mails that are due are one transaction, and a brand's runs take turns.
 */
@Injectable()
export class Noticing {
  constructor(
    private readonly database: Database,
    private readonly clock: Clock,
    private readonly happenings: Happenings,
    private readonly addressees: Addressees,
    private readonly jobs: Jobs,
  ) {}

  async of(brandId: string): Promise<void> {
    await this.database.inBrand(brandId, async (unit) => {
      await unit.sql(`SELECT pg_advisory_xact_lock(hashtextextended('notices', $1::bigint))`, [brandId]);
      const now = this.clock.now();
      for (const happening of await this.happenings.of(unit, brandId, now)) {
        await this.tell(unit, brandId, happening, now);
      }
      this.jobs.later(mailNotices, { brandId });
    });
  }

  /** Brands in which something happened. */
  async waiting(): Promise<string[]> {
    const rows = await this.database.outsideBrands((unit) =>
      unit.sql<{ brandId: string }>(
        `SELECT brand_id AS "brandId" FROM find_distributions_with_news($1) UNION SELECT brand_id FROM find_brands_with_news($1)
         UNION SELECT brand_id FROM find_brands_near_limits($1) UNION SELECT brand_id FROM find_brands_with_relay_news()`,
        [this.clock.now()],
      ),
    );
    return rows.map(({ brandId }) => brandId);
  }

  /** Keeps the happening and its notices; one that is known as it is changes nothing. */
  private async tell(unit: Unit, brandId: string, happening: Happening, now: Date): Promise<void> {
    const { key, kind, stamp, state = '', surveyId = null, distributionId = null, facts } = happening;
    const [event] = await unit.sql<{ id: string }>(
      `INSERT INTO notice_events AS e (brand_id, key, kind, stamp, state, survey_id, distribution_id, facts, told_at)
       VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9)
       ON CONFLICT (brand_id, key) DO UPDATE SET stamp = EXCLUDED.stamp, state = EXCLUDED.state, facts = EXCLUDED.facts, told_at = $9
         WHERE e.stamp <> EXCLUDED.stamp
       RETURNING id`,
      [brandId, key, kind, stamp, state, surveyId, distributionId, facts, now],
    );
    if (event === undefined) {
      return;
    }
    const people = await this.addressees.of(unit, happening, now);
    const gap = mailGap(happening);
    await unit.run(
      `INSERT INTO notices AS n (brand_id, event_id, user_id, told_at, in_bell, mail_state, mail_at)
       SELECT $1, $2, p.id, $4, coalesce(c.bell, true), CASE WHEN coalesce(c.mail, true) THEN 'due' ELSE 'none' END, $6
       FROM unnest($3::bigint[]) AS p (id) LEFT JOIN notice_choices c ON c.user_id = p.id AND c.kind = $5
       WHERE coalesce(c.bell, true) OR coalesce(c.mail, true)
       ON CONFLICT (brand_id, event_id, user_id) DO UPDATE SET told_at = $4, in_bell = EXCLUDED.in_bell, read_at = NULL,
         mail_attempts = 0, mail_error = '',
         mail_state = CASE WHEN n.mailed_at IS NOT NULL AND $7::float8 IS NULL THEN n.mail_state ELSE EXCLUDED.mail_state END,
         mail_at = greatest($6, n.mailed_at + $7::float8 * interval '1 millisecond')`,
      [
        brandId,
        event.id,
        people,
        now,
        kind,
        new Date(now.getTime() + mailDelay(happening)),
        Number.isFinite(gap) ? gap : null,
      ],
    );
  }
}
