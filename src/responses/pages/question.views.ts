import { mayHoldFormula } from '../../platform/web/html/formulas.js';
import { isOurs, SafeHtml } from '../../platform/web/html/safe_html.js';
import { escapeHtml } from '../../engine/text.js';
import type { OwnLanguage } from '../../engine/direction.js';
import type { ChoiceView, FieldError, InputView, LabelView, QuestionView, RowView } from '../../engine/page.js';
import type { Phrases } from '../../platform/web/phrases.js';

/** Texts that change with nobody are sanitised once; piped ones come and go. Together they may have so many characters. */
const KEPT = 16_000_000;
const SHORT_FIELDS = new Set(['number', 'date', 'numeric', 'decimal']);
/** Errors that no single field of several has made. */
const OF_WHOLE_QUESTION = new Set(['required', 'requested', 'sumTotal', 'chooseAtLeast', 'chooseAtMost']);
/** A matrix of thirty empty rows needs no thirty sentences. */
const MOST_ERRORS = 4;
const AUTOCOMPLETE: Record<string, string> = { email: 'email', tel: 'tel' };
const DATE_FORMATS: Record<string, string> = { ymd: 'YYYY-MM-DD', mdy: 'MM/DD/YYYY', dmy: 'DD.MM.YYYY' };

const sanitised = new Map<string, SafeHtml>();
let kept = 0;

/** A survey's text as templates print it; without markup it needs no sanitiser, and printing escapes it anyway. */
export function shownHtml(html: string): SafeHtml | string {
  if (!/[<&]/.test(html) && !mayHoldFormula(html)) {
    return html;
  }
  const known = sanitised.get(html);
  if (known !== undefined) {
    return known;
  }
  const safe = SafeHtml.of(html);
  kept += html.length + safe.text.length;
  if (kept > KEPT) {
    sanitised.clear();
    kept = html.length + safe.text.length;
  }
  sanitised.set(html, safe);
  return safe;
}

/** A part of a sentence that may be in several languages; `own` as on the page around it. */
export interface Piece {
  text: string;
  own?: Partial<OwnLanguage> | undefined;
}

/**
 * One question for its template, which `view` names.
 * @param ui the language of our own words, where the survey's texts on the page are in another one
 */
export function questionModel(question: QuestionView, phrases: Phrases, ui: Piece['own']): object {
  const errors = errorsOf(question, phrases, ui);
  const note = noteOf(question, phrases);
  const described = [note === '' ? '' : `n_${question.id}`, errors.length > 0 ? `e_${question.id}` : ''].filter(
    Boolean,
  );
  return {
    id: question.id,
    view: `responses/${viewOf(question)}`,
    fieldId: question.fieldId,
    text: question.html.trim() === '' ? undefined : shownHtml(question.html),
    hiddenText: question.html.trim() === '' ? question.id : undefined,
    ui,
    must: question.required ? phrases.say('required') : undefined,
    note,
    errors,
    hasErrors: errors.length > 0,
    describedBy: described.join(' '),
    ...partsOf(question, phrases),
  };
}

function errorsOf(question: QuestionView, phrases: Phrases, ui: Piece['own']): Piece[][] {
  const all = question.errors.map((error) => errorPieces(question, error, phrases, ui));
  const texts = [...new Map(all.map((pieces) => [pieces.map(({ text }) => text).join(''), pieces])).values()];
  return texts.length > MOST_ERRORS ? [...texts.slice(0, MOST_ERRORS), [{ text: '…' }]] : texts;
}

/** Where a link of the summary leads: to the field itself, or to the first one of its row or question. */
export function errorTarget(question: QuestionView, { field }: FieldError): string {
  const inputs = [question.input, ...question.choices.flatMap(({ input, text }) => [input, text])];
  const row = question.rows.find(({ name, text, inputs: cells }) =>
    [name, text?.name, ...cells.map((cell) => cell.name)].includes(field),
  );
  const own = [...inputs, row?.text, ...(row?.inputs ?? [])].find((input) => input?.name === field);
  return own?.fieldId ?? row?.fieldId ?? question.fieldId;
}

/** What is wrong with a field, after the name of the field where the question has several. */
export function errorPieces(question: QuestionView, error: FieldError, phrases: Phrases, ui: Piece['own']): Piece[] {
  const { code, params, field } = error;
  if (code === 'pattern' && params['message']) {
    return [{ text: String(params['message']), own: question.written }];
  }
  const words = code === 'decimals' && params['decimals'] === 0 ? 'whole' : code;
  const format = DATE_FORMATS[String(params['format'])] ?? '';
  const sentence = phrases.say(`errors.${words}`, { ...params, format, next: phrases.say('next') });
  const label = labelOfField(question, field);
  const saysItself = OF_WHOLE_QUESTION.has(code) || 'row' in params || 'choice' in params;
  const said = { text: sentence, own: ui };
  return label === undefined || saysItself ? [said] : [{ text: `${label.label}: `, own: label.own }, said];
}

/** Which of several fields is meant; undefined where the question has only one. */
function labelOfField(question: QuestionView, field: string): LabelView | undefined {
  const choice = question.choices.find(({ input, text }) => input?.name === field || text?.name === field);
  const row = question.rows.find(({ name, text }) => name === field || text?.name === field);
  return choice ?? row ?? cellOf(question, field);
}

/** A cell is called by its row and its column; they are in one language, or the page's counts. */
function cellOf({ rows, columns }: QuestionView, field: string): LabelView | undefined {
  const row = rows.find(({ inputs }) => inputs.some(({ name }) => name === field));
  const index = row?.inputs.findIndex(({ name }) => name === field) ?? -1;
  const label = row?.inputs[index]?.label;
  return label === undefined ? undefined : { label, own: columns[index]?.own && row?.own };
}

function viewOf({ type, subtype }: QuestionView): string {
  if (type === 'choice') {
    return ['dropdown', 'select', 'multiselect'].includes(subtype) ? '_select' : '_choices';
  }
  return {
    description: '_description',
    text: '_text',
    form: '_fields',
    matrix: '_matrix',
    nps: '_nps',
    slider: '_sliders',
    sum: '_sum',
    rank: '_ranks',
  }[type];
}

function noteOf({ type, minChoices: min, maxChoices: max, multiple }: QuestionView, phrases: Phrases): string {
  if (type === 'rank') {
    return phrases.say('noteRank');
  }
  if (!multiple || (min === undefined && max === undefined)) {
    return '';
  }
  if (min !== undefined && max !== undefined) {
    return phrases.say(min === max ? 'noteExactly' : 'noteBetween', { min, max });
  }
  return min === undefined ? phrases.say('noteAtMost', { max: max! }) : phrases.say('noteAtLeast', { min });
}

function partsOf(question: QuestionView, phrases: Phrases): object {
  const { type } = question;
  const invalid = new Set(question.errors.map(({ field }) => field));
  const field = (input: InputView) => inputModel(input, question, invalid);
  if (type === 'text') {
    return { input: field(question.input!) };
  }
  if (type === 'matrix') {
    const choose = phrases.say('choose');
    const rows = question.rows.map((row) => ({ ...rowModel(row, question, invalid), choose }));
    return { columns: columnsOf(question), rows, isTable: fitsAsTable(question) };
  }
  const [low, ...others] = question.labels.filter(({ label }) => label !== '');
  return {
    kind: question.multiple ? 'checkbox' : 'radio',
    multiple: question.multiple,
    size: question.subtype === 'dropdown' ? undefined : Math.min(Math.max(question.choices.length, 2), 10),
    choose: question.subtype === 'dropdown' ? phrases.say('choose') : undefined,
    row: question.horizontal && question.choices.length <= 6,
    choices: question.choices.map((choice) => choiceModel(choice, question, field)),
    ends: low === undefined ? undefined : endsOf(question, low, others),
    manyEnds: question.labels.length > 3,
    open: type === 'slider' ? phrases.say('sliderOpen') : undefined,
    ...(type === 'sum' ? sumOf(question, phrases) : {}),
  };
}

/** The words under both ends; one word alone stays at its own end. */
function endsOf({ labels, type }: QuestionView, low: LabelView, others: LabelView[]): LabelView[] {
  const nothing = { label: '' };
  return type === 'nps' ? [labels[0] ?? nothing, labels[1] ?? nothing] : [low, ...others];
}

function sumOf({ total, unit, written, sum = 0 }: QuestionView, phrases: Phrases): object {
  return {
    goal: total === undefined ? '' : String(total),
    totalText: total === undefined ? phrases.say('total') : phrases.say('totalGoal', { total }),
    sum: phrases.figure(sum),
    mark: phrases.figure(0.5).includes(',') ? ',' : '.',
    unit: unit === undefined ? undefined : { text: unit, own: written },
  };
}

function choiceModel(choice: ChoiceView, { written }: QuestionView, field: (input: InputView) => object): object {
  const image = choice.image && isOurs(choice.image.url) ? choice.image : undefined;
  const html = image === undefined && choice.html.trim() === '' ? escapeHtml(choice.label) : choice.html;
  return {
    ...choice,
    html: shownHtml(html),
    image: image && { ...image, alt: html.trim() === '' ? choice.label : image.alt, own: written },
    input: choice.input && field(choice.input),
    text: choice.text && field(choice.text),
  };
}

function columnsOf(question: QuestionView): object[] {
  return question.subtype === 'dropdown' ? [] : question.columns.map(({ html }) => ({ html: shownHtml(html) }));
}

/** Pixels: what a table has on screens from 720 px on, what its rows' texts take, and a letter of a heading. */
const ROOM = 680;
const [ROW_SHARE, LETTER, MARGIN, LEAST] = [0.3, 8.5, 8, 44];
const LEAST_INPUT = 100;

/** Whether the columns of a matrix stand side by side on wide screens; otherwise its rows are stacked everywhere. */
function fitsAsTable({ columns, subtype }: QuestionView): boolean {
  if (subtype === 'dropdown') return true;
  const least = subtype === 'text' ? LEAST_INPUT : LEAST;
  const longest = Math.max(0, ...columns.flatMap(({ label }) => label.split(/[\s-]+/)).map((word) => word.length));
  return (columns.length * Math.max(least, Math.min(longest, 14) * LETTER + MARGIN)) / (1 - ROW_SHARE) <= ROOM;
}

function rowModel(row: RowView, question: QuestionView, invalid: ReadonlySet<string>): object {
  const field = (input: InputView) => inputModel(input, question, invalid);
  return {
    id: row.name,
    fieldId: row.fieldId,
    html: shownHtml(row.html),
    text: row.text && field(row.text),
    isSelect: question.subtype === 'dropdown',
    kind: question.multiple ? 'checkbox' : 'radio',
    cells: row.cells.map((cell) => ({
      ...cell,
      html: shownHtml(cell.html),
      column: plainColumn(question, cell.columnId),
    })),
    inputs: row.inputs.map((input, index) => ({
      ...field(input),
      html: shownHtml(question.columns[index]?.html ?? ''),
    })),
  };
}

function plainColumn({ columns }: QuestionView, id: string): string {
  return columns.find((column) => column.id === id)?.label ?? '';
}

function inputModel(input: InputView, question: QuestionView, invalid: ReadonlySet<string>): object {
  const isWrong = invalid.has(input.name) || (invalid.has(question.id) && question.input?.name === input.name);
  return {
    ...input,
    // As texts: to a template the number 0 is nothing.
    min: input.min?.toString(),
    max: input.max?.toString(),
    isTextarea: input.type === 'textarea',
    isShort: SHORT_FIELDS.has(input.type) || SHORT_FIELDS.has(input.inputMode ?? ''),
    autocomplete: AUTOCOMPLETE[input.type],
    isWrong,
    errorId: isWrong ? `e_${question.id}` : undefined,
    // With something in its place styles can tell whether a field is empty.
    placeholder: question.type === 'slider' ? ' ' : undefined,
  };
}
