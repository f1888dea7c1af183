import fc from 'fast-check';
import { checkMapping, embeddedTitle, propose } from '../../../src/contacts/imports/column_mapping.js';
import { isReject, RowReading } from '../../../src/contacts/imports/row_reading.js';
import type { Ids } from '../../../src/platform/ids.js';
import { plainHeading } from '../../../src/platform/foreign/invisible.js';
import { asWritten, neutral } from '../../../src/platform/csv_cells.js';

const never = () => false;
const targets = (...columns: string[]) =>
  propose(columns, never).targets.map(({ to, name }) => (to === 'embedded' ? `embedded ${name}` : to));

describe('matching columns', () => {
  it.each([
    ['メールアドレス', '名', '姓', '電話番号'],
    ['이메일', '이름', '성', '휴대폰'],
    ['电子邮件', '名字', '姓', '手机'],
    ['Почта', 'Имя', 'Фамилия', 'Телефон'],
    ['E-mail', 'Jméno', 'Příjmení', 'Telefon'],
    ['E-posta', 'Adı', 'Soyadı', 'Telefon'],
    ['ＥＭＡＩＬ', 'IMIĘ', 'NAZWISKO', 'TELEFON'],
  ])('knows the fields as %s, %s, %s, %s', (...titles) => {
    expect(targets(...titles)).toEqual(['email', 'firstName', 'lastName', 'phone']);
  });

  it('knows fields in any case, spelling and several languages; others are embedded data', () => {
    expect(
      targets('E-MAIL', 'first name', 'Last_Name', 'RecipientEmail2', 'Téléphone', 'ExternalDataReference', 'Sprache'),
    ).toEqual(['email', 'firstName', 'lastName', 'embedded RecipientEmail2', 'phone', 'extRef', 'language']);
  });

  it('knows every column of the files that the product hands out', () => {
    const links = 'ContactID FirstName LastName Email Phone ExternalDataReference Language Link Status'.split(' ');
    expect(propose(links, () => true).targets.map(({ to }) => to)).toEqual([
      'contactId',
      'firstName',
      'lastName',
      'email',
      'phone',
      'extRef',
      'language',
      'embedded',
      'embedded',
    ]);
  });

  it('takes a column of other systems’ contact ids for what it is', () => {
    expect(propose(['ContactID', 'Email'], never).targets[0]).toEqual({ to: 'embedded', name: 'ContactID' });
  });

  it('leaves a second column of the same name out and says so, with the line', () => {
    const { targets: found, warnings } = propose(['Email', 'City', 'City', 'e-mail'], never);
    expect(found.map(({ to }) => to)).toEqual(['email', 'embedded', 'ignore', 'ignore']);
    expect(warnings).toEqual([
      expect.stringContaining('Line 1: columns 2 and 3 both mean “City”.') as string,
      expect.stringContaining('Line 1: columns 1 and 4 both mean “e-mail”.') as string,
    ]);
  });

  it.each(['__proto__', 'constructor', 'prototype'])('leaves a column called %s out', (name) => {
    const { targets: found, warnings } = propose(['Email', name], never);
    expect(found[1]?.to).toBe('ignore');
    expect(warnings[0]).toBe(`Line 1: column 2 may not be called ${name}. It is left out.`);
    expect(() =>
      checkMapping(
        [
          { to: 'email', name: '' },
          { to: 'embedded', name },
        ],
        ['Email', name],
      ),
    ).toThrow('may not be called');
  });

  it('brings every name of embedded data back from an export as what it was', () => {
    fc.assert(
      fc.property(
        fc.oneof(
          fc.string({ minLength: 1, maxLength: 30 }),
          fc.constantFrom('Email', 'list:x', 'embedded:y', 'first name'),
        ),
        fc.boolean(),
        (raw, isOfList) => {
          const name = raw.trim();
          fc.pre(name !== '' && !/[\p{Cc}]/u.test(name) && !['__proto__', 'constructor', 'prototype'].includes(name));
          const { targets: found } = propose([embeddedTitle(name, isOfList)], () => true);
          expect(found).toEqual([{ to: isOfList ? 'listEmbedded' : 'embedded', name }]);
        },
      ),
    );
  });
});

describe('cells', () => {
  it('come back as they were written, whatever a spreadsheet would take for a formula', () => {
    fc.assert(
      fc.property(fc.string({ unit: fc.constantFrom(...`'"=+-@\t\r\n;|＝a1.,% `.split('')) }), (text) =>
        expect(asWritten(neutral(text))).toBe(text),
      ),
    );
  });

  it.each([
    ['=1+1', `'=1+1`],
    ['@x', `'@x`],
    ['-', `'-`],
    ['+49171', '+49171'],
    ['-5.5', '-5.5'],
    ['+1,5 %', `'+1,5 %`],
    ['a;=1+1', `a;'=1+1`],
    ['a;"=1+1;', `a;'"=1+1;`],
    [`a\n'"'@x`, `a\n''"'@x`],
    ['a;-5;+49171;@x', `a;-5;+49171;'@x`],
    ['Lines\n- of a list\r\n=cmd()', `Lines\n- of a list\r\n'=cmd()`],
    ['- A(1)\t-A(1)', `'- A(1)\t'-A(1)`],
    ['a=b', 'a=b'],
  ])('%s is handed out as %s', (text, shown) => {
    expect(neutral(text)).toBe(shown);
  });
});

describe('a row', () => {
  const columns = ['Email', 'ContactID', 'Unsubscribed', 'Note', 'TimeZone', 'Language'];
  const to = ['email', 'contactId', 'unsubscribed', 'embedded', 'timeZone', 'language'] as const;
  const ids = { tryRead: (_: string, text: string) => (text === 'CID_known' ? '7' : undefined) } as unknown as Ids;
  const reading = new RowReading({
    columns,
    targets: to.map((target, n) => ({ to: target, name: columns[n]! })),
    country: undefined,
    ids,
  });
  const read = (...cells: string[]) => reading.read({ line: 5, cells });

  it('is stored trimmed, without blanks and without the quote before formulas', () => {
    expect(read(' Ada@BÜCHER.example ', 'CID_known', 'Yes', `'=1`, 'Europe/Berlin', 'DE')).toMatchObject({
      email: 'Ada@xn--bcher-kva.example',
      contactId: '7',
      unsubscribed: true,
      embedded: [['Note', '=1']],
      timeZone: 'Europe/Berlin',
    });
    expect(read('a@example.com', '', '', ' ', '', '')).toMatchObject({
      contactId: null,
      unsubscribed: false,
      embedded: [],
    });
  });

  it.each([
    [['a@example.com', '123', '', '', '', ''], 'ContactID', 'is not the id of a contact'],
    [['a@example.com', '', 'perhaps', '', '', ''], 'Unsubscribed', 'is neither yes nor no'],
    [['a@example.com', '', '', 'x'.repeat(10_001), '', ''], 'Note', 'is longer than 10,000 characters'],
    [
      ['a@example.com', '', '', '', 'Berlin', ''],
      'TimeZone',
      'is not a time zone; write Europe/Berlin or UTC+2, for example',
    ],
    [['a@example.com', '', '', '', '', 'Deutsch'], 'Language', 'is not a language code; write EN or de, for example'],
    [['jürgen@example.com', '', '', '', '', ''], 'Email', 'has a letter before the @ that mail servers do not take'],
    [['', '', '', 'note', '', ''], '', 'has no e-mail address, phone number or external reference'],
    [['a@example.com', '', '', '', '', '', '', 'surplus'], '', 'has 8 columns instead of 6'],
    [
      ['ada@exam\u{200b}ple.com'],
      'Email',
      'holds a zero-width space (U+200B), which nobody sees; type the address anew',
    ],
    [['a\u{ad}da@example.com'], 'Email', 'holds a soft hyphen (U+00AD), which nobody sees; type the address anew'],
    [['a@example.com; b@example.com'], 'Email', 'holds several addresses; keep one in each row'],
    [['mailto:a@example.com,b@example.com'], 'Email', 'holds several addresses; keep one in each row'],
  ])('%j is refused for %s', (cells, column, reason) => {
    const refused = read(...cells);
    expect(refused !== undefined && isReject(refused) ? refused : undefined).toMatchObject({
      line: 5,
      column,
      reason,
      cells,
    });
  });

  it.each([
    ['Ada Lovelace <ada@example.com>', 'Ada', 'Lovelace'],
    ['"Lovelace, Ada" <ada@example.com>', 'Ada', 'Lovelace'],
    ["'Ada' <mailto:ada@example.com?subject=Hello>;", 'Ada', ''],
    ['Augusta Ada King [mailto:ada@example.com]', 'Augusta Ada', 'King'],
    ['[Ada](mailto:ada@example.com)', 'Ada', ''],
    ['ada@example.com (Ada Lovelace)', 'Ada', 'Lovelace'],
    ['"ada@example.com" <ada@example.com>', '', ''],
    ['mailto:ada%40example.com?subject=Hello%20there', '', ''],
    ['\u{feff}\u{202a}ada@example.com\u{202c}\u{a0}', '', ''],
    ['<ada@example.com>', '', ''],
  ])('finds the address in %j, and a name for who has none', (cell, firstName, lastName) => {
    const titles = ['Email', 'FirstName', 'LastName'];
    const rows = new RowReading({ columns: titles, targets: propose(titles, never).targets, country: undefined, ids });
    expect(rows.read({ line: 2, cells: [cell] })).toMatchObject({ email: 'ada@example.com', firstName, lastName });
    expect(rows.read({ line: 3, cells: [cell, 'Mary', ''] })).toMatchObject({ firstName: 'Mary', lastName: '' });
  });

  it('loses what nobody sees at the ends of values, and inside phone numbers', () => {
    const titles = ['Ext\u{200b}Ref', 'First Name', 'Phone', 'Note'].map(plainHeading);
    const rows = new RowReading({ columns: titles, targets: propose(titles, never).targets, country: undefined, ids });
    const cells = [
      '\u{200b}E-1\u{2060}',
      '\u{200f}عل\u{200c}ی',
      '\u{202a}+49\u{a0}171\u{ad}1234567\u{202c}',
      'a \u{2068}x\u{2069}',
    ];
    expect(rows.read({ line: 2, cells })).toMatchObject({
      extRef: 'E-1',
      firstName: 'عل\u{200c}ی',
      phone: '+491711234567',
      embedded: [['Note', 'a \u{2068}x\u{2069}']],
    });
    expect(rows.read({ line: 3, cells: ['E\u{200b}1'] })).toMatchObject({
      reason: 'holds a zero-width space (U+200B), which nobody sees; type it anew',
    });
  });

  it('of blank cells only is nobody', () => {
    expect(read('', ' ', '\u{200b}', '\u{a0}', '', '')).toBeUndefined();
  });
});
