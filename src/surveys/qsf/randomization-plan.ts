import type { Plan } from '../engine/shuffle.schema.js';
import { safeId } from './ids.js';
import { entriesOf, isRecord, record, textOf } from './raw.js';
import type { Raw } from './raw.js';

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
  const slots = textsIn(advanced, LISTS.fixed).map((slot) => slotOf(slot, moving));
  const lists = { ...moving, hidden: textsIn(advanced, LISTS.hidden).map(safeId) };
  const filled = Object.entries(lists).filter(([, ids]) => ids.length > 0);
  return slots.length + filled.length === 0 ? undefined : { slots, ...Object.fromEntries(filled) };
}

/** Choices that advanced randomization leaves where they are. */
export function fixedIds(random: unknown): Set<string> {
  const advanced = record(record(random)['Advanced']);
  const moving = movingOf(advanced);
  const isFixed = textOf(record(random)['Type']) === 'Advanced';
  return new Set(isFixed ? textsIn(advanced, LISTS.fixed).filter((slot) => slotOf(slot, moving) === safeId(slot)) : []);
}

type Moving = Record<'random' | 'subset' | 'flip', string[]>;

function movingOf(advanced: Raw): Moving {
  const [random, subset, flip] = [LISTS.random, LISTS.subset, LISTS.flip].map((name) => {
    return textsIn(advanced, name).map(safeId);
  }) as [string[], string[], string[]];
  return { random, subset, flip };
}

/** `{~SubSet~}` and its relatives; some files name in the order what they shuffle all the same. */
function slotOf(slot: string, { random, subset, flip }: Moving): string {
  if (slot.startsWith('{')) return LISTS.subset.test(slot) ? '?' : LISTS.flip.test(slot) ? '~' : '*';
  const id = safeId(slot);
  if (random.includes(id)) return '*';
  if (subset.includes(id)) return '?';
  return flip.includes(id) ? '~' : id;
}

/** The texts of a list, written as list or by number. */
function textsIn(advanced: Raw, name: RegExp): string[] {
  const lists = Object.entries(advanced).filter(([, list]) => Array.isArray(list) || isRecord(list));
  const found = lists.find(([key]) => name.test(key));
  return entriesOf(found?.[1])
    .map(([, text]) => textOf(text))
    .filter((text) => text !== '');
}
