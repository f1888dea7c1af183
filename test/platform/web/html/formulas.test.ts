import { unreadFormulas, withFormulas } from '../../../../src/platform/web/html/formulas.js';
import { SafeHtml } from '../../../../src/platform/web/html/safe_html.js';

it.each([
  ['Solve \\(x^2=4\\).', /^Solve <math><mrow><msup><mi>x<\/mi><mn>2<\/mn>.*<\/math>\.$/],
  ['\\[ \\frac{a}{b} \\]', /^<math display="block">.*<mfrac>/],
  ['$$\\sqrt{2}$$', /^<math display="block">.*<msqrt>/],
  ['\\(a &lt; b &amp; c\\)', /^\\\(a/],
  ['\\(a &lt; b\\)', /<mo>&lt;<\/mo>/],
  ['\\begin{align}a&amp;=b\\\\c&amp;=d\\end{align}', /^<math display="block">.*<mtable/],
  ['<b>\\(x\\)</b><br />\\(y\\)', /^<b><math>.*<\/math><\/b><br \/><math>/],
])('%s is drawn', (html, drawn) => {
  expect(withFormulas(html)).toMatch(drawn);
});

it.each([
  'It costs $$ or $$$, and $5 to $10',
  'A path like C:\\(x',
  'You get $${e://Field/a} or $${e://Field/b}',
  '\\(${e://Field/x}^2\\)',
  '<img alt="\\(x\\)" src="/a.png" />',
  '\\(\\foo{x}\\)',
  '\\(\\includegraphics{http://evil.example/a.png}\\)',
  '\\(\\href{javascript:alert(1)}{x}\\)',
])('%s stays as it is', (html) => {
  expect(withFormulas(html)).toBe(html);
});

it('styles, links and markup never come out of a formula', () => {
  const hostile =
    '\\(\\text{<script>x</script>} \\class{q}{x} \\color{red}{y}\\) \\(\\text{&lt;img src=x onerror=y&gt;}\\)';
  expect(SafeHtml.of(hostile).text).not.toMatch(/<(?:script|img|a)\b|style=|onerror=y>/);
});

it('what can be read by nobody is named', () => {
  expect(unreadFormulas('\\(x\\) and \\(\\foo\\)')).toEqual(['\\(\\foo\\)']);
});
