import type { SurveyDefinition } from '../../surveys/engine/definition.js';
import { type ExportColumn, exportColumns } from '../../surveys/engine/export-columns.js';
import { embeddedNames } from '../walks.js';
import type { ExportSettings } from './export_settings.js';
import { ExportTimes } from './export_times.js';
import type { ResponseRow } from './response_rows.js';

/** One column: its three header cells and what a response has in it, as a code and as people read it. */
export interface Column {
  tag: string;
  text: string;
  importId: string;
  timeZone?: string;
  questionId?: string;
  code(row: ResponseRow): string;
  label(row: ResponseRow): string;
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

type Table = { zone: string; times: ExportTimes; showId: (id: string) => string };

/** The columns about a response that stand before its answers, in the order that readers of such files expect. */
function aboutColumns({ times, zone, showId }: Table): Column[] {
  const same = (tag: string, text: string, importId: string, code: Column['code']): Column => ({
    tag,
    text,
    importId,
    code,
    label: code,
  });
  const time = (tag: string, text: string, importId: string, at: (row: ResponseRow) => Date): Column => ({
    ...same(tag, text, importId, (row) => times.write(at(row))),
    timeZone: zone,
  });
  return [
    time('StartDate', 'Start Date', 'startDate', (row) => row.startedAt),
    time('EndDate', 'End Date', 'endDate', (row) => row.endedAt),
    {
      ...same('Status', 'Response Type', 'status', (row) => String(row.status)),
      label: (row) => STATUS_WORDS[row.status] ?? String(row.status),
    },
    same('IPAddress', 'IP Address', 'ipAddress', (row) => row.person.ip ?? ''),
    same('Progress', 'Progress', 'progress', (row) => String(row.progress)),
    same('Duration (in seconds)', 'Duration (in seconds)', 'duration', (row) => String(row.durationSeconds)),
    {
      ...same('Finished', 'Finished', 'finished', (row) => (row.finished ? '1' : '0')),
      label: (row) => (row.finished ? 'True' : 'False'),
    },
    time('RecordedDate', 'Recorded Date', 'recordedDate', (row) => row.recordedAt),
    same('ResponseId', 'Response ID', '_recordId', (row) => showId(row.id)),
    same('RecipientLastName', 'Recipient Last Name', 'recipientLastName', (row) => row.person.lastName ?? ''),
    same('RecipientFirstName', 'Recipient First Name', 'recipientFirstName', (row) => row.person.firstName ?? ''),
    same('RecipientEmail', 'Recipient Email', 'recipientEmail', (row) => row.person.email ?? ''),
    same('ExternalReference', 'External Data Reference', 'externalDataReference', (row) => row.person.extRef ?? ''),
    same('LocationLatitude', 'Location Latitude', 'locationLatitude', () => ''),
    same('LocationLongitude', 'Location Longitude', 'locationLongitude', () => ''),
    same('DistributionChannel', 'Distribution Channel', 'distributionChannel', (row) => row.channel),
    same('UserLanguage', 'User Language', 'userLanguage', (row) => row.language.toUpperCase()),
  ];
}

/**
 * The columns of an export: about the response, its answers, its embedded data. Answers of several versions are merged by
 * export tag: the latest version says the order and the text, columns that only older ones have follow.
 */
export class ExportTable {
  readonly columns: Column[];

  constructor(
    private readonly versions: ReadonlyMap<string, SurveyDefinition>,
    private readonly settings: ExportSettings,
    showId: (id: string) => string,
  ) {
    const { timeZone: zone, surveyMetadataIds, embeddedDataIds } = settings;
    const about = aboutColumns({ zone, times: new ExportTimes(zone), showId }).filter(
      ({ importId }) => surveyMetadataIds?.includes(importId) ?? true,
    );
    const names = [...versions.values()].flatMap((definition) => [...embeddedNames(definition)]);
    const embedded = [...new Set(names)].filter((name) => embeddedDataIds?.includes(name) ?? true);
    this.columns = [...about, ...this.answerColumns(), ...embedded.map(embeddedColumn)];
  }

  /** The three rows on top: export tag, question text, import id. */
  headers(): string[][] {
    return [
      this.columns.map(({ tag }) => tag),
      this.columns.map(({ text }) => text),
      this.columns.map(({ importId, timeZone }) =>
        JSON.stringify({ ImportId: importId, ...(timeZone === undefined ? {} : { timeZone }) }),
      ),
    ];
  }

  cells(row: ResponseRow): string[] {
    const isWords = this.settings.useLabels;
    return this.columns.map((column) => (isWords ? column.label(row) : column.code(row)));
  }

  private answerColumns(): Column[] {
    const { questionIds, breakoutSets } = this.settings;
    const byVersion = new Map(
      [...this.versions].map(([id, definition]) => [id, byTag(exportColumns(definition, { split: breakoutSets }))]),
    );
    const all = [...byVersion.values()].flatMap((columns) => [...columns.values()]);
    const first = new Map(all.toReversed().map((column) => [column.exportTag, column]));
    const tags = [...new Set(all.map(({ exportTag }) => exportTag))];
    return tags
      .map((tag) => answerColumn(first.get(tag)!, (version) => byVersion.get(version)?.get(tag)))
      .filter(({ questionId }) => questionIds === undefined || questionIds.includes(questionId ?? ''));
  }
}

function byTag(columns: ExportColumn[]): Map<string, ExportColumn> {
  return new Map(columns.map((column) => [column.exportTag, column]));
}

function answerColumn(shown: ExportColumn, of: (versionId: string) => ExportColumn | undefined): Column {
  const value = (row: ResponseRow, isWords: boolean): string => {
    const column = of(row.versionId);
    const answer = column === undefined ? undefined : row.answers[column.questionId];
    return column === undefined || answer === undefined ? '' : column.value(answer, isWords);
  };
  return {
    tag: shown.exportTag,
    text: shown.questionText,
    importId: shown.importId,
    questionId: shown.questionId,
    code: (row) => value(row, false),
    label: (row) => value(row, true),
  };
}

function embeddedColumn(name: string): Column {
  const value = (row: ResponseRow): string => row.embedded[name] ?? '';
  return { tag: name, text: name, importId: name, code: value, label: value };
}
