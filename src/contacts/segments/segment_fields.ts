import type { ListRow } from '../lists/contact_lists.service.js';
import type { ContactWords } from '../contact_words.js';
import { CONDITION_FIELDS, isOfKind } from './contact_conditions.js';
import { comparedOf, comparisonWord, fieldOf } from './segment_comparisons.js';
import { operatorsOf, type SegmentCondition, type ValueKind, valueKindOf } from './segment_conditions.js';
import type { WrittenCondition, WrittenSegment } from './segments.forms.js';

interface Around {
  words: ContactWords;
  lists: readonly ListRow[];
  faults: Record<string, string>;
}

const HISTORY = ['created', 'written', 'finished', 'optedOut', 'list'] as const;

/** What it is called, and whether everything has to hold. */
export function headFields(
  { name, match }: WrittenSegment,
  { say }: ContactWords,
  faults: Record<string, string>,
): object {
  return {
    name: {
      name: 'name',
      label: say('segment.name'),
      help: say('segment.nameHelp'),
      value: name,
      error: faults['name'],
      required: true,
      maxlength: 100,
    },
    match: {
      name: 'match',
      label: say('segment.match'),
      required: true,
      options: (['all', 'any'] as const).map((value) => ({
        value,
        label: say(`segment.matches.${value}`),
        selected: value === match,
      })),
    },
  };
}

/** One condition of the form, as `contacts/_condition` takes it. */
export function lineFields(line: WrittenCondition, place: number, around: Around): object {
  const { say } = around.words;
  const required = true; // an empty line is left out as a whole; none of its parts is optional
  const part = (name: string, value: string, more: object): object => ({
    name: `${name}_${place}`,
    label: say(`segment.${name === 'name' ? 'embeddedName' : name}`),
    value,
    required,
    error: around.faults[`${name}_${place}`],
    ...more,
  });
  const field = fieldOf(line);
  const own = { place, legend: say('segment.line', { n: place + 1 }) };
  const menu = part('field', line.field, { options: fieldOptions(line.field, around.words) });
  if (field === undefined) {
    return { ...own, field: menu };
  }
  const input = valueInput(line, around);
  const isEmbedded = field === 'embedded';
  return {
    ...own,
    field: menu,
    name: isEmbedded && part('name', line.name, { maxlength: 100, help: say('segment.embeddedHelp') }),
    operator: part('operator', line.operator, { options: operatorOptions(field, line.operator, around.words) }),
    input: input && part('value', line.value, input),
  };
}

/** The input that a comparison takes; none beside yes and no. */
function valueInput(line: WrittenCondition, { words, lists }: Around): object | undefined {
  const { say } = words;
  const compared = comparedOf(line);
  const kind = compared === undefined ? 'text' : valueKindOf(compared);
  const shape: Record<ValueKind, object | undefined> = {
    text: { maxlength: 200, ...(line.field === 'language' ? { help: say('segment.languageHelp') } : {}) },
    number: { short: true, inputmode: 'decimal', maxlength: 200 },
    date: dateInput(line.value, words),
    days: { short: true, inputmode: 'numeric', maxlength: 4, suffix: say('segment.days') },
    list: { options: listOptions(line.value, { words, lists }) },
    none: line.field === 'optedOut' ? undefined : { maxlength: 200 }, // hidden until another comparison wants it
  };
  return shape[kind] && { label: say(`segment.values.${kind}`), ...shape[kind] };
}

/** What was typed and is no date stays to be read, in a field for text. */
function dateInput(value: string, { say }: ContactWords): object {
  return value === '' || isOfKind('date', value) ? { type: 'date' } : { help: say('segment.dateHelp'), maxlength: 200 };
}

function fieldOptions(chosen: string, { say }: ContactWords): object[] {
  const option = (value: string): object => ({
    value,
    label: say(`segment.fields.${value === '' ? 'none' : value}`),
    selected: value === chosen,
  });
  const inGroup = (group: string, names: readonly string[]): object => ({
    group: say(`segment.groups.${group}`),
    options: names.map(option),
  });
  return [option(''), inGroup('fields', CONDITION_FIELDS), inGroup('history', HISTORY)];
}

/** Only what fits the field; one that does not, kept from before, stands first and says so. */
function operatorOptions(field: SegmentCondition['field'], chosen: string, { say }: ContactWords): object[] {
  const fitting = operatorsOf(field).map((value) => ({
    value,
    label: comparisonWord(field, value, say),
    selected: value === chosen,
  }));
  if (fitting.some(({ selected }) => selected)) {
    return fitting;
  }
  const word = comparisonWord(field, chosen, say);
  const label = word === undefined ? say('segment.choose') : say('segment.unfit', { operator: word });
  return [{ value: word === undefined ? '' : chosen, label, selected: true }, ...fitting];
}

function listOptions(chosen: string, { words, lists }: Pick<Around, 'words' | 'lists'>): object[] {
  const { say } = words;
  const options = lists.map(({ id, name }) => {
    const value = words.shown('CG', id);
    return { value, label: name, selected: value === chosen };
  });
  if (options.some(({ selected }) => selected)) {
    return options;
  }
  const label = say(chosen === '' ? 'segment.chooseList' : 'segment.goneList');
  return [{ value: chosen, label, selected: true }, ...options];
}
