import { plainText } from '../engine/text.js';
import { KNOWN, REPORTED_WHOLE } from './known-keys.js';
import { contentKind, settingsOf } from './limits.js';
import { entriesOf, isOn, isSet, numberOf, record, recordsOf, textOf } from './raw.js';
import type { Raw } from './raw.js';
import type { Report } from './report.js';

/** Lines for what blocks, the flow and checks hold and no other part of the importer looks at. */
export function reportLeftovers(elements: readonly Raw[], used: ReadonlyMap<string, Raw>, report: Report): void {
  for (const { Element: kind, Payload: payload } of elements) {
    if (kind === 'BL') recordsOf(payload).forEach(([key, block]) => reportBlock(block, key, report));
    if (kind === 'FL') reportFlow(record(payload), report, 0);
  }
  for (const [qid, question] of used) reportQuestion(qid, question, report);
}

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
  unknownKeys(settingsOf(raw), KNOWN.settings, qid, report);
  reportLimits(qid, settingsOf(raw), report);
  reportTyped(qid, raw, report);
  for (const [key, column] of recordsOf(raw['AdditionalQuestions'])) {
    unknownKeys(column, KNOWN.question, qid, report);
    reportQuestion(`${qid}#${key}`, column, report);
  }
  for (const [isLost, what] of DATA_LINES) {
    if (isLost(raw)) report.data.note(qid, what);
  }
}

const DATA_LINES: [(raw: Raw) => boolean, string][] = [
  [(raw) => isSet(raw['AnalyzeChoices']), 'Choices that the file leaves out of analyses are like all others here.'],
  [(raw) => isSet(raw['AnswerDataExportTag']), 'A second tag that it has for its answers is not used in exports.'],
  [
    (raw) => entriesOf(record(raw['DataVisibility'])).some(([, hidden]) => isOn(hidden)),
    'It is marked as private or hidden in the file; its answers are shown and exported like all others here.',
  ],
];

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

function unknownKeys(raw: Raw, known: ReadonlySet<string>, where: string, report: Report): void {
  for (const [key, value] of Object.entries(raw)) {
    if (known.has(key) || /^\d+$/.test(key) || !isSet(value)) continue;
    report.note(where, `The setting "${key.slice(0, 80)}" is not known here and was left out.`);
  }
}
