import { exampleDefinition } from '../../src/engine/definition.js';
import type { SurveyDefinition } from '../../src/engine/definition.js';
import type {
  EndView,
  FieldError,
  Fields,
  InputView,
  PageView,
  QuestionView,
  WalkState,
} from '../../src/engine/page.js';
import { pageOf, startWalk, submitPage } from '../../src/engine/walk.js';
import type { Start } from '../../src/engine/walk.js';

/** Numbers in [0, 1), the same ones for the same seed. */
export function dice(seed: number): () => number {
  let state = (seed * 2_654_435_761 + 1) >>> 0;
  return () => {
    state = (Math.imul(state, 1_664_525) + 1_013_904_223) >>> 0;
    return state / 4_294_967_296;
  };
}

type Dice = () => number;

function pick<T>(items: readonly T[], roll: Dice): T {
  return items[Math.floor(roll() * items.length)]!;
}

function numberFor(input: InputView, roll: Dice): string {
  const min = input.min ?? 0;
  const max = Math.max(min, input.max ?? min + 100);
  if (input.step === '1')
    return String(Math.ceil(min) + Math.floor(roll() * Math.max(1, Math.floor(max) - Math.ceil(min) + 1)));
  return String(min);
}

/** Something that an input of this kind takes. */
function textFor(input: InputView, roll: Dice): string {
  if (input.type === 'number' || input.inputMode === 'numeric' || input.inputMode === 'decimal')
    return numberFor(input, roll);
  if (input.type === 'email') return 'ada@example.org';
  if (input.type === 'tel') return '+49 30 123456';
  if (input.type === 'date') return `20${10 + Math.floor(roll() * 20)}-02-1${Math.floor(roll() * 9)}`;
  return pick(['Great', 'café & <b>bold</b>', '12345', '😀 ok', 'line one\nline two'], roll)
    .slice(0, input.maxLength)
    .trim();
}

function chooseFrom(
  question: QuestionView,
  ids: readonly string[],
  exclusive: ReadonlySet<string>,
  roll: Dice,
): string[] {
  if (ids.length === 0) return [];
  if (!question.multiple) return [pick(ids, roll)];
  const free = ids.filter((id) => !exclusive.has(id));
  const least = Math.min(question.minChoices ?? 1, free.length);
  const most = Math.min(question.maxChoices ?? free.length, free.length);
  if (free.length === 0 || (roll() < 0.1 && exclusive.size > 0)) return [pick([...exclusive], roll)];
  const count = Math.max(1, least + Math.floor(roll() * (most - least + 1)));
  const turn = Math.floor(roll() * free.length);
  return Array.from({ length: Math.min(count, free.length) }, (_, index) => free[(index + turn) % free.length]!);
}

function choiceFields(question: QuestionView, roll: Dice): Fields {
  const exclusive = new Set(question.choices.filter((choice) => choice.exclusive).map((choice) => choice.id));
  const ids = chooseFrom(
    question,
    question.choices.map((choice) => choice.id),
    exclusive,
    roll,
  );
  const texts = question.choices.filter((choice) => choice.text && ids.includes(choice.id));
  return { [question.id]: ids, ...Object.fromEntries(texts.map(({ text }) => [text!.name, textFor(text!, roll)])) };
}

function sumFields(question: QuestionView, roll: Dice): Fields {
  const [first, ...others] = question.choices.map((choice) => choice.input!);
  if (!first) return {};
  if (question.total === undefined)
    return Object.fromEntries([first, ...others].map((input) => [input.name, numberFor(input, roll)]));
  const share = Math.floor(question.total / (others.length + 1));
  const rest = question.total - share * others.length;
  return { [first.name]: String(rest), ...Object.fromEntries(others.map((input) => [input.name, String(share)])) };
}

function rankFields(question: QuestionView, roll: Dice): Fields {
  const turn = Math.floor(roll() * question.choices.length);
  const ranked = question.choices.map((choice, index) => [
    choice.input!.name,
    String(((index + turn) % question.choices.length) + 1),
  ]);
  return Object.fromEntries(ranked) as Fields;
}

function matrixFields(question: QuestionView, roll: Dice): Fields {
  const fields: Fields = {};
  for (const row of question.rows) {
    for (const input of row.inputs) fields[input.name] = textFor(input, roll);
    const exclusive = new Set(row.cells.filter((cell) => cell.exclusive).map((cell) => cell.columnId));
    if (row.cells.length > 0)
      fields[row.name] = chooseFrom(
        question,
        row.cells.map((cell) => cell.columnId),
        exclusive,
        roll,
      );
    if (row.text) fields[row.text.name] = textFor(row.text, roll);
  }
  return fields;
}

/** Valid fields for one question as it was drawn. */
export function answerTo(question: QuestionView, roll: Dice): Fields {
  if (question.input) return { [question.input.name]: textFor(question.input, roll) };
  if (question.type === 'choice' || question.type === 'nps') return choiceFields(question, roll);
  if (question.type === 'matrix') return matrixFields(question, roll);
  if (question.type === 'sum') return sumFields(question, roll);
  if (question.type === 'rank') return rankFields(question, roll);
  const inputs = question.choices.flatMap((choice) =>
    [choice.input, choice.text].filter((input) => input !== undefined),
  );
  return Object.fromEntries(inputs.map((input) => [input.name, textFor(input, roll)]));
}

/** Fields for a whole page; optional questions stay open now and then. */
export function fillPage(page: PageView, roll: Dice): Fields {
  const answered = page.questions.filter((question) => question.required || question.requested || roll() < 0.9);
  return Object.assign(
    { page: page.key, go: 'next' },
    ...answered.map((question) => answerTo(question, roll)),
  ) as Fields;
}

export interface Walked {
  end: EndView;
  state: WalkState;
  pages: PageView[];
}

/** More pages than any survey of a test has: a walk that goes on so long does not end. */
const FAR = 5000;

/** Answers a survey from its first page to its end with valid random answers; throws the errors if one is refused. */
export function answerAll(definition: SurveyDefinition, seed: number, start: Partial<Start> = {}): Walked {
  const roll = dice(seed);
  let state = startWalk(definition, { seed, now: 0, ...start });
  const pages: PageView[] = [];
  for (let step = 0; step < FAR; step += 1) {
    const view = pageOf(definition, state);
    if (view.kind === 'end') return { end: view, state, pages };
    pages.push(view);
    const result = submitPage(definition, state, view.key, fillPage(view, roll));
    if (result.kind !== 'moved') throw new Error(`Refused: ${JSON.stringify(refusals(result))}`);
    state = result.state;
  }
  throw new Error('The walk does not end');
}

function refusals(result: { kind: string; errors?: FieldError[] }): unknown {
  return result.errors ?? result.kind;
}

/** A definition with these questions, one page each, for tests of single questions. */
export function aSurveyOf(...questions: SurveyDefinition['questions'][string][]): SurveyDefinition {
  return exampleDefinition({
    questions: Object.fromEntries(questions.map((question) => [question.id, question])),
    blocks: {
      BL1: {
        id: 'BL1',
        name: 'Block',
        items: questions.flatMap((question) => [
          { kind: 'question' as const, question: question.id },
          { kind: 'pageBreak' as const },
        ]),
      },
    },
  });
}

function inputsOf(question: QuestionView): InputView[] {
  const parts = [...question.choices, ...question.rows].flatMap((part) => [
    'input' in part ? part.input : undefined,
    part.text,
  ]);
  return [question.input, ...parts, ...question.rows.flatMap((row) => row.inputs)].filter(
    (input) => input !== undefined,
  );
}

/** What a browser would post if nobody touched the page. */
export function shownFields(page: PageView): Fields {
  const fields: Fields = {};
  for (const question of page.questions) {
    for (const input of inputsOf(question)) fields[input.name] = input.value;
    for (const choice of [...question.choices, ...question.rows.flatMap((row) => row.cells)]) {
      if (choice.checked) fields[choice.name] = [...[fields[choice.name] ?? []].flat(), choice.value];
    }
  }
  return fields;
}

/** Names of all fields of a page. */
export function fieldNames(page: PageView): string[] {
  const names = page.questions.flatMap((question) => [
    ...inputsOf(question).map((input) => input.name),
    ...[...question.choices, ...question.rows.flatMap((row) => row.cells)].map((choice) => choice.name),
  ]);
  return [...new Set(names)];
}
