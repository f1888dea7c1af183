import { createSecretKey, type KeyObject } from 'node:crypto';
import { Injectable } from '@nestjs/common';
import { Ids } from '../../platform/ids.js';
import { Keys } from '../../platform/keys.js';
import { readVerp, type VerpPurpose, verpsIn } from '../../mailer/verp.js';
import { optOutTokensIn, readingsOf } from './own_traces.js';

/** A mail of ours that this one is about, and what its address is for. */
export interface Addressed {
  purpose: VerpPurpose;
  messageId: string;
}

/** Tells addresses and links that this installation made from all others. */
@Injectable()
export class OwnAddresses {
  private knownKey: KeyObject | undefined;

  constructor(
    private readonly keys: Keys,
    private readonly ids: Ids,
  ) {}

  /** Which message an address names; undefined for one that this installation did not make. */
  addressed(address: string): Addressed | undefined {
    return readVerp(address.slice(0, Math.max(0, address.lastIndexOf('@'))), this.key);
  }

  /** The message that a mail without such an address is about: by ours in its words, or the opt-out link of ours. */
  findAddressed(raw: Buffer): (Addressed & { address: string }) | undefined {
    const readings = readingsOf(raw);
    const head = verpsIn(readings[0]!.split(/\r?\n\r?\n/)[0] ?? '').slice(0, 50);
    // What a mail is sent to says what it is for; in the mail that came back both addresses stand.
    const inside = readings.flatMap((text) => verpsIn(text).slice(0, 50)).slice(0, 100);
    for (const [local, isSentTo] of [
      ...head.map((one) => [one, true] as const),
      ...inside.map((one) => [one, false] as const),
    ]) {
      const found = readVerp(local, this.key);
      if (found !== undefined && (isSentTo || found.purpose === 'bounce')) {
        return { ...found, address: local };
      }
    }
    for (const token of readings.flatMap(optOutTokensIn).slice(0, 100)) {
      const messageId = this.ids.readToken('opt-out', token);
      if (messageId !== undefined && messageId !== '0') {
        return { purpose: 'bounce', messageId, address: '' };
      }
    }
    return undefined;
  }

  private get key(): KeyObject {
    return (this.knownKey ??= createSecretKey(this.keys.of('verp')));
  }
}
