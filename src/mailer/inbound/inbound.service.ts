import { createHash, createSecretKey, type KeyObject } from 'node:crypto';
import { Injectable } from '@nestjs/common';
import { Clock } from '../../platform/clock.js';
import { Database, type Unit } from '../../platform/db/database.js';
import { LimitReached } from '../../platform/errors.js';
import { Events } from '../../platform/events.js';
import { Ids } from '../../platform/ids.js';
import { Jobs } from '../../platform/queue/jobs.js';
import { Keys } from '../../platform/keys.js';
import { readVerp, type VerpPurpose, verpsIn } from '../verp.js';
import { MailCameBack } from './inbound.events.js';
import { readInboundMails } from './inbound.jobs.js';
import {
  insertMail,
  insertStray,
  isFull,
  isToldEnough,
  type UnreadMail,
  unreadMails,
  writeRead,
} from './inbound.sql.js';
import { optOutTokensIn, readingsOf } from './own_traces.js';
import { readReturned, type ReturnedKind, type ReturnedMail } from './returned_mail.js';
import type { Findings } from './told_about.js';

export { emailTabs } from '../email_tabs.js';
export { classify, type Verdict } from './classify.js';
export { MailCameBack } from './inbound.events.js';
export { toldAbout } from './told_about.js';

/** A mail of ours that this one is about, and what its address is for. */
export interface Addressed {
  purpose: VerpPurpose;
  messageId: string;
}

export interface IncomingMail {
  /** As the envelope says it; '' for a report. */
  sender: string;
  recipient: string;
  raw: Buffer;
  source: 'smtp' | 'imap';
}

export type InboundKind = ReturnedKind | 'unsubscribe';

/** A mail that was read and waits to be taken over into the ledger. */
export interface ReadInboundMail {
  id: string;
  messageId: string | null;
  kind: InboundKind;
  sourceKey: string;
  receivedAt: Date;
  findings: Findings;
}

/** More mails speak of one message than anybody needs: waiting for room would wait for ever. */
export class ToldEnough extends LimitReached {}

const BATCH = 50;
/** Of each mail so much is kept; it is what reading looks at. */
export const KEPT_BYTES = 1_048_576;

/** Whom the inbound room wakes. */
@Injectable()
export class InboundNews {
  constructor(
    readonly jobs: Jobs,
    readonly events: Events,
  ) {}
}

/**
 * Takes in what comes back: keeps it before anything is thought about it, then reads it. What it means for a message is
 * the ledger's business, which hears of it by `MailCameBack` and takes the mails that were read.
 */
@Injectable()
export class InboundService {
  private knownKey: KeyObject | undefined;

  constructor(
    private readonly database: Database,
    private readonly clock: Clock,
    private readonly keys: Keys,
    private readonly ids: Ids,
    private readonly news: InboundNews,
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

  /**
   * Commits a mail as it came. Handed over again it is the same one.
   * @throws {LimitReached} when too many wait to be read: it may come again later; {ToldEnough} for one that may not
   */
  async keep(mail: IncomingMail, { purpose, messageId }: Addressed): Promise<void> {
    const arrived = {
      ...mail,
      sender: mail.sender.replaceAll('\0', ''),
      addressed: purpose,
      messageId,
      sourceKey: keyOf(messageId, mail.raw),
      raw: mail.raw.subarray(0, KEPT_BYTES),
      receivedAt: this.clock.now(),
    };
    const brandId = await this.brandOf(messageId);
    if (brandId === undefined) {
      await this.database.outsideBrands((unit) => insertStray(unit, arrived));
      return;
    }
    await this.database.inBrand(brandId, async (unit) => {
      if (await isToldEnough(unit, messageId)) {
        throw new ToldEnough('Enough mails speak of this message.');
      }
      if (await isFull(unit)) {
        throw new LimitReached('Too many mails wait here. Try again later.', 600);
      }
      if (await insertMail(unit, brandId, arrived)) {
        this.news.jobs.later(readInboundMails, { brandId });
      }
    });
  }

  /** Reads what waits; the same transaction says what was found, so that nothing is read twice or not at all. */
  async readAll(brandId: string): Promise<void> {
    while ((await this.database.inBrand(brandId, (unit) => this.readSome(unit))) === BATCH) {
      // The next batch is a transaction of its own.
    }
    this.news.events.tell(new MailCameBack(brandId));
  }

  async brandsWithUnread(): Promise<{ brandId: string }[]> {
    return this.database.outsideBrands((unit) =>
      unit.sql('SELECT brand_id AS "brandId" FROM find_brands_with_inbound_mails()'),
    );
  }

  /** Mails that were read, for the ledger; they are nobody else's until the unit ends. */
  takeRead(unit: Unit, most: number): Promise<ReadInboundMail[]> {
    return unit.sql<ReadInboundMail>(
      `SELECT id, message_id AS "messageId", kind, source_key AS "sourceKey", received_at AS "receivedAt", findings
       FROM inbound_mails WHERE state = 'read' ORDER BY brand_id, id LIMIT $1 FOR UPDATE SKIP LOCKED`,
      [most],
    );
  }

  /** The ledger has taken it over; `forwards` when it is to go on to the author's address. */
  async settle(unit: Unit, id: string, forwards: boolean): Promise<void> {
    await unit.run(
      `UPDATE inbound_mails SET state = 'done', done_at = $2, forward_at = CASE WHEN $3 THEN $2::timestamptz END WHERE id = $1`,
      [id, this.clock.now(), forwards],
    );
  }

  private async readSome(unit: Unit): Promise<number> {
    const mails = await unreadMails(unit, BATCH);
    for (const mail of mails) {
      const read = readReturned(mail.raw, mail.sender);
      await writeRead(unit, mail.id, kindOf(mail, read), read, this.clock.now());
    }
    return mails.length;
  }

  private async brandOf(messageId: string): Promise<string | undefined> {
    const [found] = await this.database.outsideBrands((unit) =>
      unit.sql<{ brand_id: string }>('SELECT brand_id FROM find_message($1)', [messageId]),
    );
    return found?.brand_id;
  }

  private get key(): KeyObject {
    return (this.knownKey ??= createSecretKey(this.keys.of('verp')));
  }
}

/** Whoever writes to the address for it wants no more mails, whatever the words are; reports about that are none. */
function kindOf({ addressed }: UnreadMail, { kind }: ReturnedMail): InboundKind {
  if (addressed === 'bounce') {
    return kind;
  }
  return kind === 'reply' || kind === 'auto_reply' ? 'unsubscribe' : 'notice';
}

/** The same mail has the same key, whichever way and how often it comes: trace headers are left out. */
function keyOf(messageId: string, raw: Buffer): string {
  const text = raw.toString('latin1');
  const end = /\r?\n\r?\n/.exec(text.slice(0, 65_536));
  const head = text.slice(0, end?.index ?? 0);
  const id = /^message-id:[ \t]*(\S{1,500})/im.exec(head)?.[1] ?? /^date:.{0,100}/im.exec(head)?.[0] ?? '';
  return createHash('sha256')
    .update(`${messageId}\n${id}\n`)
    .update(text.slice(end?.index ?? 0), 'latin1')
    .digest('hex');
}
