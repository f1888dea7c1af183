import type { Unit } from '../platform/db/database.js';

/** What of a reply goes on to the author: its words, its words as they are designed, or its files as well. */
export const CARRIED = ['text', 'html', 'files'] as const;
export type Carried = (typeof CARRIED)[number];

const USUAL: Carried = 'html';

export async function carriedBy(unit: Unit): Promise<Carried> {
  const [row] = await unit.sql<{ carries: Carried }>('SELECT carries FROM reply_forwardings');
  return row?.carries ?? USUAL;
}

export async function carry(unit: Unit, brandId: string, carries: Carried): Promise<void> {
  await unit.run(
    `INSERT INTO reply_forwardings (brand_id, carries) VALUES ($1, $2) ON CONFLICT (brand_id) DO UPDATE SET carries = $2`,
    [brandId, carries],
  );
}
