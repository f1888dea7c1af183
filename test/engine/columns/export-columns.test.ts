import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { exampleDefinition } from '../../../src/engine/definition.js';
import type { SurveyDefinition } from '../../../src/engine/definition.js';
import { columnsOfVersions, exportColumns, exportValues } from '../../../src/engine/columns/export-columns.js';
import type { Question } from '../../../src/engine/questions/question.schema.js';
import { importQsf } from '../../../src/qsf/import-qsf.js';

const { definition } = importQsf(readFileSync(join(import.meta.dirname, '../../data/qsf/all-types.qsf'), 'utf8'));

function headers(id: string, split = true): (string | undefined)[][] {
  const columns = exportColumns(definition, { split }).filter((column) => column.questionId === id);
  return columns.map(({ exportTag, questionText, importId, choiceId }) =>
    choiceId === undefined ? [exportTag, questionText, importId] : [exportTag, questionText, importId, choiceId],
  );
}

function cells(id: string, answer: object, labels: boolean, split = true): string[] {
  const columns = exportColumns(definition, { split });
  const values = exportValues(definition, { [id]: answer }, { labels, split });
  return values.filter((_value, index) => columns[index]!.questionId === id);
}

describe('an export', () => {
  it('names columns as other programs expect them', () => {
    expect(headers('QID1')).toEqual([]);
    expect(headers('QID2').map(([tag, , id]) => [tag, id])).toEqual([
      ['Q2', 'QID2'],
      ['Q2_3_TEXT', 'QID2_3_TEXT'],
    ]);
    expect(headers('QID3')[0]).toEqual(['Q3_1', 'Which tools do you use? - Laptop', 'QID3', '1']);
    expect(headers('QID3', false).map(([, , id]) => id)).toEqual(['QID3']);
    expect(headers('QID9')).toEqual([['Q9', 'Your age', 'QID9_TEXT']]);
    expect(headers('QID8').map(([tag, , id]) => [tag, id])).toEqual([
      ['Q8_NPS_GROUP', 'QID8_NPS_GROUP'],
      ['Q8', 'QID8'],
    ]);
    expect(headers('QID18')[0]).toEqual(['like_food', 'How do you like… - the food', 'QID18_1']);
    expect(headers('QID19')[6]).toEqual(['Q19_2_3', 'When do you use… - the bikes - Evening', 'QID19_2', '3']);
    expect(headers('QID22-1')[0]).toEqual(['day_meetings#1', 'How much? - Meetings', 'QID22#1_1']);
    expect(headers('QID25').map(([, , id]) => id)).toEqual(['QID25_1', 'QID25_2', 'QID25_3', 'QID25_3_TEXT']);
  });

  it('gives recodes or what the respondent read', () => {
    const other = { choices: ['3'], texts: { '3': 'Since school' } };
    expect(cells('QID2', other, false)).toEqual(['99', 'Since school']);
    expect(cells('QID2', other, true)).toEqual(['Something else', 'Since school']);
    expect(cells('QID3', { choices: ['1', '3'] }, false)).toEqual(['1', '', '1', '']);
    expect(cells('QID3', { choices: ['1', '3'] }, true, false)).toEqual(['Laptop,Tablet']);
    expect(cells('QID8', { choices: ['9'] }, true)).toEqual(['Promoter', '9']);
    expect(cells('QID18', { rows: { '2': ['1'] } }, false)).toEqual(['', '-1', '', '']);
    expect(cells('QID21', { cells: { '1': { '2': 'soft' } } }, true)).toEqual(['', 'soft', '', '']);
    expect(cells('QID26', { numbers: { '1': 2, '2': 1, '3': 3 } }, false)).toEqual(['2', '1', '3']);
    expect(cells('QID9', {}, false)).toEqual(['']);
  });
});

const text = (id: string, exportTag: string): Question => ({
  id,
  exportTag,
  type: 'text',
  subtype: 'single',
  text: `About ${id}`,
  required: 'none',
  content: { kind: 'any' },
});

function asking(questions: readonly Question[], fields: string[] = []): SurveyDefinition {
  const items = questions.map(({ id }) => ({ kind: 'question' as const, question: id }));
  return exampleDefinition({
    questions: Object.fromEntries(questions.map((question) => [question.id, question])),
    blocks: { BL1: { id: 'BL1', name: 'All', items } },
    flow: [
      { kind: 'embedded', fields: fields.map((name) => ({ name })) },
      { kind: 'block', block: 'BL1' },
    ],
  });
}

const many = (changes: Partial<Extract<Question, { type: 'choice' }>> = {}): Question => ({
  id: 'QID1',
  exportTag: 'Q4',
  type: 'choice',
  subtype: 'multiple',
  text: 'What do you <b>do</b>?\nTick all.',
  required: 'none',
  choices: [
    { id: '1', text: 'Some<b>what</b> &amp; more \n', value: '10' },
    { id: '7', text: 'Other', value: '-1', textEntry: true, variableName: 'other thing' },
  ],
  ...changes,
});

describe('columns of choices', () => {
  it('end in the recode, and say which choice they are', () => {
    const columns = exportColumns(asking([many()]));
    expect(columns.map(({ exportTag, importId, choiceId }) => [exportTag, importId, choiceId])).toEqual([
      ['Q4_10', 'QID1', '1'],
      ['Q4_-1', 'QID1', '7'],
      ['Q4_7_TEXT', 'QID1_7_TEXT', undefined],
    ]);
    const about = 'What do you do?\nTick all.';
    expect(columns.map(({ questionText }) => questionText)).toEqual([
      `${about} - Selected Choice - Somewhat &amp; more`,
      `${about} - Selected Choice - Other`,
      `${about} - Other - Text`,
    ]);
    const [{ questionText } = { questionText: '' }] = exportColumns(asking([many({ label: 'Work' })]), {
      split: false,
    });
    expect(questionText).toBe('Work - Selected Choice');
  });

  it('hold the variable name, or the text without its tags and nothing else changed', () => {
    const answers = { QID1: { choices: ['1', '7'], texts: { '7': 'Cycling' } } };
    expect(exportValues(asking([many()]), answers, { labels: true })).toEqual([
      'Somewhat &amp; more \n',
      'other thing',
      'Cycling',
    ]);
    const picture = { id: '1', text: '<img src="https://img.example/a.png">', value: '3' };
    const pictures = asking([many({ choices: [picture, { ...picture, id: '2', image: { url: 'u', alt: 'A cat' } }] })]);
    expect(exportValues(pictures, { QID1: { choices: ['1', '2'] } }, { labels: true })).toEqual(['3', 'A cat']);
  });
});

describe('names of columns', () => {
  const tags = (...versions: SurveyDefinition[]) => {
    const { answers, embedded } = columnsOfVersions(versions);
    return [...answers, ...embedded].map(({ exportTag }) => exportTag);
  };
  const row = (id: string, exportTag?: string) => ({
    id,
    text: `Row ${id}`,
    value: id,
    ...(exportTag ? { exportTag } : {}),
  });
  const table = (id: string, exportTag: string, tag?: string): Question => ({
    id,
    exportTag,
    type: 'matrix',
    subtype: 'single',
    text: 'Rate',
    required: 'none',
    choices: [row('1', tag), row('2', tag)],
    columns: [row('1')],
  });

  it('are given once: whoever comes first keeps one, and a number never takes a name that another has', () => {
    expect(tags(asking([table('QID1', 'Q25'), text('QID2', 'Q25_2')]))).toEqual(['Q25_1', 'Q25_2', 'Q25_2_2']);
    expect(tags(asking([table('QID1', 'Q1', 'price'), table('QID2', 'Q2', 'price'), text('QID3', 'price_2')]))).toEqual(
      ['price', 'price_3', 'price_4', 'price_5', 'price_2'],
    );
    const fields = ['Status', 'Q1', 'startDate', 'QID1_TEXT'];
    const { answers, embedded } = columnsOfVersions([asking([text('QID1', 'Q1'), text('QID2', 'Finished')], fields)]);
    expect(answers.map(({ exportTag }) => exportTag)).toEqual(['Q1', 'Finished_2']);
    expect(embedded.map(({ exportTag, importId }) => [exportTag, importId])).toEqual([
      ['Status_2', 'Status'],
      ['Q1_2', 'Q1'],
      ['startDate', 'startDate_2'],
      ['QID1_TEXT', 'QID1_TEXT_2'],
    ]);
  });

  it('follow the question through its versions, whatever its tag was', () => {
    const [first, second] = [
      asking([text('QID1', 'A'), text('QID2', 'B')]),
      asking([text('QID1', 'B'), text('QID3', 'A')]),
    ];
    const { answers, byVersion } = columnsOfVersions([second, first]);
    expect(answers.map(({ questionId, exportTag }) => [questionId, exportTag])).toEqual([
      ['QID1', 'B'],
      ['QID3', 'A'],
      ['QID2', 'B_2'],
    ]);
    expect(byVersion.map((columns) => columns.size)).toEqual([2, 2]);
    expect(tags(second)).toEqual(['B', 'A']);
  });

  it('do not depend on whether choices are split', () => {
    const survey = asking([many({ exportTag: 'Q' }), text('QID2', 'Q_10'), text('QID3', 'Q')]);
    expect(tags(survey)).toEqual(['Q_10', 'Q_-1', 'Q_7_TEXT', 'Q_10_2', 'Q']);
    expect(exportColumns(survey, { split: false }).map(({ exportTag }) => exportTag)).toEqual([
      'Q_2',
      'Q_7_TEXT',
      'Q_10_2',
      'Q',
    ]);
  });
});

describe('A question with more parts than an export has columns', () => {
  it('has one column with whole answers, beside the columns of the others', () => {
    const listed = Array.from({ length: 200 }, (_, index) => ({ id: `${index}`, text: 'x', value: `${index}` }));
    const asked = { exportTag: 'Q', text: 'How?', required: 'none' } as const;
    const large = exampleDefinition({
      questions: {
        QID1: { ...asked, id: 'QID1', type: 'matrix', subtype: 'text', choices: listed, columns: listed },
        QID2: { ...asked, id: 'QID2', exportTag: 'Q2', type: 'text', subtype: 'essay', content: { kind: 'any' } },
      },
    });
    const columns = exportColumns(large);
    expect(columns.map(({ exportTag }) => exportTag)).toEqual(['Q', 'Q2']);
    expect(exportValues(large, { QID1: { cells: { 1: { 2: 'three' } } }, QID2: { text: 'well' } })).toEqual([
      '{"cells":{"1":{"2":"three"}}}',
      'well',
    ]);
  });
});
