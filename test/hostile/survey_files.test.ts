import { Invalid } from '../../src/platform/errors.js';
import { importQsf } from '../../src/qsf/import-qsf.js';
import { type SmallFile, smallFile } from '../qsf/files.js';

/** Generous: on an idle machine each takes a fraction of it. What grows with the square of its size takes minutes. */
const BOUND_MS = 20_000;
const TEXT = { QuestionType: 'DB', Selector: 'TB' };
const CHOICE = { QuestionType: 'MC', Selector: 'SAVR' };
const MATRIX = { QuestionType: 'Matrix', Selector: 'Likert', SubSelector: 'SingleAnswer' };

const listed = (count: number, Display = 'x') =>
  Object.fromEntries(Array.from({ length: count }, (_, index) => [String(index + 1), { Display }]));
const ids = (count: number) => Array.from({ length: count }, (_, index) => String(index + 1));
const withText = (QuestionText: string): SmallFile => ({ questions: { QID1: { ...TEXT, QuestionText } } });
const matrix = (rows: number, columns: number): SmallFile => ({
  questions: { QID1: { ...MATRIX, Choices: listed(rows), Answers: listed(columns) } },
});
const test = (index: number, question: string) => ({
  [index]: {
    LogicType: 'Question',
    LeftOperand: `q://${question}/SelectableChoice/1`,
    Operator: 'Selected',
    Type: 'Expression',
  },
});
const many = (count: number, make: (index: number) => Record<string, unknown>) =>
  Object.fromEntries(Array.from({ length: count }, (_, index) => [`QID${index + 1}`, make(index)]));

function tried(file: SmallFile): { refusal: string; ms: number } {
  const text = smallFile(file);
  const before = performance.now();
  let refusal = '';
  try {
    importQsf(text);
  } catch (error) {
    if (!(error instanceof Invalid)) throw error;
    refusal = error.message;
  }
  return { refusal, ms: performance.now() - before };
}

describe('A survey file that is too large', () => {
  it.each<[string, SmallFile, string]>([
    ['a table of nine million cells', matrix(3000, 3000), 'QID1 has 3,000 rows; it may have 1,000. Split the table'],
    [
      'a table of a million cells',
      matrix(1000, 1000),
      'QID1 has 1,000,000 cells (rows × columns); it may have 10,000.',
    ],
    [
      'two hundred thousand choices',
      { questions: { QID1: { ...CHOICE, Choices: listed(200_000), ChoiceOrder: ids(200_000) } } },
      'QID1 has 200,000 choices; it may have 5,000. Let people type the answer',
    ],
    [
      'many columns beside each other',
      {
        questions: {
          QID1: {
            QuestionType: 'SBS',
            Choices: listed(500),
            AdditionalQuestions: Object.fromEntries(ids(400).map((id) => [id, { ...MATRIX, Answers: listed(400) }])),
          },
        },
      },
      'QID1 has 80,000,000 cells',
    ],
    ['many questions', { questions: many(3000, () => TEXT) }, 'The survey has 3,000 questions; it may have 2,000.'],
    ['all questions on one page', { questions: many(1500, () => TEXT) }, 'has 1,500 questions on one page'],
    [
      'choices everywhere',
      { questions: many(100, () => ({ ...CHOICE, Choices: listed(1000) })) },
      '100,000 choices, rows',
    ],
    [
      'names of which nobody tells one from another',
      { questions: many(900, (index) => ({ ...TEXT, DataExportTag: `${'n'.repeat(19_000)}${index}` })) },
      'QID1 has 19,001 characters in an export tag, recode value or field name; it may have 2,000. Shorten it.',
    ],
    [
      'five times the largest known',
      { questions: many(20, () => ({ ...TEXT, QuestionText: 'word '.repeat(200_000) })) },
      'characters in its definition; it may have 8,000,000. Split the survey into several.',
    ],
    ['a text without end', withText('x'.repeat(3_000_000)), 'QID1 has 3,000,000 characters in a text'],
    [
      'a condition without end',
      {
        questions: {
          QID1: CHOICE,
          QID2: { ...TEXT, DisplayLogic: { 0: Object.assign({}, ...ids(5000).map((id) => test(Number(id), 'QID1'))) } },
        },
      },
      'QID2 has 5,000 tests in one condition',
    ],
    [
      'a flow without end',
      { before: Array.from({ length: 9000 }, () => ({ Type: 'Group', Flow: [] })) },
      '9,001 elements',
    ],
    [
      'fields without end',
      { before: [{ Type: 'EmbeddedData', EmbeddedData: ids(9000).map((Field) => ({ Field, Type: 'Recipient' })) }] },
      'The survey has 9,000 embedded data fields',
    ],
    [
      'quotas without end',
      { elements: ids(3000).map((Name) => ({ Element: 'QO', Payload: { Name } })) },
      'The survey has 3,000 quotas',
    ],
  ])('is refused at once with what, how many and how many may be: %s', (_name, file, words) => {
    const { refusal, ms } = tried(file);
    expect(refusal).toContain(words);
    expect(ms).toBeLessThan(BOUND_MS);
  });
});

describe('A survey file of the largest kind', () => {
  it('is taken', () => {
    const questions = many(600, (index) => ({ ...CHOICE, QuestionText: `Question ${index}`, Choices: listed(50) }));
    expect(tried({ questions })).toMatchObject({ refusal: '' });
    expect(tried(matrix(100, 100))).toMatchObject({ refusal: '' });
  });
});

describe('A survey file that is hard to read is read in time in step with its size', () => {
  /** More are refused unread. */
  const MOST_TAGS = 95_000;
  const repeated = (text: string, length = 1_900_000) =>
    text.repeat(Math.min(text.includes('<') ? MOST_TAGS : Infinity, Math.floor(length / text.length)));

  it.each<[string, SmallFile]>([
    ...[
      '<img ',
      '<img >',
      '<',
      '<!--',
      '<a style="',
      "<a style='x",
      '<p style=url(',
      '<p style=',
      '<b background ',
      '<iframe ',
      '<iframe>',
      '<div>',
      '<div></x>',
      '<li><p>',
      '<script>',
      '</div>',
      '&',
      '&#',
      '&amp',
      '\\(',
      '\\[',
      '$$',
      '\\begin{align}',
      '\\(x',
      '${q://',
      '$e{',
      '$e{{',
      '.a{',
      '#a ',
      'color:white ',
      '<b style="color:white">',
      '<img src="http://math.cgi?',
      ' ',
      '<svg><math>',
      '<table><tr><td>',
      '<a href="',
      '<x y=z ',
    ].map((piece): [string, SmallFile] => [`${JSON.stringify(piece)} again and again`, withText(repeated(piece))]),
    ['a picture with an address without end', withText(`<img src="http://x/math${repeated('math')}">`)],
    [
      'a chart with an address without end',
      withText(`<img src="http://x/chart?cht=tx${repeated('chart?&', 1_000_000)}">`),
    ],
    ['formulas', { questions: many(400, () => ({ ...TEXT, QuestionText: repeated('\\(\\frac{a}{b}\\)', 5000) })) }],
    ['tags open within each other', withText(`${'<div>'.repeat(100_000)}${'</x>'.repeat(200_000)}`)],
    [
      'a name before a colon',
      {
        questions: {
          QID1: {
            ...MATRIX,
            Selector: 'Bipolar',
            Choices: { 1: { Display: repeated('<a&', 190_000) } },
            Answers: listed(5),
          },
        },
      },
    ],
    [
      'the same export tag everywhere',
      { questions: many(1000, () => ({ ...CHOICE, DataExportTag: 'Q', Choices: listed(20) })) },
    ],
    [
      'questions that wait for each other',
      {
        questions: many(1000, (index) => ({
          ...CHOICE,
          Choices: listed(1),
          InPageDisplayLogic: { 0: { ...test(0, `QID${((index + 1) % 1000) + 1}`), ...test(1, `QID${1000 - index}`) } },
        })),
      },
    ],
    [
      'an order longer than its list',
      { questions: { QID1: { ...CHOICE, Choices: listed(5000), ChoiceOrder: ids(300_000).toReversed() } } },
    ],
    [
      'a plan of chance longer than its list',
      {
        questions: {
          QID1: {
            ...CHOICE,
            Choices: listed(5000),
            Randomization: {
              Type: 'Advanced',
              Advanced: { FixedOrder: ids(100_000), RandomizeAll: ids(100_000).toReversed() },
            },
          },
        },
      },
    ],
    [
      'a flow that goes ever deeper',
      {
        before: [
          JSON.parse(`${'{"Type":"Group","Flow":['.repeat(1000)}${']}'.repeat(1000)}`) as object as Record<
            string,
            unknown
          >,
        ],
      },
    ],
  ])('%s', (_name, file) => {
    const { ms } = tried(file);
    expect(ms).toBeLessThan(BOUND_MS);
  });
});
