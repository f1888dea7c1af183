import { smallFile, type SmallFile } from '../surveys/qsf/files.js';
import { WatchedApp } from './watched_app.js';

/** What others wait at most while somebody uploads whatever they like, in time of the processor. */
const MOST_MS = 100;
const TEXT = { QuestionType: 'DB', Selector: 'TB' };
const CHOICE = { QuestionType: 'MC', Selector: 'SAVR' };
const listed = (count: number) =>
  Object.fromEntries(Array.from({ length: count }, (_, index) => [String(index + 1), { Display: 'x' }]));
const many = (count: number, make: () => Record<string, unknown>): NonNullable<SmallFile['questions']> =>
  Object.fromEntries(Array.from({ length: count }, (_, index) => [`QID${index + 1}`, make()]));
const withText = (QuestionText: string): string => smallFile({ questions: { QID1: { ...TEXT, QuestionText } } });

const FILES: [string, () => string, number][] = [
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

describe('While a survey file is read', () => {
  let watched: WatchedApp;
  beforeAll(async () => {
    watched = await WatchedApp.start();
  });
  afterAll(() => watched.stop());

  it.each(FILES)('everybody else is answered: %s', async (_name, make, status) => {
    const content = Buffer.from(make());
    let answered = 0;
    const { longestMs } = await watched.during(async () => {
      answered = (await watched.agent.post('/surveys/new').attach('file', content, 'survey.qsf')).status;
    });
    expect(answered).toBe(status);
    expect(longestMs).toBeLessThan(MOST_MS);
  });

  it('programs read the same refusals, and others are answered meanwhile', async () => {
    const content = Buffer.from(`[${'{},'.repeat(4_000_000)}{}]`);
    let answered = { status: 0, text: '' };
    const { longestMs } = await watched.during(async () => {
      answered = await watched.api('post', '/surveys').attach('file', content, 'survey.qsf');
    });
    expect(answered.status).toBe(400);
    expect(answered.text).toContain('takes more memory to work through than it may (192 MB). Make it smaller.');
    expect(longestMs).toBeLessThan(MOST_MS);
  });
});
