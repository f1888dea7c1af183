import { safeHtml } from '../../src/qsf/html.js';
import { Report } from '../../src/qsf/report.js';

function read(html: string): { html: string; lines: string[] } {
  const report = new Report();
  return { html: safeHtml(html, 'QID1', report), lines: report.entries.map(({ what }) => what) };
}

const DOT = 'data:image/gif;base64,R0lGODlhAQABAAAAACw=';

describe('pictures in a text of a file', () => {
  it.each([
    ['<img src="https://img.example/a.png">', '<img src="https://img.example/a.png" alt="" />'],
    ["<img alt='cat' src='https://img.example/a.png?x=1'>", '<img src="https://img.example/a.png?x=1" alt="cat" />'],
    ['<IMG SRC=http://img.example/a.png>', '<img src="http://img.example/a.png" alt="" />'],
    ['<img src="//img.example/Graphic.php?IM=IM_1">', '<img src="https://img.example/Graphic.php?IM=IM_1" alt="" />'],
    [
      '<img srcset="https://img.example/s.png 1x, https://img.example/l.png 2x">',
      '<img src="https://img.example/s.png" alt="" />',
    ],
    ['<img src="https://img.example/a cat.png">', '<img src="https://img.example/a%20cat.png" alt="" />'],
    [`<img src="${DOT}" alt="dot">`, `<img src="${DOT}" alt="dot" />`],
  ])('are kept without a remark where they can be fetched: %s', (written, kept) => {
    expect(read(written)).toEqual({ html: kept, lines: [] });
  });

  it.each([
    ['../ControlPanel/Graphic.php?IM=IM_1', 'has an address that leads nowhere from here ("../ControlPanel/'],
    ['Graphic.php?IM=IM_1', 'leads nowhere from here'],
    ['file:///c:/cat.png', 'leads nowhere from here'],
    ['https://${e://Field/host}/cat.png', 'is piped in'],
    ['https://img.example/${e://Field/cat}.png', 'is piped in'],
    ['data:image/svg+xml;base64,PHN2Zz4=', 'none that browsers show safely'],
  ])('leave their description and a line where they can not: %s', (src, line) => {
    const { html, lines } = read(`Look: <img src="${src}" alt="a cat"><img src="https://img.example/a.png">`);
    expect(html).toBe('Look: <span>a cat</span><img src="https://img.example/a.png" alt="" />');
    expect(read(`Look: <img src="${src}"><b>!</b>`).html).toBe('Look: <b>!</b>');
    expect(lines).toEqual([expect.stringContaining(line)]);
  });
});

it('pictures that leave nothing behind are told so', () => {
  expect(read('<img src="a.png">').lines).toEqual([expect.stringContaining('it has no description to stand there.')]);
  expect(read('<picture><source srcset="https://img.example/w.webp"></picture>').lines).toHaveLength(1);
  expect(read('<picture><source srcset="w.webp"><img src="https://img.example/a.png"></picture>').lines).toEqual([]);
});

it('links, players, backgrounds and styles that get lost have a line each', () => {
  const { html, lines } = read(
    '<a href="/more">more</a> <a href="#">top</a> <iframe src="https://player.example/v/1"></iframe>' +
      '<video poster="https://img.example/p.png"></video><table background="https://img.example/b.png"></table>' +
      '<p style="color:red">red</p><!-- <script>1</script> -->',
  );
  expect(html).not.toMatch(/example|style/);
  expect(lines).toEqual([
    'A picture behind the text was dropped.',
    'Styles of the text (colours, sizes, places) were dropped.',
    'An embedded player or frame (iframe) from "player.example" was dropped.',
    'An embedded player or frame (video) was dropped.',
    expect.stringContaining('A link lost its address "/more"'),
  ]);
});
