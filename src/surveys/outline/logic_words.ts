import type { Say } from '../../platform/web/words.js';
import type { Condition, Operand, Test } from '../../engine/condition.schema.js';
import type { SurveyDefinition } from '../../engine/definition.js';
import type { Choice, Question } from '../../engine/questions/question.schema.js';
import { plainText } from '../../engine/text.js';
import { brief } from './outline_room.js';

/** Characters of a choice's text: a condition may name it a thousand times. */
const LONGEST_NAME = 300;
/** Tests of a condition that are said, and how deep; nobody reads on. */
const MOST_TESTS = 100;
const DEEPEST = 10;

/** A condition as a sentence part: `“Bad” in Q1 is chosen and the field “team” is “Sales”`; its first tests where it has many. */
export function conditionWords(condition: Condition, definition: SurveyDefinition, say: Say): string {
  return new Sentence(definition, say).of(condition, 0);
}

class Sentence {
  private left = MOST_TESTS;

  constructor(
    private readonly definition: SurveyDefinition,
    private readonly say: Say,
  ) {}

  of(condition: Condition, depth: number): string {
    if (condition.kind === 'test') {
      this.left -= 1;
      return testWords(condition, this.definition, this.say);
    }
    if (condition.of.length === 0) {
      return this.say(condition.kind === 'all' ? 'logic.always' : 'logic.never');
    }
    return depth === DEEPEST ? '…' : this.joined(condition, depth);
  }

  private joined({ kind, of }: Exclude<Condition, { kind: 'test' }>, depth: number): string {
    const parts: string[] = [];
    for (const part of of) {
      if (this.left <= 0) {
        parts.push('…');
        break;
      }
      const words = this.of(part, depth + 1);
      parts.push(part.kind === 'test' || part.of.length < 2 || of.length < 2 ? words : `(${words})`);
    }
    return parts.join(` ${this.say(kind === 'all' ? 'logic.and' : 'logic.or')} `);
  }
}

function testWords({ operand, operator, value }: Test, definition: SurveyDefinition, say: Say): string {
  if (operand.kind === 'unknown') {
    return say('logic.unknown', { about: operand.about });
  }
  const isUnary = ['selected', 'notSelected', 'displayed', 'notDisplayed', 'empty', 'notEmpty'].includes(operator);
  const words = `${subjectWords(operand, definition, say)} ${say(`logic.operator.${operator}`)}`;
  return isUnary ? words : `${words} ${say('logic.quoted', { value: brief(value ?? '', LONGEST_NAME) })}`;
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

const indexes = new WeakMap<readonly Choice[], ReadonlyMap<string, Choice>>();

/** Thousands of tests may look at the same list of thousands. */
function indexOf(list: readonly Choice[]): ReadonlyMap<string, Choice> {
  const index = indexes.get(list) ?? new Map(list.map((one) => [one.id, one]));
  indexes.set(list, index);
  return index;
}

function nameOf(list: readonly Choice[], id: string): string {
  const name = plainText(indexOf(list).get(id)?.text ?? '');
  const short = brief(name, LONGEST_NAME);
  return short === '' ? id : short;
}
