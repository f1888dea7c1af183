import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { Invalid } from '../../src/platform/errors.js';
import type { Fields, PageView, WalkState } from '../../src/engine/page.js';
import { recordedAnswers } from '../../src/engine/recorded.js';
import { pageOf, startWalk, submitPage } from '../../src/engine/walk.js';
import { importQsf } from '../../src/qsf/import-qsf.js';
import type { ImportedSurvey } from '../../src/qsf/import-qsf.js';

function fixture(name: string): ImportedSurvey {
  return importQsf(readFileSync(join(import.meta.dirname, '../data/qsf', `${name}.qsf`), 'utf8'));
}

function reported(survey: ImportedSurvey, where: string): string[] {
  return survey.report.filter((entry) => entry.where === where).map((entry) => entry.what);
}

/** Walks with these answers, by question; other pages stay empty. */
function walked(
  survey: ImportedSurvey,
  fields: Fields,
  embedded = {},
): { pages: string[][]; state: WalkState; last: string } {
  const { definition } = survey;
  let state = startWalk(definition, { seed: 5, now: 0, embedded });
  const pages: string[][] = [];
  for (;;) {
    const view = pageOf(definition, state);
    if (view.kind === 'end') return { pages, state, last: view.ending };
    pages.push(view.questions.map((question) => question.id));
    const result = submitPage(definition, state, view.key, fields);
    if (result.kind !== 'moved') throw new Error(JSON.stringify(result));
    state = result.state;
  }
}

describe('a file that is no survey', () => {
  it.each([
    ['', 'no JSON'],
    ['{"a":', 'no JSON'],
    ['<xml/>', 'no JSON'],
    ['[]', 'SurveyEntry'],
    ['{"SurveyEntry":{}}', 'SurveyEntry'],
    ['null', 'SurveyEntry'],
    [' '.repeat(20 * 1024 * 1024 + 1), 'larger than 20 MB'],
  ])('is refused with the reason', (text, reason) => {
    const refused = (): unknown => importQsf(text);
    expect(refused).toThrow(Invalid);
    try {
      refused();
    } catch (error) {
      expect((error as Invalid).fields['file']).toContain(reason);
    }
  });
});

describe('questions', () => {
  const survey = fixture('all-types');
  const { questions } = survey.definition;

  it('keep type, choices in their order, recodes and texts', () => {
    expect(questions['QID2']).toMatchObject({
      type: 'choice',
      subtype: 'single',
      required: 'force',
      choices: [
        { value: '10' },
        { value: '20', text: '1&ndash;3 years' },
        { value: '99', textEntry: true, textRequired: true },
      ],
    });
    expect(questions['QID4']).toMatchObject({
      subtype: 'dropdown',
      required: 'request',
      choices: [{ text: 'Japan' }, {}, {}],
    });
    expect(questions['QID3']).toMatchObject({
      subtype: 'multiple',
      minChoices: 2,
      maxChoices: 3,
      shuffle: { mode: 'shuffle' },
      choices: [{}, {}, {}, { exclusive: true, fixed: true }],
    });
    expect(questions['QID5']).toMatchObject({ subtype: 'select' });
    expect(questions['QID6']).toMatchObject({ subtype: 'multiselect' });
    expect(questions['QID7']).toMatchObject({ horizontal: true, defaults: { choices: ['2'] } });
    expect(questions['QID8']).toMatchObject({
      type: 'nps',
      lowLabel: 'Not at all likely',
      highLabel: 'Extremely likely',
    });
  });

  it('keep what may be typed', () => {
    expect(questions['QID9']).toMatchObject({ content: { kind: 'number', min: 16, max: 120, decimals: 0 } });
    expect(questions['QID12']).toMatchObject({ content: { kind: 'date', dateFormat: 'mdy' } });
    expect(questions['QID14']).toMatchObject({ subtype: 'essay', content: { kind: 'any', maxLength: 200 } });
    expect(questions['QID17']).toMatchObject({
      type: 'form',
      choices: [{ required: true }, { required: false, content: { kind: 'email' } }, { required: false }],
    });
    expect(reported(survey, 'QID13')).toEqual([expect.stringContaining('ValidUSState')]);
  });

  it('keep tables, sliders, sums and ranks', () => {
    expect(questions['QID18']).toMatchObject({
      subtype: 'single',
      shuffleColumns: { mode: 'flip' },
      choices: [{ exportTag: 'like_food', value: '1' }, {}, { textEntry: true }],
      columns: [{ value: '-1' }, { value: '0' }, { value: '1' }],
    });
    expect(questions['QID23']).toMatchObject({
      type: 'slider',
      min: 10,
      max: 30,
      decimals: 1,
      labels: ['Cold', 'Warm'],
    });
    expect(questions['QID24']).toMatchObject({ type: 'slider', max: 5 });
    expect(questions['QID25']).toMatchObject({ type: 'sum', total: 100, unit: 'points' });
    expect(questions['QID26']).toMatchObject({ type: 'rank' });
  });

  it('side by side become tables one under the other', () => {
    const ids = ['QID22', 'QID22-1', 'QID22-2', 'QID22-3'];
    expect(ids.map((id) => questions[id]?.type)).toEqual(['description', 'matrix', 'matrix', 'matrix']);
    expect(questions['QID22-1']).toMatchObject({
      importId: 'QID22#1',
      exportTag: 'Q22#1',
      subtype: 'single',
      required: 'force',
    });
    expect(questions['QID22-3']).toMatchObject({ subtype: 'text', choices: [{ exportTag: 'day_meetings#3' }, {}] });
    expect(
      survey.definition.blocks['BL_types']!.items.map((item) => (item.kind === 'question' ? item.question : '|')),
    ).toEqual(expect.arrayContaining(ids));
  });

  it('lose styles and gain no headings of their own level', () => {
    expect(questions['QID1']!.text).toBe('<h2>Welcome</h2><p>Thank you for <b>your</b> time, ${m://FirstName}.</p>');
  });
});

describe('rare shapes', () => {
  const survey = fixture('odd-shapes');
  const { questions } = survey.definition;

  it('unknown types keep their text and are named', () => {
    expect(questions['QID4']).toMatchObject({ type: 'description', text: 'Where on the map?' });
    expect(reported(survey, 'QID22')).toEqual([expect.stringContaining('Hologram')]);
    expect(questions['QID1']).toBeUndefined();
    expect(reported(survey, 'QID1')).toEqual([expect.stringContaining('page timers')]);
  });

  it('nothing that runs or loads by stealth survives', () => {
    expect(questions['QID9']!.text).toBe(
      'Hello <img src="https://img.example/a.png" alt="" /><a>bad</a> <a>piped</a> ',
    );
    expect(reported(survey, 'QID9')).toHaveLength(8);
  });

  it('choices as a list, in an order that fits badly, all stay', () => {
    expect(questions['QID10']).toMatchObject({ choices: [{ id: '2' }, { id: '0' }, { id: '1' }] });
    expect(questions['QID11']).toMatchObject({ choices: [{ id: '4' }, { id: '1' }, { id: 'x2' }] });
    expect(questions['QID12']).toMatchObject({
      choices: [{ image: { url: 'https://img.example/dog.png', alt: 'a dog' } }, {}],
    });
  });

  it('export tags are made unique', () => {
    expect(['QID10', 'QID11', 'QID12'].map((id) => questions[id]!.exportTag)).toEqual(['dup', 'dup_2', 'dup_3']);
  });

  it('an id that no form field can have is replaced, also where logic and text name it', () => {
    const id = Object.keys(questions).find((key) => key.startsWith('QID-consent'))!;
    expect(questions[id]).toMatchObject({ importId: 'QID_consent' });
    expect(questions['QID21']!.displayLogic).toMatchObject({ operand: { kind: 'choice', question: id, choice: '1' } });
    const { pages, state } = walked(survey, { [id]: '1' });
    expect(pages.flat()).toContain('QID21');
    expect(recordedAnswers(survey.definition, state).answers[id]).toEqual({ choices: ['1'] });
  });

  it('loops, web services, missing blocks and library texts are named', () => {
    expect(reported(survey, 'Block "More odd ones"').join()).toContain('Loop & merge');
    expect(reported(survey, 'Flow').join()).toMatch(/web service.*table of contents.*BL_gone/);
    expect(reported(survey, 'Options').join()).toMatch(/library.*password/);
    expect(survey.options).toMatchObject({ finishLater: true });
    expect(survey.options.incompleteAfterHours).toBeUndefined();
  });

  it('a file without blocks, flow and options is a survey all the same', () => {
    expect(walked(fixture('bare'), {}).pages).toEqual([['QID1', 'QID2']]);
  });
});

describe('logic and flow', () => {
  const survey = fixture('logic');

  it('shows, hides, branches and pipes by the answers', () => {
    const { pages, state, last } = walked(
      survey,
      { QID1: '1', QID2: 'May', QID3: ['1', '2'], QID5: '0', QID7: 'x' },
      { dept: 'it' },
    );
    expect(pages.slice(0, 6)).toEqual([
      ['QID1'],
      ['QID2', 'QID3'],
      ['QID4', 'QID5'],
      ['QID6'],
      ['QID7'],
      expect.anything(),
    ]);
    expect(last).toBe('message');
    expect(recordedAnswers(survey.definition, state).embedded).toMatchObject({ dept: 'it', wave: '2', works: '1' });
  });

  it('skips to a later question, to the end of the block and of the survey', () => {
    expect(walked(survey, { QID1: '3' })).toMatchObject({ pages: [['QID1']], last: 'default' });
    expect(walked(survey, { QID1: '2', QID5: '10' }).pages.slice(0, 2)).toEqual([['QID1'], ['QID5']]);
  });

  it('ends where the flow screens out, with the address filled', () => {
    const { state } = walked(survey, { QID1: '1' }, { dept: 'guest', source: 'a&b' });
    expect(pageOf(survey.definition, state)).toMatchObject({
      ending: 'redirect',
      url: 'https://acme.example/bye?id=a%26b',
      flags: ['screenedOut'],
    });
  });

  it('keeps quotas for later, refuses a script as an address and says so', () => {
    expect(survey.definition.quotas).toMatchObject([{ name: 'Men', target: 20, action: 'EndCurrentSurvey' }]);
    expect(survey.definition.ending).toEqual({ kind: 'default' });
    expect(reported(survey, 'QID11')).toEqual([]);
    expect(survey.definition.questions['QID11']!.displayLogic).toMatchObject({ operand: { kind: 'device' } });
    expect(reported(survey, 'QID5')).toEqual([expect.stringContaining('no later question')]);
    expect(survey.definition.questions['QID6']!.displayLogic).toMatchObject({ of: [{ operand: { choice: '0' } }, {}] });
  });
});

it('translations come along', () => {
  const { definition, report } = fixture('translated');
  expect(definition.language).toBe('de');
  expect(Object.keys(definition.translations)).toEqual(['en', 'ar']);
  const page = pageOf(definition, startWalk(definition, { seed: 1, now: 0, language: 'en' })) as PageView;
  expect(page.questions.map((question) => question.label)).toEqual([
    "What's your name?",
    'Do you like apples? 🍎',
    'Rows',
    'Side by side',
    'How often?',
  ]);
  expect(page.questions[4]!.rows.map((row) => row.label)).toEqual(['Morning', 'Evening']);
  expect(report.map((entry) => entry.where)).toContain('Languages');
});

it('a byte-order mark does no harm', () => {
  expect(importQsf('\uFEFF{"SurveyEntry":{"SurveyName":"A <b>"},"SurveyElements":[]}')).toMatchObject({
    name: 'A <b>',
    definition: { title: 'A <b>' },
  });
});
