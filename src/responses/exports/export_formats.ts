import { BYTE_ORDER_MARK, neutral } from '../../platform/csv_cells.js';
import type { ExportSettings } from './export_settings.js';
import type { Column, ExportTable } from './export_table.js';
import type { ResponseRow } from './response_rows.js';

/** Text before the first row, each row, and after the last one. */
export interface Format {
  readonly extension: string;
  readonly type: string;
  begin(): string;
  row(row: ResponseRow, isFirst: boolean): string;
  end(): string;
}

export function formatOf(settings: ExportSettings, table: ExportTable): Format {
  return settings.format === 'json' || settings.format === 'ndjson'
    ? new JsonFormat(table, settings.format === 'ndjson')
    : new CellFormat(table, settings);
}

/** CSV and TSV with three header rows. */
class CellFormat implements Format {
  readonly extension: string;
  readonly type: string;
  private readonly separator: string;
  private readonly special: RegExp;

  constructor(
    private readonly table: ExportTable,
    private readonly settings: ExportSettings,
  ) {
    const isTsv = settings.format === 'tsv';
    this.extension = isTsv ? 'tsv' : 'csv';
    this.type = isTsv ? 'text/tab-separated-values; charset=utf-8' : 'text/csv; charset=utf-8';
    this.separator = isTsv ? '\t' : ',';
    this.special = isTsv ? /["\t\r\n]/ : /[",\r\n]/;
  }

  begin(): string {
    const { isNeutral } = this.settings;
    const headers = this.table.headers().map((cells) => this.line(isNeutral ? cells.map(neutral) : cells));
    return (isNeutral ? BYTE_ORDER_MARK : '') + headers.join('');
  }

  row(row: ResponseRow): string {
    const isWords = this.settings.useLabels;
    let line = '';
    // Written as it grows: lists of cells made a third of the garbage of an export.
    for (const column of this.table.columnsFor(row.versionId)) {
      const cell = isWords ? column.label(row) : column.code(row);
      line += cell === '' ? this.separator : this.separator + this.quoted(this.shown(cell));
    }
    return `${line.slice(this.separator.length)}\r\n`;
  }

  end(): string {
    return '';
  }

  private shown(cell: string): string {
    const { isNeutral, newlineReplacement } = this.settings;
    const text = newlineReplacement === undefined ? cell : cell.replaceAll(/\r?\n/g, newlineReplacement);
    return isNeutral ? neutral(text) : text;
  }

  private line(cells: string[]): string {
    return `${cells.map((cell) => this.quoted(cell)).join(this.separator)}\r\n`;
  }

  private quoted(cell: string): string {
    return this.special.test(cell) ? `"${cell.replaceAll('"', '""')}"` : cell;
  }
}

/** One object a response, by import id: what was answered as codes, and the words where they differ. */
class JsonFormat implements Format {
  readonly extension: string;
  readonly type: string;

  constructor(
    private readonly table: ExportTable,
    private readonly isLines: boolean,
  ) {
    this.extension = isLines ? 'ndjson' : 'json';
    this.type = isLines ? 'application/x-ndjson' : 'application/json';
  }

  begin(): string {
    return this.isLines ? '' : '{"responses":[';
  }

  row(row: ResponseRow, isFirst: boolean): string {
    const text = JSON.stringify(responseObject(this.table, row));
    return this.isLines ? `${text}\n` : `${isFirst ? '' : ','}${text}`;
  }

  end(): string {
    return this.isLines ? '' : ']}';
  }
}

/** A response as programs read one. */
export function responseObject(table: ExportTable, row: ResponseRow): object {
  // Without a prototype a field may be called anything.
  const values = Object.create(null) as Record<string, Value>;
  const labels = Object.create(null) as Record<string, Value>;
  const displayedFields: string[] = [];
  for (const column of table.columnsFor(row.versionId)) {
    const [value, label] = [valueOf(column, row), labelOf(column, row)];
    if (value !== undefined) {
      values[column.importId] = value;
      if (column.questionId !== undefined) {
        displayedFields.push(column.importId);
      }
    }
    if (label !== undefined) {
      labels[column.importId] = label;
    }
  }
  return {
    responseId: values['_recordId'],
    values,
    labels,
    displayedFields,
    displayedValues: {},
  };
}

type Value = string | number | string[];

/** Codes are numbers, many of them a list of texts; what people typed is text even where it looks like a number. */
function valueOf(column: Column, row: ResponseRow): Value | undefined {
  if (column.at !== undefined) {
    return instant(column.at(row), column.importId);
  }
  const list = column.list?.(row, false) ?? [];
  if (list.length > 0) {
    return list;
  }
  const code = column.code(row);
  if (code === '') {
    return undefined;
  }
  return column.isText !== true && /^-?(?:0|[1-9]\d{0,14})(?:\.\d{1,6})?$/.test(code) ? Number(code) : code;
}

/** What the code stands for, where that is something else. */
function labelOf(column: Column, row: ResponseRow): Value | undefined {
  if (column.list !== undefined) {
    return orNothing(column.list(row, true));
  }
  const label = column.label(row);
  return label === '' || label === column.code(row) ? undefined : label;
}

function orNothing(list: string[]): string[] | undefined {
  return list.length === 0 ? undefined : list;
}

/** In UTC whatever the zone of the cells; only the moment of recording has its milliseconds. */
function instant(at: Date, importId: string): string {
  const exact = at.toISOString();
  return importId === 'recordedDate' ? exact : `${exact.slice(0, 19)}Z`;
}
