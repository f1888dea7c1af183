import { seedAt, shuffled } from '../draws/random.js';
import type { Plan, Shuffle } from '../draws/shuffle.schema.js';

/** Whatever is put in order: it has an id and may keep its place. */
export interface Listed {
  id: string;
  fixed?: boolean | undefined;
}

export interface Chance {
  /** Of this list in this walk. */
  seed: number;
  /** Of the whole walk, for lists that flip together. */
  walk: number;
  /** What was drawn for this walk by counting; chance decides where it says nothing. */
  drawn?: readonly string[] | undefined;
}

/** The list as this walk shows it. */
export function arranged<T extends Listed>(items: readonly T[], shuffle: Shuffle, chance: Chance): T[] {
  return shuffle.plan ? planned(items, shuffle, shuffle.plan, chance) : mixed(items, shuffle, chance);
}

/** Those of which only some are shown; nothing where all are. */
export function poolOf<T extends Listed>(items: readonly T[], { show, plan }: Pick<Shuffle, 'show' | 'plan'>): T[] {
  if (show === undefined) return [];
  const pool = plan ? items.filter((item) => plan.subset?.includes(item.id)) : items.filter((item) => !item.fixed);
  return show < pool.length ? pool : [];
}

/** Fixed items keep their places; the others change theirs, and only `show` of them stay. */
function mixed<T extends Listed>(items: readonly T[], shuffle: Shuffle, chance: Chance): T[] {
  const loose = items.filter((item) => !item.fixed);
  const chosen = new Set(chosenOf(loose, shuffle.show, chance));
  const order = shuffle.mode === 'shuffle' ? shuffled(loose, chance.seed) : flipped(loose, shuffle, chance);
  const queue = order.filter((item) => chosen.has(item)).values();
  return items.flatMap((item) => {
    if (item.fixed) return [item];
    const next = queue.next();
    return next.done ? [] : [next.value];
  });
}

/** What was drawn comes first; chance fills up, for logic may hide something of it later. */
function chosenOf<T extends Listed>(pool: readonly T[], show: number | undefined, chance: Chance): T[] {
  const order = shuffled(pool, chance.seed);
  const isDrawn = (item: T): boolean => chance.drawn?.includes(item.id) === true;
  return [...order.filter(isDrawn), ...order.filter((item) => !isDrawn(item))].slice(0, show ?? pool.length);
}

function flipped<T>(items: readonly T[], { together }: Shuffle, { seed, walk }: Chance): readonly T[] {
  const coin = together ? seedAt(walk, 'flip') : seed;
  return coin % 2 === 1 ? items.toReversed() : items;
}

/** The last place of each kind takes all that is left of it; what the plan forgets comes at the end. */
function planned<T extends Listed>(items: readonly T[], shuffle: Shuffle, plan: Plan, chance: Chance): T[] {
  const byId = new Map(items.map((item) => [item.id, item]));
  const listed = (ids: readonly string[] = []): T[] => ids.flatMap((id) => byId.get(id) ?? []);
  const subset = listed(plan.subset);
  const queues = new Map<string, T[]>([
    ['*', shuffled(listed(plan.random), seedAt(chance.seed, '*'))],
    ['?', shuffled(chosenOf(subset, shuffle.show, chance), seedAt(chance.seed, '?'))],
    ['~', [...flipped(listed(plan.flip), shuffle, chance)]],
  ]);
  const placed = plan.slots.flatMap((slot, index) => {
    const queue = queues.get(slot);
    return queue ? queue.splice(0, plan.slots.includes(slot, index + 1) ? 1 : queue.length) : listed([slot]);
  });
  const left = [...queues.values()].flat();
  const known = new Set([...placed, ...left, ...subset, ...listed(plan.hidden)]);
  return [...new Set([...placed, ...left]), ...items.filter((item) => !known.has(item))];
}
