import { exampleDefinition } from '../../../src/engine/definition.js';
import type { FlowNode, SurveyDefinition } from '../../../src/engine/definition.js';
import type { WalkState } from '../../../src/engine/page.js';
import { dueDraw, pageOf, startWalk, withDraw } from '../../../src/engine/walk.js';
import type { QuestionOf } from '../../../src/engine/questions/question.schema.js';

const three = exampleDefinition();
const question = three.questions['QID1'] as QuestionOf<'choice'>;
const asked = (id: string): { id: string; name: string; items: { kind: 'question'; question: string }[] } => ({
  id,
  name: id,
  items: [{ kind: 'question', question: id.replace('BL_', '') }],
});

/** Three blocks of one question each, of which the flow shows some. */
function arms(show: number, more: FlowNode[] = []): SurveyDefinition {
  const ids = ['A', 'B', 'C'];
  return exampleDefinition({
    questions: Object.fromEntries(ids.map((id) => [id, { ...question, id, exportTag: id }])),
    blocks: Object.fromEntries(ids.map((id) => [`BL_${id}`, asked(`BL_${id}`)])),
    flow: [
      ...more,
      { kind: 'randomizer', show, even: true, children: ids.map((id) => ({ kind: 'block', block: `BL_${id}` })) },
    ],
  });
}

/** Begins walks one after the other and counts what they draw, as the service does. */
function begin(survey: SurveyDefinition, count: number): { walks: WalkState[]; counts: Record<string, number> } {
  const counts: Record<string, number> = {};
  const walks = Array.from({ length: count }, (_, seed) => {
    let state = startWalk(survey, { seed: seed * 7919, now: 0, isCounted: true });
    for (let due = dueDraw(survey, state); due; due = dueDraw(survey, state)) {
      state = withDraw(state, due, counts);
      for (const id of state.draws![due.key]!) counts[id] = (counts[id] ?? 0) + 1;
    }
    return state;
  });
  return { walks, counts };
}

describe('even choices', () => {
  it.each([1, 2])('show %i of three arms as often as each other, whoever begins', (show) => {
    for (const total of [1, 5, 20, 40]) {
      const { counts } = begin(arms(show), total);
      const values = ['BL_A', 'BL_B', 'BL_C'].map((id) => counts[id] ?? 0);
      expect(Math.max(...values) - Math.min(...values)).toBeLessThanOrEqual(1);
      expect(values.reduce((sum, value) => sum + value, 0)).toBe(total * show);
    }
  });

  it('are met where they were drawn', () => {
    const survey = arms(1);
    for (const state of begin(survey, 12).walks) {
      const [drawn] = Object.values(state.draws!).flat();
      expect(pageOf(survey, state)).toMatchObject({ questions: [{ id: drawn!.replace('BL_', '') }] });
    }
  });

  it('draw nothing where all is shown, in previews and in walks from before', () => {
    const counted = { seed: 1, now: 0, isCounted: true };
    expect(dueDraw(arms(3), startWalk(arms(3), counted))).toBeUndefined();
    expect(startWalk(arms(1), { seed: 1, now: 0 }).draws).toBeUndefined();
    expect(startWalk(three, counted).draws).toBeUndefined();
    const before = startWalk(arms(1), { seed: 3, now: 0 });
    expect(dueDraw(arms(1), before)).toBeUndefined();
    expect(pageOf(arms(1), before)).toMatchObject({ kind: 'page' });
  });

  it('are counted on when only texts change, and anew when the arms do', () => {
    const keyOf = (survey: SurveyDefinition): string =>
      dueDraw(survey, startWalk(survey, { seed: 1, now: 0, isCounted: true }))!.counter;
    const reworded = { ...arms(1), title: 'New words' };
    const moved = arms(1, [{ kind: 'embedded', fields: [{ name: 'wave', value: '2' }] }]);
    const fewer = arms(1);
    (fewer.flow[0] as { children: FlowNode[] }).children.pop();
    expect(keyOf(reworded)).toBe(keyOf(arms(1)));
    expect(keyOf(moved)).toBe(keyOf(arms(1)));
    expect(keyOf(fewer)).not.toBe(keyOf(arms(1)));
  });

  it('are even in each of two randomizers with the same arms', () => {
    const [randomizer] = arms(1).flow;
    const twice = {
      ...arms(1),
      flow: [{ kind: 'group', name: 'First', children: [randomizer!] }, structuredClone(randomizer!)],
    } as SurveyDefinition;
    let state = startWalk(twice, { seed: 4, now: 0, isCounted: true });
    const first = dueDraw(twice, state)!;
    state = { ...withDraw(state, first, {}), passed: 1 };
    const second = dueDraw(twice, state)!;
    expect(second.counter).not.toBe(first.counter);
  });

  it('hold for choices and for questions of a block', () => {
    const shuffle = { mode: 'shuffle', show: 1, even: true } as const;
    const choices = exampleDefinition({ questions: { ...three.questions, QID1: { ...question, shuffle } } });
    const chosen = begin(choices, 9);
    expect(Object.values(chosen.counts)).toEqual([3, 3, 3]);
    const shown = chosen.walks.map((state) => {
      const view = pageOf(choices, state);
      return view.kind === 'page' ? view.questions[0]!.choices.map((choice) => choice.id) : [];
    });
    expect(shown).toEqual(chosen.walks.map((state) => Object.values(state.draws!).flat()));
    const block = { ...three.blocks['BL1']!, shuffle: true, order: shuffle };
    expect(Object.values(begin({ ...three, blocks: { BL1: block } }, 8).counts)).toEqual([4, 4]);
  });
});
