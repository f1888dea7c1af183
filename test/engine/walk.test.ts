import { exampleDefinition } from '../../src/engine/definition.js';
import type { SurveyDefinition } from '../../src/engine/definition.js';
import type { PageView, WalkState } from '../../src/engine/page.js';
import { recordedAnswers } from '../../src/engine/recorded.js';
import { goBack, pageOf, startWalk, submitPage } from '../../src/engine/walk.js';
import { answerAll } from '../surveys/answering.js';

const start = { seed: 7, now: 0 };

function page(definition: SurveyDefinition, state: WalkState): PageView {
  const view = pageOf(definition, state);
  if (view.kind !== 'page') throw new Error('The walk has ended');
  return view;
}

function submit(definition: SurveyDefinition, state: WalkState, fields: Record<string, string | string[]>): WalkState {
  const result = submitPage(definition, state, page(definition, state).key, fields);
  if (result.kind !== 'moved') throw new Error(JSON.stringify(result));
  return result.state;
}

describe('a walk', () => {
  it('shows the first page with its choices and progress', () => {
    const survey = exampleDefinition();
    const first = page(survey, startWalk(survey, start));
    expect(first).toMatchObject({ kind: 'page', number: 1, progress: 0, canGoBack: false, title: 'Onboarding pulse' });
    expect(first.questions[0]?.choices.map((choice) => choice.label)).toEqual(['Good', 'Mixed', 'Bad']);
  });

  it('refuses a page whose forced question is open', () => {
    const survey = exampleDefinition();
    const state = startWalk(survey, start);
    const result = submitPage(survey, state, page(survey, state).key, {});
    expect(result).toMatchObject({
      kind: 'invalid',
      errors: [{ questionId: 'QID1', field: 'QID1', code: 'required' }],
    });
  });

  it('goes from page to page to the end and records what was answered', () => {
    const survey = exampleDefinition();
    let state = submit(survey, startWalk(survey, start), { QID1: '2' });
    expect(page(survey, state)).toMatchObject({ number: 2, progress: 50, canGoBack: true });
    state = submit(survey, state, { QID2: ' more time \r\n' });
    expect(pageOf(survey, state)).toMatchObject({ kind: 'end', ending: 'default', progress: 100 });
    expect(recordedAnswers(survey, state)).toEqual({
      answers: { QID1: { choices: ['2'] }, QID2: { text: 'more time' } },
      embedded: {},
      offPath: [],
      finished: true,
      progress: 100,
    });
  });

  it('takes a page posted twice once', () => {
    const survey = exampleDefinition();
    const state = startWalk(survey, start);
    const { key } = page(survey, state);
    const moved = submit(survey, state, { QID1: '2' });
    expect(submitPage(survey, moved, key, { QID1: '3' })).toEqual({ kind: 'stale', state: moved });
  });

  it('keeps what was typed when the respondent goes back and forth', () => {
    const survey = exampleDefinition();
    const state = goBack(survey, submit(survey, startWalk(survey, start), { QID1: '2' }), { QID2: 'half a sent' });
    expect(page(survey, state).questions[0]?.choices[1]?.checked).toBe(true);
    const again = submit(survey, state, { QID1: '3' });
    expect(page(survey, again).questions[0]?.input?.value).toBe('half a sent');
  });

  it('does not go back where the survey forbids it', () => {
    const survey = exampleDefinition({ options: { progressBar: true, backButton: false } });
    const state = submit(survey, startWalk(survey, start), { QID1: '2' });
    expect(goBack(survey, state)).toBe(state);
  });

  it('leaves out answers that the path no longer meets and names them', () => {
    const survey = exampleDefinition();
    survey.questions['QID2']!.displayLogic = {
      kind: 'test',
      operand: { kind: 'choice', question: 'QID1', choice: '3' },
      operator: 'selected',
    };
    let state = submit(survey, startWalk(survey, start), { QID1: '3' });
    state = goBack(survey, state, { QID2: 'bad' });
    state = submit(survey, submit(survey, state, { QID1: '3' }), { QID2: 'bad' });
    const changed = submit(survey, { ...state, passed: 0 }, { QID1: '1' });
    expect(pageOf(survey, changed).kind).toBe('end');
    expect(recordedAnswers(survey, changed)).toMatchObject({
      answers: { QID1: { choices: ['1'] } },
      offPath: ['QID2'],
    });
  });

  it('asks once for an answer that is only requested', () => {
    const survey = exampleDefinition();
    survey.questions['QID1']!.required = 'request';
    const state = startWalk(survey, start);
    const { key } = page(survey, state);
    const asked = submitPage(survey, state, key, {});
    expect(asked).toMatchObject({ kind: 'invalid', errors: [{ code: 'requested' }], asked: ['QID1'] });
    expect(submitPage(survey, state, key, { asked: 'QID1' }).kind).toBe('moved');
  });

  it('is answered by the automatic answerer', () => {
    const { pages, end } = answerAll(exampleDefinition(), 3);
    expect([pages.length, end.kind]).toEqual([2, 'end']);
  });

  it('says the language and direction of what is not translated, on a page in another language', () => {
    const translations = { ar: { questions: { QID1: { text: 'كيف كان أسبوعك الأول؟' } } } };
    const ending = { kind: 'message' as const, message: 'Bye' };
    const survey = exampleDefinition({ translations, ending });
    const state = startWalk(survey, { seed: 1, now: 0, language: 'ar' });
    const drawn = page(survey, state);
    const [question] = drawn.questions;
    const own = { lang: 'en', dir: 'ltr' };
    expect(drawn).toMatchObject({ title: 'Onboarding pulse', titleOwn: own });
    expect(question).toMatchObject({ html: 'كيف كان أسبوعك الأول؟', own: undefined, written: own });
    expect(question!.choices[0]).toMatchObject({ html: '<span lang="en" dir="ltr">Good</span>', label: 'Good', own });
    expect(pageOf(survey, { ...state, passed: 2 })).toMatchObject({ message: '<span lang="en" dir="ltr">Bye</span>' });
    const same = page(survey, startWalk(survey, { seed: 1, now: 0, language: 'en' }));
    expect(JSON.stringify(same)).not.toMatch(/"lang"|lang=/);
  });
});
