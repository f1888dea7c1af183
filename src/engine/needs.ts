import type { Condition } from './condition.schema.js';
import { questionsIn } from './conditions.js';
import { mayPipe, questionsOf } from './piping.js';
import type { Template } from './piping.js';
import type { Choice, Question } from './questions/question.schema.js';

/** What is needed to read placeholders. */
interface Reading {
  aliases: ReadonlyMap<string, string>;
  template(text: string): Template;
}

/** The choices or rows of a question and its columns. */
export function partsOf(question: Question): readonly Choice[] {
  const rows = 'choices' in question ? question.choices : [];
  return question.type === 'matrix' ? [...rows, ...question.columns] : rows;
}

/** The display logic of a question and of each of its parts. */
export function logicOf(question: Question): Condition[] {
  return [question, ...partsOf(question)].flatMap(({ displayLogic }) => (displayLogic ? [displayLogic] : []));
}

/** Questions that must be answered before this one can be drawn. */
export function neededBy(question: Question, reading: Reading): string[] {
  const logic = logicOf(question).flatMap(questionsIn);
  const pipes = [question.text, ...partsOf(question).map((part) => part.text)].flatMap((text) =>
    pipedQuestions(text, reading),
  );
  return [...logic, ...pipes];
}

function pipedQuestions(text: string, reading: Reading): string[] {
  if (!mayPipe(text)) return [];
  return reading.template(text).flatMap((part) => (typeof part === 'string' ? [] : questionsOf(part, reading.aliases)));
}

/**
 * The same order, but whoever needs others comes after the last of them; those that need each other in a circle stay as
 * they are.
 */
export function afterNeeded<T>(items: readonly T[], needs: (item: T) => readonly T[]): T[] {
  const waiting = new Set(items);
  const callers = new Map<T, T[]>();
  const unmet = new Map<T, number>();
  for (const item of items) {
    const others = new Set(needs(item).filter((other) => other !== item && waiting.has(other)));
    unmet.set(item, others.size);
    for (const other of others) {
      const own = callers.get(other) ?? [];
      own.push(item);
      callers.set(other, own);
    }
  }
  const result: T[] = [];
  while (waiting.size > 0) {
    const next = firstOf(waiting, (item) => unmet.get(item) === 0);
    waiting.delete(next);
    result.push(next);
    for (const caller of callers.get(next) ?? []) unmet.set(caller, unmet.get(caller)! - 1);
  }
  return result;
}

/** The first that is ready; where none is, the first. */
function firstOf<T>(waiting: ReadonlySet<T>, isReady: (item: T) => boolean): T {
  for (const item of waiting) if (isReady(item)) return item;
  return waiting.values().next().value!;
}
