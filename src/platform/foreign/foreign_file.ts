/** What files begin with that people take for a text file, and what to do with each. */
const KINDS: { starts: (string | number)[][]; what: string }[] = [
  {
    starts: [
      ['PK', 3, 4],
      ['PK', 5, 6],
      [0xd0, 0xcf, 0x11, 0xe0],
    ],
    what: 'a workbook or an archive, not a CSV file. In the spreadsheet, choose “Save as” and then CSV.',
  },
  {
    starts: [
      [0x1f, 0x8b],
      [0xfd, '7zXZ'],
      [0x28, 0xb5, 0x2f, 0xfd],
      ['BZh'],
      ['7z', 0xbc, 0xaf],
      ['Rar!'],
      [0x1f, 0x9d],
    ],
    what: 'a compressed file, not a CSV file. Unpack it and choose the CSV file that is inside.',
  },
  { starts: [['%PDF-']], what: 'a PDF, not a CSV file.' },
  {
    starts: [[0x89, 'PNG'], [0xff, 0xd8, 0xff], ['GIF8'], ['RIFF'], ['II*', 0], ['MM', 0, '*']],
    what: 'a picture, not a CSV file.',
  },
  { starts: [[0x7f, 'ELF'], ['MZ'], ['SQLite format 3']], what: 'a program or a database, not a CSV file.' },
];

/**
 * Why a file that should hold lines of text can't, seen from its beginning.
 * @param head its first bytes, a few thousand
 * @returns a sentence for whoever chose it, or undefined where it may be text in any encoding
 */
export function foreignFile(head: Buffer): string | undefined {
  const known = KINDS.find(({ starts }) => starts.some((start) => head.subarray(0, 16).indexOf(bytesOf(start)) === 0));
  if (known !== undefined) {
    return `This is ${known.what}`;
  }
  return hasNul(head) ? 'This is no text: it holds NUL characters. Save it as CSV (UTF-8).' : undefined;
}

function bytesOf(start: (string | number)[]): Buffer {
  return Buffer.concat(start.map((part) => (typeof part === 'number' ? Buffer.of(part) : Buffer.from(part, 'latin1'))));
}

/** More zeros in the beginning than a slip makes: a single one is a fault of its row. */
const FEW = 4;

/** Where columns have their names, or all over. UTF-16 has zeros too, beside the letters: on one side of each pair. */
function hasNul(head: Buffer): boolean {
  if ((head[0] === 0xff && head[1] === 0xfe) || (head[0] === 0xfe && head[1] === 0xff)) {
    return false;
  }
  const zeros = (parity: number): number => head.filter((byte, place) => byte === 0 && place % 2 === parity).length;
  const [even, odd] = [zeros(0), zeros(1)];
  const isUtf16 = Math.max(even, odd) > head.length / 6 && Math.min(even, odd) * 10 < Math.max(even, odd);
  const line = head.indexOf('\n');
  const isNamed = head.subarray(0, line < 0 ? head.length : line).includes(0);
  return (isNamed || even + odd > FEW) && !isUtf16;
}
