import type { Question } from '../../engine/questions/question.schema.js';
import type { Core } from '../core.js';
import { withDefaults } from './defaults.js';
import { safeHtml } from '../html.js';
import { safeId } from '../ids.js';
import { requiredOf } from '../limits.js';
import { allOf, shownWhen } from '../flow/logic.js';
import { matrix } from './matrix.js';
import { record, recordsOf, textOf } from '../raw.js';
import type { Raw } from '../raw.js';
import type { Source } from '../source.js';

/** A table whose columns are questions: its text, then one table per column, one under the other. */
export function sideBySide(raw: Raw, core: Core, source: Source): Question[] {
  const qid = core.importId ?? core.id;
  const columns = recordsOf(raw['AdditionalQuestions']);
  source.report.look.note(qid, `Side by side: its ${columns.length} columns became tables one under the other.`);
  const { importId: _own, label: _label, ...shared } = core;
  const tables = columns.map(([key, column]) => {
    const written = `${qid}#${key}`;
    const rows = { Choices: raw['Choices'], ChoiceOrder: raw['ChoiceOrder'], Randomization: raw['Randomization'] };
    const table = matrix(
      { ...column, ...sharedRows(rows, column), ...tagsOf(raw, key) },
      columnCore(shared, written, column, source),
      source,
    );
    const filled = withDefaults(table, column, source);
    // All of them were one table, so its rows stand in one order.
    return table.shuffle ? { ...filled, shuffle: { ...table.shuffle, as: core.id } } : filled;
  });
  return [{ ...core, type: 'description', required: 'none' }, ...tables];
}

/** The rows of the whole; those of the column where the whole names none. */
function sharedRows(rows: Raw, column: Raw): Raw {
  return Object.keys(record(rows['Choices'])).length > 0 ? rows : { Choices: column['Choices'] };
}

/** `zoo` names a row once for all columns; each needs a name of its own. */
function tagsOf(raw: Raw, key: string): Raw {
  const tags = Object.entries(record(raw['ChoiceDataExportTags'])).flatMap(([id, written]) => {
    const tag = textOf(written).trim();
    return tag === '' ? [] : [[id, `${tag}#${key}`]];
  });
  return { ChoiceDataExportTags: Object.fromEntries(tags) };
}

function columnCore(shared: Core, written: string, column: Raw, source: Source): Core {
  const own = requiredOf(column);
  const of = [shared.displayLogic, shownWhen(column, written, source)].filter((logic) => logic !== undefined);
  return {
    ...shared,
    ...(of.length > 0 ? { displayLogic: allOf(of) } : {}),
    id: safeId(written),
    importId: written,
    exportTag: textOf(column['DataExportTag']).trim() || `${shared.exportTag}#${written.split('#')[1]}`,
    text: safeHtml(textOf(column['QuestionText']), written, source.report),
    required: own === 'none' ? shared.required : own,
  };
}
