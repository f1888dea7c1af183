import {
  type Cipheriv,
  createCipheriv,
  createDecipheriv,
  createHmac,
  createSecretKey,
  type KeyObject,
} from 'node:crypto';
import { Injectable } from '@nestjs/common';
import { NotFound } from './errors.js';
import { derivedKey, Keys } from './keys.js';

/** Prefixes of public ids, as clients of the v3 API know them. */
export type IdPrefix =
  | 'SV'
  | 'UR'
  | 'EMD'
  | 'CG'
  | 'CID'
  | 'MLRP'
  | 'POOL'
  | 'R'
  | 'MS'
  | 'GR'
  | 'UT'
  | 'FS'
  | 'IM'
  | 'ES'
  | 'ML'
  | 'BR'
  | 'DV'
  | 'TK'
  | 'FR'
  | 'SG'
  | 'RL'
  | 'NT';

/** What a token is good for; one purpose's token means nothing for another. */
type TokenPurpose = 'link' | 'opt-out' | 'preview' | 'open' | 'picture';

const DIGITS = '0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz';
const ID_LENGTH = 15;
const HALF_BITS = 44n;
const HALF_MASK = (1n << HALF_BITS) - 1n;
const CHECK_BITS = 24n;
const TOKEN_LENGTH = 22;
/** What a token looks like, whatever it is good for: the key's version and 22 characters in base62. */
export const TOKEN_FORM = `1[0-9A-Za-z]{${TOKEN_LENGTH}}`;
const TOKEN = new RegExp(`^${TOKEN_FORM}$`);

/**
 * Ids and tokens that are computed instead of stored.
 * A public id is a prefix and 15 base62 characters: the row's number with 24 zero bits, through a Feistel network of
 * 88 bits keyed by the prefix. A guessed id fails the zero bits; ids of one kind mean nothing for another.
 */
@Injectable()
export class Ids {
  /** ECB has no state between blocks, so one cipher a round serves every id; making one costs more than using it. */
  private readonly rounds = new Map<string, Cipheriv>();
  /** As key objects: with bytes node makes one anew for each token, which costs five times the rest. */
  private readonly tokenKeys = new Map<string, KeyObject>();

  constructor(private readonly keys: Keys) {}

  /** `SV_…` of a row's number. */
  show(prefix: IdPrefix, id: string): string {
    return this.showAll(prefix, [id])[0]!;
  }

  /** The same for many: a round of the cipher for all of them costs hardly more than for one. */
  showAll(prefix: IdPrefix, ids: readonly string[]): string[] {
    const plain = ids.map((id) => BigInt(id) << CHECK_BITS);
    return this.feistel(prefix, plain, [0, 1, 2, 3]).map((value) => `${prefix}_${base62(value, ID_LENGTH)}`);
  }

  /** The row's number, or undefined where the text is no id of this kind. */
  tryRead(prefix: IdPrefix, shown: string): string | undefined {
    const match = new RegExp(`^${prefix}_([0-9A-Za-z]{${ID_LENGTH}})$`).exec(shown);
    const value = match?.[1] === undefined ? undefined : number62(match[1]);
    if (value === undefined || value >> (HALF_BITS * 2n) !== 0n) {
      return undefined;
    }
    const plain = this.unfeistel(prefix, value);
    return (plain & ((1n << CHECK_BITS) - 1n)) === 0n ? String(plain >> CHECK_BITS) : undefined;
  }

  /** @throws {NotFound} where the text is no id of this kind: to the outside such a thing does not exist */
  read(prefix: IdPrefix, shown: string): string {
    const id = this.tryRead(prefix, shown);
    if (id === undefined) {
      throw new NotFound('This does not exist, or it belongs to somebody else.');
    }
    return id;
  }

  /** A link's token: one AES-128 block of number and check value in base62, with the key's version in front. */
  token(purpose: TokenPurpose, id: string): string {
    const block = Buffer.alloc(16);
    block.writeBigUInt64BE(BigInt(id), 0);
    this.check(purpose, id).copy(block, 8);
    const cipher = createCipheriv('aes-128-ecb', this.tokenKey(purpose), null).setAutoPadding(false);
    return `1${base62(BigInt(`0x${Buffer.concat([cipher.update(block), cipher.final()]).toString('hex')}`), TOKEN_LENGTH)}`;
  }

  /** The number inside a token, or undefined for anything that this installation did not make. */
  readToken(purpose: TokenPurpose, token: string): string | undefined {
    const value = TOKEN.test(token) ? number62(token.slice(1)) : undefined;
    if (value === undefined || value >> 128n !== 0n) {
      return undefined;
    }
    const decipher = createDecipheriv('aes-128-ecb', this.tokenKey(purpose), null).setAutoPadding(false);
    const bytes = Buffer.from(value.toString(16).padStart(32, '0'), 'hex');
    const block = Buffer.concat([decipher.update(bytes), decipher.final()]);
    const id = String(block.readBigUInt64BE(0));
    return block.subarray(8).equals(this.check(purpose, id)) ? id : undefined;
  }

  private check(purpose: string, id: string): Buffer {
    return createHmac('sha256', this.tokenKey(`${purpose}-check`))
      .update(id)
      .digest()
      .subarray(0, 8);
  }

  private tokenKey(purpose: string): KeyObject {
    const known = this.tokenKeys.get(purpose);
    if (known !== undefined) {
      return known;
    }
    const key = createSecretKey(derivedKey(this.keys.of(purpose.replace('-check', '') as 'link'), purpose, 16));
    this.tokenKeys.set(purpose, key);
    return key;
  }

  private feistel(prefix: string, values: readonly bigint[], rounds: number[]): bigint[] {
    let left = values.map((value) => value >> HALF_BITS);
    let right = values.map((value) => value & HALF_MASK);
    for (const round of rounds) {
      const mixed = this.round(prefix, round, right);
      const next = left.map((half, index) => half ^ mixed[index]!);
      [left, right] = [right, next];
    }
    return left.map((half, index) => (half << HALF_BITS) | right[index]!);
  }

  private unfeistel(prefix: string, value: bigint): bigint {
    const swapped = ((value & HALF_MASK) << HALF_BITS) | (value >> HALF_BITS);
    const [plain = 0n] = this.feistel(prefix, [swapped], [3, 2, 1, 0]);
    return ((plain & HALF_MASK) << HALF_BITS) | (plain >> HALF_BITS);
  }

  private round(prefix: string, round: number, halves: readonly bigint[]): bigint[] {
    const label = `${prefix}${round}`;
    const cipher =
      this.rounds.get(label) ?? createCipheriv('aes-128-ecb', derivedKey(this.keys.of('public-id'), label, 16), null);
    this.rounds.set(label, cipher);
    const blocks = Buffer.alloc(16 * halves.length);
    halves.forEach((half, index) => blocks.writeBigUInt64BE(half, 16 * index + 8));
    const mixed = cipher.update(blocks);
    return halves.map((_half, index) => mixed.readBigUInt64BE(16 * index) & HALF_MASK);
  }
}

/** So many digits fit into a plain number, which is divided far faster than a big one. */
const DIGITS_AT_ONCE = 8;
const STEP = 62n ** BigInt(DIGITS_AT_ONCE);

function base62(value: bigint, length: number): string {
  let text = '';
  for (let rest = value; text.length < length; rest /= STEP) {
    let digits = Number(rest % STEP);
    for (let place = 0; place < DIGITS_AT_ONCE && text.length < length; place += 1) {
      text = DIGITS.charAt(digits % 62) + text;
      digits = Math.floor(digits / 62);
    }
  }
  return text;
}

function number62(text: string): bigint {
  let value = 0n;
  for (const digit of text) {
    value = value * 62n + BigInt(DIGITS.indexOf(digit));
  }
  return value;
}
