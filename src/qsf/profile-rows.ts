import { safeId } from './ids.js';
import { record, recordsOf, textOf } from './raw.js';
import type { Raw } from './raw.js';

/** A table whose rows each have answers of their own; without them it is read as a common table. */
export function isProfile(raw: Raw): boolean {
  const isNamed = textOf(raw['QuestionType']) === 'Matrix' && textOf(raw['Selector']) === 'Profile';
  return isNamed && recordsOf(raw['Answers']).some(([, row]) => recordsOf(row).some(([, one]) => 'Display' in one));
}

/** The id of the question that a row of a profile becomes. */
export function rowId(question: string, row: string): string {
  return `${question}-${row}`.slice(0, 64);
}

/** The question that logic means with a row of a question, where it is a profile. */
export function rowQuestion(raw: Raw | undefined, question: string, row: string | undefined): string | undefined {
  return raw && row && isProfile(raw) ? rowId(question, safeId(row)) : undefined;
}

/** What one language says of each row: its text and its answers. */
export function profileWords(words: Raw): [row: string, words: Raw][] {
  const texts = record(words['Choices']);
  const answers = record(words['Answers']);
  const rows = [...new Set([...Object.keys(texts), ...Object.keys(answers)])];
  return rows.map((row) => [row, { QuestionText: record(texts[row])['Display'], Choices: answers[row] }]);
}
