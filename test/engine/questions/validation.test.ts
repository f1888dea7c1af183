import type { Fields } from '../../../src/engine/page.js';
import type { Content, Question } from '../../../src/engine/questions/question.schema.js';
import { pageOf, startWalk, submitPage } from '../../../src/engine/walk.js';
import { aSurveyOf } from '../../surveys/answering.js';

const asked = { id: 'QID1', exportTag: 'Q1', text: 'Why?' };
const [one, two, three] = ['1', '2', '3'].map((id) => ({ id, text: `Choice ${id}`, value: id }));
const choices = [one!, two!, three!];

/** Codes and fields of what is refused; the stored answer when nothing is. */
function outcome(question: Question, fields: Fields): unknown {
  const survey = aSurveyOf(question);
  const state = startWalk(survey, { seed: 1, now: 0 });
  const page = pageOf(survey, state);
  const result = submitPage(survey, state, page.kind === 'page' ? page.key : '', fields);
  if (result.kind === 'invalid') return result.errors.map(({ field, code, params }) => [field, code, params]);
  return result.state.given['f.0']?.['QID1'];
}

function text(content: Content, typed: string): unknown {
  return outcome({ ...asked, type: 'text', subtype: 'single', required: 'none', content }, { QID1: typed });
}

describe('a typed answer', () => {
  it.each<[Content, string, unknown]>([
    [{ kind: 'number', min: 1, max: 9 }, '5', { text: '5' }],
    [{ kind: 'number' }, '1,5', { text: '1.5' }],
    [{ kind: 'number' }, 'five', [['QID1', 'number', {}]]],
    [{ kind: 'number' }, '1e9', [['QID1', 'number', {}]]],
    [{ kind: 'number', min: 1 }, '0', [['QID1', 'numberMin', { min: 1 }]]],
    [{ kind: 'number', max: 9 }, '10', [['QID1', 'numberMax', { max: 9 }]]],
    [{ kind: 'number', decimals: 0 }, '1.5', [['QID1', 'decimals', { decimals: 0 }]]],
    [{ kind: 'number', decimals: 0 }, '1.0', { text: '1.0' }],
    [{ kind: 'email' }, 'ada@example.org', { text: 'ada@example.org' }],
    [{ kind: 'email' }, 'ada@example', [['QID1', 'email', {}]]],
    [{ kind: 'email' }, 'a b@example.org', [['QID1', 'email', {}]]],
    [{ kind: 'phone' }, '+49 (0)30 / 123-456', { text: '+49 (0)30 / 123-456' }],
    [{ kind: 'phone' }, '12', [['QID1', 'phone', {}]]],
    [{ kind: 'date', dateFormat: 'dmy' }, '29.2.2024', { text: '2024-02-29' }],
    [{ kind: 'date', dateFormat: 'mdy' }, '2/29/2023', [['QID1', 'date', { format: 'mdy' }]]],
    [{ kind: 'date', dateFormat: 'mdy' }, '2026-11-23', { text: '2026-11-23' }],
    [{ kind: 'zip' }, 'SW1A 1AA', { text: 'SW1A 1AA' }],
    [{ kind: 'zip' }, 'nowhere', [['QID1', 'zip', {}]]],
    [{ kind: 'url' }, 'example.org/a?b=c', { text: 'example.org/a?b=c' }],
    [{ kind: 'url' }, 'no address', [['QID1', 'url', {}]]],
    [{ kind: 'pattern', pattern: '^[A-Z]{2}\\d+$', patternMessage: 'Two letters' }, 'AB12', { text: 'AB12' }],
    [
      { kind: 'pattern', pattern: '^[A-Z]{2}\\d+$', patternMessage: '<b>Two</b>' },
      'x',
      [['QID1', 'pattern', { message: 'Two' }]],
    ],
    [{ kind: 'pattern', pattern: '(?=a)b' }, 'anything', { text: 'anything' }],
    [{ kind: 'pattern', pattern: '^(a+)+$' }, 'anything', [['QID1', 'pattern', { message: '' }]]],
    [{ kind: 'any', minLength: 3 }, '😀😀', [['QID1', 'minLength', { min: 3 }]]],
    [{ kind: 'any', maxLength: 2 }, '😀😀', { text: '😀😀' }],
    [{ kind: 'any' }, 'x'.repeat(20_001), [['QID1', 'maxLength', { max: 20_000 }]]],
    [{ kind: 'any' }, ' \0 \uD800 ', { text: '\uFFFD' }],
  ])('%j takes %j as %j', (content, typed, expected) => {
    expect(text(content, typed)).toEqual(expected);
  });
});

describe('choices', () => {
  const many: Question = {
    ...asked,
    type: 'choice',
    subtype: 'multiple',
    required: 'none',
    choices,
    minChoices: 2,
    maxChoices: 2,
  };

  it('are counted', () => {
    expect(outcome(many, { QID1: '1' })).toEqual([['QID1', 'chooseAtLeast', { min: 2 }]]);
    expect(outcome(many, { QID1: ['1', '2', '3'] })).toEqual([['QID1', 'chooseAtMost', { max: 2 }]]);
    expect(outcome(many, { QID1: ['3', '1'] })).toEqual({ choices: ['1', '3'] });
    expect(outcome(many, {})).toEqual({});
  });

  it('that exclude others stand alone', () => {
    const none = { ...many, choices: [one!, two!, { ...three!, exclusive: true }] };
    expect(outcome(none, { QID1: ['1', '3'] })).toEqual([['QID1', 'exclusive', { choice: 'Choice 3' }]]);
    expect(outcome(none, { QID1: '3' })).toEqual({ choices: ['3'] });
  });

  it('of a single question are one', () => {
    const single: Question = { ...asked, type: 'choice', subtype: 'dropdown', required: 'force', choices };
    expect(outcome(single, { QID1: ['1', '2'] })).toEqual([['QID1', 'chooseOne', {}]]);
    expect(outcome(single, { QID1: 'unknown' })).toEqual([['QID1', 'required', {}]]);
  });

  it('with a text are chosen by typing it', () => {
    const other = { ...three!, textEntry: true, textRequired: true };
    const single: Question = { ...asked, type: 'choice', subtype: 'single', required: 'force', choices: [one!, other] };
    expect(outcome(single, { QID1_3_TEXT: 'mine' })).toEqual({ choices: ['3'], texts: { '3': 'mine' } });
    expect(outcome(single, { QID1: '1', QID1_3_TEXT: 'mine' })).toEqual({ choices: ['1'] });
    expect(outcome(single, { QID1: '3' })).toEqual([['QID1_3_TEXT', 'textRequired', { choice: 'Choice 3' }]]);
  });

  it('are not asked for when none is shown', () => {
    expect(outcome({ ...asked, type: 'choice', subtype: 'single', required: 'force', choices: [] }, {})).toEqual({});
  });
});

describe('tables and lines', () => {
  const matrix: Question = {
    ...asked,
    type: 'matrix',
    subtype: 'single',
    required: 'force',
    choices: [one!, two!],
    columns: choices,
  };

  it('need an answer in every row', () => {
    expect(outcome(matrix, { QID1_1: '3' })).toEqual([['QID1_2', 'rowRequired', { row: 'Choice 2' }]]);
    expect(outcome(matrix, { QID1_1: '3', QID1_2: '1' })).toEqual({ rows: { '1': ['3'], '2': ['1'] } });
  });

  it('of texts keep each cell', () => {
    const texts: Question = { ...matrix, subtype: 'text', content: { kind: 'number' } };
    expect(outcome(texts, { QID1_1_1: '4', QID1_2_3: 'x' })).toEqual([['QID1_2_3', 'number', {}]]);
    expect(outcome(texts, { QID1_1_1: '4', QID1_2_3: '5' })).toEqual({
      cells: { '1': { '1': '4' }, '2': { '3': '5' } },
    });
  });

  it('of a sum add up', () => {
    const sum: Question = { ...asked, type: 'sum', required: 'force', choices, total: 100, min: 0, decimals: 1 };
    expect(outcome(sum, {})).toEqual([['QID1_1', 'required', {}]]);
    expect(outcome(sum, { QID1_1: '50', QID1_2: '49.9' })).toEqual([['QID1_1', 'sumTotal', { total: 100, sum: 99.9 }]]);
    expect(outcome(sum, { QID1_1: '50.1', QID1_2: '49.9' })).toEqual({ numbers: { '1': 50.1, '2': 49.9 } });
    expect(outcome(sum, { QID1_1: '-1', QID1_2: '101' })).toEqual([['QID1_1', 'numberMin', { min: 0 }]]);
  });

  it('of a ranking are different places', () => {
    const rank: Question = { ...asked, type: 'rank', required: 'force', choices };
    expect(outcome(rank, { QID1_1: '1', QID1_2: '1', QID1_3: '4' })).toEqual([
      ['QID1_2', 'rankTwice', { rank: 1 }],
      ['QID1_3', 'rankRange', { max: 3 }],
    ]);
    expect(outcome(rank, { QID1_1: '2', QID1_2: '1', QID1_3: '3' })).toEqual({ numbers: { '1': 2, '2': 1, '3': 3 } });
  });

  it('of a slider stay on the track', () => {
    const slider: Question = {
      ...asked,
      type: 'slider',
      required: 'none',
      choices: [one!],
      min: 10,
      max: 30,
      decimals: 0,
      labels: [],
    };
    expect(outcome(slider, { QID1_1: '31' })).toEqual([['QID1_1', 'numberMax', { max: 30 }]]);
    expect(outcome(slider, { QID1_1: 'warm' })).toEqual([['QID1_1', 'number', {}]]);
    expect(outcome(slider, {})).toEqual({});
  });

  it('of a form may be asked for one by one', () => {
    const form: Question = {
      ...asked,
      type: 'form',
      required: 'force',
      choices: [
        { ...one!, required: true },
        { ...two!, required: false, content: { kind: 'email' } },
      ],
    };
    expect(outcome(form, { QID1_2: 'x' })).toEqual([
      ['QID1_1', 'rowRequired', { row: 'Choice 1' }],
      ['QID1_2', 'email', {}],
    ]);
    expect(outcome(form, { QID1_1: 'Ada' })).toEqual({ texts: { '1': 'Ada' } });
  });

  it('of 0 to 10 take only these', () => {
    const nps: Question = { ...asked, type: 'nps', required: 'force' };
    expect(outcome(nps, { QID1: '11' })).toEqual([['QID1', 'required', {}]]);
    expect(outcome(nps, { QID1: '10' })).toEqual({ choices: ['10'] });
  });
});

it('fields that are no texts are nothing', () => {
  const fields = { QID1: { a: 'b' } } as unknown as Fields;
  expect(
    outcome({ ...asked, type: 'text', subtype: 'single', required: 'none', content: { kind: 'any' } }, fields),
  ).toEqual({});
});
