import { ABOUT_COLUMNS } from './about-columns.js';
import { ColumnNames } from './column-names.js';
import type { SurveyDefinition } from '../definition.js';
import { columnCount, longestHeader, wholeQuestions } from './column-room.js';
import { columnsOfQuestion } from './question-columns.js';
import type { ExportColumn, ExportForm } from './question-columns.js';
import type { Answers, Question } from '../questions/question.schema.js';
import { type OrderColumn, orderColumnsOf } from './order-columns.js';
import { embeddedNames } from '../recorded.js';

/** A column of embedded data: the field's name, and what it is called among all other columns. */
export interface EmbeddedColumn {
  name: string;
  exportTag: string;
  importId: string;
}

/** The columns of an export over all versions of a survey. No two have the same tag, and none the import id of another. */
export interface ExportColumns {
  /** Ready to write: the latest version that has a column says what it is called and where it stands. */
  answers: ExportColumn[];
  embedded: EmbeddedColumn[];
  /** In which order choices were shown; after everything else. */
  orders: OrderColumn[];
  orderByVersion: ReadonlyMap<string, OrderColumn>[];
  /** The columns of a version by their key: what turns its answers into cells. */
  byVersion: ReadonlyMap<string, ExportColumn>[];
  /** What a column of labels beside one of codes is called, by the key of that one or its import id. */
  labelTags: ReadonlyMap<string, string>;
}

/** Columns of one definition in the order in which the flow's blocks ask, then questions that no block asks. */
export function exportColumns(definition: SurveyDefinition, form: ExportForm = {}): ExportColumn[] {
  return columnsOfVersions([definition], form).answers;
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

/** Merges the versions of a survey, the latest first: a column is the same by question and part, whatever its tag was. */
export function columnsOfVersions(versions: readonly SurveyDefinition[], form: ExportForm = {}): ExportColumns {
  const whole = wholeQuestions(versions);
  const names = new TableNames(versions, whole);
  const made = versions.map((definition) => byKey(columnsOf(definition, { ...form, whole })));
  const orders = versions.map((definition) => byKey(ordersOf(definition, { ...form, whole })));
  return {
    answers: merged(made, names),
    embedded: names.embedded(),
    byVersion: made,
    orders: merged(orders, names),
    orderByVersion: orders,
    labelTags: names.labels(),
  };
}

function merged<C extends ExportColumn>(versions: readonly ReadonlyMap<string, C>[], names: TableNames): C[] {
  const first = new Map(versions.toReversed().flatMap((columns) => [...columns]));
  const keys = new Set(versions.flatMap((columns) => [...columns.keys()]));
  return [...keys].map((key) => ({ ...first.get(key)!, ...names.of(first.get(key)!) }));
}

function ordersOf(definition: SurveyDefinition, form: ExportForm): OrderColumn[] {
  const questions = orderedQuestions(definition).filter((question) => form.whole?.has(question) !== true);
  const longest = longestHeader(columnsIn(questions));
  return questions.flatMap((question) => orderColumnsOf(question, { ...form, longest }));
}

/** The columns of a definition under the names that its questions wish for. */
export function columnsOf(definition: SurveyDefinition, form: ExportForm = {}): ExportColumn[] {
  const whole = form.whole ?? wholeQuestions([definition]);
  const questions = orderedQuestions(definition);
  const longest = longestHeader(columnsIn(questions.filter((question) => !whole.has(question))));
  return questions.flatMap((question) => columnsOfQuestion(question, { ...form, whole, longest }));
}

function columnsIn(questions: readonly Question[]): number {
  return questions.reduce((sum, question) => sum + columnCount(question), 0);
}

function orderedQuestions(definition: SurveyDefinition): Question[] {
  const ids = Object.values(definition.blocks).flatMap((block) =>
    block.items.flatMap((item) => (item.kind === 'question' ? [item.question] : [])),
  );
  const asked = [...new Set([...ids, ...Object.keys(definition.questions)])];
  return asked.flatMap((id) => definition.questions[id] ?? []);
}

function byKey<C extends ExportColumn>(columns: readonly C[]): Map<string, C> {
  return new Map(columns.map((column) => [column.key, column]));
}

/**
 * Names over the whole table, whichever part of it somebody asks for: a filter or another form renames nothing. They are
 * given in an order that keeps them: the columns about responses first, then a version after the other, the latest first,
 * in it answers before embedded data; columns that stand only in files with joined choices, with orders or with labels
 * come last.
 */
class TableNames {
  private readonly tags = new ColumnNames(ABOUT_COLUMNS.map(({ tag }) => tag));
  private readonly ids = new ColumnNames(ABOUT_COLUMNS.map(({ importId }) => importId));
  private readonly tagOf = new Map<string, string>();
  private readonly idOf = new Map<string, string>();

  constructor(versions: readonly SurveyDefinition[], whole: ReadonlySet<Question>) {
    for (const definition of versions) this.name(columnsOf(definition, { whole }), embeddedNames(definition));
    for (const definition of versions) this.name(columnsOf(definition, { split: false, whole }));
    for (const split of [true, false])
      versions.forEach((definition) => this.name(ordersOf(definition, { split, whole })));
  }

  of(column: ExportColumn): Pick<ExportColumn, 'exportTag' | 'importId'> {
    return { exportTag: this.tagOf.get(column.key)!, importId: this.idOf.get(sharedId(column))! };
  }

  embedded(): EmbeddedColumn[] {
    const keys = [...this.tagOf.keys()].filter((key) => key.startsWith(EMBEDDED));
    return keys.map((key) => ({
      name: key.slice(EMBEDDED.length),
      exportTag: this.tagOf.get(key)!,
      importId: this.idOf.get(key)!,
    }));
  }

  /** Names of columns of labels; the last ones given. */
  labels(): ReadonlyMap<string, string> {
    const known = new Map<string, string>();
    const about = ABOUT_COLUMNS.map(({ importId, tag }) => [importId, tag] as const);
    give(
      this.tags,
      known,
      [...about, ...this.tagOf].map(([key, tag]) => [key, `${tag}_LABEL`]),
    );
    return known;
  }

  private name(columns: readonly ExportColumn[], embedded: ReadonlySet<string> = new Set()): void {
    const fields = [...embedded].map((name) => [EMBEDDED + name, name] as const);
    const tags = columns.map((column) => [column.key, column.exportTag] as const);
    const ids = columns.map((column) => [sharedId(column), column.importId] as const);
    give(this.tags, this.tagOf, [...tags, ...fields]);
    give(this.ids, this.idOf, [...ids, ...fields]);
  }
}

/** No key of a question's column begins so. */
const EMBEDDED = '/';

/** The choices of a question, or of one row, share an import id with each other and with the column that joins them. */
function sharedId({ questionId, part, key }: ExportColumn): string {
  if (part.kind === 'choice') return `${questionId}/choices`;
  if (part.kind === 'order' || part.kind === 'answerOrder') return `${questionId}/${part.kind}`;
  return part.kind === 'cell' ? `${questionId}/row/${part.of[0]}` : key;
}

function give(names: ColumnNames, known: Map<string, string>, wishes: readonly (readonly [string, string])[]): void {
  const fresh = [...new Map(wishes.filter(([key]) => !known.has(key)))];
  const given = names.claim(fresh.map(([, wish]) => wish));
  fresh.forEach(([key], index) => known.set(key, given[index]!));
}
