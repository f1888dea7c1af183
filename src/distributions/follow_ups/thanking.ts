import { Injectable } from '@nestjs/common';
import { LockMode } from '@mikro-orm/core';
import type { Unit } from '../../platform/db/database.js';
import { Distribution } from '../../ledger/distribution.entity.js';
import { Additions } from './additions.js';
import { isSetLoose } from './follow_ups.sql.js';

/** Links whose people have just finished, and the thank-you that goes at once. */
export interface JustFinished {
  thankYouId: string;
  links: string[];
}

/**
 * Thank-yous that go when a response is recorded. The ledger row is written in the transaction that takes the response
 * over from the outbox, and nobody has two rows: exactly one mail, whatever dies in between. Outside its hours it waits
 * for the next ones.
 */
@Injectable()
export class Thanking {
  constructor(private readonly additions: Additions) {}

  async thank(unit: Unit, { thankYouId, links }: JustFinished): Promise<void> {
    const thankYou = await unit.em.findOne(
      Distribution,
      { id: thankYouId, deletedAt: null },
      { lockMode: LockMode.PESSIMISTIC_WRITE, refresh: true },
    );
    if (thankYou !== null && isSetLoose(thankYou)) {
      await this.additions.add(unit, thankYou, { links }, links.length);
    }
  }
}
