import fc from 'fast-check';
import { holds } from '../../src/engine/conditions.js';
import type { Facts } from '../../src/engine/conditions.js';
import type { SurveyDefinition } from '../../src/engine/definition.js';
import { exportColumns, exportValues } from '../../src/engine/columns/export-columns.js';
import type { Fields, PageView, WalkState } from '../../src/engine/page.js';
import { recordedAnswers } from '../../src/engine/recorded.js';
import { dueDraw, goBack, pageOf, startWalk, submitPage, withDraw } from '../../src/engine/walk.js';
import { warningsOf } from '../../src/engine/warnings.js';
import { answerAll, dice, fieldNames, fillPage, shownFields } from '../surveys/answering.js';
import { anySurvey } from './arbitrary.js';

const seed = fc.integer({ min: 0, max: 1_000_000 });
const runs = { numRuns: 150 };

function firstPage(definition: SurveyDefinition, at: number): { state: WalkState; page: PageView | undefined } {
  const state = startWalk(definition, { seed: at, now: 0 });
  const page = pageOf(definition, state);
  return { state, page: page.kind === 'page' ? page : undefined };
}

/** What the pages before a page have told, kept by this test and not by the walk. */
class Memory {
  readonly facts: Facts;

  constructor(private readonly definition: SurveyDefinition) {
    const questions = new Map(Object.entries(definition.questions));
    this.facts = { questions, known: new Map(), embedded: new Map(), contact: new Map() };
  }

  learn(page: PageView, state: WalkState): void {
    const place = page.key.slice(0, page.key.lastIndexOf('.'));
    for (const { id } of page.questions) {
      const answer = state.given[place]?.[id] ?? {};
      const before = this.facts.known.get(id)?.answer;
      const counts = before && Object.keys(answer).length === 0 ? before : answer;
      this.facts.known.set(id, { answer: counts });
    }
  }

  /** Tests on embedded data and on shown choices need more than the answers; they are left to other tests. */
  isHidden(id: string): boolean {
    const logic = this.definition.questions[id]?.displayLogic;
    if (!logic || /"(?:embedded|displayed|notDisplayed)"/.test(JSON.stringify(logic))) return false;
    return !holds(logic, this.facts);
  }
}

describe('for any survey', () => {
  it('every walk ends', () => {
    fc.assert(
      fc.property(anySurvey, seed, (definition, at) => {
        const { state, pages } = answerAll(definition, at);
        expect(new Set(pages.map((page) => page.key)).size).toBe(pages.length);
        expect(pages.every((page) => page.questions.length > 0)).toBe(true);
        expect(recordedAnswers(definition, state).finished).toBe(true);
      }),
      runs,
    );
  });

  it('whatever is drawn leaves the walk whole, and nothing is left to draw', () => {
    fc.assert(
      fc.property(anySurvey, seed, (definition, at) => {
        let state = startWalk(definition, { seed: at, now: 0, isCounted: true });
        for (let turn = 0; turn < 60; turn += 1) {
          for (let due = dueDraw(definition, state); due; due = dueDraw(definition, state)) {
            expect(due.pool.length).toBeGreaterThan(due.show);
            state = withDraw(state, due, {});
          }
          const view = pageOf(definition, state);
          if (view.kind === 'end') return;
          expect(new Set(view.questions.map((question) => question.id)).size).toBe(view.questions.length);
          state = { ...state, passed: state.passed + 1 };
        }
        throw new Error('The walk does not end');
      }),
      runs,
    );
  });

  it('no question is shown that its logic hides', () => {
    fc.assert(
      fc.property(anySurvey, seed, (definition, at) => {
        const memory = new Memory(definition);
        const { state, pages } = answerAll(definition, at);
        for (const page of pages) {
          expect(page.questions.filter((question) => memory.isHidden(question.id))).toEqual([]);
          memory.learn(page, state);
        }
      }),
      runs,
    );
  });

  it('progress never falls', () => {
    fc.assert(
      fc.property(anySurvey, seed, (definition, at) => {
        const progress = answerAll(definition, at).pages.map((page) => page.progress);
        expect(progress).toEqual(progress.toSorted((left, right) => left - right));
        expect(progress.every((one) => one >= 0 && one < 100)).toBe(true);
      }),
      runs,
    );
  });

  it('whatever is typed, what gets stored is valid where it stands', () => {
    const typed = fc.oneof(
      fc.constantFrom('1', '2', '3', '100', '50', '0', 'a@b.de', '', '-1', '9.5', 'TEXT', '__proto__', '\0x\uD800'),
      fc.string({ unit: 'grapheme' }),
    );
    fc.assert(
      fc.property(anySurvey, seed, fc.array(typed, { minLength: 30, maxLength: 30 }), (definition, at, values) => {
        const { state, page } = firstPage(definition, at);
        if (!page) return;
        const entries = fieldNames(page).map((name, index): [string, Fields[string]] => {
          const value = values[index % values.length]!;
          return [name, index % 3 === 0 ? [value, values[(index + 7) % values.length]!] : value];
        });
        const fields = { ...Object.fromEntries(entries), asked: page.questions.map((question) => question.id) };
        const result = submitPage(definition, state, page.key, fields);
        expect(result.kind).not.toBe('stale');
        if (result.kind === 'invalid') {
          const again = pageOf(definition, state, { entered: result.entered, errors: result.errors });
          expect(again.kind === 'page' && again.questions.flatMap((question) => question.errors)).toEqual(
            result.errors,
          );
        }
        if (result.kind !== 'moved') return;
        const back = { ...result.state, passed: 0 };
        const redrawn = pageOf(definition, back);
        if (redrawn.kind !== 'page') throw new Error('The first page is gone');
        const again = submitPage(definition, back, redrawn.key, { ...shownFields(redrawn), asked: fields.asked });
        expect(again).toEqual({ kind: 'moved', state: result.state });
      }),
      runs,
    );
  });

  it('going back and forth keeps the answers', () => {
    fc.assert(
      fc.property(anySurvey, seed, (definition, at) => {
        const roll = dice(at);
        let state = startWalk(definition, { seed: at, now: 0 });
        for (let view = pageOf(definition, state); view.kind === 'page'; view = pageOf(definition, state)) {
          const result = submitPage(definition, state, view.key, fillPage(view, roll));
          if (result.kind !== 'moved') throw new Error(JSON.stringify(result));
          const next = pageOf(definition, result.state);
          if (next.kind === 'page') {
            const typed = fillPage(next, roll);
            const back = goBack(definition, result.state, typed);
            const before = pageOf(definition, back);
            if (before.kind !== 'page') throw new Error('Nothing behind');
            const asked = before.questions.map((question) => question.id);
            const forth = submitPage(definition, back, before.key, { ...shownFields(before), asked });
            if (forth.kind !== 'moved') throw new Error(JSON.stringify(forth));
            const again = pageOf(definition, forth.state);
            const expected = pageOf(definition, result.state, { entered: typed });
            expect(again.kind === 'page' && shownFields(again)).toEqual(
              expected.kind === 'page' && shownFields(expected),
            );
          }
          state = result.state;
        }
      }),
      runs,
    );
  });

  it('the state is plain JSON and the walk the same after a journey through it', () => {
    fc.assert(
      fc.property(anySurvey, seed, (definition, at) => {
        const { state } = answerAll(definition, at);
        const back = { ...state, passed: Math.floor(state.passed / 2) };
        const copy = JSON.parse(JSON.stringify(back)) as WalkState;
        expect(copy).toEqual(back);
        expect(pageOf(structuredClone(definition), copy)).toEqual(pageOf(definition, back));
      }),
      runs,
    );
  });

  it('exports and warnings never fail', () => {
    fc.assert(
      fc.property(anySurvey, seed, (definition, at) => {
        const { answers } = recordedAnswers(definition, answerAll(definition, at).state);
        for (const split of [true, false]) {
          const columns = exportColumns(definition, { split });
          expect(exportValues(definition, answers, { split, labels: at % 2 === 0 })).toHaveLength(columns.length);
          expect(new Set(columns.map((column) => column.exportTag)).size).toBe(columns.length);
          expect(new Set(columns.map(({ importId, choiceId }) => `${importId} ${choiceId}`)).size).toBe(columns.length);
        }
        expect(Array.isArray(warningsOf(definition))).toBe(true);
      }),
      runs,
    );
  });
});
