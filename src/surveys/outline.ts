import type { Block, Ending, FlowNode, Skip, SurveyDefinition } from './engine/definition.js';
import type { Question } from './engine/question.schema.js';
import { plainText } from './engine/text.js';
import { SafeHtml } from '../platform/web/safe_html.js';
import type { Say } from '../platform/web/words.js';
import { conditionWords } from './logic_words.js';
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

const ICONS: Record<FlowNode['kind'], string> = {
  block: 'outline',
  branch: 'filter',
  group: 'lists',
  randomizer: 'refresh',
  embedded: 'key',
  end: 'flag',
};

/** A definition as a tree of words, in the order in which it is asked; blocks outside the flow come last. */
export function outlineOf(definition: SurveyDefinition, say: Say, editing: Editing): OutlineNode[] {
  const drawing = new Drawing(definition, say, editing);
  return [...drawing.nodes(definition.flow), ...drawing.unused()];
}

/** One question as the outline shows it. */
export function outlineQuestion(
  definition: SurveyDefinition,
  question: Question,
  say: Say,
  editing: Editing,
): OutlineQuestion {
  const skips = Object.values(definition.blocks)
    .flatMap((block) => block.items)
    .flatMap((item) => (item.kind === 'question' && item.question === question.id ? (item.skips ?? []) : []));
  const shown =
    question.displayLogic === undefined
      ? []
      : [say('outline.shownIf', { condition: conditionWords(question.displayLogic, definition, say) })];
  return {
    id: question.id,
    tag: question.exportTag,
    type: typeWords(question, say),
    required: question.required === 'none' ? '' : say(`outline.required_${question.required}`),
    text: SafeHtml.of(question.text),
    lists: listsOf(question, definition, say),
    notes: notesOf(question, say),
    logic: [...shown, ...skips.map((skip) => skipWords(skip, definition, say))],
    editUrl: editing(question.id),
  };
}

class Drawing {
  private readonly drawn = new Set<string>();

  constructor(
    private readonly definition: SurveyDefinition,
    private readonly say: Say,
    private readonly editing: Editing,
  ) {}

  nodes(flow: readonly FlowNode[]): OutlineNode[] {
    return flow.flatMap((node) => this.node(node) ?? []);
  }

  unused(): OutlineNode[] {
    return Object.values(this.definition.blocks)
      .filter((block) => !this.drawn.has(block.id) && block.items.length > 0)
      .map((block) => ({ ...this.block(block), title: this.say('outline.unused', { name: block.name }) }));
  }

  private node(node: FlowNode): OutlineNode | undefined {
    if (node.kind === 'block') {
      const block = this.definition.blocks[node.block];
      return block === undefined ? undefined : this.block(block);
    }
    const children = 'children' in node ? this.nodes(node.children) : [];
    return { kind: node.kind, icon: ICONS[node.kind], title: this.titleOf(node), items: [], children };
  }

  private block(block: Block): OutlineNode {
    const isAgain = this.drawn.has(block.id);
    this.drawn.add(block.id);
    const name = this.say(isAgain ? 'outline.blockAgain' : 'outline.block', { name: block.name });
    const title = block.shuffle === true ? `${name} · ${this.orderWords(block.order)}` : name;
    return { kind: 'block', icon: ICONS.block, title, children: [], items: isAgain ? [] : this.items(block) };
  }

  private orderWords(order: Block['order']): string {
    const key = order?.even === true ? 'outline.blockSomeEven' : 'outline.blockSome';
    return order?.show === undefined ? this.say('outline.blockShuffled') : this.say(key, { show: order.show });
  }

  private items(block: Block): OutlineItem[] {
    return block.items.flatMap((item): OutlineItem[] => {
      if (item.kind === 'pageBreak') {
        return [{ pageBreak: true }];
      }
      const question = this.definition.questions[item.question];
      return question === undefined
        ? []
        : [{ question: outlineQuestion(this.definition, question, this.say, this.editing) }];
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
  const words = say(`outline.end_${kind}`, { message: shortened(plainText(message ?? '')), url: url ?? '' });
  return flagged === '' ? words : `${words} · ${flagged}`;
}

function shortened(text: string): string {
  return text.length > 120 ? `${text.slice(0, 119).toWellFormed()}…` : text;
}

function skipWords({ when, to }: Skip, definition: SurveyDefinition, say: Say): string {
  const condition = conditionWords(when, definition, say);
  const tag = to.kind === 'question' ? (definition.questions[to.question]?.exportTag ?? to.question) : '';
  return say(`outline.skip_${to.kind}`, { condition, tag });
}
