import { cleanMailHtml } from '../../../src/emails/content/mail_html.js';
import { type MailFacts, MailPlaceholders } from '../../../src/emails/content/mail_placeholders.js';
import { htmlEscaped } from '../../../src/mailer/mime/mail_body.js';

const FACTS: MailFacts = {
  contact: { FirstName: 'Zoë & "Co"', LastName: '', Email: 'zoe+1@navy.example', Language: 'fr' },
  embedded: { Site: 'https://x.example/a b?c=d%20e', Bad: 'javascript:alert(1)', Host: 'shop.example', Team: '' },
  surveyUrl: 'https://canvass.example/s/1a',
  optOutUrl: 'https://canvass.example/u/1b',
  sentAt: new Date('2026-12-01T02:30:00Z'),
  language: 'de',
  timeZone: 'America/New_York',
};

function inHtml(source: string, facts = FACTS): string {
  const placeholders = new MailPlaceholders();
  const pieces = placeholders.html(cleanMailHtml(source));
  const values = placeholders.valuesOf(facts);
  return pieces.map((piece) => (typeof piece === 'string' ? piece : htmlEscaped(values[piece.slot]!))).join('');
}

function inText(source: string, facts = FACTS): string {
  const placeholders = new MailPlaceholders();
  const pieces = placeholders.text(source);
  const values = placeholders.valuesOf(facts);
  return pieces.map((piece) => (typeof piece === 'string' ? piece : values[piece.slot]!)).join('');
}

describe('a link’s words', () => {
  it.each([
    ['Ready? Go & win #1', 'Ready? Go &amp; win #1'],
    ['Ready? Go &amp; win = more', 'Ready? Go &amp; win = more'],
    ['Say &quot;yes&quot; &lt;now&gt;', 'Say &quot;yes&quot; &lt;now&gt;'],
    ['Caf&eacute; d=1?d=2&d=3', 'Café d=1?d=2&amp;d=3'],
    ['Take%20the%20survey%3F', 'Take the survey?'],
    ['100% sure', '100% sure'],
    ['Take <b>the</b>\n survey', 'Take the survey'],
  ])('are kept as they are written: %s', (label, expected) => {
    expect(inHtml(`<p>\${l://SurveyLink?d=${label}}</p>`)).toBe(
      `<p><a href="https://canvass.example/s/1a">${expected}</a></p>`,
    );
  });

  it('end with the link: what follows without a blank is a text of its own', () => {
    expect(inHtml('<p>${l://SurveyLink?d=Go}${m://FirstName}${l://OptOutLink?d=No}</p>')).toBe(
      '<p><a href="https://canvass.example/s/1a">Go</a>Zoë &amp; &quot;Co&quot;<a href="https://canvass.example/u/1b">No</a></p>',
    );
  });

  it('stand before the address in plain text', () => {
    expect(inText('${l://OptOutLink?d=No more? R&D & co}')).toBe('No more? R&D & co: https://canvass.example/u/1b');
  });

  it('leave the address to the link where the placeholder is one', () => {
    expect(inHtml('<a href="${l://SurveyLink?d=Take the survey}">Go</a>')).toBe(
      '<a href="https://canvass.example/s/1a">Go</a>',
    );
  });

  it.each(['${l://Survey URL}', '${l://SurveyURL }', '${l://\nSurveyURL}', '${l://<b>SurveyURL</b>}'])(
    'need no care with blanks: %j',
    (written) => {
      expect(inHtml(written)).toBe('https://canvass.example/s/1a');
    },
  );
});

describe('a value', () => {
  it.each([
    ['a query', 'https://x.example/?n=${m://FirstName}', 'https://x.example/?n=Zo%C3%AB%20%26%20%22Co%22'],
    ['a path', 'https://x.example/${m://FirstName}/a', 'https://x.example/Zo%C3%AB%20%26%20%22Co%22/a'],
    ['a fragment', 'https://x.example/#${m://FirstName}', 'https://x.example/#Zo%C3%AB%20%26%20%22Co%22'],
    ['our own address', '${l://SurveyURL}?n=${m://FirstName}', `${FACTS.surveyUrl}?n=Zo%C3%AB%20%26%20%22Co%22`],
    ['a host', 'https://${e://Field/Host}/a', 'https://shop.example/a'],
    [
      'a mailbox',
      'mailto:${m://Email}?subject=${m://Email}',
      'mailto:zoe+1@navy.example?subject=zoe%2B1%40navy.example',
    ],
    ['a whole address', '${e://Field/Site}', 'https://x.example/a%20b?c=d%20e'],
    ['an address that would run', '${e://Field/Bad}', ''],
  ])('is encoded for %s', (_, href, expected) => {
    expect(inHtml(`<a href="${href}">x</a>`)).toBe(`<a href="${expected}">x</a>`);
  });

  it.each([
    ['https://x.example/?n=${m://FirstName}', 'https://x.example/?n=Zo%C3%AB%20%26%20%22Co%22'],
    ['${l://SurveyURL}?n=${m://FirstName}', `${FACTS.surveyUrl}?n=Zo%C3%AB%20%26%20%22Co%22`],
  ])('is encoded in an address of a plain text as well: %s', (address, expected) => {
    expect(inText(`${address} for \${m://FirstName}`)).toBe(`${expected} for Zoë & "Co"`);
  });

  it('is escaped in HTML, and plain in words', () => {
    expect(inHtml('<p title="${m://FirstName}">${m://FirstName}</p>')).toBe(
      '<p title="Zoë &amp; &quot;Co&quot;">Zoë &amp; &quot;Co&quot;</p>',
    );
    expect(inText('Dear ${m://FirstName}')).toBe('Dear Zoë & "Co"');
  });

  it('has words in its place where it is missing, and counts as missing where it has none', () => {
    const placeholders = new MailPlaceholders();
    placeholders.text('${m://LastName?d=friend} ${m://Phone} ${e://Field/Team} ${e://Field/Site?d=here}');
    expect([...placeholders.bare]).toEqual(['Phone', 'Field/Team']);
    expect([...placeholders.unknown]).toEqual([]);
    expect(inHtml('Dear ${m://LastName?d=friend &amp; colleague}, ${e://Field/Team?d=all%20teams}')).toBe(
      'Dear friend &amp; colleague, all teams',
    );
    expect(inText('${m://FirstName?d=friend}')).toBe('Zoë & "Co"');
  });
});

describe('a date', () => {
  it.each([
    ['CurrentDate/PT', '30. November 2026'],
    ['CurrentDate/DL', '30. November 2026'],
    ['CurrentDate', '30.11.26'],
    ['CurrentDate/short?tz=UTC', '01.12.26'],
    ['CurrentDate?tz=Europe/Berlin', '01.12.26'],
    ['CurrentDate/d.m.Y', '30.11.2026'],
    ['CurrentTime/H:i', '21:30'],
    ['CurrentTime/PT', '21:30'],
  ])('%s is written in the language of the mail, as the day is where it was written', (name, expected) => {
    expect(inText(`\${date://${name}}`)).toBe(expected);
  });

  it('is written in English where nobody knows the language', () => {
    expect(inText('${date://CurrentDate/DL}', { ...FACTS, language: 'not a language' })).toBe('November 30, 2026');
  });
});
