import { inlineQuestionOf } from '../../../src/emails/content/inline_question.js';
import { MailPlaceholders } from '../../../src/emails/content/mail_placeholders.js';
import { versionFor } from '../../../src/emails/content/mail_versions.js';
import { exampleDefinition, type SurveyDefinition } from '../../../src/engine/definition.js';
import type { Question } from '../../../src/engine/questions/question.schema.js';
import { pageOf, startWalk } from '../../../src/engine/walk.js';
import { withAnswerOfAddress } from '../../../src/responses/walks.js';
import type { Visit } from '../../../src/responses/visit.js';

const example = exampleDefinition();
const first = example.questions['QID1']!;

/** The example survey with another first question. */
function beginning(changes: object): SurveyDefinition {
  return { ...example, questions: { ...example.questions, QID1: { ...first, ...changes } } };
}
const nps = (): SurveyDefinition => {
  const { id, exportTag, text, required } = first;
  const question: Question = { id, exportTag, text, required, type: 'nps', lowLabel: 'No', highLabel: 'Yes' };
  return { ...example, questions: { ...example.questions, QID1: question } };
};

describe('the first question of a survey in a mail', () => {
  it('is its single choice with every choice as a button', () => {
    expect(inlineQuestionOf(example, 'en')).toEqual({
      id: 'QID1',
      kind: 'choice',
      text: 'How was your first week?',
      choices: [
        { value: '1', label: 'Good' },
        { value: '2', label: 'Mixed' },
        { value: '3', label: 'Bad' },
      ],
      ends: ['', ''],
    });
  });

  it('is a scale from 0 to 10 with words at its ends', () => {
    expect(inlineQuestionOf(nps(), 'en')).toMatchObject({ kind: 'nps', choices: { length: 11 }, ends: ['No', 'Yes'] });
  });

  it('stands in the language of the mail where the survey has it', () => {
    const questions = { QID1: { text: 'Wie war die erste Woche?', choices: { '1': 'Gut' } } };
    const definition = { ...example, translations: { de: { questions } } };
    expect(inlineQuestionOf(definition, 'de')).toMatchObject({
      text: 'Wie war die erste Woche?',
      choices: [{ label: 'Gut' }, { label: 'Mixed' }, { label: 'Bad' }],
    });
  });

  const logic = { kind: 'all', conditions: [] } as unknown;
  it.each<[string, SurveyDefinition, string]>([
    ['several may be chosen', beginning({ subtype: 'multiple' }), 'kind'],
    ['it is a text', beginning({ type: 'text', subtype: 'single', content: { kind: 'any' } }), 'kind'],
    ['it is not shown to everybody', beginning({ displayLogic: logic }), 'logic'],
    ['it contains a placeholder', beginning({ text: 'Hello ${m://FirstName}, how are you?' }), 'placeholders'],
    [
      'it has too many choices',
      beginning({ choices: Array.from({ length: 12 }, (_, n) => ({ id: `${n}`, text: `${n}`, value: `${n}` })) }),
      'many',
    ],
    [
      'chance decides what is first',
      { ...example, flow: [{ kind: 'randomizer', show: 1, even: true, children: example.flow }] },
      'varies',
    ],
    ['there is none', { ...example, flow: [{ kind: 'end', ending: { kind: 'default' } }] }, 'none'],
  ])('is refused where %s', (_, definition, refusal) => {
    expect(inlineQuestionOf(definition, 'en')).toBe(refusal);
  });

  it('is written as links that carry the choice, escaped for their place', () => {
    const inline = inlineQuestionOf(beginning({ text: 'A < B?' }), 'en');
    const placeholders = new MailPlaceholders(typeof inline === 'string' ? undefined : inline);
    const html = placeholders.html('<p>Hi</p>${iq://first}');
    const filled = html.map((piece) => (typeof piece === 'string' ? piece : 'https://x.example/s/T')).join('');
    expect(filled).toContain('A &lt; B?');
    expect(filled.match(/href="https:\/\/x\.example\/s\/T\?Q_Answer=QID1%3A[123]"/g)).toHaveLength(3);
    const text = placeholders
      .text('${iq://first}')
      .map((piece) => (typeof piece === 'string' ? piece : 'URL'))
      .join('');
    expect(text).toContain('- Good: URL?Q_Answer=QID1%3A1');
    expect(placeholders.unknown.size).toBe(0);
  });

  const walked = (definition: SurveyDefinition, answer: string): unknown => {
    const state = startWalk(definition, { seed: 1, now: 0 });
    const visit = { query: { Q_Answer: answer } } as unknown as Visit;
    const after = withAnswerOfAddress(definition, state, visit);
    const view = pageOf(definition, after);
    const chosen = view.kind === 'page' ? view.questions[0]?.choices.filter(({ checked }) => checked) : [];
    return { chosen: chosen?.map(({ id }) => id), given: after.given };
  };

  it('is found chosen, and nothing is given yet', () => {
    expect(walked(example, 'QID1:2')).toEqual({ chosen: ['2'], given: {} });
    expect(walked(nps(), 'QID1:10')).toEqual({ chosen: ['10'], given: {} });
  });

  it.each(['QID1:99', 'QID9:1', 'QID2:text', ':::', '__proto__:1', 'QID1', ''])(
    'is as it was for an address with %j',
    (answer) => {
      expect(walked(example, answer)).toEqual({ chosen: [], given: {} });
    },
  );
});

describe('the version that somebody gets', () => {
  const words = { subject: '', preheader: '', bodyHtml: '', bodyText: '' };
  const mail = { ...words, language: 'en', versions: { de: words, 'pt-BR': words, 'de-AT': words } };
  it.each([
    ['de', 'de'],
    ['DE', 'de'],
    ['de-AT', 'de-AT'],
    ['de-CH', 'de'],
    ['pt', 'pt-BR'],
    ['pt_PT', 'pt-BR'],
    ['en', ''],
    ['en-GB', ''],
    ['fr', ''],
    ['', ''],
    ['not a language', ''],
  ])('for a contact whose language is %j is %j', (wish, version) => {
    expect(versionFor(mail, wish)).toBe(version);
  });
});
