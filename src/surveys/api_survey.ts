import type { SurveyDefinition, FlowNode } from './engine/definition.js';
import { exportColumns, type ExportColumn } from './engine/export-columns.js';
import type { Choice, Question } from './engine/question.schema.js';
import { plainText } from './engine/text.js';
import { apiTypeOf } from './api_types.js';

/** The parts of `GET /surveys/{id}` that come from the definition, as clients of the v3 API read them. */
export function apiDefinition(definition: SurveyDefinition): object {
  return {
    questions: mapped(definition.questions, apiQuestion),
    exportColumnMap: Object.fromEntries(
      exportColumns(definition).map((column) => [column.exportTag, apiColumn(column, definition)]),
    ),
    blocks: mapped(definition.blocks, ({ name, items }) => ({
      description: name,
      elements: items.map((item) =>
        item.kind === 'question' ? { type: 'Question', questionId: item.question } : { type: 'PageBreak' },
      ),
    })),
    flow: definition.flow.map(apiFlow),
    embeddedData: embeddedIn(definition.flow),
    comments: {},
    loopAndMerge: {},
  };
}

function apiQuestion(question: Question): object {
  const isMatrix = question.type === 'matrix';
  const choices = 'choices' in question ? question.choices : [];
  return {
    questionType: apiTypeOf(question),
    questionText: question.text,
    questionLabel: null,
    validation: { doesForceResponse: question.required === 'force' },
    questionName: question.exportTag,
    ...(isMatrix ? { subQuestions: byId(choices, apiRow) } : {}),
    ...(isMatrix ? { choices: byId(question.columns, apiChoice) } : {}),
    ...(!isMatrix && choices.length > 0 ? { choices: byId(choices, apiChoice) } : {}),
    ...(question.type === 'nps' ? { choices: npsChoices() } : {}),
  };
}

function apiRow({ value, text, exportTag, image }: Choice): object {
  return {
    recode: value,
    description: plainText(text),
    choiceText: text,
    imageDescription: image?.alt ?? null,
    variableName: exportTag ?? null,
  };
}

function apiChoice(choice: Choice): object {
  return { ...apiRow(choice), analyze: true };
}

function npsChoices(): object {
  const scores = Array.from({ length: 11 }, (_, score) => String(score));
  return Object.fromEntries(
    scores.map((score) => [score, apiChoice({ id: score, text: score, value: score } satisfies Choice)]),
  );
}

/** Which question, row and choice a column of an export belongs to, read from the column's import id. */
function apiColumn({ importId, questionId }: ExportColumn, { questions }: SurveyDefinition): object {
  const question = questions[questionId]!;
  const part = importId.slice((question.importId ?? question.id).length + 1);
  const [first = '', second] = part.split('_');
  const choice = { choice: `${questionId}.choices.${first}` };
  if (first === '' || first === 'TEXT' || first === 'NPS') {
    return { question: questionId };
  }
  if (question.type === 'matrix') {
    const row = { question: questionId, subQuestion: `${questionId}.subQuestions.${first}` };
    return second === undefined ? row : { ...row, ...lastPart(questionId, second) };
  }
  return { question: questionId, ...choice, ...(second === 'TEXT' ? { textEntry: `${choice.choice}.textEntry` } : {}) };
}

function lastPart(questionId: string, part: string): object {
  return part === 'TEXT' ? { textEntry: `${questionId}.textEntry` } : { choice: `${questionId}.choices.${part}` };
}

const FLOW_TYPES: Record<FlowNode['kind'], string> = {
  block: 'Block',
  branch: 'Branch',
  group: 'Group',
  randomizer: 'BlockRandomizer',
  embedded: 'EmbeddedData',
  end: 'EndSurvey',
};

function apiFlow(node: FlowNode): object {
  const type = FLOW_TYPES[node.kind];
  if (node.kind === 'block') {
    return { type, id: node.block };
  }
  return 'children' in node ? { type, flow: node.children.map(apiFlow) } : { type };
}

function embeddedIn(flow: readonly FlowNode[]): object[] {
  return flow.flatMap((node) => {
    if (node.kind === 'embedded') {
      return node.fields.map(({ name, value }) => ({ name, defaultValue: value ?? null }));
    }
    return 'children' in node ? embeddedIn(node.children) : [];
  });
}

function byId(choices: readonly Choice[], show: (choice: Choice) => object): object {
  return Object.fromEntries(choices.map((choice) => [choice.id, show(choice)]));
}

function mapped<T>(values: Record<string, T>, show: (value: T) => object): object {
  return Object.fromEntries(Object.entries(values).map(([key, value]) => [key, show(value)]));
}
