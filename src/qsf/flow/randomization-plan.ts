import type { Plan } from '../../engine/draws/shuffle.schema.js';
import { safeId } from '../ids.js';
import { entriesOf, isRecord, record, textOf } from '../raw.js';
import type { Raw } from '../raw.js';

/** Lists of advanced randomization, each spelt in several ways. */
const LISTS = {
  fixed: /^fixed/i,
  random: /^randomi/i,
  subset: /subset/i,
  flip: /revers|flip/i,
  hidden: /undisplayed|hidden/i,
};

/** Which places are fixed, and what is shuffled, drawn from, turned around or not shown; nothing where all is empty. */
export function planOf(advanced: Raw): Plan | undefined {
  const moving = movingOf(advanced);
  const places = placesOf(moving);
  const slots = textsIn(advanced, LISTS.fixed).map((slot) => slotOf(slot, places));
  const lists = { ...moving, hidden: textsIn(advanced, LISTS.hidden).map(safeId) };
  const filled = Object.entries(lists).filter(([, ids]) => ids.length > 0);
  return slots.length + filled.length === 0 ? undefined : { slots, ...Object.fromEntries(filled) };
}

/** Choices that advanced randomization leaves where they are. */
export function fixedIds(random: unknown): Set<string> {
  const advanced = record(record(random)['Advanced']);
  const places = placesOf(movingOf(advanced));
  const isFixed = textOf(record(random)['Type']) === 'Advanced';
  return new Set(isFixed ? textsIn(advanced, LISTS.fixed).filter((slot) => slotOf(slot, places) === safeId(slot)) : []);
}

type Moving = Record<'random' | 'subset' | 'flip', string[]>;

function movingOf(advanced: Raw): Moving {
  const [random, subset, flip] = [LISTS.random, LISTS.subset, LISTS.flip].map((name) => {
    return textsIn(advanced, name).map(safeId);
  }) as [string[], string[], string[]];
  return { random, subset, flip };
}

/** `{~SubSet~}` and its relatives; some files name in the order what they shuffle all the same. */
function slotOf(slot: string, places: ReadonlyMap<string, string>): string {
  if (slot.startsWith('{')) return LISTS.subset.test(slot) ? '?' : LISTS.flip.test(slot) ? '~' : '*';
  const id = safeId(slot);
  return places.get(id) ?? id;
}

/** By what is moved, the sign of its list; of several the first counts. */
function placesOf({ random, subset, flip }: Moving): Map<string, string> {
  const signed: [string[], string][] = [
    [flip, '~'],
    [subset, '?'],
    [random, '*'],
  ];
  return new Map(signed.flatMap(([ids, sign]) => ids.map((id) => [id, sign] as const)));
}

/** The texts of a list, written as list or by number. */
function textsIn(advanced: Raw, name: RegExp): string[] {
  const lists = Object.entries(advanced).filter(([, list]) => Array.isArray(list) || isRecord(list));
  const found = lists.find(([key]) => name.test(key));
  return entriesOf(found?.[1])
    .map(([, text]) => textOf(text))
    .filter((text) => text !== '');
}
