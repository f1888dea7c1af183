import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { readReturned } from '../../src/inbound/reading/returned_mail.js';
import { FORMS } from './report_forms.js';

const linesOf = (name: string): string[][] =>
  readFileSync(join(process.cwd(), `test/mailer/corpus/wordings/${name}.txt`), 'utf8')
    .split('\n')
    .flatMap((line) => (line === '' || line.startsWith('#') ? [] : [line.split(' | ')]));
const LINES = linesOf('refusals') as [string, string][];

describe('what gateways write to people', () => {
  it.each(linesOf('notices') as [string, string, string][])('is read as %s: %s, %s', (expected, subject, body) => {
    const text = body.split(' // ').join('\r\n');
    const mail = `From: postmaster@mx.navy.example\r\nSubject: ${subject}\r\nContent-Type: text/plain; charset=utf-8\r\n\r\n${text}\r\n`;
    const { kind, verdict } = readReturned(Buffer.from(mail));
    expect(`${kind} ${verdict?.class}`).toBe(`bounce ${expected}`);
  });
});

describe('what servers say, in the reports of their senders', () => {
  const wrong: string[] = [];
  const suppressed: string[] = [];
  let n = 0;
  for (const [expected, reply] of LINES) {
    for (const [form, mail] of Object.entries(FORMS)) {
      n += 1;
      const { kind, verdict } = readReturned(Buffer.from(mail(reply)));
      const found = verdict?.class ?? kind;
      if (found !== expected) wrong.push(`${form}: ${found} instead of ${expected}: ${reply}`);
      if (verdict?.suppress === 'now' && expected !== 'bad_address') suppressed.push(`${form}: ${reply}`);
    }
  }

  it('is understood in at least 97 of 100 mails', () => {
    expect([n > 1000, wrong.length <= n * 0.03 ? [] : wrong]).toEqual([true, []]);
  });

  it('suppresses nobody who is there', () => {
    expect(suppressed).toEqual([]);
  });
});
