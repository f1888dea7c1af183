import type { Finding } from '../../../src/planning/finding.js';
import { linkFindings } from '../../../src/emails/checks/link_checks.js';
import { cleanMailHtml } from '../../../src/emails/content/mail_html.js';
import { MailPlaceholders } from '../../../src/emails/content/mail_placeholders.js';
import { escapeHtml } from '../../../src/engine/text.js';

const BASE = 'https://canvass.example';
const RIGHT = { surveyUrl: `${BASE}/s/1abc`, optOutUrl: `${BASE}/u/1def`, ownLinks: [`${BASE}/s/1own`] };
const FACTS = {
  ...RIGHT,
  contact: { FirstName: 'Grace' },
  embedded: { Link: `${BASE}/s/1own`, Other: 'https://elsewhere.example/s/1own' },
  sentAt: new Date('2026-12-01T09:00:00Z'),
  language: 'en',
};
const OUT = '<p>${l://OptOutLink?d=No more}</p>';
const IN = '<p>${l://SurveyLink?d=Take part}</p>';

/** What is said of a mail whose words are these, as its first reader would get it. */
function findings(html: string, text = '', asksForAnswer = true): Finding[] {
  const placeholders = new MailPlaceholders();
  const [pieces, words] = [placeholders.html(cleanMailHtml(html)), placeholders.text(text)];
  const values = placeholders.valuesOf(FACTS);
  const written = (escape: (value: string) => string, from: typeof pieces): string =>
    from.map((piece) => (typeof piece === 'string' ? piece : escape(values[piece.slot]!))).join('');
  const mail = { html: written(escapeHtml, pieces), text: written((value) => value, words) };
  return linkFindings(mail, RIGHT, asksForAnswer);
}
const said = (html: string, text = ''): string[] => findings(html, text).map(({ words }) => words!);

describe('the links of a mail as it leaves', () => {
  it.each([
    ['as a placeholder with words', IN],
    ['as the address of a link', '<a href="${l://SurveyURL}">Go</a>'],
    ['as the address of a link, with words in it', '<a href="${l://SurveyLink?d=Take part}">Go</a>'],
    ['around a picture', '<a href="${l://SurveyURL}"><img src="https://a.example/a.png" alt="Go"></a>'],
    ['with a query of the author’s', '<a href="${l://SurveyURL}?Q_Language=de&n=${m://FirstName}">Go</a>'],
    ['as an address to copy', '<p>Copy (${l://SurveyURL}).</p>'],
    ['as a personal link that the list brings', '<a href="${e://Field/Link}">Go</a>'],
    ['with its dollar sign as an entity', '<a href="&#36;{l://SurveyURL}">Go</a>'],
    ['with a blank from a line break', '<a href="${l://Survey\nURL}">Go</a>'],
    [
      'on a part of a picture',
      '<map name="m"><area href="${l://SurveyURL}" alt="Go" shape="rect" coords="0,0,9,9"></map>',
    ],
  ])('are fine %s', (_, html) => {
    expect(findings(html + OUT)).toEqual([]);
  });

  it.each([
    ['http://${l://SurveyURL}', `http://${BASE}/s/1abc`],
    ['https://${l://SurveyURL}', `https://${BASE}/s/1abc`],
    ['HTTP://${l://SurveyLink?d=Take part}', `HTTP://${BASE}/s/1abc`],
    ['https://acme.example/${l://SurveyURL}', `https://acme.example/${BASE}/s/1abc`],
    ['https://acme.example/?to=${l://SurveyURL}', `https://acme.example/?to=${BASE}/s/1abc`],
    ['mailto:${l://SurveyURL}', `mailto:${BASE}/s/1abc`],
    ['${l://SurveyURL}x', `${BASE}/s/1abcx`],
    ['${l://SurveyURL}&Q_Language=de', `${BASE}/s/1abc&Q_Language=de`],
    ['%24%7Bl://SurveyURL%7D', '%24%7Bl://SurveyURL%7D'],
    ['http://$%7Bl://SurveyURL%7D', 'http://$%7Bl://SurveyURL%7D'],
    ['https://$%7bl//surveyurl%7d', undefined],
    ['%2524%257Bl%253A%252F%252FSurveyLink%257D', '%2524%257Bl%253A%252F%252FSurveyLink%257D'],
    ['${l://surveyurl', '${l://surveyurl'],
    ['$ {l://SurveyURL}', '$ {l://SurveyURL}'],
  ])('name the survey link that leads nowhere: %s', (href, dead) => {
    const found = findings(`<a href="${href}">Go</a>${OUT}`);
    expect(found.map(({ code, level }) => `${level} ${code}`)).toEqual(['error CVS01']);
    expect(found[0]!.values?.['dead']).toBe(dead);
    if (dead !== undefined) expect(said(`${IN}<a href="${href}">Go</a>${OUT}`)).toEqual(['CVS01_dead']);
  });

  it.each([
    ['http://${l://OptOutURL}', `http://${BASE}/u/1def`],
    ['%24%7Bl://OptOutLink%7D', '%24%7Bl://OptOutLink%7D'],
  ])('name the opt-out link that leads nowhere: %s', (href, dead) => {
    expect(findings(`${IN}<a href="${href}">Stop</a>`)).toEqual([
      { code: 'CVS02', words: 'CVS02_dead', level: 'error', values: { dead } },
    ]);
  });

  it.each([
    ['broken by tags', '$<b>{l://</b>SurveyLink}'],
    ['with a blank behind its dollar sign', '$ {l://SurveyURL}'],
    ['in another product’s braces', '{{l://SurveyURL}}'],
    ['without its end', '<p>${l://SurveyURL</p>'],
    ['behind another address', 'http://${l://SurveyURL}'],
  ])('name a placeholder that would be read as it stands, %s', (_, html) => {
    expect(said(`${html}${OUT}`)).toEqual(['CVS01_dead']);
  });

  it.each([
    ['in a hidden block', `<div style="display: none">${IN}</div>`],
    ['without words', '<a href="${l://SurveyURL}">&nbsp;&#8203; </a>'],
    ['in itself hidden', '<a href="${l://SurveyURL}" style="visibility:hidden">Go</a>'],
    ['of no height', '<p style="max-height:0;overflow:hidden"><a href="${l://SurveyURL}">Go</a></p>'],
    ['only for Outlook', '<!--[if mso]><a href="${l://SurveyURL}">Go</a><![endif]-->'],
  ])('are missing when nobody can see them: %s', (_, html) => {
    expect(said(html + OUT)).toEqual([expect.stringMatching(/^CVS01(_unseen)?$/)]);
  });

  it.each([
    ['none', '<p>Hello</p>'],
    ['a comment', `<!-- ${IN} -->`],
    ['the link of one person', `<a href="${BASE}/s/1other">Go</a>`],
    ['a link of the list that leads elsewhere', '<a href="${e://Field/Other}">Go</a>'],
    ['a style', `<style>.a { background: url(\${l://SurveyURL}) }</style>`],
  ])('are missing where there is %s', (_, html) => {
    expect(said(html + OUT)).toEqual(['CVS01']);
  });

  it('are needed in a plain text of its own, too', () => {
    expect(said(IN + OUT, 'Hello')).toEqual(['CVS01_text', 'CVS02_text']);
    expect(said(IN + OUT, 'Go: ${l://SurveyURL}\nStop: <${l://OptOutURL}>.')).toEqual([]);
    expect(said(IN + OUT, 'http://${l://SurveyURL} ${l://OptOutURL}')).toEqual(['CVS01_dead']);
    expect(said(IN + OUT, '${ l://SurveyURL } ${l://SurveyURL} ${l://OptOutURL}')).toEqual(['CVS01_dead']);
  });

  it('may be missing in thanks, but not lead elsewhere', () => {
    expect(findings(OUT, '', false)).toEqual([]);
    expect(findings(`<a href="http://\${l://SurveyURL}">Go</a>${OUT}`, '', false)).toMatchObject([{ code: 'CVS01' }]);
  });
});
