import type { Block, Ending, FlowNode, Skip, SurveyDefinition } from '../../engine/definition.js';
import type { Question } from '../../engine/questions/question.schema.js';
import { plainText } from '../../engine/text.js';
import { SafeHtml } from '../../platform/web/html/safe_html.js';
import type { Say } from '../../platform/web/words.js';
import { conditionWords } from './logic_words.js';
import { type OutlinePart, OutlinePlaces } from './outline_parts.js';
import { brief, OutlineRoom } from './outline_room.js';
import { listsOf, notesOf, type OutlineList, typeWords } from './question_words.js';

/** A question as the outline shows it. */
export interface OutlineQuestion {
  id: string;
  tag: string;
  type: string;
  required: string;
  text: SafeHtml;
  lists: OutlineList[];
  notes: string[];
  /** When it is shown, and where answers lead. */
  logic: string[];
  /** Where its wording is edited, for people who may. */
  editUrl: string | undefined;
}

/** Where a question's wording is edited; undefined for people who may not. */
export type Editing = (questionId: string) => string | undefined;

type OutlineItem = { question: OutlineQuestion } | { pageBreak: true };

/** One element of the flow. Blocks list what they ask; the others say what they do and hold further elements. */
export interface OutlineNode {
  kind: FlowNode['kind'];
  icon: string;
  title: string;
  /** Blocks only, and only where the flow shows them first. */
  items: OutlineItem[];
  children: OutlineNode[];
}

/** Characters of a name, and of what an element of the flow does. */
const LONGEST_NAME = 300;
const LONGEST_TITLE = 3000;

const ICONS: Record<FlowNode['kind'], string> = {
  block: 'outline',
  branch: 'filter',
  group: 'lists',
  randomizer: 'refresh',
  embedded: 'key',
  end: 'flag',
};

/** A definition as a tree of words, in the order in which it is asked; blocks outside the flow come last. */
export function outlineOf(
  definition: SurveyDefinition,
  say: Say,
  editing: Editing,
  part: OutlinePart = new OutlinePlaces(definition).first,
): OutlineNode[] {
  const drawing = new Drawing(definition, say, editing, part);
  return [...drawing.nodes(definition.flow), ...drawing.unused()];
}

/** One question as the outline shows it. */
export function outlineQuestion(
  definition: SurveyDefinition,
  question: Question,
  say: Say,
  editing: Editing,
): OutlineQuestion {
  const items = Object.values(definition.blocks).flatMap((block) => block.items);
  const skips = items.flatMap((item) =>
    item.kind === 'question' && item.question === question.id ? (item.skips ?? []) : [],
  );
  return new QuestionDrawing(definition, say, editing, new OutlineRoom()).of(question, skips);
}

class QuestionDrawing {
  constructor(
    private readonly definition: SurveyDefinition,
    private readonly say: Say,
    private readonly editing: Editing,
    private readonly room: OutlineRoom,
  ) {}

  of(question: Question, skips: readonly Skip[]): OutlineQuestion {
    const { definition, say, room } = this;
    const shown =
      question.displayLogic === undefined
        ? []
        : [say('outline.shownIf', { condition: conditionWords(question.displayLogic, definition, say) })];
    const led = skips.slice(0, room.linesOf(skips.length)).map((skip) => skipWords(skip, definition, say));
    return {
      id: question.id,
      tag: room.text(question.exportTag, LONGEST_NAME),
      type: typeWords(question, say),
      required: question.required === 'none' ? '' : say(`outline.required_${question.required}`),
      text: SafeHtml.of(room.html(question.text)),
      lists: listsOf(question, definition, say, room),
      notes: notesOf(question, say).map((note) => room.text(note)),
      logic: [...shown, ...led].map((words) => room.text(words)),
      editUrl: this.editing(question.id),
    };
  }
}

class Drawing {
  private readonly listed = new Set<string>();
  private readonly question: QuestionDrawing;
  private readonly room = new OutlineRoom();
  private place = 0;

  constructor(
    private readonly definition: SurveyDefinition,
    private readonly say: Say,
    editing: Editing,
    private readonly part: OutlinePart,
  ) {
    this.question = new QuestionDrawing(definition, say, editing, this.room);
  }

  nodes(flow: readonly FlowNode[]): OutlineNode[] {
    return flow.flatMap((node) => this.node(node) ?? []);
  }

  unused(): OutlineNode[] {
    return Object.values(this.definition.blocks)
      .filter((block) => !this.listed.has(block.id) && block.items.length > 0)
      .flatMap((block) => this.block(block, 'outline.unused') ?? []);
  }

  /** Whether what stands at the next place belongs to the part; elements that began before it are named again. */
  private isNextHere(): boolean {
    const { from, to } = this.part;
    const isHere = this.place >= from && this.place < to;
    this.place += 1;
    return isHere;
  }

  private node(node: FlowNode): OutlineNode | undefined {
    if (node.kind === 'block') {
      const block = this.definition.blocks[node.block];
      if (block !== undefined) return this.block(block);
      this.place += 1;
      return undefined;
    }
    const isHere = this.isNextHere();
    const children = 'children' in node ? this.nodes(node.children) : [];
    if (!isHere && children.length === 0) return undefined;
    const title = this.room.text(this.titleOf(node), LONGEST_TITLE);
    return { kind: node.kind, icon: ICONS[node.kind], title: this.begun(title, isHere), items: [], children };
  }

  private block(block: Block, word = 'outline.block'): OutlineNode | undefined {
    const isHere = this.isNextHere();
    const isAgain = this.listed.has(block.id);
    this.listed.add(block.id);
    const items = isAgain ? [] : this.items(block);
    if (!isHere && items.length === 0) return undefined;
    const name = this.say(isAgain ? 'outline.blockAgain' : word, { name: brief(block.name, LONGEST_NAME) });
    const title = block.shuffle === true ? `${name} · ${this.orderWords(block.order)}` : name;
    return { kind: 'block', icon: ICONS.block, title: this.begun(title, isHere), children: [], items };
  }

  private begun(title: string, isHere: boolean): string {
    return isHere ? title : this.say('outline.continued', { title });
  }

  private orderWords(order: Block['order']): string {
    const key = order?.even === true ? 'outline.blockSomeEven' : 'outline.blockSome';
    return order?.show === undefined ? this.say('outline.blockShuffled') : this.say(key, { show: order.show });
  }

  private items(block: Block): OutlineItem[] {
    return block.items.flatMap((item): OutlineItem[] => {
      if (!this.isNextHere()) return [];
      if (item.kind === 'pageBreak') return [{ pageBreak: true }];
      const question = this.definition.questions[item.question];
      return question === undefined ? [] : [{ question: this.question.of(question, item.skips ?? []) }];
    });
  }

  private titleOf(node: Exclude<FlowNode, { kind: 'block' }>): string {
    if (node.kind === 'branch') {
      return this.say('outline.branch', { condition: conditionWords(node.when, this.definition, this.say) });
    }
    if (node.kind === 'randomizer') {
      const key = node.even ? 'outline.randomizerEven' : 'outline.randomizer';
      return this.say(key, { show: node.show, count: node.children.length });
    }
    if (node.kind === 'embedded') {
      return this.say('outline.embedded', { fields: node.fields.map(fieldWords).join(', ') });
    }
    return node.kind === 'group' ? this.say('outline.group', { name: node.name }) : endingWords(node.ending, this.say);
  }
}

function fieldWords({ name, value }: { name: string; value?: string | undefined }): string {
  return value === undefined || value === '' ? name : `${name} = “${value}”`;
}

/** Where a walk ends, in words. */
export function endingWords({ kind, message, url, flags = [] }: Ending, say: Say): string {
  const flagged = flags.map((flag) => say(`outline.flag_${flag}`)).join(', ');
  const words = say(`outline.end_${kind}`, {
    message: brief(plainText(message ?? ''), 119),
    url: brief(url ?? '', LONGEST_NAME),
  });
  return flagged === '' ? words : `${words} · ${flagged}`;
}

function skipWords({ when, to }: Skip, definition: SurveyDefinition, say: Say): string {
  const condition = conditionWords(when, definition, say);
  const tag = to.kind === 'question' ? (definition.questions[to.question]?.exportTag ?? to.question) : '';
  return say(`outline.skip_${to.kind}`, { condition, tag });
}
