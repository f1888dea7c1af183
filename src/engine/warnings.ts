import { branchesIn, compiled } from './compile.js';
import type { Compiled } from './compile.js';
import { testsIn } from './conditions.js';
import type { Condition } from './condition.schema.js';
import type { Ending, FlowNode, SurveyDefinition, SurveyOptions } from './definition.js';
import { partsOf } from './needs.js';
import { isKnownPipe, mayPipe } from './piping.js';
import { safePattern } from './questions/pattern.js';
import type { Content, Question } from './questions/question.schema.js';

/** Something the owner should know before publishing; the sentence comes from a language file. */
export interface Warning {
  code:
    | 'noQuestions'
    | 'unknownPlaceholder'
    | 'missingQuestion'
    | 'unknownCondition'
    | 'noChoices'
    | 'riskyPattern'
    | 'neverAsked';
  /** Question id, block id or `flow`. */
  where: string;
  params: Record<string, string>;
}

export function warningsOf(definition: SurveyDefinition): Warning[] {
  const survey = compiled(definition);
  const questions = Object.values(definition.questions);
  const asked = askedIn(definition.flow, survey);
  const empty: Warning[] = asked.size === 0 ? [{ code: 'noQuestions', where: 'flow', params: {} }] : [];
  return [
    ...empty,
    ...questions
      .filter((one) => !asked.has(one.id))
      .map((one): Warning => ({ code: 'neverAsked', where: one.id, params: {} })),
    ...questions.flatMap((question) => questionWarnings(question, survey)),
    ...flowWarnings(definition, survey),
  ];
}

function askedIn(flow: readonly FlowNode[], survey: Compiled): Set<string> {
  const ids = flow.flatMap((node) => {
    if (node.kind === 'block') return (survey.blocks.get(node.block) ?? []).map((step) => step.question.id);
    return 'children' in node ? [...askedIn(node.children, survey)] : [];
  });
  return new Set(ids);
}

function questionWarnings(question: Question, survey: Compiled): Warning[] {
  const parts = partsOf(question);
  const texts = [question.text, ...parts.map((part) => part.text)];
  const logic = [question.displayLogic, ...parts.map((part) => part.displayLogic)];
  const lists = [
    ...('choices' in question ? [question.choices] : []),
    ...(question.type === 'matrix' ? [question.columns] : []),
  ];
  const empty = lists.some((list) => list.length === 0);
  return [
    ...(empty ? [{ code: 'noChoices', where: question.id, params: {} } as const] : []),
    ...texts.flatMap((text) => pipeWarnings(text, question.id, survey)),
    ...logic.flatMap((condition) => conditionWarnings(condition, question.id, survey)),
    ...patternWarnings(question),
  ];
}

function pipeWarnings(text: string, where: string, survey: Compiled): Warning[] {
  if (!mayPipe(text)) return [];
  const facts = { questions: survey.questions, known: new Map(), embedded: new Map(), contact: new Map() };
  const { aliases } = survey;
  const source = { facts, aliases, seed: 0, startedAt: 0, language: survey.definition.language };
  const unknown = survey.template(text).filter((part) => typeof part !== 'string' && !isKnownPipe(part, source));
  return unknown.map((part) => ({
    code: 'unknownPlaceholder',
    where,
    params: { placeholder: typeof part === 'string' ? part : part.written },
  }));
}

function conditionWarnings(condition: Condition | undefined, where: string, survey: Compiled): Warning[] {
  return testsIn(condition).flatMap(({ operand, operator, value }): Warning[] => {
    if (operand.kind === 'unknown') return [{ code: 'unknownCondition', where, params: { about: operand.about } }];
    if ('question' in operand && !survey.questions.has(operand.question)) {
      return [{ code: 'missingQuestion', where, params: { question: operand.question } }];
    }
    return operator === 'matches' ? riskyPattern(value ?? '', where) : [];
  });
}

function patternWarnings(question: Question): Warning[] {
  const parts = partsOf(question).map((part) => part.content);
  const contents: (Content | undefined)[] = 'content' in question ? [question.content, ...parts] : parts;
  return contents.flatMap((content) =>
    content?.kind === 'pattern' ? riskyPattern(content.pattern ?? '', question.id) : [],
  );
}

function riskyPattern(pattern: string, where: string): Warning[] {
  return safePattern(pattern) ? [] : [{ code: 'riskyPattern', where, params: { pattern } }];
}

function flowWarnings(definition: SurveyDefinition, survey: Compiled): Warning[] {
  const branches = branchesIn(definition.flow).flatMap((condition) => conditionWarnings(condition, 'flow', survey));
  const skips = Object.values(definition.blocks).flatMap((block) =>
    block.items.flatMap((item) =>
      item.kind === 'question'
        ? (item.skips ?? []).flatMap((skip) => conditionWarnings(skip.when, block.id, survey))
        : [],
    ),
  );
  const texts = [...valuesIn(definition.flow), ...endingTexts(definition.ending), ...framesOf(definition.options)];
  return [...branches, ...skips, ...texts.flatMap((text) => pipeWarnings(text, 'flow', survey))];
}

/** What the flow sets fields to, and where it ends. */
function valuesIn(flow: readonly FlowNode[]): string[] {
  return flow.flatMap((node) => {
    if (node.kind === 'embedded') return node.fields.flatMap(({ value }) => value ?? []);
    if (node.kind === 'end') return endingTexts(node.ending);
    return 'children' in node ? valuesIn(node.children) : [];
  });
}

function endingTexts({ message, url }: Ending): string[] {
  return [message, url].filter((text) => text !== undefined);
}

function framesOf({ header, footer }: SurveyOptions): string[] {
  return [header, footer].filter((text) => text !== undefined);
}
