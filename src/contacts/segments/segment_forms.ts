import { Injectable } from '@nestjs/common';
import type { Actor } from '../../platform/auth/actor.js';
import { Invalid } from '../../platform/errors.js';
import { ContactListsService, type ListRow } from '../lists/contact_lists.service.js';
import { ContactWords } from '../contact_words.js';
import {
  type ConditionPart,
  type SegmentCondition,
  type SegmentTree,
  takesValue,
  unfitPartsOf,
  valueKindOf,
} from './segment_conditions.js';
import { comparedOf, comparisonWord, fieldOf, fittingWords, storedOperator, whatWord } from './segment_comparisons.js';
import type { WrittenCondition, WrittenSegment } from './segments.forms.js';
import type { Segment } from './segments.service.js';

const MAX_NAME = 100;
const MOST_LISTS = 500;

type Faults = Record<string, string>;

/** Between what stands in the form of a segment and what is kept. */
@Injectable()
export class SegmentForms {
  constructor(
    private readonly words: ContactWords,
    private readonly contactLists: ContactListsService,
  ) {}

  /** The lists to choose from, the newest of very many, and all those that the conditions name. */
  async lists(actor: Actor, trees: readonly SegmentTree[]): Promise<ListRow[]> {
    const newest = await this.contactLists.list(actor, { size: MOST_LISTS });
    const offered = new Set(newest.map(({ id }) => id));
    const named = trees.flatMap(({ conditions }) => conditions.filter(isAboutList).map(({ value }) => value));
    const older = [...new Set(named)].filter((id) => !offered.has(id));
    return older.length === 0 ? newest : [...newest, ...(await this.contactLists.some(actor, older))];
  }

  /** The same for what stands in a form. */
  listsFor(actor: Actor, { match, lines }: Pick<WrittenSegment, 'match' | 'lines'>): Promise<ListRow[]> {
    const chosen = lines.flatMap(({ field, value }) => (field === 'list' ? [this.words.tryListId(value)] : []));
    const conditions = chosen.flatMap((value) =>
      value === undefined ? [] : [{ field: 'list' as const, name: '', operator: 'yes' as const, value }],
    );
    return this.lists(actor, [{ match, conditions }]);
  }

  written({ name, tree }: Segment): WrittenSegment {
    const lines = tree.conditions.map((one) => ({
      ...one,
      operator: storedOperator(one),
      value: one.field === 'list' ? this.words.shown('CG', one.value) : one.value,
    }));
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
    const lists = await this.listsFor(actor, { match, lines });
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
    const field = fieldOf(line);
    if (field === undefined) {
      return { fault: { [`field_${place}`]: this.words.say('segment.wrongField') } };
    }
    const compared = comparedOf(line);
    if (compared === undefined) {
      return { fault: { [`operator_${place}`]: this.operatorFault(field, line) } };
    }
    const condition = { ...compared, value: this.valueOf(compared, line.value, lists) };
    const unfit = unfitPartsOf(condition);
    return unfit.length === 0
      ? { condition }
      : { fault: Object.fromEntries(unfit.map((part) => [`${part}_${place}`, this.partFault(condition, part)])) };
  }

  /** Of a list only one that the person can see; what stands beside a comparison that needs nothing is not kept. */
  private valueOf(compared: Omit<SegmentCondition, 'value'>, value: string, lists: readonly ListRow[]): string {
    const kind = valueKindOf(compared);
    if (kind === 'list') {
      const id = this.words.tryListId(value);
      return lists.find((one) => one.id === id)?.id ?? '';
    }
    return kind === 'none' ? '' : value;
  }

  private operatorFault(field: SegmentCondition['field'], { operator }: WrittenCondition): string {
    const { say } = this.words;
    const what = whatWord(field, say);
    const written = comparisonWord(field, operator, say);
    return written === undefined
      ? say('segment.noOperator', { what })
      : say('segment.wrongOperator', { what, operator: written, fitting: fittingWords(field, say) });
  }

  private partFault(condition: SegmentCondition, part: ConditionPart): string {
    return this.words.say(part === 'name' ? 'segment.noEmbedded' : `segment.noValue.${valueKindOf(condition)}`);
  }

  private nameFault({ name }: WrittenSegment): Faults {
    if (name === '') {
      return { name: this.words.say('segment.noName') };
    }
    return name.length > MAX_NAME ? { name: this.words.say('segment.longName') } : {};
  }
}

function isAboutList({ field, value }: SegmentCondition): boolean {
  return field === 'list' && takesValue('list', value);
}
