import { Injectable, Logger } from '@nestjs/common';
import { Clock } from '../../platform/clock.js';
import { Database } from '../../platform/db/database.js';
import type { BrandRelay } from './brand_relay.entity.js';

type Whose = Pick<BrandRelay, 'brandId' | 'id' | 'changedAt'>;

/**
 * Notes since when the relays of brands do not answer, for all processes and over restarts. What a process finds out about
 * settings that were changed meanwhile is not noted.
 */
@Injectable()
export class RelayOutages {
  private readonly log = new Logger(RelayOutages.name);
  /** One note after the other, so that the last word is the last that was heard. */
  private noting: Promise<void> = Promise.resolve();

  constructor(
    private readonly database: Database,
    private readonly clock: Clock,
  ) {}

  /** @param words what the server said, or ours where nobody answered */
  begun(relay: Whose, words: string): void {
    const told = words.replaceAll('\0', '').slice(0, 500).toWellFormed();
    this.note(
      relay,
      `UPDATE relays SET down_since = coalesce(down_since, $3), down_at = $3, tried_at = $3, trouble = $4
       WHERE id = $1 AND changed_at = $2`,
      [told],
    );
  }

  ended(relay: Whose): void {
    this.note(
      relay,
      `UPDATE relays SET down_since = NULL, down_at = NULL, tried_at = $3, trouble = ''
       WHERE id = $1 AND changed_at = $2 AND down_at IS NOT NULL`,
    );
  }

  /** Resolves when all that was heard is kept. */
  kept(): Promise<void> {
    return this.noting;
  }

  private note({ brandId, id, changedAt }: Whose, sql: string, more: unknown[] = []): void {
    const values = [id, changedAt, this.clock.now(), ...more];
    this.noting = this.keep(this.noting, brandId, sql, values);
  }

  private async keep(before: Promise<void>, brandId: string, sql: string, values: unknown[]): Promise<void> {
    await before;
    try {
      await this.database.apart(brandId, (unit) => unit.run(sql, values));
    } catch (error) {
      // The next try finds out the same.
      this.log.warn(`How a relay is could not be kept: ${String(error)}`);
    }
  }
}
