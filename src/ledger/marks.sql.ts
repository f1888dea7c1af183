import type { Unit } from '../platform/db/database.js';

/** Until when the pace of a distribution is used up; its row is locked, so that one process at a time takes from it. */
export async function pacedUntil(unit: Unit, id: string): Promise<Date | undefined> {
  const [row] = await unit.sql<{ until: Date | null }>(
    'SELECT paced_until AS until FROM distributions WHERE id = $1 FOR NO KEY UPDATE',
    [id],
  );
  return row?.until ?? undefined;
}

export async function paceUntil(unit: Unit, id: string, until: Date): Promise<void> {
  await unit.run('UPDATE distributions SET paced_until = $2 WHERE id = $1', [id, until]);
}

/** Keeps the lists that a segment drew on: whoever opts out of one of them gets nothing more. */
export async function noteDrawn(unit: Unit, id: string, listIds: readonly string[]): Promise<void> {
  await unit.run('UPDATE distributions SET drew_on = $2::bigint[] WHERE id = $1', [id, listIds]);
}

/** The draft that a form has made already. @param key of the form and all that was written into it */
export async function writtenBy(unit: Unit, key: string): Promise<string | undefined> {
  const [known] = await unit.sql<{ id: string }>(
    'SELECT id FROM distributions WHERE written_key = $1 AND deleted_at IS NULL',
    [key],
  );
  return known?.id;
}

export async function noteWritten(unit: Unit, id: string, key: string): Promise<void> {
  await unit.run('UPDATE distributions SET written_key = $2 WHERE id = $1', [id, key]);
}

/** Links that it makes from now on last until then, where they did not last longer before. */
export async function lastUntil(unit: Unit, id: string, until: Date): Promise<void> {
  await unit.run('UPDATE distributions SET link_expires_at = $2 WHERE id = $1 AND link_expires_at < $2', [id, until]);
}

/**
 * Where enough people have finished by now, no further wave is waited for: the next look ends them. What is locked is left
 * to the look at its time, since whoever asks holds rows of the ledger.
 */
export function endWavesEarly(unit: Unit, distributionIds: readonly string[], now: Date): Promise<number> {
  return unit.run(
    `UPDATE distributions d SET next_wave_at = $2 FROM (
       SELECT brand_id, id FROM distributions WHERE id = ANY ($1) AND status = 'sending' AND next_wave_at > $2 FOR UPDATE SKIP LOCKED) free
     WHERE d.brand_id = free.brand_id AND d.id = free.id AND (d.waves ->> 'untilFinished')::int <= (
         SELECT coalesce(sum(n), 0) FROM (
           SELECT n FROM distribution_tallies t WHERE t.distribution_id = d.id AND t.name = 'finished'
           UNION ALL SELECT n FROM distribution_tally_deltas t WHERE t.distribution_id = d.id AND t.name = 'finished') parts)`,
    [distributionIds, now],
  );
}
