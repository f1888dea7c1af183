import { isMany } from './answers.js';
import type { SurveyDefinition } from './definition.js';
import type { Answer, Answers, Choice, Question, QuestionOf, QuestionType } from './question.schema.js';
import { plainText } from './text.js';

/** One column of an export with its three header rows. */
export interface ExportColumn {
  exportTag: string;
  questionText: string;
  importId: string;
  questionId: string;
  /** The cell for an answer; recodes, or what the respondent read. */
  value(answer: Answer, labels: boolean): string;
}

export interface ExportForm {
  /** One column per choice of questions with many answers (default), or one with commas. */
  split?: boolean;
}

/** Columns in the order in which the flow's blocks ask, then questions that no block asks. */
export function exportColumns(definition: SurveyDefinition, { split = true }: ExportForm = {}): ExportColumn[] {
  return orderedQuestions(definition).flatMap((question) => columnsOf(question, split));
}

/** The cells of one response, in the order of the columns; empty where nothing was answered. */
export function exportValues(
  definition: SurveyDefinition,
  answers: Answers,
  { labels = false, ...form }: ExportForm & { labels?: boolean } = {},
): string[] {
  return valuesFor(exportColumns(definition, form), answers, labels);
}

/** The same for columns made once and many responses. */
export function valuesFor(columns: readonly ExportColumn[], answers: Answers, labels = false): string[] {
  return columns.map((column) => {
    const answer = Object.hasOwn(answers, column.questionId) ? answers[column.questionId] : undefined;
    return answer ? column.value(answer, labels) : '';
  });
}

function orderedQuestions(definition: SurveyDefinition): Question[] {
  const ids = Object.values(definition.blocks).flatMap((block) =>
    block.items.flatMap((item) => (item.kind === 'question' ? [item.question] : [])),
  );
  const asked = [...new Set([...ids, ...Object.keys(definition.questions)])];
  return asked.flatMap((id) => definition.questions[id] ?? []);
}

type Make<T extends QuestionType> = (question: QuestionOf<T>, split: boolean) => ExportColumn[];

const MAKE: { [T in QuestionType]: Make<T> } = {
  description: () => [],
  text: (question) => [columnOf(question, [], 'TEXT', [], (answer) => answer.text ?? '')],
  form: (question) =>
    question.choices.map((field) => part(question, field, (answer) => answer.texts?.[field.id] ?? '')),
  choice: (question, split) => [
    ...(isMany(question) && split
      ? question.choices.map((choice) => pickedColumn(question, choice))
      : [choiceColumn(question)]),
    ...textColumns(question),
  ],
  nps: (question) => [
    columnOf(question, ['NPS_GROUP'], 'NPS_GROUP', ['Group'], (answer, labels) => npsGroup(answer, labels)),
    columnOf(question, [], '', [], (answer) => answer.choices?.[0] ?? ''),
  ],
  matrix: (question, split) =>
    question.choices.flatMap((row) => rowColumns(question, row, split)).concat(textColumns(question)),
  slider: numberColumns,
  sum: numberColumns,
  rank: numberColumns,
};

function columnsOf(question: Question, split: boolean): ExportColumn[] {
  return (MAKE[question.type] as Make<QuestionType>)(question, split);
}

/** `tags` follow the export tag, `suffix` the import id, `texts` the question's text. */
function columnOf(
  question: Question,
  tags: readonly string[],
  suffix: string,
  texts: readonly string[],
  value: ExportColumn['value'],
): ExportColumn {
  const id = question.importId ?? question.id;
  return {
    exportTag: [question.exportTag, ...tags].join('_'),
    importId: suffix ? `${id}_${suffix}` : id,
    questionText: [question.text, ...texts].map(plainText).join(' - '),
    questionId: question.id,
    value,
  };
}

/** A column of one choice or row, named by the choice's own export tag when it has one. */
function part(question: Question, choice: Choice, value: ExportColumn['value']): ExportColumn {
  const made = columnOf(question, [choice.id], choice.id, [choice.text], value);
  return choice.exportTag ? { ...made, exportTag: choice.exportTag } : made;
}

function cell(choice: Choice | undefined, labels: boolean): string {
  return choice ? (labels ? plainText(choice.text) : choice.value) : '';
}

function choiceColumn(question: QuestionOf<'choice'>): ExportColumn {
  return columnOf(question, [], '', [], (answer, labels) =>
    question.choices
      .filter((choice) => answer.choices?.includes(choice.id))
      .map((choice) => cell(choice, labels))
      .join(','),
  );
}

function pickedColumn(question: Question, choice: Choice): ExportColumn {
  return part(question, choice, (answer, labels) =>
    answer.choices?.includes(choice.id) ? (labels ? plainText(choice.text) : '1') : '',
  );
}

function textColumns(question: Question): ExportColumn[] {
  const choices = 'choices' in question ? question.choices.filter((choice) => choice.textEntry) : [];
  return choices.map((choice) =>
    columnOf(
      question,
      [choice.id, 'TEXT'],
      `${choice.id}_TEXT`,
      [choice.text, 'Text'],
      (answer) => answer.texts?.[choice.id] ?? '',
    ),
  );
}

function npsGroup(answer: Answer, labels: boolean): string {
  const score = answer.choices?.[0];
  if (score === undefined) return '';
  const group = Number(score) <= 6 ? 1 : Number(score) <= 8 ? 2 : 3;
  return labels ? ['Detractor', 'Passive', 'Promoter'][group - 1]! : String(group);
}

function numberColumns(question: QuestionOf<'slider' | 'sum' | 'rank'>): ExportColumn[] {
  const numbers = question.choices.map((choice) =>
    part(question, choice, (answer) => String(answer.numbers?.[choice.id] ?? '')),
  );
  return [...numbers, ...textColumns(question)];
}

function rowColumns(question: QuestionOf<'matrix'>, row: Choice, split: boolean): ExportColumn[] {
  if (question.subtype === 'text' || (question.subtype === 'multiple' && split)) {
    return question.columns.map((one) => cellColumn(question, row, one));
  }
  const value: ExportColumn['value'] = (answer, labels) =>
    question.columns
      .filter((one) => answer.rows?.[row.id]?.includes(one.id))
      .map((one) => cell(one, labels))
      .join(',');
  return [part(question, row, value)];
}

function cellColumn(question: Question, row: Choice, one: Choice): ExportColumn {
  const made = columnOf(question, [row.id, one.id], `${row.id}_${one.id}`, [row.text, one.text], (answer, labels) => {
    const typed = answer.cells?.[row.id]?.[one.id];
    if (typed !== undefined) return typed;
    return answer.rows?.[row.id]?.includes(one.id) ? (labels ? plainText(one.text) : '1') : '';
  });
  return row.exportTag ? { ...made, exportTag: `${row.exportTag}_${one.id}` } : made;
}
