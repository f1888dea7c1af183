import { poolOf } from '../questions/arranged.js';
import type { Listed } from '../questions/arranged.js';
import type { WalkState } from '../page.js';
import { seedAt, shuffled } from './random.js';
import type { Shuffle } from './shuffle.schema.js';

/**
 * An even choice that a walk has come to: `show` of the `pool` are to be shown, those that were shown least so far. Who
 * counts is outside the engine; `counter` says where. Lists that change are counted anew.
 */
export interface Due {
  key: string;
  counter: string;
  pool: string[];
  show: number;
}

/** Names a draw in the walk; the walk's place after `@` tells two showings of one block apart, but they count together. */
export function drawKey(place: string, listed: readonly Listed[], at?: string): string {
  const content = seedAt(0, listed.map((item) => item.id).join('|')).toString(36);
  return `${place.slice(0, 150)}:${content}${at === undefined ? '' : `@${at}`}`;
}

/** Where a draw is counted. */
export function counterOf(key: string): string {
  return key.split('@', 1)[0]!;
}

/** What is to be drawn before a list can be shown; nothing where all of it is shown or chance alone decides. */
export function dueOf(
  key: string,
  visible: readonly Listed[],
  shuffle: Pick<Shuffle, 'even' | 'show' | 'plan'> | undefined,
): Due | undefined {
  if (!shuffle?.even || !shuffle.show) return undefined;
  const pool = poolOf(visible, shuffle).map((item) => item.id);
  return pool.length === 0 ? undefined : { key, counter: counterOf(key), pool, show: shuffle.show };
}

/** Those that were shown least; among equals chance decides. */
export function leastShown({ key, pool, show }: Due, counts: Readonly<Record<string, number>>, seed: number): string[] {
  const count = (id: string): number => (Object.hasOwn(counts, id) ? counts[id]! : 0);
  return shuffled(pool, seedAt(seed, key))
    .toSorted((left, right) => count(left) - count(right))
    .slice(0, show);
}

/** How often each is to be counted for the draws of some walks, by counter. */
export function countsOf(walks: readonly WalkState['draws'][]): Map<string, Record<string, number>> {
  const counts = new Map<string, Record<string, number>>();
  for (const [key, ids] of walks.flatMap((draws) => Object.entries(draws ?? {}))) {
    const counter = counts.get(counterOf(key)) ?? {};
    for (const id of ids) counter[id] = (counter[id] ?? 0) + 1;
    counts.set(counterOf(key), counter);
  }
  return counts;
}
