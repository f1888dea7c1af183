import { holds } from './conditions.js';
import type { Facts } from './conditions.js';
import { seedAt, shuffled } from './random.js';
import type { Choice, Question, Shuffle } from './question.schema.js';

/** A question as it stands on a page: the choices and columns that are shown, in the order of this walk. */
export interface Shown<Q extends Question = Question> {
  question: Q;
  choices: readonly Choice[];
  columns: readonly Choice[];
}

/** What of a question is on the page for this respondent. */
export function shownParts<Q extends Question>(question: Q, facts: Facts, seed: number): Shown<Q> {
  const listed: Question = question;
  return {
    question,
    choices:
      'choices' in listed
        ? arranged(listed.choices, 'shuffle' in listed ? listed.shuffle : undefined, facts, seedAt(seed, listed.id))
        : [],
    columns:
      listed.type === 'matrix'
        ? arranged(listed.columns, listed.shuffleColumns, facts, seedAt(seed, `${listed.id}/columns`))
        : [],
  };
}

function arranged(
  choices: readonly Choice[],
  shuffle: Shuffle | undefined,
  facts: Facts,
  seed: number,
): readonly Choice[] {
  const visible = choices.some((choice) => choice.displayLogic)
    ? choices.filter((choice) => !choice.displayLogic || holds(choice.displayLogic, facts))
    : choices;
  return shuffle ? mixed(visible, shuffle, seed) : visible;
}

/** Fixed choices keep their places; the others change theirs, and only `show` of them stay. */
function mixed(choices: readonly Choice[], shuffle: Shuffle, seed: number): Choice[] {
  const loose = choices.filter((choice) => !choice.fixed);
  const chosen = new Set(shuffled(loose, seed).slice(0, shuffle.show ?? loose.length));
  const isFlipped = shuffle.mode === 'flip' && seed % 2 === 1;
  const order = shuffle.mode === 'shuffle' ? shuffled(loose, seed) : isFlipped ? loose.toReversed() : loose;
  const queue = order.filter((choice) => chosen.has(choice)).values();
  return choices.flatMap((choice) => {
    if (choice.fixed) return [choice];
    const next = queue.next();
    return next.done ? [] : [next.value];
  });
}
