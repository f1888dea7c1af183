import { exportColumns } from '../../src/engine/columns/export-columns.js';
import type { PageView } from '../../src/engine/page.js';
import { pageOf, startWalk, submitPage } from '../../src/engine/walk.js';
import { imported, said } from './files.js';

const list = (...texts: string[]): object =>
  Object.fromEntries(texts.map((Display, index) => [String(index + 1), { Display }]));
const TABLE = {
  QuestionType: 'Matrix',
  Selector: 'Likert',
  SubSelector: 'SingleAnswer',
  QuestionText: 'Do you agree?',
  Choices: list('Tea is good'),
  Answers: list('1', '2', '3', '4', '5'),
  AnswerOrder: ['1', '2', '3', '4', '5'],
};

function columnsOf(question: object): string[] {
  const { QID1 } = imported({ questions: { QID1: { ...TABLE, ...question } } }).definition.questions;
  return QID1?.type === 'matrix' ? QID1.columns.map(({ text }) => text) : [];
}

const labels = (...texts: string[]): object[] => texts.map((Display) => ({ Display, IsLabelDefault: false }));

it.each([
  [labels('not at all', 'fully'), ['1 – not at all', '2', '3', '4', '5 – fully']],
  [labels('no', 'so so', 'yes'), ['1 – no', '2', '3 – so so', '4', '5 – yes']],
  [labels('a', 'b', 'c', 'd', 'e'), ['1 – a', '2 – b', '3 – c', '4 – d', '5 – e']],
  [labels('agreement'), ['1', '2', '3 – agreement', '4', '5']],
  [
    ['no', 'yes'],
    ['1 – no', '2', '3', '4', '5 – yes'],
  ],
  [{ 1: { Display: 'no' }, 2: { Display: 'yes' } }, ['1 – no', '2', '3', '4', '5 – yes']],
  [[{ Display: 'Label 1', IsLabelDefault: true }], ['1', '2', '3', '4', '5']],
  [[], ['1', '2', '3', '4', '5']],
])('words above the columns stand in them: %j', (ColumnLabels, expected) => {
  expect(columnsOf({ ColumnLabels })).toEqual(expected);
  expect(columnsOf({ Labels: ColumnLabels })).toEqual(expected);
});

it('words above columns without words of their own are these columns', () => {
  expect(columnsOf({ Answers: list('', ''), AnswerOrder: ['1', '2'], ColumnLabels: labels('no', 'yes') })).toEqual([
    'no',
    'yes',
  ]);
});

it('words above columns are read in the language of the page, and in exports', () => {
  const question = {
    ...TABLE,
    ColumnLabels: labels('not at all', 'fully'),
    Language: { DE: { QuestionText: 'Einverstanden?', ColumnLabels: labels('gar nicht', 'ganz') } },
  };
  const { definition } = imported({ questions: { QID1: question } });
  const page = pageOf(definition, startWalk(definition, { seed: 1, now: 0, language: 'de' })) as PageView;
  expect(page.questions[0]!.columns.map(({ label }) => label)).toEqual(['1 – gar nicht', '2', '3', '4', '5 – ganz']);
  expect(exportColumns(definition)[0]!.value({ rows: { 1: ['5'] } }, true)).toBe('5 – fully');
});

it('rows between two ends name both, in every language', () => {
  const question = {
    ...TABLE,
    Selector: 'Bipolar',
    Choices: list('Cold:Warm', '<b>Dull</b>: bright', 'See https://acme.example'),
    Language: { DE: { Choices: list('Kalt:Warm') } },
  };
  const { definition, report } = imported({ questions: { QID1: question } });
  const { QID1 } = definition.questions;
  expect(QID1?.type === 'matrix' && QID1.choices.map(({ text }) => text)).toEqual([
    'Cold – Warm',
    '<b>Dull</b> – bright',
    'See https://acme.example',
  ]);
  expect(definition.translations['de']!.questions['QID1']!.choices).toEqual({ 1: 'Kalt – Warm' });
  expect(report).toEqual([]);
  expect(imported({ questions: { QID1: { ...question, SubSelector: undefined } } }).report).toEqual([]);
});

describe('a table whose rows have answers of their own', () => {
  const survey = imported({
    questions: {
      QID1: {
        ...TABLE,
        Selector: 'Profile',
        DataExportTag: 'weather',
        Choices: list('If it rains', 'If it snows'),
        Answers: { 1: list('I walk', 'I drive'), 2: list('I stay', 'I ski') },
        AnswerOrder: { 1: ['2', '1'], 2: ['1', '2'] },
        RecodeValues: { 1: { 1: '10', 2: '20' }, 2: { 1: '30', 2: '40' } },
        Validation: { Settings: { ForceResponse: 'ON' } },
        Language: { DE: { Choices: list('Bei Regen'), Answers: { 1: list('Ich gehe', 'Ich fahre') } } },
      },
      QID2: {
        QuestionType: 'DB',
        QuestionText: 'Skiing is fun.',
        DisplayLogic: {
          0: {
            0: {
              Type: 'Expression',
              LogicType: 'Question',
              LeftOperand: 'q://QID1/SelectableChoice/2/2',
              Operator: 'Selected',
            },
          },
        },
      },
    },
  });
  const { definition } = survey;

  it('asks each row with its own words, and needs each', () => {
    const start = startWalk(definition, { seed: 1, now: 0, language: 'de' });
    const page = pageOf(definition, start) as PageView;
    expect(page.questions.map(({ label, choices }) => [label, ...choices.map((one) => one.label)])).toEqual([
      ['Do you agree?'],
      ['Bei Regen', 'Ich fahre', 'Ich gehe'],
      ['If it snows', 'I stay', 'I ski'],
    ]);
    expect(submitPage(definition, start, page.key, { 'QID1-1': '1' })).toMatchObject({
      kind: 'invalid',
      errors: [{ questionId: 'QID1-2', code: 'required' }],
    });
    const moved = submitPage(definition, start, page.key, { 'QID1-1': '1', 'QID1-2': '2' });
    if (moved.kind !== 'moved') throw new Error(moved.kind);
    expect(pageOf(definition, moved.state)).toMatchObject({ questions: [{ id: 'QID2' }] });
  });

  it('exports a column for each row, by its words', () => {
    const columns = exportColumns(definition);
    expect(columns.map(({ exportTag, importId }) => [exportTag, importId])).toEqual([
      ['weather_1', 'QID1_1'],
      ['weather_2', 'QID1_2'],
    ]);
    expect(columns[1]!.value({ choices: ['2'] }, true)).toBe('I ski');
    expect(columns[1]!.value({ choices: ['2'] }, false)).toBe('40');
    expect(said(survey, /QID1/)).toContain('each became a question of its own');
  });
});

describe('default answers', () => {
  const text = (Text: string): object => ({ TEXT: { Text } });
  it.each([
    ['a slider', { QuestionType: 'Slider', Choices: list('now') }, { 1: text('50') }, { numbers: { 1: 50 } }],
    ['a sum', { QuestionType: 'CS', Choices: list('a', 'b') }, { 2: text('5') }, { numbers: { 2: 5 } }],
    ['a line', { QuestionType: 'TE', Selector: 'SL' }, text('Ada'), { text: 'Ada' }],
    [
      'a form',
      { QuestionType: 'TE', Selector: 'FORM', Choices: list('first', 'last') },
      { 2: text('L') },
      { texts: { 2: 'L' } },
    ],
    ['a table', TABLE, { 1: { 3: { Selected: true } } }, { rows: { 1: ['3'] } }],
    ['a table of texts', { ...TABLE, Selector: 'TE' }, { 1: { 2: text('x') } }, { cells: { 1: { 2: 'x' } } }],
    [
      'a scale whose keys are a list',
      { QuestionType: 'MC', Selector: 'SAVR', Choices: { 0: { Display: 'no' }, 1: { Display: 'yes' } } },
      [{ Selected: false }, { Selected: true }],
      { choices: ['1'] },
    ],
    ['a line by its text alone', { QuestionType: 'TE', Selector: 'SL' }, 'Ada', { text: 'Ada' }],
    [
      'a choice with a text',
      { QuestionType: 'MC', Selector: 'SAVR', Choices: { 1: { Display: 'Other', TextEntry: 'true' } } },
      { 1: { Selected: '1', TEXT: { Text: 'so' } } },
      { choices: ['1'], texts: { 1: 'so' } },
    ],
  ])('of %s are there', (_name, question, DefaultChoices, defaults) => {
    const { definition, report } = imported({ questions: { QID1: { ...question, DefaultChoices } } });
    expect(definition.questions['QID1']!.defaults).toEqual(defaults);
    expect(report).toEqual([]);
  });

  it('that a question would refuse are named, and empty boxes of them are not', () => {
    const slider = { QuestionType: 'Slider', Choices: list('now') };
    const refused = imported({ questions: { QID1: { ...slider, DefaultChoices: { 1: text('500') } } } });
    expect(refused.definition.questions['QID1']!.defaults).toBeUndefined();
    expect(said(refused, /QID1/)).toContain('default answer was not taken over');
    expect(imported({ questions: { QID1: { ...slider, DefaultChoices: { 1: text('') } } } }).report).toEqual([]);
  });

  it('that a question takes only in part are named', () => {
    const both = {
      QuestionType: 'Slider',
      Choices: list('now', 'then'),
      DefaultChoices: { 1: text('5'), 2: text('500') },
    };
    const survey = imported({ questions: { QID1: both } });
    expect(survey.definition.questions['QID1']!.defaults).toEqual({ numbers: { 1: 5 } });
    expect(said(survey, /QID1/)).toContain('taken over in part');
  });

  it('stand in the tables of a side by side and in the rows of a profile', () => {
    const DefaultChoices = { 1: { 2: { Selected: true } } };
    const sides = {
      QuestionType: 'SBS',
      Choices: list('Tea'),
      AdditionalQuestions: { 1: { ...TABLE, DefaultChoices } },
    };
    const Answers = { 1: list('cold', 'hot') };
    const rows = { QuestionType: 'Matrix', Selector: 'Profile', Choices: list('Tea'), Answers, DefaultChoices };
    const { questions } = imported({ questions: { QID1: sides, QID2: rows } }).definition;
    expect(questions['QID1-1']!.defaults).toEqual({ rows: { 1: ['2'] } });
    expect(questions['QID2-1']!.defaults).toEqual({ choices: ['2'] });
  });

  it('with placeholders are filled', () => {
    const question = { QuestionType: 'TE', Selector: 'SL', DefaultChoices: text('${e://Field/team}') };
    const { definition } = imported({ questions: { QID1: question } });
    const start = startWalk(definition, { seed: 1, now: 0, embedded: { team: 'Blue & Co' } });
    expect((pageOf(definition, start) as PageView).questions[0]!.input!.value).toBe('Blue & Co');
  });
});
