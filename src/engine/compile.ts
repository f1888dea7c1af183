import { armsIn } from './draws/arms.js';
import type { Arms } from './draws/arms.js';
import { arranged } from './questions/arranged.js';
import type { Listed } from './questions/arranged.js';
import { testsIn } from './conditions.js';
import type { Block, FlowNode, Item, SurveyDefinition } from './definition.js';
import { afterNeeded, logicOf, neededBy } from './needs.js';
import { listsOf } from './questions/order.js';
import { parseTemplate } from './piping.js';
import type { Template } from './piping.js';
import type { Question } from './questions/question.schema.js';
import type { Shuffle } from './draws/shuffle.schema.js';
import { stepsOf } from './steps.js';
import type { Step } from './steps.js';

/** What is worked out once per definition. */
export interface Compiled {
  definition: SurveyDefinition;
  questions: ReadonlyMap<string, Question>;
  aliases: ReadonlyMap<string, string>;
  blocks: ReadonlyMap<string, readonly Step[]>;
  shuffledBlocks: ReadonlyMap<string, Block>;
  /** Questions whose shown choices some test or placeholder asks for. */
  watched: ReadonlySet<string>;
  asksDevice: boolean;
  /** By question, the others that its logic and its placeholders look at. */
  needs: ReadonlyMap<string, readonly string[]>;
  weights: WeakMap<FlowNode, number>;
  /** The even randomizers of the flow. */
  arms: ReadonlyMap<FlowNode, Arms>;
  /** Whether something is to be shown as often as its siblings. */
  isEven: boolean;
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
    asksDevice: conditionsOf(definition)
      .flatMap(testsIn)
      .some((test) => test.operand.kind === 'device'),
    needs: new Map(),
    weights: new WeakMap(),
    arms: armsIn(definition.flow),
    isEven: isEven(definition),
    template(text) {
      const known = templates.get(text) ?? parseTemplate(text);
      templates.set(text, known);
      return known;
    },
  };
  const needs = [...questions.values()].map((one) => [one.id, neededBy(one, result)] as const);
  result.needs = new Map(needs.filter(([, others]) => others.length > 0));
  const blocks = Object.values(definition.blocks).map((block) => [block.id, stepsOf(result, block.items)] as const);
  result.blocks = new Map(blocks);
  for (const node of definition.flow) weigh(node, result);
  return result;
}

/** Questions that change places as one. */
export interface Bundle extends Listed {
  items: Item[];
}

/** The questions of a shuffled block with those that stay beside them. */
export function bundlesOf(block: Block): Bundle[] {
  const bundles: Bundle[] = [];
  for (const item of block.items) {
    if (item.kind !== 'question') continue;
    const last = bundles.at(-1);
    if (item.joined && last) last.items.push(item);
    else bundles.push({ id: item.question, items: [item] });
  }
  return bundles;
}

/** The steps of a shuffled block: page breaks stay where they are, or come after so many questions. */
export function shuffledSteps(survey: Compiled, block: Block, order: readonly Bundle[]): Step[] {
  const breaks = block.perPage === undefined ? breaksOf(block) : everySo(block.perPage, order.length);
  const items = order.flatMap((bundle, index): Item[] =>
    breaks.has(index + 1) ? [...bundle.items, { kind: 'pageBreak' }] : bundle.items,
  );
  return stepsOf(survey, items);
}

/** After how many bundles the block has page breaks. */
function breaksOf(block: Block): Set<number> {
  const breaks = new Set<number>();
  let bundles = 0;
  for (const item of block.items) {
    if (item.kind === 'pageBreak') breaks.add(bundles);
    else if (!item.joined) bundles += 1;
  }
  return breaks;
}

function everySo(size: number, count: number): Set<number> {
  return new Set(Array.from({ length: Math.floor(count / size) }, (_, index) => (index + 1) * size));
}

/** Chance may put a question before those that its logic looks at: it then comes right after them. */
export function settled(survey: Compiled, bundles: readonly Bundle[]): Bundle[] {
  const needs = new Map(bundles.map((bundle) => [bundle, needsOf(survey, bundle)]));
  if ([...needs.values()].every((ids) => ids.length === 0)) return [...bundles];
  const places = new Map(bundles.flatMap((bundle) => idsOf(bundle).map((id) => [id, bundle] as const)));
  return afterNeeded(bundles, (bundle) => needs.get(bundle)!.flatMap((id) => places.get(id) ?? []));
}

function idsOf({ items }: Bundle): string[] {
  return items.flatMap((item) => (item.kind === 'question' ? [item.question] : []));
}

function needsOf(survey: Compiled, bundle: Bundle): string[] {
  return idsOf(bundle).flatMap((id) => survey.needs.get(id) ?? []);
}

/** Where a page of a block is cut in two before a question, because of answers that are given above it on that page. */
export function pageCuts(definition: SurveyDefinition): { question: string; block: string; needs: string[] }[] {
  const survey = compiled(definition);
  return Object.values(definition.blocks).flatMap((block) =>
    block.shuffle
      ? pagesAsWritten(block).flatMap((ids) => shuffledCuts(survey, block, ids))
      : (survey.blocks.get(block.id) ?? []).flatMap(({ question, cutFor }) =>
          cutFor.length > 0 ? [{ question: question.id, block: block.id, needs: [...cutFor] }] : [],
        ),
  );
}

/** Wherever chance puts them, those that others look at come on a page before these. */
function shuffledCuts(survey: Compiled, { id: block }: Block, ids: readonly string[]): ReturnType<typeof pageCuts> {
  const beside = new Set(ids);
  return ids.flatMap((question) => {
    const needs = (survey.needs.get(question) ?? []).filter((id) => id !== question && beside.has(id));
    return needs.length > 0 ? [{ question, block, needs: [...new Set(needs)] }] : [];
  });
}

function pagesAsWritten(block: Block): string[][] {
  const pages: string[][] = [[]];
  for (const item of block.items) {
    if (item.kind === 'pageBreak') pages.push([]);
    else pages.at(-1)!.push(item.question);
  }
  return pages;
}

/** Every condition of a survey: of questions, choices, skips and branches. */
function conditionsOf(definition: SurveyDefinition): FlowCondition[] {
  const logic = Object.values(definition.questions).flatMap(logicOf);
  const skips = Object.values(definition.blocks).flatMap((block) =>
    block.items.flatMap((item) => (item.kind === 'question' ? (item.skips ?? []).map((skip) => skip.when) : [])),
  );
  return [...logic, ...skips, ...branchesIn(definition.flow)];
}

function isEven(definition: SurveyDefinition): boolean {
  const lists = Object.values(definition.questions).flatMap((question) => listsOf(question));
  return (
    armsIn(definition.flow).size > 0 ||
    lists.some((list) => list.shuffle?.even) ||
    Object.values(definition.blocks).some((block) => block.order?.even)
  );
}

function watchedIn(definition: SurveyDefinition): Set<string> {
  const tests = conditionsOf(definition).flatMap(testsIn);
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
  if (node.kind !== 'block') return 0;
  const shuffled = survey.shuffledBlocks.get(node.block);
  return shuffled?.order ? askedOf(shuffled, shuffled.order) : (survey.blocks.get(node.block)?.length ?? 0);
}

/** How many questions of a block are asked where some are left out. */
function askedOf(block: Block, order: Shuffle): number {
  return arranged(bundlesOf(block), order, { seed: 0, walk: 0 }).reduce((sum, { items }) => sum + items.length, 0);
}

function weighChildren(node: Extract<FlowNode, { children: FlowNode[] }>, survey: Compiled): number {
  const sum = node.children.map((child) => weigh(child, survey)).reduce((total, weight) => total + weight, 0);
  if (node.kind !== 'randomizer' || node.children.length === 0) return sum;
  return (sum * Math.min(node.show, node.children.length)) / node.children.length;
}
