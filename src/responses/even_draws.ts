import type { Unit } from '../platform/db/database.js';
import type { SurveyDefinition } from '../engine/definition.js';
import { countsOf } from '../engine/draws/draws.js';
import type { WalkState } from '../engine/page.js';
import { dueDraw, withDraw } from '../engine/walk.js';

/*
 * Even choices by counting: one row for each, locked from the look to the commit of the page that comes to it, so that walks
 * which begin at the same moment draw one after the other. Surveys without even choices come here with nothing due.
 */

const LOCK = `SELECT shown FROM draw_counts WHERE survey_id = $1 AND counter = $2 FOR UPDATE`;
const OPEN = `INSERT INTO draw_counts (brand_id, survey_id, counter) VALUES ($1, $2, $3) ON CONFLICT DO NOTHING`;

/** Adds to what was shown; never below nothing. */
const ADD = `UPDATE draw_counts SET shown = shown || (
    SELECT coalesce(jsonb_object_agg(key, greatest(0, coalesce((shown ->> key)::int, 0) + value::int)), '{}')
    FROM jsonb_each_text($3::jsonb)
  ) WHERE survey_id = $1 AND counter = $2`;

interface OfSurvey {
  brandId: string;
  surveyId: string;
}

/** The walk with everything drawn that it has come to. */
export async function withEvenDraws(
  unit: Unit,
  of: OfSurvey,
  definition: SurveyDefinition,
  walk: WalkState,
): Promise<WalkState> {
  let state = walk;
  for (let due = dueDraw(definition, state); due !== undefined; due = dueDraw(definition, state)) {
    const counts = await lockedCounts(unit, of, due.counter);
    state = withDraw(state, due, counts);
    await add(unit, of.surveyId, [{ [due.key]: state.draws![due.key]! }], 1);
  }
  return state;
}

/** Walks that end before their end return their places, to be drawn again. */
export async function giveBack(unit: Unit, surveyId: string, ended: readonly { walk: WalkState }[]): Promise<void> {
  const draws = ended.map(({ walk }) => walk.draws);
  await add(unit, surveyId, draws, -1);
}

/** What a walk had drawn that had ended and goes on after all. */
export async function drawAgain(unit: Unit, surveyId: string, walk: WalkState): Promise<void> {
  await add(unit, surveyId, [walk.draws], 1);
}

async function lockedCounts(
  unit: Unit,
  { brandId, surveyId }: OfSurvey,
  counter: string,
): Promise<Record<string, number>> {
  const look = (): Promise<{ shown: Record<string, number> }[]> =>
    unit.prepared('draw-lock', LOCK, [surveyId, counter]);
  const [row] = await look();
  if (row !== undefined) {
    return row.shown;
  }
  await unit.prepared('draw-open', OPEN, [brandId, surveyId, counter]);
  return (await look())[0]!.shown;
}

/** In the order of their names, so that two who return much at once do not wait for each other. */
async function add(unit: Unit, surveyId: string, walks: readonly WalkState['draws'][], sign: 1 | -1): Promise<void> {
  const counts = [...countsOf(walks)].toSorted(([left], [right]) => (left < right ? -1 : 1));
  for (const [counter, shown] of counts) {
    const change = Object.fromEntries(Object.entries(shown).map(([id, times]) => [id, times * sign]));
    await unit.prepared('draw-add', ADD, [surveyId, counter, change]);
  }
}
