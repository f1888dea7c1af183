import { pageCuts } from '../../engine/compile.js';
import { questionsIn } from '../../engine/conditions.js';
import type { FlowNode, Item, SurveyDefinition } from '../../engine/definition.js';
import { afterNeeded, logicOf } from '../../engine/needs.js';
import type { Question } from '../../engine/questions/question.schema.js';
import type { Source } from '../source.js';

/** Questions, with those whose logic the other system applied without leaving the page. */
interface Asked {
  questions: ReadonlyMap<string, Question>;
  inPage: ReadonlySet<string>;
}

/** A question with what stays right after it, or a page break. */
type Bundle = readonly Item[];

/**
 * In the other system an answer may call up a question or a choice above it on the same page. Pages here are forms, so the
 * question comes after the one that calls it up.
 */
export function afterTheirCalls(items: Item[], { questions, inPage }: Asked, source: Source): Item[] {
  if (inPage.size === 0) return items;
  return pagesOf(items).flatMap((page) => {
    const byId = new Map(page.flatMap((bundle) => idsOf(bundle).map((id) => [id, bundle] as const)));
    const callers = (bundle: Bundle): Bundle[] =>
      idsOf(bundle)
        .filter((id) => inPage.has(id))
        .flatMap((id) => logicNeeds(questions.get(id)))
        .flatMap((id) => (byId.has(id) ? [byId.get(id)!] : []));
    const order = afterNeeded(page, callers);
    reportMoves(page, order, callers, source);
    return order.flat();
  });
}

function idsOf(bundle: Bundle): string[] {
  return bundle.flatMap((item) => (item.kind === 'question' ? [item.question] : []));
}

/** The questions that logic of a question and of its parts looks at. */
function logicNeeds(question: Question | undefined): string[] {
  return question ? logicOf(question).flatMap(questionsIn) : [];
}

function pagesOf(items: readonly Item[]): Bundle[][] {
  const pages: Item[][][] = [[]];
  for (const item of items) {
    const bundle = pages.at(-1)!.at(-1);
    if (item.kind === 'pageBreak') pages.push([[item]], []);
    else if (item.joined && bundle) bundle.push(item);
    else pages.at(-1)!.push([item]);
  }
  return pages;
}

function reportMoves(
  before: readonly Bundle[],
  after: readonly Bundle[],
  callers: (bundle: Bundle) => Bundle[],
  source: Source,
): void {
  const [was, is] = [before, after].map((order) => new Map(order.map((bundle, place) => [bundle, place])));
  for (const bundle of before) {
    const passed = callers(bundle).filter(
      (caller) => was!.get(caller)! > was!.get(bundle)! && is!.get(caller)! < is!.get(bundle)!,
    );
    const names = passed.map((caller) => idsOf(caller)[0]).join(', ');
    if (names !== '')
      source.report.note(idsOf(bundle)[0]!, `It is asked after ${names} now, whose answer calls it up.`);
  }
}

/** Tells where respondents meet a page more than the file had, and which logic looks at answers that nobody has given yet. */
export function reportCuts(definition: SurveyDefinition, source: Source): void {
  for (const { question, block, needs } of pageCuts(definition)) {
    const asks = `it depends on the answer to ${needs.join(', ')}`;
    const isShuffled = definition.blocks[block]?.shuffle === true;
    source.report.note(
      question,
      isShuffled
        ? `It is asked on a page after, not beside: ${asks}.`
        : `A new page begins before it: ${asks} above it.`,
    );
  }
  reportTooEarly(definition, source);
}

function reportTooEarly(definition: SurveyDefinition, source: Source): void {
  const shown = blocksIn(definition.flow);
  const blocks = Object.values(definition.blocks).map(({ id, items, shuffle }) => ({ id, ids: idsOf(items), shuffle }));
  // Of a block that is shown twice, answers of the first time are there the second time.
  for (const { ids, shuffle } of blocks.filter(({ id }) => shown.filter((other) => other === id).length === 1)) {
    for (const [index, id] of ids.entries()) {
      const isLater = (other: string): boolean =>
        other === id ||
        (!shuffle && ids.indexOf(other) > index && blocks.filter((block) => block.ids.includes(other)).length === 1);
      const later = new Set(logicNeeds(definition.questions[id]).filter(isLater));
      if (later.size > 0) reportLater(id, [...later], source);
    }
  }
}

function blocksIn(flow: readonly FlowNode[]): string[] {
  return flow.flatMap((node) =>
    node.kind === 'block' ? [node.block] : 'children' in node ? blocksIn(node.children) : [],
  );
}

function reportLater(id: string, later: readonly string[], source: Source): void {
  const names = later.map((other) => (other === id ? 'this question itself' : other)).join(', ');
  const what = `Its logic looks at the answer to ${names}, which nobody has given yet when it is asked.`;
  source.report.warn(id, what, 'Ask it later, or change its logic where the file comes from.');
}
