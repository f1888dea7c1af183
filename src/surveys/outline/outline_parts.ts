import type { FlowNode, SurveyDefinition } from '../../engine/definition.js';
import type { Question } from '../../engine/questions/question.schema.js';
import { MOST_LISTED } from './outline_room.js';

/**
 * A stretch of an outline. Whatever it lists has a place: each element of the flow, each question, each page break, in the
 * order in which they stand there.
 */
export interface OutlinePart {
  /** The first place of the part. */
  from: number;
  /** The place after its last. */
  to: number;
  /** Questions before it, in it, and in the whole outline. */
  before: number;
  count: number;
  total: number;
  /** Whether something comes after it. */
  hasMore: boolean;
}

/** Places of one part; most surveys have fewer. */
const MOST_PLACES = 300;
/** Lines of choices, rows and columns of one part, and characters of its questions. */
const MOST_LINES = 4000;
const MOST_CHARACTERS = 300_000;

/** The places of a survey's outline: the question that stands there, or nothing for what is none. */
export class OutlinePlaces {
  private readonly all: (Question | undefined)[] = [];
  private readonly places = new Map<string, number>();
  private readonly listed = new Set<string>();
  /** The part that is shown first. */
  readonly first: OutlinePart;

  constructor(private readonly definition: SurveyDefinition) {
    this.add(definition.flow);
    for (const { id, items } of Object.values(definition.blocks)) {
      if (!this.listed.has(id) && items.length > 0) this.block(id);
    }
    this.first = this.partFrom(0);
  }

  /** The part that begins at a place; the first for a place that there isn't. One question is always in it, however long. */
  partFrom(wished: number): OutlinePart {
    const from = wished < this.all.length ? wished : 0;
    let [to, lines, characters] = [from, 0, 0];
    while (to < this.all.length && to - from < MOST_PLACES) {
      const question = this.all[to];
      lines += linesOf(question);
      characters += question?.text.length ?? 0;
      if (to > from && (lines > MOST_LINES || characters > MOST_CHARACTERS)) break;
      to += 1;
    }
    const [before, count] = [this.questionsIn(0, from), this.questionsIn(from, to)];
    const total = before + count + this.questionsIn(to, this.all.length);
    return { from, to, before, count, total, hasMore: to < this.all.length };
  }

  /** Where a question stands; undefined where nothing lists it. */
  placeOf(questionId: string): number | undefined {
    return this.places.get(questionId);
  }

  private questionsIn(from: number, to: number): number {
    return this.all.slice(from, to).filter((question) => question !== undefined).length;
  }

  private add(flow: readonly FlowNode[]): void {
    for (const node of flow) {
      if (node.kind === 'block') {
        this.block(node.block);
        continue;
      }
      this.all.push(undefined);
      if ('children' in node) this.add(node.children);
    }
  }

  private block(id: string): void {
    this.all.push(undefined);
    const items = this.listed.has(id) ? [] : (this.definition.blocks[id]?.items ?? []);
    this.listed.add(id);
    for (const item of items) {
      if (item.kind === 'question' && !this.places.has(item.question)) this.places.set(item.question, this.all.length);
      this.all.push(item.kind === 'question' ? this.definition.questions[item.question] : undefined);
    }
  }
}

function linesOf(question: Question | undefined): number {
  if (question === undefined) return 1;
  const rows = 'choices' in question ? question.choices.length : 0;
  const columns = question.type === 'matrix' ? question.columns.length : 0;
  return Math.min(rows, MOST_LISTED) + Math.min(columns, MOST_LISTED);
}
