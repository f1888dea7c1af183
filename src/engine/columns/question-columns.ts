import { isMany } from '../questions/answers.js';
import { headerText } from './column-room.js';
import type { Answer, Choice, Question, QuestionOf, QuestionType } from '../questions/question.schema.js';
import { withoutTags } from '../text.js';

/** What of a question a column holds. */
export type PartKind =
  | 'whole'
  | 'choices'
  | 'choice'
  | 'group'
  | 'typed'
  | 'text'
  | 'field'
  | 'number'
  | 'row'
  | 'cell'
  | 'order'
  | 'answerOrder';

export interface ColumnPart {
  kind: PartKind;
  /** Choice or row, and the column of a matrix. */
  of: readonly string[];
}

/** One column of an export with its three header rows. */
export interface ExportColumn {
  /** Question and part: the same column in every version of a survey, whatever its tag. */
  key: string;
  part: ColumnPart;
  questionId: string;
  exportTag: string;
  questionText: string;
  importId: string;
  /** The choice of a column that shares its import id with the other choices of the question or row. */
  choiceId?: string;
  /** Typed by somebody: text, even where it looks like a number. */
  isTyped: boolean;
  /** The cell for an answer; recodes, or what the respondent read. */
  value(answer: Answer, labels: boolean): string;
  /** Of a column that holds many choices: each by itself. */
  list?: (answer: Answer, labels: boolean) => string[];
}

export interface ExportForm {
  /** One column per choice of questions with many answers (default), or one with commas. */
  split?: boolean;
  /** How HTML becomes the words of headers and labels; by default tags go and nothing else changes. */
  words?: (html: string) => string;
  /** Questions that have one column with whole answers, for want of room. */
  whole?: ReadonlySet<Question>;
  /** Characters of a question's or a choice's text in a header. */
  longest?: number;
}

type Form = Required<ExportForm>;
type Make<T extends QuestionType> = (made: Columns, question: QuestionOf<T>) => ExportColumn[];

const MAKE: { [T in QuestionType]: Make<T> } = {
  description: () => [],
  text: (made) => [
    made.column({ kind: 'typed', of: [] }, { suffix: 'TEXT', value: (answer) => answer.text ?? '', isTyped: true }),
  ],
  form: (made, { choices }) =>
    choices.map((field) => made.part('field', field, (answer) => answer.texts?.[field.id] ?? '')),
  choice: (made, question) => [...made.choices(question), ...made.texts(question.choices)],
  nps: (made) => made.nps(),
  matrix: (made, question) => [
    ...question.choices.flatMap((row) => made.row(question, row)),
    ...made.texts(question.choices),
  ],
  slider: (made, { choices }) => made.numbers(choices),
  sum: (made, { choices }) => made.numbers(choices),
  rank: (made, { choices }) => made.numbers(choices),
};

const NONE: ReadonlySet<Question> = new Set();

/** The columns of one question under the names that it wishes for: other columns may wish for the same. */
export function columnsOfQuestion(question: Question, form: ExportForm = {}): ExportColumn[] {
  const made = new Columns(question, { split: true, words: withoutTags, whole: NONE, longest: Infinity, ...form });
  if (form.whole?.has(question) === true) return [made.whole()];
  return (MAKE[question.type] as Make<QuestionType>)(made, question);
}

const LABELLED = new Set<PartKind>(['choices', 'choice', 'group', 'row', 'cell']);

/** Whether the codes of a column stand for words. */
export function isLabelled({ part }: ExportColumn): boolean {
  return LABELLED.has(part.kind);
}

/** What a choice is called in exports, never nothing: its variable name, its text, or what stands for its picture. */
export function choiceLabel(choice: Choice, words: Form['words'] = withoutTags): string {
  const text = choice.variableName ?? words(choice.text);
  return text.trim() === '' ? choice.image?.alt || choice.value : text;
}

type Chosen = (answer: Answer) => readonly string[] | undefined;

interface Filling {
  tag?: string;
  suffix?: string;
  texts?: readonly string[];
  choiceId?: string;
  isTyped?: boolean;
  value: ExportColumn['value'];
  list?: NonNullable<ExportColumn['list']>;
}

/** What stands for a choice in a cell. */
interface CellWords {
  code: string;
  label: string;
}

class Columns {
  /** By the HTML: a table says each text of a column in every row. */
  private readonly said = new Map<string, string>();
  private readonly cells = new Map<readonly Choice[], ReadonlyMap<string, CellWords>>();

  constructor(
    private readonly question: Question,
    private readonly form: Form,
  ) {}

  /** `tag` is the export tag (the question's own by default), `suffix` follows the import id, `texts` the question's text. */
  column(part: ColumnPart, { tag, suffix, texts = [], isTyped = false, ...rest }: Filling): ExportColumn {
    const { question } = this;
    const id = question.importId ?? question.id;
    return {
      key: [question.id, part.kind, ...part.of].join('/'),
      part,
      questionId: question.id,
      exportTag: tag ?? question.exportTag,
      questionText: [
        question.label === undefined ? this.words(question.text) : headerText(question.label, this.form.longest),
        ...texts,
      ].join(' - '),
      importId: suffix === undefined ? id : `${id}_${suffix}`,
      isTyped,
      ...rest,
    };
  }

  /** All parts of an answer at once, as JSON. */
  whole(): ExportColumn {
    return this.column({ kind: 'whole', of: [] }, { value: (answer) => JSON.stringify(answer), isTyped: true });
  }

  /** A column of one field, number or row, named by its own export tag when it has one. */
  part(kind: 'field' | 'number' | 'row', one: Choice, value: Filling['value']): ExportColumn {
    const { exportTag } = this.question;
    const filling = { tag: one.exportTag ?? `${exportTag}_${one.id}`, suffix: one.id, texts: [this.words(one.text)] };
    return this.column({ kind, of: [one.id] }, { ...filling, value, isTyped: kind === 'field' });
  }

  choices(question: QuestionOf<'choice'>): ExportColumn[] {
    const selected = question.choices.some(({ textEntry }) => textEntry) ? ['Selected Choice'] : [];
    if (isMany(question) && this.form.split) {
      return question.choices.map((choice) => this.picked(choice, selected));
    }
    const filling = this.joined(isMany(question), question.choices, (answer) => answer.choices);
    return [this.column({ kind: 'choices', of: [] }, { texts: selected, ...filling })];
  }

  texts(choices: readonly Choice[]): ExportColumn[] {
    const { exportTag } = this.question;
    return choices
      .filter(({ textEntry }) => textEntry)
      .map(({ id, text }) =>
        this.column(
          { kind: 'text', of: [id] },
          {
            tag: `${exportTag}_${id}_TEXT`,
            suffix: `${id}_TEXT`,
            texts: [this.words(text), 'Text'],
            value: (answer) => answer.texts?.[id] ?? '',
            isTyped: true,
          },
        ),
      );
  }

  nps(): ExportColumn[] {
    const group = { tag: `${this.question.exportTag}_NPS_GROUP`, suffix: 'NPS_GROUP', texts: ['Group'] };
    return [
      this.column({ kind: 'group', of: [] }, { ...group, value: npsGroup }),
      this.column({ kind: 'choices', of: [] }, { value: (answer) => answer.choices?.[0] ?? '' }),
    ];
  }

  numbers(choices: readonly Choice[]): ExportColumn[] {
    const numbers = choices.map((one) => this.part('number', one, (answer) => String(answer.numbers?.[one.id] ?? '')));
    return [...numbers, ...this.texts(choices)];
  }

  row(question: QuestionOf<'matrix'>, row: Choice): ExportColumn[] {
    if (question.subtype === 'text') return question.columns.map((one) => this.typedCell(row, one));
    const isSplit = question.subtype === 'multiple' && this.form.split;
    if (isSplit) return question.columns.map((one) => this.pickedCell(row, one));
    const { value, ...list } = this.joined(isMany(question), question.columns, (answer) => answer.rows?.[row.id]);
    return [{ ...this.part('row', row, value), ...list }];
  }

  /** The suffix is the recode, as analysts know these columns; the choice itself stands in the third row. */
  private picked(choice: Choice, selected: readonly string[]): ExportColumn {
    return this.column(
      { kind: 'choice', of: [choice.id] },
      {
        tag: choice.exportTag ?? `${this.question.exportTag}_${choice.value}`,
        texts: [...selected, this.words(choice.text)],
        choiceId: choice.id,
        value: this.mark(choice, (answer) => answer.choices),
      },
    );
  }

  private pickedCell(row: Choice, one: Choice): ExportColumn {
    return this.cell('cell', row, one, {
      tag: `${this.rowTag(row)}_${one.value}`,
      suffix: row.id,
      choiceId: one.id,
      value: this.mark(one, (answer) => answer.rows?.[row.id]),
    });
  }

  private typedCell(row: Choice, one: Choice): ExportColumn {
    return this.cell('typed', row, one, {
      tag: `${this.rowTag(row)}_${one.id}`,
      suffix: `${row.id}_${one.id}`,
      value: (answer) => answer.cells?.[row.id]?.[one.id] ?? '',
      isTyped: true,
    });
  }

  private cell(kind: 'cell' | 'typed', row: Choice, one: Choice, filling: Filling): ExportColumn {
    return this.column(
      { kind, of: [row.id, one.id] },
      { ...filling, texts: [this.words(row.text), this.words(one.text)] },
    );
  }

  private rowTag(row: Choice): string {
    return row.exportTag ?? `${this.question.exportTag}_${row.id}`;
  }

  /** What was chosen in one cell, with commas where there may be many. */
  private joined(many: boolean, choices: readonly Choice[], chosen: Chosen): Pick<Filling, 'value' | 'list'> {
    const byId = this.cellsOf(choices);
    const list = (answer: Answer, labels: boolean): string[] => {
      const ids = chosen(answer);
      return ids === undefined
        ? []
        : choices.flatMap(({ id }) => (ids.includes(id) ? wordOf(byId.get(id), labels) : []));
    };
    if (many) return { value: (answer, labels) => list(answer, labels).join(','), list };
    return { value: (answer, labels) => wordOf(byId.get(chosen(answer)?.[0] ?? ''), labels) };
  }

  /** Made once for all rows of a table. */
  private cellsOf(choices: readonly Choice[]): ReadonlyMap<string, CellWords> {
    const known = this.cells.get(choices);
    if (known !== undefined) return known;
    const words = (one: Choice): CellWords => ({ code: one.value, label: choiceLabel(one, this.form.words) });
    const cells = new Map(choices.map((one) => [one.id, words(one)]));
    this.cells.set(choices, cells);
    return cells;
  }

  private mark(choice: Choice, chosen: Chosen): Filling['value'] {
    const label = choiceLabel(choice, this.form.words);
    return (answer, labels) => (chosen(answer)?.includes(choice.id) ? (labels ? label : '1') : '');
  }

  private words(html: string): string {
    const said = this.said.get(html) ?? headerText(this.form.words(html).trim(), this.form.longest);
    this.said.set(html, said);
    return said;
  }
}

function wordOf(one: CellWords | undefined, labels: boolean): string {
  return one === undefined ? '' : labels ? one.label : one.code;
}

function npsGroup(answer: Answer, labels: boolean): string {
  const score = answer.choices?.[0];
  if (score === undefined) return '';
  const group = Number(score) <= 6 ? 1 : Number(score) <= 8 ? 2 : 3;
  return labels ? ['Detractor', 'Passive', 'Promoter'][group - 1]! : String(group);
}
