import { Injectable } from '@nestjs/common';
import { Clock } from '../../platform/clock.js';
import { Database } from '../../platform/db/database.js';
import { Downloads } from '../../platform/net/downloads.js';
import { MAX_PICTURE_BYTES, PictureStore } from './picture_store.js';

interface DuePicture {
  key: string;
  address: string;
  attempts: number;
}

const AT_ONCE = 4;
const LIMITS = { bytes: MAX_PICTURE_BYTES, ms: 15_000 };
/** Whoever took a picture and died leaves it to the next one after this. */
const LEASE_MS = 120_000;
const TRIES = 3;
const PAUSE_MS = 300_000;

/** Fetches the pictures that a brand's surveys want, a few at a time, outside of any transaction. */
@Injectable()
export class PictureFetching {
  constructor(
    private readonly database: Database,
    private readonly downloads: Downloads,
    private readonly store: PictureStore,
    private readonly clock: Clock,
  ) {}

  async fetchDue(brandId: string): Promise<void> {
    for (let batch = await this.take(brandId); batch.length > 0; batch = await this.take(brandId)) {
      await Promise.all(batch.map((picture) => this.fetch(brandId, picture)));
    }
  }

  private take(brandId: string): Promise<DuePicture[]> {
    const now = this.clock.now();
    return this.database.inBrand(brandId, (unit) =>
      unit.sql<DuePicture>(
        `UPDATE survey_pictures SET due_at = $1, attempts = attempts + 1
         WHERE key IN (SELECT key FROM survey_pictures WHERE state = 'wanted' AND due_at <= $2
                       ORDER BY due_at, key LIMIT $3 FOR UPDATE SKIP LOCKED)
         RETURNING key, address, attempts`,
        [new Date(now.getTime() + LEASE_MS), now, AT_ONCE],
      ),
    );
  }

  private async fetch(brandId: string, { key, address, attempts }: DuePicture): Promise<void> {
    const download = await this.downloads.fetch(address, LIMITS);
    await this.database.inBrand(brandId, async (unit) => {
      if (download.status === 'found') {
        await this.store.settle(unit, key, await this.store.keep(unit, brandId, download.content));
      } else if (download.isFinal || attempts >= TRIES) {
        await this.store.settle(unit, key, { why: download.why });
      } else {
        const retryAt = new Date(this.clock.ms() + PAUSE_MS * attempts);
        await this.store.settle(unit, key, { why: download.why, retryAt });
      }
    });
  }
}
