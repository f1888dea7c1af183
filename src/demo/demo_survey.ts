import type { SurveyDefinition } from '../engine/definition.js';

const AGREEMENT = ['Strongly disagree', 'Disagree', 'Neither', 'Agree', 'Strongly agree'];
const ROWS = ['I know what is expected of me', 'I have what I need to work', 'I know whom to ask'];

const listed = (texts: string[]) =>
  texts.map((text, index) => ({ id: String(index + 1), text, value: String(index + 1) }));

const QUESTIONS: SurveyDefinition['questions'] = {
  QID1: {
    id: 'QID1',
    type: 'description',
    exportTag: 'Welcome',
    required: 'none',
    text: '<p>Welcome to the team.</p><p>Five minutes of your time help us to make the first weeks better for everybody who comes after you.</p>',
  },
  QID2: {
    id: 'QID2',
    type: 'choice',
    subtype: 'single',
    exportTag: 'Weeks',
    required: 'force',
    text: 'How did your first weeks go?',
    choices: listed(['Very well', 'Well', 'So-so', 'Badly']),
  },
  QID3: {
    id: 'QID3',
    type: 'matrix',
    subtype: 'single',
    exportTag: 'Ready',
    required: 'request',
    text: 'How far do you agree?',
    choices: listed(ROWS),
    columns: listed(AGREEMENT),
  },
  QID4: {
    id: 'QID4',
    type: 'choice',
    subtype: 'multiple',
    exportTag: 'Helped',
    required: 'none',
    text: 'What helped you most?',
    choices: [
      ...listed(['My buddy', 'The handbook', 'The first-day workshop', 'My team']),
      { id: '5', text: 'Something else', value: '5', textEntry: true },
      { id: '6', text: 'Nothing', value: '6', exclusive: true },
    ],
  },
  QID5: {
    id: 'QID5',
    type: 'nps',
    exportTag: 'Recommend',
    required: 'force',
    text: 'How likely are you to recommend us as a place to work?',
    lowLabel: 'Not at all likely',
    highLabel: 'Extremely likely',
  },
  QID6: {
    id: 'QID6',
    type: 'text',
    subtype: 'essay',
    exportTag: 'Wrong',
    required: 'none',
    text: 'What went wrong?',
    content: { kind: 'any', maxLength: 2000 },
  },
  QID7: {
    id: 'QID7',
    type: 'text',
    subtype: 'essay',
    exportTag: 'Wish',
    required: 'none',
    text: 'If you could change one thing about your first day, what would it be?',
    content: { kind: 'any', maxLength: 2000 },
  },
};

const BLOCKS: SurveyDefinition['blocks'] = {
  BL1: {
    id: 'BL1',
    name: 'First weeks',
    items: [
      { kind: 'question', question: 'QID1' },
      { kind: 'question', question: 'QID2' },
      { kind: 'pageBreak' },
      { kind: 'question', question: 'QID3' },
      { kind: 'question', question: 'QID4' },
    ],
  },
  BL2: { id: 'BL2', name: 'When it went badly', items: [{ kind: 'question', question: 'QID6' }] },
  BL3: {
    id: 'BL3',
    name: 'Last words',
    items: [
      { kind: 'question', question: 'QID5' },
      { kind: 'question', question: 'QID7' },
    ],
  },
};

const FLOW: SurveyDefinition['flow'] = [
  { kind: 'embedded', fields: [{ name: 'department' }] },
  { kind: 'block', block: 'BL1' },
  {
    kind: 'branch',
    when: { kind: 'test', operand: { kind: 'choice', question: 'QID2', choice: '4' }, operator: 'selected' },
    children: [{ kind: 'block', block: 'BL2' }],
  },
  { kind: 'block', block: 'BL3' },
];

/** The survey of the demo data: most question types, a branch and a page with nothing but words. */
export function demoSurvey(): SurveyDefinition {
  return {
    schema: 1,
    title: 'Onboarding pulse',
    description: 'Five minutes about your first weeks with us.',
    language: 'en',
    questions: QUESTIONS,
    blocks: BLOCKS,
    flow: FLOW,
    ending: {
      kind: 'message',
      message: '<h1>Thank you</h1><p>Your answers reached the people team. You can close this page.</p>',
    },
    options: { progressBar: true, backButton: true },
    translations: {},
  };
}
