import { generateKeyPairSync, type KeyObject } from 'node:crypto';
import { createTransport } from 'nodemailer';

/** Connections that each side may open. */
export const CONNECTIONS = 10;

export const FROM = { name: 'Acme Research', address: 'research@acme.test' };

/** One key for both sides: RSA with 2048 bits, as the big receivers want it. */
export const SIGNING = {
  domain: 'acme.test',
  selector: 'bench',
  key: generateKeyPairSync('rsa', { modulusLength: 2048 }).privateKey,
};

const PARAGRAPH =
  '<p style="margin: 0 0 16px; line-height: 1.5">We would like to hear what you think about our service. </p>\n';

/** The HTML of the measured mail, 4 kB: before and after the name, before and after the link's address. */
export const HTML = ['<p>Dear ', `,</p>\n${PARAGRAPH.repeat(34)}<p><a href="`, '">Start the survey</a></p>'] as const;

const PLAIN = `Dear Ada,\n\n${'We would like to hear what you think about our service.\n\n'.repeat(34)}Start the survey <LINK>\n`;

/**
 * The limit: nodemailer's pool sends the same mails without any database, signed by its own DKIM where ours are.
 * As many are under way as in a batch of ours; the pool itself holds back all above its connections.
 */
export async function sendByNodemailer(url: string, mails: number, isSigned = false): Promise<void> {
  const { domain, selector, key } = SIGNING;
  const dkim = { domainName: domain, keySelector: selector, privateKey: pemOf(key) };
  const settings = {
    url: `${url}?pool=true`,
    pool: true,
    maxConnections: CONNECTIONS,
    maxMessages: 1_000_000,
    ...(isSigned ? { dkim } : {}),
  };
  const pool = createTransport(settings as never);
  for (let from = 0; from < mails; from += 500) {
    const batch = Array.from({ length: Math.min(500, mails - from) }, (_, place) => mailOf(from + place));
    await Promise.all(batch.map((mail) => pool.sendMail(mail)));
  }
  pool.close();
}

/** As a file holds it. */
export function pemOf(key: KeyObject): string {
  return key.export({ type: 'pkcs8', format: 'pem' }).toString();
}

function mailOf(id: number): object {
  const href = `https://canvass.test/s/1${id}`;
  return {
    from: FROM,
    to: { name: 'Ada Lovelace', address: `ada.${id}@example.com` },
    envelope: { from: `b-${id}@acme.test`, to: `ada.${id}@example.com` },
    subject: 'A question for Ada',
    messageId: `<${id}@acme.test>`,
    date: new Date('2026-11-23T18:00:00Z'),
    html: `${HTML[0]}Ada${HTML[1]}${href}${HTML[2]}`,
    text: PLAIN.replace('LINK', href),
    headers: {
      'List-Unsubscribe': `<https://canvass.test/u/1${id}>, <mailto:u-${id}@acme.test>`,
      'List-Unsubscribe-Post': 'List-Unsubscribe=One-Click',
    },
    disableFileAccess: true,
    disableUrlAccess: true,
  };
}
