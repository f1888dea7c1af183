import { exampleDefinition, type SurveyDefinition } from '../../src/engine/definition.js';
import type { Question } from '../../src/engine/questions/question.schema.js';

const choice = (id: string, text: string, more: object = {}) => ({ id, text, value: id, ...more });
const fruits = ['Apples', 'Pears', 'Plums', 'Cherries'].map((text, index) => choice(String(index + 1), text));
const agree = ['Disagree', 'Neither', 'Agree'].map((text, index) => choice(String(index + 1), text));
const statements = ['The meal was warm', 'The staff were friendly', 'I would come again'].map((text, index) =>
  choice(String(index + 1), text),
);

type Asked = Pick<Question, 'id' | 'exportTag' | 'text' | 'required'>;
const asked = (number: number, text: string, required: Question['required'] = 'force'): Asked => ({
  id: `QID${number}`,
  exportTag: `Q${number}`,
  text,
  required,
});

/** One question of every type and subtype, three pages, required wherever it can be. */
export const everyType: Question[] = [
  { ...asked(1, '<p>Welcome to the <b>canteen survey</b>. It takes four minutes.</p>', 'none'), type: 'description' },
  {
    ...asked(2, 'How often do you eat here?'),
    type: 'choice',
    subtype: 'single',
    choices: [
      choice('1', 'Every day'),
      choice('2', 'Once a week'),
      choice('3', 'Other:', { textEntry: true, textRequired: true }),
    ],
  },
  {
    ...asked(3, 'What did you eat last time?'),
    type: 'choice',
    subtype: 'multiple',
    minChoices: 1,
    maxChoices: 2,
    choices: [...fruits, choice('9', 'Nothing', { exclusive: true })],
  },
  { ...asked(4, 'Which table?'), type: 'choice', subtype: 'dropdown', choices: fruits },
  { ...asked(5, 'Which drink?'), type: 'choice', subtype: 'select', choices: fruits },
  { ...asked(6, 'Which desserts?', 'request'), type: 'choice', subtype: 'multiselect', choices: fruits },
  { ...asked(7, 'Would you come again?'), type: 'choice', subtype: 'single', horizontal: true, choices: agree },
  {
    ...asked(8, 'Your nickname'),
    type: 'text',
    subtype: 'single',
    content: { kind: 'any', minLength: 2, maxLength: 20 },
  },
  { ...asked(9, 'What should be better?', 'request'), type: 'text', subtype: 'essay', content: { kind: 'any' } },
  { ...asked(10, 'Your e-mail'), type: 'text', subtype: 'single', content: { kind: 'email' } },
  {
    ...asked(11, 'How many meals a month?'),
    type: 'text',
    subtype: 'single',
    content: { kind: 'number', min: 0, max: 60, decimals: 0 },
  },
  {
    ...asked(12, 'When was your last visit?'),
    type: 'text',
    subtype: 'single',
    content: { kind: 'date', dateFormat: 'dmy' },
  },
  {
    ...asked(13, 'How may we call you?'),
    type: 'form',
    choices: [choice('1', 'First name'), choice('2', 'Age', { content: { kind: 'number' } })],
  },
  { ...asked(14, 'How was it?'), type: 'matrix', subtype: 'single', choices: statements, columns: agree },
  { ...asked(15, 'What fits?'), type: 'matrix', subtype: 'multiple', choices: statements, columns: agree },
  { ...asked(16, 'And now?'), type: 'matrix', subtype: 'dropdown', choices: statements, columns: agree },
  {
    ...asked(17, 'In a word each', 'request'),
    type: 'matrix',
    subtype: 'text',
    choices: statements,
    columns: agree.slice(0, 2),
  },
  {
    ...asked(18, 'How likely are you to recommend us?'),
    type: 'nps',
    lowLabel: 'Not at all likely',
    highLabel: 'Extremely likely',
  },
  {
    ...asked(19, 'How loud was it?'),
    type: 'slider',
    choices: [choice('1', 'Noon'), choice('2', 'Evening')],
    min: 0,
    max: 100,
    decimals: 0,
    labels: ['Quiet', 'Loud'],
  },
  { ...asked(20, 'Share out 100 points'), type: 'sum', choices: fruits, total: 100, decimals: 0, unit: 'points' },
  { ...asked(21, 'Your order of preference'), type: 'rank', choices: fruits },
];

const PAGES = [
  [1, 2, 3, 4, 5, 6, 7],
  [8, 9, 10, 11, 12, 13],
  [14, 15, 16, 17],
  [18, 19, 20, 21],
];

/** Valid answers for each page of the survey of every type. */
export const ANSWERS: Record<string, string | string[]>[] = [
  { QID2: '3', QID2_3_TEXT: 'Fridays', QID3: ['1', '2'], QID4: '1', QID5: '2', QID6: ['1', '3'], QID7: '2' },
  {
    QID8: 'Grace',
    QID9: 'More light',
    QID10: 'grace@navy.example',
    QID11: '12',
    QID12: '2026-11-20',
    QID13_1: 'Grace',
    QID13_2: '85',
  },
  {
    ...Object.fromEntries([1, 2, 3].flatMap((row) => [14, 15, 16].map((id) => [`QID${id}_${row}`, '2']))),
    ...Object.fromEntries([1, 2, 3].flatMap((row) => [1, 2].map((column) => [`QID17_${row}_${column}`, 'Soup']))),
  },
  {
    QID18: '9',
    QID19_1: '30',
    QID19_2: '80',
    QID20_1: '25',
    QID20_2: '25',
    QID20_3: '25',
    QID20_4: '25',
    QID21_1: '1',
    QID21_2: '2',
    QID21_3: '3',
    QID21_4: '4',
  },
];

export function surveyOfEveryType(changes: Partial<SurveyDefinition> = {}): SurveyDefinition {
  return exampleDefinition({
    title: 'Canteen survey',
    questions: Object.fromEntries(everyType.map((question) => [question.id, question])),
    blocks: {
      BL1: {
        id: 'BL1',
        name: 'All',
        items: PAGES.flatMap((numbers) => [
          ...numbers.map((number) => ({ kind: 'question' as const, question: `QID${number}` })),
          { kind: 'pageBreak' as const },
        ]),
      },
    },
    ...changes,
  });
}
