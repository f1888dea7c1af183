import { Injectable } from '@nestjs/common';
import type { Actor } from '../../platform/auth/actor.js';
import { Invalid } from '../../platform/errors.js';
import { ContactListsService, type ListRow } from '../contact_lists.service.js';
import { ContactWords } from '../contact_words.js';
import {
  operatorsOf,
  SEGMENT_FIELDS,
  SEGMENT_OPERATORS,
  type SegmentCondition,
  type SegmentTree,
} from './segment_conditions.service.js';
import type { WrittenCondition, WrittenSegment } from './segments.forms.js';
import type { Segment } from './segments.service.js';

const MAX_NAME = 100;
const MOST_LISTS = 500;
const MOST_DAYS = 3650;
const NEEDS_NOTHING: ReadonlySet<string> = new Set(['yes', 'no', 'is_empty', 'is_not_empty']);

type Faults = Record<string, string>;

/** Between what stands in the form of a segment and what is kept. */
@Injectable()
export class SegmentForms {
  constructor(
    private readonly words: ContactWords,
    private readonly contactLists: ContactListsService,
  ) {}

  lists(actor: Actor): Promise<ListRow[]> {
    return this.contactLists.list(actor, { size: MOST_LISTS });
  }

  written({ name, tree }: Segment): WrittenSegment {
    const lines = tree.conditions.map(({ field, value, ...rest }) =>
      field === 'list'
        ? { ...rest, field: `list:${this.words.shown('CG', value)}`, value: '' }
        : { ...rest, field, value },
    );
    return { name, match: tree.match, lines, go: '' };
  }

  /** @throws {Invalid} with one message per field */
  async read(actor: Actor, written: WrittenSegment): Promise<{ name: string; tree: SegmentTree }> {
    const { tree, faults } = await this.understood(actor, written);
    const fields = { ...this.nameFault(written), ...faults };
    if (tree.conditions.length === 0 && Object.keys(faults).length === 0) {
      fields['field_0'] = this.words.say('segment.noConditions');
    }
    const [first] = Object.values(fields);
    if (first !== undefined) {
      throw new Invalid(first, fields);
    }
    return { name: written.name, tree };
  }

  /** The conditions that can be asked, and what is wrong with the others. */
  async understood(actor: Actor, { match, lines }: WrittenSegment): Promise<{ tree: SegmentTree; faults: Faults }> {
    const lists = await this.lists(actor);
    const read = lines.map((line, place) => this.line(line, place, lists));
    return {
      tree: { match, conditions: read.flatMap((one) => ('condition' in one ? [one.condition] : [])) },
      faults: Object.assign({}, ...read.flatMap((one) => ('fault' in one ? [one.fault] : []))) as Faults,
    };
  }

  /** An empty line is neither. */
  private line(
    line: WrittenCondition,
    place: number,
    lists: readonly ListRow[],
  ): { condition: SegmentCondition } | { fault: Faults } | object {
    if (line.field === '') {
      return {};
    }
    const condition = this.condition(line, lists);
    if (condition === undefined) {
      return { fault: { [`field_${place}`]: this.words.say('segment.wrongField') } };
    }
    const fault = this.fault(condition, line, place);
    return fault === undefined ? { condition } : { fault };
  }

  /** Only a list that the person can see; undefined where the field or comparison is none. */
  private condition(line: WrittenCondition, lists: readonly ListRow[]): SegmentCondition | undefined {
    const operator = SEGMENT_OPERATORS.find((one) => one === line.operator) ?? 'is';
    if (line.field.startsWith('list:')) {
      const id = this.words.tryListId(line.field.slice('list:'.length));
      const list = lists.find((one) => one.id === id);
      return list === undefined ? undefined : { field: 'list', name: '', operator, value: list.id };
    }
    const field = SEGMENT_FIELDS.find((one) => one === line.field);
    if (field === undefined || field === 'list') {
      return undefined;
    }
    return { field, name: field === 'embedded' ? line.name : '', operator, value: valueOf(operator, line.value) };
  }

  private fault(condition: SegmentCondition, line: WrittenCondition, place: number): Faults | undefined {
    const { say } = this.words;
    const { field, name, operator } = condition;
    const operators = operatorsOf(field);
    if (!operators.includes(operator)) {
      const what = field === 'list' ? say('segment.groups.lists') : say(`segment.fields.${field}`);
      const group = say(`segment.groups.${groupOf(operators)}`);
      return { [`operator_${place}`]: say('segment.wrongOperator', { what, group }) };
    }
    if (field === 'embedded' && name === '') {
      return { [`name_${place}`]: say('segment.noEmbedded') };
    }
    const key = valueFault(operator, line.value);
    return key === undefined ? undefined : { [`value_${place}`]: say(key) };
  }

  private nameFault({ name }: WrittenSegment): Faults {
    if (name === '') {
      return { name: this.words.say('segment.noName') };
    }
    return name.length > MAX_NAME ? { name: this.words.say('segment.longName') } : {};
  }
}

/** Where the menu has these comparisons. */
function groupOf(operators: readonly string[]): 'texts' | 'days' | 'flags' {
  if (operators.includes('is')) {
    return 'texts';
  }
  return operators.includes('within') ? 'days' : 'flags';
}

/** The word that says what is wrong with a value. */
function valueFault(operator: SegmentCondition['operator'], value: string): string | undefined {
  if (NEEDS_NOTHING.has(operator)) {
    return undefined;
  }
  if (operator === 'within' || operator === 'not_within') {
    const days = /^\d{1,4}$/.test(value) ? Number(value) : 0;
    return days >= 1 && days <= MOST_DAYS ? undefined : 'segment.noDays';
  }
  return value === '' ? 'segment.noValue' : undefined;
}

/** What stands beside a comparison that needs nothing is not kept. */
function valueOf(operator: SegmentCondition['operator'], value: string): string {
  return NEEDS_NOTHING.has(operator) ? '' : value;
}
