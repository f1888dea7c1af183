import type { PageView } from '../../src/engine/page.js';
import { recordedAnswers } from '../../src/engine/recorded.js';
import { pageOf, startWalk, submitPage } from '../../src/engine/walk.js';
import { imported, said } from './files.js';

const AGE = {
  QuestionType: 'TE',
  Selector: 'SL',
  QuestionText: 'How old?',
  Validation: { Settings: { Type: 'ContentType', ContentType: 'ValidNumber' } },
};
const RATING = {
  QuestionType: 'MC',
  Selector: 'SAVR',
  QuestionText: 'How good?',
  Choices: { 1: { Display: 'Good' }, 2: { Display: 'Bad' } },
  RecodeValues: { 1: '10', 2: '-10' },
};

function setting(fields: Record<string, string>): object[] {
  const EmbeddedData = Object.entries(fields).map(([Field, Value]) => ({
    Field,
    Description: Field,
    Type: 'Custom',
    VariableType: 'Scale',
    AnalyzeText: false,
    Value,
  }));
  return [{ Type: 'EmbeddedData', EmbeddedData }];
}

function embeddedAfter(fields: Record<string, string>, given: Record<string, string> = {}): Record<string, string> {
  const { definition } = imported({
    questions: { QID1: AGE, QID2: RATING },
    before: setting({ base: '4' }) as Record<string, unknown>[],
    after: setting(fields) as Record<string, unknown>[],
  });
  let state = startWalk(definition, { seed: 1, now: 0 });
  const page = pageOf(definition, state) as PageView;
  const moved = submitPage(definition, state, page.key, given);
  if (moved.kind === 'moved') state = moved.state;
  return recordedAnswers(definition, state).embedded;
}

it('operations are computed where the flow sets the field', () => {
  const fields = {
    total: '$e{ e://Field/base + 10 }',
    score: '$e{ q://QID2/SelectedChoicesRecode * 2 }',
    later: '$e{ e://Field/score - q://QID1/ChoiceTextEntryValue }',
    text: 'You get $e{ round(e://Field/base / 3, 2) } of ${e://Field/base}',
  };
  expect(embeddedAfter(fields, { QID1: '30', QID2: '1' })).toMatchObject({
    total: '14',
    score: '20',
    later: '-10',
    text: 'You get 1.33 of 4',
  });
});

it('nothing comes of what was not answered, nor of a division by zero', () => {
  const fields = { score: '$e{ q://QID2/SelectedChoicesRecode * 2 }', ratio: '$e{ 5 / (e://Field/base - 4) }' };
  expect(embeddedAfter(fields)).toMatchObject({ score: '', ratio: '' });
});

it('a branch follows the result', () => {
  const greater = { Type: 'Expression', LogicType: 'EmbeddedField', LeftOperand: 'total', RightOperand: '13' };
  const branch = {
    Type: 'Branch',
    BranchLogic: { 0: { 0: { ...greater, Operator: 'GreaterThan' }, Type: 'If' }, Type: 'BooleanExpression' },
    Flow: [
      { Type: 'EndSurvey', Options: { Advanced: 'true', SurveyTermination: 'DisplayMessage', EOSMessage: 'Rich' } },
    ],
  };
  const before = [...setting({ base: '4', total: '$e{ e://Field/base + 10 }' }), branch] as Record<string, unknown>[];
  const { definition } = imported({ before });
  expect(pageOf(definition, startWalk(definition, { seed: 1, now: 0 }))).toMatchObject({ message: 'Rich' });
});

it('a text shows the result, on a page after what it looks at', () => {
  const text = {
    QuestionType: 'DB',
    Selector: 'TB',
    QuestionText: 'Next year $e{ q://QID1/ChoiceTextEntryValue + 1 }.',
  };
  const { definition } = imported({ questions: { QID1: AGE, QID2: text } });
  const start = startWalk(definition, { seed: 1, now: 0 });
  const moved = submitPage(definition, start, (pageOf(definition, start) as PageView).key, { QID1: '41' });
  if (moved.kind !== 'moved') throw new Error(moved.kind);
  expect((pageOf(definition, moved.state) as PageView).questions[0]!.html).toBe('Next year 42.');
});

it('what is no arithmetic stays empty and is named', () => {
  const survey = imported({
    questions: { QID1: { ...AGE, QuestionText: 'You have ${gr://SC_1/Score} points' } },
    before: setting({ odd: '$e{ if(e://Field/a, 1, 2) }', score: '$e{ gr://SC_1/Score + 1 }' }) as Record<
      string,
      unknown
    >[],
  });
  expect(said(survey, /stays empty/).split('\n')).toEqual([
    expect.stringContaining('QID1: The placeholder "${gr://SC_1/Score}"'),
    expect.stringContaining('Flow: The placeholder "$e{ if(e://Field/a, 1, 2) }"'),
    expect.stringContaining('Flow: The placeholder "$e{ gr://SC_1/Score + 1 }"'),
  ]);
  const state = startWalk(survey.definition, { seed: 1, now: 0 });
  expect(recordedAnswers(survey.definition, state).embedded).toMatchObject({ odd: '', score: '' });
});
