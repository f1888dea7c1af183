import type { SurveyDefinition } from './definition.js';
import type { Due } from './draws/draws.js';
import type { WalkState } from './page.js';
import { dueDraw, pageOf } from './walk.js';

/** More ways than that are not tried; the page then counts as one that depends on them. */
const MOST_WAYS = 100;

/** Whether the page where the walk stands may look different by an even choice that nobody has drawn yet. */
export function dependsOnDraws(definition: SurveyDefinition, state: WalkState): boolean {
  if (!dueDraw(definition, state)) return false;
  const seen = new Set<string>();
  let ways = 0;
  const isOne = (walk: WalkState): boolean => {
    const due = dueDraw(definition, walk);
    if (due) return ways < MOST_WAYS && waysOf(due).every((ids) => isOne(drawn(walk, due, ids)));
    ways += 1;
    seen.add(JSON.stringify(pageOf(definition, walk)));
    return seen.size === 1;
  };
  return !isOne(state);
}

/** Whether a page that was shown before anything was drawn is the same one after it. */
export function isSamePage(definition: SurveyDefinition, before: WalkState, after: WalkState): boolean {
  return JSON.stringify(pageOf(definition, before)) === JSON.stringify(pageOf(definition, after));
}

/** Every member once, in company where several are shown. */
function waysOf({ pool, show }: Due): string[][] {
  return pool.map((_, start) => [...pool.slice(start), ...pool.slice(0, start)].slice(0, show));
}

function drawn(walk: WalkState, due: Due, ids: string[]): WalkState {
  return { ...walk, draws: { ...walk.draws, [due.key]: ids } };
}
