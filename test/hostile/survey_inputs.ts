import { smallFile, type SmallFile } from '../qsf/files.js';

const TEXT = { QuestionType: 'DB', Selector: 'TB' };
const CHOICE = { QuestionType: 'MC', Selector: 'SAVR' };
const listed = (count: number) =>
  Object.fromEntries(Array.from({ length: count }, (_, index) => [String(index + 1), { Display: 'x' }]));
const many = (count: number, make: () => Record<string, unknown>): NonNullable<SmallFile['questions']> =>
  Object.fromEntries(Array.from({ length: count }, (_, index) => [`QID${index + 1}`, make()]));
const withText = (QuestionText: string): string => smallFile({ questions: { QID1: { ...TEXT, QuestionText } } });

/** What it is, the file, and how the page answers. */
export const SURVEY_FILES: [string, () => string, number][] = [
  ['tags that are never closed', () => withText('<img '.repeat(100_000)), 303],
  ['tags inside each other', () => withText('<div>'.repeat(390_000)), 422],
  [
    'two hundred thousand choices',
    () => smallFile({ questions: { QID1: { ...CHOICE, Choices: listed(200_000) } } }),
    422,
  ],
  ['one text of 19 MB', () => withText('x'.repeat(19_000_000)), 422],
  [
    'millions of tags',
    () => smallFile({ questions: many(9, () => ({ ...TEXT, QuestionText: '<b>x</b> '.repeat(199_000) })) }),
    422,
  ],
  [
    'as many choices as a survey may have',
    () => smallFile({ questions: many(950, () => ({ ...CHOICE, Choices: listed(50) })) }),
    303,
  ],
  ['20 MB of empty lists', () => `[${'[],'.repeat(6_600_000)}[]]`, 422],
  ['a million lists inside each other', () => `${'['.repeat(1_000_000)}${']'.repeat(1_000_000)}`, 422],
];
