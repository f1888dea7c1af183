import { Injectable } from '@nestjs/common';
import { PermissionsService } from '../brands/permissions.service.js';
import { Clock } from '../platform/clock.js';
import { Database, type Unit } from '../platform/db/database.js';
import type { NoticeKind } from './notice_kinds.js';
import { NoticeMail } from './notice_mail.js';
import type { Notice } from './notices.service.js';
import { visible } from './notices.sql.js';

const AT_ONCE = 20;
/** Two days of growing waits; then the bell says that no mail came. */
const TRIES = 16;
const FIRST_WAIT_MS = 5 * 60_000;
const LONGEST_WAIT_MS = 4 * 3_600_000;

interface DueMail extends Pick<Notice, 'id' | 'kind' | 'surveyId' | 'distributionId' | 'facts'> {
  userId: string;
  state: string;
  attempts: number;
  stamp: string;
  name: string;
  email: string;
  timeZone: string;
}

/**
 * Sends notices by mail. Each is claimed before it is sent and put off for the next try in the same statement, so two
 * workers never send the same; a process that dies between the server's answer and our note sends it a second time.
 */
@Injectable()
export class NoticeMails {
  constructor(
    private readonly database: Database,
    private readonly clock: Clock,
    private readonly permissions: PermissionsService,
    private readonly wire: NoticeMail,
  ) {}

  async waiting(): Promise<string[]> {
    const rows = await this.database.outsideBrands((unit) =>
      unit.sql<{ brandId: string }>('SELECT brand_id AS "brandId" FROM find_notices_to_mail($1)', [this.clock.now()]),
    );
    return rows.map(({ brandId }) => brandId);
  }

  async send(brandId: string): Promise<void> {
    for (let due = await this.claim(brandId); due.length > 0; due = await this.claim(brandId)) {
      for (const mail of due) {
        await this.sendOne(brandId, mail);
      }
    }
  }

  private async sendOne(brandId: string, due: DueMail): Promise<void> {
    if (!(await this.isStillTrue(brandId, due))) {
      await this.note(brandId, due, { state: 'none', error: '', isSent: false });
      return;
    }
    const { status, text } = await this.wire.send(brandId, due);
    if (status === 'accepted' || status === 'uncertain') {
      await this.note(brandId, due, { state: 'sent', error: '', isSent: true });
    } else {
      await this.note(brandId, due, { state: due.attempts >= TRIES ? 'failed' : 'due', error: text, isSent: false });
    }
  }

  private claim(brandId: string): Promise<DueMail[]> {
    const now = this.clock.now();
    return this.database.inBrand(brandId, (unit) =>
      unit.sql<DueMail>(
        `UPDATE notices n SET mail_attempts = mail_attempts + 1,
           mail_at = $1::timestamptz + least($3::float8 * 2 ^ least(n.mail_attempts, 10), $4) * interval '1 millisecond'
         FROM notice_events e, users u
         WHERE (n.event_id, n.user_id) IN (SELECT event_id, user_id FROM notices WHERE mail_state = 'due' AND mail_at <= $1
           ORDER BY mail_at LIMIT $2 FOR UPDATE SKIP LOCKED)
           AND e.brand_id = n.brand_id AND e.id = n.event_id AND u.brand_id = n.brand_id AND u.id = n.user_id
         RETURNING e.id, e.kind, e.survey_id AS "surveyId", e.distribution_id AS "distributionId", e.facts, e.state, e.stamp::text AS stamp,
           n.user_id AS "userId", n.mail_attempts AS attempts, trim(u.first_name || ' ' || u.last_name) AS name, u.email, u.time_zone AS "timeZone"`,
        [now, AT_ONCE, FIRST_WAIT_MS, LONGEST_WAIT_MS],
      ),
    );
  }

  /** People who may not see it any more get no mail, and nobody hears that something waits which has gone on since. */
  private async isStillTrue(brandId: string, { id, userId, kind }: DueMail): Promise<boolean> {
    const may = await this.permissions.of(brandId, userId);
    return this.database.inBrand(brandId, async (unit) => {
      const rows = await unit.sql(
        `SELECT FROM notices n JOIN notice_events e ON e.brand_id = n.brand_id AND e.id = n.event_id
         JOIN users u ON u.brand_id = n.brand_id AND u.id = n.user_id
         WHERE n.event_id = $1 AND n.user_id = $2 AND ${visible('$3', '$4')}
           AND u.status <> 'disabled' AND (u.expires_at IS NULL OR u.expires_at > $5)
           -- Of what comes and goes, only what was not the last that they heard.
           AND NOT (e.kind IN ('relays', 'domains') AND n.mailed_state = e.state)`,
        [id, userId, may.has('brand:admin'), may.has('distributions:access'), this.clock.now()],
      );
      return rows.length > 0 && (!WAITING.includes(kind) || (await stillWaits(unit, id)));
    });
  }

  private async note(
    brandId: string,
    { id, userId, state: told, stamp }: DueMail,
    { state, error, isSent }: { state: Notice['mailState']; error: string; isSent: boolean },
  ): Promise<void> {
    await this.database.inBrand(brandId, (unit) =>
      unit.run(
        // What came anew meanwhile stays due.
        `UPDATE notices n SET mail_state = CASE WHEN e.stamp = $8::timestamptz THEN $3 ELSE n.mail_state END, mail_error = $4,
           mailed_at = CASE WHEN $5 THEN $6 ELSE n.mailed_at END, mailed_state = CASE WHEN $5 THEN $7 ELSE n.mailed_state END
         FROM notice_events e WHERE n.event_id = $1 AND n.user_id = $2 AND e.brand_id = n.brand_id AND e.id = n.event_id`,
        [id, userId, state, error.slice(0, 500), isSent, this.clock.now(), told, stamp],
      ),
    );
  }
}

const WAITING: readonly NoticeKind[] = ['waits', 'pauses'];

async function stillWaits(unit: Unit, eventId: string): Promise<boolean> {
  const rows = await unit.sql(
    `SELECT FROM notice_events e JOIN distributions d ON d.brand_id = e.brand_id AND d.id = e.distribution_id
     WHERE e.id = $1 AND d.status IN ('held', 'paused') AND d.held_at = e.stamp`,
    [eventId],
  );
  return rows.length > 0;
}
