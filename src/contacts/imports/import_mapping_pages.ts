import { type Encoding, ENCODINGS, encodingName } from '../../encodings/encodings.js';
import { trimmed } from '../../platform/foreign/invisible.js';
import { addresses } from '../../platform/web/addresses.js';
import type { Faults } from '../../platform/web/answers.js';
import type { ListRow } from '../lists/contact_lists.service.js';
import type { ContactWords } from '../contact_words.js';
import { countries } from '../phone_number.js';
import { isEmbedded, isField, type Target, TARGETS } from './column_mapping.js';
import type { ContactImport } from './contact_import.entity.js';
import { DELIMITERS, QUOTES } from './csv/csv_rows.js';
import { type ImportRow, isReject, type Reject } from './row_reading.js';

const SAMPLES = 3;
/** Characters of a cell in the preview; cells may be as long as a line. */
const SHOWN_CHARACTERS = 500;

/** What was read of a file to show how it is read. */
export interface Looks {
  preview: (ImportRow | Reject)[];
  samples: string[][];
  specimens: Map<Encoding, string>;
}

/** The pages before an import: choosing a file, and saying which column becomes what. */
export class ImportMappingPages {
  constructor(private readonly words: ContactWords) {}

  choose(list: ListRow, pasted: string | undefined, { errors, fields }: Faults): object {
    const { say } = this.words;
    const shown = this.words.shown('CG', list.id);
    const path = addresses.contacts.list(shown);
    return {
      title: say('import.start'),
      crumbs: this.words.crumbs({ href: path, text: list.name }, { text: say('import.start') }),
      head: { title: say('import.start'), lead: say('import.lead', { list: list.name }) },
      errors,
      action: addresses.contacts.uploads(shown),
      cancelUrl: path,
      file: {
        name: 'file',
        label: say('import.file'),
        help: say('import.fileHelp'),
        type: 'file',
        accept: '.csv,.tsv,.txt,text/csv,text/plain',
        error: fields['file'],
      },
      pasted: {
        name: 'pasted',
        label: say('import.pasted'),
        help: say('import.pastedHelp'),
        rows: 6,
        mono: true,
        value: pasted ?? '',
      },
    };
  }

  /** Which column becomes what, and the first rows as they will be stored. */
  map(one: ContactImport, list: ListRow, { preview, samples, specimens }: Looks, again: Faults): object {
    const { say } = this.words;
    return {
      title: `${say('import.one')} · ${one.fileName}`,
      crumbs: this.words.crumbs(
        { href: addresses.contacts.list(this.words.shown('CG', list.id)), text: list.name },
        { text: say('import.one') },
      ),
      head: { title: one.fileName, lead: say('import.mapLead', { list: list.name }) },
      errors: again.errors,
      warnings: [...this.strayWarning(one), ...one.mapping.warnings].map((text) => ({ kind: 'warning', text })),
      reading: this.reading(one, specimens),
      columns: one.shape.columns.map((_, column) =>
        this.column(one, column, samples, again.fields[`column_${column}`]),
      ),
      country: this.country(one),
      preview: this.preview(one, preview),
      submit: say('import.submit', { list: list.name }),
    };
  }

  preview(one: ContactImport, rows: (ImportRow | Reject)[]): object {
    const { say } = this.words;
    const { targets } = one.mapping;
    const shown = targets.filter(({ to }) => to !== 'ignore');
    return {
      id: this.words.shown('IM', one.id),
      titles: shown.map(({ to, name }) => (isEmbedded(to) ? name : say(`target.${to}`))),
      rows: rows.map((row) =>
        isReject(row)
          ? this.refused(row, shown.length)
          : { line: row.line, cells: shown.map((target) => shownValue(row, target).slice(0, SHOWN_CHARACTERS)) },
      ),
      good: say('import.previewGood', { count: rows.filter((row) => !isReject(row)).length, all: rows.length }),
    };
  }

  private strayWarning({ shape }: ContactImport): string[] {
    const count = shape.encoding === 'utf-8' ? (shape.strays ?? 0) : 0;
    return count === 0 ? [] : [this.words.say('reading.strays', { count, n: this.words.number(count) })];
  }

  private reading({ shape }: ContactImport, specimens: Map<Encoding, string>): object {
    const { say } = this.words;
    const encoding = encodingName(shape.encoding);
    const select = (
      name: string,
      values: readonly string[],
      current: string,
      label: (value: string) => string,
    ): object => ({
      name,
      label: say(`reading.${name}`),
      required: true,
      options: values.map((value) => ({ value, label: label(value), selected: value === current })),
    });
    const delimiter = say(`reading.delimiters.${DELIMITERS.indexOf(shape.delimiter)}`);
    return {
      facts: say('reading.facts', { encoding, delimiter }),
      doubt: specimens.size === 0 ? undefined : say('reading.doubt', { encoding }),
      encoding: select('encoding', ENCODINGS, shape.encoding, (value) =>
        this.encodingLabel(value as Encoding, specimens),
      ),
      delimiter: select('delimiter', DELIMITERS, shape.delimiter, (value) =>
        say(`reading.delimiters.${DELIMITERS.indexOf(value as ',')}`),
      ),
      quote: select('quote', QUOTES, shape.quote, (value) => say(`reading.quotes.${QUOTES.indexOf(value as '"')}`)),
      hasHeader: { name: 'hasHeader', label: say('reading.hasHeader'), checked: shape.hasHeader },
    };
  }

  /** With the languages that are written so, and some cells as they would be read. */
  private encodingLabel(encoding: Encoding, specimens: Map<Encoding, string>): string {
    const { say } = this.words;
    const languages = encoding.startsWith('utf-') ? '' : say(`reading.languages.${encoding}`);
    const label = [languages, encodingName(encoding)].filter(Boolean).join(' · ');
    const cells = specimens.get(encoding);
    return (cells ?? '') === '' ? label : say('reading.specimen', { label, cells });
  }

  private column(one: ContactImport, column: number, samples: string[][], error: string | undefined): object {
    const { say } = this.words;
    const title = one.shape.columns[column] ?? '';
    const target = one.mapping.targets[column] ?? { to: 'ignore' as const, name: '' };
    const name = target.name === '' ? title : target.name;
    const isOther = !isField(target.to) || !one.shape.hasHeader;
    return {
      column,
      number: column + 1,
      title,
      samples: samples
        .map((cells) => cells[column] ?? '')
        .filter((cell) => trimmed(cell) !== '')
        .slice(0, SAMPLES),
      options: TARGETS.map((to) => ({ value: to, label: say(`target.${to}`), selected: to === target.to })),
      name,
      isNamed: isOther,
      error,
    };
  }

  private country(one: ContactImport): object {
    const { say } = this.words;
    const none = { value: '', label: say('import.countryNone'), selected: one.mapping.country === null };
    const all = countries('en').map(({ code, name }) => ({
      value: code,
      label: name,
      selected: code === one.mapping.country,
    }));
    return {
      field: {
        name: 'country',
        label: say('import.country'),
        help: say('import.countryHelp'),
        options: [none, ...all],
      },
    };
  }

  private refused(row: Reject, span: number): object {
    return {
      line: row.line,
      span,
      refusal: { tone: 'fail', text: this.words.say('import.invalid') },
      reason: [row.column, row.value === '' ? '' : `“${row.value.slice(0, 80)}”`, row.reason].filter(Boolean).join(' '),
    };
  }
}

function shownValue(row: ImportRow, { to, name }: { to: Target; name: string }): string {
  if (isField(to)) {
    return row[to];
  }
  if (isEmbedded(to)) {
    return row[to].find(([key]) => key === name.trim())?.[1] ?? '';
  }
  const flags: Partial<Record<Target, string>> = {
    contactId: row.contactId === null ? '' : '✓',
    unsubscribed: row.unsubscribed ? '✓' : '',
    listUnsubscribed: row.listUnsubscribed ? '✓' : '',
  };
  return flags[to] ?? '';
}
