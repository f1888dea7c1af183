import type { Choice } from '../../engine/questions/question.schema.js';
import { plainText } from '../../engine/text.js';
import { safeHtml } from '../html.js';
import { safeId } from '../ids.js';
import { pictureAddress } from '../pictures.js';
import { contentKind } from '../limits.js';
import { shownWhen } from '../flow/logic.js';
import { fixedIds } from '../flow/randomization-plan.js';
import { entriesOf, isOn, isRecord, record, recordsOf, textOf } from '../raw.js';
import type { Raw } from '../raw.js';
import type { Source } from '../source.js';

/** The lists of a question: its choices (rows of a matrix) and its answers (columns). */
export type ListName = 'Choices' | 'Answers';

/** Choices in their order, with recodes, export tags and display logic. */
export function choicesOf(question: Raw, list: ListName, where: string, source: Source): Choice[] {
  const written = new Map(recordsOf(question[list]));
  const ids = orderOf(question, list, written, where, source);
  const fixed = fixedIds(question[list === 'Choices' ? 'Randomization' : 'AnswerRandomization']);
  return ids.map((id) => {
    const choice = choiceOf(
      { id, raw: written.get(id)!, question, list },
      `${where} ${list === 'Answers' ? 'column' : 'choice'} ${id}`,
      source,
    );
    return fixed.has(id) ? { ...choice, fixed: true } : choice;
  });
}

/** The written order; choices that it forgets follow, ids that don't exist are passed over. */
function orderOf(
  question: Raw,
  list: ListName,
  written: ReadonlyMap<string, Raw>,
  where: string,
  source: Source,
): string[] {
  const order = question[list === 'Choices' ? 'ChoiceOrder' : 'AnswerOrder'];
  const named = entriesOf(order).map(([, id]) => textOf(id));
  const ordered = new Set(named);
  const listed = [...ordered].filter((id) => written.has(id));
  const forgotten = [...written.keys()].filter((id) => !ordered.has(id));
  if (listed.length > 0 && (forgotten.length > 0 || listed.length < named.length)) {
    const rest = forgotten.length > 0 ? `; ${forgotten.length} not in the order were put at the end` : '';
    source.report.note(
      where,
      `The order of choices doesn't fit the choices${rest}.`,
      'Check the order of the choices.',
    );
  }
  return [...listed, ...forgotten];
}

interface Written {
  id: string;
  raw: Raw;
  question: Raw;
  list: ListName;
}

function choiceOf({ id, raw, question, list }: Written, where: string, source: Source): Choice {
  const text = safeHtml(textOf(raw['Display']), where, source.report);
  const image = imageOf(raw, plainText(text), where, source);
  const logic = shownWhen(raw, where, source);
  const name = chosenAs(question, list, 'VariableNaming', id);
  const tag = list === 'Choices' ? textOf(record(question['ChoiceDataExportTags'])[id]).trim() : '';
  return {
    id: safeId(id),
    text,
    value: chosenAs(question, list, 'RecodeValues', id).trim() || id,
    ...(tag ? { exportTag: tag } : {}),
    ...(name.trim() ? { variableName: name } : {}),
    ...(image ? { image } : {}),
    ...(isOn(raw['ExclusiveAnswer']) ? { exclusive: true } : {}),
    ...(logic ? { displayLogic: logic } : {}),
    ...textEntryOf(raw),
  };
}

/** Recodes and variable names belong to the columns of a matrix and to the choices of everything else. */
function chosenAs(question: Raw, list: ListName, names: 'RecodeValues' | 'VariableNaming', id: string): string {
  const isTheirs = isRecord(question['Answers']) ? list === 'Answers' : list === 'Choices';
  return isTheirs ? textOf(record(question[names])[id]) : '';
}

function textEntryOf(raw: Raw): Partial<Choice> {
  if (!isOn(raw['TextEntry'])) return {};
  const content = contentKind(textOf(raw['TextEntryValidation']), {});
  return {
    textEntry: true,
    ...(isOn(raw['TextEntryForceResponse']) ? { textRequired: true } : {}),
    ...(content.kind === 'any' ? {} : { content }),
  };
}

function imageOf(raw: Raw, label: string, where: string, source: Source): Choice['image'] | undefined {
  const image = record(raw['Image']);
  if (Object.keys(image).length === 0) return undefined;
  const url = pictureAddress(textOf(image['ImageLocation']) || textOf(image['Url']));
  const alt = plainText(textOf(image['Display'])) || label || 'Image';
  if (url !== undefined) return { url, alt };
  source.report.warn(
    where,
    'The image of a choice is not in the file; its label is kept.',
    'Write a label that says it.',
  );
  return undefined;
}
