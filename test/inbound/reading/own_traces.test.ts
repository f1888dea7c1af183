import { randomBytes } from 'node:crypto';
import fc from 'fast-check';
import { optOutTokensIn, readingsOf, withoutTokens } from '../../../src/inbound/reading/own_traces.js';
import { readReturned } from '../../../src/inbound/reading/returned_mail.js';
import { Ids } from '../../../src/platform/ids.js';
import type { Keys } from '../../../src/platform/keys.js';

const secret = randomBytes(32);
const ids = new Ids({ of: () => secret } as unknown as Keys);
const PURPOSES = ['link', 'opt-out', 'preview', 'open', 'picture'] as const;
const number = fc.bigInt({ min: 1n, max: (1n << 62n) - 1n }).map(String);

const found = (raw: string): string[] =>
  readingsOf(Buffer.from(raw, 'latin1'))
    .flatMap(optOutTokensIn)
    .flatMap((token) => ids.readToken('opt-out', token) ?? []);

/** Quoted-printable breaks lines anywhere, in the middle of a link too. */
function softBroken(text: string, at: number): string {
  return `${text.slice(0, at)}=\r\n${text.slice(at)}`;
}

describe('what is ours in a mail that came back', () => {
  it('is the opt-out link, whole or broken at any place by quoted-printable, in quotes, in base64, or rewritten', () => {
    fc.assert(
      fc.property(number, fc.nat(60), (id, at) => {
        const link = `https://s.acme.example/u/${ids.token('opt-out', id)}`;
        expect(found(`Subject: Re\r\n\r\n> Stop: ${link}\r\n`)).toContain(id);
        expect(found(`Subject: Re\r\n\r\n${softBroken(`Stop: ${link}.`, at)}\r\n`)).toContain(id);
        expect(found(`Subject: Re\r\n\r\nhttps://safe.example/?url=${encodeURIComponent(link)}&x=1`)).toContain(id);
        const inside = `Content-Type: text/html\r\nContent-Transfer-Encoding: base64\r\n\r\n${Buffer.from(`<a href="${link}">`).toString('base64')}`;
        expect(found(inside)).toContain(id);
        const report = `Content-Type: multipart/report; boundary=b\r\n\r\n--b\r\nContent-Type: message/rfc822\r\n\r\n${inside}\r\n--b--\r\n`;
        expect(found(report)).toContain(id);
      }),
    );
  });

  it('is no other token, and none that was made longer, shorter or otherwise', () => {
    fc.assert(
      fc.property(number, fc.constantFrom(...PURPOSES), (id, purpose) => {
        const token = ids.token(purpose, id);
        expect(found(`\r\n\r\n/u/${token}`)).toEqual(purpose === 'opt-out' ? [id] : []);
        expect(found(`\r\n\r\n/u/${token}x /u/${token.slice(0, -1)} /s/${token} /u/2${token.slice(1)}`)).toEqual([]);
      }),
    );
  });

  it('is hidden from who reads it: tokens of every kind, in subject, words and evidence', () => {
    fc.assert(
      fc.property(number, fc.constantFrom(...PURPOSES), (id, purpose) => {
        const token = ids.token(purpose, id);
        expect(withoutTokens(`https://x.example/s/${token}?a=1`)).toBe('https://x.example/s/…?a=1');
        const words = softBroken(`You sent me https://x.example/s/${token} and I say 550 5.1.1 ${token}`, 40);
        const read = readReturned(
          Buffer.from(
            `From: mailer-daemon@x.example\nSubject: Undeliverable /u/${token}\nContent-Transfer-Encoding: quoted-printable\n\n${words}\n`,
          ),
        );
        expect(JSON.stringify(read)).not.toContain(token);
      }),
    );
  });
});
