import type { PageView } from '../../../src/engine/page.js';
import { pageOf, startWalk } from '../../../src/engine/walk.js';
import type { ImportedSurvey } from '../../../src/qsf/import-qsf.js';
import { blockWith, choosing, imported, linesAbout, pagesOf } from '../written.js';

type Raw = Record<string, unknown>;
const SEEDS = Array.from({ length: 60 }, (_, seed) => seed);

/** Ids of the first question's choices (or columns) in many walks. */
function shown(survey: ImportedSurvey, list: 'choices' | 'rows' | 'columns' = 'choices'): string[][] {
  return SEEDS.map((seed) => {
    const view = pageOf(survey.definition, startWalk(survey.definition, { seed, now: 0 })) as PageView;
    return view.questions[0]![list].map((one) => one.id);
  });
}

function withOrder(Randomization: unknown, more: Raw = {}): ImportedSurvey {
  return imported({ questions: { QID1: choosing(['A', 'B', 'C', 'D'], { Randomization, ...more }) } });
}

function counted(lists: readonly string[][]): number {
  return new Set(lists.map(String)).size;
}

describe('choices at random', () => {
  it.each([
    { Type: 'SubSet', TotalRandSubset: '2', Advanced: null },
    { Type: 'Subset', TotalRandSubset: 2 },
    { Type: 'RandomSubset', TotalRandSubset: '', Advanced: { TotalRandSubset: '2' } },
    { TotalRandSubset: '2' },
  ])('are so many as the file says: %j', (random) => {
    const lists = shown(withOrder(random));
    expect(new Set(lists.map((list) => list.length))).toEqual(new Set([2]));
    expect(counted(lists)).toBeGreaterThan(6);
    expect(withOrder(random).report).toEqual([]);
  });

  it.each(['All', true, { Type: true }, { Type: 'All', TotalRandSubset: '' }])('are all of them: %j', (random) => {
    const lists = shown(withOrder(random));
    expect(lists.every((list) => list.toSorted().join('') === '1234')).toBe(true);
    expect(counted(lists)).toBeGreaterThan(10);
  });

  it.each(['None', { Type: 'None' }, { TotalRandSubset: '' }, undefined])('keep their order: %j', (random) => {
    expect(counted(shown(withOrder(random)))).toBe(1);
  });

  it('are all shown where the file forgets how many, and the report says so', () => {
    const survey = withOrder({ Type: 'SubSet', TotalRandSubset: '' });
    expect(shown(survey)[0]).toHaveLength(4);
    expect(linesAbout(survey, 'QID1').join()).toContain('how many');
  });
});

describe('advanced randomization', () => {
  const advanced = (Advanced: Raw, more: Raw = {}): ImportedSurvey =>
    withOrder({ Type: 'Advanced', Advanced, ...more });

  it('keeps a choice at the place that the file gives it, not where it stands in the list', () => {
    const lists = shown(
      advanced({
        FixedOrder: ['{~Randomized~}', '{~Randomized~}', '{~Randomized~}', '3'],
        RandomizeAll: ['1', '2', '4'],
      }),
    );
    expect(new Set(lists.map((list) => list[3]))).toEqual(new Set(['3']));
    expect(counted(lists)).toBe(6);
  });

  it('draws a subset beside fixed choices, and never shows the undisplayed', () => {
    const lists = shown(
      advanced({
        FixedOrder: ['{~SubSet~}', '4'],
        RandomSubSet: ['1', '2'],
        Undisplayed: ['3'],
        TotalRandSubset: 1,
      }),
    );
    expect(new Set(lists.map(String))).toEqual(new Set(['1,4', '2,4']));
  });

  it('draws as many as there are places where no number is written, or lists are written by number', () => {
    const lists = shown(
      advanced({
        FixedOrder: { 0: '1', 1: '{~SubSet~}', 2: '{~SubSet~}' },
        RandomSubset: { 0: 2, 1: 3, 2: 4 },
        TotalRandSubset: 0,
      }),
    );
    expect(lists.every((list) => list.length === 3 && list[0] === '1')).toBe(true);
    expect(counted(lists)).toBe(6);
  });

  it('loses no choice that the lists forget', () => {
    const lists = shown(advanced({ FixedOrder: ['{~Randomized~}', '{~Randomized~}'], RandomizeAll: ['1', '2'] }));
    expect(new Set(lists.map((list) => list.slice(2).join()))).toEqual(new Set(['3,4']));
  });

  it('keeps the written order where the file says nothing more', () => {
    const survey = withOrder({ Type: 'Advanced', Advanced: null });
    expect(counted(shown(survey))).toBe(1);
    expect(linesAbout(survey, 'QID1').join()).toContain('not in the file');
  });
});

describe('tables', () => {
  const table = (more: Raw): ImportedSurvey =>
    imported({
      questions: {
        QID1: {
          ...choosing(['A', 'B', 'C']),
          QuestionType: 'Matrix',
          Selector: 'Likert',
          SubSelector: 'SingleAnswer',
          Answers: { 1: { Display: 'Low' }, 2: { Display: 'Middle' }, 3: { Display: 'High' } },
          ...more,
        },
      },
    });

  it('shuffle rows and columns each by its own rule', () => {
    const survey = table({
      Randomization: { Type: 'SubSet', TotalRandSubset: 2 },
      AnswerRandomization: {
        Type: 'Advanced',
        Advanced: { FixedOrder: ['{~Randomized~}', '2', '{~Randomized~}'], RandomizeAll: ['1', '3'] },
      },
    });
    expect(new Set(shown(survey, 'rows').map((rows) => rows.length))).toEqual(new Set([2]));
    expect(new Set(shown(survey, 'columns').map(String))).toEqual(new Set(['1,2,3', '3,2,1']));
  });

  it('turn their scale around for about half of the people, and together where the file says so', () => {
    const turned = shown(table({ Randomization: { Type: 'ScaleReversal' } }), 'columns').filter(([id]) => id === '3');
    expect(turned.length).toBeGreaterThan(15);
    expect(turned.length).toBeLessThan(45);
    const scale = { Type: 'ScaleReversal', ConsistentScaleReversal: true };
    const two = imported({
      questions: {
        QID1: choosing(['A', 'B'], { Randomization: scale }),
        QID2: choosing(['A', 'B'], { Randomization: scale }),
      },
    });
    const pairs = SEEDS.map((seed) => {
      const view = pageOf(two.definition, startWalk(two.definition, { seed, now: 0 })) as PageView;
      return view.questions.map((question) => question.choices[0]!.id).join('');
    });
    expect(new Set(pairs)).toEqual(new Set(['11', '22']));
  });
});

describe('questions of a block at random', () => {
  const ids = ['QID1', 'QID2', 'QID3', 'QID4'];
  const questions = Object.fromEntries(ids.map((id) => [id, choosing(['Yes', 'No'])]));
  const pagesIn = (elements: string[], options: Raw): string[][][] => {
    const survey = imported({ questions, blocks: [blockWith('BL_1', elements, options)] });
    expect(survey.report).toEqual([]);
    return SEEDS.map((seed) => pagesOf(survey, {}, { seed }));
  };

  it('are some of them beside fixed ones', () => {
    const walks = pagesIn(['QID1', '|', 'QID2', '|', 'QID3', '|', 'QID4'], {
      RandomizeQuestions: 'Advanced',
      Randomization: {
        Advanced: {
          FixedOrder: ['QID1', '{~SubSet~}'],
          RandomSubSet: ['QID2', 'QID3'],
          Undisplayed: ['QID4'],
          TotalRandSubset: 1,
        },
      },
    });
    expect(new Set(walks.map(String))).toEqual(new Set(['QID1,QID2', 'QID1,QID3']));
    expect(walks[0]).toHaveLength(2);
  });

  it.each([
    ['RandomWithOnlyX', { Advanced: { TotalRandSubset: '2' } }],
    ['RandomWithOnlyX', { TotalRandSubset: 2 }],
  ])('are only so many: %s %j', (RandomizeQuestions, Randomization) => {
    const walks = pagesIn(ids, { RandomizeQuestions, Randomization });
    expect(new Set(walks.map((pages) => pages.flat().length))).toEqual(new Set([2]));
    expect(counted(walks.map((pages) => pages.flat()))).toBeGreaterThan(8);
  });

  it.each([
    ['RandomWithXPerPage', { Advanced: { QuestionsPerPage: '3' } }],
    [true, { Advanced: { QuestionsPerPage: 3 } }],
    ['true', { Advanced: { QuestionsPerPage: 3 } }],
  ])('come so many on a page: %s', (RandomizeQuestions, Randomization) => {
    const walks = pagesIn(['QID1', '|', ...ids.slice(1)], { RandomizeQuestions, Randomization });
    expect(new Set(walks.map((pages) => pages.map((page) => page.length).join()))).toEqual(new Set(['3,1']));
    expect(counted(walks.map((pages) => pages.flat()))).toBeGreaterThan(10);
  });

  it('keep the tables of a side by side together', () => {
    const column = { QuestionText: 'How', QuestionType: 'Matrix', Selector: 'Likert', SubSelector: 'SingleAnswer' };
    const side = {
      ...choosing(['A', 'B']),
      QuestionType: 'SBS',
      AdditionalQuestions: {
        1: { ...column, Answers: { 1: { Display: 'x' } } },
        2: { ...column, Answers: { 1: { Display: 'x' } } },
      },
    };
    const survey = imported({
      questions: { ...questions, QID2: side },
      blocks: [blockWith('BL_1', ids, { RandomizeQuestions: 'true' })],
    });
    const walks = SEEDS.map((seed) => pagesOf(survey, {}, { seed }).flat().join());
    expect(walks.every((walk) => walk.includes('QID2,QID2-1,QID2-2'))).toBe(true);
    expect(new Set(walks).size).toBeGreaterThan(10);
    const alone = imported({ questions: { QID2: { ...side, Randomization: { Type: 'SubSet', TotalRandSubset: 1 } } } });
    const rows = SEEDS.map((seed) => {
      const view = pageOf(alone.definition, startWalk(alone.definition, { seed, now: 0 })) as PageView;
      return view.questions.slice(1).map((table) => table.rows.map((row) => row.id).join());
    });
    expect(rows.every(([left, right]) => left === right)).toBe(true);
    expect(new Set(rows.map(String))).toEqual(new Set(['1,1', '2,2']));
  });
});

describe('a randomizer of the flow', () => {
  const questions = Object.fromEntries(['QID1', 'QID2', 'QID3'].map((id) => [id, choosing(['Yes', 'No'])]));
  const blocks = Object.keys(questions).map((id) => blockWith(`BL_${id}`, [id]));
  const arms = blocks.map(({ ID }) => ({ Type: 'Standard', ID }));

  it.each([1, '1'])('shows so many of its arms: %j', (SubSet) => {
    const survey = imported({ questions, blocks, flow: [{ Type: 'BlockRandomizer', SubSet, Flow: arms }] });
    const walks = SEEDS.map((seed) => pagesOf(survey, {}, { seed }).flat().join());
    expect(new Set(walks)).toEqual(new Set(Object.keys(questions)));
  });

  it.each([{ Count: 1 }, 'many', -1])('shows all where the file says so many in words unknown: %j', (SubSet) => {
    const survey = imported({ questions, blocks, flow: [{ Type: 'BlockRandomizer', SubSet, Flow: arms }] });
    expect(pagesOf(survey).flat()).toHaveLength(3);
    expect(linesAbout(survey, 'Flow').join()).toContain('How many parts');
  });

  it('keeps an arm whose content could not be taken over, so that the others are met as seldom as before', () => {
    const flow = [{ Type: 'BlockRandomizer', SubSet: 1, Flow: [arms[0]!, { Type: 'WebService' }] }];
    const survey = imported({ questions, blocks, flow });
    const walks = SEEDS.map((seed) => pagesOf(survey, {}, { seed }).flat().join());
    expect(new Set(walks)).toEqual(new Set(['QID1', '']));
  });
});
