import fc from 'fast-check';
import type { Condition, Operand } from '../../src/engine/condition.schema.js';
import { operators } from '../../src/engine/condition.schema.js';
import { definitionSchema, exampleDefinition } from '../../src/engine/definition.js';
import type { Block, FlowNode, Skip, SurveyDefinition } from '../../src/engine/definition.js';
import type { Choice, Content, Question } from '../../src/engine/questions/question.schema.js';
import type { Shuffle } from '../../src/engine/draws/shuffle.schema.js';

const QUESTIONS = 12;
const questionId = fc.integer({ min: 1, max: QUESTIONS }).map((number) => `QID${number}`);
const part = fc.constantFrom('1', '2', '3');

const operand: fc.Arbitrary<Operand> = fc.oneof(
  fc.record({ kind: fc.constant('choice' as const), question: questionId, choice: part }),
  fc.record({ kind: fc.constant('cell' as const), question: questionId, row: part, column: part }),
  fc.record({ kind: fc.constant('column' as const), question: questionId, column: part }),
  fc.record({ kind: fc.constant('question' as const), question: questionId }),
  fc.record({ kind: fc.constant('value' as const), question: questionId }),
  fc.record({ kind: fc.constant('text' as const), question: questionId, part }),
  fc.record({ kind: fc.constant('count' as const), question: questionId }),
  fc.constant({ kind: 'embedded' as const, name: 'wave' }),
  fc.constant({ kind: 'contact' as const, name: 'Email' }),
  fc.constant({ kind: 'device' as const }),
  fc.constant({ kind: 'unknown' as const, about: 'the weather' }),
);

const test = fc.record({
  kind: fc.constant('test' as const),
  operand,
  operator: fc.constantFrom(...operators),
  value: fc.constantFrom('', '1', '2', 'a', '^a'),
});

const condition: fc.Arbitrary<Condition> = fc.oneof(
  { weight: 4, arbitrary: test },
  {
    weight: 1,
    arbitrary: fc.record({
      kind: fc.constantFrom('all' as const, 'any' as const),
      of: fc.array(test, { maxLength: 3 }),
    }),
  },
);

const maybeLogic = fc.option(condition, { nil: undefined, freq: 2 });

function listed(withLogic: boolean): fc.Arbitrary<Choice[]> {
  const one = fc.record({
    text: fc.constantFrom('Plain', '<b>Bold</b>', '', '${q://QID1/ChoiceGroup/SelectedChoices}'),
    value: fc.constantFrom('1', '7', 'x'),
    exportTag: fc.option(fc.constantFrom('Q1_1', 'price'), { nil: undefined, freq: 2 }),
    textEntry: fc.boolean(),
    exclusive: fc.boolean(),
    fixed: fc.boolean(),
    displayLogic: withLogic ? maybeLogic : fc.constant(undefined),
  });
  return fc
    .array(one, { minLength: 0, maxLength: 3 })
    .map((all) => all.map((choice, index) => ({ ...choice, id: String(index + 1) })));
}

const content: fc.Arbitrary<Content> = fc.oneof(
  fc.constantFrom<Content>({ kind: 'any' }, { kind: 'email' }, { kind: 'phone' }, { kind: 'any', maxLength: 3 }),
  fc.constant<Content>({ kind: 'number', min: 1, max: 9, decimals: 0 }),
  fc.constant<Content>({ kind: 'date', dateFormat: 'mdy' }),
);

/** Any arrangement of a list with these ids, also one that forgets some of them or names some twice. */
function arrangement(...ids: string[]): fc.Arbitrary<Shuffle> {
  const some = fc.subarray(ids);
  const plan = fc.record({
    slots: fc.array(fc.constantFrom(...ids, '*', '?', '~'), { maxLength: 4 }),
    random: some,
    subset: some,
    flip: some,
    hidden: some,
  });
  return fc.record({
    mode: fc.constantFrom('shuffle' as const, 'flip' as const),
    show: fc.option(fc.integer({ min: 1, max: 3 }), { nil: undefined }),
    even: fc.boolean(),
    plan: fc.option(plan, { nil: undefined, freq: 2 }),
  });
}

const shuffle = fc.option(arrangement('1', '2', '3'), { nil: undefined });
const counts = { minChoices: fc.constantFrom(undefined, 1, 2), maxChoices: fc.constantFrom(undefined, 2, 3) };

const choice = fc.record({
  type: fc.constant('choice' as const),
  subtype: fc.constantFrom(
    'single' as const,
    'multiple' as const,
    'dropdown' as const,
    'select' as const,
    'multiselect' as const,
  ),
  choices: listed(true),
  shuffle,
  ...counts,
});

const matrix = fc.record({
  type: fc.constant('matrix' as const),
  subtype: fc.constantFrom('single' as const, 'multiple' as const, 'dropdown' as const, 'text' as const),
  choices: listed(true),
  columns: listed(true),
  shuffle,
});

const plain = listed(false).map((choices) => choices.map(({ id, text, value }) => ({ id, text, value })));
const others = fc.oneof(
  fc.constant({ type: 'description' as const }),
  fc.constant({ type: 'nps' as const }),
  fc.record({
    type: fc.constant('text' as const),
    subtype: fc.constantFrom('single' as const, 'essay' as const),
    content,
  }),
  fc.record({ type: fc.constant('form' as const), choices: plain }),
  fc.record({ type: fc.constant('rank' as const), choices: plain }),
  plain.map((choices) => ({ type: 'slider' as const, choices, min: 0, max: 10, decimals: 1, labels: [] })),
  plain.map((choices) => ({ type: 'sum' as const, choices, total: 100, min: 0, decimals: 0 })),
);

function question(id: string): fc.Arbitrary<Question> {
  const asked = fc.record({
    id: fc.constant(id),
    exportTag: fc.constantFrom(id.replace('QID', 'Q'), 'Q1', 'Q1_1', 'Status', 'wave'),
    text: fc.constantFrom('Why?', 'About <b>${q://QID2/ChoiceTextEntryValue}</b>', '${e://Field/wave} ${x://y}'),
    required: fc.constantFrom('none' as const, 'request' as const, 'force' as const),
    displayLogic: maybeLogic,
  });
  return fc.tuple(asked, fc.oneof(choice, matrix, others)).map(([head, tail]) => ({ ...head, ...tail }));
}

const skip: fc.Arbitrary<Skip> = fc.record({
  when: condition,
  to: fc.oneof(
    fc.constantFrom({ kind: 'endOfBlock' as const }, { kind: 'endOfSurvey' as const }),
    questionId.map((id) => ({ kind: 'question' as const, question: id })),
  ),
});

const item = fc.oneof(
  fc.constant({ kind: 'pageBreak' as const }),
  fc.record({
    kind: fc.constant('question' as const),
    question: questionId,
    skips: fc.array(skip, { maxLength: 2 }),
    joined: fc.boolean(),
  }),
);

function block(id: string): fc.Arbitrary<Block> {
  return fc.record({
    id: fc.constant(id),
    name: fc.constant(id),
    items: fc.array(item, { maxLength: 8 }),
    shuffle: fc.boolean(),
    order: fc.option(arrangement('QID1', 'QID2', 'QID3'), { nil: undefined }),
    perPage: fc.option(fc.integer({ min: 1, max: 3 }), { nil: undefined, freq: 3 }),
  });
}

const { flow } = fc.letrec<{ flow: FlowNode[] }>((tie) => ({
  flow: fc.array(
    fc.oneof(
      { depthSize: 'small', withCrossShrink: true },
      fc.constantFrom('BL1', 'BL2', 'BL3').map((id): FlowNode => ({ kind: 'block', block: id })),
      fc.constant<FlowNode>({
        kind: 'embedded',
        fields: [{ name: 'wave', value: '${q://QID1/SelectedChoicesRecode}' }],
      }),
      fc.constant<FlowNode>({ kind: 'end', ending: { kind: 'message', message: 'Bye' } }),
      fc.tuple(condition, tie('flow')).map(([when, children]): FlowNode => ({ kind: 'branch', when, children })),
      fc
        .tuple(fc.nat(3), tie('flow'))
        .map(([show, children]): FlowNode => ({ kind: 'randomizer', show, even: false, children })),
    ),
    { maxLength: 5 },
  ),
}));

const ids = Array.from({ length: QUESTIONS }, (_, index) => `QID${index + 1}`);

/** Any survey: questions of all types, logic that asks for anything, flows that nest. */
export const anySurvey: fc.Arbitrary<SurveyDefinition> = fc
  .tuple(fc.tuple(...ids.map(question)), fc.tuple(block('BL1'), block('BL2'), block('BL3')), flow)
  .map(([questions, blocks, nodes]) =>
    definitionSchema.parse(
      exampleDefinition({
        questions: Object.fromEntries(questions.map((one) => [one.id, one])),
        blocks: Object.fromEntries(blocks.map((one) => [one.id, one])),
        flow: nodes,
      }),
    ),
  );
