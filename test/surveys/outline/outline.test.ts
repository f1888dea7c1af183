import { Views } from '../../../src/platform/web/views.js';
import { exampleDefinition, type SurveyDefinition } from '../../../src/engine/definition.js';
import type { Condition } from '../../../src/engine/condition.schema.js';
import { conditionWords } from '../../../src/surveys/outline/logic_words.js';
import { outlineOf } from '../../../src/surveys/outline/outline.js';
import { warningsModel } from '../../../src/surveys/stages/warning_words.js';

const views = new Views();
const say = (key: string, values: Record<string, unknown> = {}) => views.words.t(`surveys.${key}`, values);

const isBad: Condition = {
  kind: 'test',
  operand: { kind: 'choice', question: 'QID1', choice: '3' },
  operator: 'selected',
};
const inSales: Condition = {
  kind: 'test',
  operand: { kind: 'embedded', name: 'team' },
  operator: 'equal',
  value: 'Sales',
};

function outline(changes: Partial<SurveyDefinition>) {
  return outlineOf(exampleDefinition(changes), say, (id) => `/edit/${id}`);
}

describe('logic in words', () => {
  const words = (condition: Condition) => conditionWords(condition, exampleDefinition(), say);

  it('names questions by their export tag and choices by their text', () => {
    expect(words(isBad)).toBe('“Bad” in Q1 is chosen');
    expect(words({ kind: 'all', of: [isBad, { kind: 'any', of: [inSales, inSales] }] })).toBe(
      '“Bad” in Q1 is chosen and (the field “team” is “Sales” or the field “team” is “Sales”)',
    );
  });

  it('has words for every operand and operator', () => {
    const { questions } = exampleDefinition();
    const operands = [
      { kind: 'choice', question: 'QID1', choice: '1' },
      { kind: 'cell', question: 'QID1', row: '1', column: '2' },
      { kind: 'column', question: 'QID1', column: '2' },
      { kind: 'question', question: 'QID1' },
      { kind: 'value', question: 'QID1' },
      { kind: 'value', question: 'QID1', part: '1' },
      { kind: 'text', question: 'QID2' },
      { kind: 'text', question: 'QID1', part: '2' },
      { kind: 'count', question: 'QID1' },
      { kind: 'count', question: 'QID1', column: '1' },
      { kind: 'embedded', name: 'team' },
      { kind: 'contact', name: 'FirstName' },
      { kind: 'unknown', about: 'the weather' },
    ] as const;
    expect(questions['QID1']).toBeDefined();
    for (const operand of operands) {
      expect(words({ kind: 'test', operand, operator: 'equal', value: '1' })).not.toMatch(/surveys\.|\{\{|undefined/);
    }
    expect(words({ kind: 'all', of: [] })).toBe('always');
    expect(words({ kind: 'any', of: [] })).toBe('never');
  });
});

describe('the outline', () => {
  it('tells the flow as a tree and a block only once', () => {
    const [branch, again, random, embedded, end] = outline({
      flow: [
        { kind: 'branch', when: inSales, children: [{ kind: 'block', block: 'BL1' }] },
        { kind: 'block', block: 'BL1' },
        { kind: 'randomizer', show: 1, even: true, children: [{ kind: 'group', name: 'G', children: [] }] },
        { kind: 'embedded', fields: [{ name: 'team' }, { name: 'wave', value: '2' }] },
        { kind: 'end', ending: { kind: 'redirect', url: 'https://acme.example', flags: ['screenedOut'] } },
      ],
    });
    expect(branch).toMatchObject({ kind: 'branch', title: 'If the field “team” is “Sales”' });
    expect(branch!.children[0]!.items).toHaveLength(3);
    expect(again).toMatchObject({ title: 'Block “First week” is shown again', items: [] });
    expect(random!.title).toBe('At random, evenly: 1 of 1');
    expect(embedded!.title).toBe('Embedded data: team, wave = “2”');
    expect(end!.title).toBe('End of the survey, then on to https://acme.example · counts as screened out');
  });

  it('shows blocks that the flow forgets, and says so', () => {
    expect(outline({ flow: [] }).map(({ title }) => title)).toEqual([
      'Block “First week” – not part of the flow, never asked',
    ]);
  });

  it('says what a question asks for, and where its wording is edited', () => {
    const [block] = outline({});
    const item = block!.items[0]!;
    expect('question' in item && item.question).toMatchObject({
      tag: 'Q1',
      type: 'One choice',
      required: 'Required',
      editUrl: '/edit/QID1',
      lists: [{ items: [{ text: 'Good' }, { text: 'Mixed' }, { text: 'Bad' }], rest: [] }],
    });
  });

  it('folds up long lists', () => {
    const choices = Array.from({ length: 40 }, (_, n) => ({ id: String(n + 1), text: `Choice ${n + 1}`, value: 'x' }));
    const question = { ...exampleDefinition().questions['QID1']!, choices } as SurveyDefinition['questions'][string];
    const [block] = outline({ questions: { QID1: question } });
    const item = block!.items[0]!;
    expect('question' in item && item.question.lists[0]).toMatchObject({ restText: '32 more' });
  });

  it('names what needs a look before publishing', () => {
    const urlOf = (question: string) => `/surveys/SV_1#question_${question}`;
    expect(warningsModel(exampleDefinition(), say, urlOf)).toBeUndefined();
    const forgetful = exampleDefinition({ flow: [] });
    expect(warningsModel(forgetful, say, urlOf)).toMatchObject({
      title: '3 things to look at',
      lines: [
        { where: 'Flow', text: 'The flow asks nothing.', href: '' },
        { where: 'Q1', href: '/surveys/SV_1#question_QID1' },
        { where: 'Q2' },
      ],
    });
  });
});
