import type { Answer, Choice, Question } from '../../engine/questions/question.schema.js';
import { safeId } from '../ids.js';
import { entriesOf, isOff, isOn, numberOf, record, recordsOf, textOf } from '../raw.js';
import type { Raw } from '../raw.js';
import { npsScores } from '../source.js';
import type { Source } from '../source.js';

type Read = (written: Raw, question: Question, raw: Raw) => Answer;

/** The question with the answer that stands in it before the respondent gives one. */
export function withDefaults(question: Question, raw: Raw, source: Source): Question {
  const written = writtenIn(raw['DefaultChoices']);
  const said = countSaid(written);
  if (said === 0) return question;
  const answer = READ[question.type](written, question, raw);
  const taken = countTaken(answer);
  if (taken === 0) {
    source.report.warn(question.id, 'Its default answer was not taken over: the question starts empty.');
    return question;
  }
  if (taken < said)
    source.report.warn(question.id, 'Its default answer was taken over in part: the rest starts empty.');
  return { ...question, defaults: answer };
}

/** By choice; lists number them from 0, and a plain text is that of a text question. */
function writtenIn(defaults: unknown): Raw {
  if (typeof defaults === 'string') return isOff(defaults) ? {} : { Text: defaults };
  return Object.fromEntries(entriesOf(defaults));
}

/** Choices picked and texts typed; files keep empty boxes of defaults that nobody set. */
function countSaid(written: unknown): number {
  if (typeof written !== 'object' || written === null) return isOn(written) || textOf(written).length > 1 ? 1 : 0;
  return Object.entries(written)
    .map(([key, value]) => (key === 'Text' ? Number(textOf(value).trim() !== '') : countSaid(value)))
    .reduce((sum, count) => sum + count, 0);
}

function countTaken(value: unknown): number {
  if (typeof value !== 'object' || value === null) return 1;
  return Object.values(value)
    .map(countTaken)
    .reduce((sum, count) => sum + count, 0);
}

const READ: Record<Question['type'], Read> = {
  description: () => ({}),
  text: (written) => some('text', typedIn(written)),
  form: (written, question) => some('texts', each(written, question, typedIn)),
  choice: chosen,
  nps: (written, _question, raw) => {
    const scores = selected(written).flatMap((id) => npsScores(raw).get(id) ?? []);
    return scores.length > 0 ? { choices: scores.slice(0, 1) } : {};
  },
  matrix: cells,
  slider: numbers,
  sum: numbers,
  rank: numbers,
};

function some<K extends keyof Answer>(key: K, value: Answer[K]): Answer {
  const isEmpty = value === undefined || Object.keys(Object(value)).length === 0;
  return isEmpty ? {} : { [key]: value };
}

function typedIn(written: Raw): string | undefined {
  const text = textOf(record(written['TEXT'])['Text']) || textOf(written['Text']);
  return text === '' ? undefined : text.slice(0, 20_000);
}

function selected(written: Raw): string[] {
  return entriesOf(written).flatMap(([id, one]) => (one === true || isOn(record(one)['Selected']) ? [id] : []));
}

/** What is written of each choice of the question, by our id. */
function each<T>(written: Raw, question: Question, read: (one: Raw) => T | undefined): Record<string, T> {
  const ids = new Set('choices' in question ? question.choices.map(({ id }) => id) : []);
  const found = recordsOf(written).flatMap(([id, one]) => {
    const value = ids.has(safeId(id)) ? read(one) : undefined;
    return value === undefined ? [] : [[safeId(id), value] as const];
  });
  return Object.fromEntries(found);
}

function chosen(written: Raw, question: Question): Answer {
  if (question.type !== 'choice') return {};
  const ids = known(selected(written), question.choices);
  const isMany = question.subtype === 'multiple' || question.subtype === 'multiselect';
  const picked = isMany ? ids : ids.slice(0, 1);
  const texts = Object.entries(each(written, question, typedIn)).filter(([id]) => picked.includes(id));
  return { ...some('choices', picked), ...some('texts', Object.fromEntries(texts)) };
}

function known(ids: readonly string[], choices: readonly Choice[]): string[] {
  if (ids.length === 0) return [];
  const taken = new Set(choices.map((choice) => choice.id));
  return ids.map(safeId).filter((id) => taken.has(id));
}

/** Numbers that the question would refuse are none. */
function numbers(written: Raw, question: Question): Answer {
  const { min, max } = 'min' in question ? question : { min: undefined, max: undefined };
  const read = (one: Raw): number | undefined => {
    const number = numberOf(typedIn(one));
    const isOut = number === undefined || number < (min ?? number) || number > (max ?? number);
    return isOut ? undefined : number;
  };
  return some('numbers', each(written, question, read));
}

/** By row and column: what is ticked, or what is typed. */
function cells(written: Raw, question: Question): Answer {
  if (question.type !== 'matrix') return {};
  if (question.subtype === 'text') {
    const columns = new Set(question.columns.map(({ id }) => id));
    const typed = each(written, question, (row) => {
      const texts = recordsOf(row).flatMap(([id, one]) => {
        const text = typedIn(one);
        const column = safeId(id);
        return !columns.has(column) || text === undefined ? [] : [[column, text] as const];
      });
      return texts.length > 0 ? Object.fromEntries(texts) : undefined;
    });
    return some('cells', typed);
  }
  const rows = each(written, question, (row) => {
    const columns = known(selected(row), question.columns);
    return columns.length > 0 ? (question.subtype === 'multiple' ? columns : columns.slice(0, 1)) : undefined;
  });
  return some('rows', rows);
}
