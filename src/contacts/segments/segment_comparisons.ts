import type { ContactWords } from '../contact_words.js';
import { isOfKind } from './contact_conditions.js';
import {
  operatorsOf,
  SEGMENT_FIELDS,
  SEGMENT_OPERATORS,
  type SegmentCondition,
  takesValue,
  valueKindOf,
} from './segment_conditions.js';
import type { WrittenCondition } from './segments.forms.js';

type Say = ContactWords['say'];
type Field = SegmentCondition['field'];
type Compared = Omit<SegmentCondition, 'value'>;

/** The field that a line names; undefined where it names none. */
export function fieldOf(line: WrittenCondition): Field | undefined {
  return SEGMENT_FIELDS.find((one) => one === line.field);
}

/** What a line compares, without its value; undefined while its comparison does not fit its field. */
export function comparedOf(line: WrittenCondition): Compared | undefined {
  const field = fieldOf(line);
  const operator = field && operatorsOf(field).find((one) => one === line.operator);
  return field && operator && { field, name: field === 'embedded' ? line.name : '', operator };
}

/**
 * A line whose field or comparison was just chosen: the first comparison that fits takes the place of one that does not,
 * and a value that the new one cannot take is dropped.
 */
export function settled(line: WrittenCondition): WrittenCondition {
  const field = fieldOf(line);
  if (field === undefined) {
    return line;
  }
  const operator = operatorsOf(field).find((one) => one === line.operator) ?? operatorsOf(field)[0] ?? '';
  const next = { ...line, operator };
  const compared = comparedOf(next);
  return { ...next, value: compared !== undefined && mayStay(compared, line.value) ? line.value : '' };
}

function mayStay(compared: Compared, value: string): boolean {
  const kind = valueKindOf(compared);
  const isList = value.startsWith('CG_');
  return kind === 'list' ? isList : !isList && takesValue(kind, value);
}

/** Dates were once compared by “more” and “less”: such a condition comes into its form as what it says today. */
export function storedOperator({ field, operator, value }: SegmentCondition): SegmentCondition['operator'] {
  if (field !== 'embedded' || !isOfKind('date', value)) {
    return operator;
  }
  return operator === 'greater' ? 'after' : operator === 'less' ? 'before' : operator;
}

/** A field as its menu calls it. */
export function whatWord(field: Field, say: Say): string {
  return say(`segment.fields.${field}`);
}

/** A comparison as the menu of this field calls it; undefined for what is none. */
export function comparisonWord(field: Field, operator: string, say: Say): string | undefined {
  const known = SEGMENT_OPERATORS.find((one) => one === operator);
  const isFlag = known === 'yes' || known === 'no';
  return known && say(isFlag && field === 'list' ? `segment.onIt.${known}` : `segment.operators.${known}`);
}

/** “is”, “is not” or “contains”: what there is to choose for a field. */
export function fittingWords(field: Field, say: Say): string {
  const words = operatorsOf(field).map((one) => `“${comparisonWord(field, one, say)}”`);
  return new Intl.ListFormat('en', { type: 'disjunction' }).format(words);
}
