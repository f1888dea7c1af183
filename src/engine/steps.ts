import type { Item, Skip } from './definition.js';
import { PageFilling } from './page-size.js';
import type { Question } from './questions/question.schema.js';

/** A question at its place in a block. `endsPage` is true before page breaks, after skips and where a later one needs it. */
export interface Step {
  question: Question;
  skips: readonly Skip[];
  endsPage: boolean;
  /** Questions whose answers above it on the page made that page end before it. */
  cutFor: readonly string[];
}

/** Which questions there are, and at which others each looks. */
interface Asked {
  questions: ReadonlyMap<string, Question>;
  needs: ReadonlyMap<string, readonly string[]>;
}

/** Steps of a block whose questions stand in this order; a question that is not there or comes twice is left out. */
export function stepsOf(asked: Asked, items: readonly Item[]): Step[] {
  const pages = new Pages(asked, items);
  for (const index of items.keys()) pages.add(index);
  pages.cut();
  return pages.steps;
}

class Pages {
  readonly steps: Step[] = [];
  private readonly onPage = new Set<string>();
  private readonly seen = new Set<string>();
  private readonly filling = new PageFilling();
  /** At what the questions that stay together look, each with the last of them that does. */
  private looks: ReadonlyMap<string, number> = new Map();
  /** Those of them that are on the page. */
  private above: string[] = [];

  constructor(
    private readonly asked: Asked,
    private readonly items: readonly Item[],
  ) {}

  cut(): void {
    this.onPage.clear();
    this.above = [];
    this.filling.begin();
    const last = this.steps.at(-1);
    if (last) last.endsPage = true;
  }

  add(index: number): void {
    const item = this.items[index]!;
    if (item.kind === 'pageBreak') {
      this.cut();
      return;
    }
    if (!item.joined || this.items[index - 1]?.kind !== 'question') {
      this.looks = this.looksFrom(index);
      this.above = [...this.looks.keys()].filter((id) => this.onPage.has(id));
    }
    const question = this.asked.questions.get(item.question);
    if (question && !this.seen.has(question.id)) this.step(question, item.skips ?? [], index);
  }

  private step(question: Question, skips: readonly Skip[], index: number): void {
    this.seen.add(question.id);
    const cutFor = this.above.filter((id) => this.looks.get(id)! >= index);
    if (this.filling.endsBefore(question, cutFor)) this.cut();
    this.filling.add(question);
    this.steps.push({ question, skips, endsPage: false, cutFor });
    if (skips.length > 0) {
      this.cut();
      return;
    }
    this.onPage.add(question.id);
    if ((this.looks.get(question.id) ?? 0) > index) this.above.push(question.id);
  }

  /** At what a question and those that stay right after it look: a text is not parted from its tables. */
  private looksFrom(index: number): Map<string, number> {
    const looks = new Map<string, number>();
    for (let at = index; at < this.items.length; at += 1) {
      const item = this.items[at]!;
      if (item.kind === 'pageBreak' || (at > index && !item.joined)) break;
      for (const id of this.asked.needs.get(item.question) ?? []) looks.set(id, at);
    }
    return looks;
  }
}
