import { pageCuts } from '../engine/compile.js';
import { questionsIn } from '../engine/conditions.js';
import type { Item, SurveyDefinition } from '../engine/definition.js';
import { afterNeeded } from '../engine/needs.js';
import type { Question } from '../engine/question.schema.js';
import type { Source } from './source.js';

/** Questions, with those whose logic the other system applied without leaving the page. */
interface Asked {
  questions: ReadonlyMap<string, Question>;
  inPage: ReadonlySet<string>;
}

/**
 * In the other system an answer may call up a question above it on the same page. Pages here are forms, so the question
 * comes after the one that calls it up.
 */
export function afterTheirCalls(items: Item[], { questions, inPage }: Asked, source: Source): Item[] {
  if (inPage.size === 0) return items;
  return pagesOf(items).flatMap((page) => {
    const byId = new Map(page.flatMap((item) => (item.kind === 'question' ? [[item.question, item] as const] : [])));
    const callers = (item: Item): Item[] =>
      item.kind === 'question' && inPage.has(item.question)
        ? questionsIn(questions.get(item.question)?.displayLogic).flatMap((id) => byId.get(id) ?? [])
        : [];
    const order = afterNeeded(page, callers);
    reportMoves(page, order, source);
    return order;
  });
}

function pagesOf(items: readonly Item[]): Item[][] {
  const pages: Item[][] = [[]];
  for (const item of items) {
    if (item.kind === 'pageBreak') pages.push([item], []);
    else pages.at(-1)!.push(item);
  }
  return pages;
}

function reportMoves(before: readonly Item[], after: readonly Item[], source: Source): void {
  for (const [index, item] of after.entries()) {
    const above = after[index - 1];
    if (item.kind !== 'question' || above?.kind !== 'question' || before.indexOf(item) > before.indexOf(above))
      continue;
    source.report.note(item.question, `It is asked after ${above.question} now, whose answer calls it up.`);
  }
}

/** Tells where respondents meet a page more than the file had. */
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
}
