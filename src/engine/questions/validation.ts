import { fieldName, inOrder, isMany, LONGEST_TEXT, placesIn, textName } from './answers.js';
import { checkContent } from './content.js';
import type { Shown } from './order.js';
import type { FieldError } from '../page.js';
import { isEmpty } from '../path.js';
import type { Answer, Choice, Content, Question, QuestionOf, QuestionType } from './question.schema.js';
import { plainText } from '../text.js';

type Params = FieldError['params'];

/** Everything wrong with an answer to a question as it was shown, in the order of its fields. */
export function errorsOf(shown: Shown, answer: Answer): FieldError[] {
  const missing = shown.question.required === 'force' ? missingIn(shown, answer) : [];
  return [...missing, ...wrongIn(shown, answer)];
}

/** Whether an answer that is only asked for politely is missing. */
export function isRequestOpen(shown: Shown, answer: Answer): boolean {
  return shown.question.required === 'request' && missingIn(shown, answer).length > 0;
}

function failure(question: Question, field: string, code: string, params: Params = {}): FieldError {
  return { questionId: question.id, field, code, params };
}

/** Parts of one question that are named; only surveys from before there were bounds have more. */
const MOST_MISSING = 5000;

/** What has to be filled and isn't. A list of which nothing is shown can't be answered and isn't asked for. */
function missingIn(shown: Shown, answer: Answer): FieldError[] {
  const { question, choices } = shown;
  if (question.type === 'description') return [];
  if ('choices' in question && choices.length === 0) return [];
  if (question.type === 'matrix') return missingRows(shown, answer);
  if (question.type === 'form' || question.type === 'slider' || question.type === 'rank')
    return missingParts(shown, answer);
  if (!isEmpty(answer)) return [];
  const field = question.type === 'sum' ? fieldName(question.id, choices[0]!.id) : question.id;
  return [failure(question, field, 'required')];
}

function missingRows({ question, choices, columns }: Shown, answer: Answer): FieldError[] {
  if (question.type !== 'matrix' || columns.length === 0) return [];
  const isText = question.subtype === 'text';
  const open = choices.filter((row) => !(isText ? answer.cells?.[row.id] : answer.rows?.[row.id]));
  return open.slice(0, MOST_MISSING).map((row) => {
    const field = isText ? fieldName(question.id, row.id, columns[0]!.id) : fieldName(question.id, row.id);
    return failure(question, field, 'rowRequired', { row: plainText(row.text) });
  });
}

function missingParts({ question, choices }: Shown, answer: Answer): FieldError[] {
  const open = choices.filter(
    (choice) => answer.texts?.[choice.id] === undefined && answer.numbers?.[choice.id] === undefined,
  );
  const asked = open.filter((choice) => choice.required ?? true);
  return asked
    .slice(0, MOST_MISSING)
    .map((choice) =>
      failure(question, fieldName(question.id, choice.id), 'rowRequired', { row: plainText(choice.text) }),
    );
}

type Check<T extends QuestionType> = (question: QuestionOf<T>, shown: Shown, answer: Answer) => FieldError[];

const CHECKS: { [T in QuestionType]: Check<T> } = {
  description: () => [],
  nps: () => [],
  text: (question, _shown, answer) => textErrors(question, question.id, answer.text, question.content),
  form: (question, shown, answer) =>
    shown.choices.flatMap((choice) =>
      textErrors(question, fieldName(question.id, choice.id), answer.texts?.[choice.id], choice.content),
    ),
  choice: choiceErrors,
  matrix: (question, { choices, columns }, answer) => {
    const places = placesIn(columns);
    return choices.flatMap((row) => rowErrors(question, row, { columns, places }, answer));
  },
  slider: numberErrors,
  sum: (question, shown, answer) => [...numberErrors(question, shown, answer), ...sumErrors(question, shown, answer)],
  rank: rankErrors,
};

function wrongIn(shown: Shown, answer: Answer): FieldError[] {
  const { question } = shown;
  return (CHECKS[question.type] as Check<QuestionType>)(question, shown, answer);
}

function textErrors(question: Question, field: string, text: string | undefined, content?: Content): FieldError[] {
  if (text === undefined || text === '') return [];
  if (text.length > LONGEST_TEXT) return [failure(question, field, 'maxLength', { max: LONGEST_TEXT })];
  const error = content && checkContent(text, content).error;
  return error ? [failure(question, field, error.code, error.params)] : [];
}

function choiceErrors(question: QuestionOf<'choice'>, shown: Shown, answer: Answer): FieldError[] {
  const ids = new Set(answer.choices);
  const picked = shown.choices.filter(({ id }) => ids.has(id));
  const errors = isMany(question) ? countErrors(question, question.id, picked, shown.choices) : [];
  return [...errors, ...picked.flatMap((choice) => otherErrors(question, choice, answer))];
}

/** How many may be picked; never more than there are, and one that excludes the others is enough by itself. */
function countErrors(
  question: QuestionOf<'choice' | 'matrix'>,
  field: string,
  picked: readonly Choice[],
  offered: readonly Choice[],
): FieldError[] {
  if (picked.length === 0) return [];
  const alone = picked.find((choice) => choice.exclusive);
  if (alone) {
    return picked.length === 1 ? [] : [failure(question, field, 'exclusive', { choice: plainText(alone.text) })];
  }
  const max = question.maxChoices ?? Number.POSITIVE_INFINITY;
  const least = question.minChoices ?? 0;
  const min = least === 0 ? 0 : Math.min(least, max, offered.filter((choice) => !choice.exclusive).length);
  if (picked.length < min) return [failure(question, field, 'chooseAtLeast', { min })];
  return picked.length > max ? [failure(question, field, 'chooseAtMost', { max })] : [];
}

function otherErrors(question: Question, choice: Choice, answer: Answer): FieldError[] {
  if (!choice.textEntry) return [];
  const field = textName(question.id, choice.id);
  const text = answer.texts?.[choice.id];
  if (choice.textRequired && !text)
    return [failure(question, field, 'textRequired', { choice: plainText(choice.text) })];
  return textErrors(question, field, text, choice.content);
}

function rowErrors(
  question: QuestionOf<'matrix'>,
  row: Choice,
  { columns, places }: { columns: readonly Choice[]; places: ReadonlyMap<string, number> },
  answer: Answer,
): FieldError[] {
  const errors = textErrors(question, textName(question.id, row.id), answer.texts?.[row.id], row.content);
  if (question.subtype === 'multiple') {
    const picked = inOrder(answer.rows?.[row.id] ?? [], places).map((id) => columns[places.get(id)!]!);
    errors.push(...countErrors(question, fieldName(question.id, row.id), picked, columns));
  }
  const cells = answer.cells?.[row.id] ?? {};
  for (const column of inOrder(Object.keys(cells), places)) {
    errors.push(...textErrors(question, fieldName(question.id, row.id, column), cells[column], question.content));
  }
  return errors;
}

function numberErrors(question: QuestionOf<'slider' | 'sum'>, shown: Shown, answer: Answer): FieldError[] {
  const { min, max, decimals } = question;
  const content: Content = { kind: 'number', min, max, decimals };
  return shown.choices.flatMap((choice) => {
    const number = answer.numbers?.[choice.id];
    const texts = textErrors(question, textName(question.id, choice.id), answer.texts?.[choice.id]);
    if (number === undefined) return texts;
    return [...textErrors(question, fieldName(question.id, choice.id), String(number), content), ...texts];
  });
}

/** Empty parts count as nothing; a sum that nobody began may stay open. */
function sumErrors(question: QuestionOf<'sum'>, shown: Shown, answer: Answer): FieldError[] {
  if (question.total === undefined || !answer.numbers) return [];
  const scale = 10 ** question.decimals;
  const parts = shown.choices.map((choice) => Math.round((answer.numbers?.[choice.id] ?? 0) * scale));
  const sum = parts.reduce((total, part) => total + part, 0) / scale;
  if (sum === question.total) return [];
  const field = fieldName(question.id, shown.choices[0]?.id ?? '');
  return [failure(question, field, 'sumTotal', { total: question.total, sum })];
}

function rankErrors(question: QuestionOf<'rank'>, shown: Shown, answer: Answer): FieldError[] {
  const taken = new Set<number>();
  return shown.choices.flatMap((choice) => {
    const rank = answer.numbers?.[choice.id];
    if (rank === undefined) return [];
    const field = fieldName(question.id, choice.id);
    const max = shown.choices.length;
    if (!Number.isInteger(rank) || rank < 1 || rank > max) return [failure(question, field, 'rankRange', { max })];
    if (taken.has(rank)) return [failure(question, field, 'rankTwice', { rank })];
    taken.add(rank);
    return textErrors(question, textName(question.id, choice.id), answer.texts?.[choice.id]);
  });
}
