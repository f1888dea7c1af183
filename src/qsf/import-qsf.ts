import { Invalid } from '../platform/errors.js';
import { definitionSchema } from '../engine/definition.js';
import type { SurveyDefinition } from '../engine/definition.js';
import { warningsOf } from '../engine/warnings.js';
import { blockOf, questionIdsOf, questionsPerPage, rawBlocks } from './flow/blocks.js';
import type { RawBlock } from './flow/blocks.js';
import { reportElements, reportEntry } from './flow/element-lines.js';
import { endingOf } from './flow/endings.js';
import { flowOf } from './flow/flow.js';
import { reportCuts } from './questions/in-page.js';
import { reportLeftovers } from './leftovers.js';
import { importedOptions, surveyOptions } from './questions/options.js';
import type { ImportedOptions } from './questions/options.js';
import { reportColumns, withOwnTags } from './own-tags.js';
import { questionsOf } from './questions/questions.js';
import { quotasOf } from './flow/quotas.js';
import { isRecord, record, recordsOf, textOf } from './raw.js';
import type { Raw } from './raw.js';
import { Report } from './report.js';
import type { ReportEntry } from './report.js';
import { mustBeReadable, mustFit, mustHaveFewTags } from './sizes.js';
import { Source } from './source.js';
import { languagesIn, translationsOf } from './translations.js';

/** 20 MB, in characters; a file of that size is no survey. */
const LARGEST = 20 * 1024 * 1024;

export interface ImportedSurvey {
  name: string;
  definition: SurveyDefinition;
  options: ImportedOptions;
  report: ReportEntry[];
}

/** Elements of a file by kind; blocks, flow and options are there once, the last one counts. */
interface Elements {
  entry: Raw;
  blocks: unknown;
  flow: Raw;
  options: Raw;
  questions: Map<string, Raw>;
  quotas: Raw[];
  /** As they stand in the file. */
  all: Raw[];
}

/** Turns a `.qsf` file into a survey and a report of what could not be taken over; refuses what is no such file. */
export function importQsf(text: string): ImportedSurvey {
  const report = new Report();
  mustHaveFewTags(text);
  const elements = elementsOf(parsed(text), report);
  const source = new Source(report, elements.questions);
  const definition = definitionSchema.safeParse(definitionOf(elements, source));
  if (!definition.success) throw refusal('It holds something that no survey can hold.');
  mustFit(definition.data);
  reportCuts(definition.data, source);
  reportColumns(definition.data, source);
  const name = textOf(elements.entry['SurveyName']).trim() || definition.data.title;
  const options = importedOptions(elements.options, source);
  reportPlaceholders(definition.data, report);
  return { name, definition: definition.data, options, report: report.entries };
}

/** What nobody here can fill: scores, loops, operations with words in them. It stays empty wherever it is drawn. */
function reportPlaceholders(definition: SurveyDefinition, report: Report): void {
  for (const { code, where, params } of warningsOf(definition)) {
    if (code !== 'unknownPlaceholder') continue;
    const what = `The placeholder "${params['placeholder']}" can't be filled here and stays empty.`;
    const [lines, place] = where === 'flow' ? [report.data, 'Flow'] : [report.respondents, where];
    lines.warn(place, what, 'Write it another way.');
  }
}

function refusal(why: string): Invalid {
  return new Invalid('This file could not be imported.', { file: why });
}

function parsed(text: string): Raw {
  if (text.length > LARGEST) throw refusal('It is larger than 20 MB.');
  let value: unknown;
  try {
    value = JSON.parse(text.replace(/^\uFEFF/, ''));
  } catch {
    throw refusal('It is not a survey file: it holds no JSON.');
  }
  if (!isRecord(value) || !isRecord(value['SurveyEntry']) || typeof value['SurveyElements'] !== 'object') {
    throw refusal('It is not a survey file: SurveyEntry or SurveyElements is missing.');
  }
  return value;
}

function elementsOf(file: Raw, report: Report): Elements {
  const all = recordsOf(file['SurveyElements']).map(([, element]) => element);
  const payloads = (kind: string): unknown[] =>
    all.filter((element) => element['Element'] === kind).map((element) => element['Payload']);
  const questions = new Map<string, Raw>();
  for (const element of all.filter((one) => one['Element'] === 'SQ')) addQuestion(element, questions, report);
  reportElements(all, report);
  reportEntry(record(file['SurveyEntry']), report);
  return {
    entry: record(file['SurveyEntry']),
    blocks: payloads('BL').at(-1),
    flow: record(payloads('FL').at(-1)),
    options: record(payloads('SO').at(-1)),
    questions,
    quotas: payloads('QO').filter(isRecord),
    all,
  };
}

function addQuestion(element: Raw, questions: Map<string, Raw>, report: Report): void {
  const payload = element['Payload'];
  const qid = textOf(record(payload)['QuestionID']) || textOf(element['PrimaryAttribute']);
  if (!isRecord(payload) || qid === '') {
    report.warn('Questions', 'A question without an id or content was left out.');
    return;
  }
  if (questions.has(qid)) report.warn(qid, 'It is in the file twice; the later one counts.');
  questions.set(qid, payload);
}

function definitionOf(elements: Elements, source: Source): SurveyDefinition {
  const { entry, options } = elements;
  const blocks = blocksOf(elements, source);
  const used = usedQuestions(blocks, elements, source);
  mustBeReadable(used);
  const imported = new Map([...used].map(([qid, raw]) => [qid, questionsOf(qid, raw, source)]));
  const questions = withOwnTags([...imported.values()].flat(), source);
  const languages = languagesIn(entry, options, source);
  const perPage = questionsPerPage(options);
  const quotas = quotasOf(elements.quotas, source);
  reportLeftovers(elements.all, used, source.report);
  const ending = endingOf(options, source);
  const names = new Map(blocks.map((block) => [block.id, block.name]));
  const description = ownWords(options['SurveyMetaDescription']);
  return {
    schema: 1,
    title: ownWords(options['SurveyTitle']) || textOf(entry['SurveyName']).trim() || 'Untitled survey',
    ...(description ? { description } : {}),
    language: languages.own,
    questions: Object.fromEntries(questions.map((question) => [question.id, question])),
    blocks: Object.fromEntries(blocks.map((block) => [block.id, blockOf(block, imported, perPage, source)])),
    flow: flowOf(elements.flow, { blocks: names, ending }, source),
    ending,
    options: surveyOptions(options, source),
    translations: translationsOf(used, languages, source),
    ...(quotas.length > 0 ? { quotas } : {}),
  };
}

/** Blocks of the file; without any, one block with all questions. */
function blocksOf(elements: Elements, source: Source): RawBlock[] {
  const blocks = [...new Map(rawBlocks(elements.blocks).map((block) => [block.id, block])).values()];
  if (blocks.length > 0 || elements.questions.size === 0) return blocks;
  source.report.warn('Blocks', 'The file has no blocks; all questions were put into one.');
  const BlockElements = [...elements.questions.keys()].map((QuestionID) => ({ Type: 'Question', QuestionID }));
  return [{ id: 'BL_1', name: 'Questions', raw: { BlockElements } }];
}

/** Questions that some block shows. */
function usedQuestions(blocks: readonly RawBlock[], elements: Elements, source: Source): Map<string, Raw> {
  const shown = new Set(blocks.flatMap(questionIdsOf));
  const used = [...elements.questions].filter(([qid]) => shown.has(qid));
  const unused = elements.questions.size - used.length;
  const what = unused === 1 ? 'An unused or deleted question was' : `${unused} unused or deleted questions were`;
  if (unused > 0) source.report.data.note('Questions', `${what} left out.`);
  return new Map(used);
}

/** Titles that the other system fills in by itself say nothing about this survey. */
function ownWords(written: unknown): string {
  const words = textOf(written).trim().slice(0, 1000);
  return /qualtrics/i.test(words) ? '' : words;
}
