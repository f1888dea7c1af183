import { Injectable } from '@nestjs/common';
import { Clock } from '../../platform/clock.js';
import { Database, type Unit } from '../../platform/db/database.js';
import { Keys } from '../../platform/keys.js';
import { Jobs } from '../../platform/queue/jobs.js';
import type { SurveyDefinition } from '../../engine/definition.js';
import { addresses } from '../../platform/web/addresses.js';
import { foreignPictures, isInside, withPictures } from './picture_places.js';
import { PictureStore } from './picture_store.js';
import { fetchPictures } from './pictures.jobs.js';

/** What became of one picture of a survey. */
export interface PictureState {
  where: string;
  address: string;
  /** `beyond`: it is one of more than a survey may have. */
  state: 'wanted' | 'kept' | 'failed' | 'beyond';
  why: string;
}

export interface ServedPicture {
  type: string;
  content: Buffer;
}

/** More pictures than this in one survey are not fetched. */
const MOST = 500;

/**
 * Pictures that a survey's texts show from other hosts. Definitions keep the addresses that were written; respondents
 * are given addresses of ours, computed from them, so that no browser asks anybody else.
 */
@Injectable()
export class SurveyPictures {
  constructor(
    private readonly database: Database,
    private readonly keys: Keys,
    private readonly store: PictureStore,
    private readonly jobs: Jobs,
    private readonly clock: Clock,
  ) {}

  /** The definition as it is drawn. */
  shown(brandId: string, definition: SurveyDefinition): SurveyDefinition {
    return withPictures(definition, (address) => addresses.surveys.picture(this.keyOf(brandId, address)));
  }

  /** Has the pictures of a definition fetched that are not known yet; `again`: those that failed, too. */
  async want(unit: Unit, brandId: string, definition: SurveyDefinition, again: boolean): Promise<void> {
    await this.wantAll(unit, brandId, [...foreignPictures(definition).keys()], again);
  }

  /** As `want`, of a definition's foreign pictures by their addresses. */
  async wantAll(unit: Unit, brandId: string, pictures: string[], again: boolean): Promise<void> {
    const keys = new Map(pictures.slice(0, MOST).map((address) => [this.keyOf(brandId, address), address]));
    if (keys.size === 0) return;
    const rows = [...keys].map(([key, address]) => ({ key, address: isInside(address) ? 'data:' : address }));
    const wanted = await unit.sql<{ key: string }>(
      `INSERT INTO survey_pictures AS known (brand_id, key, address, state, due_at, created_at)
       SELECT $1, key, address, 'wanted', $4, $4 FROM unnest($2::text[], $3::text[]) AS new (key, address) ORDER BY key
       ON CONFLICT (brand_id, key) DO UPDATE SET state = 'wanted', attempts = 0, due_at = excluded.due_at
         WHERE known.state = 'failed' AND $5
       RETURNING key`,
      [brandId, rows.map(({ key }) => key), rows.map(({ address }) => address), this.clock.now(), again],
    );
    for (const { key } of wanted) {
      const address = keys.get(key)!;
      if (isInside(address)) await this.store.settle(unit, key, await this.store.keep(unit, brandId, bytesOf(address)));
    }
    if (wanted.length > 0) this.jobs.later(fetchPictures, { brandId });
  }

  async statesOf(brandId: string, definition: SurveyDefinition): Promise<PictureState[]> {
    const places = [...foreignPictures(definition)].map(([address, where]) => ({
      address,
      where,
      key: this.keyOf(brandId, address),
    }));
    if (places.length === 0) return [];
    const rows = await this.database.inBrand(brandId, (unit) =>
      unit.sql<{ key: string; state: PictureState['state']; why: string }>(
        'SELECT key, state, why FROM survey_pictures WHERE key = ANY($1)',
        [places.map(({ key }) => key)],
      ),
    );
    const known = new Map(rows.map((row) => [row.key, row]));
    return places.map(({ address, where, key }) => {
      const { state, why } = known.get(key) ?? { state: 'beyond' as const, why: '' };
      return { address, where, state, why };
    });
  }

  /** @returns undefined for what we have not got (yet) */
  async served(key: string): Promise<ServedPicture | undefined> {
    const [found] = await this.database.outsideBrands((unit) =>
      unit.sql<{ brand_id: string }>('SELECT brand_id FROM find_survey_picture($1)', [key]),
    );
    if (found === undefined) return undefined;
    const [picture] = await this.database.inBrand(found.brand_id, (unit) =>
      unit.sql<ServedPicture>(
        'SELECT type, content FROM survey_pictures JOIN survey_picture_files USING (brand_id, sha) WHERE key = $1',
        [key],
      ),
    );
    return picture;
  }

  /** Nobody who knows an address can tell whether a brand's survey shows it. */
  private keyOf(brandId: string, address: string): string {
    return this.keys.mac('picture', `survey|${brandId}|${address}`, 32);
  }
}

/** Not fetched yet, and not tried in vain either. */
export function isWaiting({ state, why }: PictureState): boolean {
  return state === 'wanted' && why === '';
}

function bytesOf(address: string): Buffer {
  return Buffer.from(address.slice(address.indexOf(',') + 1), 'base64');
}
