import type { ListRow } from '../contact_lists.service.js';
import type { ContactWords } from '../contact_words.js';
import { CONDITION_FIELDS, OPERATORS } from './contact_conditions.service.js';
import type { WrittenCondition, WrittenSegment } from './segments.forms.js';

interface Around {
  words: ContactWords;
  lists: readonly ListRow[];
  faults: Record<string, string>;
}

const HISTORY = ['created', 'written', 'finished', 'optedOut'] as const;

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

/** One condition of the form, as `shared/_field` takes its parts. */
export function lineFields(line: WrittenCondition, place: number, around: Around): object {
  const { say } = around.words;
  const field = (name: string, value: string, more: object = {}): object => ({
    name: `${name}_${place}`,
    label: say(`segment.${name === 'name' ? 'embeddedName' : name}`),
    value,
    required: true, // an empty line is left out as a whole; none of its parts is optional
    error: around.faults[`${name}_${place}`],
    ...more,
  });
  return {
    legend: say('segment.line', { n: place + 1 }),
    field: field('field', line.field, { options: fieldOptions(line.field, around) }),
    name: field('name', line.name, { maxlength: 100 }),
    operator: field('operator', line.operator, { options: operatorOptions(line.operator, around.words) }),
    value: field('value', line.value, { maxlength: 200 }),
  };
}

function fieldOptions(chosen: string, { words, lists }: Around): object[] {
  const { say } = words;
  const option = (value: string, label: string): object => ({ value, label, selected: value === chosen });
  const onLists = lists.map(({ id, name }) =>
    option(`list:${words.shown('CG', id)}`, say('segment.onList', { list: name })),
  );
  const isGone = chosen.startsWith('list:') && !onLists.some((one) => 'selected' in one && one.selected === true);
  const gone = isGone ? [option(chosen, say('segment.goneList'))] : [];
  const inGroup = (group: string, names: readonly string[]): object => ({
    group: say(`segment.groups.${group}`),
    options: names.map((name) => option(name, say(`segment.fields.${name}`))),
  });
  return [
    option('', say('segment.fields.none')),
    inGroup('fields', CONDITION_FIELDS),
    inGroup('history', HISTORY),
    ...(onLists.length + gone.length === 0
      ? []
      : [{ group: say('segment.groups.lists'), options: [...gone, ...onLists] }]),
  ];
}

function operatorOptions(chosen: string, { say }: ContactWords): object[] {
  const inGroup = (group: string, names: readonly string[]): object => ({
    group: say(`segment.groups.${group}`),
    options: names.map((value) => ({ value, label: say(`segment.operators.${value}`), selected: value === chosen })),
  });
  return [inGroup('texts', OPERATORS), inGroup('days', ['within', 'not_within']), inGroup('flags', ['yes', 'no'])];
}
