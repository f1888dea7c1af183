import type { Unit } from './database.js';

/**
 * Takes what is due at `at` of a schedule, for the transaction that does it: of any number of schedulers exactly one
 * gets `true`, and a rollback gives it back. Two that come at once wait for each other.
 * @param schedule names what happens within the brand, e.g. `distribution 7 wave`
 */
export async function claimOccurrence(unit: Unit, schedule: string, at: Date): Promise<boolean> {
  const taken = await unit.run(
    `INSERT INTO occurrences (brand_id, schedule, occurrence)
     VALUES (current_setting('app.brand')::bigint, $1, $2) ON CONFLICT DO NOTHING`,
    [schedule, at],
  );
  return taken === 1;
}
