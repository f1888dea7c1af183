import { checkContent } from './content.js';
import type { Shown } from './order.js';
import type { FieldError, Fields } from './page.js';
import type { Answer, Choice, Content, Question, QuestionType } from './question.schema.js';
import { cleanText } from './text.js';

/** What a form said about one question: an answer of the right types, and what could not be read as one. */
export interface Entry {
  answer: Answer;
  errors: FieldError[];
}

/** No answer is longer than this, whatever the question says. */
export const LONGEST_TEXT = 20_000;

export function fieldName(questionId: string, ...parts: string[]): string {
  return [questionId, ...parts].join('_');
}

export function textName(questionId: string, choiceId: string): string {
  return fieldName(questionId, choiceId, 'TEXT');
}

/** Everything posted under a name. Body parsers make objects of hostile names; those are nothing. */
export function posted(fields: Fields, name: string): string[] {
  const value: unknown = Object.hasOwn(fields, name) ? fields[name] : undefined;
  return [value].flat().filter((one) => typeof one === 'string');
}

function typed(fields: Fields, name: string): string {
  return cleanText(posted(fields, name)[0] ?? '');
}

type Read = (shown: Shown, fields: Fields) => Entry;

const READ: Record<QuestionType, Read> = {
  description: () => ({ answer: {}, errors: [] }),
  text: readText,
  form: readTexts,
  choice: readChoices,
  nps: readNps,
  matrix: (shown, fields) => (isTextMatrix(shown.question) ? readCells(shown, fields) : readRows(shown, fields)),
  slider: readNumbers,
  sum: readNumbers,
  rank: readNumbers,
};

/** Reads a question's fields. Values that the question doesn't offer are dropped. */
export function readEntry(shown: Shown, fields: Fields): Entry {
  return READ[shown.question.type](shown, fields);
}

function isTextMatrix(question: Question): boolean {
  return question.type === 'matrix' && question.subtype === 'text';
}

export function isMany(question: Question): boolean {
  if (question.type === 'matrix') return question.subtype === 'multiple';
  return question.type === 'choice' && (question.subtype === 'multiple' || question.subtype === 'multiselect');
}

/** Normalised when it is right (a date as ISO, a number with a point), as typed when it isn't. */
function normal(text: string, content: Content | undefined): string {
  if (!content || text === '') return text;
  const { value } = checkContent(text, content);
  return value ?? text;
}

function readText({ question }: Shown, fields: Fields): Entry {
  const text = normal(typed(fields, question.id), question.type === 'text' ? question.content : undefined);
  return { answer: text === '' ? {} : { text }, errors: [] };
}

function readTexts({ question, choices }: Shown, fields: Fields): Entry {
  const texts = collect(
    choices,
    (choice) => normal(typed(fields, fieldName(question.id, choice.id)), choice.content) || undefined,
  );
  return { answer: texts ? { texts } : {}, errors: [] };
}

/** A record of what `read` finds for each choice; nothing when it finds nothing. */
function collect<T>(
  choices: readonly Choice[],
  read: (choice: Choice) => T | undefined,
): Record<string, T> | undefined {
  const found = choices.flatMap((choice) => {
    const value = read(choice);
    return value === undefined ? [] : [[choice.id, value] as const];
  });
  return found.length > 0 ? Object.fromEntries(found) : undefined;
}

function readChoices({ question, choices }: Shown, fields: Fields): Entry {
  const many = isMany(question);
  const ids = pickedIds(choices, question.id, many, fields);
  const kept = many ? ids : ids.slice(0, 1);
  if (kept.length === 0) return { answer: {}, errors: [] };
  const texts = collect(choices, (choice) => {
    const text = choice.textEntry && kept.includes(choice.id) ? typed(fields, textName(question.id, choice.id)) : '';
    return normal(text, choice.content) || undefined;
  });
  const errors = kept.length < ids.length ? [chooseOne(question, question.id)] : [];
  return { answer: { choices: kept, ...(texts ? { texts } : {}) }, errors };
}

/** Who types into "other" means it, even without ticking its box. */
function pickedIds(choices: readonly Choice[], id: string, many: boolean, fields: Fields): string[] {
  const given = new Set(posted(fields, id));
  const isImplied = (choice: Choice): boolean =>
    choice.textEntry === true && !choice.exclusive && typed(fields, textName(id, choice.id)) !== '';
  const picked = choices.filter((choice) => given.has(choice.id) || (many && isImplied(choice)));
  const meant = picked.length > 0 ? picked : choices.filter(isImplied).slice(0, 1);
  return meant.map((choice) => choice.id);
}

function chooseOne(question: Question, field: string): FieldError {
  return { questionId: question.id, field, code: 'chooseOne', params: {} };
}

function readNps({ question }: Shown, fields: Fields): Entry {
  const score = typed(fields, question.id);
  return { answer: /^(?:\d|10)$/.test(score) ? { choices: [score] } : {}, errors: [] };
}

function readRows({ question, choices, columns }: Shown, fields: Fields): Entry {
  const many = isMany(question);
  const errors: FieldError[] = [];
  const rows = collect(choices, (row) => {
    const name = fieldName(question.id, row.id);
    const given = new Set(posted(fields, name));
    const picked = columns.filter((column) => given.has(column.id)).map((column) => column.id);
    if (!many && picked.length > 1) errors.push(chooseOne(question, name));
    return picked.length > 0 ? (many ? picked : picked.slice(0, 1)) : undefined;
  });
  const texts = rowTexts(question, choices, fields);
  return { answer: { ...(rows ? { rows } : {}), ...(texts ? { texts } : {}) }, errors };
}

function rowTexts(question: Question, rows: readonly Choice[], fields: Fields): Record<string, string> | undefined {
  return collect(rows, (row) => (row.textEntry && typed(fields, textName(question.id, row.id))) || undefined);
}

function readCells({ question, choices, columns }: Shown, fields: Fields): Entry {
  const content = question.type === 'matrix' ? question.content : undefined;
  const cells = collect(choices, (row) =>
    collect(
      columns,
      (column) => normal(typed(fields, fieldName(question.id, row.id, column.id)), content) || undefined,
    ),
  );
  const texts = rowTexts(question, choices, fields);
  return { answer: { ...(cells ? { cells } : {}), ...(texts ? { texts } : {}) }, errors: [] };
}

function readNumbers({ question, choices }: Shown, fields: Fields): Entry {
  const errors: FieldError[] = [];
  const numbers = collect(choices, (choice) => {
    const field = fieldName(question.id, choice.id);
    const text = typed(fields, field);
    if (text === '') return undefined;
    const { value } = checkContent(text, { kind: 'number' });
    if (value !== undefined) return Number(value);
    errors.push({ questionId: question.id, field, code: 'number', params: {} });
    return undefined;
  });
  const texts = rowTexts(question, choices, fields);
  return { answer: { ...(numbers ? { numbers } : {}), ...(texts && numbers ? { texts } : {}) }, errors };
}

/** The fields that would give this answer, to draw a page again. */
export function fieldsOf(question: Question, answer: Answer): Record<string, string[]> {
  const { id } = question;
  const whole = answer.choices ?? (answer.text === undefined ? undefined : [answer.text]);
  return Object.fromEntries([
    ...(whole ? [[id, whole] as const] : []),
    ...entriesOf(answer.rows, (row, columns) => [fieldName(id, row), columns]),
    ...entriesOf(answer.numbers, (part, number) => [fieldName(id, part), [String(number)]]),
    ...entriesOf(answer.texts, (part, text) => [
      question.type === 'form' ? fieldName(id, part) : textName(id, part),
      [text],
    ]),
    ...Object.entries(answer.cells ?? {}).flatMap(([row, cells]) =>
      entriesOf(cells, (column, text) => [fieldName(id, row, column), [text]]),
    ),
  ]);
}

function entriesOf<T>(
  parts: Record<string, T> | undefined,
  field: (part: string, value: T) => [string, string[]],
): [string, string[]][] {
  return Object.entries(parts ?? {}).map(([part, value]) => field(part, value));
}
