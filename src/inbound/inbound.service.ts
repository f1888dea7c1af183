import { createHash } from 'node:crypto';
import { Injectable } from '@nestjs/common';
import { Clock } from '../platform/clock.js';
import { Config } from '../platform/config.js';
import { Database, type Unit } from '../platform/db/database.js';
import { LimitReached } from '../platform/errors.js';
import { Events } from '../platform/events.js';
import { Jobs } from '../platform/queue/jobs.js';
import { MailCameBack } from './inbound.events.js';
import { readInboundMails } from './inbound.jobs.js';
import {
  type Arrived,
  insertMail,
  insertStray,
  isFull,
  type UnreadMail,
  unreadMails,
  writeRead,
} from './inbound.sql.js';
import { keptMail, type KeptMail } from './kept_mail.sql.js';
import { keptPartOf } from './reading/kept_part.js';
import { bytesSince, countBytes, countRepeat, roomFor, waitForTurn } from './inbound_room.sql.js';
import type { Addressed } from './reading/own_addresses.js';
import { readReturned, type ReturnedKind, type ReturnedMail } from './reading/returned_mail.js';
import type { Findings } from './reading/told_about.js';

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
/** Of each mail so much is kept until it is read; it is what reading looks at. */
export const KEPT_BYTES = 262_144;
const MEGABYTE = 1_048_576;
/** Whether there is room for all is looked at so often. */
const LOOKED_MS = 5000;

/**
 * Takes in what comes back: keeps it before anything is thought about it, then reads it. What it means for a message is
 * the ledger's business, which hears of it by `MailCameBack` and takes the mails that were read.
 */
@Injectable()
export class InboundService {
  private looked = { at: 0, hasRoom: true };

  constructor(
    private readonly config: Config,
    private readonly database: Database,
    private readonly clock: Clock,
    private readonly jobs: Jobs,
    private readonly events: Events,
  ) {}

  /**
   * Commits a mail as it came. Handed over again it is the same one. Where enough is kept about its message or of its
   * day, only what it says is.
   * @throws {LimitReached} when too many wait to be read, or all that is kept takes too much: it may come again later;
   *   {ToldEnough} for one that may not
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
    await this.mustHaveRoom();
    await this.database.inBrand(brandId, (unit) => this.take(unit, brandId, arrived));
  }

  /** Reads what waits; the same transaction says what was found, so that nothing is read twice or not at all. */
  async readAll(brandId: string): Promise<void> {
    while ((await this.database.inBrand(brandId, (unit) => this.readSome(unit, brandId))) === BATCH) {
      // The next batch is a transaction of its own.
    }
    this.events.tell(new MailCameBack(brandId));
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

  kept(unit: Unit, id: string): Promise<KeptMail | undefined> {
    return keptMail(unit, id);
  }

  private async take(unit: Unit, brandId: string, arrived: Arrived): Promise<void> {
    await waitForTurn(unit, arrived.messageId);
    const room = await roomFor(unit, arrived);
    if (room === 'known') {
      return;
    }
    if (await isFull(unit)) {
      throw new LimitReached('Too many mails wait here. Try again later.', 600);
    }
    if (room === 'whole') {
      await insertMail(unit, brandId, arrived);
      await countBytes(unit, brandId, arrived.receivedAt, arrived.raw.length);
    } else if (!(await this.takeFacts(unit, brandId, arrived, room === 'enough'))) {
      return;
    }
    this.jobs.later(readInboundMails, { brandId });
  }

  /** @returns false when it brought nothing new and was only counted */
  private async takeFacts(unit: Unit, brandId: string, arrived: Arrived, isEnough: boolean): Promise<boolean> {
    const read = readReturned(arrived.raw, arrived.sender);
    const kind = kindOf(arrived, read);
    if (isEnough && kind === 'reply') {
      throw new ToldEnough('Enough mails speak of this message.'); // its author hears it of his own server
    }
    if (isEnough && (await countRepeat(unit, arrived.messageId, kind, read))) {
      return false;
    }
    const id = await insertMail(unit, brandId, { ...arrived, raw: Buffer.alloc(0) });
    if (id !== undefined) {
      await writeRead(unit, { id, kind, essence: Buffer.alloc(0) }, read, this.clock.now());
    }
    return true;
  }

  /** @throws {LimitReached} */
  private async mustHaveRoom(): Promise<void> {
    const now = this.clock.ms();
    if (Math.abs(now - this.looked.at) >= LOOKED_MS) {
      const since = new Date(now - this.config.INBOUND_KEEP_DAYS * 86_400_000);
      const most = this.config.INBOUND_STORE_MB * MEGABYTE;
      const bytes = await this.database.outsideBrands((unit) => bytesSince(unit, since));
      this.looked = { at: now, hasRoom: bytes < most };
    }
    if (!this.looked.hasRoom) {
      throw new LimitReached('No more mails can be kept here. Try again later.', 3600);
    }
  }

  private async readSome(unit: Unit, brandId: string): Promise<number> {
    const mails = await unreadMails(unit, BATCH);
    const shrunk: { at: Date; bytes: number }[] = [];
    for (const mail of mails) {
      const read = readReturned(mail.raw, mail.sender);
      const kind = kindOf(mail, read);
      const essence = kind === 'reply' && !read.isFromMachine ? mail.raw : keptPartOf(mail.raw); // a person's goes on
      await writeRead(unit, { id: mail.id, kind, essence }, read, this.clock.now());
      shrunk.push({ at: mail.receivedAt, bytes: essence.length - mail.raw.length });
    }
    // Last, because whoever brings a mail waits for this row.
    for (const { at, bytes } of shrunk) {
      await countBytes(unit, brandId, at, bytes);
    }
    return mails.length;
  }

  private async brandOf(messageId: string): Promise<string | undefined> {
    const [found] = await this.database.outsideBrands((unit) =>
      unit.sql<{ brand_id: string }>('SELECT brand_id FROM find_message($1)', [messageId]),
    );
    return found?.brand_id;
  }
}

/** Whoever writes to the address for it wants no more mails, whatever the words are; reports about that are none. */
function kindOf({ addressed }: Pick<UnreadMail, 'addressed'>, { kind }: ReturnedMail): InboundKind {
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
