import { exampleDefinition, type SurveyDefinition } from '../../src/engine/definition.js';
import type { PageView, WalkState } from '../../src/engine/page.js';
import { mayReturn, resumed, type HiddenAnswers } from '../../src/engine/hidden-answers.js';
import { goBack, pageOf, startWalk, submitPage } from '../../src/engine/walk.js';

const ALL: HiddenAnswers = { hides: () => true };
const NONE: HiddenAnswers = { hides: () => false };

function survey(text: string, defaults?: string): SurveyDefinition {
  const definition = exampleDefinition();
  const { QID2 } = definition.questions;
  definition.questions = {
    QID1: { ...QID2!, id: 'QID1', text: 'How much?' },
    QID2: { ...QID2!, text, ...(defaults === undefined ? {} : { defaults: { text: defaults } }) },
  };
  return definition;
}

function second(definition: SurveyDefinition): WalkState {
  const taken = submitPage(definition, startWalk(definition, { seed: 1, now: 0 }), 'f.0.0', { QID1: '41' });
  expect(taken.kind).toBe('moved');
  return (taken as Extract<typeof taken, { kind: 'moved' }>).state;
}

const shown = (definition: SurveyDefinition, hiddenAnswers: HiddenAnswers): PageView =>
  pageOf(definition, second(definition), { hiddenAnswers }) as PageView;

describe('a page to whom answers are hidden', () => {
  it.each([
    ['an answer', '${q://QID1/ChoiceTextEntryValue}', '41', '…'],
    ['what is worked out of it', '$e{ ${q://QID1/ChoiceTextEntryValue} + 1 }', '42', '…'],
    ['an answer, not what was asked,', '${q://QID1/QuestionText}', 'How much?', 'How much?'],
  ])('hides %s in its texts', (_, text, open, concealed) => {
    const definition = survey(text);
    definition.options.header = text;
    const [plain, hidden] = [shown(definition, NONE), shown(definition, ALL)];
    expect([plain.questions[0]!.label, plain.header]).toEqual([open, open]);
    expect([hidden.questions[0]!.label, hidden.header]).toEqual([concealed, concealed]);
  });

  it('leaves defaults without what is hidden, because they would be taken for answers', () => {
    const definition = survey('Why?', 'It was ${q://QID1/ChoiceTextEntryValue}');
    expect(shown(definition, NONE).questions[0]!.input!.value).toBe('It was 41');
    expect(shown(definition, ALL).questions[0]!.input!.value).toBe('It was ');
  });

  it('is the first that nobody has answered, with no way back', () => {
    const definition = survey('Why?');
    const state = goBack(definition, second(definition), { QID2: 'typed' });
    expect(state.passed).toBe(0);
    expect(resumed(definition, state, NONE).passed).toBe(0);
    const on = resumed(definition, state, ALL);
    expect(on.passed).toBe(1);
    expect((pageOf(definition, on, { hiddenAnswers: ALL }) as PageView).questions[0]!.input!.value).toBe('');
    expect([mayReturn(definition, on, ALL), mayReturn(definition, on, NONE)]).toEqual([false, true]);
  });
});
