import { inLowerCase, styleSheetsOf, weightOfCss } from '../../../../src/platform/web/html/css_weight.js';
import { weightOfMail } from '../../../../src/platform/web/html/mail_bounds.js';

describe('Style sheets of a mail', () => {
  it('are found whatever is written between them, also where they end nowhere', () => {
    expect(styleSheetsOf('<STYLE type=x>a{}</Style >b<style>c')).toEqual(['a{}', 'c']);
    expect(styleSheetsOf('<style')).toEqual(['']);
    expect(styleSheetsOf('İİ<style>p{}</style>')).toEqual(['p{}']);
    expect(inLowerCase('İSTYLE')).toBe('İstyle');
  });

  it.each<[string, string, { selectors: number; declarations: number }]>([
    ['one rule', 'p { color: red }', { selectors: 1, declarations: 1 }],
    ['a list of selectors', 'a, b { color: red; margin: 0; }', { selectors: 2, declarations: 4 }],
    ['rules for screens', '@media (max-width: 9px) { a, b { c: d } }', { selectors: 3, declarations: 2 }],
    [
      'marks in comments and quotes',
      "/* } a { */ p { content: \"};{\"; a: '\\'}' }",
      { selectors: 1, declarations: 2 },
    ],
    ['a comment without an end', 'p { a: b } /* q { c: d }', { selectors: 1, declarations: 1 }],
    ['rules inside rules', 'a, b { &, & c { x: y } }', { selectors: 6, declarations: 4 }],
    ['rules that name the one around them often', 'a, b { & & & { x: y } }', { selectors: 10, declarations: 8 }],
  ])('count as what they cost: %s', (_, css, expected) => {
    expect(weightOfCss([css])).toMatchObject(expected);
  });

  it('that multiply inside each other are refused with the bound', () => {
    const bomb = '<style>' + 'a,b,c,d{&,& &{'.repeat(4) + 'x:y' + '}'.repeat(8) + '</style><p>x</p>';
    expect(weightOfMail(bomb).fault).toContain('selectors in its style sheets; a mail may have 2,000.');
  });
});
