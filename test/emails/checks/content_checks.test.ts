import { contentFindings, hasLineEnd, headerFindings } from '../../../src/emails/checks/content_checks.js';
import type { Finding } from '../../../src/planning/finding.js';
import { meantBy } from '../../../src/emails/checks/misspelt.js';
import type { MailWords } from '../../../src/emails/content/mail_content.entity.js';

const POSTAL = 'Acme Inc.\n1 Main Street\n12345 Springfield';
const LINKS = '<p>${l://SurveyLink?d=Take the survey}</p><p>${l://OptOutLink?d=No more}</p>';
const GOOD = `<p>Dear \${m://FirstName}, we would like to know.</p>${LINKS}<p>Acme Inc., 1 Main Street<br>12345 Springfield</p>`;

function findings(changes: Partial<MailWords>): Finding[] {
  const words = { subject: 'How was your first week?', preheader: '', bodyHtml: GOOD, bodyText: '', ...changes };
  return contentFindings(words, { postalAddress: POSTAL });
}
const codes = (changes: Partial<MailWords>): string[] => findings(changes).map(({ code, level }) => `${level} ${code}`);

describe('the words of a mail', () => {
  it('are told of a brand without a postal address, since theirs is printed under every mail', () => {
    const codesWith = (postalAddress: string) =>
      contentFindings({ subject: 'Hi', preheader: '', bodyHtml: LINKS, bodyText: '' }, { postalAddress }).map(
        ({ code }) => code,
      );
    expect(codesWith(POSTAL)).not.toContain('no_postal_address');
    expect(codesWith(' ')).toContain('no_postal_address');
  });

  it('are fine as an author would write them', () => {
    expect(findings({})).toEqual([]);
  });

  it('name no more unknown placeholders than somebody reads', () => {
    const many = Array.from({ length: 30_000 }, (_, place) => `\${x://${place}}`).join('');
    const found = findings({ bodyHtml: GOOD + many }).find(({ code }) => code === 'CVS07');
    expect(String(found?.values?.['unknown']).split(', ')).toHaveLength(20);
  });

  it('name an operation that cannot be computed by its beginning', () => {
    const operation = `$e{${`{${'a'.repeat(290)}}`.repeat(400)}}`;
    const found = findings({ bodyHtml: GOOD + operation }).find(({ code }) => code === 'CVS07');
    const told = String(found?.values?.['unknown']);
    expect([told.startsWith('$e{{aaa'), told.length]).toEqual([true, 201]);
    expect(meantBy(operation)).toBeUndefined();
  });

  it.each<[string, Partial<MailWords>, string]>([
    ['no subject', { subject: '  ' }, 'error CVS08'],
    ['a subject of 10,000 characters', { subject: 'x'.repeat(10_000) }, 'error CVS22'],
    ['a subject that is cut off', { subject: 'How was it? '.repeat(9) }, 'warning long_subject'],
    ['an unknown placeholder', { bodyHtml: `${GOOD}\${m://Firstname}` }, 'error CVS07'],
    ['an unknown placeholder in the subject', { subject: 'Hi ${x://y}' }, 'error CVS07'],
    ['an unknown placeholder in the preheader', { preheader: '${l://Nowhere}' }, 'error CVS07'],
    ['placeholders of other products', { subject: 'Hi {{first_name}}' }, 'warning stray_placeholder'],
    ['a placeholder without its colon', { bodyHtml: `${GOOD}\${FirstName}` }, 'warning stray_placeholder'],
    ['a message of 2 MB', { bodyHtml: GOOD + 'x'.repeat(2_000_000) }, 'error CVS23'],
    ['a subject in capitals', { subject: 'READ THIS NOW' }, 'warning spam_hints'],
    ['a subject that shouts', { subject: 'Free money!!' }, 'warning spam_hints'],
    ['a picture without a description', { bodyHtml: `${GOOD}<img src="https://a.example/a.png">` }, 'warning no_alt'],
    [
      'hardly more than a picture',
      { bodyHtml: `${LINKS}<img src="https://a.example/a.png" alt="Us">` },
      'warning few_words',
    ],
    [
      'a link that deceives',
      { bodyHtml: `${GOOD}<a href="https://evil.example/x">www.bank.example</a>` },
      'warning link_mismatch',
    ],
    ['a script', { bodyHtml: `${GOOD}<script>alert(1)</script>` }, 'warning removed_html'],
  ])('tell of %s', (_, changes, expected) => {
    expect(codes(changes)).toContain(expected);
  });

  it.each([
    ['words as a link’s text', '<a href="https://a.example/x">Read more</a>'],
    ['the very address', '<a href="https://www.acme.example/jobs">acme.example</a>'],
    ['the survey address', '<a href="${l://SurveyURL}">${l://SurveyURL}</a>'],
  ])('let %s pass', (_, html) => {
    expect(codes({ bodyHtml: GOOD + html })).toEqual([]);
  });

  it('are looked at as they are sent: what mail programs cut off is warned of', () => {
    const words = { subject: 'How was it?', preheader: '', bodyHtml: GOOD, bodyText: '' };
    const found = (sentBytes: number): Finding[] => contentFindings(words, { postalAddress: POSTAL, sentBytes });
    expect(found(99_999)).toEqual([]);
    expect(found(102_400)).toEqual([{ code: 'large_body', level: 'warning', values: { size: 103 } }]);
  });
});

describe('placeholders of other systems', () => {
  it.each([
    ['*|FNAME|*', '${m://FirstName}'],
    ['*|MC:SUBJECT|*', undefined],
    ['[FIRSTNAME]', '${m://FirstName}'],
    ['[First Name]', '${m://FirstName}'],
    ['{TOKEN:FIRSTNAME}', '${m://FirstName}'],
    ['{{first_name}}', '${m://FirstName}'],
    ["{{ contact.first_name | default: 'you' }}", '${m://FirstName}'],
    ['%%FirstName%%', '${m://FirstName}'],
    ['%FIRSTNAME%', '${m://FirstName}'],
    ['&lt;&lt;Last Name&gt;&gt;', '${m://LastName}'],
    ['«Name»', '${m://FirstName} ${m://LastName}'],
    ['#FNAME#', '${m://FirstName}'],
    ['{email}', '${m://Email}'],
    ['[SurveyLink]', '${l://SurveyLink}'],
    ['{SURVEYURL}', '${l://SurveyURL}'],
    ['[unsubscribe]', '${l://OptOutLink}'],
    ['*|<b>FN</b>AME|*', '${m://FirstName}'],
    ['{{first<span>_name</span>}}', '${m://FirstName}'],
    ['<a href="https://a.example/?n=*|EMAIL|*">x</a>', '${m://Email}'],
  ])('are named with ours: %s', (written, meant) => {
    const found = findings({ bodyHtml: `${GOOD}<p>${written}</p>` });
    expect(found).toMatchObject([{ code: 'stray_placeholder', level: 'warning' }]);
    if (meant !== undefined) expect(found[0]?.values?.['stray']).toContain(`(${meant}?)`);
  });

  it.each([
    '[1] and [see below] and [EXTERNAL] [sic]',
    '100% of 50% and 20%-30%',
    'a #hashtag and #2 # of things',
    'f(x) = {x} {a, b} and {1}',
    'x << 3 and y >> 2, 5 < 6 > 4',
    '<style>.a { color: red } @media print { .b { color: blue } }</style>',
    '<a href="https://a.example/?q=%C3%A4%20b&c=%5Bd%5D#E#F">x</a>',
    '*bold* and |pipe| and $5 ${m://FirstName}',
  ])('are not seen where there are none: %s', (written) => {
    expect(findings({ bodyHtml: `${GOOD}<p>${written}</p>` })).toEqual([]);
  });
});

describe('header fields', () => {
  it.each(['a\r\nBcc: b@example.com', 'a\nb', 'a\rb', 'a\0b', 'a\u2028b', 'a\u0085b'])(
    'have one line: %j',
    (subject) => {
      expect(hasLineEnd(subject)).toBe(true);
      expect(headerFindings({ subject, replyTo: 'a@b.example' })).toEqual([
        { code: 'CVS21', level: 'error', values: { fields: 'subject' } },
      ]);
    },
  );

  it('may hold any letters', () => {
    expect(headerFindings({ subject: 'Ünïcødé 🙂 “quoted”', fromName: 'O’Neil, Ada (HR)' })).toEqual([]);
  });
});

describe('a misspelt placeholder', () => {
  it.each([
    ['${m://Firstname}', '${m://FirstName}'],
    ['${m://LASTNAME}', '${m://LastName}'],
    ['${l://SurveyLnk}', '${l://SurveyLink}'],
    ['${l://OptoutLink}', '${l://OptOutLink}'],
    ['{{email}}', '${m://Email}'],
    ['${FirstName}', '${m://FirstName}'],
  ])('%s may mean %s', (written, meant) => {
    expect(meantBy(written)).toBe(meant);
  });

  it('means nothing when it is far from all', () => {
    expect(meantBy('${x://SomethingElse}')).toBeUndefined();
  });
});
