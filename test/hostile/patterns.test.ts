import { matchesPattern, safePattern } from '../../src/engine/questions/pattern.js';

/** Generous: an engine that goes back in a text takes years for some of these. */
const BOUND_MS = 20_000;
const LONG = 'a'.repeat(20_000);

function matched(pattern: string, text: string): { isMatch: boolean | undefined; ms: number } {
  const before = performance.now();
  const safe = safePattern(pattern);
  const isMatch = safe && matchesPattern(safe, text);
  return { isMatch, ms: performance.now() - before };
}

describe('A pattern that an owner brings', () => {
  it.each([
    ['^(a|a)*$', `${LONG.slice(1)}!`, false],
    ['^(a+)+$', `${LONG.slice(1)}!`, false],
    ['^(a|aa)+$', `${LONG.slice(1)}!`, false],
    [`^${'(a?)'.repeat(27)}${'a'.repeat(27)}$`, 'a'.repeat(27), true],
    ['^(a?){27}a{27}$', 'a'.repeat(27), true],
    ['(.*)*x', LONG, false],
    ['^(a{1,20}){1,20}!$', LONG, false],
    ['^([a-z]*[0-9]*){50}(x|y|z)*(.*.*.*)*!$', 'ab1'.repeat(6000), false],
    ['^(a?){450}a{450}!', LONG, false],
    ['^.*.*.*.*.*.*!$', LONG, false],
  ])('is matched in time in step with the text: %s', (pattern, text, isMatch) => {
    const { ms, ...found } = matched(pattern, text);
    expect(found).toEqual({ isMatch });
    expect(ms).toBeLessThan(BOUND_MS);
  });

  it.each([
    '(?=a)b',
    '(?!a)b',
    '(?<=a)b',
    '(a)\\1',
    '(?<one>a)\\k<one>',
    '(a{1000}){1000}',
    '(((a{100}){100}){100})',
    'x'.repeat(501),
    '(',
    '[z-a]',
  ])('is not run where going back in the text, or more than a small program, is needed: %s', (pattern) => {
    expect(safePattern(pattern)).toBeUndefined();
  });

  it.each([
    ['^[A-Z]{2}\\d+$', 'AB12', true],
    ['/^ab$/i', 'AB', true],
    ['^a\\sb$', 'a\u00A0b', true],
    ['^[^\\s@]+@[^\\s@]+\\.\\w{2,}$', 'ada@acme.example', true],
    ['^[^\\s@]+$', 'a\u00A0b', false],
    ['^\\S+$', 'a\u2003b', false],
    ['^\\p{L}+$', 'Žofie', true],
    ['^\\p{Letter}+$', 'Žofie', true],
    ['^\\p{Script=Greek}+$', 'αβγ', true],
    ['^[\\]\\s-]+$', '] -', true],
    ['^\\u00e9$', 'é', true],
    ['^\\d{5}(?:-\\d{4})?$', '12345-6789', true],
    ['^(?<year>\\d{4})\\/\\d\\d$', '2026/11', true],
    ['^.$', '😀', true],
    ['\\bcat\\b', 'a cat!', true],
  ])('reads as browsers read it: %s on %j', (pattern, text, isMatch) => {
    expect(matched(pattern, text).isMatch).toBe(isMatch);
  });
});
