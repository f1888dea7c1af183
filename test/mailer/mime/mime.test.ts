import { assert, asyncProperty, string } from 'fast-check';
import { simpleParser } from 'mailparser';
import type { ParsedMail } from 'mailparser';
import { MailRefused } from '../../../src/mailer/mail_refused.js';
import { CompiledMail } from '../../../src/mailer/mime/mime.js';
import type { MailTemplate, Recipient } from '../../../src/mailer/mime/mime.js';

const template = (changes: Partial<MailTemplate> = {}): MailTemplate => ({
  from: { name: 'Acme Research', address: 'research@acme.test' },
  subject: ['A question for ', { slot: 0 }],
  html: ['<p>Dear ', { slot: 0 }, ',</p><p><a href="', { slot: 1 }, '">Start the survey</a></p>'],
  ...changes,
});

const recipient = (changes: Partial<Recipient> = {}): Recipient => ({
  to: { name: 'Ada Lovelace', address: 'ada@example.com' },
  messageIdHeader: '<0190-7a.42@acme.test>',
  date: new Date('2026-11-23T18:00:00Z'),
  values: ['Ada', 'https://canvass.test/s/1abc?a=1&b=2'],
  ...changes,
});

const fill = (changes: Partial<MailTemplate> = {}, who: Partial<Recipient> = {}): Buffer =>
  new CompiledMail(template(changes)).render(recipient(who));

const read = (raw: Buffer): Promise<ParsedMail> => simpleParser(raw, { skipTextToHtml: true, skipHtmlToText: true });

function headerNames(raw: Buffer): string[] {
  const head = raw.toString('latin1').split('\r\n\r\n')[0]!;
  return head
    .split('\r\n')
    .filter((line) => !line.startsWith(' '))
    .map((line) => line.split(':')[0]!);
}

describe('a sender whose name differs by recipient', () => {
  const named = async (value: string): Promise<ParsedMail['from']> =>
    (await read(fill({ fromName: [{ slot: 0 }, ' of Acme'] }, { values: [value, ''] }))).from;

  it.each([
    ['Grace Hopper', 'Grace Hopper of Acme'],
    ['Grace\r\nBcc: eve@evil.example', 'of Acme'],
    ['Grace\r\nX-Evil: yes', 'Grace X-Evil: yes of Acme'],
    ['boss@bank.example', 'of Acme'],
    ['boss＠bank.example', 'of Acme'],
    ['"Bank" <boss>', 'of Acme'],
    ['Grace \u202Eknab', 'Grace knab of Acme'],
    ['Ґрейс "G" \\', 'Ґрейс "G" \\ of Acme'],
    ['', 'of Acme'],
    ['x'.repeat(900), 'x'.repeat(100)],
  ])('is called %j rightly, and never by another address', async (value, name) => {
    expect((await named(value))?.value).toEqual([{ name, address: 'research@acme.test' }]);
  });

  it('adds no header and leaves none out', () => {
    const raw = fill({ fromName: [{ slot: 0 }] }, { values: ['a\r\nBcc: b', ''] });
    expect(headerNames(raw).toSorted()).toEqual(headerNames(fill()).toSorted());
  });
});

describe('a mail', () => {
  it('has the headers of an invitation, each once, and both parts', async () => {
    const raw = fill(
      {
        replyTo: { address: 'help@acme.test' },
        listId: { name: 'Survey invitations of Acme', id: 'inv.acme.canvass.test' },
        feedbackId: 'EMD_1:BR_2:invite:canvass',
      },
      { unsubscribe: { url: 'https://canvass.test/u/1xyz', mailto: 'u-1xyz@bounce.acme.test' } },
    );
    expect(headerNames(raw).toSorted()).toEqual(
      ['Content-Type', 'Date', 'Feedback-ID', 'From', 'List-Id', 'List-Unsubscribe', 'List-Unsubscribe-Post'].concat([
        'MIME-Version',
        'Message-ID',
        'Reply-To',
        'Subject',
        'To',
        'X-Report-Abuse',
      ]),
    );
    const mail = await read(raw);
    expect(mail.from?.value).toEqual([{ name: 'Acme Research', address: 'research@acme.test' }]);
    expect(mail.subject).toBe('A question for Ada');
    expect(mail.messageId).toBe('<0190-7a.42@acme.test>');
    expect(mail.date).toEqual(new Date('2026-11-23T18:00:00Z'));
    expect(mail.headers.get('feedback-id')).toBe('EMD_1:BR_2:invite:canvass');
    expect(raw.toString()).toContain(
      'List-Unsubscribe: <https://canvass.test/u/1xyz>,\r\n <mailto:u-1xyz@bounce.acme.test?subject=unsubscribe>',
    );
    expect(raw.toString()).toContain('List-Unsubscribe-Post: List-Unsubscribe=One-Click\r\n');
    expect(mail.html).toContain('href="https://canvass.test/s/1abc?a=1&amp;b=2"');
    expect(mail.text).toContain('Dear Ada,');
    expect(mail.text).toContain('Start the survey <https://canvass.test/s/1abc?a=1&b=2>');
  });

  it('is the same bytes every time it is made', () => {
    expect(fill().equals(fill())).toBe(true);
  });

  it('says that it is automatic only when a system sent it', () => {
    expect(headerNames(fill({ isSystemMail: true }))).toContain('Auto-Submitted');
    expect(headerNames(fill())).not.toContain('Auto-Submitted');
  });

  it('has its styles inlined, and media queries kept', async () => {
    const html = [
      '<style>p { color: #333 } @media (max-width: 600px) { p { color: red } }</style><p>Hi ',
      { slot: 0 },
      '</p>',
    ];
    const mail = await read(fill({ html }));
    expect(mail.html).toContain('<p style="color: #333;">Hi Ada</p>');
    expect(mail.html).toContain('@media');
  });

  it('keeps a whole document as it is', async () => {
    const mail = await read(
      fill({ html: ['<!DOCTYPE html><html lang="de"><head><title>T</title></head><body>Hallo</body></html>'] }),
    );
    expect(String(mail.html).match(/<html/g)).toHaveLength(1);
  });
});

const HOSTILE = [
  '<b>Bobby</b>',
  'O\'Brien "the" \\ Q',
  'a\r\nBcc: victim@example.com',
  'x\ny',
  'nul\0char',
  'محمد علي',
  '\u202egnp.exe',
  '👩‍👩‍👧‍👦 Ünïcödé',
  '李小龍'.repeat(30),
  '=?utf-8?B?SGVsbG8=?=',
  'a@b.c, d@e.f',
  '(comment)',
  '.',
  '..',
  ' lead and trail ',
  'w'.repeat(500),
];

describe.each(HOSTILE)('a contact named %j', (name) => {
  const shown = name
    .replace(/[\r\n\0]+/g, ' ')
    .replace(/\s+/g, ' ')
    .trim();

  it('is named rightly in headers and bodies and adds no header', async () => {
    const raw = fill({}, { to: { name, address: 'ada@example.com' }, values: [name, 'https://canvass.test/s/1'] });
    const mail = await read(raw);
    const to = Array.isArray(mail.to) ? mail.to[0] : mail.to;
    expect(to?.value).toEqual([{ name: shown, address: 'ada@example.com' }]);
    expect(mail.subject).toBe(`A question for ${shown}`.trim());
    expect(headerNames(raw)).toEqual(headerNames(fill()));
    expect(mail.html).not.toContain('<b>');
    expect(mail.text).toContain('Start the survey');
  });

  it('leaves no long line, no bare line end, no leading dot, no byte above ASCII', () => {
    const text = fill({}, { to: { name, address: 'ada@example.com' }, values: [name, 'https://x.test'] }).toString(
      'latin1',
    );
    expect(text.replaceAll('\r\n', '')).not.toMatch(/[\r\n\0\x80-\xff]/);
    for (const line of text.split('\r\n')) {
      expect(line.length).toBeLessThanOrEqual(76);
      expect(line.startsWith('.')).toBe(false);
    }
  });
});

describe('any text', () => {
  it('comes back as it was from every place in subject and bodies', async () => {
    const texts = string({ unit: 'grapheme', maxLength: 200 }).filter(
      (text) => !/[\p{Cc}\u2028\u2029\ufeff]/u.test(text),
    );
    await assert(
      asyncProperty(texts, texts, async (constant, value) => {
        const pieces = [constant, { slot: 0 }, constant, { slot: 0 }, { slot: 0 }];
        const mail = await read(fill({ subject: pieces, text: pieces, html: ['x'] }, { values: [value] }));
        const whole = constant + value + constant + value + value;
        expect(mail.text?.replace(/\n$/, '')).toBe(whole.replace(/\n$/, ''));
        expect(mail.subject ?? '').toBe(whole.replace(/\s+/g, ' ').trim());
      }),
      { numRuns: 200 },
    );
  });
});

describe('what can not be a mail is refused', () => {
  it.each<[string, Partial<MailTemplate>, Partial<Recipient>]>([
    ['a subject of 10,000 characters', {}, { values: ['x'.repeat(10_000), ''] }],
    ['a line break in the address', {}, { to: { address: 'ada@example.com\r\nBcc: x@y.z' } }],
    ['two addresses in one', {}, { to: { address: 'ada@example.com, bob@example.com' } }],
    ['an address without a domain', {}, { to: { address: 'ada' } }],
    ['a domain with a space', {}, { to: { address: 'ada@exa mple.com' } }],
    ['a local part of 65 characters', {}, { to: { address: `${'a'.repeat(65)}@example.com` } }],
    ['an angle bracket in the From address', { from: { address: 'a>b@acme.test' } }, {}],
    ['a line break in the Message-ID', {}, { messageIdHeader: '<a@b>\r\nX: y' }],
    ['a space in the Message-ID', {}, { messageIdHeader: '<a b@c>' }],
    ['a line break in the opt-out address', {}, { unsubscribe: { url: 'https://x.test/\r\nX: y' } }],
    ['a script as opt-out address', {}, { unsubscribe: { url: 'javascript:alert(1)' } }],
    ['a line break in the list id', { listId: { name: 'x', id: 'a\r\nb' } }, {}],
  ])('%s', (_what, changes, who) => {
    expect(() => fill(changes, who)).toThrow(MailRefused);
  });
});

describe('international addresses', () => {
  it('carry their domain in ASCII', async () => {
    const mail = await read(fill({}, { to: { address: 'ada@bücher.example' } }));
    const to = Array.isArray(mail.to) ? mail.to[0] : mail.to;
    expect(to?.value[0]?.address).toMatch(/^ada@(xn--bcher-kva|bücher)\.example$/);
    expect(fill({}, { to: { address: 'ada@bücher.example' } }).toString()).toContain(
      'To: ada@xn--bcher-kva.example\r\n',
    );
  });

  it('keep a local part of any script as UTF-8', () => {
    expect(fill({}, { to: { address: '用户@example.com' } }).toString('utf8')).toContain('To: 用户@example.com\r\n');
  });
});
