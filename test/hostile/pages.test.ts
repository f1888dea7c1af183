import { exampleDefinition } from '../../src/engine/definition.js';
import type { SurveyDefinition } from '../../src/engine/definition.js';
import { PageTooLarge } from '../../src/engine/page-size.js';
import type { Question } from '../../src/engine/questions/question.schema.js';
import { pageOf, startWalk, submitPage } from '../../src/engine/walk.js';

const listed = (count: number, text = 'x') =>
  Array.from({ length: count }, (_, index) => ({ id: String(index + 1), text, value: String(index + 1) }));

function matrix(id: string, rows: number, columns: number, text = 'x'): Question {
  const choices = listed(rows, text);
  const asked = { id, exportTag: id, text: id, required: 'none' } as const;
  return { ...asked, type: 'matrix', subtype: 'single', choices, columns: listed(columns, text) };
}

/** A survey that was stored before there were bounds: one block, one page. */
function stored(questions: Question[], changes: Partial<SurveyDefinition> = {}): SurveyDefinition {
  const items = questions.map(({ id }) => ({ kind: 'question' as const, question: id }));
  return exampleDefinition({
    questions: Object.fromEntries(questions.map((question) => [question.id, question])),
    blocks: { BL1: { id: 'BL1', name: 'All', items } },
    ...changes,
  });
}

const firstPage = (definition: SurveyDefinition) => pageOf(definition, startWalk(definition, { seed: 1, now: 0 }));

describe('A page of a survey that was stored before there were bounds', () => {
  it.each([
    ['nine million cells', stored([matrix('QID1', 3000, 3000)])],
    ['a million cells', stored([matrix('QID1', 1000, 1000)])],
    ['long words in every cell', stored([matrix('QID1', 90, 90, 'word '.repeat(1000))])],
  ])('is not drawn where it has %s', (_name, definition) => {
    expect(() => firstPage(definition)).toThrow(PageTooLarge);
  });

  it('is cut into several where its questions together are too many', () => {
    const definition = stored(Array.from({ length: 4 }, (_, index) => matrix(`QID${index + 1}`, 60, 80)));
    const state = startWalk(definition, { seed: 1, now: 0 });
    const page = pageOf(definition, state);
    expect(page).toMatchObject({ kind: 'page', questions: [{ id: 'QID1' }, { id: 'QID2' }] });
    const next = submitPage(definition, state, page.kind === 'page' ? page.key : '', {});
    expect(next.kind === 'moved' && pageOf(definition, next.state)).toMatchObject({
      questions: [{ id: 'QID3' }, { id: 'QID4' }],
    });
  });

  it('does not grow with fields that are set to themselves twice over and over', () => {
    const twice = { name: 'a', value: '${e://Field/a}${e://Field/a}x' };
    const definition = stored([matrix('QID1', 2, 2)], {
      flow: [
        { kind: 'embedded', fields: Array.from({ length: 60 }, () => twice) },
        { kind: 'block', block: 'BL1' },
      ],
    });
    expect(firstPage(definition)).toMatchObject({ kind: 'page' });
  });
});
