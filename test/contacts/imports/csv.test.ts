import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { stringify } from 'csv-stringify/sync';
import fc from 'fast-check';
import iconv from 'iconv-lite';
import { DELIMITERS, type Dialect, type Row, rowsOf } from '../../../src/contacts/imports/csv/csv_rows.js';
import { QuoteBlanks } from '../../../src/contacts/imports/csv/quote_blanks.js';
import { shapeOf } from '../../../src/contacts/imports/csv/csv_shape.js';
import { type Encoding, ENCODINGS } from '../../../src/encodings/encodings.js';
import { lettersOf } from '../../encodings/people.js';

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
  const wholeRows = async (path: string, encoding: Encoding): Promise<Row[]> => {
    const all: Row[] = [];
    for await (const row of rowsOf(path, { encoding, delimiter: ',', quote: '"' })) {
      all.push(row);
    }
    return all;
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
    encoding.startsWith('utf-')
      ? fc.oneof(
          fc.constantFrom(...'abc ,;|\t"\'=+-@\n\r'.split('')),
          fc
            .string({ unit: 'binary', minLength: 1, maxLength: 1 })
            .filter((text) => text.isWellFormed() && text !== '\u{feff}'),
        )
      : fc.constantFrom(...'abcXYZ019 ,;|\t"\'=+-@\n\r'.split(''), ...lettersOf(encoding));
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
          const addBOM = hasMark && encoding.startsWith('utf-');
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
          expect(read.map(([line, ...cells]) => [line, ...cells.slice(0, 3)])).toEqual([
            [1, 'Email', 'A', 'B'],
            ...table.map(([cells], place) => [place + 2, ...cells]),
          ]);
        },
      ),
      { numRuns: 200 },
    );
  });

  it('numbers rows as spreadsheets do, whatever ends the lines, and says where text editors number otherwise', async () => {
    const file = 'sep=,\r\na,b\r\n\n"x\ny\r\nz",1\rc,d\n';
    expect(await rows(file)).toEqual([
      [1, 'a', 'b'],
      [3, 'x\ny\r\nz', '1'],
      [4, 'c', 'd'],
    ]);
    await expect(rows(`${file}"e,f\n`)).rejects.toThrow('Line 5 (8 in a text editor): a quote opens here');
    await expect(rows('a,b\n"e,f\n')).rejects.toThrow('Line 2: a quote opens here');
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

  it('finds one stray byte anywhere in UTF-8, in its cell; everything else is read as it is', async () => {
    await fc.assert(
      fc.asyncProperty(
        tables('utf-8').map((table) => table.map((cells) => cells.map((each) => each.replaceAll('"', '')))),
        fc.nat(),
        fc.nat(),
        fc.integer({ min: 0x80, max: 0xff }),
        async (table, cell, at, byte) => {
          const [row, place] = [cell % table.length, cell % table[0]!.length];
          const written = table.map((cells) => cells.map((each) => Buffer.from(`"${each}"`)));
          const whole = written[row]![place]!;
          const cut = 1 + (at % (whole.length - 1));
          written[row]![place] = Buffer.concat([whole.subarray(0, cut), Buffer.of(byte), whole.subarray(cut)]);
          const lines = written.map((cells) =>
            cells.flatMap((each, n) => (n === 0 ? [each] : [Buffer.from(','), each])),
          );
          const path = await aFile(Buffer.concat(lines.flatMap((line) => [...line, Buffer.from('\n')])));
          const read = await wholeRows(path, 'utf-8');
          const [found] = read.splice(row, 1);
          expect(read.map(({ cells, strays }) => [cells, strays])).toEqual(
            table.toSpliced(row, 1).map((cells) => [cells, undefined]),
          );
          expect(found?.strays).toEqual([
            { place, reason: expect.stringMatching(/^holds the byte 0x[89A-F][0-9A-F], which is not UTF-8; save/) },
          ]);
          expect(found?.cells.toSpliced(place, 1)).toEqual(table[row]!.toSpliced(place, 1));
          expect(found?.cells[place]).toContain('\u{fffd}');
        },
      ),
      { numRuns: 200 },
    );
  });

  it('says what is no text in an old encoding as well', async () => {
    const file = Buffer.concat([iconv.encode('姓,名\n山田,', 'shift_jis'), Buffer.of(0xff), Buffer.from('\n鈴木,x\n')]);
    const read = await wholeRows(await aFile(file), 'shift_jis');
    expect(read[1]).toEqual({
      line: 2,
      cells: ['山田', '\u{fffd}'],
      strays: [{ place: 1, reason: expect.stringContaining('a byte that is not Shift_JIS (CP932); choose another') }],
    });
  });

  it('names the line up to which a file is UTF-16', async () => {
    const file = Buffer.concat([iconv.encode('a,b\n'.repeat(40_000), 'utf-16le'), Buffer.of(0x41, 0xd8, 0x0a, 0x00)]);
    await expect(rows(file, { encoding: 'utf-16le' })).rejects.toThrow(
      /^From line \d+ on this file is not in UTF-16 LE/,
    );
  });

  it('takes no rows of empty cells for a table', async () => {
    await expect(shapeOf(await aFile(';;;\n;;;\n;;;\n'))).rejects.toThrow('The first rows of this file hold nothing.');
  });

  it('keeps characters whole that lie across the pieces in which a file is read', async () => {
    const content = `${'x'.repeat(65_534)}😀é${'€'.repeat(40_000)},end\n`;
    expect(await rows(content)).toEqual([[1, content.slice(0, -5), 'end']]);
  });
});
