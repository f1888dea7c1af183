import { excessesOf, excessOf, excessWords } from '../engine/questions/bounds.js';
import type { Excess } from '../engine/questions/bounds.js';
import type { SurveyDefinition } from '../engine/definition.js';
import { Invalid } from '../platform/errors.js';
import { tagsIn } from '../platform/web/html/html_depth.js';
import { entriesOf, recordsOf, textOf } from './raw.js';
import type { Raw } from './raw.js';

/** More that is wrong than one sentence can say. */
const SAID = 3;

/** Refuses a file whose texts take too long to sanitise. */
export function mustHaveFewTags(file: string): void {
  refuse(excessOf('tags', tagsIn(file)));
}

/** Refuses what is too large before anything of it is read, so that refusing costs nothing. */
export function mustBeReadable(questions: ReadonlyMap<string, Raw>): void {
  const all = [...questions];
  const parts = all.reduce((sum, [, raw]) => sum + partsIn(raw), 0);
  refuse([
    ...excessOf('questions', questions.size),
    ...all.flatMap(([qid, raw]) => listExcesses(raw, qid)),
    ...excessOf('parts', parts),
  ]);
  refuse(all.flatMap(([qid, raw]) => textExcesses(raw, qid)));
}

/** Refuses what is too large to be kept and drawn. */
export function mustFit(definition: SurveyDefinition): void {
  refuse(excessesOf(definition));
}

function refuse(excesses: readonly Excess[]): void {
  if (excesses.length === 0) return;
  const rest = excesses.length - SAID;
  const words = [...excesses.slice(0, SAID).map(excessWords), ...(rest > 0 ? [`And ${rest} more such places.`] : [])];
  throw new Invalid(`This survey is too large. ${words.join(' ')}`, { file: words.join(' ') });
}

function listExcesses(raw: Raw, qid: string): Excess[] {
  const tables = recordsOf(raw['AdditionalQuestions']);
  const isTable = raw['Answers'] !== undefined || tables.length > 0;
  const [rows, columns] = [sizeOf(raw['Choices']), sizeOf(raw['Answers'])];
  const cells = rows * tables.reduce((sum, [, table]) => sum + sizeOf(table['Answers']), columns);
  return [
    ...excessOf(isTable ? 'rows' : 'choices', rows, qid),
    ...excessOf('columns', Math.max(columns, tables.length), qid),
    ...excessOf('cells', cells, qid),
    ...excessOf('languages', sizeOf(raw['Language']), qid),
    ...tables.flatMap(([key, table]) =>
      listExcesses({ Answers: [], ...table, AdditionalQuestions: [] }, `${qid}#${key}`),
    ),
  ];
}

function textExcesses(raw: Raw, qid: string): Excess[] {
  const others = ['Language', 'AdditionalQuestions'].flatMap((key) => recordsOf(raw[key]).map(([, one]) => one));
  const whole = [raw, ...others];
  const parts = whole.flatMap((one) =>
    [one['Choices'], one['Answers'], one['ColumnLabels'], one['Labels']].flatMap(recordsOf),
  );
  const longest = parts.reduce((most, [, part]) => Math.max(most, textOf(part['Display']).length), 0);
  return [
    ...whole.flatMap((one) => excessOf('text', textOf(one['QuestionText']).length, qid)),
    ...excessOf('partText', longest, qid),
  ];
}

/** Choices and columns, those of tables beside each other included. */
function partsIn(raw: Raw): number {
  return [raw, ...recordsOf(raw['AdditionalQuestions']).map(([, table]) => table)].reduce(
    (sum, one) => sum + sizeOf(one['Choices']) + sizeOf(one['Answers']),
    0,
  );
}

function sizeOf(list: unknown): number {
  return entriesOf(list).length;
}
