import type { FlowNode, Item, SurveyDefinition } from '../../engine/definition.js';
import type { Choice, Question, QuestionOf } from '../../engine/questions/question.schema.js';
import { plainText } from '../../engine/text.js';

/** A survey's first question as buttons in a mail. */
export interface InlineQuestion {
  id: string;
  kind: 'choice' | 'nps';
  text: string;
  choices: { value: string; label: string }[];
  /** Under both ends of the numbers. */
  ends: [string, string];
}

/** Why a survey's first question can't stand in a mail; keys of `distributions.inline.refusal`. */
export type InlineRefusal = 'unpublished' | 'none' | 'varies' | 'kind' | 'logic' | 'placeholders' | 'many';

const MOST_CHOICES = 11;
const SINGLE = ['single', 'dropdown', 'select'];

/** The first question of a published survey, in the language of the mail where the survey has it. */
export function inlineQuestionOf(definition: SurveyDefinition, language: string): InlineQuestion | InlineRefusal {
  const question = firstQuestion(definition);
  return typeof question === 'string' ? question : drawn(definition, question, language);
}

function firstQuestion({ flow, blocks, questions }: SurveyDefinition): Question | InlineRefusal {
  const start = firstNode(flow);
  const block = start?.kind === 'block' ? blocks[start.block] : undefined;
  if (block === undefined || block.shuffle === true) {
    return isEnd(start) ? 'none' : 'varies';
  }
  return firstOf(block.items, questions);
}

function isEnd(node: FlowNode | undefined): boolean {
  return node === undefined || node.kind === 'end';
}

/** Texts may stand before it on the same page. */
function firstOf(items: readonly Item[], questions: SurveyDefinition['questions']): Question | InlineRefusal {
  for (const item of items) {
    const question = item.kind === 'question' ? questions[item.question] : undefined;
    if (question?.type !== 'description') {
      return question ?? 'none';
    }
  }
  return 'none';
}

/** What is met first; fields that are set on the way show nothing. */
function firstNode(nodes: readonly FlowNode[]): FlowNode | undefined {
  for (const node of nodes) {
    const first = node.kind === 'group' ? firstNode(node.children) : node.kind === 'embedded' ? undefined : node;
    if (first !== undefined) {
      return first;
    }
  }
  return undefined;
}

function drawn(definition: SurveyDefinition, question: Question, language: string): InlineQuestion | InlineRefusal {
  if (question.type !== 'nps' && (question.type !== 'choice' || !SINGLE.includes(question.subtype))) {
    return 'kind';
  }
  if (question.displayLogic !== undefined) {
    return 'logic';
  }
  const inline =
    question.type === 'nps' ? scores(definition, question, language) : picks(definition, question, language);
  return typeof inline !== 'string' && JSON.stringify(inline).includes('${') ? 'placeholders' : inline;
}

function scores(definition: SurveyDefinition, question: QuestionOf<'nps'>, language: string): InlineQuestion {
  const words = wordsOf(definition, question.id, language);
  const choices = Array.from({ length: 11 }, (_, score) => ({ value: String(score), label: String(score) }));
  const end = (place: number, own: string | undefined): string => plainText(words?.labels?.[place] ?? own ?? '');
  const ends: [string, string] = [end(0, question.lowLabel), end(1, question.highLabel)];
  return { id: question.id, kind: 'nps', text: plainText(words?.text ?? question.text), choices, ends };
}

function picks(
  definition: SurveyDefinition,
  question: QuestionOf<'choice'>,
  language: string,
): InlineQuestion | InlineRefusal {
  if (question.choices.some(({ displayLogic }) => displayLogic !== undefined)) {
    return 'logic';
  }
  if (question.choices.length > MOST_CHOICES || leavesSomeOut(question.shuffle)) {
    return 'many';
  }
  const words = wordsOf(definition, question.id, language);
  const label = ({ id, text, image, value }: Choice): string =>
    plainText(words?.choices?.[id] ?? text) || (image?.alt ?? '') || value;
  const choices = question.choices.map((choice) => ({ value: choice.id, label: label(choice) }));
  return { id: question.id, kind: 'choice', text: plainText(words?.text ?? question.text), choices, ends: ['', ''] };
}

function leavesSomeOut(shuffle: QuestionOf<'choice'>['shuffle']): boolean {
  return shuffle?.show !== undefined || shuffle?.plan?.hidden !== undefined;
}

function wordsOf(
  { translations }: SurveyDefinition,
  id: string,
  language: string,
): SurveyDefinition['translations'][string]['questions'][string] | undefined {
  const name = Object.keys(translations).find((one) => one.toLowerCase() === language.toLowerCase());
  return name === undefined ? undefined : translations[name]?.questions[id];
}
