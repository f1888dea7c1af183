import { checkContent } from './content.js';
import { readNumber, writeNumber } from './number-reading.js';
import { plainOf } from './numbers.js';
import type { Shown } from './order.js';
import type { FieldError, Fields } from '../page.js';
import type { Answer, Choice, Content, Question, QuestionType } from './question.schema.js';
import { cleanText } from '../text.js';

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

/** What was posted on a page, in the language that says what its numbers mean. */
interface Posted {
  fields: Fields;
  language: string;
}

type Read = (shown: Shown, form: Posted) => Entry;

const READ: Record<QuestionType, Read> = {
  description: () => ({ answer: {}, errors: [] }),
  text: readText,
  form: readTexts,
  choice: readChoices,
  nps: readNps,
  matrix: (shown, form) => (isTextMatrix(shown.question) ? readCells(shown, form) : readRows(shown, form)),
  slider: readNumbers,
  sum: readNumbers,
  rank: readNumbers,
};

/** Reads a question's fields. Values that the question doesn't offer are dropped. */
export function readEntry(shown: Shown, fields: Fields, language: string): Entry {
  return READ[shown.question.type](shown, { fields, language });
}

function isTextMatrix(question: Question): boolean {
  return question.type === 'matrix' && question.subtype === 'text';
}

export function isMany(question: Question): boolean {
  if (question.type === 'matrix') return question.subtype === 'multiple';
  return question.type === 'choice' && (question.subtype === 'multiple' || question.subtype === 'multiselect');
}

/** Invisible before a text that was not understood and looks like a number in plain notation: it stays as it was typed. */
const UNREAD = '\u200e';

/** Reads texts by what their fields take, and collects what it can't read. */
class Reader {
  readonly errors: FieldError[] = [];

  constructor(
    private readonly question: Question,
    private readonly form: Posted,
  ) {}

  /** Normalised when it is right (a date as ISO, a number in plain notation), as typed when it isn't. */
  text(field: string, content: Content | undefined): string {
    const text = typed(this.form.fields, field);
    if (!content || text === '') return text;
    if (content.kind === 'number') return this.number(field, text, content) ?? `${UNREAD}${text}`;
    return checkContent(text, content).value ?? text;
  }

  /** In plain notation; undefined, and an error of the field, for what is none or could be two. */
  number(field: string, text: string, { decimals }: Pick<Content, 'decimals'>): string | undefined {
    const reading = readNumber(text, this.form.language, decimals);
    if (reading.kind === 'number') return reading.plain;
    const { kind, ...readings } = reading;
    this.refuse(field, kind === 'none' ? 'number' : 'numberAmbiguous', readings);
    return undefined;
  }

  refuse(field: string, code: string, params: FieldError['params'] = {}): void {
    this.errors.push({ questionId: this.question.id, field, code, params });
  }
}

function readText({ question }: Shown, form: Posted): Entry {
  const reader = new Reader(question, form);
  const text = reader.text(question.id, question.type === 'text' ? question.content : undefined);
  return { answer: text === '' ? {} : { text }, errors: reader.errors };
}

function readTexts({ question, choices }: Shown, form: Posted): Entry {
  const reader = new Reader(question, form);
  const texts = collect(
    choices,
    (choice) => reader.text(fieldName(question.id, choice.id), choice.content) || undefined,
  );
  return { answer: texts ? { texts } : {}, errors: reader.errors };
}

/** Where each choice of a list stands. */
export function placesIn(choices: readonly Choice[]): ReadonlyMap<string, number> {
  return new Map(choices.map(({ id }, place) => [id, place]));
}

/** Those of the ids that are in a list, each once and in its order. */
export function inOrder(ids: readonly string[], places: ReadonlyMap<string, number>): string[] {
  return [...new Set(ids)]
    .filter((id) => places.has(id))
    .toSorted((one, other) => places.get(one)! - places.get(other)!);
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

function readChoices({ question, choices }: Shown, form: Posted): Entry {
  const reader = new Reader(question, form);
  const many = isMany(question);
  const ids = pickedIds(choices, question.id, many, form.fields);
  const kept = many ? ids : ids.slice(0, 1);
  const keptIds = new Set(kept);
  if (kept.length === 0) return { answer: {}, errors: [] };
  if (kept.length < ids.length) reader.refuse(question.id, 'chooseOne');
  const texts = textsBeside(
    reader,
    question,
    choices.filter((choice) => keptIds.has(choice.id)),
  );
  return { answer: { choices: kept, ...(texts ? { texts } : {}) }, errors: reader.errors };
}

/** What was written beside choices or rows that have a field for it. */
function textsBeside(
  reader: Reader,
  question: Question,
  choices: readonly Choice[],
): Record<string, string> | undefined {
  return collect(
    choices,
    (choice) => (choice.textEntry && reader.text(textName(question.id, choice.id), choice.content)) || undefined,
  );
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

function readNps({ question }: Shown, { fields }: Posted): Entry {
  const score = typed(fields, question.id);
  return { answer: /^(?:\d|10)$/.test(score) ? { choices: [score] } : {}, errors: [] };
}

function readRows({ question, choices, columns }: Shown, form: Posted): Entry {
  const many = isMany(question);
  const reader = new Reader(question, form);
  const places = placesIn(columns);
  const rows = collect(choices, (row) => {
    const name = fieldName(question.id, row.id);
    const picked = inOrder(posted(form.fields, name), places);
    if (!many && picked.length > 1) reader.refuse(name, 'chooseOne');
    return picked.length > 0 ? (many ? picked : picked.slice(0, 1)) : undefined;
  });
  const texts = textsBeside(reader, question, choices);
  return { answer: { ...(rows ? { rows } : {}), ...(texts ? { texts } : {}) }, errors: reader.errors };
}

function readCells({ question, choices, columns }: Shown, form: Posted): Entry {
  const reader = new Reader(question, form);
  const content = question.type === 'matrix' ? question.content : undefined;
  const places = placesIn(columns);
  const filled = filledCells(question.id, form.fields);
  const cells = collect(choices, (row) => {
    const given = inOrder(filled.get(row.id) ?? [], places).map((id) => columns[places.get(id)!]!);
    return collect(given, (column) => reader.text(fieldName(question.id, row.id, column.id), content) || undefined);
  });
  const texts = textsBeside(reader, question, choices);
  return { answer: { ...(cells ? { cells } : {}), ...(texts ? { texts } : {}) }, errors: reader.errors };
}

/** By row, the columns that were posted: those may be few where a table from before there were bounds has millions. */
function filledCells(id: string, fields: Fields): Map<string, string[]> {
  const filled = new Map<string, string[]>();
  for (const name of Object.keys(fields)) {
    if (!name.startsWith(`${id}_`)) continue;
    const [, row, column, ...rest] = name.split('_');
    if (row === undefined || column === undefined || rest.length > 0) continue;
    const columns = filled.get(row);
    if (columns === undefined) filled.set(row, [column]);
    else columns.push(column);
  }
  return filled;
}

function readNumbers({ question, choices }: Shown, form: Posted): Entry {
  const reader = new Reader(question, form);
  const decimals = 'decimals' in question ? question.decimals : 0;
  const numbers = collect(choices, (choice) => {
    const field = fieldName(question.id, choice.id);
    const text = typed(form.fields, field);
    if (text === '') return undefined;
    const plain = isFromBrowser(question, text) ? text : reader.number(field, text, { decimals });
    if (plain === undefined) return undefined;
    if (Math.abs(Number(plain)) <= Number.MAX_SAFE_INTEGER) return Number(plain);
    const max = Number.MAX_SAFE_INTEGER;
    reader.refuse(
      field,
      plain.startsWith('-') ? 'numberMin' : 'numberMax',
      plain.startsWith('-') ? { min: -max } : { max },
    );
    return undefined;
  });
  const texts = numbers && textsBeside(reader, question, choices);
  return { answer: { ...(numbers ? { numbers } : {}), ...(texts ? { texts } : {}) }, errors: reader.errors };
}

/** Browsers post what a number input holds in plain notation; where three decimals are usual that is no thousand. */
function isFromBrowser(question: Question, text: string): boolean {
  return question.type === 'slider' && question.decimals >= 3 && /^-?\d+\.\d+$/.test(text);
}

/** The fields that would give this answer, to draw a page again; numbers as the language of the page writes them. */
export function fieldsOf(question: Question, answer: Answer, language: string): Record<string, string[]> {
  const { id } = question;
  const content = 'content' in question ? question.content : undefined;
  const shown = (text: string, of: Content | undefined): string[] => [shownText(text, of, language)];
  const whole = answer.choices ?? (answer.text === undefined ? undefined : shown(answer.text, content));
  // The named field of a slider is a number input, which takes plain notation only.
  const ofNumber = (number: number): string =>
    question.type === 'slider' ? plainOf(number) : writeNumber(plainOf(number), language);
  return Object.fromEntries([
    ...(whole ? [[id, whole] as const] : []),
    ...entriesOf(answer.rows, (row, columns) => [fieldName(id, row), columns]),
    ...entriesOf(answer.numbers, (part, number) => [fieldName(id, part), [ofNumber(number)]]),
    ...entriesOf(answer.texts, (part, text) => [
      question.type === 'form' ? fieldName(id, part) : textName(id, part),
      shown(text, contentOf(question, part)),
    ]),
    ...Object.entries(answer.cells ?? {}).flatMap(([row, cells]) =>
      entriesOf(cells, (column, text) => [fieldName(id, row, column), shown(text, content)]),
    ),
  ]);
}

function contentOf(question: Question, part: string): Content | undefined {
  return 'choices' in question ? question.choices.find(({ id }) => id === part)?.content : undefined;
}

function shownText(text: string, content: Content | undefined, language: string): string {
  if (content?.kind !== 'number') return text;
  if (text.startsWith(UNREAD)) return text.slice(UNREAD.length);
  return /^-?\d+(?:\.\d+)?$/.test(text) ? writeNumber(text, language) : text;
}

function entriesOf<T>(
  parts: Record<string, T> | undefined,
  field: (part: string, value: T) => [string, string[]],
): [string, string[]][] {
  return Object.entries(parts ?? {}).map(([part, value]) => field(part, value));
}
