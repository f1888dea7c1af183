import type { Say } from '../platform/web/words.js';
import type { Condition, Operand, Test } from './engine/condition.schema.js';
import type { SurveyDefinition } from './engine/definition.js';
import type { Choice, Question } from './engine/question.schema.js';
import { plainText } from './engine/text.js';

/** Characters of a choice's text: a condition may name it a thousand times. */
const LONGEST_NAME = 300;

/** A condition as a sentence part: `“Bad” in Q1 is chosen and the field “team” is “Sales”`. */
export function conditionWords(condition: Condition, definition: SurveyDefinition, say: Say): string {
  if (condition.kind === 'test') {
    return testWords(condition, definition, say);
  }
  if (condition.of.length === 0) {
    return say(condition.kind === 'all' ? 'logic.always' : 'logic.never');
  }
  const parts = condition.of.map((part) => {
    const words = conditionWords(part, definition, say);
    return part.kind === 'test' || part.of.length < 2 || condition.of.length < 2 ? words : `(${words})`;
  });
  return parts.join(` ${say(condition.kind === 'all' ? 'logic.and' : 'logic.or')} `);
}

function testWords({ operand, operator, value }: Test, definition: SurveyDefinition, say: Say): string {
  if (operand.kind === 'unknown') {
    return say('logic.unknown', { about: operand.about });
  }
  const isUnary = ['selected', 'notSelected', 'displayed', 'notDisplayed', 'empty', 'notEmpty'].includes(operator);
  const words = `${subjectWords(operand, definition, say)} ${say(`logic.operator.${operator}`)}`;
  return isUnary ? words : `${words} ${say('logic.quoted', { value: value ?? '' })}`;
}

function subjectWords(
  operand: Exclude<Operand, { kind: 'unknown' }>,
  { questions }: SurveyDefinition,
  say: Say,
): string {
  if (operand.kind === 'embedded' || operand.kind === 'contact') {
    return say(`logic.${operand.kind}`, { name: operand.name });
  }
  if (operand.kind === 'device') {
    return say('logic.device');
  }
  const question = questions[operand.question];
  const tag = question?.exportTag ?? operand.question;
  if (operand.kind === 'question') {
    return tag;
  }
  return say(subjectKey(operand), { tag, ...partNames(operand, question) });
}

type Part = Exclude<Operand, { kind: 'unknown' | 'embedded' | 'contact' | 'device' | 'question' }>;

function subjectKey(operand: Part): string {
  const isOfPart =
    ('part' in operand && operand.part !== undefined) || (operand.kind === 'count' && operand.column !== undefined);
  return `logic.${operand.kind}${isOfPart ? 'Part' : ''}`;
}

/** Names of what a test looks at, by the words' placeholders. */
function partNames(operand: Part, question: Question | undefined): Record<string, string> {
  const choices = question !== undefined && 'choices' in question ? question.choices : [];
  const lists = {
    choice: choices,
    row: choices,
    part: choices,
    column: question?.type === 'matrix' ? question.columns : [],
  };
  const ids: Record<string, string | undefined> = operand;
  return Object.fromEntries(
    Object.entries(lists).flatMap(([key, list]) => (ids[key] === undefined ? [] : [[key, nameOf(list, ids[key])]])),
  );
}

function nameOf(list: readonly Choice[], id: string): string {
  const name = plainText(list.find((one) => one.id === id)?.text ?? '');
  const short = name.length > LONGEST_NAME ? `${name.slice(0, LONGEST_NAME).toWellFormed()}…` : name;
  return short === '' ? id : short;
}
