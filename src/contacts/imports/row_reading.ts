import { asWritten } from '../../platform/csv_cells.js';
import type { Ids } from '../../platform/ids.js';
import { trimmed } from '../../platform/foreign/invisible.js';
import { writtenAddress } from '../../platform/written_address.js';
import type { ContactFields } from '../contact.entity.js';
import { Mistake, readField, readText, readYesNo } from '../contact_fields.js';
import type { Country } from '../phone_number.js';
import { type ColumnTarget, isField } from './column_mapping.js';
import { namesOf } from '../written_name.js';
import type { Row, Stray } from './csv/csv_rows.js';

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

type CellMistake = Pick<Reject, 'column' | 'reason' | 'value'>;
type Step = (row: ImportRow, text: string) => Mistake | undefined;

/** Reads rows by one mapping; the mapping is worked out once, not per row. */
export class RowReading {
  private readonly steps: { column: number; step: Step }[];
  private readonly addressColumn: number;

  constructor(private readonly plan: RowPlan) {
    this.addressColumn = plan.targets.findIndex(({ to }) => to === 'email');
    this.steps = plan.targets.flatMap((target, column) => {
      const step = this.stepFor(target);
      return step === undefined ? [] : [{ column, step }];
    });
  }

  /** The row as it will be stored, or why not (its first mistake); undefined for one whose cells are all blank. */
  read({ line, cells, strays = [] }: Row): ImportRow | Reject | undefined {
    const filled = filledCells(cells);
    if (filled === 0) {
      return undefined;
    }
    const expected = this.plan.columns.length;
    if (filled > expected) {
      return { line, column: '', reason: `has ${filled} columns instead of ${expected}`, value: '', cells };
    }
    const row = blankRow(line);
    const mistake = this.unreadable(cells, strays) ?? this.fill(row, cells) ?? mustBeSomebody(row);
    return mistake === undefined ? row : { line, ...mistake, cells };
  }

  /** What can't be read is no matter in a column that is left out. */
  private unreadable(cells: readonly string[], strays: readonly Stray[]): CellMistake | undefined {
    const { columns, targets } = this.plan;
    const stray = strays.find(({ place }) => targets[place] !== undefined && targets[place].to !== 'ignore');
    return stray && { column: columns[stray.place]!, reason: stray.reason, value: trimmed(cells[stray.place]!) };
  }

  /** Puts the cells where they belong. @returns the first mistake */
  private fill(row: ImportRow, cells: readonly string[]): CellMistake | undefined {
    for (const { column, step } of this.steps) {
      const cell = cells[column] ?? '';
      const mistake = cell === '' ? undefined : step(row, asWritten(cell));
      if (mistake !== undefined) {
        return { column: this.plan.columns[column]!, reason: mistake.reason, value: trimmed(cell) };
      }
    }
    nameByAddress(row, cells[this.addressColumn] ?? '');
    return undefined;
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
          const shown = trimmed(text);
          const id = shown === '' ? null : ids.tryRead('CID', shown);
          return id === undefined ? new Mistake('is not the id of a contact') : void (row.contactId = id);
        };
      case 'unsubscribed':
      case 'listUnsubscribed':
        return (row, text) => {
          const answer = readYesNo(trimmed(text));
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

function mustBeSomebody({ email, phone, extRef, contactId }: ImportRow): CellMistake | undefined {
  const isNobody = email === '' && phone === '' && extRef === '' && contactId === null;
  return isNobody
    ? { column: '', reason: 'has no e-mail address, phone number or external reference', value: '' }
    : undefined;
}

/** Up to the last cell that holds something: spreadsheets pad rows with empty ones, and leave empty ones out. */
export function filledCells(cells: readonly string[]): number {
  let count = cells.length;
  while (count > 0 && trimmed(cells[count - 1]!) === '') {
    count -= 1;
  }
  return count;
}

/** Whoever is named nowhere else in the row is called as beside the address. */
function nameByAddress(row: ImportRow, cell: string): void {
  if (row.firstName !== '' || row.lastName !== '' || cell.length === row.email.length) {
    return;
  }
  const [first, last] = namesOf(writtenAddress(asWritten(cell)).name);
  const [firstName, lastName] = [readField('firstName', first), readField('lastName', last)];
  if (typeof firstName === 'string' && typeof lastName === 'string') {
    Object.assign(row, { firstName, lastName });
  }
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
