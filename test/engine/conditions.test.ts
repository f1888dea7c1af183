import fc from 'fast-check';
import { holds } from '../../src/engine/conditions.js';
import type { Facts, Known } from '../../src/engine/conditions.js';
import { plainOf } from '../../src/engine/questions/numbers.js';
import type { Condition, Operand, Operator } from '../../src/engine/condition.schema.js';
import type { Question } from '../../src/engine/questions/question.schema.js';

const asked = { text: '?', required: 'none' as const, exportTag: 'Q' };
const choices = ['1', '2', '3'].map((id) => ({ id, text: id, value: `${Number(id) * 10}` }));
const questions: Question[] = [
  { ...asked, id: 'QID1', type: 'choice', subtype: 'multiple', choices },
  { ...asked, id: 'QID2', type: 'matrix', subtype: 'single', choices, columns: choices },
  { ...asked, id: 'QID3', type: 'text', subtype: 'single', content: { kind: 'any' } },
  { ...asked, id: 'QID4', type: 'sum', choices, decimals: 0 },
];

function facts(known: Record<string, Known> = {}): Facts {
  return {
    questions: new Map(questions.map((question) => [question.id, question])),
    known: new Map(Object.entries(known)),
    embedded: new Map([
      ['wave', '2'],
      ['dept', 'Guest House'],
    ]),
    contact: new Map([['Email', 'ada@example.org']]),
  };
}

function test(operand: Operand, operator: Operator, value?: string): Condition {
  return { kind: 'test', operand, operator, ...(value === undefined ? {} : { value }) };
}

const answered = facts({
  QID1: { answer: { choices: ['1', '3'] }, shown: new Set(['1', '3']) },
  QID2: { answer: { rows: { '1': ['2'] } }, shown: new Set(['1', '2', '/2']) },
  QID3: { answer: { text: 'Straße 12' } },
  QID4: { answer: { numbers: { '1': 40 } } },
});

describe('a condition', () => {
  it.each<[Operand, Operator, string | undefined, boolean]>([
    [{ kind: 'choice', question: 'QID1', choice: '1' }, 'selected', undefined, true],
    [{ kind: 'choice', question: 'QID1', choice: '2' }, 'selected', undefined, false],
    [{ kind: 'choice', question: 'QID1', choice: '2' }, 'notSelected', undefined, true],
    [{ kind: 'choice', question: 'QID1', choice: '2' }, 'displayed', undefined, false],
    [{ kind: 'choice', question: 'QID1', choice: '3' }, 'displayed', undefined, true],
    [{ kind: 'cell', question: 'QID2', row: '1', column: '2' }, 'selected', undefined, true],
    [{ kind: 'cell', question: 'QID2', row: '2', column: '2' }, 'selected', undefined, false],
    [{ kind: 'column', question: 'QID2', column: '2' }, 'selected', undefined, true],
    [{ kind: 'column', question: 'QID2', column: '1' }, 'displayed', undefined, false],
    [{ kind: 'count', question: 'QID1' }, 'greater', '1', true],
    [{ kind: 'value', question: 'QID1' }, 'equal', '30', true],
    [{ kind: 'value', question: 'QID2', part: '1' }, 'equal', '20', true],
    [{ kind: 'value', question: 'QID4', part: '1' }, 'lessOrEqual', '40', true],
    [{ kind: 'text', question: 'QID3' }, 'contains', 'STRASSE', false],
    [{ kind: 'text', question: 'QID3' }, 'contains', 'straße', true],
    [{ kind: 'text', question: 'QID3' }, 'matches', '^\\D+\\d{2}$', true],
    [{ kind: 'text', question: 'QID3' }, 'empty', undefined, false],
    [{ kind: 'embedded', name: 'wave' }, 'equal', '2.0', true],
    [{ kind: 'embedded', name: 'dept' }, 'equal', 'guest house', true],
    [{ kind: 'embedded', name: 'dept' }, 'greater', '5', false],
    [{ kind: 'embedded', name: 'nothing' }, 'empty', undefined, true],
    [{ kind: 'embedded', name: 'nothing' }, 'notEqual', 'x', true],
    [{ kind: 'contact', name: 'Email' }, 'notEmpty', undefined, true],
  ])('reads %j %s %s as %s', (operand, operator, value, expected) => {
    expect(holds(test(operand, operator, value), answered)).toBe(expected);
  });

  it.each<[string, Operator, string, boolean]>([
    ['007', 'equal', '7', false],
    ['007', 'equal', '007', true],
    ['007', 'notEqual', '7', true],
    ['007', 'greater', '6', false],
    ['1e3', 'equal', '1000', false],
    ['0x10', 'equal', '16', false],
    ['Infinity', 'greater', '9', false],
    ['-Infinity', 'less', '9', false],
    ['+7', 'equal', '7', false],
    ['٣', 'equal', '3', false],
    ['', 'equal', '0', false],
    ['', 'lessOrEqual', '0', false],
    ['12,5', 'greater', '12', false],
    ['7.0', 'equal', '7', true],
    ['-0', 'equal', '0', true],
    [' 7 ', 'equal', '7.00', true],
    ['.5', 'equal', '0.50', true],
    ['9', 'less', '10', true],
    ['-9', 'less', '-8.5', true],
    ['1.25', 'greater', '1.3', false],
    ['9007199254740993', 'greater', '9007199254740992', true],
    ['9007199254740993', 'equal', '9007199254740992', false],
  ])('takes “%s” %s “%s” as %s: equal text, or numbers in plain notation', (value, operator, other, expected) => {
    const known = facts({ QID3: { answer: { text: value } } });
    expect(holds(test({ kind: 'text', question: 'QID3' }, operator, other), known)).toBe(expected);
    const declared = { ...known, embedded: new Map([['code', value]]) };
    expect(holds(test({ kind: 'embedded', name: 'code' }, operator, other), declared)).toBe(expected);
  });

  it('orders any two plain numbers as they are, and their texts only then', () => {
    const number = fc.double({ min: -1e6, max: 1e6, noNaN: true }).map((one) => Math.round(one * 1000) / 1000);
    fc.assert(
      fc.property(number, number, (left, right) => {
        const known = facts({ QID4: { answer: { numbers: { '1': left } } } });
        const on = (operator: Operator): boolean =>
          holds(test({ kind: 'value', question: 'QID4', part: '1' }, operator, plainOf(right)), known);
        return (
          on('greater') === left > right && on('equal') === (left === right) && on('lessOrEqual') === left <= right
        );
      }),
    );
  });

  it('takes a question that was not shown as not selected, not displayed and empty', () => {
    const none = facts();
    expect(holds(test({ kind: 'choice', question: 'QID1', choice: '1' }, 'notSelected'), none)).toBe(true);
    expect(holds(test({ kind: 'question', question: 'QID1' }, 'displayed'), none)).toBe(false);
    expect(holds(test({ kind: 'text', question: 'QID3' }, 'empty'), none)).toBe(true);
    expect(holds(test({ kind: 'count', question: 'QID1' }, 'equal', '0'), none)).toBe(true);
  });

  it.each<Operator>(['equal', 'notEqual', 'notSelected', 'notDisplayed', 'empty', 'notContains'])(
    'is false for anything unknown, even with %s',
    (operator) => {
      expect(holds(test({ kind: 'unknown', about: 'GeoIP' }, operator, 'x'), answered)).toBe(false);
      expect(holds(test({ kind: 'question', question: 'QID99' }, operator, 'x'), answered)).toBe(false);
    },
  );

  it('joins tests by all and any', () => {
    const yes = test({ kind: 'embedded', name: 'wave' }, 'equal', '2');
    const no = test({ kind: 'embedded', name: 'wave' }, 'equal', '3');
    expect(holds({ kind: 'all', of: [yes, yes] }, answered)).toBe(true);
    expect(holds({ kind: 'all', of: [yes, no] }, answered)).toBe(false);
    expect(holds({ kind: 'any', of: [no, yes] }, answered)).toBe(true);
    expect(holds({ kind: 'any', of: [] }, answered)).toBe(false);
    expect(holds({ kind: 'all', of: [] }, answered)).toBe(true);
  });

  it('is false on a text that would send a pattern going back for ever', () => {
    const hostile = facts({ QID3: { answer: { text: `${'a'.repeat(90)}!` } } });
    for (const pattern of ['(a+)+$', '^(a|a)*$', '(a{1,20}){1,20}$', '(.*)*x', '(a)\\1+', '(?=a+)+b']) {
      expect(holds(test({ kind: 'text', question: 'QID3' }, 'matches', pattern), hostile)).toBe(false);
    }
  });
});
