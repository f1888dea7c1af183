import type { Choice, Question } from '../engine/questions/question.schema.js';
import { choicesOf } from './questions/choices.js';
import type { Core } from './core.js';
import { withDefaults } from './questions/defaults.js';
import { safeId } from './ids.js';
import { countsOf } from './limits.js';
import { allOf } from './flow/logic.js';
import { rowId } from './profile-rows.js';
import { entriesOf, isRecord, record, textOf } from './raw.js';
import type { Raw } from './raw.js';
import type { Source } from './source.js';

/** Its text, then one choice for each row, one under the other; columns of exports stay the rows. */
export function profile(raw: Raw, core: Core, source: Source): Question[] {
  const qid = core.importId ?? core.id;
  const { importId: _own, ...shared } = core;
  const written = new Map(
    entriesOf(raw['Choices'])
      .map(([id]) => [safeId(id), id] as const)
      .toReversed(),
  );
  const rows = choicesOf({ ...raw, Answers: undefined }, 'Choices', qid, source);
  source.report.look.note(qid, `Its ${rows.length} rows have answers of their own: each became a question of its own.`);
  if (entriesOf(raw['Randomization']).some(([key, value]) => key === 'Type' && textOf(value) !== 'None')) {
    source.report.warn(qid, 'Its rows stay in their order; they are not mixed.');
  }
  return [
    { ...core, type: 'description', required: 'none' },
    ...rows.map((row) => rowQuestion(row, written.get(row.id) ?? row.id, { raw, shared, source })),
  ];
}

interface Shared {
  raw: Raw;
  shared: Core;
  source: Source;
}

/** @param written the row's id as the file writes it */
function rowQuestion(row: Choice, written: string, { raw, shared, source }: Shared): Question {
  const importId = `${textOf(raw['QuestionID']) || shared.id}_${written}`;
  const of = [shared.displayLogic, row.displayLogic].filter((logic) => logic !== undefined);
  const choices = choicesOf(answersOf(raw, written), 'Choices', importId, source);
  const isMultiple = textOf(raw['SubSelector']) === 'MultipleAnswer';
  const question: Question = {
    ...shared,
    id: rowId(shared.id, row.id),
    importId,
    exportTag: row.exportTag ?? `${shared.exportTag}_${written}`,
    text: row.text || `${shared.exportTag} ${written}`,
    ...(of.length > 0 ? { displayLogic: allOf(of) } : {}),
    type: 'choice',
    subtype: isMultiple ? 'multiple' : textOf(raw['SubSelector']) === 'DL' ? 'dropdown' : 'single',
    choices,
    ...(isMultiple ? countsOf(raw) : {}),
  };
  return withDefaults(question, { DefaultChoices: record(raw['DefaultChoices'])[written] }, source);
}

/** The answers of one row in the shape of a choice question; recodes are given for each row or for all. */
function answersOf(raw: Raw, row: string): Raw {
  const recodes = record(raw['RecodeValues']);
  return {
    Choices: record(raw['Answers'])[row],
    ChoiceOrder: record(raw['AnswerOrder'])[row],
    RecodeValues: isRecord(recodes[row]) ? recodes[row] : recodes,
  };
}
