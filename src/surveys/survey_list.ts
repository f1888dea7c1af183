import type { Actor } from '../platform/auth/actor.js';
import type { Unit } from '../platform/db/database.js';
import type { Stage } from './door.js';

/** Which surveys to list. */
export interface SurveyListWish {
  size: number;
  /** Number of the last survey that was shown; undefined at the start. */
  after?: string | undefined;
  /** How many to leave out, for programs that count them. */
  skip?: number | undefined;
  /** Part of the name. */
  search?: string | undefined;
  /** `brand` shows administrators what everybody owns; others see their own and what is shared with them. */
  scope?: 'mine' | 'brand' | undefined;
  /** `changed`: last change first; `made` (as the API pages): by number, oldest first. */
  order?: 'changed' | 'made' | undefined;
}

export interface ListedSurvey {
  id: string;
  name: string;
  stage: Stage;
  ownerId: string;
  ownerName: string;
  isPublished: boolean;
  availableFrom: Date | null;
  availableUntil: Date | null;
  createdAt: Date;
  modifiedAt: Date;
}

const COLUMNS = `s.id, s.name, s.stage, s.owner_id AS "ownerId",
  coalesce(nullif(trim(u.first_name || ' ' || u.last_name), ''), u.email) AS "ownerName",
  s.published_version_id IS NOT NULL AS "isPublished", s.available_from AS "availableFrom",
  s.available_until AS "availableUntil", s.created_at AS "createdAt", s.modified_at AS "modifiedAt"`;

/** Where the list goes on, by the order's own index; the last survey's place is looked up, so it may have moved. */
const PAGES = {
  changed: {
    where: `($3::bigint IS NULL OR (s.modified_at, s.id) < (SELECT l.modified_at, l.id FROM surveys l WHERE l.id = $3))`,
    order: 's.modified_at DESC, s.id DESC',
  },
  made: { where: '($3::bigint IS NULL OR s.id > $3)', order: 's.id' },
};

/** One page of surveys and one more. */
export async function listedSurveys(unit: Unit, actor: Actor, wish: SurveyListWish): Promise<ListedSurvey[]> {
  const { where, order } = PAGES[wish.order ?? 'changed'];
  const isAll = wish.scope === 'brand' && actor.permissions.has('brand:admin');
  return unit.sql<ListedSurvey>(
    `SELECT ${COLUMNS}
     FROM surveys s JOIN users u ON u.brand_id = s.brand_id AND u.id = s.owner_id
     WHERE s.deleted_at IS NULL AND ${where}
       AND ($4 OR s.owner_id = $1 OR EXISTS (
         SELECT FROM survey_shares h WHERE h.brand_id = s.brand_id AND h.survey_id = s.id AND h.user_id = $1))
       AND ($5 = '' OR s.name ILIKE '%' || $5 || '%')
     ORDER BY ${order} LIMIT $2 OFFSET $6`,
    [actor.userId, wish.size + 1, wish.after ?? null, isAll, escapedLike(wish.search ?? ''), wish.skip ?? 0],
  );
}

function escapedLike(text: string): string {
  return text
    .replaceAll('\0', '')
    .toWellFormed()
    .trim()
    .slice(0, 200)
    .replaceAll(/[\\%_]/g, String.raw`\$&`);
}
