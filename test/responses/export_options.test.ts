import { parse } from 'csv-parse/sync';
import { formatOf, responseObject } from '../../src/responses/exports/export_formats.js';
import { startExport } from '../../src/responses/exports/export_settings.js';
import { ExportTable } from '../../src/responses/exports/export_table.js';
import type { ResponseRow } from '../../src/responses/exports/response_rows.js';
import { exampleDefinition, type SurveyDefinition } from '../../src/engine/definition.js';
import type { Fields, WalkState } from '../../src/engine/page.js';
import type { Choice, Question } from '../../src/engine/questions/question.schema.js';
import { recordedAnswers } from '../../src/engine/recorded.js';
import { pageOf, startWalk, submitPage } from '../../src/engine/walk.js';

const NOON = new Date('2026-11-23T12:00:00Z');
const asked = (id: string) => ({
  id,
  exportTag: id.replace('QID', 'Q'),
  text: `About ${id}`,
  required: 'none' as const,
});
const listed = (...texts: string[]): Choice[] =>
  texts.map((text, index) => ({ id: `${index + 1}`, text, value: `${(index + 1) * 10}` }));
const chose = (question: string, choice: string) =>
  ({ kind: 'test', operand: { kind: 'choice', question, choice }, operator: 'selected', value: '' }) as const;

function surveyOf(...questions: Question[]): SurveyDefinition {
  const items = questions.map(({ id }) => ({ kind: 'question' as const, question: id }));
  return exampleDefinition({
    questions: Object.fromEntries(questions.map((question) => [question.id, question])),
    blocks: { BL1: { id: 'BL1', name: 'All', items } },
    flow: [{ kind: 'block', block: 'BL1' }],
  });
}

/** Walked to the end, with the same fields on every page. */
function answered(definition: SurveyDefinition, fields: Fields): WalkState {
  let state = startWalk(definition, { seed: 7, now: NOON.getTime() });
  for (let page = pageOf(definition, state); page.kind === 'page'; page = pageOf(definition, state)) {
    const result = submitPage(definition, state, page.key, fields);
    if (result.kind !== 'moved') throw new Error(JSON.stringify(result));
    state = result.state;
  }
  return state;
}

const ROW = { id: '1', hasLink: false, versionId: '1', channel: 'anonymous', source: '', status: 0, finished: true };
const TIMES = { startedAt: NOON, endedAt: NOON, recordedAt: NOON, durationSeconds: 1 };

function rowOf(definition: SurveyDefinition, walk: WalkState): ResponseRow {
  const { answers } = recordedAnswers(definition, walk);
  return { ...ROW, ...TIMES, progress: 100, language: 'en', device: '', answers, embedded: {}, person: {}, walk };
}

/** The columns of a file by their titles: import id and cell. */
function columnsOf(definition: SurveyDefinition, row: ResponseRow, wish: object): Record<string, string[]> {
  const settings = { ...startExport.parse({ surveyMetadataIds: [], ...wish }), withPeople: true, isNeutral: false };
  const format = formatOf(settings, new ExportTable(new Map([['1', definition]]), settings, (id) => id));
  const [titles = [], , ids = [], cells = []] = parse(format.begin() + format.row(row, true));
  expect(new Set(titles).size).toBe(titles.length);
  return Object.fromEntries(titles.map((title, index) => [title, [ids[index]!, cells[index]!]]));
}

function cellsOf(definition: SurveyDefinition, row: ResponseRow, wish: object): Record<string, string> {
  return Object.fromEntries(
    Object.entries(columnsOf(definition, row, wish)).map(([title, [, cell]]) => [title, cell!]),
  );
}

describe('codes for what was seen and left open', () => {
  const survey = surveyOf(
    { ...asked('QID1'), type: 'choice', subtype: 'single', choices: listed('Yes', 'No') },
    {
      ...asked('QID2'),
      type: 'choice',
      subtype: 'multiple',
      choices: [...listed('Tea', 'Milk'), { id: '3', text: 'Rum', value: '30', displayLogic: chose('QID1', '1') }],
    },
    { ...asked('QID3'), type: 'text', subtype: 'single', content: { kind: 'any' } },
    {
      ...asked('QID4'),
      type: 'matrix',
      subtype: 'single',
      choices: listed('Left', 'Right'),
      columns: listed('a', 'b'),
    },
    { ...asked('QID5'), type: 'nps' },
    { ...asked('QID6'), type: 'nps', displayLogic: chose('QID1', '1') },
    { ...asked('QID7'), type: 'choice', subtype: 'multiple', choices: listed('One', 'Two') },
  );
  const walk = answered(survey, { QID2: ['2'], QID4_1: '2', QID7: [] });
  const row = rowOf(survey, walk);

  it('stand in every column that somebody was asked about, and in no other', () => {
    expect(cellsOf(survey, row, { seenUnansweredRecode: -99, multiselectSeenUnansweredRecode: 0 })).toEqual({
      Q1: '-99',
      Q2_10: '0',
      Q2_20: '1',
      Q2_30: '',
      Q3: '-99',
      Q4_1: '20',
      Q4_2: '-99',
      Q5_NPS_GROUP: '',
      Q5: '-99',
      Q6_NPS_GROUP: '',
      Q6: '',
      Q7_10: '0',
      Q7_20: '0',
    });
  });

  it('are one code unless choices have their own, and stand beside labels too', () => {
    const labels = cellsOf(survey, row, { seenUnansweredRecode: '-9', useLabels: true });
    expect(labels).toMatchObject({ Q1: '-9', Q2_10: '-9', Q2_20: 'Milk', Q4_1: 'b', Q7_20: '-9' });
    const joined = cellsOf(survey, row, { seenUnansweredRecode: -9, breakoutSets: false });
    expect(joined).toMatchObject({ Q1: '-9', Q2: '20', Q7: '-9' });
    expect(cellsOf(survey, row, { multiselectSeenUnansweredRecode: 0 })).toMatchObject({ Q1: '', Q2_10: '0' });
    expect(cellsOf(survey, { ...row, walk: null }, { seenUnansweredRecode: -9 })).toMatchObject({ Q1: '', Q2_10: '' });
  });

  it('are whole numbers', () => {
    expect(startExport.safeParse({ seenUnansweredRecode: 'none' }).success).toBe(false);
    expect(startExport.safeParse({ seenUnansweredRecode: 1.5 }).success).toBe(false);
  });
});

describe('columns of labels', () => {
  it('stand behind those of codes under names of their own', () => {
    const survey = surveyOf(
      { ...asked('QID1'), type: 'choice', subtype: 'single', choices: listed('Yes', 'No') },
      { ...asked('QID2'), type: 'text', subtype: 'single', content: { kind: 'any' }, exportTag: 'Q1_LABEL' },
      { ...asked('QID3'), type: 'choice', subtype: 'multiple', choices: listed('Tea', 'Milk') },
    );
    const row = rowOf(survey, answered(survey, { QID1: '2', QID2: 'typed', QID3: ['1'] }));
    const wish = { includeLabelColumns: true, surveyMetadataIds: ['finished'] };
    const columns = columnsOf(survey, row, wish);
    expect(Object.entries(columns).map(([title, [, cell]]) => [title, cell])).toEqual([
      ['Finished', '1'],
      ['Finished_LABEL', 'True'],
      ['Q1', '20'],
      ['Q1_LABEL_2', 'No'],
      ['Q1_LABEL', 'typed'],
      ['Q3_10', '1'],
      ['Q3_10_LABEL', 'Tea'],
      ['Q3_20', ''],
      ['Q3_20_LABEL', ''],
    ]);
    expect(columns['Q3_10_LABEL']?.[0]).toBe('{"ImportId":"QID3","choiceId":"1","IsLabelsColumn":true}');
    expect(columns['Q3_10']?.[0]).toBe('{"ImportId":"QID3","choiceId":"1"}');
    expect(startExport.safeParse({ includeLabelColumns: true, useLabels: true }).success).toBe(false);
  });
});

describe('columns of the order of answers', () => {
  it('say where each column of a table stood, apart from its rows', () => {
    const survey = surveyOf({
      ...asked('QID1'),
      type: 'matrix',
      subtype: 'single',
      choices: listed('Left', 'Right'),
      columns: listed('Good', 'Fair', 'Bad'),
      shuffleColumns: { mode: 'shuffle' },
    });
    const page = pageOf(survey, startWalk(survey, { seed: 7, now: NOON.getTime() }));
    const seen = page.kind === 'page' ? page.questions[0]!.rows[0]!.cells.map(({ columnId }) => columnId) : [];
    expect(seen.toSorted()).toEqual(['1', '2', '3']);
    const row = rowOf(survey, answered(survey, { QID1_1: '2' }));
    const { Q1_1, Q1_2, ...orders } = columnsOf(survey, row, { includeDisplayOrder: true });
    expect([Q1_1?.[1], Q1_2?.[1]]).toEqual(['20', '']);
    expect(orders).toEqual(
      Object.fromEntries(
        ['1', '2', '3'].map((id) => [
          `Q1_ADO_${id}`,
          [`{"ImportId":"QID1_ADO","choiceId":"${id}"}`, String(seen.indexOf(id) + 1)],
        ]),
      ),
    );
    const joined = cellsOf(survey, row, { includeDisplayOrder: true, breakoutSets: false });
    const texts: Record<string, string> = { 1: 'Good', 2: 'Fair', 3: 'Bad' };
    expect(joined['Q1_ADO']).toBe(seen.map((id) => texts[id]).join('|'));
  });
});

describe('a response as JSON', () => {
  it('has lists where its version took many choices, whatever others took', () => {
    const versions = (['single', 'multiple'] as const).map((subtype) =>
      surveyOf({ ...asked('QID1'), type: 'choice', subtype, choices: listed('Tea', 'Milk') }),
    );
    const valuesIn = (latest: SurveyDefinition, own: SurveyDefinition, choices: string[]): unknown => {
      const settings = { ...startExport.parse({ format: 'json' }), withPeople: true, isNeutral: false };
      const named = new Map([
        ['2', latest],
        ['1', own],
      ]);
      const row = rowOf(own, answered(own, { QID1: choices }));
      const shown = responseObject(new ExportTable(named, settings, (id) => id), row) as { values: { QID1?: unknown } };
      return shown.values.QID1;
    };
    const [single, multiple] = [versions[0]!, versions[1]!];
    expect(valuesIn(single, multiple, ['1', '2'])).toEqual(['10', '20']);
    expect(valuesIn(multiple, single, ['2'])).toEqual(['20']);
    expect(valuesIn(multiple, single, [])).toBeUndefined();
  });

  it('names the fields of questions as shown, whatever embedded data are called', () => {
    const survey = surveyOf({ ...asked('QID1'), type: 'text', subtype: 'single', content: { kind: 'any' } });
    survey.flow = [{ kind: 'embedded', fields: [{ name: 'QID2' }] }, ...survey.flow];
    const row = { ...rowOf(survey, answered(survey, { QID1: 'typed' })), embedded: { QID2: 'told' } };
    const settings = { ...startExport.parse({ format: 'json' }), withPeople: true, isNeutral: false };
    const shown = responseObject(new ExportTable(new Map([['1', survey]]), settings, (id) => id), row);
    expect(shown).toMatchObject({ values: { QID1_TEXT: 'typed', QID2: 'told' }, displayedFields: ['QID1_TEXT'] });
  });
});

describe('a file for spreadsheets', () => {
  it('holds no formula, not even in what questions and fields are called', () => {
    const survey = surveyOf({
      ...asked('QID1'),
      text: '=1+1',
      exportTag: '@sum',
      type: 'text',
      subtype: 'single',
      content: { kind: 'any' },
    });
    for (const [isNeutral, titles] of [
      [true, ["'@sum", "'=1+1"]],
      [false, ['@sum', '=1+1']],
    ] as const) {
      const settings = { ...startExport.parse({ surveyMetadataIds: [] }), withPeople: true, isNeutral };
      const format = formatOf(settings, new ExportTable(new Map([['1', survey]]), settings, (id) => id));
      expect(parse(format.begin(), { bom: true }).slice(0, 2).flat()).toEqual(titles);
    }
  });
});

describe('options of an export', () => {
  it('may be null, which asks for nothing', () => {
    const keys = Object.keys(startExport.parse({}));
    expect(startExport.parse(Object.fromEntries(keys.map((key) => [key, null])))).toEqual(startExport.parse({}));
  });

  it('take times with offsets in both ways of writing, and parts that there are', () => {
    for (const startDate of ['2026-11-23T12:00:00Z', '2026-11-23T13:00:00+01:00', '2026-11-23T13:00:00+0100']) {
      expect(new Date(startExport.parse({ startDate }).startDate!)).toEqual(NOON);
    }
    expect(startExport.parse({ surveyMetadataIds: ['externalReference'] }).surveyMetadataIds).toEqual([
      'externalDataReference',
    ]);
    const refused = startExport.safeParse({ surveyMetadataIds: ['startDate', 'ipAdress'] });
    expect(refused.error?.issues[0]).toMatchObject({
      path: ['surveyMetadataIds', 1],
      message: expect.stringContaining('ipAddress'),
    });
  });
});
