import { columnCount, MOST_COLUMNS } from '../columns/column-room.js';
import { branchesIn } from '../compile.js';
import type { Condition } from '../condition.schema.js';
import type { Block, FlowNode, SurveyDefinition, Translation } from '../definition.js';
import { logicOf, partsOf } from '../needs.js';
import type { Choice, Question } from './question.schema.js';

/**
 * How much a survey may hold: several times what the largest known ones do (604 questions, 409 columns, 30 languages), and
 * little enough for one process to draw it for everybody.
 */
export const BOUNDS = {
  questions: 2000,
  pageQuestions: 1000,
  choices: 5000,
  rows: 1000,
  columns: 500,
  cells: 10_000,
  /** Characters of a table on its page, where the texts of its columns stand in every row. */
  drawn: 8_000_000,
  /** Choices, rows and columns of all questions. */
  parts: 50_000,
  /** Cells of all tables. */
  allCells: 100_000,
  /** With a column for each choice that may be taken beside others, and for each cell. */
  exportColumns: MOST_COLUMNS,
  /** Characters, with markup: a text may hold a picture. */
  text: 2_000_000,
  partText: 200_000,
  name: 20_000,
  /** Of what columns and fields are called: engines tell texts of 16,384 characters and more apart by all of them. */
  tag: 2000,
  /** Characters of the whole definition as it is stored: twice the largest known, and each page that shows it reads it. */
  whole: 8_000_000,
  /** Tags in all texts of a file: each takes microseconds to sanitise. */
  tags: 100_000,
  blocks: 2000,
  blockItems: 5000,
  skips: 500,
  flow: 5000,
  flowDepth: 40,
  tests: 1000,
  allTests: 50_000,
  conditionDepth: 20,
  languages: 100,
  fields: 2000,
  quotas: 1000,
} as const;

type Bound = keyof typeof BOUNDS;

/** Something of which a survey has more than it may. */
export interface Excess {
  /** A question's or block's id; nothing for the survey as a whole. */
  where?: string;
  bound: Bound;
  count: number;
}

/** What is counted, and what its owner can do. */
const WORDS: Record<Bound, [what: string, remedy: string]> = {
  questions: ['questions', 'Split the survey into several.'],
  pageQuestions: ['questions on one page', 'Put page breaks between them.'],
  choices: ['choices', 'Let people type the answer, or split the question into several.'],
  rows: ['rows', 'Split the table into several.'],
  columns: ['columns', 'Split the table into several.'],
  cells: ['cells (rows × columns)', 'Split the table into several.'],
  drawn: ['characters on its page, the texts of its columns in every row', 'Shorten them, or split the table.'],
  parts: ['choices, rows and columns in all questions together', 'Split the survey into several.'],
  allCells: ['cells in all tables together', 'Split the survey into several.'],
  text: ['characters in a text', 'Shorten it; pictures in it are better given by their address.'],
  partText: ['characters in the text of a choice, row or column', 'Shorten it.'],
  name: ['characters in a name, label or value', 'Shorten it.'],
  tag: ['characters in an export tag, recode value or field name', 'Shorten it.'],
  whole: ['characters in its definition', 'Split the survey into several.'],
  tags: ['tags in its texts', 'Paste the texts without their formatting.'],
  exportColumns: ['columns in an export of its answers', 'Split the survey into several.'],
  blocks: ['blocks', 'Split the survey into several.'],
  blockItems: ['questions and page breaks in one block', 'Split the block into several.'],
  skips: ['skips', 'Use a branch in the flow instead.'],
  flow: ['elements in its flow', 'Split the survey into several.'],
  flowDepth: ['levels in its flow', 'Put fewer elements inside each other.'],
  tests: ['tests in one condition', 'Split the condition into several.'],
  allTests: ['tests in all conditions together', 'Split the survey into several.'],
  conditionDepth: ['levels in one condition', 'Put fewer conditions inside each other.'],
  languages: ['languages', 'Switch some of them off.'],
  fields: ['embedded data fields', 'Leave out those that nobody reads.'],
  quotas: ['quotas', 'Leave out those that nobody needs.'],
};

const FIGURES = new Intl.NumberFormat('en');

/** `QID7 has 1,000,000 cells (rows × columns); it may have 10,000. Split the table into several.` */
export function excessWords({ where = 'The survey', bound, count }: Excess): string {
  const [what, remedy] = WORDS[bound];
  return `${where} has ${FIGURES.format(count)} ${what}; it may have ${FIGURES.format(BOUNDS[bound])}. ${remedy}`;
}

export function excessOf(bound: Bound, count: number, where?: string): Excess[] {
  return count > BOUNDS[bound] ? [{ bound, count, ...(where === undefined ? {} : { where }) }] : [];
}

/** Everything of which the survey has too much, the largest things first. */
export function excessesOf(definition: SurveyDefinition): Excess[] {
  const questions = Object.values(definition.questions);
  const counts = questions.map((question) => ({ question, ...countsOf(question) }));
  return [
    ...excessOf('questions', questions.length),
    ...counts.flatMap(({ question, ...count }) => questionExcesses(question, count)),
    ...excessOf('parts', sum(counts.map(({ choices, columns }) => choices + columns))),
    ...excessOf('allCells', sum(counts.map(({ cells }) => cells))),
    ...excessOf('exportColumns', sum(questions.map(columnCount))),
    ...Object.values(definition.blocks).flatMap(blockExcesses),
    ...flowExcesses(definition.flow),
    ...conditionExcesses(definition),
    ...excessOf('blocks', Object.keys(definition.blocks).length),
    ...excessOf('languages', Object.keys(definition.translations).length),
    ...Object.values(definition.translations).flatMap(({ questions: words }) => translationExcesses(words)),
    ...excessOf('quotas', definition.quotas?.length ?? 0),
    ...frameExcesses(definition),
    ...excessOf('whole', JSON.stringify(definition).length),
  ];
}

/** How many choices (of a table: rows), columns and cells a question has. */
function countsOf(question: Question): { choices: number; columns: number; cells: number } {
  const choices = 'choices' in question ? question.choices.length : 0;
  const columns = question.type === 'matrix' ? question.columns.length : 0;
  return { choices, columns, cells: choices * columns };
}

function questionExcesses(question: Question, { choices, columns, cells }: ReturnType<typeof countsOf>): Excess[] {
  const { id } = question;
  const labels = question.type === 'slider' ? question.labels.length : 0;
  return [
    ...excessOf(question.type === 'matrix' ? 'rows' : 'choices', choices, id),
    ...excessOf('columns', Math.max(columns, labels), id),
    ...excessOf('cells', cells, id),
    ...excessOf('drawn', drawnLength(question), id),
    ...excessOf('text', question.text.length, id),
    ...excessOf('partText', longest(partsOf(question).map((part) => part.text)), id),
    ...excessOf('name', question.label?.length ?? 0, id),
    ...excessOf('tag', longest([question.exportTag, ...partsOf(question).flatMap(tagsOf)]), id),
  ];
}

function tagsOf({ value, exportTag = '' }: Choice): string[] {
  return [value, exportTag];
}

/** A cell says its column and its row. */
function drawnLength(question: Question): number {
  if (question.type !== 'matrix') return 0;
  const [rows, columns] = [question.choices, question.columns].map((list) => sum(list.map(({ text }) => text.length)));
  return rows! * question.columns.length + columns! * question.choices.length;
}

function blockExcesses(block: Block): Excess[] {
  const where = `Block "${block.name.slice(0, 100)}"`;
  const skips = block.items.flatMap((item) =>
    item.kind === 'question' ? excessOf('skips', item.skips?.length ?? 0, item.question) : [],
  );
  return [
    ...excessOf('blockItems', block.items.length, where),
    ...excessOf('pageQuestions', mostOnPage(block), where),
    ...skips,
  ];
}

function translationExcesses(words: Translation['questions']): Excess[] {
  return Object.entries(words).flatMap(([id, { text = '', choices = {}, columns = {}, labels = [] }]) => [
    ...excessOf('text', text.length, id),
    ...excessOf('partText', longest([...Object.values(choices), ...Object.values(columns), ...labels]), id),
  ]);
}

function mostOnPage({ items, perPage = Infinity }: Block): number {
  let [most, onPage] = [0, 0];
  for (const item of items) {
    onPage = item.kind === 'pageBreak' ? 0 : onPage + 1;
    most = Math.max(most, onPage);
  }
  return Math.min(most, perPage);
}

function flowExcesses(flow: readonly FlowNode[]): Excess[] {
  let [count, depth, fields] = [0, 0, 0];
  const [names, texts, messages]: [string[], string[], string[]] = [[], [], []];
  for (
    let level = [...flow];
    level.length > 0;
    level = level.flatMap((node) => ('children' in node ? node.children : []))
  ) {
    count += level.length;
    depth += 1;
    for (const node of level) {
      if (node.kind === 'end') messages.push(node.ending.message ?? '');
      if (node.kind !== 'embedded') continue;
      fields += node.fields.length;
      for (const { name, value = '' } of node.fields) {
        names.push(name);
        texts.push(value);
      }
    }
  }
  return [
    ...excessOf('flow', count),
    ...excessOf('flowDepth', depth),
    ...excessOf('fields', fields),
    ...excessOf('tag', longest(names), 'Embedded data'),
    ...excessOf('name', longest(texts), 'Embedded data'),
    ...excessOf('text', longest(messages), 'The end of the survey'),
  ];
}

function conditionExcesses(definition: SurveyDefinition): Excess[] {
  const sizes = conditionsIn(definition).map(([where, condition]) => ({ where, ...sizeOf(condition) }));
  return [
    ...sizes.flatMap(({ where, tests, depth }) => [
      ...excessOf('tests', tests, where),
      ...excessOf('conditionDepth', depth, where),
    ]),
    ...excessOf('allTests', sum(sizes.map(({ tests }) => tests))),
  ];
}

function conditionsIn({ questions, blocks, flow, quotas = [] }: SurveyDefinition): [string, Condition][] {
  return [
    ...Object.values(questions).flatMap((one) => logicOf(one).map((logic): [string, Condition] => [one.id, logic])),
    ...Object.values(blocks).flatMap(({ items }) =>
      items.flatMap((item): [string, Condition][] =>
        item.kind === 'question' ? (item.skips ?? []).map((skip) => [item.question, skip.when]) : [],
      ),
    ),
    ...branchesIn(flow).map((when): [string, Condition] => ['The flow', when]),
    ...quotas.flatMap(({ name, when }): [string, Condition][] =>
      when ? [[`Quota "${name.slice(0, 100)}"`, when]] : [],
    ),
  ];
}

/** How many tests a condition has, and how deep they lie; without a stack, for nobody knows how deep that is. */
function sizeOf(condition: Condition): { tests: number; depth: number } {
  let [tests, depth] = [0, 0];
  for (let level = [condition]; level.length > 0; level = level.flatMap((one) => (one.kind === 'test' ? [] : one.of))) {
    tests += level.filter((one) => one.kind === 'test').length;
    depth += 1;
  }
  return { tests, depth };
}

function frameExcesses({ title, description = '', options, ending }: SurveyDefinition): Excess[] {
  const { header = '', footer = '', nextLabel = '', backLabel = '' } = options;
  return [
    ...excessOf('name', longest([title, description, nextLabel, backLabel, ending.url ?? ''])),
    ...excessOf('text', longest([header, footer, ending.message ?? ''])),
  ];
}

function longest(texts: readonly string[]): number {
  return texts.reduce((most, { length }) => Math.max(most, length), 0);
}

function sum(numbers: readonly number[]): number {
  return numbers.reduce((total, number) => total + number, 0);
}
