import { randomBytes, timingSafeEqual } from 'node:crypto';
import { Injectable } from '@nestjs/common';
import { Ids } from '../../platform/ids.js';
import { Keys } from '../../platform/keys.js';
import type { Untouched } from './untouched.js';
import type { Start, Way } from '../visit.js';

/** 132 bits: as hard to guess as a link. */
const SEAL_LENGTH = 22;
const MARK_LENGTH = 8;

/**
 * Signed references that pages carry: which session a form or a cookie belongs to, and when a walk began. Each is bound
 * to the address it was drawn for and means nothing elsewhere.
 */
@Injectable()
export class Tickets {
  constructor(
    private readonly ids: Ids,
    private readonly keys: Keys,
  ) {}

  ofSession(way: Way, sessionId: string): string {
    const shown = this.ids.show('FS', sessionId);
    return `${shown}.${this.seal(way, shown)}`;
  }

  /** The session's number, or undefined for anything that was not drawn for this address. */
  readSession(way: Way, ticket: unknown): string | undefined {
    const [, shown, seal] = /^(FS_\w{15})\.([\w-]{22})$/.exec(typeof ticket === 'string' ? ticket : '') ?? [];
    return shown !== undefined && this.isSealed(way, shown, seal!) ? this.ids.tryRead('FS', shown) : undefined;
  }

  /** Stands in the address while a walk is under way. It opens nothing: it only tells that this page follows another. */
  markOf(way: Way, sessionId: string): string {
    return this.seal(way, `here|${sessionId}`).slice(0, MARK_LENGTH);
  }

  /** Tells a browser from others on one address. No page shows that of another browser, so only its cookie or form has it. */
  ofBrowser(way: Way, browser: string): string {
    return `${browser}.${this.seal(way, `browser|${browser}`)}`;
  }

  readBrowser(way: Way, ticket: unknown): string | undefined {
    const [, browser, seal] = /^([\w-]{12})\.([\w-]{22})$/.exec(typeof ticket === 'string' ? ticket : '') ?? [];
    return browser !== undefined && this.isSealed(way, `browser|${browser}`, seal!) ? browser : undefined;
  }

  /**
   * A new beginning. A person's own link always begins with the same key, so that reloading changes no order; not where
   * answers are anonymous: whoever has the link could see beforehand what chance will show to that person.
   */
  newStart(way: Way, at: Date, isAnonymous: boolean): Start {
    const bytes =
      way.entry.walk === 'ofLink' && !isAnonymous
        ? Buffer.from(this.keys.mac('cookie', `start|${way.link?.id}`), 'base64url').subarray(0, 16)
        : randomBytes(16);
    return startOf(bytes, at);
  }

  ofStart(way: Way, { key, at }: Start): string {
    const text = `${Buffer.from(key.replaceAll('-', ''), 'hex').toString('base64url')}-${at.getTime().toString(36)}`;
    return `${text}.${this.seal(way, text)}`;
  }

  readStart(way: Way, ticket: unknown): Start | undefined {
    const [, text, bytes, at, seal] =
      /^(([\w-]{22})-([0-9a-z]{1,11}))\.([\w-]{22})$/.exec(typeof ticket === 'string' ? ticket : '') ?? [];
    return text !== undefined && this.isSealed(way, text, seal!)
      ? startOf(Buffer.from(bytes!, 'base64url'), new Date(Number.parseInt(at!, 36)))
      : undefined;
  }

  /** A walk in which nothing is answered yet: whoever has its page can go on when its session was forgotten. */
  ofUntouched(way: Way, walk: Untouched): string {
    return this.keys.seal(Buffer.from(JSON.stringify(walk)), placeOf(way)).toString('base64url');
  }

  readUntouched(way: Way, ticket: unknown): Untouched | undefined {
    if (typeof ticket !== 'string' || ticket === '') {
      return undefined;
    }
    try {
      const { startedAt, lastActivityAt, ...walk } = JSON.parse(
        this.keys.unseal(Buffer.from(ticket, 'base64url'), placeOf(way)).toString(),
      ) as Untouched;
      return { ...walk, startedAt: new Date(startedAt), lastActivityAt: new Date(lastActivityAt) };
    } catch {
      return undefined; // torn, or not ours
    }
  }

  private isSealed(way: Way, text: string, seal: string): boolean {
    const [expected, offered] = [Buffer.from(this.seal(way, text)), Buffer.from(seal)];
    return offered.length === expected.length && timingSafeEqual(offered, expected);
  }

  private seal(way: Way, text: string): string {
    return this.keys.mac('cookie', `walk|${way.path}|${text}`, SEAL_LENGTH);
  }
}

function placeOf({ path }: Way): string {
  return `pages|untouched|${path}`;
}

function startOf(bytes: Buffer, at: Date): Start {
  const hex = bytes.toString('hex');
  const key = [hex.slice(0, 8), hex.slice(8, 12), hex.slice(12, 16), hex.slice(16, 20), hex.slice(20)].join('-');
  return { key, seed: bytes.readUInt32BE(0), at };
}
