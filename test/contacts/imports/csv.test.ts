import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { stringify } from 'csv-stringify/sync';
import fc from 'fast-check';
import iconv from 'iconv-lite';
import { DELIMITERS, type Dialect, type Encoding, ENCODINGS, rowsOf } from '../../../src/contacts/imports/csv_rows.js';
import { QuoteBlanks } from '../../../src/contacts/imports/quote_blanks.js';
import { shapeOf } from '../../../src/contacts/imports/csv_shape.js';

describe('reading CSV', () => {
  let folder: string;
  let files = 0;
  beforeAll(async () => {
    folder = await mkdtemp(join(tmpdir(), 'canvass-csv-'));
  });
  afterAll(() => rm(folder, { recursive: true, force: true }));

  const aFile = async (content: string | Buffer): Promise<string> => {
    const path = join(folder, String((files += 1)));
    await writeFile(path, content);
    return path;
  };
  const rows = async (content: string | Buffer, dialect: Partial<Dialect> = {}): Promise<[number, ...string[]][]> => {
    const all: [number, ...string[]][] = [];
    const path = await aFile(content);
    for await (const { line, cells } of rowsOf(path, { encoding: 'utf-8', delimiter: ',', quote: '"', ...dialect })) {
      all.push([line, ...cells]);
    }
    return all;
  };

  /** Letters that each encoding can write; what a table of cells may hold. */
  const letters = (encoding: Encoding): fc.Arbitrary<string> =>
    encoding === 'windows-1252'
      ? fc.constantFrom(...'abcXYZ019 ,;|\t"\'=+-@äöüßÉñ€œ–\n\r'.split(''))
      : fc.oneof(
          fc.constantFrom(...'abc ,;|\t"\'=+-@\n\r'.split('')),
          fc
            .string({ unit: 'binary', minLength: 1, maxLength: 1 })
            .filter((text) => text.isWellFormed() && text !== '\u{feff}'),
        );
  const tables = (encoding: Encoding): fc.Arbitrary<string[][]> =>
    fc.integer({ min: 2, max: 6 }).chain((width) =>
      fc.array(
        fc.array(fc.string({ unit: letters(encoding), maxLength: 12 }), { minLength: width, maxLength: width }),
        {
          minLength: 1,
          maxLength: 20,
        },
      ),
    );

  it.each(ENCODINGS)('gives back any table written in %s with any delimiter and line end', async (encoding) => {
    await fc.assert(
      fc.asyncProperty(
        tables(encoding),
        fc.constantFrom(...DELIMITERS),
        fc.constantFrom('\n' as const, '\r\n' as const, '\r' as const),
        fc.boolean(),
        async (table, delimiter, lineEnd, hasMark) => {
          const text = stringify(table, { delimiter, record_delimiter: lineEnd, quoted: true });
          const addBOM = hasMark && encoding !== 'windows-1252';
          const read = await rows(iconv.encode(text, encoding, { addBOM }), { encoding, delimiter });
          expect(read.map(([, ...cells]) => cells)).toEqual(table);
        },
      ),
      { numRuns: 60 },
    );
  });

  it('gives back any table as spreadsheets write it: blanks around quotes, padded, shortened, with its separator', async () => {
    const cell = fc
      .string({ unit: fc.constantFrom(...'abcÄ19@,;|\t"=. '.split('')), maxLength: 8 })
      .map((text) => text.trim());
    const writing = fc.record({
      delimiter: fc.constantFrom(...DELIMITERS),
      before: fc.constantFrom('', ' ', '  '),
      behind: fc.constantFrom('', ' ', '   '),
      said: fc.constantFrom('', 'sep=', '"sep="'),
      isQuoted: fc.boolean(),
    });
    await fc.assert(
      fc.asyncProperty(
        fc.array(fc.tuple(fc.array(cell, { minLength: 3, maxLength: 3 }), fc.integer({ min: 0, max: 3 })), {
          minLength: 1,
          maxLength: 10,
        }),
        writing,
        async (table, { delimiter, before, behind, said, isQuoted }) => {
          const written = (text: string): string =>
            isQuoted || /[",;|\t]/.test(text) ? `${before}"${text.replaceAll('"', '""')}"${behind}` : text;
          const lines = table.map(([cells, padding]) =>
            [...cells.map(written), ...Array<string>(padding).fill('')].join(delimiter),
          );
          const first = said === '' ? [] : [said.replace('=', `=${delimiter}`)];
          const read = await rows([...first, ['Email', 'A', 'B'].join(delimiter), ...lines].join('\r\n'), {
            delimiter,
          });
          const isSaid = said === '' ? 1 : 2;
          expect(read.map(([line, ...cells]) => [line, ...cells.slice(0, 3)])).toEqual([
            [isSaid, 'Email', 'A', 'B'],
            ...table.map(([cells], place) => [place + isSaid + 1, ...cells]),
          ]);
        },
      ),
      { numRuns: 200 },
    );
  });

  it('names the line of the file that a row begins in, whatever ends the lines', async () => {
    expect(await rows('a,b\r\n\n"x\ny\r\nz",1\rc,d\n')).toEqual([
      [1, 'a', 'b'],
      [3, 'x\ny\r\nz', '1'],
      [6, 'c', 'd'],
    ]);
  });

  it.each<[string, Buffer, object]>([
    [
      'UTF-8',
      Buffer.from('Email,Städte\na@example.com,Zoë\n'),
      { encoding: 'utf-8', delimiter: ',', columns: ['Email', 'Städte'] },
    ],
    [
      'UTF-8 with its mark',
      Buffer.from('\u{feff}Email\tName\na@example.com\tZoë\n'),
      { encoding: 'utf-8', delimiter: '\t', columns: ['Email', 'Name'] },
    ],
    [
      'Windows-1252',
      iconv.encode('E-Mail;Straße\na@example.com;1 €\n', 'windows-1252'),
      { encoding: 'windows-1252', delimiter: ';', columns: ['E-Mail', 'Straße'] },
    ],
    [
      'UTF-16 LE',
      iconv.encode('Email|Name\na@example.com|Zoë\n', 'utf-16le', { addBOM: true }),
      { encoding: 'utf-16le', delimiter: '|' },
    ],
    [
      'UTF-16 BE without a mark',
      iconv.encode('Email,Name\na@example.com,Zoe\n', 'utf-16be', { addBOM: false }),
      { encoding: 'utf-16be', delimiter: ',' },
    ],
    ['single quotes', Buffer.from("Email,Name\n'a@example.com','Lovelace, Ada'\n"), { quote: "'", delimiter: ',' }],
    [
      'semicolons with commas in the cells',
      Buffer.from('Email;Price\na@example.com;1,5\nb@example.com;2,75\n'),
      { delimiter: ';' },
    ],
    [
      'its separator in the first line',
      Buffer.from('sep=;\r\nEmail;Name, first\r\na@example.com;Ada\r\n'),
      { delimiter: ';', hasHeader: true, columns: ['Email', 'Name, first'] },
    ],
    [
      'its separator quoted, with a mark and padding',
      Buffer.from('\u{feff}"sep=\t"\t\t\r\nEmail\tFirst\u{a0}Name\t\r\na@example.com\tAda\t\r\n'),
      { delimiter: '\t', columns: ['Email', 'First Name'] },
    ],
    [
      'a wrong separator in the first line',
      Buffer.from('sep=,\nEmail;Name\na@example.com;Ada\n'),
      { delimiter: ';', columns: ['Email', 'Name'] },
    ],
    [
      'blanks around quotes',
      Buffer.from('"Email" ; "Name"\n"a@example.com" ; "Lovelace; Ada"\n'),
      { delimiter: ';', columns: ['Email', 'Name'] },
    ],
    [
      'padded and shortened rows, and no header',
      Buffer.from('Ada <a@example.com>;Ada\nb@example.com;Bob;;\nc@example.com\n'),
      { delimiter: ';', hasHeader: false, columns: ['Column 1', 'Column 2', 'Column 3', 'Column 4'] },
    ],
    ['one column', Buffer.from('Email\na@example.com\n'), { delimiter: ',', columns: ['Email'] }],
    [
      'no header',
      Buffer.from('a@example.com,Ada\nb@example.com,Bob\n'),
      { hasHeader: false, columns: ['Column 1', 'Column 2'] },
    ],
    [
      'a header with an unnamed column',
      Buffer.from('Email,,City\na@example.com,x,y\n'),
      { columns: ['Email', 'Column 2', 'City'] },
    ],
  ])('finds out how %s is written', async (_, content, shape) => {
    expect(await shapeOf(await aFile(content))).toMatchObject(shape);
  });

  it('knows blanks around quotes wherever the file is cut into pieces', () => {
    const whole = Buffer.from('"a; ""b"" ;" ; "" ;6" x ;"Ada" B ;"c"  \n "d"\t;e" ; "f" ');
    for (let cut = 0; cut <= whole.length; cut += 1) {
      const blanks = new QuoteBlanks({ quote: '"', delimiter: ';' });
      const pieces = [blanks.next(whole.subarray(0, cut)), blanks.next(whole.subarray(cut)), blanks.next(undefined)];
      expect(Buffer.concat(pieces).toString()).toBe('"a; ""b"" ;"; "";6" x ;"Ada" B ;"c"\n "d";e" ; "f"');
    }
  });

  it('sees a single wrong byte at the very end of a large file', async () => {
    const content = Buffer.concat([
      Buffer.from(`Email\n${'person@example.com\n'.repeat(20_000)}`),
      Buffer.from([0xe9, 0x0a]),
    ]);
    expect(await shapeOf(await aFile(content))).toMatchObject({ encoding: 'windows-1252' });
    await expect(rows(content, { encoding: 'utf-8' })).rejects.toThrow(/^From line \d+ on this file is not in UTF-8/);
  });

  it('keeps characters whole that lie across the pieces in which a file is read', async () => {
    const content = `${'x'.repeat(65_534)}😀é${'€'.repeat(40_000)},end\n`;
    expect(await rows(content)).toEqual([[1, content.slice(0, -5), 'end']]);
  });
});
