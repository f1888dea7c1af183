import type { Bindings } from '../../platform/db/bindings.js';

export const CONDITION_FIELDS = ['email', 'firstName', 'lastName', 'phone', 'extRef', 'language', 'embedded'] as const;
export const OPERATORS = ['is', 'is_not', 'contains', 'begins', 'is_empty', 'is_not_empty', 'greater', 'less'] as const;

/** Plain notation only, as in a survey's logic: `007` is a code and no number. */
const NUMBER = '^-?(0|[1-9][0-9]{0,29})([.][0-9]{1,30})?$';

/** Something that is so of a contact. */
export interface ContactCondition {
  field: (typeof CONDITION_FIELDS)[number];
  /** Of embedded data. */
  name: string;
  operator: (typeof OPERATORS)[number];
  value: string;
}

const COLUMNS: Record<Exclude<ContactCondition['field'], 'embedded'>, string> = {
  email: 'c.email',
  firstName: 'c.first_name',
  lastName: 'c.last_name',
  phone: 'c.phone',
  extRef: 'c.ext_ref',
  language: 'c.language',
};

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
    switch (operator) {
      case 'is':
        return `lower(${text}) = lower(${bindings.put(value)}::text)`;
      case 'is_not':
        return `lower(${text}) <> lower(${bindings.put(value)}::text)`;
      case 'contains':
        return `strpos(lower(${text}), lower(${bindings.put(value)}::text)) > 0`;
      case 'begins':
        return `starts_with(lower(${text}), lower(${bindings.put(value)}::text))`;
      case 'greater':
        return this.beyond(text, '>', bindings.put(value), value);
      case 'less':
        return this.beyond(text, '<', bindings.put(value), value);
      case 'is_empty':
        return `${text} = ''`;
      case 'is_not_empty':
        return `${text} <> ''`;
      default:
        throw new TypeError(`There is no operator ${String(operator satisfies never)}`);
    }
  }

  /** Numbers by their value, everything else by its letters, dates written 2027-05-03 included; empty is neither more nor less. */
  private beyond(text: string, sign: '>' | '<', place: string, value: string): string {
    return new RegExp(NUMBER).test(value)
      ? `CASE WHEN ${text} ~ '${NUMBER}' THEN ${text}::numeric ${sign} ${place}::text::numeric ELSE false END`
      : `(${text} <> '' AND lower(${text}) COLLATE "C" ${sign} lower(${place}::text) COLLATE "C")`;
  }
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
