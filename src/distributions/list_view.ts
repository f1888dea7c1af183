import { Injectable } from '@nestjs/common';
import type { Actor } from '../platform/auth/actor.js';
import { Database } from '../platform/db/database.js';

export const LIST_VIEWS = ['standard', 'compact'] as const;
export type ListViewName = (typeof LIST_VIEWS)[number];

const NAME = 'distributions.view';

/** How somebody likes the list of mails: with everything, or a line each. Remembered for the person. */
@Injectable()
export class ListView {
  constructor(private readonly database: Database) {}

  async of({ brandId, userId }: Actor): Promise<ListViewName> {
    const [row] = await this.database.inBrand(brandId, (unit) =>
      unit.sql<{ value: string }>('SELECT value FROM user_choices WHERE user_id = $1 AND name = $2', [userId, NAME]),
    );
    return row?.value === 'compact' ? 'compact' : 'standard';
  }

  async choose({ brandId, userId }: Actor, view: ListViewName): Promise<void> {
    await this.database.inBrand(brandId, (unit) =>
      unit.run(
        `INSERT INTO user_choices (brand_id, user_id, name, value) VALUES ($1, $2, $3, $4)
         ON CONFLICT (brand_id, user_id, name) DO UPDATE SET value = EXCLUDED.value`,
        [brandId, userId, NAME, view],
      ),
    );
  }
}
