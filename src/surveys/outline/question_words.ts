import type { SurveyDefinition } from '../../engine/definition.js';
import type { Choice, Content, Question } from '../../engine/questions/question.schema.js';
import type { Shuffle } from '../../engine/draws/shuffle.schema.js';
import { plainText } from '../../engine/text.js';
import type { Say } from '../../platform/web/words.js';
import { brief, MOST_LISTED, type OutlineRoom } from './outline_room.js';
import { conditionWords } from './logic_words.js';

/** One line of a question's choices, rows, columns, fields or sliders. */
interface OutlineChoice {
  text: string;
  /** The recode, where it is not the choice's own number. */
  value: string;
  notes: string;
}

export interface OutlineList {
  label: string;
  items: OutlineChoice[];
  /** What a long list keeps folded up. */
  rest: OutlineChoice[];
  restText: string;
}

/** Longer lists show their beginning only. */
const SHOWN = 8;
/** Characters of a choice's text, and of its recode. */
const LONGEST = 1000;
const SHORT = 100;

/** A question's type in words. */
export function typeWords(question: Question, say: Say): string {
  return say('subtype' in question ? `type.${question.type}_${question.subtype}` : `type.${question.type}`);
}

/** Choices or rows, and columns; empty for types that list nothing. */
export function listsOf(question: Question, definition: SurveyDefinition, say: Say, room: OutlineRoom): OutlineList[] {
  const items = (list: readonly Choice[]): OutlineChoice[] =>
    list.slice(0, room.linesOf(Math.min(list.length, MOST_LISTED))).map((choice) => ({
      text: room.text(plainText(choice.text) || choice.image?.alt || say('outline.picture'), LONGEST),
      value: choice.value === choice.id ? '' : brief(choice.value, SHORT),
      notes: room.text(choiceNotes(choice, definition, say)),
    }));
  if (question.type === 'matrix') {
    return [
      folded(say('outline.rows'), items(question.choices), question.choices.length, say),
      folded(say('outline.columns'), items(question.columns), question.columns.length, say),
    ];
  }
  return 'choices' in question ? [folded('', items(question.choices), question.choices.length, say)] : [];
}

/** @param total how many there are, shown or not */
function folded(label: string, all: OutlineChoice[], total: number, say: Say): OutlineList {
  const count = all.length > SHOWN + 2 ? SHOWN : all.length;
  const rest = all.slice(count);
  return { label, items: all.slice(0, count), rest, restText: say('outline.more', { count: total - count }) };
}

/** What holds for answers: limits, order, ends of the scale. */
export function notesOf(question: Question, say: Say): string[] {
  const notes = [
    'content' in question && question.content !== undefined ? contentWords(question.content, say) : '',
    countWords(question, say),
    'shuffle' in question ? shuffleWords(question.shuffle, say) : '',
    scaleWords(question, say),
  ];
  return notes.filter((note) => note !== '');
}

function choiceNotes(choice: Choice, definition: SurveyDefinition, say: Say): string {
  const notes = [
    choice.textEntry === true ? say('outline.withText') : '',
    choice.exclusive === true ? say('outline.exclusive') : '',
    choice.content === undefined ? '' : contentWords(choice.content, say),
    choice.displayLogic === undefined
      ? ''
      : say('outline.shownIf', { condition: conditionWords(choice.displayLogic, definition, say) }),
  ];
  return notes.filter((note) => note !== '').join(' · ');
}

function contentWords({ kind, min, max, minLength, maxLength }: Content, say: Say): string {
  const range =
    min === undefined && max === undefined ? '' : say('outline.range', { min: min ?? '…', max: max ?? '…' });
  const length = [
    minLength === undefined ? '' : say('outline.minLength', { count: minLength }),
    maxLength === undefined ? '' : say('outline.maxLength', { count: maxLength }),
  ];
  return [kind === 'any' ? '' : say(`content.${kind}`), range, ...length].filter((part) => part !== '').join(', ');
}

function countWords(question: Question, say: Say): string {
  const { minChoices: min, maxChoices: max } = question.type === 'choice' ? question : {};
  if (min === undefined) {
    return max === undefined ? '' : say('outline.atMost', { count: max });
  }
  return max === undefined ? say('outline.atLeast', { count: min }) : say('outline.between', { min, max });
}

function shuffleWords(shuffle: Shuffle | undefined, say: Say): string {
  if (shuffle === undefined) {
    return '';
  }
  const key = shuffle.plan?.flip !== undefined && shuffle.plan.random === undefined ? 'flip' : shuffle.mode;
  return shuffle.show === undefined
    ? say(`outline.${key}`)
    : say(shuffle.even === true ? 'outline.shuffleSomeEven' : 'outline.shuffleSome', { show: shuffle.show });
}

function scaleWords(question: Question, say: Say): string {
  if (question.type === 'slider') {
    return say('outline.range', { min: question.min, max: question.max });
  }
  if (question.type === 'sum') {
    return question.total === undefined
      ? ''
      : say('outline.total', { total: question.total, unit: question.unit ?? '' }).trim();
  }
  if (question.type === 'nps' && (question.lowLabel ?? question.highLabel) !== undefined) {
    return say('outline.ends', { low: plainText(question.lowLabel ?? ''), high: plainText(question.highLabel ?? '') });
  }
  return '';
}
