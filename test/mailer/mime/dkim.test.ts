import { generateKeyPairSync, type KeyObject } from 'node:crypto';
import fc from 'fast-check';
import { dkimVerify } from 'mailauth/lib/dkim/verify.js';
import { NotSigned, signedMail } from '../../../src/mailer/mime/dkim.js';
import type { SigningKey } from '../../../src/mailer/domains/domain_keys.js';
import { CompiledMail } from '../../../src/mailer/mime/mime.js';

const AT = new Date('2026-11-23T18:00:00Z');
const rsa = generateKeyPairSync('rsa', { modulusLength: 2048 });
const ed25519 = generateKeyPairSync('ed25519');
const keys: SigningKey[] = [
  { domain: 'acme.example', selector: 'r1', algorithm: 'rsa-sha256', privateKey: rsa.privateKey },
  { domain: 'acme.example', selector: 'e1', algorithm: 'ed25519-sha256', privateKey: ed25519.privateKey },
];

/** What DNS would say of the two keys. */
const records: Record<string, string> = {
  'r1._domainkey.acme.example': `v=DKIM1; k=rsa; p=${spki(rsa.publicKey).toString('base64')}`,
  'e1._domainkey.acme.example': `v=DKIM1; k=ed25519; p=${spki(ed25519.publicKey).subarray(-32).toString('base64')}`,
};

function spki(key: KeyObject): Buffer {
  return key.export({ type: 'spki', format: 'der' });
}

/** The verdicts of mailauth's verifier, which knows nothing of our signer. */
async function verdicts(mail: Buffer): Promise<string[]> {
  const resolver = (name: string): Promise<string[][]> => Promise.resolve([[records[name] ?? '']]);
  const { results } = await dkimVerify(mail, { resolver });
  return results.map(({ status, algo }) => `${algo} ${status.result}`).toSorted();
}

const BOTH = ['ed25519-sha256 pass', 'rsa-sha256 pass'];
const mailOf = (text: string): Buffer => Buffer.from(text.replace(/\n/g, '\r\n'));
const HEAD =
  'From: Ada <ada@acme.example>\nTo: grace@example.com\nSubject: Hello\nDate: Mon, 23 Nov 2026 18:00:00 +0000\n';

function rendered(name: string, html: string): Buffer {
  const mail = new CompiledMail({
    from: { name: 'Acme Résearch', address: 'ada@acme.example' },
    replyTo: { address: 'desk@acme.example' },
    subject: ['For ', { slot: 0 }],
    html: ['<p>', { slot: 0 }, html, '</p>'],
    listId: { name: 'Employees', id: 'CG_1.acme.example' },
    feedbackId: 'EMD_1:BR_1:invite:canvass',
  });
  return mail.render({
    to: { name, address: 'grace@example.com' },
    messageIdHeader: '<1@acme.example>',
    date: AT,
    values: [name],
    unsubscribe: { url: `https://canvass.test/u/${'1'.repeat(300)}`, mailto: 'u-1@acme.example' },
  });
}

describe('a signature', () => {
  it('of each key is found good by an independent verifier', async () => {
    expect(await verdicts(await signedMail(rendered('Grace', ''), keys, AT))).toEqual(BOTH);
  });

  it('covers what a mail is shown, answered and stopped by', async () => {
    const mail = (await signedMail(rendered('Grace', ''), keys.slice(0, 1), AT)).toString();
    const names = /h=([^;]+);/.exec(mail)![1]!.replace(/\s/g, '').split(':');
    const twice = names.filter((name, place) => names.indexOf(name) !== place);
    expect(twice.toSorted()).toEqual(['from', 'list-unsubscribe', 'reply-to', 'subject', 'to']);
    expect(names).toEqual(
      expect.arrayContaining(['list-unsubscribe-post', 'list-id', 'feedback-id', 'x-report-abuse']),
    );
    expect(mail).toContain(`t=${AT.getTime() / 1000};`);
    expect(mail).not.toMatch(/\bl=/);
    expect(mail.split('\r\n').every((line) => line.length <= 400)).toBe(true);
  });

  it.each([
    ['an empty body', `${HEAD}\n`],
    ['no body at all', HEAD],
    ['empty lines at the end', `${HEAD}\nHello\n\n\n\n`],
    ['only empty lines', `${HEAD}\n\n\n\n`],
    ['no line end at the end', `${HEAD}\nHello`],
    ['blanks and tabs everywhere', `${HEAD}X-A:  b\nSubject :  a \t b  \n c \n\n a  b\t\tc \t\n \n  d   \n \t\n`],
    ['a last line of blanks', `${HEAD}\nHello\n   `],
    ['headers of one name twice', `List-Id: <a.b>\nList-Id: <c.d>\n${HEAD}\nHello\n`],
    ['a very long header', `${HEAD}List-Unsubscribe: <https://a.example/${'x'.repeat(900)}>\n\nHello\n`],
    ['bytes outside ASCII', `From: Ada <ada@acme.example>\nTo: Zoë <zoë@example.com>\n\nZoë  \n`],
  ])('is good on a mail with %s', async (_what, text) => {
    expect(await verdicts(await signedMail(mailOf(text), keys, AT))).toEqual(BOTH);
  });

  it('is good whatever people are called and authors write', async () => {
    const words = fc.string({ unit: 'grapheme', maxLength: 60 });
    const check = async (name: string, html: string): Promise<void> => {
      expect(await verdicts(await signedMail(rendered(name, html), keys, AT))).toEqual(BOTH);
    };
    await fc.assert(fc.asyncProperty(words, words, check), { numRuns: 40 });
  });

  it('is good on any bytes of header values and bodies', async () => {
    const line = fc.string({ unit: fc.constantFrom(' ', '\t', '\r\n ', 'a', '.', ';', '=', 'ä'), maxLength: 30 });
    const body = fc.string({ unit: fc.constantFrom(' ', '\t', '\r\n', 'b', '.', 'ö'), maxLength: 40 });
    const check = async (value: string, text: string): Promise<void> => {
      const mail = `From: ada@acme.example\r\nSubject: x${value}y\r\n\r\n${text}`;
      expect(await verdicts(await signedMail(Buffer.from(mail), keys, AT))).toEqual(BOTH);
    };
    await fc.assert(fc.asyncProperty(line, body, check), { numRuns: 100 });
  });

  it('is no longer good when the text was changed on the way', async () => {
    const text = (await signedMail(rendered('Grace', ''), keys.slice(0, 1), AT)).toString('latin1');
    const changed = text.replace('\r\nGrace', '\r\nMallory');
    expect(await verdicts(Buffer.from(changed, 'latin1'))).toEqual(['rsa-sha256 neutral']);
    const elsewhere = text.replace(/X-Report-Abuse: <https:\/\/canvass/, 'X-Report-Abuse: <https://mallory');
    expect(await verdicts(Buffer.from(elsewhere, 'latin1'))).toEqual(['rsa-sha256 fail']);
  });

  it.each([
    'From: m@evil.example',
    'Subject: You have won',
    'To: everybody@evil.example',
    'Reply-To: m@evil.example',
    'List-Unsubscribe: <https://evil.example/u>',
  ])('is no longer good when another header came later: %s', async (header) => {
    const whole = await signedMail(rendered('Grace', ''), keys.slice(0, 1), AT);
    const bare = await signedMail(mailOf('From: ada@acme.example\nDate: x\n\nHello\n'), keys.slice(0, 1), AT);
    for (const signed of [whole, bare]) {
      expect(await verdicts(signed)).toEqual(['rsa-sha256 pass']);
      const below = signed.toString('latin1').replace('\r\n\r\n', `\r\n${header}\r\n\r\n`);
      for (const mail of [Buffer.concat([Buffer.from(`${header}\r\n`), signed]), Buffer.from(below, 'latin1')]) {
        expect(await verdicts(mail)).toEqual(['rsa-sha256 fail']);
      }
    }
  });

  it('made again differs in nothing but its time', async () => {
    const plain = rendered('Grace', '');
    const [one, again] = await Promise.all([signedMail(plain, keys, AT), signedMail(plain, keys, AT)]);
    expect(one.equals(again)).toBe(true);
    const later = await signedMail(plain, keys, new Date(AT.getTime() + 1000));
    expect(later.subarray(-plain.length).equals(plain)).toBe(true);
    expect(await verdicts(later)).toEqual(BOTH);
  });
});

it('leaves a mail without keys as it is', async () => {
  const plain = rendered('Grace', '');
  expect(await signedMail(plain, [], AT)).toBe(plain);
});

it('gives no mail when a key can not sign', async () => {
  const broken = { ...keys[0]!, privateKey: ed25519.privateKey };
  await expect(signedMail(rendered('Grace', ''), [broken], AT)).rejects.toThrow(NotSigned);
});
