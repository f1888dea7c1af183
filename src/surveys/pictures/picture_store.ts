import { createHash } from 'node:crypto';
import { Injectable } from '@nestjs/common';
import { Clock } from '../../platform/clock.js';
import type { Unit } from '../../platform/db/database.js';
import { pictureKind } from '../../platform/foreign/picture_kind.js';

export const MAX_PICTURE_BYTES = 5_000_000;
const MAX_SIDE = 10_000;
/** All pictures of a brand's surveys. */
const MAX_BRAND_BYTES = 500_000_000;

/** Why a picture that was read is not kept. */
export type PictureRefusal = 'kind' | 'large' | 'room';

/** Keeps pictures of surveys; what they are is told by their own bytes, whatever their server said. */
@Injectable()
export class PictureStore {
  constructor(private readonly clock: Clock) {}

  /** Keeps the content, once a brand. @returns its hash, or why not */
  async keep(unit: Unit, brandId: string, content: Buffer): Promise<{ sha: Buffer } | { why: PictureRefusal }> {
    const kind = pictureKind(content);
    if (kind === undefined) return { why: 'kind' };
    const { type, width, height } = kind;
    if (content.length > MAX_PICTURE_BYTES || width > MAX_SIDE || height > MAX_SIDE) return { why: 'large' };
    const sha = createHash('sha256').update(content).digest();
    const { used } = await unit.one<{ used: string }>(
      'SELECT coalesce(sum(bytes), 0)::bigint AS used FROM survey_picture_files WHERE sha <> $1',
      [sha],
    );
    if (Number(used) + content.length > MAX_BRAND_BYTES) return { why: 'room' };
    await unit.sql(
      `INSERT INTO survey_picture_files (brand_id, sha, type, bytes, width, height, content, created_at)
       VALUES ($1, $2, $3, $4, $5, $6, $7, $8) ON CONFLICT DO NOTHING`,
      [brandId, sha, type, content.length, width, height, content, this.clock.now()],
    );
    return { sha };
  }

  /** Notes what came of an address. */
  async settle(unit: Unit, key: string, result: { sha: Buffer } | { why: string; retryAt?: Date }): Promise<void> {
    const isKept = 'sha' in result;
    const retryAt = isKept ? undefined : result.retryAt;
    await unit.sql('UPDATE survey_pictures SET state = $2, why = $3, due_at = $4, sha = $5 WHERE key = $1', [
      key,
      isKept ? 'kept' : retryAt === undefined ? 'failed' : 'wanted',
      isKept ? '' : result.why,
      retryAt ?? null,
      isKept ? result.sha : null,
    ]);
  }
}
