import type { Choice } from '../../engine/questions/question.schema.js';
import type { ListName } from './choices.js';
import { safeHtml } from '../html.js';
import { entriesOf, isOn, isRecord, textOf } from '../raw.js';
import type { Raw } from '../raw.js';
import type { Source } from '../source.js';

/** Words above the columns of a table ("not at all", "fully"); placeholders that nobody filled are none. */
export function columnLabels(raw: Raw, where: string, source: Source): string[] {
  const written = entriesOf(raw['ColumnLabels']).length > 0 ? raw['ColumnLabels'] : raw['Labels'];
  return entriesOf(written).map(([, one]) => {
    const label = isRecord(one) ? one : { Display: one };
    return isOn(label['IsLabelDefault']) ? '' : safeHtml(textOf(label['Display']), where, source.report);
  });
}

/** The list whose words stand above it: the columns of a table, the choices of a question in one line. */
export function labelledList(question: Raw): ListName | undefined {
  const type = textOf(question['QuestionType']);
  if (type === 'Matrix' || question['Answers'] !== undefined) return 'Answers';
  return type === 'MC' && textOf(question['Selector']) !== 'NPS' ? 'Choices' : undefined;
}

/** The labels in another language; each that it doesn't name keeps the file's own. */
export function labelsIn(words: Raw, question: Raw, where: string, source: Source): string[] {
  const own = columnLabels(question, where, source);
  const translated = columnLabels({ ColumnLabels: words['ColumnLabels'], Labels: words['Labels'] }, where, source);
  return own.map((label, index) => (label === '' ? '' : translated[index] || label));
}

/** Columns with the words that stand above them; fewer labels than columns are spread from the first to the last. */
export function labelled(columns: readonly Choice[], labels: readonly string[]): Choice[] {
  return columns.map((column, index) => ({ ...column, text: withLabels(column.text, labels, index, columns.length) }));
}

/** `1 – not at all`: one line, so that it can be read aloud, listed on a phone and exported. */
export function withLabels(text: string, labels: readonly string[], index: number, count: number): string {
  const own = labels.filter((label, place) => label !== '' && columnOf(place, labels.length, count) === index);
  return [text, ...own.filter((label) => label !== text)].filter((part) => part !== '').join(' – ');
}

/** The column at which a label stands: of two the outer ones, of three the middle one, too. */
function columnOf(place: number, labels: number, columns: number): number {
  if (labels > columns) return Math.floor((place * columns) / labels);
  return labels === 1 ? Math.floor((columns - 1) / 2) : Math.round((place * (columns - 1)) / (labels - 1));
}
