import { arranged } from './arranged.js';
import { holds } from '../conditions.js';
import type { Facts } from '../conditions.js';
import { drawKey } from '../draws/draws.js';
import type { WalkState } from '../page.js';
import type { Choice, Question } from './question.schema.js';
import { seedAt } from '../draws/random.js';
import type { Shuffle } from '../draws/shuffle.schema.js';

/** A question as it stands on a page: the choices and columns that are shown, in the order of this walk. */
export interface Shown<Q extends Question = Question> {
  question: Q;
  choices: readonly Choice[];
  columns: readonly Choice[];
}

/** A list of a question that chance may arrange. */
export interface ChoiceList {
  /** Names it in the survey. */
  place: string;
  choices: readonly Choice[];
  shuffle: Shuffle | undefined;
}

/** The lists of a question: its choices or rows, and its columns. */
export function listsOf(question: Question): [rows: ChoiceList, columns: ChoiceList] {
  const isMatrix = question.type === 'matrix';
  const shuffle = 'shuffle' in question ? question.shuffle : undefined;
  return [
    { place: shuffle?.as ?? question.id, choices: 'choices' in question ? question.choices : [], shuffle },
    {
      place: `${question.id}/columns`,
      choices: isMatrix ? question.columns : [],
      shuffle: isMatrix ? question.shuffleColumns : undefined,
    },
  ];
}

/** What of a question is on the page for this respondent. */
export function shownParts<Q extends Question>(
  question: Q,
  facts: Facts,
  walk: Pick<WalkState, 'seed' | 'draws'>,
): Shown<Q> {
  const [rows, columns] = listsOf(question);
  return { question, choices: shownOf(rows, facts, walk), columns: shownOf(columns, facts, walk) };
}

function shownOf(list: ChoiceList, facts: Facts, walk: Pick<WalkState, 'seed' | 'draws'>): readonly Choice[] {
  const visible = visibleOf(list.choices, facts);
  if (!list.shuffle) return visible;
  const drawn = list.shuffle.even ? walk.draws?.[drawKey(list.place, list.choices)] : undefined;
  return arranged(visible, list.shuffle, { seed: seedAt(walk.seed, list.place), walk: walk.seed, drawn });
}

/** The choices that logic lets through. */
export function visibleOf(choices: readonly Choice[], facts: Facts): readonly Choice[] {
  return choices.some((choice) => choice.displayLogic)
    ? choices.filter((choice) => !choice.displayLogic || holds(choice.displayLogic, facts))
    : choices;
}
