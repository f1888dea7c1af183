import type { Bindings } from '../../platform/db/bindings.js';
import {
  CONDITION_FIELDS,
  type ContactCondition,
  ContactConditions,
  isOfKind,
  OPERATORS,
  textOperatorsOf,
  textValueKindOf,
} from './contact_conditions.js';

/** What only segments ask: a list, an opt-out, days. Of a list the value is its number; of days it is how many. */
export const SEGMENT_FIELDS = [...CONDITION_FIELDS, 'list', 'optedOut', 'created', 'written', 'finished'] as const;
export const SEGMENT_OPERATORS = [...OPERATORS, 'yes', 'no', 'within', 'not_within'] as const;
export const MOST_CONDITIONS = 10;
const MOST_DAYS = 3650;

export interface SegmentCondition {
  field: (typeof SEGMENT_FIELDS)[number];
  /** Of embedded data. */
  name: string;
  operator: (typeof SEGMENT_OPERATORS)[number];
  value: string;
}

/** Which contacts a segment means. */
export interface SegmentTree {
  match: 'all' | 'any';
  conditions: SegmentCondition[];
}

/** When and where a segment is asked. */
export interface SegmentAsked {
  brandId: string;
  now: Date;
  bindings: Bindings;
}

type Fact = Exclude<SegmentCondition['field'], ContactCondition['field'] | 'list'>;

const TEXTS = new ContactConditions();
const FLAGS: readonly string[] = ['list', 'optedOut'];

/** The lists whose people a segment means: their opt-outs hold for it. */
export function listsOf({ conditions }: SegmentTree): string[] {
  return conditions.filter(({ field, operator }) => field === 'list' && operator === 'yes').map(({ value }) => value);
}

/** The comparisons that go with a field. */
export function operatorsOf(field: SegmentCondition['field']): readonly SegmentCondition['operator'][] {
  if (isText(field)) {
    return textOperatorsOf(field);
  }
  return FLAGS.includes(field) ? ['yes', 'no'] : ['within', 'not_within'];
}

/** What is written beside a comparison. */
export type ValueKind = 'text' | 'number' | 'date' | 'none' | 'days' | 'list';

export function valueKindOf({ field, operator }: Pick<SegmentCondition, 'field' | 'operator'>): ValueKind {
  if (field === 'list') {
    return 'list';
  }
  if (operator === 'yes' || operator === 'no') {
    return 'none';
  }
  return operator === 'within' || operator === 'not_within' ? 'days' : textValueKindOf(operator);
}

export type ConditionPart = 'operator' | 'name' | 'value';

/** The parts of a condition that do not go with the rest of it; none when it can be asked. */
export function unfitPartsOf(condition: SegmentCondition): ConditionPart[] {
  const { field, name, operator, value } = condition;
  if (!operatorsOf(field).includes(operator)) {
    return ['operator'];
  }
  const isNamed = field !== 'embedded' || name !== '';
  const hasValue = takesValue(valueKindOf(condition), value);
  return [...(isNamed ? [] : ['name' as const]), ...(hasValue ? [] : ['value' as const])];
}

/** Whether a value can stand beside a comparison; of a list it is the number. */
export function takesValue(kind: ValueKind, value: string): boolean {
  if (kind === 'list') {
    return /^\d{1,18}$/.test(value);
  }
  if (kind === 'days') {
    return /^\d{1,4}$/.test(value) && Number(value) >= 1 && Number(value) <= MOST_DAYS;
  }
  return isOfKind(kind, value);
}

/** A segment as SQL over contact `c`. Everything that people wrote is a bound value. */
export class SegmentConditions {
  sqlOf({ match, conditions }: SegmentTree, asked: SegmentAsked): string {
    const listId = match === 'all' ? conditions.find(isOnList)?.value : undefined;
    const parts = conditions.map((condition) => `(${this.one(condition, asked, listId)})`);
    return parts.length === 0 ? 'false' : `(${parts.join(match === 'all' ? ' AND ' : ' OR ')})`;
  }

  /** @param listId a list that everybody of the segment is on: what it says of a person wins over what the directory says */
  private one(condition: SegmentCondition, asked: SegmentAsked, listId: string | undefined): string {
    const { field, operator, value } = condition;
    const ofText = OPERATORS.find((known) => known === operator);
    if (isText(field) && ofText !== undefined) {
      // Kept from before the comparisons were told apart, it may not fit; it goes on to mean what it meant.
      return TEXTS.sqlOf([{ ...condition, field, operator: ofText }], asked.bindings, listId);
    }
    if (isText(field) || unfitPartsOf(condition).length > 0) {
      return 'false';
    }
    const isSo = operator === 'yes' || operator === 'within' ? '' : 'NOT ';
    return field === 'list' ? this.onList(value, isSo, asked) : `${isSo}${factOf(field, value, asked)}`;
  }

  /** A list that is gone says nothing about anybody: neither "on it" nor "not on it" holds. */
  private onList(list: string, isSo: string, { brandId, bindings }: SegmentAsked): string {
    const own = `${bindings.put(brandId)}::bigint`;
    const id = `${bindings.put(list)}::bigint`;
    return `EXISTS (SELECT FROM contact_lists k WHERE k.brand_id = ${own} AND k.id = ${id}) AND ${isSo}EXISTS (
      SELECT FROM contact_list_members k WHERE k.brand_id = c.brand_id AND k.list_id = ${id} AND k.contact_id = c.id)`;
  }
}

/** What is so of a contact. Of mails those that arrived, or may have. */
function factOf(field: Fact, days: string, asked: SegmentAsked): string {
  switch (field) {
    case 'optedOut':
      return '(c.opted_out_at IS NOT NULL)';
    case 'created':
      return `(c.created_at > ${daysAgo(days, asked)})`;
    case 'written':
      return `EXISTS (SELECT FROM messages w WHERE w.brand_id = c.brand_id AND w.contact_id = c.id
        AND w.dated_at > ${daysAgo(days, asked)} AND w.state IN ('accepted', 'uncertain'))`;
    case 'finished':
      // Every end counts alike, by whole days of UTC: whom a segment means is seen by readers who may not know how and
      // when somebody answered. Anonymous answers know no contact: there the session says that somebody took part.
      return `(EXISTS (SELECT FROM responses f WHERE f.brand_id = c.brand_id AND f.contact_id = c.id
        AND f.recorded_at >= ${wholeDaysAgo(days, asked)} AND f.finished) OR EXISTS (SELECT FROM sessions f
        WHERE f.brand_id = c.brand_id AND f.contact_id = c.id AND f.closed_at >= ${wholeDaysAgo(days, asked)}
        AND f.is_anonymous AND f.state = 'finished'))`;
    default:
      throw new TypeError(`There is no fact ${String(field satisfies never)}`);
  }
}

function isOnList({ field, operator }: SegmentCondition): boolean {
  return field === 'list' && operator === 'yes';
}

function isText(field: SegmentCondition['field']): field is ContactCondition['field'] {
  return CONDITION_FIELDS.some((one) => one === field);
}

/** When the day began that was so many days ago, in UTC: the day itself counts. */
function wholeDaysAgo(days: string, asked: SegmentAsked): string {
  return `date_trunc('day', ${daysAgo(days, asked)}, 'UTC')`;
}

function daysAgo(days: string, { now, bindings }: SegmentAsked): string {
  return `${bindings.put(now)}::timestamptz - make_interval(days => ${bindings.put(days)}::int)`;
}
