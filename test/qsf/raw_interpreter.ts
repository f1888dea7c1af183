import type { Answer, Answers } from '../../src/engine/questions/question.schema.js';
import { flowNodes, itemsOf, json, type Json, list, type RawFile, str } from './raw_file.js';

/** What a file says must have happened to somebody who gave these answers. */
export interface Expected {
  /** Questions that must have been asked, and those that must not. */
  asked: Set<string>;
  notAsked: Set<string>;
  /** The settings of the end that was reached; nothing where this little interpreter can't tell. */
  end: Json | undefined;
}

/** True, false, or beyond this interpreter. */
type Truth = boolean | undefined;

/**
 * Reads a survey file again, from its JSON alone, and follows one respondent through it: branches, display logic and skips
 * on choices, texts and embedded data. What depends on chance, on devices or on the same block twice is left open.
 */
export class Interpreter {
  private readonly asked = new Set<string>();
  private readonly open = new Set<string>();
  private readonly fields = new Map<string, string | undefined>();
  private readonly shown = new Map<string, number>();
  private end: Json | undefined;

  constructor(
    private readonly file: RawFile,
    private readonly answers: Answers,
    /** Questions that were drawn: what chance decided is read off here. */
    private readonly drawn: ReadonlySet<string>,
  ) {}

  expected(fields: Record<string, string>): Expected {
    this.end = this.file.options;
    for (const [name, value] of Object.entries(fields)) this.fields.set(name, value);
    for (const node of flowNodes(this.file.flow)) {
      const id = str(node['ID']);
      if (this.file.blocks.has(id)) this.shown.set(id, (this.shown.get(id) ?? 0) + 1);
    }
    // A flow without any block shows them all.
    if (this.file.blocks.size === 0) [...this.file.questions.keys()].forEach((id) => this.ask(id));
    else if (this.shown.size === 0) [...this.file.blocks.keys()].forEach((id) => this.block(id));
    else this.walk(this.file.flow);
    const notAsked = [...this.file.questions.keys()].filter((id) => !this.asked.has(id) && !this.open.has(id));
    const asked = [...this.asked].filter((id) => !this.open.has(id));
    return { asked: new Set(asked), notAsked: new Set(notAsked), end: this.end };
  }

  /** @returns whether the walk goes on behind it */
  private walk(parent: Json): boolean {
    return list(parent['Flow']).every(([, node]) => this.step(node));
  }

  private step(node: Json): boolean {
    const type = str(node['Type']);
    if (BLOCKS.has(type)) return this.block(str(node['ID']));
    if (type === 'Branch') return this.branch(node);
    if (type.endsWith('Randomizer')) return list(node['Flow']).every(([, arm]) => !this.isDrawn(arm) || this.step(arm));
    if (type === 'EmbeddedData') return this.embedded(node);
    return type === 'EndSurvey' ? this.finish(json(node['Options'])) : this.walk(node);
  }

  /** A plain end keeps the survey's own ending. */
  private finish(options: Json): boolean {
    if (str(options['SurveyTermination']) !== '') this.end &&= options;
    return false;
  }

  private branch(node: Json): boolean {
    const truth = this.holds(node['BranchLogic']);
    if (truth === undefined) {
      this.leaveOpen(node);
      return true;
    }
    return truth ? this.walk(node) : true;
  }

  private embedded(node: Json): boolean {
    for (const [, field] of list(node['EmbeddedData'])) {
      const value = str(field['Value']);
      if (field['Type'] !== 'Recipient' && field['Value'] !== undefined && field['Value'] !== null) {
        this.fields.set(str(field['Field']), /\$e?\{/.test(value) ? undefined : value);
      }
    }
    return true;
  }

  private isDrawn(node: Json): boolean {
    const blocks = [node, ...flowNodes(node)].map((one) => this.file.blocks.get(str(one['ID'])) ?? {});
    return blocks.flatMap((block) => itemsOf(block)).some((item) => this.drawn.has(str(item['QuestionID'])));
  }

  /** Whatever lies below may or may not be asked. */
  private leaveOpen(node: Json): void {
    for (const one of flowNodes(node)) {
      if (one['Type'] === 'EndSurvey') this.end = undefined;
      for (const item of itemsOf(this.file.blocks.get(str(one['ID'])) ?? {})) this.open.add(str(item['QuestionID']));
    }
    if (this.end === undefined) [...this.file.questions.keys()].forEach((id) => this.open.add(id));
  }

  private block(id: string): boolean {
    const block = this.file.blocks.get(id) ?? {};
    const order = str(json(block['Options'])['RandomizeQuestions']);
    if (['', 'false', 'None'].includes(order) && (this.shown.get(id) ?? 0) < 2) return this.inOrder(itemsOf(block));
    for (const item of itemsOf(block)) this.open.add(str(item['QuestionID']));
    return true;
  }

  private inOrder(items: Json[]): boolean {
    let target: string | undefined;
    for (const item of items) {
      const qid = str(item['QuestionID']);
      if (target === qid) target = undefined;
      if (target === undefined && this.ask(qid)) target = this.skip(item);
      if (target === 'ENDOFSURVEY') return false;
    }
    return true;
  }

  private ask(qid: string): boolean {
    const raw = this.file.questions.get(qid);
    if (raw === undefined) return false;
    const truths = [raw['DisplayLogic'], raw['InPageDisplayLogic']].map((logic) =>
      list(logic).length > 0 ? this.holds(logic) : true,
    );
    if (truths.includes(false)) return false;
    if (truths.includes(undefined)) {
      this.open.add(qid);
      return this.drawn.has(qid);
    }
    this.asked.add(qid);
    return true;
  }

  /** Where the first skip that holds leads; one that leads nowhere in this block does not. */
  private skip(item: Json): string | undefined {
    for (const [, skip] of list(item['SkipLogic'])) {
      const to = str(skip['SkipToDestination']);
      if (
        this.test({
          LogicType: 'Question',
          LeftOperand: skip['Locator'] ?? skip['ChoiceLocator'],
          Operator: skip['Condition'],
          ...skip,
        }) === true
      )
        return to;
    }
    return undefined;
  }

  /** Sets of expressions: *and* binds more than *or*. */
  private holds(logic: unknown): Truth {
    const groups: Truth[][] = [];
    for (const [, part] of list(logic).filter(([key]) => /^\d+$/.test(key))) {
      const truth = part['LogicType'] === undefined ? this.holds(part) : this.test(part);
      const isOr = /^(?:or|else)/i.test(str(part['Conjuction']) || str(part['Type']));
      const last = groups.at(-1);
      if (last === undefined || isOr) groups.push([truth]);
      else last.push(truth);
    }
    if (groups.length === 0) return false;
    const all = groups.map((of): Truth => (of.includes(false) ? false : of.includes(undefined) ? undefined : true));
    return all.includes(true) ? true : all.includes(undefined) ? undefined : false;
  }

  private test(part: Json): Truth {
    const operator = str(part['Operator']).replaceAll(' ', '');
    const right = str(part['RightOperand']);
    switch (str(part['LogicType'])) {
      case 'EmbeddedField': {
        const name = str(part['LeftOperand']);
        return compare(this.fields.has(name) ? this.fields.get(name) : '', operator, right);
      }
      case 'DeviceType':
      case 'PanelData':
        return undefined;
      case 'Question':
        return this.testQuestion(str(part['LeftOperand']) || str(part['ChoiceLocator']), operator, right);
      default:
        return false;
    }
  }

  private testQuestion(operand: string, operator: string, right: string): Truth {
    const [, qid = '', path = ''] = /^q:\/\/([^/]+)\/(.+)$/.exec(operand) ?? [];
    const raw = this.file.questions.get(qid);
    if (raw === undefined || this.open.has(qid)) return undefined;
    const parts = path.split('/').filter((part) => part !== '');
    return testAnswer(raw, parts, this.asked.has(qid) ? this.answers[qid] : undefined, { operator, right });
  }
}

const BLOCKS = new Set(['Block', 'Standard', 'Default']);

interface Comparison {
  operator: string;
  right: string;
}

function testAnswer(raw: Json, path: string[], answer: Answer | undefined, { operator, right }: Comparison): Truth {
  const [type, first, second] = [...path, '', '', ''] as [string, string, string];
  const given = { text: '', ...answer };
  const kind = raw['Selector'] === 'NPS' ? '' : `${str(raw['QuestionType'])} ${type}`;
  if (kind === 'MC SelectableChoice') return selected(given.choices?.includes(first) === true, operator);
  if (kind === 'Matrix SelectableChoice' && second !== '') {
    return selected(given.rows?.[first]?.includes(second) === true, operator);
  }
  return kind === 'TE ChoiceTextEntryValue' && first === '' ? compare(given.text, operator, right) : undefined;
}

function compare(left: string | undefined, operator: string, right: string): Truth {
  if (left === undefined || /\$\{/.test(right)) return undefined;
  if (operator === 'EqualTo') return left.toLowerCase() === right.toLowerCase() || undefined;
  if (operator === 'Empty') return left === '';
  return operator === 'NotEmpty' ? left !== '' : undefined;
}

function selected(isSelected: boolean, operator: string): Truth {
  return operator === 'Selected' ? isSelected : operator === 'NotSelected' ? !isSelected : undefined;
}

const choices = ({ choices: chosen = [] }: Answer, recode: (id: string) => string): string[] => chosen.map(recode);
const rows = ({ rows: chosen = {} }: Answer, recode: (id: string) => string): string[] =>
  Object.values(chosen).flat().map(recode);
const numbers = ({ numbers: typed = {} }: Answer): string[] => Object.values(typed).map(String);

const CELLS: Record<string, typeof choices> = {
  MC: choices,
  TE: () => [],
  Matrix: rows,
  Slider: numbers,
  CS: numbers,
  RO: numbers,
};
const UNTOLD = new Set(['NPS', 'Bipolar', 'Profile', 'TE', 'CS', 'RO', 'MaxDiff', 'FORM']);

/** One answer as a file of answers holds it: the values of its cells, in no order; nothing for types it can't tell of. */
export function cellsOf(raw: Json, answer: Answer): string[] | undefined {
  const cells = UNTOLD.has(str(raw['Selector'])) ? undefined : CELLS[str(raw['QuestionType'])];
  const recode = (id: string): string => str(json(raw['RecodeValues'])[id]).trim() || id;
  const typed = [answer.text ?? [], ...Object.values(answer.texts ?? {})].flat();
  return cells && [...cells(answer, recode), ...typed];
}
