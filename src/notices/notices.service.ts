import { Injectable } from '@nestjs/common';
import type { Actor } from '../platform/auth/actor.js';
import { Clock } from '../platform/clock.js';
import { Database } from '../platform/db/database.js';
import { NotFound } from '../platform/errors.js';
import { ADMINISTRATORS_KINDS, type Facts, NOTICE_KINDS, type NoticeKind } from './notice_kinds.js';
import { visible } from './notices.sql.js';

/** One notice of one person. */
export interface Notice {
  /** The number of what happened; for one person it is one notice. */
  id: string;
  kind: NoticeKind;
  surveyId: string | null;
  distributionId: string | null;
  facts: Facts;
  toldAt: Date;
  readAt: Date | null;
  mailState: 'none' | 'due' | 'sent' | 'failed';
  /** Why the mail about it has not gone out; '' where nothing was in the way. */
  mailError: string;
}

/** How somebody wants to hear of one kind. */
export interface NoticeChoice {
  kind: NoticeKind;
  bell: boolean;
  mail: boolean;
}

export interface NoticeWish {
  size: number;
  /** The last notice that was shown. */
  after?: string | undefined;
}

/** Notices are kept for so many days. */
export const KEPT_DAYS = 90;
const DAY_MS = 86_400_000;
/** More than these nobody counts. */
const MOST_COUNTED = 100;

/** The notices of a person: what is in the bell, what was read, what they want to hear of. */
@Injectable()
export class NoticesService {
  constructor(
    private readonly database: Database,
    private readonly clock: Clock,
  ) {}

  /** Newest first, only what the person may still see; one more than `size`, so that the caller knows of more. */
  async list(actor: Actor, { size, after }: NoticeWish): Promise<Notice[]> {
    return this.database.inBrand(actor.brandId, (unit) =>
      unit.sql<Notice>(
        `SELECT e.id, e.kind, e.survey_id AS "surveyId", e.distribution_id AS "distributionId", e.facts, n.told_at AS "toldAt",
           n.read_at AS "readAt", n.mail_state AS "mailState", n.mail_error AS "mailError"
         FROM notices n JOIN notice_events e ON e.brand_id = n.brand_id AND e.id = n.event_id
         WHERE n.user_id = $1 AND n.in_bell AND ${visible('$2', '$3')}
           AND ($4::bigint IS NULL OR (n.told_at, n.event_id) < (
             SELECT l.told_at, l.event_id FROM notices l WHERE l.user_id = $1 AND l.event_id = $4))
         ORDER BY n.told_at DESC, n.event_id DESC LIMIT $5`,
        [...asking(actor), after ?? null, size + 1],
      ),
    );
  }

  /** How many are unread; of more than a hundred, 100. */
  async unread(actor: Actor): Promise<number> {
    return this.database.inBrand(actor.brandId, async (unit) => {
      const { n } = await unit.one<{ n: number }>(
        `SELECT count(*)::int AS n FROM (SELECT FROM notices n JOIN notice_events e ON e.brand_id = n.brand_id AND e.id = n.event_id
         WHERE n.user_id = $1 AND n.in_bell AND n.read_at IS NULL AND ${visible('$2', '$3')} LIMIT ${MOST_COUNTED}) few`,
        asking(actor),
      );
      return n;
    });
  }

  /** @throws {NotFound} where the person has no such notice */
  async read(actor: Actor, id: string): Promise<void> {
    await this.database.inBrand(actor.brandId, async (unit) => {
      const n = await unit.run(
        'UPDATE notices SET read_at = coalesce(read_at, $3) WHERE user_id = $1 AND event_id = $2 AND in_bell',
        [actor.userId, id, this.clock.now()],
      );
      if (n === 0) {
        throw new NotFound('There is no such notice.');
      }
    });
  }

  async readAll({ brandId, userId }: Actor): Promise<void> {
    await this.database.inBrand(brandId, (unit) =>
      unit.run('UPDATE notices SET read_at = $2 WHERE user_id = $1 AND in_bell AND read_at IS NULL', [
        userId,
        this.clock.now(),
      ]),
    );
  }

  /** Every kind that somebody can be told, in order; both ways are on until they say otherwise. */
  async choices(actor: Actor): Promise<NoticeChoice[]> {
    const rows = await this.database.inBrand(actor.brandId, (unit) =>
      unit.sql<NoticeChoice>('SELECT kind, bell, mail FROM notice_choices WHERE user_id = $1', [actor.userId]),
    );
    return kindsFor(actor).map((kind) => rows.find((row) => row.kind === kind) ?? { kind, bell: true, mail: true });
  }

  /** What was told already stays as it is. */
  async choose(actor: Actor, choices: readonly NoticeChoice[]): Promise<void> {
    const own = choices.filter(({ kind }) => kindsFor(actor).includes(kind));
    await this.database.inBrand(actor.brandId, async (unit) => {
      for (const { kind, bell, mail } of own) {
        await unit.run(
          `INSERT INTO notice_choices (brand_id, user_id, kind, bell, mail) VALUES ($1, $2, $3, $4, $5)
           ON CONFLICT (brand_id, user_id, kind) DO UPDATE SET bell = $4, mail = $5`,
          [actor.brandId, actor.userId, kind, bell, mail],
        );
      }
    });
  }

  /** Forgets what is older than 90 days. */
  async forget(): Promise<void> {
    const before = new Date(this.clock.ms() - KEPT_DAYS * DAY_MS);
    const brands = await this.database.outsideBrands((unit) =>
      unit.sql<{ brandId: string }>('SELECT brand_id AS "brandId" FROM find_old_notices($1)', [before]),
    );
    for (const { brandId } of brands) {
      await this.database.inBrand(brandId, (unit) =>
        unit.run('DELETE FROM notice_events WHERE told_at < $1', [before]),
      );
    }
  }
}

/** Kinds that can concern somebody. */
function kindsFor({ permissions }: Actor): NoticeKind[] {
  const administers = permissions.has('brand:admin');
  const sees = permissions.has('distributions:access');
  return NOTICE_KINDS.filter((kind) => (ADMINISTRATORS_KINDS.includes(kind) ? administers : sees));
}

function asking({ userId, permissions }: Actor): unknown[] {
  return [userId, permissions.has('brand:admin'), permissions.has('distributions:access')];
}
