import type { QuestionView } from '../../../src/engine/page.js';
import type { Question } from '../../../src/engine/questions/question.schema.js';
import { pageOf, startWalk } from '../../../src/engine/walk.js';
import { aSurveyOf, fieldNames } from '../../surveys/answering.js';

const asked = { id: 'QID5', exportTag: 'Q5', text: '<b>Why</b>?', required: 'force' as const };
const choices = [
  { id: '2', text: 'Tea &amp; <i>milk</i>', value: '2' },
  { id: '4', text: 'Other', value: '4', textEntry: true },
];
const plain = choices.map(({ id, text, value }) => ({ id, text, value }));

function drawn(question: Question, seed = 1): { view: QuestionView; names: string[] } {
  const survey = aSurveyOf(question);
  const page = pageOf(survey, startWalk(survey, { seed, now: 0 }));
  if (page.kind !== 'page') throw new Error('No page');
  return { view: page.questions[0]!, names: fieldNames(page) };
}

describe('the form contract', () => {
  it.each<[Question, string[]]>([
    [{ ...asked, type: 'text', subtype: 'single', content: { kind: 'any' } }, ['QID5']],
    [{ ...asked, type: 'choice', subtype: 'multiple', choices }, ['QID5_4_TEXT', 'QID5']],
    [{ ...asked, type: 'nps' }, ['QID5']],
    [{ ...asked, type: 'form', choices: plain }, ['QID5_2', 'QID5_4']],
    [{ ...asked, type: 'rank', choices: plain }, ['QID5_2', 'QID5_4']],
    [{ ...asked, type: 'sum', choices: plain, decimals: 0 }, ['QID5_2', 'QID5_4']],
    [{ ...asked, type: 'slider', choices: plain, min: 0, max: 9, decimals: 0, labels: [] }, ['QID5_2', 'QID5_4']],
    [{ ...asked, type: 'matrix', subtype: 'single', choices, columns: plain }, ['QID5_4_TEXT', 'QID5_2', 'QID5_4']],
    [
      { ...asked, type: 'matrix', subtype: 'text', choices: plain, columns: plain },
      ['QID5_2_2', 'QID5_2_4', 'QID5_4_2', 'QID5_4_4'],
    ],
    [{ ...asked, type: 'description' }, []],
  ])('names the fields of %j', (question, names) => {
    expect(drawn(question).names).toEqual(names);
  });

  it('draws lines of numbers as number inputs with their limits', () => {
    const { view } = drawn({
      ...asked,
      type: 'slider',
      choices: plain,
      min: 0,
      max: 9,
      decimals: 2,
      labels: ['low', 'high'],
    });
    expect(view.choices[0]!.input).toMatchObject({ type: 'number', min: 0, max: 9, step: '0.01', required: true });
    expect(view).toMatchObject({ labels: [{ label: 'low' }, { label: 'high' }], fieldId: 'QID5_2' });
  });

  it.each([
    ['number', { type: 'text', inputMode: 'decimal' }],
    ['email', { type: 'email' }],
    ['phone', { type: 'tel' }],
    ['date', { type: 'date' }],
    ['any', { type: 'text', maxLength: 20_000 }],
  ] as const)('draws a text for %s with the right keyboard', (kind, expected) => {
    expect(drawn({ ...asked, type: 'text', subtype: 'single', content: { kind } }).view.input).toMatchObject(expected);
  });

  it('gives safe HTML, plain labels and one DOM id per input', () => {
    const { view } = drawn({ ...asked, type: 'choice', subtype: 'single', choices });
    expect(view).toMatchObject({
      html: '<b>Why</b>?',
      label: 'Why ?',
      fieldId: 'QID5-2',
      required: true,
      multiple: false,
    });
    expect(view.choices[0]).toMatchObject({
      html: 'Tea &amp; <i>milk</i>',
      label: 'Tea & milk',
      name: 'QID5',
      value: '2',
    });
    expect(view.choices.map((choice) => choice.fieldId)).toEqual(['QID5-2', 'QID5-4']);
  });

  it('names a choice without words by its value', () => {
    const { view } = drawn({
      ...asked,
      type: 'choice',
      subtype: 'single',
      choices: [{ id: '1', text: '', value: '7' }],
    });
    expect(view.choices[0]!.label).toBe('7');
  });
});

describe('random order', () => {
  const many = Array.from({ length: 8 }, (_, index) => ({
    id: `${index + 1}`,
    text: `${index + 1}`,
    value: `${index + 1}`,
  }));
  const order = (question: Question, seed: number): string =>
    drawn(question, seed)
      .view.choices.map((one) => one.id)
      .join('');
  const shown = { ...asked, type: 'choice' as const, subtype: 'single' as const, choices: many };

  it('depends on the seed alone', () => {
    const question: Question = { ...shown, shuffle: { mode: 'shuffle' } };
    expect(order(question, 1)).toBe(order(question, 1));
    expect(new Set(Array.from({ length: 20 }, (_, seed) => order(question, seed))).size).toBeGreaterThan(15);
  });

  it('leaves fixed choices in their places', () => {
    const question: Question = {
      ...shown,
      choices: many.map((one) => (one.id === '8' ? { ...one, fixed: true } : one)),
      shuffle: { mode: 'shuffle' },
    };
    for (let seed = 0; seed < 20; seed += 1) expect(order(question, seed).at(-1)).toBe('8');
  });

  it('shows only some where the survey says so', () => {
    expect(order({ ...shown, shuffle: { mode: 'shuffle', show: 3 } }, 4)).toHaveLength(3);
  });

  it('turns a scale around for half of the people', () => {
    const orders = Array.from({ length: 40 }, (_, seed) => order({ ...shown, shuffle: { mode: 'flip' } }, seed));
    expect(new Set(orders)).toEqual(new Set(['12345678', '87654321']));
  });
});
