import { questionsIn, testsIn } from './conditions.js';
import type { Block, FlowNode, Item, Skip, SurveyDefinition } from './definition.js';
import { parseTemplate, questionOf } from './piping.js';
import type { Template } from './piping.js';
import type { Choice, Question } from './question.schema.js';

/** A question at its place in a block. `endsPage` is true before page breaks, after skips and where a later one needs it. */
export interface Step {
  question: Question;
  skips: readonly Skip[];
  endsPage: boolean;
}

/** What is worked out once per definition. */
export interface Compiled {
  definition: SurveyDefinition;
  questions: ReadonlyMap<string, Question>;
  aliases: ReadonlyMap<string, string>;
  blocks: ReadonlyMap<string, readonly Step[]>;
  shuffledBlocks: ReadonlyMap<string, Block>;
  /** Questions whose shown choices some test or placeholder asks for. */
  watched: ReadonlySet<string>;
  weights: WeakMap<FlowNode, number>;
  template(text: string): Template;
}

const compiledBefore = new WeakMap<SurveyDefinition, Compiled>();

export function compiled(definition: SurveyDefinition): Compiled {
  const before = compiledBefore.get(definition);
  if (before) return before;
  const result = compile(definition);
  compiledBefore.set(definition, result);
  return result;
}

function compile(definition: SurveyDefinition): Compiled {
  const questions = new Map(Object.entries(definition.questions));
  const aliases = new Map([...questions.values()].flatMap((one) => (one.importId ? [[one.importId, one.id]] : [])));
  const templates = new Map<string, Template>();
  const shuffled = Object.values(definition.blocks).filter((block) => block.shuffle);
  const result: Compiled = {
    definition,
    questions,
    aliases,
    blocks: new Map(),
    shuffledBlocks: new Map(shuffled.map((block) => [block.id, block])),
    watched: watchedIn(definition),
    weights: new WeakMap(),
    template(text) {
      const known = templates.get(text) ?? parseTemplate(text);
      templates.set(text, known);
      return known;
    },
  };
  const blocks = Object.values(definition.blocks).map((block) => [block.id, stepsOf(result, block.items)] as const);
  result.blocks = new Map(blocks);
  for (const node of definition.flow) weigh(node, result);
  return result;
}

/** Steps of a block whose questions stand in this order; a question that is not there or comes twice is left out. */
function stepsOf(survey: Compiled, items: readonly Item[]): Step[] {
  const steps: Step[] = [];
  const onPage = new Set<string>();
  const seen = new Set<string>();
  const cut = (): void => {
    onPage.clear();
    const last = steps.at(-1);
    if (last) last.endsPage = true;
  };
  for (const item of items) {
    if (item.kind === 'pageBreak') cut();
    const question = item.kind === 'question' ? survey.questions.get(item.question) : undefined;
    if (!question || seen.has(question.id)) continue;
    seen.add(question.id);
    if (neededBy(question, survey).some((id) => onPage.has(id))) cut();
    const skips = (item.kind === 'question' && item.skips) || [];
    steps.push({ question, skips, endsPage: false });
    if (skips.length > 0) cut();
    else onPage.add(question.id);
  }
  cut();
  return steps;
}

/** The steps of a shuffled block: its questions change places, page breaks stay where they are. */
export function shuffledSteps(survey: Compiled, block: Block, order: (items: readonly Item[]) => Item[]): Step[] {
  const queue = order(block.items.filter((item) => item.kind === 'question')).values();
  return stepsOf(
    survey,
    block.items.map((item) => (item.kind === 'question' ? (queue.next().value ?? item) : item)),
  );
}

/** Questions that must be answered before this one can be drawn. */
function neededBy(question: Question, survey: Compiled): string[] {
  const parts = partsOf(question);
  const logic = [question.displayLogic, ...parts.map((part) => part.displayLogic)].flatMap(questionsIn);
  const pipes = [question.text, ...parts.map((part) => part.text)].flatMap((text) => pipedQuestions(text, survey));
  return [...logic, ...pipes];
}

function pipedQuestions(text: string, survey: Compiled): string[] {
  if (!text.includes('${')) return [];
  return survey.template(text).flatMap((part) => {
    const id = typeof part === 'string' ? undefined : questionOf(part, survey.aliases);
    return id === undefined ? [] : [id];
  });
}

export function partsOf(question: Question): readonly Choice[] {
  const rows = 'choices' in question ? question.choices : [];
  return question.type === 'matrix' ? [...rows, ...question.columns] : rows;
}

function watchedIn(definition: SurveyDefinition): Set<string> {
  const questions = Object.values(definition.questions);
  const logic = questions.flatMap((one) => [one.displayLogic, ...partsOf(one).map((part) => part.displayLogic)]);
  const skips = Object.values(definition.blocks).flatMap((block) =>
    block.items.flatMap((item) => (item.kind === 'question' ? (item.skips ?? []).map((skip) => skip.when) : [])),
  );
  const tests = [...logic, ...skips, ...branchesIn(definition.flow)].flatMap(testsIn);
  const shown = tests.filter((test) => test.operator === 'displayed' || test.operator === 'notDisplayed');
  const piped = JSON.stringify(definition).matchAll(/q:\/\/([^/}]{1,80})\/ChoiceGroup\/DisplayedChoices/g);
  const asked = shown.flatMap((test) => ('question' in test.operand ? [test.operand.question] : []));
  return new Set([...asked, ...[...piped].map((match) => match[1]!)]);
}

export function branchesIn(flow: readonly FlowNode[]): FlowCondition[] {
  return flow.flatMap((node) => {
    const below = 'children' in node ? branchesIn(node.children) : [];
    return node.kind === 'branch' ? [node.when, ...below] : below;
  });
}

type FlowCondition = Extract<FlowNode, { kind: 'branch' }>['when'];

/** How much of the survey lies in a node, in questions; for the progress bar. */
function weigh(node: FlowNode, survey: Compiled): number {
  const weight = 'children' in node ? weighChildren(node, survey) : weighLeaf(node, survey);
  survey.weights.set(node, weight);
  return weight;
}

function weighLeaf(node: FlowNode, survey: Compiled): number {
  return node.kind === 'block' ? (survey.blocks.get(node.block)?.length ?? 0) : 0;
}

function weighChildren(node: Extract<FlowNode, { children: FlowNode[] }>, survey: Compiled): number {
  const sum = node.children.map((child) => weigh(child, survey)).reduce((total, weight) => total + weight, 0);
  if (node.kind !== 'randomizer' || node.children.length === 0) return sum;
  return (sum * Math.min(node.show, node.children.length)) / node.children.length;
}
