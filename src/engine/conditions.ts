import type { Condition, Operand, Operator, Test } from './condition.schema.js';
import { compareNumbers, plainOf } from './questions/numbers.js';
import { matchesPattern, safePattern } from './questions/pattern.js';
import type { Answer, Choice, Question, QuestionOf } from './questions/question.schema.js';

/** A question that was shown: what was answered, and which of its choices were on the page if a test asks for it. */
export interface Known {
  answer: Answer;
  shown?: ReadonlySet<string>;
}

/** Everything that tests and placeholders may look at. */
export interface Facts {
  questions: ReadonlyMap<string, Question>;
  known: Map<string, Known>;
  embedded: Map<string, string>;
  contact: ReadonlyMap<string, string>;
  /** Every name of the respondent's device, from `devices.ts`; none when it is not known. */
  devices?: readonly string[];
}

export function holds(condition: Condition, facts: Facts): boolean {
  if (condition.kind === 'all') return condition.of.every((part) => holds(part, facts));
  if (condition.kind === 'any') return condition.of.some((part) => holds(part, facts));
  return testHolds(condition, facts);
}

/** The questions a condition looks at. */
export function questionsIn(condition: Condition | undefined): string[] {
  if (!condition) return [];
  if (condition.kind !== 'test') return condition.of.flatMap(questionsIn);
  return 'question' in condition.operand ? [condition.operand.question] : [];
}

/** All tests of a condition, in order. */
export function testsIn(condition: Condition | undefined): Test[] {
  if (!condition) return [];
  return condition.kind === 'test' ? [condition] : condition.of.flatMap(testsIn);
}

function testHolds(test: Test, facts: Facts): boolean {
  const { operand, operator } = test;
  if (!isKnown(operand, facts)) return false;
  if (operator === 'selected' || operator === 'notSelected') {
    return isSelected(operand, facts) === (operator === 'selected');
  }
  if (operator === 'displayed' || operator === 'notDisplayed') {
    return isDisplayed(operand, facts) === (operator === 'displayed');
  }
  return COMPARE[operator](valuesOf(operand, facts), test.value ?? '');
}

function isKnown(operand: Operand, facts: Facts): boolean {
  if (operand.kind === 'device') return (facts.devices ?? []).length > 0;
  return operand.kind !== 'unknown' && (!('question' in operand) || facts.questions.has(operand.question));
}

function isSelected(operand: Operand, facts: Facts): boolean {
  if (!('question' in operand)) return false;
  const answer = facts.known.get(operand.question)?.answer;
  if (!answer) return false;
  if (operand.kind === 'choice') return isChosen(answer, operand.choice);
  if (operand.kind === 'cell') return isFilled(answer, operand.row, operand.column);
  if (operand.kind === 'column')
    return Object.values(answer.rows ?? {})
      .flat()
      .includes(operand.column);
  return valuesOf(operand, facts).some((value) => value !== '');
}

function isFilled(answer: Answer, row: string, column: string): boolean {
  return !!answer.rows?.[row]?.includes(column) || !!answer.cells?.[row]?.[column];
}

function isChosen(answer: Answer, choice: string): boolean {
  if (answer.choices?.includes(choice)) return true;
  return (answer.rows?.[choice]?.length ?? 0) > 0 || answer.numbers?.[choice] !== undefined;
}

function isDisplayed(operand: Operand, facts: Facts): boolean {
  if (!('question' in operand)) return false;
  const known = facts.known.get(operand.question);
  if (!known) return false;
  const part = partOf(operand);
  return part === undefined || !known.shown || known.shown.has(part);
}

function partOf(operand: Operand): string | undefined {
  if (operand.kind === 'choice') return operand.choice;
  if (operand.kind === 'cell') return operand.row;
  return operand.kind === 'column' ? columnKey(operand.column) : undefined;
}

/** Columns are numbered like rows; in the set of shown parts they have a mark. */
export function columnKey(column: string): string {
  return `/${column}`;
}

type Comparison = Exclude<Operator, 'selected' | 'notSelected' | 'displayed' | 'notDisplayed'>;

const COMPARE: Record<Comparison, (values: string[], value: string) => boolean> = {
  equal: (values, value) => values.some((one) => sameValue(one, value)),
  notEqual: (values, value) => !values.some((one) => sameValue(one, value)),
  greater: ordered((order) => order > 0),
  greaterOrEqual: ordered((order) => order >= 0),
  less: ordered((order) => order < 0),
  lessOrEqual: ordered((order) => order <= 0),
  contains: (values, value) => values.some((one) => one.toLowerCase().includes(value.toLowerCase())),
  notContains: (values, value) => !values.some((one) => one.toLowerCase().includes(value.toLowerCase())),
  empty: (values) => values.every((one) => one === ''),
  notEmpty: (values) => values.some((one) => one !== ''),
  matches: (values, value) => {
    const pattern = safePattern(value);
    return pattern !== undefined && values.some((one) => matchesPattern(pattern, one));
  },
};

/** Only numbers in plain notation have an order; beside any other text every order is false. */
function ordered(isRight: (order: number) => boolean): (values: string[], value: string) => boolean {
  return (values, value) =>
    values.some((one) => {
      const order = compareNumbers(one, value);
      return order !== undefined && isRight(order);
    });
}

/** Equal text, capitals or not, or equal numbers: `7.0` is 7, and `007` is not. */
function sameValue(left: string, right: string): boolean {
  return compareNumbers(left, right) === 0 || left.trim().toLowerCase() === right.trim().toLowerCase();
}

/** What a test compares, as text; several for a question with many choices, none when nothing was answered. */
export function valuesOf(operand: Operand, facts: Facts): string[] {
  if (operand.kind === 'embedded') return present(facts.embedded.get(operand.name));
  if (operand.kind === 'contact') return present(facts.contact.get(operand.name));
  if (operand.kind === 'device') return [...(facts.devices ?? [])];
  if (!('question' in operand)) return [];
  const question = facts.questions.get(operand.question);
  const answer = facts.known.get(operand.question)?.answer;
  if (!question || !answer) return operand.kind === 'count' ? ['0'] : [];
  return answerValues(operand, question, answer);
}

function answerValues(operand: Operand & { question: string }, question: Question, answer: Answer): string[] {
  const { kind } = operand;
  if (kind === 'count' || kind === 'column') return [String(countOf(answer, operand.column))];
  if (kind === 'text') return operand.part === undefined ? textsOf(answer) : present(partText(answer, operand.part));
  if (kind === 'choice') return partValues(question, answer, operand.choice);
  if (kind === 'cell') return cellValues(question, answer, operand.row, operand.column);
  const part = kind === 'value' ? operand.part : undefined;
  return part === undefined ? recodesOf(question, answer) : partValues(question, answer, part);
}

function present(value: string | undefined): string[] {
  return value === undefined ? [] : [value];
}

function countOf(answer: Answer, column: string | undefined): number {
  if (answer.choices) return answer.choices.length;
  const rows = Object.values(answer.rows ?? {});
  return rows.filter((columns) => (column === undefined ? columns.length > 0 : columns.includes(column))).length;
}

function textsOf(answer: Answer): string[] {
  return answer.text === undefined ? Object.values(answer.texts ?? {}) : [answer.text];
}

function partText(answer: Answer, part: string): string | undefined {
  return answer.texts?.[part] ?? (answer.choices?.includes(part) === false ? undefined : answer.text);
}

function recode(choices: readonly Choice[], id: string): string {
  return choices.find((choice) => choice.id === id)?.value ?? id;
}

function recodesOf(question: Question, answer: Answer): string[] {
  if (answer.text !== undefined) return [answer.text];
  if (answer.choices) {
    return answer.choices.map((id) => (question.type === 'choice' ? recode(question.choices, id) : id));
  }
  if (answer.rows && question.type === 'matrix') {
    return Object.values(answer.rows).flatMap((ids) => ids.map((id) => recode(question.columns, id)));
  }
  if (answer.cells) return Object.values(answer.cells).flatMap((cells) => Object.values(cells));
  return answer.numbers ? Object.values(answer.numbers).map(plainOf) : textsOf(answer);
}

function partValues(question: Question, answer: Answer, part: string): string[] {
  const number = answer.numbers?.[part];
  if (number !== undefined) return [plainOf(number)];
  if (question.type === 'matrix') return rowValues(question, answer, part);
  if (question.type === 'choice') return answer.choices?.includes(part) ? [recode(question.choices, part)] : [];
  return present(partText(answer, part));
}

function rowValues(question: QuestionOf<'matrix'>, answer: Answer, row: string): string[] {
  const picked = answer.rows?.[row] ?? [];
  return [...picked.map((id) => recode(question.columns, id)), ...Object.values(answer.cells?.[row] ?? {})];
}

function cellValues(question: Question, answer: Answer, row: string, column: string): string[] {
  const typed = answer.cells?.[row]?.[column];
  if (typed !== undefined) return [typed];
  if (question.type !== 'matrix') return [];
  return answer.rows?.[row]?.includes(column) ? [recode(question.columns, column)] : [];
}
