import fc from 'fast-check';
import { foreignText, foreignWords, plainJson } from '../../../src/platform/foreign/foreign_words.js';
import { replyOf } from '../../../src/mailer/reply.js';
import { readReturned } from '../../../src/inbound/reading/returned_mail.js';
import { findingsOf } from '../../../src/mailer/domains/finding.js';

/** What turns, hides, colours or begins a line for whoever looks at it. */
const UNSEEN = /(?![\t\n])[\p{Cc}\p{Cs}\u061c\u200b\u2028-\u202e\u2060-\u2069\ufeff]/u;
const EVIL = 'ok\u001b[2J\u202etxt.exe\u2066\u200b\u0085\u{e0041}\ud800 end';

describe('words of strangers', () => {
  it('show what would turn, hide or colour them', () => {
    expect(foreignWords('550 No\u202e such\u001b[31m user')).toBe(String.raw`550 No\u{202e} such\u{1b}[31m user`);
    expect(foreignWords('one\r\ntwo\tthree\u2028four')).toBe(String.raw`one two three\u{2028}four`);
    expect(foreignText('one\r\ntwo\u202e', 100)).toBe('one\ntwo\\u{202e}');
  });

  it('stay as they are where they are plain, in every script', () => {
    for (const words of ['550 5.1.1 <ada@acme.example>: unknown', 'Ünbekannt – 不存在 – غير معروف', '👩‍👩‍👧']) {
      expect(foreignText(words, 100)).toBe(words);
    }
  });

  it('hold nothing unseen and no more than asked for, whatever they are, and mean the same when shown twice', () => {
    const words = fc.string({ unit: 'binary', maxLength: 80 });
    fc.assert(
      fc.property(words, fc.integer({ min: 1, max: 60 }), (text, most) => {
        for (const shown of [foreignWords(text, most), foreignText(text, most)]) {
          expect(shown).not.toMatch(UNSEEN);
          expect(shown.length).toBeLessThanOrEqual(most);
        }
        expect(foreignWords(foreignWords(text))).toBe(foreignWords(text));
        expect(JSON.parse(plainJson(JSON.stringify({ text })))).toEqual({ text });
        expect(plainJson(JSON.stringify({ text }))).not.toMatch(UNSEEN);
      }),
    );
  });

  it('are shown so wherever servers say them: replies, reports, zones', () => {
    expect(replyOf(`550 5.1.1 ${EVIL}`)?.text).not.toMatch(UNSEEN);
    const report = `From: mailer-daemon@x.example\nSubject: Undeliverable ${EVIL}\nContent-Type: multipart/report; boundary=b\n\n--b\n\nWords ${EVIL}\n--b\nContent-Type: message/delivery-status\n\n\nFinal-Recipient: rfc822; a${EVIL}@x.example\nAction: failed\nStatus: 5.1.1\nDiagnostic-Code: smtp; 550 5.1.1 ${EVIL}\n--b--\n`;
    const read = readReturned(Buffer.from(report));
    expect(read.verdict?.class).toBe('bad_address');
    for (const words of [read.evidence, read.subject, read.from, read.recipient, read.excerpt]) {
      expect(words).not.toMatch(UNSEEN);
    }
    expect(read.excerpt).toContain(String.raw`\u{202e}`);
    expect(findingsOf('spf').bad('x', { record: EVIL }).values['record']).not.toMatch(UNSEEN);
  });

  it('are bounded where a server sends as much as it likes', () => {
    expect(replyOf(`550 ${'x'.repeat(60_000)}`)?.text.length).toBeLessThanOrEqual(1000);
  });
});
