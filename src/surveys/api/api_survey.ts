import type { SurveyDefinition, FlowNode } from '../../engine/definition.js';
import { exportColumns } from '../../engine/columns/export-columns.js';
import { choiceLabel, type ExportColumn } from '../../engine/columns/question-columns.js';
import type { Choice, Question } from '../../engine/questions/question.schema.js';
import { withoutTags } from '../../engine/text.js';
import { apiTypeOf } from './api_types.js';

/** The parts of `GET /surveys/{id}` that come from the definition, as clients of the v3 API read them. */
export function apiDefinition(definition: SurveyDefinition): object {
  return {
    questions: mapped(definition.questions, apiQuestion),
    exportColumnMap: Object.fromEntries(
      exportColumns(definition).map((column) => [
        column.exportTag,
        apiColumn(column, definition.questions[column.questionId]?.type === 'matrix'),
      ]),
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
    questionLabel: question.label ?? null,
    validation: { doesForceResponse: question.required === 'force' },
    questionName: question.exportTag,
    ...(isMatrix ? { subQuestions: byId(choices, apiRow) } : {}),
    ...(isMatrix ? { choices: byId(question.columns, apiChoice) } : {}),
    ...(!isMatrix && choices.length > 0 ? { choices: byId(choices, apiChoice) } : {}),
    ...(question.type === 'nps' ? { choices: npsChoices() } : {}),
  };
}

function apiRow(choice: Choice): object {
  const { value, text, exportTag, image, variableName } = choice;
  return {
    recode: value,
    description: withoutTags(text).trim(),
    choiceText: withoutTags(text).trim() === '' ? choiceLabel({ ...choice, variableName: undefined }) : text,
    imageDescription: image?.alt ?? null,
    variableName: variableName ?? exportTag ?? null,
  };
}

/** Programs call a choice by its variable name, else by its text without tags: the cells of exports do the same. */
function apiChoice(choice: Choice): object {
  return { ...apiRow(choice), variableName: choice.variableName ?? null, analyze: true };
}

function npsChoices(): object {
  const scores = Array.from({ length: 11 }, (_, score) => String(score));
  return Object.fromEntries(
    scores.map((score) => [score, apiChoice({ id: score, text: score, value: score } satisfies Choice)]),
  );
}

/** Which question, row and choice a column of an export belongs to. */
function apiColumn({ questionId: question, part: { kind, of } }: ExportColumn, isMatrix: boolean): object {
  const [first = '', second] = of;
  const choice = `${question}.choices.${first}`;
  const row = { question, subQuestion: `${question}.subQuestions.${first}` };
  if (kind === 'text') {
    return isMatrix
      ? { ...row, textEntry: `${question}.textEntry` }
      : { question, choice, textEntry: `${choice}.textEntry` };
  }
  if (kind === 'row' || kind === 'cell' || (kind === 'typed' && second !== undefined)) {
    return second === undefined ? row : { ...row, choice: `${question}.choices.${second}` };
  }
  return first === '' ? { question } : { question, choice };
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
