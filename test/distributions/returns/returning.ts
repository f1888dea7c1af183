import { readFileSync } from 'node:fs';
import { InboundService } from '../../../src/mailer/inbound/inbound.service.js';
import { verpLocalPart, type VerpPurpose } from '../../../src/mailer/verp.js';
import { Keys } from '../../../src/platform/keys.js';
import type { World } from '../../world.js';
import { workOff } from '../builders.js';

/** A mail of the corpus, with a difference, so that it is not the same mail again. */
export function corpusMail(name: string, mark = ''): Buffer {
  return Buffer.from(
    `X-Mark: ${mark}\r\nMessage-ID: <${name}${mark}@corpus.example>\r\n${readFileSync(`test/mailer/corpus/${name}.eml`, 'latin1')}`,
    'latin1',
  );
}

/** Hands a mail in about a message, as the listener does, and lets the background take it over. */
export async function comeBack(
  world: World,
  messageId: string,
  raw: Buffer | string,
  { purpose = 'bounce', sender = '', waits = true }: { purpose?: VerpPurpose; sender?: string; waits?: boolean } = {},
): Promise<void> {
  const inbound = world.app.get(InboundService);
  const recipient = `${verpLocalPart(messageId, world.app.get(Keys).of('verp'), purpose)}@bounce.acme.example`;
  await inbound.keep({ sender, recipient, raw: Buffer.from(raw), source: 'smtp' }, inbound.addressed(recipient)!);
  if (waits) {
    await workOff(world);
    await workOff(world);
  }
}
