import { arranged } from './questions/arranged.js';
import { bundlesOf, settled, shuffledSteps } from './compile.js';
import type { Compiled } from './compile.js';
import { columnKey, holds } from './conditions.js';
import type { Facts } from './conditions.js';
import type { Ending, FlowNode } from './definition.js';
import { drawKey, dueOf } from './draws/draws.js';
import type { Due } from './draws/draws.js';
import { listsOf, shownParts, visibleOf } from './questions/order.js';
import type { WalkState } from './page.js';
import { fill } from './piping.js';
import type { PipeSource } from './piping.js';
import type { Answer, Question } from './questions/question.schema.js';
import { seedAt, shuffled } from './draws/random.js';
import type { Step } from './steps.js';

/** A page that is due: the questions that logic lets through, and where it stands. */
export interface Page {
  key: string;
  /** The place of its block in the flow; answers are kept by it. */
  place: string;
  questions: readonly Question[];
  progress: number;
}

export type Stop = { kind: 'page'; page: Page } | { kind: 'end'; ending: Ending };

const EMPTY: Answer = {};
/** Characters of a field: one that is set to itself twice over and over would grow without end. */
const LONGEST_FIELD = 20_000;

/**
 * Walks a survey from its start through the pages that were given, learning their answers on the way. Nothing is
 * remembered between two walks, so the path is the same whenever definition and state are.
 */
export class Path {
  readonly facts: Facts;
  readonly unknownPipes = new Set<string>();
  readonly pages: Page[] = [];
  /** The first even choice on the way that nobody has drawn yet; chance stands in for it. */
  due: Due | undefined;

  constructor(
    readonly survey: Compiled,
    readonly state: WalkState,
    private readonly isPassed: (page: Page, path: Path) => boolean = (_page, path) => path.pages.length < state.passed,
  ) {
    this.facts = {
      questions: survey.questions,
      known: new Map(),
      embedded: new Map(Object.entries(state.embedded)),
      contact: new Map(Object.entries(state.contact)),
      devices: state.devices ?? [],
    };
  }

  /** Goes on until a page that is not passed, or to the end. */
  walk(): Stop {
    const { flow, ending } = this.survey.definition;
    return this.walkAll(flow, 'f', 0, 100) ?? { kind: 'end', ending };
  }

  source(link?: PipeSource['link']): PipeSource {
    const { seed, startedAt, language } = this.state;
    const { aliases } = this.survey;
    return {
      facts: this.facts,
      seed,
      startedAt,
      language,
      aliases,
      unknown: this.unknownPipes,
      ...(link ? { link } : {}),
    };
  }

  private walkAll(nodes: readonly FlowNode[], place: string, from: number, to: number): Stop | undefined {
    const weights = nodes.map((node) => this.survey.weights.get(node) ?? 0);
    const step =
      (to - from) /
      Math.max(
        1,
        weights.reduce((sum, weight) => sum + weight, 0),
      );
    let start = from;
    for (const [index, node] of nodes.entries()) {
      const end = start + weights[index]! * step;
      const stop = this.walkNode(node, `${place}.${index}`, start, end);
      if (stop) return stop;
      start = end;
    }
    return undefined;
  }

  private walkNode(node: FlowNode, place: string, from: number, to: number): Stop | undefined {
    if (node.kind === 'block') return this.walkBlock(node.block, place, from, to);
    if (node.kind === 'randomizer') return this.walkSome(node, place, from, to);
    if (node.kind === 'end') return { kind: 'end', ending: node.ending };
    if (node.kind === 'embedded') return this.setEmbedded(node.fields);
    const isEntered = node.kind === 'group' || holds(node.when, this.facts);
    return isEntered ? this.walkAll(node.children, place, from, to) : undefined;
  }

  /** The chosen children in their chance order; each keeps the place it has in the definition. */
  private walkSome(
    node: Extract<FlowNode, { kind: 'randomizer' }>,
    place: string,
    from: number,
    to: number,
  ): Stop | undefined {
    const order = this.armsOf(node, place);
    const share = (to - from) / Math.max(1, order.length);
    for (const [turn, index] of order.entries()) {
      const start = from + turn * share;
      const stop = this.walkNode(node.children[index]!, `${place}.${index}`, start, start + share);
      if (stop) return stop;
    }
    return undefined;
  }

  /** Which children are met, in their chance order. */
  private armsOf(node: Extract<FlowNode, { kind: 'randomizer' }>, place: string): number[] {
    const order = shuffled([...node.children.keys()], seedAt(this.state.seed, place));
    const arms = this.survey.arms.get(node);
    const drawn = arms && this.drawn(dueOf(drawKey(arms.place, arms.listed, place), arms.listed, node));
    const isMet = (index: number): boolean => drawn?.includes(arms!.listed[index]!.id) === true;
    return [...order.filter(isMet), ...order.filter((index) => !isMet(index))].slice(0, node.show);
  }

  /** What was drawn; remembers what is still to be drawn. Walks that draw nothing leave all to chance. */
  private drawn(due: Due | undefined): readonly string[] | undefined {
    const { draws } = this.state;
    if (!due || !draws) return undefined;
    if (!Object.hasOwn(draws, due.key)) this.due ??= due;
    return draws[due.key];
  }

  private setEmbedded(fields: readonly { name: string; value?: string | undefined }[]): undefined {
    for (const field of fields) {
      if (field.value !== undefined) {
        const value = fill(this.survey.template(field.value), this.source(), 'text');
        this.facts.embedded.set(field.name, value.slice(0, LONGEST_FIELD).toWellFormed());
      }
    }
  }

  private walkBlock(id: string, place: string, from: number, to: number): Stop | undefined {
    const steps = this.stepsOf(id, place);
    let start = 0;
    while (start < steps.length) {
      const progress = from + ((to - from) * start) / steps.length;
      const end = pageEnd(steps, start);
      const questions = this.visible(steps, start, end);
      if (questions.length > 0) {
        const page: Page = { key: `${place}.${start}`, place, questions, progress: Math.floor(progress) };
        if (!this.isPassed(page, this)) return this.stopAt(page);
        this.pass(page);
      }
      const jump = this.jump(steps, end, questions);
      if (jump === 'endOfSurvey') return { kind: 'end', ending: this.survey.definition.ending };
      start = jump;
    }
    return undefined;
  }

  private stopAt(page: Page): Stop {
    if (this.state.draws) {
      for (const { place, choices, shuffle } of page.questions.flatMap((question) => listsOf(question))) {
        this.drawn(dueOf(drawKey(place, choices), visibleOf(choices, this.facts), shuffle));
      }
    }
    return { kind: 'page', page };
  }

  private stepsOf(id: string, place: string): readonly Step[] {
    const block = this.survey.shuffledBlocks.get(id);
    if (!block) return this.survey.blocks.get(id) ?? [];
    const bundles = bundlesOf(block);
    const shuffle = block.order ?? { mode: 'shuffle' };
    const key = drawKey(block.id, bundles, place);
    const drawn = this.drawn(dueOf(key, bundles, shuffle));
    const order = arranged(bundles, shuffle, { seed: seedAt(this.state.seed, place), walk: this.state.seed, drawn });
    return shuffledSteps(this.survey, block, this.state.rules === undefined ? order : settled(this.survey, order));
  }

  private visible(steps: readonly Step[], start: number, end: number): Question[] {
    const questions: Question[] = [];
    for (let index = start; index <= end; index += 1) {
      const { question } = steps[index]!;
      if (!question.displayLogic || holds(question.displayLogic, this.facts)) questions.push(question);
    }
    return questions;
  }

  private pass(page: Page): void {
    this.pages.push(page);
    const given = this.state.given[page.place];
    for (const question of page.questions) this.learn(question, given?.[question.id] ?? EMPTY);
  }

  /** Of a question answered twice the later answer counts, unless it is empty. */
  private learn(question: Question, answer: Answer): void {
    const before = this.facts.known.get(question.id)?.answer;
    const counts = before && isEmpty(answer) ? before : answer;
    const shown = this.survey.watched.has(question.id) ? this.shownIds(question) : undefined;
    this.facts.known.set(question.id, shown ? { answer: counts, shown } : { answer: counts });
  }

  private shownIds(question: Question): Set<string> {
    const { choices, columns } = shownParts(question, this.facts, this.state);
    return new Set([...choices.map((choice) => choice.id), ...columns.map((column) => columnKey(column.id))]);
  }

  /** Where to go after a page: the next step, a later question of the block, its end, or the end of the survey. */
  private jump(steps: readonly Step[], end: number, shown: readonly Question[]): number | 'endOfSurvey' {
    const { question, skips } = steps[end]!;
    const skip = shown.includes(question) ? skips.find((one) => holds(one.when, this.facts)) : undefined;
    if (!skip) return end + 1;
    if (skip.to.kind === 'endOfSurvey') return 'endOfSurvey';
    if (skip.to.kind === 'endOfBlock') return steps.length;
    const target = skip.to.question;
    const index = steps.findIndex((step, at) => at > end && step.question.id === target);
    return index === -1 ? end + 1 : index;
  }
}

function pageEnd(steps: readonly Step[], start: number): number {
  let end = start;
  while (end < steps.length - 1 && !steps[end]!.endsPage) end += 1;
  return end;
}

export function isEmpty(answer: Answer): boolean {
  return Object.keys(answer).length === 0;
}
