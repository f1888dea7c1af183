import { smallFile } from '../qsf/files.js';

const FIFTY = {
  QuestionType: 'MC',
  Selector: 'SAVR',
  Choices: Object.fromEntries(Array.from({ length: 50 }, (_, place) => [place + 1, { Display: 'x' }])),
};
const keys = (count: number): string =>
  `{${Array.from({ length: count }, (_, place) => `"k${place}":${place}`).join(',')}}`;
const lines = (count: number, make: (place: number) => string): Buffer =>
  Buffer.from(Array.from({ length: count }, (_, place) => make(place)).join('\n'));
const person = (place: number): string => `person${place}@some-domain-${place % 1000}.example`;

/** What it is, the JSON that a program sends to make a mailing list, and how it is answered. */
export const JSON_BODIES: [string, () => string, number][] = [
  ['a hundred and thirty thousand names', () => keys(130_000), 400],
  ['as many names as are read', () => keys(9900), 400],

  ['as many lists as are read', () => `[${'[],'.repeat(9900)}[]]`, 400],
  ['a million levels', () => '['.repeat(1_000_000), 400],
  ['one text of 2 MB', () => `{"name":"${'x'.repeat(1_900_000)}"}`, 400],
  ['one text of marks', () => `{"name":"${String.raw`\u00e9`.repeat(330_000)}"}`, 400],
  ['one text of nothing', () => `{"name":"${String.raw`\u0000`.repeat(330_000)}"}`, 400],
  ['one number of 2 MB', () => `{"name":${'1'.repeat(1_900_000)}}`, 400],
  ['blanks', () => `{"name":${' '.repeat(1_900_000)}1}`, 400],
];

/** JSON that a program sends to make a survey. */
export const SURVEY_BODIES: [string, () => string, number][] = [
  ['ten million levels', () => '['.repeat(10_000_000), 400],
  ['20 MB of empty lists', () => `[${'[],'.repeat(6_600_000)}[]]`, 400],
  ['three hundred thousand names', () => `{"SurveyEntry":{},"SurveyElements":${keys(300_000)}}`, 200],
  [
    'as many choices as a survey may have',
    () =>
      smallFile({ questions: Object.fromEntries(Array.from({ length: 950 }, (_, place) => [`QID${place}`, FIFTY])) }),
    200,
  ],
];

/** Files of addresses that nothing shall go to. */
export const SUPPRESSION_FILES: [string, () => Buffer, number][] = [
  ['as many addresses as are read', () => lines(199_000, person), 303],
  ['one line', () => Buffer.alloc(10_000_000, 'x'), 303],
  ['quotes', () => Buffer.alloc(10_000_000, '"'), 303],
  ['blank lines', () => Buffer.alloc(10_000_000, '\n'), 303],
  ['signs of addresses', () => lines(190_000, () => '@'.repeat(50)), 303],
];

/** What somebody pastes as people. */
export const PASTED_PEOPLE: [string, () => string, number][] = [
  ['one person very often', () => 'a@b.example\n'.repeat(100_000), 422],
  ['as many people as are taken', () => lines(10_000, person).toString(), 303],
  ['more people than are taken', () => lines(40_000, person).toString(), 422],
  ['lines that are nobody', () => 'x\n'.repeat(450_000), 422],
  ['semicolons', () => ';'.repeat(600_000), 422],
  ['commas', () => '@,'.repeat(300_000), 422],
  ['brackets that open', () => '<'.repeat(600_000), 422],
  ['brackets that close', () => `${' '.repeat(10_000)}>`.repeat(60), 422],
  ['quotes', () => `"${' "'.repeat(300_000)}`, 422],
];

/** Files that shall be imported into a contact list. */
export const CONTACT_FILES: [string, () => Buffer, number][] = [
  ['a hundred thousand columns', () => lines(3, () => 'a,'.repeat(100_000)), 422],
  ['rows of nothing but commas', () => lines(30, () => ','.repeat(300_000)), 422],
  ['one line of 60 MB', () => Buffer.alloc(60_000_000, 'x'), 422],
  ['a quote that is never closed', () => Buffer.from(`"${'a,b\n'.repeat(10_000_000)}`), 422],
  ['quotes', () => Buffer.alloc(20_000_000, '"'), 422],
  ['cells that go on behind their quote', () => Buffer.from('"a"b,'.repeat(4_000_000)), 422],
  ['a million blank lines', () => Buffer.alloc(1_000_000, '\n'), 422],
  ['lines of blanks', () => Buffer.from(`Email,a\n${' \n'.repeat(3_000_000)}`), 422],
  [
    'no UTF-8, at the very end',
    () => Buffer.concat([Buffer.alloc(60_000_000, 'a@b.example,x\n'), Buffer.from([0xff])]),
    303,
  ],
  [
    'long cells in as many columns as there may be',
    () => lines(60, () => `${`${'x'.repeat(3900)},`.repeat(249)}a@b.example`),
    303,
  ],
];

/** Pictures by their first bytes, with nothing behind them. */
export const PICTURES: [string, () => Buffer, number][] = [
  ['a PNG of two thousand million dots a side', png, 422],
  ['a JPEG of nothing but marks', () => Buffer.concat([Buffer.from([0xff, 0xd8]), Buffer.alloc(1_900_000, 0xff)]), 422],
  [
    'a JPEG of empty segments',
    () => Buffer.concat([Buffer.from([0xff, 0xd8]), Buffer.alloc(1_900_000, Buffer.from([0xff, 0xe0, 0, 2]))]),
    422,
  ],
];

function png(): Buffer {
  const picture = Buffer.alloc(1_900_000);
  picture.write('89504e470d0a1a0a0000000d49484452', 'hex');
  picture.writeUInt32BE(0x7fffffff, 16);
  picture.writeUInt32BE(0x7fffffff, 20);
  return picture;
}
