import { plainText } from '../engine/text.js';
import { KNOWN, REPORTED_WHOLE } from './known-keys.js';
import { contentKind, settingsOf } from './limits.js';
import { entriesOf, isOn, isRecord, numberOf, record, recordsOf, textOf } from './raw.js';
import type { Raw } from './raw.js';
import type { Report } from './report.js';

/** Lines for what no other part of the importer looks at, so that nothing of a file is lost without a word. */
export function reportLeftovers(elements: readonly Raw[], used: ReadonlyMap<string, Raw>, report: Report): void {
  for (const element of elements) reportElement(element, report);
  for (const [qid, question] of used) reportQuestion(qid, question, report);
}

function reportElement(element: Raw, report: Report): void {
  const kind = textOf(element['Element']);
  const payload = element['Payload'];
  if (!KNOWN.element.has(kind)) report.note('File', `A part of the kind "${kind}" is not known here and was left out.`);
  ELEMENTS.get(kind)?.(payload, report);
}

const ELEMENTS = new Map<string, (payload: unknown, report: Report) => void>(
  Object.entries({
    SO: (payload, report) => reportOptions(record(payload), report),
    BL: (payload, report) => recordsOf(payload).forEach(([key, block]) => reportBlock(block, key, report)),
    FL: (payload, report) => reportFlow(record(payload), report, 0),
    NT: (payload, report) => {
      if (recordsOf(record(payload)['Notes']).length > 0) {
        report.data.note('Notes', 'Notes of colleagues in the margin were left out.', 'Copy what is still needed.');
      }
    },
    TR: (payload, report) => {
      const name = textOf(record(payload)['Name']) || 'without a name';
      const what = `The action "${name}", which follows on a finished response, is not taken here.`;
      report.data.warn('Actions', what, 'Set it up again with what is offered here.');
    },
    SCO: (payload, report) => {
      const { ScoringSummaryAfterQuestions: questions, ScoringSummaryAfterSurvey: survey } = record(payload);
      if (isOn(questions) || isOn(survey)) report.warn('Scoring', 'Respondents are shown no score here.');
    },
  } satisfies Record<string, (payload: unknown, report: Report) => void>),
);

function reportOptions(raw: Raw, report: Report): void {
  unknownKeys(raw, KNOWN.options, 'Options', report);
  const skin = textOf(raw['Skin']) || textOf(record(raw['Skin'])['baseSkinID'] ?? record(raw['Skin'])['brandingId']);
  if (skin !== '' || isSet(raw['Skin']) || isSet(raw['CustomStyles'])) {
    report.look.note('Options', 'Its theme is not taken over; pages have the look of the brand here.');
  }
  for (const [keys, group, what] of OPTION_LINES) {
    if (keys.some((key) => isSet(raw[key]))) report[group].warn('Options', what);
  }
}

const OPTION_LINES: [string[], 'respondents' | 'data' | 'look', string][] = [
  [['headerMid'], 'respondents', 'A header from a library is not in the file; it was left out.'],
  [['footerMid'], 'respondents', 'A footer from a library is not in the file; it was left out.'],
  [['nextButtonMid', 'previousButtonMid'], 'respondents', 'Words of buttons from a library are not in the file.'],
  [['ValidationMessage', 'ValidateMessage'], 'respondents', 'Its own words for invalid answers were left out.'],
  [['ShowExportTags'], 'respondents', "Respondents don't see the tags of questions here."],
  [['ResponseSummary'], 'respondents', 'Respondents are shown no summary of their answers at the end.'],
  [['SurveyMetaImage'], 'look', 'The picture for social media was left out.'],
];

function reportBlock(block: Raw, key: string, report: Report): void {
  if (textOf(block['Type']) === 'Trash') return;
  const where = `Block "${plainText(textOf(block['Description'])) || `Block ${key}`}"`;
  unknownKeys(block, KNOWN.block, where, report);
  unknownKeys(record(block['Options']), KNOWN.blockOptions, where, report);
  for (const [, element] of recordsOf(block['BlockElements'])) unknownKeys(element, KNOWN.blockElement, where, report);
}

function reportFlow(node: Raw, report: Report, depth: number): void {
  if (depth > 40 || REPORTED_WHOLE.has(textOf(node['Type']))) return;
  unknownKeys(node, KNOWN.flow, 'Flow', report);
  for (const [, field] of recordsOf(node['EmbeddedData'])) unknownKeys(field, KNOWN.field, 'Flow', report);
  for (const [, child] of recordsOf(node['Flow'])) reportFlow(child, report, depth + 1);
}

function reportQuestion(qid: string, raw: Raw, report: Report): void {
  unknownKeys(raw, KNOWN.question, qid, report);
  unknownKeys(record(raw['Configuration']), KNOWN.configuration, qid, report);
  unknownKeys(settingsOf(raw), KNOWN.settings, qid, report);
  reportLimits(qid, settingsOf(raw), report);
  reportTyped(qid, raw, report);
  for (const list of ['Choices', 'Answers']) {
    for (const [id, choice] of recordsOf(raw[list])) unknownKeys(choice, KNOWN.choice, `${qid} choice ${id}`, report);
  }
  for (const [key, column] of recordsOf(raw['AdditionalQuestions'])) reportQuestion(`${qid}#${key}`, column, report);
  for (const [isLost, group, what] of QUESTION_LINES) {
    if (isLost(raw)) report[group].note(qid, what);
  }
}

const QUESTION_LINES: [(raw: Raw) => boolean, 'respondents' | 'data', string][] = [
  [(raw) => isSet(raw['ChoiceGroups']), 'respondents', 'Its choices are shown without their groups.'],
  [
    (raw) => isSet(raw['AnalyzeChoices']),
    'data',
    'Choices that the file leaves out of analyses are like all others here.',
  ],
  [
    (raw) => isSet(raw['AnswerDataExportTag']),
    'data',
    'A second tag that it has for its answers is not used in exports.',
  ],
  [(raw) => isSet(raw['DynamicAnswers']), 'respondents', 'Columns carried over from another question are not.'],
  [(raw) => isSet(raw['SearchSource']) && searches(raw), 'respondents', 'It suggests nothing while people type.'],
  [
    (raw) => isSet(raw['Prefix']) || isSet(raw['Suffix']),
    'respondents',
    'The words before or after its field were left out.',
  ],
  [
    (raw) => entriesOf(record(raw['DataVisibility'])).some(([, hidden]) => isOn(hidden)),
    'data',
    'It is marked as private or hidden in the file; its answers are shown and exported like all others here.',
  ],
  [(raw) => recordsOf(raw['GradingData']).length > 0, 'data', 'Its scores are not computed here.'],
  [
    (raw) => isOn(record(raw['Configuration'])['SnapToGrid']),
    'data',
    'Its slider stops at every value, not at grid lines alone.',
  ],
];

function searches(raw: Raw): boolean {
  return (
    !['', 'false', 'off'].includes(textOf(record(raw['SearchSource'])['AllowFreeResponse']).toLowerCase()) ||
    isSet(record(raw['SearchSource'])['LibraryID'])
  );
}

/** Limits that nobody can keep are not set: they would lock respondents in. */
function reportLimits(qid: string, settings: Raw, report: Report): void {
  const numbers = record(settings['ValidNumber']);
  const pairs = [
    [settings['MinChoices'], settings['MaxChoices']],
    [settings['MinChars'], settings['TotalChars'] ?? settings['MaxChars']],
    [numbers['Min'], numbers['Max']],
  ];
  for (const [low, high] of pairs.map((pair) => pair.map(numberOf))) {
    if (low === undefined || high === undefined || low <= high) continue;
    report.warn(qid, `Its limits contradict each other (at least ${low}, at most ${high}) and are not checked.`);
  }
}

/** Checks of what is typed beside choices and into the fields of a form. */
function reportTyped(qid: string, raw: Raw, report: Report): void {
  for (const [id, choice] of recordsOf(raw['Choices'])) {
    const check = textOf(choice['TextEntryValidation']);
    if (!isSet(check) || contentKind(check, {}).kind !== 'any') continue;
    report.warn(`${qid} choice ${id}`, `Its text is not checked to be "${check.slice(0, 60)}"; any text is taken.`);
  }
}

/** What a key has when nobody set it. */
const UNSET = new Set(['', '0', 'false', 'no', 'none', 'null', 'off', 'default']);

function isSet(value: unknown): boolean {
  if (isRecord(value) || Array.isArray(value)) return Object.keys(value).length > 0;
  return value === true || !UNSET.has(textOf(value).trim().toLowerCase());
}

function unknownKeys(raw: Raw, known: ReadonlySet<string>, where: string, report: Report): void {
  for (const [key, value] of Object.entries(raw)) {
    if (known.has(key) || /^\d+$/.test(key) || !isSet(value)) continue;
    report.note(where, `The setting "${key.slice(0, 80)}" is not known here and was left out.`);
  }
}
