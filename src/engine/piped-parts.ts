import { valuesOf } from './conditions.js';
import type { Facts } from './conditions.js';
import type { Answer, Choice, Question, QuestionOf } from './questions/question.schema.js';
import { plainText } from './text.js';

/** Parts that say what was asked, not what was answered. */
export const WORDING: ReadonlySet<string> = new Set([
  'QuestionText',
  'QuestionDescription',
  'ChoiceDescription',
  'AnswerDescription',
  'ChoiceGroup/AllChoices',
]);

type Part = (question: Question, rest: readonly string[], facts: Facts) => string | undefined;

const typed: Part = (question, [part], facts) =>
  valuesOf({ kind: 'text', question: question.id, ...(part === undefined ? {} : { part }) }, facts).join(', ');

const valued: Part = (question, [part, column], facts) => {
  const operand =
    part !== undefined && column !== undefined
      ? ({ kind: 'cell', question: question.id, row: part, column } as const)
      : ({ kind: 'value', question: question.id, ...(part === undefined ? {} : { part }) } as const);
  return valuesOf(operand, facts).join(', ');
};

const labels = (choices: readonly Choice[]): string => choices.map((choice) => plainText(choice.text)).join(', ');

function choicesOf(question: Question): readonly Choice[] {
  return 'choices' in question ? question.choices : [];
}

/** The choices picked; of a matrix the columns picked, in one row if one is named. */
const selected: Part = (question, [part], facts) => {
  const answer = facts.known.get(question.id)?.answer ?? {};
  if (question.type === 'matrix') return columnsPicked(question, answer, part);
  const picked = answer.choices ?? [];
  if (question.type === 'nps') return picked.join(', ');
  return labels(choicesOf(question).filter((choice) => picked.includes(choice.id)));
};

function columnsPicked(question: QuestionOf<'matrix'>, answer: Answer, row: string | undefined): string {
  const rows = answer.rows ?? {};
  const picked = row === undefined ? Object.values(rows).flat() : (rows[row] ?? []);
  return labels(question.columns.filter((column) => picked.includes(column.id)));
}

/** The rows of a matrix in which a column was picked. */
const rowsPicked: Part = (question, [column], facts) => {
  const rows = facts.known.get(question.id)?.answer.rows ?? {};
  return labels(
    choicesOf(question).filter((row) => rows[row.id]?.some((one) => column === undefined || one === column)),
  );
};

const unselected: Part = (question, _rest, facts) => {
  const picked = facts.known.get(question.id)?.answer.choices ?? [];
  return labels(choicesOf(question).filter((choice) => !picked.includes(choice.id)));
};

const displayed: Part = (question, _rest, facts) => {
  const shown = facts.known.get(question.id)?.shown;
  return labels(choicesOf(question).filter((choice) => !shown || shown.has(choice.id)));
};

const withTexts: Part = (question, rest, facts) =>
  choicesOf(question)
    .filter((choice) => facts.known.get(question.id)?.answer.choices?.includes(choice.id))
    .map((choice) => typed(question, [choice.id], facts) || plainText(choice.text))
    .join(', ') || selected(question, rest, facts);

const counted: Part = (question, [column], facts) =>
  valuesOf({ kind: 'count', question: question.id, ...(column === undefined ? {} : { column }) }, facts).join('');

const total: Part = (question, _rest, facts) => {
  const numbers = Object.values(facts.known.get(question.id)?.answer.numbers ?? {});
  return String(numbers.reduce((sum, number) => sum + number, 0));
};

const described: Part = (question, [id]) => {
  const choice = choicesOf(question).find((one) => one.id === id);
  return choice && plainText(choice.text);
};

/** What a placeholder for a question says, by the part that it names: `ChoiceGroup/SelectedChoices`. */
export const PARTS: Record<string, Part> = {
  QuestionText: (question) => plainText(question.text),
  QuestionDescription: (question) => question.label ?? plainText(question.text),
  ChoiceTextEntryValue: typed,
  ChoiceNumericEntryValue: valued,
  SelectedChoicesRecode: valued,
  SelectedAnswerRecode: valued,
  SelectedChoicesCount: counted,
  SelectedAnswerCount: counted,
  TotalSum: total,
  ChoiceTotal: total,
  ChoiceDescription: described,
  AnswerDescription: (question, [id]) =>
    question.type === 'matrix' ? labels(question.columns.filter((column) => column.id === id)) : undefined,
  'ChoiceGroup/SelectedChoices': selected,
  'ChoiceGroup/SelectedAnswers': selected,
  'ChoiceGroup/SelectedChoicesForAnswer': rowsPicked,
  'ChoiceGroup/SelectedChoicesTextEntry': withTexts,
  'ChoiceGroup/UnselectedChoices': unselected,
  'ChoiceGroup/DisplayedChoices': displayed,
  'ChoiceGroup/AllChoices': (question) => labels(choicesOf(question)),
};
