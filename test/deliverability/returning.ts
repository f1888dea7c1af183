import { readFileSync } from 'node:fs';
import { InboundService } from '../../src/inbound/inbound.service.js';
import { OwnAddresses } from '../../src/inbound/reading/own_addresses.js';
import { verpLocalPart, type VerpPurpose } from '../../src/mailer/verp.js';
import { Keys } from '../../src/platform/keys.js';
import type { World } from '../world.js';
import { workOff } from '../distributions/builders.js';

/** A mail of the corpus, with a difference, so that it is not the same mail again. */
export function corpusMail(name: string, mark = ''): Buffer {
  return Buffer.from(
    `X-Mark: ${mark}\r\nMessage-ID: <${name}${mark}@corpus.example>\r\n${readFileSync(`test/mailer/corpus/${name}.eml`, 'latin1')}`,
    'latin1',
  );
}

/** Whom the reports of the corpus name. */
const NAMED = /^((?:Final-Recipient|Original-Recipient|X-Failed-Recipients):.*?)grace@navy\.example/gim;

/**
 * Brings a mail in about a message, as the listener does, and lets the background take it over. Reports of the corpus
 * name the recipient of the message.
 */
export async function comeBack(
  world: World,
  messageId: string,
  raw: Buffer | string,
  { purpose = 'bounce', sender = '', waits = true }: { purpose?: VerpPurpose; sender?: string; waits?: boolean } = {},
): Promise<void> {
  const inbound = world.app.get(InboundService);
  const recipient = `${verpLocalPart(messageId, world.app.get(Keys).of('verp'), purpose)}@bounce.acme.example`;
  const address = await addressOf(world, messageId);
  const named = Buffer.from(raw.toString('latin1').replaceAll(NAMED, `$1${address}`), 'latin1');
  await inbound.keep(
    { sender, recipient, raw: typeof raw === 'string' ? Buffer.from(raw) : named, source: 'smtp' },
    world.app.get(OwnAddresses).addressed(recipient)!,
  );
  if (waits) {
    await workOff(world);
    await workOff(world);
  }
}

/** A reply of a person: designed words, a picture, and a file that nobody should open. */
export function replyWithFiles(mark: string): string {
  const part = (headers: string[], body: string): string => `--b\r\n${headers.join('\r\n')}\r\n\r\n${body}\r\n`;
  const file = (name: string, type: string, content: string): string =>
    part(
      [`Content-Type: ${type}`, `Content-Disposition: attachment; ${name}`, 'Content-Transfer-Encoding: base64'],
      Buffer.from(content).toString('base64'),
    );
  return [
    'From: Grace <grace@navy.example>\r\nReply-To: <grace@home.example>\r\nSubject: Re: How was it?',
    `Message-ID: <files${mark}@navy.example>\r\nContent-Type: multipart/mixed; boundary="b"\r\n`,
    part(['Content-Type: text/plain; charset=utf-8'], 'Great') +
      part(
        ['Content-Type: text/html; charset=utf-8'],
        '<b>Great</b><script>alert(1)</script><img src="https://evil.example/x.png" onerror="alert(1)">',
      ) +
      file(`filename*=UTF-8''%C3%9Cberblick.png`, 'image/png', 'picture') +
      file('filename="invoice.exe"', 'application/pdf', 'MZ') +
      '--b--\r\n',
  ].join('\r\n');
}

async function addressOf(world: World, messageId: string): Promise<string> {
  const [found] = await world.database.outsideBrands((unit) =>
    unit.sql<{ brandId: string }>('SELECT brand_id AS "brandId" FROM find_message($1)', [messageId]),
  );
  if (found === undefined) {
    return 'nobody@navy.example';
  }
  const [message] = await world.database.inBrand(found.brandId, (unit) =>
    unit.sql<{ address: string }>('SELECT address FROM messages WHERE id = $1', [messageId]),
  );
  return message!.address;
}
