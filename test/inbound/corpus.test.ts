import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import fc from 'fast-check';
import { readReturned, type ReturnedMail } from '../../src/inbound/reading/returned_mail.js';

const FOLDER = join(process.cwd(), 'test/mailer/corpus');
const VERDICTS = JSON.parse(readFileSync(join(FOLDER, 'verdicts.json'), 'utf8')) as Record<string, string>;

/** Another folder of mails, with a `verdicts.json` like ours: agreement with it is measured as well. */
const OTHER = process.env['BOUNCE_CORPUS'];

const read = (name: string): ReturnedMail => {
  const raw = readFileSync(join(FOLDER, `${name}.eml`));
  return readReturned(raw, VERDICTS[name]!.startsWith('bounce') ? '' : 'grace@navy.example');
};

/** Several mails in one file, each after a line with its verdict and its name. */
function formsIn(file: string): { name: string; expected: string; raw: Buffer }[] {
  const mails = readFileSync(join(FOLDER, 'forms', file), 'latin1')
    .split(/^##### /m)
    .slice(1);
  return mails.map((mail) => {
    const [title = '', ...lines] = mail.split('\n');
    const [expected = '', name = ''] = title.split(' | ');
    return { expected, name, raw: Buffer.from(lines.join('\r\n'), 'latin1') };
  });
}

describe('mails that come back', () => {
  it('has an expectation for each mail of the corpus', () => {
    const names = readdirSync(FOLDER).flatMap((file) => (file.endsWith('.eml') ? [file.slice(0, -4)] : []));
    expect(names.sort()).toEqual(Object.keys(VERDICTS).sort());
    expect(names.length).toBeGreaterThanOrEqual(60);
  });

  it.each(Object.entries(VERDICTS))('reads %s as %s', (name, expected) => {
    const { kind, verdict } = read(name);
    expect(verdict === undefined ? kind : `${kind} ${verdict.class}`).toBe(expected);
  });

  if (OTHER !== undefined) {
    it('agrees with another corpus on 95 of 100 mails', () => {
      const verdicts = JSON.parse(readFileSync(join(OTHER, 'verdicts.json'), 'utf8')) as Record<string, string>;
      const wrong = Object.entries(verdicts).filter(([name, expected]) => {
        const { kind, verdict } = readReturned(readFileSync(join(OTHER, `${name}.eml`)));
        return (verdict === undefined ? kind : `${kind} ${verdict.class}`) !== expected;
      });
      expect(wrong.map(([name]) => name).slice(Math.floor(Object.keys(verdicts).length / 20))).toEqual([]);
    });
  }

  it.each(readdirSync(join(FOLDER, 'forms')))('reads the forms of gateways as their words mean, in %s', (file) => {
    const mails = formsIn(file);
    const wrong = mails.flatMap(({ name, expected, raw }) => {
      const { kind, verdict } = readReturned(
        raw,
        expected.startsWith('bounce') || expected === 'delay' ? '' : 'a@b.example',
      );
      const found = verdict === undefined ? kind : `${kind} ${verdict.class}`;
      return found === expected ? [] : [`${name}: ${found} instead of ${expected}`];
    });
    const agreed = `${mails.length - wrong.length} of ${mails.length} agree`;
    expect([agreed, wrong.length <= mails.length * 0.03 ? [] : wrong]).toEqual([agreed, []]);
  });

  it('finds whom a report is about, wherever it stands', () => {
    const found = ['gateways_a_to_k.txt', 'gateways_k_to_z.txt', 'japanese.txt']
      .flatMap(formsIn)
      .flatMap(({ raw, name }) => {
        const { kind, recipient } = readReturned(raw);
        return kind === 'bounce' ? [{ name, isNamed: recipient?.includes('@') === true }] : [];
      });
    const unnamed = found.filter(({ isNamed }) => !isNamed).map(({ name }) => name);
    expect(unnamed.sort()).toEqual(['exim-pipe', 'v5sendmail-deferred', 'verizon']); // which name nobody
    expect(found.length).toBeGreaterThan(100);
  });

  it('takes the recipient of a complaint from the mail that is given back', () => {
    expect(read('complaint-by-subject').recipient).toBe('grace@navy.example');
  });

  it('suppresses nobody for anything but a bounce', () => {
    for (const name of Object.keys(VERDICTS)) {
      const { kind, verdict } = read(name);
      expect([name, verdict === undefined || kind === 'bounce']).toEqual([name, true]);
    }
  });

  it('keeps line breaks out of what it takes from headers', () => {
    expect(read('hostile-header-injection').subject).toBe('Hello Bcc: evil@example.com');
  });

  it('reads nesting of ten thousand levels and a megabyte of marks at once', () => {
    const nested = Array.from(
      { length: 10_000 },
      (_, n) => `Content-Type: multipart/mixed; boundary=n${n}\n\n--n${n}\n`,
    );
    expect(readReturned(Buffer.from(`Subject: deep\n${nested.join('')}`)).kind).toBe('reply');
    const marks = `Content-Type: text/html\nFrom: mailer-daemon@example.com\nSubject: Undeliverable\n\n${'<a '.repeat(350_000)}`;
    expect(readReturned(Buffer.from(marks)).kind).toBe('bounce');
    const tries = `From: mailer-daemon@example.com\nSubject: Undeliverable\n\n${'--- '.repeat(250_000)}`;
    expect(readReturned(Buffer.from(tries)).kind).toBe('bounce');
  });

  it('reads 25 MB by its first megabyte', () => {
    expect(readReturned(Buffer.alloc(25 * 1024 * 1024, 'x')).excerpt.length).toBeLessThan(5000);
  });

  it('never fails, whatever the bytes are', () => {
    const line = fc.oneof(
      fc.string(),
      fc.constantFrom(
        '',
        '--b',
        '--b--',
        'Content-Type: multipart/report; boundary=b',
        'Action: failed',
        'Status: 5.1.1',
      ),
      fc.constantFrom(
        'Content-Type: message/delivery-status',
        'Content-Transfer-Encoding: base64',
        'Subject: =?x?Q?=ZZ?=',
      ),
    );
    fc.assert(
      fc.property(fc.array(line, { maxLength: 30 }), fc.uint8Array({ maxLength: 200 }), (lines, bytes) => {
        const mail = readReturned(Buffer.concat([Buffer.from(lines.join('\r\n')), Buffer.from(bytes)]));
        expect(mail.kind === 'bounce').toBe(mail.verdict !== undefined);
      }),
    );
  });
});
