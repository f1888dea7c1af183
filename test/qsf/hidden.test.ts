import { safeHtml } from '../../src/qsf/html.js';
import { Report } from '../../src/qsf/report.js';

function read(html: string): { text: string; lines: string[] } {
  const report = new Report();
  return { text: safeHtml(html, 'QID1', report), lines: report.entries.map(({ what }) => what) };
}

it.each([
  'Hello<div style="display:none">secret <b>words</b></div>',
  "Hello<span style='color:red; DISPLAY : none !important'>secret words</span>",
  'Hello<p style="visibility:hidden">secret words</p>',
  'Hello<section hidden>secret words</section>',
  'Hello<font style="font-size:0">secret words</font>',
  'Hello<span style="opacity: 0">secret words</span>',
  'Hello<span style="position:absolute;left:-9999px">secret words</span>',
  'Hello<span style="height:0;overflow:hidden">secret words</span>',
  'Hello<span style="color:#ffffff">secret words</span>',
  'Hello<span style="color: transparent">secret words</span>',
  '<style>.gone { display: none }</style>Hello<div class="box gone">secret words</div>',
])('what nobody saw stays out, and is quoted: %s', (html) => {
  const { text, lines } = read(html);
  expect(text).toBe('Hello');
  expect(lines).toContain('A hidden text was left out: "secret words".');
});

it.each([
  '<span style="color:#fff;background:#000">white on black</span>',
  '<table bgcolor="#000"><tr><td style="color:white">white on black</td></tr></table>',
  '<p style="color:#fff">white on black</p>',
  '<span style="position:relative;left:-100px">close</span>',
  '<span style="font-size:0.8em;opacity:0.9">small</span>',
  '<p style="margin-left:-5px">close</p>',
  '<p style="height:0">flows over</p>',
])('what could be read stays: %s', (html) => {
  const { text, lines } = read(html);
  expect(text).toMatch(/white on black|small|close|flows over/);
  expect(lines.join()).not.toContain('hidden');
});

it('hiding is no loss of colours', () => {
  expect(read('A<i style="display:none">b</i>').lines).toHaveLength(1);
});

it.each([
  ['https://latex.codecogs.com/svg.latex?%5Cfrac%7B1%7D%7B2%7D', '\\frac{1}{2}'],
  ['https://latex.codecogs.com/gif.latex?\\dpi{120}&space;x^2', '\\(x^2\\)'],
  ['https://acme.example/cgi-bin/mathtex.cgi?x%5E2', '\\(x^2\\)'],
  ['https://chart.example/chart?cht=tx&chl=x%2B1', '\\(x+1\\)'],
])('a picture of a formula is that formula: %s', (src, tex) => {
  const { text, lines } = read(`See <img src="${src}" alt="">`);
  expect(text.replaceAll('&amp;', '&')).toContain(tex);
  expect(text).not.toContain('img');
  expect(lines).toEqual([]);
});

it('a formula that cannot be drawn is named', () => {
  expect(read('Solve \\(\\foo{x}\\)').lines).toEqual([expect.stringContaining('"\\(\\foo{x}\\)"')]);
});
