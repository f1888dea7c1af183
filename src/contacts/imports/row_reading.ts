import type { Ids } from '../../platform/ids.js';
import type { ContactFields } from '../contact.entity.js';
import { Mistake, readField, readText, readYesNo } from '../contact_fields.js';
import type { Country } from '../phone_number.js';
import { type ColumnTarget, isField } from './column_mapping.js';
import { asWritten } from '../../platform/csv_cells.js';
import type { Row } from './csv_rows.js';

/** A row as it will be stored. */
export interface ImportRow extends ContactFields {
  line: number;
  /** Number of the contact that its ContactID names. */
  contactId: string | null;
  unsubscribed: boolean;
  listUnsubscribed: boolean;
  /** Blanks are left out: they leave values alone. */
  embedded: [name: string, value: string][];
  listEmbedded: [name: string, value: string][];
}

/** A row that is not stored, and why. */
export interface Reject {
  line: number;
  column: string;
  reason: string;
  value: string;
  cells: string[];
}

export interface RowPlan {
  columns: string[];
  targets: ColumnTarget[];
  country: Country | undefined;
  ids: Ids;
}

type Step = (row: ImportRow, text: string) => Mistake | undefined;

/** Reads rows by one mapping; the mapping is worked out once, not per row. */
export class RowReading {
  private readonly steps: { column: number; step: Step }[];

  constructor(private readonly plan: RowPlan) {
    this.steps = plan.targets.flatMap((target, column) => {
      const step = this.stepFor(target);
      return step === undefined ? [] : [{ column, step }];
    });
  }

  /** The row as it will be stored, or why not (its first mistake); undefined for one whose cells are all blank. */
  read({ line, cells }: Row): ImportRow | Reject | undefined {
    if (cells.every((cell) => cell === '' || cell.trim() === '')) {
      return undefined;
    }
    const expected = this.plan.columns.length;
    if (cells.length !== expected) {
      return { line, column: '', reason: `has ${count(cells.length)} instead of ${expected}`, value: '', cells };
    }
    const row = blankRow(line);
    for (const { column, step } of this.steps) {
      const cell = cells[column]!;
      const mistake = cell === '' ? undefined : step(row, asWritten(cell));
      if (mistake !== undefined) {
        return { line, column: this.plan.columns[column]!, reason: mistake.reason, value: cell.trim(), cells };
      }
    }
    if (row.email === '' && row.phone === '' && row.extRef === '' && row.contactId === null) {
      return {
        line,
        column: '',
        reason: 'has no e-mail address, phone number or external reference',
        value: '',
        cells,
      };
    }
    return row;
  }

  private stepFor({ to, name }: ColumnTarget): Step | undefined {
    const { ids, country } = this.plan;
    if (isField(to)) {
      return (row, text) => {
        const value = readField(to, text, country);
        return value instanceof Mistake ? value : void (row[to] = value);
      };
    }
    switch (to) {
      case 'contactId':
        return (row, text) => {
          const id = text.trim() === '' ? null : ids.tryRead('CID', text.trim());
          return id === undefined ? new Mistake('is not the id of a contact') : void (row.contactId = id);
        };
      case 'unsubscribed':
      case 'listUnsubscribed':
        return (row, text) => {
          const answer = readYesNo(text.trim());
          return answer === undefined ? new Mistake('is neither yes nor no') : void (row[to] = answer);
        };
      case 'embedded':
      case 'listEmbedded':
        return (row, text) => {
          const value = readText(text);
          return value instanceof Mistake ? value : void (value !== '' && row[to].push([name.trim(), value]));
        };
      case 'ignore':
        return undefined;
      default:
        return to satisfies never;
    }
  }
}

export function isReject(row: ImportRow | Reject): row is Reject {
  return 'reason' in row;
}

function count(cells: number): string {
  return cells === 1 ? '1 column' : `${cells} columns`;
}

function blankRow(line: number): ImportRow {
  return {
    line,
    contactId: null,
    firstName: '',
    lastName: '',
    email: '',
    phone: '',
    extRef: '',
    language: '',
    timeZone: '',
    unsubscribed: false,
    listUnsubscribed: false,
    embedded: [],
    listEmbedded: [],
  };
}
