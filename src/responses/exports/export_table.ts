import { ABOUT_COLUMNS } from '../../engine/columns/about-columns.js';
import type { SurveyDefinition } from '../../engine/definition.js';
import { columnsOfVersions, type EmbeddedColumn, type ExportColumns } from '../../engine/columns/export-columns.js';
import { type ExportColumn, isLabelled } from '../../engine/columns/question-columns.js';
import { codeOfOpen, type OpenCodes } from '../../engine/left-open.js';
import { plainText } from '../../engine/text.js';
import type { Answer } from '../../engine/questions/question.schema.js';
import type { ExportSettings } from './export_settings.js';
import { ExportTimes } from './export_times.js';
import type { ResponseRow } from './response_rows.js';
import { hasOpenCodes, ShownOrders } from './shown_orders.js';

/** One column: its three header cells and what a response has in it, as a code and as people read it. */
export interface Column {
  tag: string;
  text: string;
  importId: string;
  choiceId?: string | undefined;
  timeZone?: string;
  questionId?: string;
  /** What the column of its labels is called; only columns with labels have one. */
  labelTag?: string | undefined;
  isLabels?: boolean;
  /** Told or typed by somebody: text, even where it looks like a number. */
  isText?: boolean;
  code(row: ResponseRow): string;
  label(row: ResponseRow): string;
  /** Of a column with many choices: each by itself. */
  list?: ((row: ResponseRow, isWords: boolean) => string[]) | undefined;
  /** Of a column with a time. */
  at?(row: ResponseRow): Date;
}

/** Words of the status numbers, as analysts know them. */
const STATUS_WORDS: Record<number, string> = {
  0: 'IP Address',
  1: 'Survey Preview',
  2: 'Survey Test',
  4: 'Imported',
  8: 'Spam',
  16: 'Offline',
};

type Cell = Column['code'];

/** What stands in the columns about a response; times and the response's own id are the table's. */
const ABOUT: Record<string, Cell> = {
  status: (row) => String(row.status),
  ipAddress: (row) => row.person.ip ?? '',
  progress: (row) => String(row.progress),
  duration: (row) => String(row.durationSeconds ?? ''),
  finished: (row) => (row.finished ? '1' : '0'),
  recipientLastName: (row) => row.person.lastName ?? '',
  recipientFirstName: (row) => row.person.firstName ?? '',
  recipientEmail: (row) => row.person.email ?? '',
  externalDataReference: (row) => row.person.extRef ?? '',
  distributionChannel: (row) => row.channel,
  userLanguage: (row) => row.language.toUpperCase(),
};

const LABELS: Record<string, Cell> = {
  status: (row) => STATUS_WORDS[row.status] ?? String(row.status),
  finished: (row) => (row.finished ? 'True' : 'False'),
};

const TIMES: Record<string, (row: ResponseRow) => Date> = {
  startDate: (row) => row.startedAt,
  endDate: (row) => row.endedAt,
  recordedDate: (row) => row.recordedAt,
};

/** Columns whose codes are numbers. */
const NUMBERS = new Set(['status', 'progress', 'duration', 'finished']);

/** For whom texts are: programs compare them with the definition's, people read them. */
export type Reader = 'programs' | 'people';

/**
 * The columns of an export: about the response, its answers, its embedded data. Answers of several versions are merged by
 * question and part: the latest version says the order and the text, columns that only older ones have follow.
 */
export class ExportTable {
  readonly columns: readonly Column[];
  private readonly answers: ExportColumns;
  private readonly byVersion = new Map<string, readonly Column[]>();
  private readonly shown: ShownOrders;
  private readonly hasLabelColumns: boolean;

  /** @param versions the latest first */
  constructor(
    private readonly versions: ReadonlyMap<string, SurveyDefinition>,
    private readonly settings: ExportSettings,
    private readonly showId: (id: string) => string,
    reader: Reader = 'programs',
  ) {
    this.shown = new ShownOrders(versions, settings);
    // JSON has lists for what a cell must split or join, and labels beside the codes.
    const hasCells = settings.format === 'csv' || settings.format === 'tsv';
    this.hasLabelColumns = hasCells && settings.includeLabelColumns;
    this.answers = columnsOfVersions([...versions.values()], {
      split: settings.breakoutSets && hasCells,
      ...(reader === 'people' ? { words: plainText } : {}),
    });
    this.columns = this.columnsFor([...versions.keys()][0] ?? '');
  }

  /** Versions whose responses this table can hold. */
  get versionIds(): string[] {
    return [...this.versions.keys()];
  }

  /** The three rows on top: export tag, question text, import id. */
  headers(): string[][] {
    return [
      this.columns.map(({ tag }) => tag),
      this.columns.map(({ text }) => text),
      this.columns.map(({ importId, choiceId, timeZone, isLabels }) =>
        JSON.stringify({ ImportId: importId, choiceId, timeZone, IsLabelsColumn: isLabels }),
      ),
    ];
  }

  /** The columns as they read responses of one version: which question's answer is where is worked out once. */
  columnsFor(versionId: string): readonly Column[] {
    const known = this.byVersion.get(versionId) ?? this.made(versionId);
    this.byVersion.set(versionId, known);
    return known;
  }

  private made(versionId: string): Column[] {
    const { questionIds, embeddedDataIds } = this.settings;
    const own = this.answers.byVersion[[...this.versions.keys()].indexOf(versionId)];
    const answers = this.answers.answers.filter((column) => questionIds === undefined || isAsked(column, questionIds));
    const orders = this.settings.includeDisplayOrder ? this.orders(versionId) : [];
    const embedded = this.answers.embedded.filter(({ name }) => embeddedDataIds?.includes(name) ?? true);
    return [
      ...this.about(),
      ...answers.map((column) => this.answer(column, own?.get(column.key))),
      ...embedded.map(embeddedColumn),
      ...orders,
    ].flatMap((column) => (this.hasLabelColumns ? withLabels(column) : [column]));
  }

  private answer(shown: ExportColumn, own: ExportColumn | undefined): Column {
    const labelTag = isLabelled(shown) ? this.answers.labelTags.get(shown.key) : undefined;
    const column = { ...answerColumn(shown, own), labelTag };
    return own === undefined || !hasOpenCodes(this.settings) ? column : this.withOpenCodes(column, own);
  }

  private withOpenCodes(column: Column, own: ExportColumn): Column {
    const { seenUnansweredRecode, multiselectSeenUnansweredRecode } = this.settings;
    const codes: OpenCodes = {
      question: seenUnansweredRecode?.toString(),
      choice: (multiselectSeenUnansweredRecode ?? seenUnansweredRecode)?.toString(),
    };
    const open: Cell = (row) => codeOfOpen(own, this.shown.of(row, own.questionId), codes);
    return { ...column, code: (row) => column.code(row) || open(row), label: (row) => column.label(row) || open(row) };
  }

  private orders(versionId: string): Column[] {
    const { questionIds } = this.settings;
    const own = this.answers.orderByVersion[this.versionIds.indexOf(versionId)];
    const wished = this.answers.orders.filter((column) => questionIds === undefined || isAsked(column, questionIds));
    return wished.map((shown) => {
      const order = own?.get(shown.key);
      const list = (row: ResponseRow): string[] => {
        const found = this.shown.of(row, shown.questionId);
        return found === undefined ? [] : (order?.order(found) ?? []);
      };
      const cell: Cell = (row) => list(row).join('|');
      const header = { tag: shown.exportTag, text: shown.questionText, importId: shown.importId };
      return { ...header, choiceId: shown.choiceId, isText: true, code: cell, label: cell, list };
    });
  }

  private about(): Column[] {
    const { timeZone, surveyMetadataIds } = this.settings;
    const times = new ExportTimes(timeZone);
    const all = ABOUT_COLUMNS.map(({ importId, ...header }): Column => {
      const at = TIMES[importId];
      const own: Cell =
        importId === '_recordId' ? (row) => row.shownId ?? this.showId(row.id) : (ABOUT[importId] ?? (() => ''));
      const code: Cell = at === undefined ? own : (row) => times.write(at(row));
      return {
        ...header,
        importId,
        isText: !NUMBERS.has(importId),
        code,
        label: LABELS[importId] ?? code,
        labelTag: LABELS[importId] && this.answers.labelTags.get(importId),
        ...(at === undefined ? {} : { timeZone, at }),
      };
    });
    return all.filter(({ importId }) => surveyMetadataIds?.includes(importId) ?? true);
  }
}

/** A question may be asked for by its own id or by the one that it had in its file; tables of one question by that question's. */
function isAsked({ questionId, importId }: ExportColumn, ids: readonly string[]): boolean {
  return ids.some(
    (id) => id === questionId || importId === id || importId.startsWith(`${id}_`) || importId.startsWith(`${id}#`),
  );
}

/** Codes and labels side by side. */
function withLabels(column: Column): Column[] {
  const { labelTag } = column;
  return labelTag === undefined
    ? [column]
    : [column, { ...column, tag: labelTag, code: (row) => column.label(row), isLabels: true }];
}

function answerColumn(shown: ExportColumn, own: ExportColumn | undefined): Column {
  const header = {
    tag: shown.exportTag,
    text: shown.questionText,
    importId: shown.importId,
    choiceId: shown.choiceId,
    questionId: shown.questionId,
    isText: shown.isTyped,
  };
  if (own === undefined) {
    return { ...header, code: () => '', label: () => '' };
  }
  const { questionId } = own;
  const value = (row: ResponseRow, isWords: boolean): string => {
    const answer = row.answers[questionId];
    return answer === undefined ? '' : own.value(answer, isWords);
  };
  return {
    ...header,
    code: (row) => value(row, false),
    label: (row) => value(row, true),
    list: (shown.list ?? own.list) && ((row, isWords) => listIn(own, row.answers[questionId] ?? {}, isWords)),
  };
}

/** Also of a version that took one choice where the latest takes many, or the other way round. */
function listIn(own: ExportColumn, answer: Answer, isWords: boolean): string[] {
  return own.list?.(answer, isWords) ?? [own.value(answer, isWords)].filter((one) => one !== '');
}

function embeddedColumn({ name, exportTag, importId }: EmbeddedColumn): Column {
  const value = ({ embedded }: ResponseRow): string => (Object.hasOwn(embedded, name) ? (embedded[name] ?? '') : '');
  return { tag: exportTag, text: name, importId, isText: true, code: value, label: value };
}
