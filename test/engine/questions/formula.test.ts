import fc from 'fast-check';
import { computed, parseFormula } from '../../../src/engine/questions/formula.js';

const FIELDS: Record<string, string> = { a: '4', b: '2.5', 'Bonus Total': '7', 'q-1': '3', word: 'four', none: '' };

function result(text: string): number | string | undefined {
  const formula = parseFormula(text);
  return formula ? computed(formula, ({ path }) => FIELDS[path.replace('Field/', '')] ?? '') : 'unread';
}

it.each([
  ['e://Field/a + 10', 14],
  ['e://Field/a+10', 14],
  ['${e://Field/a} * ${e://Field/b}', 10],
  ['e://Field/Bonus Total - e://Field/a', 3],
  ['e://Field/q-1 * 2', 6],
  ['e://Field/a/e://Field/a-e://Field/a', -3],
  ['2 + 3 * 4 - 6 / 3', 12],
  ['(2 + 3) * (4 - 6) / 4', -2.5],
  ['10 - 4 - 3', 3],
  ['-2 ^ 2 + 2 ^ 3 ^ 2', 508],
  ['17 % 5 × 2 ÷ 4 − 1', 0],
  ['0.1 + 0.2', 0.3],
  ['round(10 / 3, 2) + round(2.5)', 6.33],
  ['-(e://Field/a)', -4],
])('%s is %d', (text, expected) => {
  expect(result(text)).toBe(expected);
});

it.each(['e://Field/a / 0', '0 / 0', 'e://Field/none + 1', 'e://Field/gone * 2', 'e://Field/word + 1', '9 ^ 9999'])(
  '%s has no result',
  (text) => {
    expect(result(text)).toBeUndefined();
  },
);

it.each(['', 'e://Field/a +', '(1', '1)', '1 2', 'if(a, 1, 2)', 'e://Field/a > 3', '"x" + 1', 'e://Field/a & 1'])(
  '%j is no operation',
  (text) => {
    expect(result(text)).toBe('unread');
  },
);

/** Any sum of products with brackets, beside its value by JavaScript's own rules. */
const expression = fc.letrec<{ any: string; number: string; pair: string; bracket: string }>((tie) => ({
  any: fc.oneof({ maxDepth: 4 }, tie('number'), tie('pair'), tie('bracket')),
  number: fc.integer({ min: 0, max: 50 }).map(String),
  pair: fc.tuple(tie('any'), fc.constantFrom('+', '-', '*', '/'), tie('any')).map((parts) => parts.join(' ')),
  bracket: tie('any').map((inner) => `(${inner})`),
})).any;

it('brackets and precedence are those of school', () => {
  fc.assert(
    fc.property(expression, (text) => {
      // oxlint-disable-next-line typescript/no-implied-eval -- the oracle: only digits, signs and brackets get here
      const expected = new Function(`return ${text}`)() as number;
      const own = result(text);
      if (Number.isFinite(expected)) expect(own).toBeCloseTo(expected, 6);
      else expect(own).toBeUndefined();
    }),
  );
});
