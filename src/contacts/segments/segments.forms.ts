import { z } from 'zod';
import { line } from '../../platform/web/form_atoms.js';
import { MOST_CONDITIONS } from './segment_conditions.js';

/** One line of the form; `field` is a word of `SEGMENT_FIELDS`, and of `list` the value is `CG_…`. */
export interface WrittenCondition {
  field: string;
  name: string;
  operator: string;
  value: string;
}

export interface WrittenSegment {
  name: string;
  match: 'all' | 'any';
  /** As many as the form had lines, the empty ones included. */
  lines: WrittenCondition[];
  /** `more`: room for one more; `choose`: a field was chosen, its comparisons are wanted; else it is to be kept. */
  go: string;
}

const MOST_LETTERS = 200;
export const NO_LINE: WrittenCondition = { field: '', name: '', operator: '', value: '' };

/** `field_3`, `name_3`, `operator_3` and `value_3` are one condition. */
export const writeSegment = z.record(z.string(), z.unknown()).transform((fields): WrittenSegment => {
  const text = (name: string, limit: number): string => line(limit).parse(fields[name]);
  const places = Array.from({ length: MOST_CONDITIONS }, (_, place) => place);
  const asked = places.filter((place) => fields[`field_${place}`] !== undefined);
  return {
    name: text('name', Number.POSITIVE_INFINITY),
    match: fields['match'] === 'any' ? 'any' : 'all',
    lines: asked.map((place) => ({
      field: text(`field_${place}`, 40),
      name: text(`name_${place}`, 100),
      operator: text(`operator_${place}`, 20),
      value: text(`value_${place}`, MOST_LETTERS),
    })),
    go: text('go', 10),
  };
});

/** Room for more conditions: three lines at first, one more than there are at least. */
export function withRoom(lines: readonly WrittenCondition[], more = 1): WrittenCondition[] {
  const wanted = Math.min(MOST_CONDITIONS, Math.max(3, lines.length + more));
  return [...lines, ...Array.from({ length: wanted - lines.length }, () => ({ ...NO_LINE }))];
}
