import { isMany } from '../questions/answers.js';
import type { SurveyDefinition } from '../definition.js';
import { listsOf } from '../questions/order.js';
import type { Question } from '../questions/question.schema.js';

/** Columns of an export that a survey may have: as many as spreadsheets open. */
export const MOST_COLUMNS = 16_384;
/** Columns of all versions together that one process holds at once. */
const MOST_OF_VERSIONS = 200_000;
/** Characters of one row of headers; each column may have its part of it, and 200 in any case. */
const HEADER = 8_000_000;
const SHORTEST = 200;

/** How many columns a question has where every choice has its own, those of the order included. */
export function columnCount(question: Question): number {
  if (question.type === 'description') return 0;
  if (question.type === 'nps') return 2;
  if (!('choices' in question)) return 1;
  const { choices } = question;
  const orders = listsOf(question).reduce((sum, list) => sum + (list.shuffle ? list.choices.length : 0), 0);
  return orders + choices.filter(({ textEntry }) => textEntry).length + answerColumns(question);
}

function answerColumns(question: Extract<Question, { choices: unknown }>): number {
  const { length } = question.choices;
  if (question.type === 'matrix') return question.subtype === 'single' ? length : length * question.columns.length;
  return question.type === 'choice' && !isMany(question) ? 1 : length;
}

/**
 * Questions for whose parts there is no room: surveys from before there were bounds have questions of millions. Each becomes
 * one column that holds whole answers, so that no answer is lost.
 * @param versions of a survey, the latest first
 */
export function wholeQuestions(versions: readonly SurveyDefinition[]): ReadonlySet<Question> {
  const whole = new Set<Question>();
  let left = MOST_OF_VERSIONS;
  for (const { questions } of versions) {
    let leftOfVersion = MOST_COLUMNS;
    for (const question of Object.values(questions)) {
      const parts = columnCount(question);
      const isWhole = parts > 1 && parts > Math.min(left, leftOfVersion);
      if (isWhole) whole.add(question);
      left -= isWhole ? 1 : parts;
      leftOfVersion -= isWhole ? 1 : parts;
    }
  }
  return whole;
}

/** How long a header may be where there are so many columns. */
export function longestHeader(columns: number): number {
  return Math.max(SHORTEST, Math.floor(HEADER / Math.max(1, columns)));
}

/** A text of a header, cut where it is longer than that. */
export function headerText(text: string, longest: number): string {
  return text.length > longest ? `${text.slice(0, longest).toWellFormed()}…` : text;
}
