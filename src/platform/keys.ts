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
import pg from 'pg';
import { Clock } from './clock.js';
import { BadConfiguration, Config } from './config.js';
import { Database, type Unit } from './db/database.js';

/** One key for each purpose, made at the first boot and kept sealed by SECRET_KEY in the database. */
const PURPOSES = ['link', 'opt-out', 'public-id', 'preview', 'verp', 'cookie', 'open', 'picture', 'fields'] as const;
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
    this.sealing = await sealingKey(this.config);
    await this.database.outsideBrands(async (unit) => {
      // Those that are there first: a wrong SECRET_KEY must not seal what is missing.
      await this.read(unit);
      for (const purpose of PURPOSES.filter((one) => !this.keys.has(one))) {
        await unit.sql(
          `INSERT INTO installation_keys (purpose, version, sealed, created_at) VALUES ($1, 1, $2, $3) ON CONFLICT DO NOTHING`,
          [purpose, this.seal(randomBytes(32), `key|${purpose}|1`), this.clock.now()],
        );
      }
      await this.read(unit);
    });
  }

  private async read(unit: Unit): Promise<void> {
    const rows = await unit.sql<SealedKey>('SELECT purpose, sealed FROM installation_keys WHERE version = 1');
    rows.forEach((row) => this.keys.set(row.purpose, openedKey(this.sealing, row)));
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
    return unsealed(this.sealing, sealed, place);
  }
}

interface SealedKey {
  purpose: KeyPurpose;
  sealed: Buffer;
}

function unsealed(sealing: Buffer, sealed: Buffer, place: string): Buffer {
  const decipher = createDecipheriv('aes-256-gcm', sealing, sealed.subarray(0, 12))
    .setAAD(Buffer.from(place))
    .setAuthTag(sealed.subarray(-16));
  return Buffer.concat([decipher.update(sealed.subarray(12, -16)), decipher.final()]);
}

function openedKey(sealing: Buffer, { purpose, sealed }: SealedKey): Buffer {
  try {
    return unsealed(sealing, sealed, `key|${purpose}|1`);
  } catch (cause) {
    const mistake = 'SECRET_KEY is not the one that this database was made with; nothing was changed';
    throw Object.assign(new BadConfiguration([mistake]), { cause });
  }
}

/**
 * Looks whether SECRET_KEY opens what an installation sealed, before its first migration: a wrong one changes nothing,
 * neither in the database nor in DATA_DIR. An empty database takes any.
 * @throws {BadConfiguration}
 */
export async function mustOpenKeys(url: string, config: Config): Promise<void> {
  const client = new pg.Client({ connectionString: url });
  await client.connect();
  try {
    const { rows: tables } = await client.query(`SELECT to_regclass('installation_keys') AS name`);
    const isEmpty = (tables[0] as { name: string | null }).name === null;
    const { rows } = isEmpty
      ? { rows: [] }
      : await client.query<SealedKey>('SELECT purpose, sealed FROM installation_keys WHERE version = 1');
    if (rows.length > 0) {
      const sealing = await sealingKey(config, false);
      rows.forEach((row) => openedKey(sealing, row));
    }
  } finally {
    await client.end();
  }
}

/** A key derived from another one, for purposes that need several. */
export function derivedKey(key: Buffer, label: string, bytes = 32): Buffer {
  return Buffer.from(hkdfSync('sha256', key, Buffer.alloc(0), label, bytes));
}

/** @param mayMake whether a missing file may be made: it is lost, not new, where keys were sealed by it */
async function sealingKey({ secretKey, dataDir }: Config, mayMake = true): Promise<Buffer> {
  if (secretKey !== undefined) {
    return secretKey;
  }
  const path = join(dataDir, 'secret.key');
  if (mayMake) {
    await makeSecretFile(dataDir, path);
  }
  const key = Buffer.from((await readFile(path, 'utf8').catch(() => '')).trim(), 'hex');
  if (key.length !== 32) {
    throw new BadConfiguration([
      `${path} does not hold 32 bytes as hex digits; restore it from a backup or set SECRET_KEY`,
    ]);
  }
  return key;
}

async function makeSecretFile(dataDir: string, path: string): Promise<void> {
  await mkdir(dataDir, { recursive: true });
  try {
    await writeFile(path, randomBytes(32).toString('hex'), { mode: 0o600, flag: 'wx' });
    await chmod(path, 0o600);
  } catch (error) {
    if ((error as { code?: string }).code !== 'EEXIST') {
      throw error;
    }
  }
}
