import { exampleDefinition } from '../../src/engine/definition.js';
import type { SurveyDefinition } from '../../src/engine/definition.js';
import type { EndView, PageView } from '../../src/engine/page.js';
import { pageOf, startWalk, submitPage } from '../../src/engine/walk.js';
import type { Start } from '../../src/engine/walk.js';
import { warningsOf } from '../../src/engine/warnings.js';

const noon = 1_795_435_200_000; // 2026-11-23T12:00:00Z

function afterFirstPage(
  text: string,
  start: Partial<Start> = {},
  changes: Partial<SurveyDefinition> = {},
): PageView | EndView {
  const survey = exampleDefinition(changes);
  survey.questions['QID2']!.text = text;
  const state = startWalk(survey, { seed: 3, now: noon, ...start });
  const page = pageOf(survey, state);
  const moved = submitPage(survey, state, page.kind === 'page' ? page.key : '', { QID1: '2' });
  if (moved.kind !== 'moved') throw new Error(moved.kind);
  const link = (name: string, label?: string): string | undefined =>
    name === 'SurveyURL'
      ? 'https://acme.example/s/1'
      : name === 'SurveyLink'
        ? `<a href="/s/1">${label ?? ''}</a>`
        : undefined;
  return pageOf(survey, moved.state, { link });
}

function html(text: string, start: Partial<Start> = {}): string {
  const page = afterFirstPage(text, start);
  return page.kind === 'page' ? page.questions[0]!.html : '';
}

describe('piped text', () => {
  it.each([
    ['${q://QID1/ChoiceGroup/SelectedChoices}', 'Mixed'],
    ['${q://QID1/ChoiceGroup/UnselectedChoices}', 'Good, Bad'],
    ['${q://QID1/SelectedChoicesRecode}', '2'],
    ['${q://QID1/SelectedChoicesCount}', '1'],
    ['${q://QID1/ChoiceDescription/3}', 'Bad'],
    ['${q://QID1/QuestionText}', 'How was your first week?'],
    ['${e://Field/team}', 'R&amp;D &lt;b&gt;'],
    ['${m://FirstName} ${m://Email1}', '&quot;Ada&quot; '],
    ['${date://CurrentDate/m/d/Y}', '11/23/2026'],
    ['${date://CurrentDate/Y-m-d?tz=Pacific/Auckland}', '2026-11-24'],
    ['${date://CurrentDate/PT}', 'November 23, 2026'],
    ['${date://CurrentTime/H:i}', '12:00'],
    ['${m://LastName?d=friend &amp; co} ${m://FirstName?d=friend}', 'friend &amp; co &quot;Ada&quot;'],
    ['${e://Field/none?d=all%20teams}', 'all teams'],
    ['${l://SurveyURL}', 'https://acme.example/s/1'],
    ['${l://SurveyLink?d=Go on}', '<a href="/s/1">Go on</a>'],
    ['${l://SurveyLink?d=Ready? Go = 1}', '<a href="/s/1">Ready? Go = 1</a>'],
  ])('%s becomes %s', (text, expected) => {
    expect(html(text, { embedded: { team: 'R&D <b>' }, contact: { FirstName: '"Ada"' } })).toBe(expected);
  });

  it('is the same lucky number every time', () => {
    const numbers = Array.from({ length: 3 }, () => html('${rand://int/1:1000}'));
    expect(new Set(numbers).size).toBe(1);
    expect(Number(numbers[0])).toBeGreaterThanOrEqual(1);
  });

  it.each([
    '${x://y}',
    '${q://QID99/QuestionText}',
    '${q://QID1/constructor}',
    '${gr://SC_0/Score}',
    '${l://Other}',
    '${m://constructor}',
  ])('%s is unknown: empty, listed and warned of', (text) => {
    const page = afterFirstPage(`A${text}B`);
    expect(page).toMatchObject({ questions: [{ html: 'AB' }], unknownPipes: [text] });
    const survey = exampleDefinition();
    survey.questions['QID2']!.text = text;
    expect(warningsOf(survey)).toContainEqual({
      code: 'unknownPlaceholder',
      where: 'QID2',
      params: { placeholder: text },
    });
  });

  it('is not read again when an answer looks like a placeholder', () => {
    expect(html('${e://Field/a}', { embedded: { a: '${e://Field/b}', b: 'secret' } })).toBe('${e://Field/b}');
  });

  it('in an address is escaped for it and leads nowhere but to the web', () => {
    const ending = (url: string): Partial<SurveyDefinition> => ({
      flow: [{ kind: 'end', ending: { kind: 'redirect', url } }],
    });
    const end = (url: string): unknown => {
      const survey = exampleDefinition(ending(url));
      return pageOf(
        survey,
        startWalk(survey, { seed: 1, now: 0, embedded: { id: 'a b&c', to: 'https://evil.example' } }),
      );
    };
    expect(end('https://acme.example/?id=${e://Field/id}')).toMatchObject({
      ending: 'redirect',
      url: 'https://acme.example/?id=a%20b%26c',
    });
    expect(end('${e://Field/to}')).toMatchObject({ ending: 'default' });
    expect(end('javascript:alert(1)')).toMatchObject({ ending: 'default' });
    // A value may have come with the link: it chooses no host, and an address that no browser reads is none.
    const unread = [
      'https://acme.${e://Field/id}',
      'https://${e://Field/to}@acme.example',
      'https://acme.example:99999/',
    ];
    for (const url of [...unread, 'https://[::1', 'http://a%b/', 'https:\\\\evil.example/']) {
      expect(end(url)).toMatchObject({ ending: 'default' });
    }
  });

  it('of the same page comes on a page of its own', () => {
    const survey = exampleDefinition({
      blocks: {
        BL1: {
          id: 'BL1',
          name: 'One page',
          items: [
            { kind: 'question', question: 'QID1' },
            { kind: 'question', question: 'QID2' },
          ],
        },
      },
    });
    expect(pageOf(survey, startWalk(survey, { seed: 1, now: 0 }))).toMatchObject({
      questions: [{ id: 'QID1' }, { id: 'QID2' }],
    });
    const piped = structuredClone(survey);
    piped.questions['QID2']!.text = '${q://QID1/ChoiceGroup/SelectedChoices}?';
    expect(pageOf(piped, startWalk(piped, { seed: 1, now: 0 }))).toMatchObject({ questions: [{ id: 'QID1' }] });
  });
});

it('texts come in the language of the respondent', () => {
  const survey = exampleDefinition({
    translations: {
      de: { title: 'Puls', questions: { QID1: { text: 'Wie war die erste Woche?', choices: { '1': 'Gut' } } } },
    },
  });
  const page = pageOf(survey, startWalk(survey, { seed: 1, now: 0, language: 'de' }));
  expect(page).toMatchObject({
    title: 'Puls',
    questions: [{ html: 'Wie war die erste Woche?', choices: [{ label: 'Gut' }, { label: 'Mixed' }, {}] }],
  });
});
