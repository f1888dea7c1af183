import { Injectable } from '@nestjs/common';
import { Database, type Unit } from '../platform/db/database.js';
import {
  FOLD_ANSWERS,
  FOLD_LOCK,
  FOLD_TALLIES,
  FORGET_ROLLUPS,
  TAKE_STOCK,
  TRY_FOLD_LOCK,
  WRITE_ROLLUPS,
  WRITE_TOTALS,
  WRONG_TOTALS,
} from './folding.sql.js';

const BATCH = 10_000;

interface Stock {
  hour: Date;
  channel: string;
  source: string;
  opened: number;
  started: number;
  finished: number;
  partial: number;
  screened_out: number;
  quota_full: number;
  counted_started: number;
  counted_finished: number;
  counted_partial: number;
  counted_screened_out: number;
  counted_quota_full: number;
}

/** What a rebuild found. */
export interface Rebuilt {
  rows: number;
  /** Roll-ups and totals that did not say what the sessions and responses say; none, unless somebody changed rows by hand. */
  wrong: number;
}

/** Sums deltas up into roll-ups and tallies, and proves that these tell the truth. */
@Injectable()
export class Folding {
  constructor(private readonly database: Database) {}

  /** The brands in which something waits to be folded. */
  async waiting(): Promise<string[]> {
    const rows = await this.database.outsideBrands((unit) =>
      unit.sql<{ brand_id: string }>('SELECT brand_id FROM find_brands_with_deltas()'),
    );
    return rows.map((row) => row.brand_id);
  }

  /** Folds all that waits, one bounded transaction after the other. */
  async fold(brandId: string, size = BATCH): Promise<void> {
    let moved = size;
    while (moved >= size) {
      moved = await this.foldBatch(brandId, size);
    }
  }

  /**
   * Folds up to `size` deltas of each kind in one transaction.
   * @returns the larger number of deltas moved; 0 also when another process is folding this brand
   */
  foldBatch(brandId: string, size?: number): Promise<number> {
    return this.database.inBrand(brandId, (unit) => this.foldBatchIn(unit, brandId, size));
  }

  /** As `foldBatch`, in a unit that is open. */
  async foldBatchIn(unit: Unit, brandId: string, size = BATCH): Promise<number> {
    const { got } = await unit.one<{ got: boolean }>(TRY_FOLD_LOCK, [brandId]);
    if (!got) {
      return 0;
    }
    const answers = await unit.one<{ moved: number }>(FOLD_ANSWERS, [brandId, size]);
    const tallies = await unit.one<{ moved: number }>(FOLD_TALLIES, [brandId, size]);
    return Math.max(answers.moved, tallies.moved);
  }

  /** Counts a survey's sessions and responses anew and writes the roll-ups from them. */
  async rebuild(brandId: string, surveyId: string): Promise<Rebuilt> {
    return this.database.inBrand(brandId, async (unit) => {
      await unit.sql(FOLD_LOCK, [brandId]);
      const totals = await unit.one<{ wrong: number }>(WRONG_TOTALS, [brandId, surveyId]);
      const stock = await unit.sql<Stock>(TAKE_STOCK, [brandId, surveyId]);
      await unit.run(FORGET_ROLLUPS, [brandId, surveyId]);
      await unit.run(WRITE_ROLLUPS, [brandId, surveyId, JSON.stringify(stock)]);
      await unit.run(WRITE_TOTALS, [brandId, surveyId]);
      return { rows: stock.length, wrong: stock.filter(isWrong).length + totals.wrong };
    });
  }
}

function isWrong(row: Stock): boolean {
  const counts = ['started', 'finished', 'partial', 'screened_out', 'quota_full'] as const;
  return counts.some((name) => row[name] !== row[`counted_${name}`]);
}
