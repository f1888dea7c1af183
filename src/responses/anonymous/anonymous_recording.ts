import { Injectable, Logger } from '@nestjs/common';
import { Chance } from '../../platform/chance.js';
import { Clock } from '../../platform/clock.js';
import { Database, type Unit } from '../../platform/db/database.js';
import { AnonymousAnswers, type HeldAnswers, toTheHour } from './anonymous_answers.js';
import { FORGET_WALKS, HELD, PUT_OFF, RECORD } from './anonymous_recording.sql.js';

const BATCH = 500;
/** What cannot be opened, e.g. with a wrong key for a while, is kept and looked at again. */
const PUT_OFF_MS = 3_600_000;

interface HeldRow {
  id: string;
  sealed: Buffer;
}

/**
 * Anonymous answers become responses: in a transaction that knows no session, some minutes after the one that did, under
 * numbers that follow no order and mixed with all others of their hour.
 */
@Injectable()
export class AnonymousRecording {
  private readonly log = new Logger(AnonymousRecording.name);

  constructor(
    private readonly database: Database,
    private readonly clock: Clock,
    private readonly chance: Chance,
    private readonly answers: AnonymousAnswers,
  ) {}

  /** Brands in which answers wait for their minute, or walks to be forgotten. */
  async waiting(): Promise<string[]> {
    const rows = await this.database.outsideBrands((unit) =>
      unit.sql<{ brand_id: string }>('SELECT brand_id FROM find_brands_with_anonymous_walks($1)', [this.clock.now()]),
    );
    return rows.map(({ brand_id: brandId }) => brandId);
  }

  async run(brandId: string): Promise<void> {
    await this.forgetWalks(brandId);
    while ((await this.database.inBrand(brandId, (unit) => this.record(unit, brandId))) === BATCH) {
      // The next batch is a transaction of its own.
    }
  }

  /** The walks themselves go in another transaction than their answers: rows of one transaction know of each other. */
  private async forgetWalks(brandId: string): Promise<void> {
    await this.database.inBrand(brandId, (unit) => unit.run(FORGET_WALKS, [this.clock.now()]));
  }

  private async record(unit: Unit, brandId: string): Promise<number> {
    const now = this.clock.now();
    const rows = await unit.sql<HeldRow>(HELD, [now, BATCH]);
    const opened = rows.map((row) => ({ id: row.id, held: this.openedOf(brandId, row) }));
    const good = opened.flatMap(({ id, held }) => (held === undefined ? [] : [{ id, held }]));
    const bad = opened.filter(({ held }) => held === undefined).map(({ id }) => id);
    if (bad.length > 0) {
      await unit.run(PUT_OFF, [bad, new Date(now.getTime() + PUT_OFF_MS)]);
    }
    if (good.length > 0) {
      const fresh = good.map(({ held }) => ({ ...held, id: this.chance.rowNumber() }));
      await unit.run(RECORD, [brandId, good.map(({ id }) => id), JSON.stringify(fresh), toTheHour(now)]);
      good.forEach(({ held }) => unit.changed(`survey:${held.surveyId}`));
    }
    return rows.length;
  }

  private openedOf(brandId: string, row: HeldRow): HeldAnswers | undefined {
    try {
      return this.answers.unheld(brandId, row);
    } catch {
      this.log.error('Anonymous answers do not open with the key of this installation; they are kept and tried again');
      return undefined;
    }
  }
}
