import { DateTime } from 'luxon';
import type { Bindings } from '../../platform/db/bindings.js';

export const CONDITION_FIELDS = ['email', 'firstName', 'lastName', 'phone', 'extRef', 'language', 'embedded'] as const;
const TEXT_OPERATORS = ['is', 'is_not', 'contains', 'begins', 'is_empty', 'is_not_empty'] as const;
const NUMBER_OPERATORS = ['greater', 'less'] as const;
const DATE_OPERATORS = ['after', 'before'] as const;
export const OPERATORS = [...TEXT_OPERATORS, ...NUMBER_OPERATORS, ...DATE_OPERATORS] as const;

/** Plain notation only, as in a survey's logic: `007` is a code and no number. */
const NUMBER = '^-?(0|[1-9][0-9]{0,29})([.][0-9]{1,30})?$';
/** How a date begins that can be compared: `2027-05-03`, also with a time behind it. */
const DATE = '^[0-9]{4}-(0[1-9]|1[0-2])-(0[1-9]|[12][0-9]|3[01])';

/** Something that is so of a contact. */
export interface ContactCondition {
  field: (typeof CONDITION_FIELDS)[number];
  /** Of embedded data. */
  name: string;
  operator: (typeof OPERATORS)[number];
  value: string;
}

type TextValueKind = 'text' | 'number' | 'date' | 'none';

const COLUMNS: Record<Exclude<ContactCondition['field'], 'embedded'>, string> = {
  email: 'c.email',
  firstName: 'c.first_name',
  lastName: 'c.last_name',
  phone: 'c.phone',
  extRef: 'c.ext_ref',
  language: 'c.language',
};

const FITTING: Partial<Record<ContactCondition['field'], readonly ContactCondition['operator'][]>> = {
  extRef: [...TEXT_OPERATORS, ...NUMBER_OPERATORS],
  language: ['is', 'is_not', 'begins', 'is_empty', 'is_not_empty'],
  embedded: OPERATORS,
};

/** The comparisons that go with a field: a name is no number, and only embedded data may be a date. */
export function textOperatorsOf(field: ContactCondition['field']): readonly ContactCondition['operator'][] {
  return FITTING[field] ?? TEXT_OPERATORS;
}

/** What is written to compare with: a text, a number, a date (2027-05-03), or nothing. */
export function textValueKindOf(operator: ContactCondition['operator']): TextValueKind {
  if (operator === 'is_empty' || operator === 'is_not_empty') {
    return 'none';
  }
  if (operator === 'greater' || operator === 'less') {
    return 'number';
  }
  return operator === 'after' || operator === 'before' ? 'date' : 'text';
}

/** Whether a value is what its comparison takes. */
export function isOfKind(kind: TextValueKind, value: string): boolean {
  if (kind === 'number') {
    return new RegExp(NUMBER).test(value);
  }
  if (kind === 'date') {
    return new RegExp(`${DATE}$`).test(value) && DateTime.fromISO(value, { zone: 'UTC' }).isValid;
  }
  return kind === 'none' || value !== '';
}

/** Conditions on contacts as SQL. Everything that people wrote is a bound value: nothing of it becomes part of a statement. */
export class ContactConditions {
  /**
   * All of them hold, of contact `c`.
   * @param listId a list whose own embedded data win over those of the contact
   */
  sqlOf(conditions: readonly ContactCondition[], bindings: Bindings, listId?: string): string {
    const parts = conditions.map((one) => this.one(one, bindings, listId));
    return parts.length === 0 ? 'true' : parts.join(' AND ');
  }

  private one(
    { field, name, operator, value }: ContactCondition,
    bindings: Bindings,
    listId: string | undefined,
  ): string {
    const text = field === 'embedded' ? embeddedText(name, bindings, listId) : COLUMNS[field];
    return COMPARED[operator](text, () => `${bindings.put(value)}::text`, value);
  }
}

/** A comparison as SQL; only one that asks for the place of its value binds it. */
type Compared = (text: string, bound: () => string, value: string) => string;

const COMPARED: Record<ContactCondition['operator'], Compared> = {
  is: (text, bound) => `lower(${text}) = lower(${bound()})`,
  is_not: (text, bound) => `lower(${text}) <> lower(${bound()})`,
  contains: (text, bound) => `strpos(lower(${text}), lower(${bound()})) > 0`,
  begins: (text, bound) => `starts_with(lower(${text}), lower(${bound()}))`,
  greater: (text, bound, value) => beyond(text, '>', bound(), value),
  less: (text, bound, value) => beyond(text, '<', bound(), value),
  after: (text, bound) => dated(text, '>', bound()),
  before: (text, bound) => dated(text, '<', bound()),
  is_empty: (text) => `${text} = ''`,
  is_not_empty: (text) => `${text} <> ''`,
};

/** Numbers by their value, everything else by its letters, dates written 2027-05-03 included; empty is neither more nor less. */
function beyond(text: string, sign: '>' | '<', bound: string, value: string): string {
  return new RegExp(NUMBER).test(value)
    ? `CASE WHEN ${text} ~ '${NUMBER}' THEN ${text}::numeric ${sign} ${bound}::numeric ELSE false END`
    : `(${text} <> '' AND lower(${text}) COLLATE "C" ${sign} lower(${bound}) COLLATE "C")`;
}

/** By the day alone, whatever time stands behind it; what is no date is neither after nor before. */
function dated(text: string, sign: '>' | '<', bound: string): string {
  return `(${text} ~ '${DATE}' AND left(${text}, 10) COLLATE "C" ${sign} ${bound} COLLATE "C")`;
}

/** A value of embedded data; '' where there is none. */
function embeddedText(name: string, bindings: Bindings, listId: string | undefined): string {
  const key = `${bindings.put(name)}::text`;
  const ofList =
    listId === undefined
      ? ''
      : `(SELECT k.embedded ->> ${key} FROM contact_list_members k WHERE k.brand_id = c.brand_id
           AND k.list_id = ${bindings.put(listId)}::bigint AND k.contact_id = c.id), `;
  return `coalesce(${ofList}c.embedded ->> ${key}, '')`;
}
