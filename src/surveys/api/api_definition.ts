import type { Block, FlowNode, SurveyDefinition } from '../../engine/definition.js';
import type { Choice, Question } from '../../engine/questions/question.schema.js';
import { plainText } from '../../engine/text.js';
import { apiTypeOf } from './api_types.js';

/** The parts of `GET /survey-definitions/{id}` that come from the definition: the shapes of a survey file. */
export function apiSurveyDefinition(definition: SurveyDefinition): object {
  const { options, language, questions, blocks } = definition;
  return {
    QuestionCount: String(Object.keys(questions).length),
    Questions: mapped(questions, definedQuestion),
    Blocks: mapped(blocks, definedBlock),
    SurveyFlow: rootOf(definition.flow),
    SurveyOptions: {
      BackButton: String(options.backButton),
      ProgressBarDisplay: options.progressBar ? 'Text' : 'None',
      SurveyLanguage: language.toUpperCase(),
      SurveyTitle: definition.title,
      SurveyMetaDescription: definition.description ?? '',
      Header: options.header ?? '',
      Footer: options.footer ?? '',
      NextButton: options.nextLabel ?? null,
      PreviousButton: options.backLabel ?? null,
    },
    ResponseSets: {},
    Scoring: { ScoringCategories: [] },
  };
}

const REQUIRED = {
  none: { ForceResponse: 'OFF', Type: 'None' },
  request: { ForceResponse: 'RequestResponse', ForceResponseType: 'RequestResponse', Type: 'None' },
  force: { ForceResponse: 'ON', ForceResponseType: 'ON', Type: 'None' },
};

function definedQuestion(question: Question): object {
  const { type, selector, subSelector } = apiTypeOf(question);
  return {
    QuestionID: question.id,
    QuestionText: question.text,
    QuestionText_Unsafe: question.text,
    QuestionDescription: question.label ?? plainText(question.text).slice(0, 99).toWellFormed(),
    DataExportTag: question.exportTag,
    QuestionType: type,
    Selector: selector,
    ...(subSelector === null ? {} : { SubSelector: subSelector }),
    Configuration: { QuestionDescriptionOption: question.label === undefined ? 'UseText' : 'SpecifyLabel' },
    ...('choices' in question ? listOf('Choice', question.choices) : {}),
    ...(question.type === 'matrix' ? listOf('Answer', question.columns) : {}),
    ...recodes(question),
    ...variableNames(question),
    Validation: { Settings: REQUIRED[question.required] },
    Language: [],
    GradingData: [],
  };
}

function listOf(name: 'Choice' | 'Answer', choices: readonly Choice[]): object {
  return {
    [`${name}s`]: Object.fromEntries(
      choices.map(({ id, text, textEntry }) => [
        id,
        { Display: text, ...(textEntry === true ? { TextEntry: 'true' } : {}) },
      ]),
    ),
    [`${name}Order`]: choices.map(({ id }) => id),
  };
}

/** Recodes belong to what is chosen: the columns of a matrix, the choices of everything else. */
function recodes(question: Question): object {
  const chosen = question.type === 'matrix' ? question.columns : 'choices' in question ? question.choices : [];
  return chosen.every(({ id, value }) => id === value)
    ? {}
    : { RecodeValues: Object.fromEntries(chosen.map(({ id, value }) => [id, value])) };
}

function variableNames(question: Question): object {
  const chosen = question.type === 'matrix' ? question.columns : 'choices' in question ? question.choices : [];
  const named = chosen.filter(({ variableName }) => variableName !== undefined);
  return named.length === 0
    ? {}
    : { VariableNaming: Object.fromEntries(named.map(({ id, variableName }) => [id, variableName])) };
}

function definedBlock({ id, name, items }: Block): object {
  return {
    Type: 'Standard',
    ID: id,
    Description: name,
    BlockElements: items.map((item) =>
      item.kind === 'question' ? { Type: 'Question', QuestionID: item.question } : { Type: 'Page Break' },
    ),
  };
}

function rootOf(flow: readonly FlowNode[]): object {
  let count = 1;
  const numbered = (node: FlowNode): object => {
    count += 1;
    const FlowID = `FL_${count}`;
    return { ...elementOf(node), FlowID, ...('children' in node ? { Flow: node.children.map(numbered) } : {}) };
  };
  const Flow = flow.map(numbered);
  return { Type: 'Root', FlowID: 'FL_1', Flow, Properties: { Count: count } };
}

function elementOf(node: FlowNode): object {
  if (node.kind === 'block') {
    return { Type: 'Standard', ID: node.block };
  }
  if (node.kind === 'randomizer') {
    return { Type: 'BlockRandomizer', SubSet: node.show, EvenPresentation: node.even };
  }
  if (node.kind === 'embedded') {
    return { Type: 'EmbeddedData', EmbeddedData: node.fields.map(definedField) };
  }
  if (node.kind === 'group') {
    return { Type: 'Group', Description: node.name };
  }
  return { Type: node.kind === 'branch' ? 'Branch' : 'EndSurvey' };
}

function definedField({ name, value }: { name: string; value?: string | undefined }): object {
  return value === undefined
    ? { Description: name, Field: name, Type: 'Recipient' }
    : { Description: name, Field: name, Type: 'Custom', Value: value };
}

function mapped<T>(values: Record<string, T>, show: (value: T) => object): object {
  return Object.fromEntries(Object.entries(values).map(([key, value]) => [key, show(value)]));
}
