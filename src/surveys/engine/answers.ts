import { checkContent } from './content.js';
import type { Shown } from './order.js';
import type { FieldError, Fields } from './page.js';
import type { Answer, Choice, Content, Question } from './question.schema.js';
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

function all(fields: Fields, name: string): string[] {
  const value = Object.hasOwn(fields, name) ? fields[name] : undefined;
  return value === undefined
    ? []
    : Array.isArray(value)
      ? value.filter((one) => typeof one === 'string')
      : [String(value)];
}

function typed(fields: Fields, name: string): string {
  return cleanText(all(fields, name)[0] ?? '');
}

/** Reads a question's fields. Values that the question doesn't offer are dropped. */
export function readEntry(shown: Shown, fields: Fields): Entry {
  const { question } = shown;
  switch (question.type) {
    case 'description':
      return { answer: {}, errors: [] };
    case 'text':
      return readText(question.id, question.content, fields);
    case 'form':
      return readTexts(shown, fields);
    case 'choice':
      return readChoices(shown, isMany(question), fields);
    case 'nps':
      return readNps(question, fields);
    case 'matrix':
      return question.subtype === 'text'
        ? readCells(shown, fields)
        : readRows(shown, question.subtype === 'multiple', fields);
    case 'slider':
    case 'sum':
    case 'rank':
      return readNumbers(shown, fields);
  }
}

export function isMany(question: Question): boolean {
  return question.type === 'choice' && (question.subtype === 'multiple' || question.subtype === 'multiselect');
}

/** Normalised when it is right (a date as ISO, a number with a point), as typed when it isn't. */
function normal(text: string, content: Content | undefined): string {
  if (!content || text === '') return text;
  const { value } = checkContent(text, content);
  return value ?? text;
}

function readText(id: string, content: Content, fields: Fields): Entry {
  const text = normal(typed(fields, id), content);
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

function readChoices({ question, choices }: Shown, many: boolean, fields: Fields): Entry {
  const posted = new Set(all(fields, question.id));
  const picked = choices.filter((choice) => posted.has(choice.id));
  const written = choices.filter(
    (choice) => choice.textEntry && typed(fields, textName(question.id, choice.id)) !== '',
  );
  // Who types into "other" means it, even without ticking its box.
  const implied = many ? written.filter((choice) => !choice.exclusive) : picked.length === 0 ? written.slice(0, 1) : [];
  const ids = choices
    .filter((choice) => picked.includes(choice) || implied.includes(choice))
    .map((choice) => choice.id);
  const texts = collect(written, (choice) =>
    ids.includes(choice.id) ? normal(typed(fields, textName(question.id, choice.id)), choice.content) : undefined,
  );
  const errors =
    !many && ids.length > 1 ? [{ questionId: question.id, field: question.id, code: 'chooseOne', params: {} }] : [];
  const kept = many ? ids : ids.slice(0, 1);
  return { answer: kept.length > 0 ? { choices: kept, ...(texts ? { texts } : {}) } : {}, errors };
}

function readNps(question: Question, fields: Fields): Entry {
  const score = typed(fields, question.id);
  return { answer: /^(?:\d|10)$/.test(score) ? { choices: [score] } : {}, errors: [] };
}

function readRows({ question, choices, columns }: Shown, many: boolean, fields: Fields): Entry {
  const errors: FieldError[] = [];
  const rows = collect(choices, (row) => {
    const name = fieldName(question.id, row.id);
    const posted = new Set(all(fields, name));
    const picked = columns.filter((column) => posted.has(column.id)).map((column) => column.id);
    if (!many && picked.length > 1)
      errors.push({ questionId: question.id, field: name, code: 'chooseOne', params: {} });
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
  const fields: Record<string, string[]> = {};
  if (answer.text !== undefined) fields[id] = [answer.text];
  if (answer.choices) fields[id] = answer.choices;
  for (const [row, columns] of Object.entries(answer.rows ?? {})) fields[fieldName(id, row)] = columns;
  for (const [row, cells] of Object.entries(answer.cells ?? {})) {
    for (const [column, text] of Object.entries(cells)) fields[fieldName(id, row, column)] = [text];
  }
  for (const [part, number] of Object.entries(answer.numbers ?? {})) fields[fieldName(id, part)] = [String(number)];
  for (const [part, text] of Object.entries(answer.texts ?? {})) {
    fields[question.type === 'form' ? fieldName(id, part) : textName(id, part)] = [text];
  }
  return fields;
}
