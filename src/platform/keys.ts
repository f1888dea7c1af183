import {
  createCipheriv,
  createDecipheriv,
  createHmac,
  createSecretKey,
  hkdfSync,
  type KeyObject,
  randomBytes,
} from 'node:crypto';
import { chmod, mkdir, readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { Injectable, type OnModuleInit } from '@nestjs/common';
import { Clock } from './clock.js';
import { BadConfiguration, Config } from './config.js';
import { Database } from './db/database.js';

/** One key for each purpose, made at the first boot and kept sealed by SECRET_KEY in the database. */
const PURPOSES = ['link', 'opt-out', 'public-id', 'preview', 'verp', 'cookie'] as const;
export type KeyPurpose = (typeof PURPOSES)[number];

/** The installation's keys: tokens of links and public ids are computed with them, not looked up. */
@Injectable()
export class Keys implements OnModuleInit {
  private readonly keys = new Map<KeyPurpose, Buffer>();
  /** The same keys as the HMAC takes them at once; from bytes it makes one anew each time, which costs four times the rest. */
  private readonly macKeys = new Map<KeyPurpose, KeyObject>();
  private sealing: Buffer = Buffer.alloc(0);

  constructor(
    private readonly config: Config,
    private readonly database: Database,
    private readonly clock: Clock,
  ) {}

  onModuleInit(): Promise<void> {
    return this.open();
  }

  /** Opens the sealed keys, or makes them in an empty database. @throws {BadConfiguration} when SECRET_KEY is a wrong one */
  private async open(): Promise<void> {
    this.sealing = this.config.secretKey ?? (await secretKeyOf(this.config.dataDir));
    const rows = await this.database.outsideBrands(async (unit) => {
      const known = await unit.sql<{ purpose: KeyPurpose }>('SELECT purpose FROM installation_keys');
      const missing = PURPOSES.filter((purpose) => !known.some((row) => row.purpose === purpose));
      for (const purpose of missing) {
        await unit.sql(
          `INSERT INTO installation_keys (purpose, version, sealed, created_at) VALUES ($1, 1, $2, $3) ON CONFLICT DO NOTHING`,
          [purpose, this.seal(randomBytes(32), `key|${purpose}|1`), this.clock.now()],
        );
      }
      return unit.sql<{ purpose: KeyPurpose; sealed: Buffer }>(
        'SELECT purpose, sealed FROM installation_keys WHERE version = 1',
      );
    });
    rows.forEach(({ purpose, sealed }) => this.keys.set(purpose, this.opened(sealed, purpose)));
  }

  /** 32 bytes for one purpose. */
  of(purpose: KeyPurpose): Buffer {
    const key = this.keys.get(purpose);
    if (key === undefined) {
      throw new Error(`The key for ${purpose} is not open`);
    }
    return key;
  }

  /** HMAC-SHA256 of `text`, in base64url, cut to `length` characters. */
  mac(purpose: KeyPurpose, text: string, length = 43): string {
    const key = this.macKeys.get(purpose) ?? createSecretKey(this.of(purpose));
    this.macKeys.set(purpose, key);
    return createHmac('sha256', key).update(text).digest('base64url').slice(0, length);
  }

  /**
   * Encrypts a secret for the database (AES-256-GCM).
   * @param place where it is kept, e.g. `relays|password|<brand>`: a cipher text moved elsewhere does not open
   */
  seal(secret: Buffer, place: string): Buffer {
    const iv = randomBytes(12);
    const cipher = createCipheriv('aes-256-gcm', this.sealing, iv).setAAD(Buffer.from(place));
    return Buffer.concat([iv, cipher.update(secret), cipher.final(), cipher.getAuthTag()]);
  }

  unseal(sealed: Buffer, place: string): Buffer {
    const decipher = createDecipheriv('aes-256-gcm', this.sealing, sealed.subarray(0, 12))
      .setAAD(Buffer.from(place))
      .setAuthTag(sealed.subarray(-16));
    return Buffer.concat([decipher.update(sealed.subarray(12, -16)), decipher.final()]);
  }

  private opened(sealed: Buffer, purpose: KeyPurpose): Buffer {
    try {
      return this.unseal(sealed, `key|${purpose}|1`);
    } catch (cause) {
      const mistake = 'SECRET_KEY is not the one that this database was made with; nothing was changed';
      throw Object.assign(new BadConfiguration([mistake]), { cause });
    }
  }
}

/** A key derived from another one, for purposes that need several. */
export function derivedKey(key: Buffer, label: string, bytes = 32): Buffer {
  return Buffer.from(hkdfSync('sha256', key, Buffer.alloc(0), label, bytes));
}

async function secretKeyOf(dataDir: string): Promise<Buffer> {
  const path = join(dataDir, 'secret.key');
  await mkdir(dataDir, { recursive: true });
  try {
    await writeFile(path, randomBytes(32).toString('hex'), { mode: 0o600, flag: 'wx' });
    await chmod(path, 0o600);
  } catch (error) {
    if ((error as { code?: string }).code !== 'EEXIST') {
      throw error;
    }
  }
  const key = Buffer.from((await readFile(path, 'utf8')).trim(), 'hex');
  if (key.length !== 32) {
    throw new BadConfiguration([
      `${path} does not hold 32 bytes as hex digits; restore it from a backup or set SECRET_KEY`,
    ]);
  }
  return key;
}
