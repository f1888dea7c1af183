const LINKS = '<p>${l://SurveyLink?d=Go}</p><p>${l://OptOutLink?d=No more}</p>';
const styled = (css: string, html: string): string => `<style>${css}</style>${html}${LINKS}`;
const numbered = (count: number, make: (place: number) => string): string =>
  Array.from({ length: count }, (_, place) => make(place)).join('');

/** Beyond the bounds: refused with these words. */
export const REFUSED_MAILS: [string, string, string][] = [
  ['tags inside each other', '<div>'.repeat(2000), '256 deep inside each other'],
  ['tables that are never closed', '<table>'.repeat(15_000), 'HTML elements; a mail may have 5,000'],
  ['tags that end nowhere', '<img '.repeat(75_000), 'signs “&lt;”; a mail may have 20,000'],
  ['signs that begin nothing', '<'.repeat(390_000), 'signs “&lt;”'],
  [
    '20,000 rules',
    styled(
      numbered(20_000, (n) => `.c${n}{a:b}`),
      '<p>x</p>',
    ),
    'a mail may have',
  ],
  ['rules times elements', styled('p{a:b}'.repeat(1500), '<p>x</p>'.repeat(4900)), 'stylings (elements times rules)'],
  ['a selector without end', styled(`${'a '.repeat(40_000)}{a:b}`, '<a>x</a>'), 'characters in one selector'],
  ['rules inside rules', styled('a,b,c,d{&,& &{'.repeat(4), '<p>x</p>'), 'selectors in its style sheets'],
  ['blocks that end nowhere', styled('p{'.repeat(1000), '<p>x</p>'), 'blocks inside each other'],
  ['dates', numbered(990, (n) => '${date://CurrentDate/' + 'Y'.repeat(50) + `?x=${n}}`), 'dates; a mail may have 50'],
  ['placeholders', '${m://FirstName}'.repeat(20_000), 'placeholders; a mail may have 1,000'],
  ['placeholders in operations', '$e{{'.repeat(90_000), 'placeholders; a mail may have 1,000'],
];

/** Within the bounds, and still long to put together: made away from everybody, or refused when it takes too long. */
export const HEAVY_MAILS: [string, string][] = [
  ['every element styled by place', styled('p:nth-of-type(2n+1){a:b}'.repeat(190), '<p>x</p>'.repeat(4900))],
  ['elements that look for others', styled('p:has(p) p:has(~p){a:b}'.repeat(190), '<p>x</p>'.repeat(4900))],
  [
    'variables of variables',
    styled(`:root{${numbered(400, (n) => `--a${n}:var(--a${n + 1}) var(--a${n + 1});`)}}p{b:var(--a0)}`, '<p>x</p>'),
  ],
  ['one attribute of 390,000 characters', `<p title="${'a'.repeat(390_000)}">x</p>${LINKS}`],
  ['entities', `${'&amp;'.repeat(75_000)}${LINKS}`],
  ['marks of other programs', `${'{{'.repeat(190_000)}${LINKS}`],
  ['one style of many parts', `<p style="${'a:b;'.repeat(90_000)}">x</p>${LINKS}`],
  ['a comment without end', `<p>x</p>${LINKS}<style>${'/*'.repeat(45_000)}</style>`],
  ['a picture in letters', `<img src="data:image/png;base64,${'A'.repeat(390_000)}">${LINKS}`],
  ['what looks like the places of values', `qslot${'q'.repeat(390_000)}${LINKS}`],
];

/** A mail as its form sends it. */
export const writtenMail = (body: string): Record<string, string> => ({
  fromName: 'Acme',
  fromEmail: 'ada@acme.example',
  subject: 'Hello',
  design: 'brand',
  linkType: 'Individual',
  linkDays: '60',
  when: 'now',
  body,
});
