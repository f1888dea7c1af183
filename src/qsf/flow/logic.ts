import type { Condition, Operand, Operator, Test } from '../../engine/condition.schema.js';
import { DEVICE_NAMES } from '../../engine/devices.js';
import { safePattern } from '../../engine/questions/pattern.js';
import { contactField, mayPipe } from '../../engine/piping.js';
import { plainText } from '../../engine/text.js';
import { safeId } from '../ids.js';
import { rowQuestion } from '../profile-rows.js';
import { isOn, isRecord, record, recordsOf, textOf } from '../raw.js';
import type { Raw } from '../raw.js';
import type { Source } from '../source.js';

const OPERATORS = new Map<string, Operator>([
  ['selected', 'selected'],
  ['notselected', 'notSelected'],
  ['isnotselected', 'notSelected'],
  ['displayed', 'displayed'],
  ['notdisplayed', 'notDisplayed'],
  ['equalto', 'equal'],
  ['is', 'equal'],
  ['notequalto', 'notEqual'],
  ['isnot', 'notEqual'],
  ['greaterthan', 'greater'],
  ['greaterthanorequal', 'greaterOrEqual'],
  ['lessthan', 'less'],
  ['lessthanorequal', 'lessOrEqual'],
  ['contains', 'contains'],
  ['doesnotcontain', 'notContains'],
  ['empty', 'empty'],
  ['isempty', 'empty'],
  ['notempty', 'notEmpty'],
  ['isnotempty', 'notEmpty'],
  ['matchesregex', 'matches'],
  ['matches', 'matches'],
]);

const NEVER: Condition = { kind: 'any', of: [] };

interface Joined {
  join: 'and' | 'or';
  condition: Condition;
}

/** Display, branch and quota logic: sets of expressions, each joined to the one before; *and* binds more than *or*. */
export function conditionOf(logic: unknown, where: string, source: Source, depth = 0): Condition | undefined {
  if (!isRecord(logic)) return undefined;
  if (depth > 5) {
    source.report.warn(where, 'A condition is nested too deeply to be read; that part counts as false.', 'Check it.');
    return NEVER;
  }
  const parts = recordsOf(logic)
    .filter(([key]) => /^\d+$/.test(key))
    .flatMap(([, part]): Joined[] => {
      const isTest = textOf(part['Type']) === 'Expression' || part['LogicType'] !== undefined;
      const condition = isTest ? testOf(part, where, source) : conditionOf(part, where, source, depth + 1);
      return condition ? [{ join: joinOf(part), condition }] : [];
    });
  return parts.length === 0 ? undefined : joined(parts);
}

function joinOf(part: Raw): Joined['join'] {
  const word = textOf(part['Conjuction']) || textOf(part['Conjunction']) || textOf(part['Type']);
  return /^or/i.test(word) || /^else/i.test(word) ? 'or' : 'and';
}

function joined(parts: readonly Joined[]): Condition {
  const groups: Condition[][] = [];
  for (const { join, condition } of parts) {
    const last = groups.at(-1);
    if (last && join === 'and') last.push(condition);
    else groups.push([condition]);
  }
  const all = groups.map(allOf);
  return all.length === 1 ? all[0]! : { kind: 'any', of: all };
}

/** When a question or choice is shown: its logic, and the logic that the other system applied inside the page. */
export function shownWhen(raw: Raw, where: string, source: Source): Condition | undefined {
  const logics = [raw['DisplayLogic'], raw['InPageDisplayLogic']].filter(hasLogic);
  const of = logics.flatMap((logic) => conditionOf(logic, where, source) ?? []);
  return of.length === 0 ? undefined : allOf(of);
}

export function allOf(of: Condition[]): Condition {
  return of.length === 1 ? of[0]! : { kind: 'all', of };
}

/** Whether answers on its own page call a question or parts of it up, by either spelling. */
export function isInPage(raw: Raw): boolean {
  const parts = [raw['Choices'], raw['Answers'], raw['AdditionalQuestions']].flatMap((list) =>
    recordsOf(list).map(([, part]) => part),
  );
  return [raw, ...parts].some(
    (one) => hasLogic(one['InPageDisplayLogic']) || isOn(record(one['DisplayLogic'])['inPage']),
  );
}

/** One expression of a logic set, or of a question's skip logic. */
export function testOf(part: Raw, where: string, source: Source): Condition {
  if (textOf(part['LogicType']) === 'DeviceType') return deviceTest(part, where, source);
  const written = textOf(part['Operator']) || textOf(part['Condition']);
  const operator = OPERATORS.get(written.replaceAll(/\s/g, '').toLowerCase());
  const value = part['RightOperand'] === undefined ? undefined : textOf(part['RightOperand']);
  const operand = operandOf(part, source);
  const about = aboutOf(part);
  if (!operator || operand.kind === 'unknown' || (value !== undefined && mayPipe(value))) {
    source.report.warn(
      where,
      `A condition can't be evaluated and counts as false: ${about}.`,
      'Check the logic there.',
    );
    return test({ kind: 'unknown', about }, operator ?? 'equal', undefined);
  }
  reportMissing(part, where, source);
  const tested = test(operand, operator, value);
  reportPattern(tested, where, source);
  return tested;
}

function reportMissing(part: Raw, where: string, source: Source): void {
  if (!asksForMissing(part, source)) return;
  const what = `A condition asks for a choice that its question does not have, so nobody can pick it: ${aboutOf(part)}.`;
  source.report.warn(where, what, 'Check the logic there.');
}

function reportPattern({ operator, value: pattern = '' }: Test, where: string, source: Source): void {
  if (operator !== 'matches' || safePattern(pattern)) return;
  const what = `A condition has a pattern that can't be run here, and counts as false: "${pattern.slice(0, 200)}".`;
  source.report.warn(where, what, 'Write it without look-around and back references, in at most 500 characters.');
}

/** Choices are deleted while logic still names them, and those carried over from another question are not in the file. */
function asksForMissing(part: Raw, source: Source): boolean {
  const [, written = '', path = ''] = LOCATOR.exec(leftOf(part)) ?? [];
  const [kind = '', first = '', second = ''] = path.split('/');
  if (ANSWERS.test(kind)) return !source.lists(written, 'Answers', first);
  return CHOICES.test(kind) && !(source.lists(written, 'Choices', first) && source.lists(written, 'Answers', second));
}

/** `Is Mobile`, with the name on either side; also written `isMobile`, `Not Mobile`. */
function deviceTest(part: Raw, where: string, source: Source): Condition {
  const written = [part['RightOperand'], part['LeftOperand']].map(textOf).find((text) => text.trim() !== '') ?? '';
  const name = written.toLowerCase().replaceAll(/[^a-z]/g, '');
  const bare = name.replace(/^(?:isnot|not|is)(?=[a-z])/, '');
  const value = DEVICES.get(bare) ?? bare;
  const operator = textOf(part['Operator']);
  if (!DEVICE_NAMES.has(value)) {
    const about = aboutOf(part);
    source.report.warn(
      where,
      `A condition asks for a device that is not told apart here: ${about}; it counts as false.`,
    );
    return test({ kind: 'unknown', about }, 'equal', undefined);
  }
  const isNegated = /not/i.test(operator) !== /^(?:is)?not/.test(name);
  return test({ kind: 'device' }, isNegated ? 'notEqual' : 'equal', value);
}

const DEVICES = new Map([
  ['mobiledevice', 'mobile'],
  ['mobilephone', 'phone'],
  ['smartphone', 'phone'],
  ['androidphone', 'android'],
  ['androiddevice', 'android'],
  ['winphone', 'windowsphone'],
  ['windowsmobile', 'windowsphone'],
  ['computer', 'desktop'],
  ['pc', 'desktop'],
  ['laptop', 'desktop'],
  ['desktopcomputer', 'desktop'],
]);

function test(operand: Operand, operator: Operator, value: string | undefined): Test {
  return { kind: 'test', operand, operator, ...(value === undefined ? {} : { value }) };
}

function aboutOf(part: Raw): string {
  const description = plainText(textOf(part['Description']))
    .replace(/^(?:If|Or|And)\s+/, '')
    .slice(0, 200);
  const facts = [part['LogicType'], part['LeftOperand'], part['Operator']].map(textOf).filter(Boolean).join(' ');
  return description || facts.slice(0, 200) || 'an empty condition';
}

const LOCATOR = /^q:\/\/([^/]+)\/?(.*)$/;
const CHOICES = /^(?:SelectableChoice|ChoiceDisplayed|SelectedChoice)$/;
const ANSWERS = /^(?:SelectableAnswer|AnswerDisplayed)$/;

/** A column of a side-by-side question is written `QID4#1` or `QID4%231`. */
function leftOf(part: Raw): string {
  const written = textOf(part['LeftOperand']) || textOf(part['ChoiceLocator']) || textOf(part['Locator']);
  return written.startsWith('q:') ? written.replaceAll('%23', '#') : written;
}

function operandOf(part: Raw, source: Source): Operand {
  const left = leftOf(part);
  const type = textOf(part['LogicType']);
  const located = LOCATOR.exec(left);
  const found = located ? locate(located[1]!, located[2]!.split('/'), source) : fieldOf(type, left);
  return found ?? { kind: 'unknown', about: type || left || 'nothing' };
}

/** A field of the contact or of the embedded data. */
function fieldOf(type: string, left: string): Operand | undefined {
  const embedded = /^e:\/\/Field\/(.+)$/.exec(left)?.[1] ?? (type === 'EmbeddedField' ? left : '');
  if (embedded !== '') return { kind: 'embedded', name: embedded };
  const contact = contactField(/^m:\/\/(\w+)$/.exec(left)?.[1] ?? '');
  return contact === undefined ? undefined : { kind: 'contact', name: contact };
}

/** `q://QID1/SelectableChoice/2/3` and its relatives. */
function locate(written: string, path: readonly string[], source: Source): Operand | undefined {
  const question = safeId(written);
  if (!source.hasQuestion(written)) return undefined;
  const [kind = '', first, second] = path;
  const row = rowQuestion(source.questions.get(written), question, first);
  if (row !== undefined) return rowOperand(kind, row, second);
  return inList(kind, question, first ? source.partId(written, first) : undefined, second);
}

function inList(kind: string, question: string, part: string | undefined, second?: string): Operand | undefined {
  if (CHOICES.test(kind) && part !== undefined) {
    return second
      ? { kind: 'cell', question, row: part, column: safeId(second) }
      : { kind: 'choice', question, choice: part };
  }
  if (ANSWERS.test(kind) && part !== undefined) return { kind: 'column', question, column: part };
  return byKind(kind, question, part);
}

/** Rows of a profile became questions: their answers are choices. */
function rowOperand(kind: string, question: string, answer: string | undefined): Operand {
  const asked: Operand = { kind: 'question', question };
  return answer ? { kind: 'choice', question, choice: safeId(answer) } : (byKind(kind, question, undefined) ?? asked);
}

function byKind(kind: string, question: string, part: string | undefined): Operand | undefined {
  const named = part === undefined ? {} : { part };
  if (/^(?:QuestionDisplayed|DisplayableQuestion)$/.test(kind)) return { kind: 'question', question };
  if (/^(?:ChoiceTextEntryValue|TextEntryValue)$/.test(kind)) return { kind: 'text', question, ...named };
  if (/^(?:ChoiceNumericEntryValue|SelectedChoicesRecode|SelectedAnswerRecode|ChoiceValue|Score)$/.test(kind)) {
    return { kind: 'value', question, ...named };
  }
  if (kind === 'SelectedChoicesCount') return { kind: 'count', question };
  if (kind === 'SelectedAnswerCount')
    return { kind: 'count', question, ...(part === undefined ? {} : { column: part }) };
  return kind === '' ? { kind: 'question', question } : undefined;
}

/** Whether a logic object holds anything at all (`false`, `[]` and `{}` don't). */
function hasLogic(logic: unknown): boolean {
  return Object.keys(record(logic)).length > 0;
}

/** The condition there, or one that never holds when there should be one and none can be read. */
export function requiredCondition(logic: unknown, where: string, source: Source): Condition {
  const condition = conditionOf(logic, where, source);
  if (condition) return condition;
  source.report.warn(where, 'A condition is empty and counts as false.', 'Check the logic there.');
  return NEVER;
}
