import { fieldName, isMany, LONGEST_TEXT, posted, textName } from './answers.js';
import { readNumber } from './number-reading.js';
import type { Shown } from './order.js';
import type { ChoiceView, FieldError, Fields, InputView, LabelView, QuestionView, RowView } from '../page.js';
import type { Choice, Content, Question, QuestionOf } from './question.schema.js';
import type { Worded, Words } from '../words.js';

/** What the inputs hold: the typed form after a refusal, else the fields of the stored answer. */
export type Values = Fields;

/** Draws one question: every text filled in, every input named and with its value. */
export function questionView(shown: Shown, words: Words, values: Values, errors: FieldError[]): QuestionView {
  const drawing = new Drawing(shown, words, values);
  return drawing.view(errors.filter((error) => error.questionId === shown.question.id));
}

class Drawing {
  private readonly question: Question;
  private readonly isForced: boolean;

  constructor(
    private readonly shown: Shown,
    private readonly words: Words,
    private readonly values: Values,
  ) {
    this.question = shown.question;
    this.isForced = this.question.required === 'force';
  }

  view(errors: FieldError[]): QuestionView {
    const { question } = this;
    const { html, label, own } = this.worded(this.words.ofQuestion(question.id).text, question.text);
    const choices = this.choices();
    const rows = this.rows();
    const input = question.type === 'text' ? this.textInput(question, label) : undefined;
    return {
      id: question.id,
      type: question.type,
      subtype: subtypeOf(question),
      html,
      label,
      own,
      written: this.words.own,
      required: this.isForced,
      requested: question.required === 'request',
      fieldId: firstField([input, choices[0]?.input, choices[0], rows[0]]) ?? question.id,
      ...(input ? { input } : {}),
      choices,
      multiple: isMany(question),
      horizontal: question.type === 'choice' && question.horizontal === true,
      columns: this.shown.columns.map((column) => ({ id: column.id, ...this.wordsOf(column, 'columns') })),
      rows,
      labels: this.labels(),
      ...limits(question),
      ...(question.type === 'sum' ? { sum: this.sum(question) } : {}),
      errors,
    };
  }

  private worded(translated: string | undefined, own: string): Worded {
    return translated === undefined ? this.words.untranslated(own) : this.words.of(translated);
  }

  private wordsOf(choice: Choice, list: 'choices' | 'columns' = 'choices'): Worded {
    const translated = this.words.ofQuestion(this.question.id)[list];
    const text = translated && Object.hasOwn(translated, choice.id) ? translated[choice.id] : undefined;
    const worded = this.worded(text, choice.text);
    // Nothing may be without a name: who can't see where it stands hears its value.
    if (worded.label !== '') return worded;
    return { html: worded.html, label: choice.image?.alt ?? choice.value, own: this.words.own };
  }

  private value(name: string): string {
    return posted(this.values, name)[0] ?? '';
  }

  private isPosted(name: string, id: string): boolean {
    return posted(this.values, name).includes(id);
  }

  private choices(): ChoiceView[] {
    const { question } = this;
    const { choices } = this.shown;
    if (question.type === 'choice') return choices.map((choice) => this.choice(choice));
    if (question.type === 'nps') return Array.from({ length: 11 }, (_, score) => this.score(String(score)));
    if (question.type === 'form') {
      return choices.map((choice) => this.filled(choice, choice.content, choice.required ?? true));
    }
    const content = contentOfParts(question, choices.length);
    return content ? choices.map((choice) => this.filled(choice, content, question.type !== 'sum')) : [];
  }

  private score(value: string): ChoiceView {
    const { id } = this.question;
    const checked = this.isPosted(id, value);
    return { id: value, fieldId: `${id}-${value}`, name: id, value, html: value, label: value, checked };
  }

  private choice(choice: Choice): ChoiceView {
    this.words.size.input();
    const { id } = this.question;
    const worded = this.wordsOf(choice);
    const text = this.otherInput(choice, worded.label);
    return {
      id: choice.id,
      fieldId: `${id}-${choice.id}`,
      name: id,
      value: choice.id,
      ...worded,
      checked: this.isPosted(id, choice.id),
      ...(choice.image ? { image: choice.image } : {}),
      ...(choice.exclusive ? { exclusive: true } : {}),
      ...(text ? { text } : {}),
    };
  }

  /** A line with its own input: form fields, sliders, parts of a sum, ranks. */
  private filled(choice: Choice, content: Content | undefined, isAsked: boolean): ChoiceView {
    const name = fieldName(this.question.id, choice.id);
    const worded = this.wordsOf(choice);
    const text = this.otherInput(choice, worded.label);
    const input = this.input(name, worded.label, content, this.isForced && isAsked);
    // Number inputs take the digits of one script only; the slider's mirrors its track.
    const isMirrored = this.question.type === 'slider';
    return {
      id: choice.id,
      fieldId: name,
      name,
      value: this.value(name),
      ...worded,
      checked: false,
      ...(choice.image ? { image: choice.image } : {}),
      ...(text ? { text } : {}),
      input: isMirrored ? { ...input, type: 'number' } : input,
    };
  }

  private otherInput(choice: Choice, label: string): InputView | undefined {
    if (!choice.textEntry) return undefined;
    return this.input(textName(this.question.id, choice.id), label, choice.content, false);
  }

  private textInput(question: Extract<Question, { type: 'text' }>, label: string): InputView {
    const input = this.input(question.id, label, question.content, this.isForced);
    if (question.subtype === 'essay' && input.type === 'text' && !input.inputMode)
      return { ...input, type: 'textarea' };
    return question.subtype === 'password' ? { ...input, type: 'password' } : input;
  }

  private input(name: string, label: string, content: Content | undefined, required: boolean): InputView {
    this.words.size.typedInput();
    return { name, fieldId: name, value: this.value(name), label, required, ...looks(content) };
  }

  private rows(): RowView[] {
    const { question } = this;
    if (question.type !== 'matrix') return [];
    return this.shown.choices.map((row) => {
      const name = fieldName(question.id, row.id);
      const worded = this.wordsOf(row);
      const text = this.otherInput(row, worded.label);
      const isText = question.subtype === 'text';
      const cells = isText ? [] : this.shown.columns.map((column) => this.cell(name, row, column));
      const inputs = isText ? this.shown.columns.map((column) => this.cellInput(row, column, question.content)) : [];
      const fieldId = question.subtype === 'dropdown' ? name : (inputs[0]?.fieldId ?? cells[0]?.fieldId ?? name);
      return { id: row.id, fieldId, name, ...worded, ...(text ? { text } : {}), cells, inputs };
    });
  }

  private cell(name: string, row: Choice, column: Choice): RowView['cells'][number] {
    this.words.size.input();
    const worded = this.wordsOf(column, 'columns');
    const label = `${this.wordsOf(row).label}: ${worded.label}`;
    const checked = this.isPosted(name, column.id);
    const fieldId = `${name}-${column.id}`;
    const exclusive = column.exclusive ? { exclusive: true } : {};
    return {
      id: column.id,
      columnId: column.id,
      fieldId,
      name,
      value: column.id,
      html: worded.html,
      label,
      own: worded.own,
      checked,
      ...exclusive,
    };
  }

  private cellInput(row: Choice, column: Choice, content: Content | undefined): InputView {
    const label = `${this.wordsOf(row).label}: ${this.wordsOf(column, 'columns').label}`;
    return this.input(fieldName(this.question.id, row.id, column.id), label, content, false);
  }

  /** What the parts add up to so far, of those that can be read. */
  private sum({ decimals }: QuestionOf<'sum'>): number {
    const numbers = this.shown.choices.map(({ id }) => {
      const reading = readNumber(this.value(fieldName(this.question.id, id)), this.words.language, decimals);
      return reading.kind === 'number' ? Number(reading.plain) : 0;
    });
    const scale = 10 ** decimals;
    return numbers.reduce((sum, number) => sum + Math.round(number * scale), 0) / scale;
  }

  private labels(): LabelView[] {
    const translated = this.words.ofQuestion(this.question.id).labels ?? [];
    return labelsOf(this.question).map((written, index) => {
      const { label, own } = this.worded(translated[index], written);
      return { label, own };
    });
  }
}

function subtypeOf(question: Question): string {
  return 'subtype' in question ? question.subtype : '';
}

function firstField(inputs: readonly ({ fieldId: string } | undefined)[]): string | undefined {
  return inputs.find((input) => input !== undefined)?.fieldId;
}

function labelsOf(question: Question): string[] {
  if (question.type === 'nps') return [question.lowLabel ?? '', question.highLabel ?? ''];
  return question.type === 'slider' ? question.labels : [];
}

function limits(question: Question): Pick<QuestionView, 'minChoices' | 'maxChoices' | 'total' | 'unit'> {
  if (question.type === 'sum') {
    const { total, unit } = question;
    return { ...(total === undefined ? {} : { total }), ...(unit ? { unit } : {}) };
  }
  if (question.type !== 'choice' && question.type !== 'matrix') return {};
  const { minChoices, maxChoices } = question;
  return { ...(minChoices ? { minChoices } : {}), ...(maxChoices === undefined ? {} : { maxChoices }) };
}

/** What the lines of a slider, a sum or a ranking take. */
function contentOfParts(question: Question, count: number): Content | undefined {
  if (question.type === 'rank') return { kind: 'number', min: 1, max: count, decimals: 0 };
  if (question.type !== 'slider' && question.type !== 'sum') return undefined;
  return { kind: 'number', min: question.min, max: question.max, decimals: question.decimals };
}

type Looks = Pick<InputView, 'type' | 'inputMode' | 'maxLength' | 'min' | 'max' | 'step'>;

/** Number texts stay `type=text`: browsers hide what they can't read in number inputs, and errors must show it. */
function looks(content: Content | undefined): Looks {
  const kind = content?.kind;
  if (content && kind === 'number') {
    return { type: 'text', inputMode: content.decimals === 0 ? 'numeric' : 'decimal', ...bounds(content) };
  }
  if (kind === 'date') return { type: 'date' };
  const maxLength = Math.min(content?.maxLength ?? LONGEST_TEXT, LONGEST_TEXT);
  if (kind === 'email') return { type: 'email', inputMode: 'email', maxLength };
  return kind === 'phone' ? { type: 'tel', inputMode: 'tel', maxLength } : { type: 'text', maxLength };
}

function bounds({ min, max, decimals }: Content): Pick<Looks, 'min' | 'max' | 'step'> {
  const step = decimals === undefined ? 'any' : decimals === 0 ? '1' : `0.${'0'.repeat(decimals - 1)}1`;
  return { ...(min === undefined ? {} : { min }), ...(max === undefined ? {} : { max }), step };
}
