import { createPrivateKey, generateKeyPair, type KeyObject } from 'node:crypto';
import { readFile } from 'node:fs/promises';
import { promisify } from 'node:util';
import { Injectable, type OnModuleInit } from '@nestjs/common';
import { Clock } from '../../platform/clock.js';
import { BadConfiguration, Config } from '../../platform/config.js';
import { Database } from '../../platform/db/database.js';
import { Keys } from '../../platform/keys.js';
import { DomainKey, type KeyAlgorithm, placeOf } from './domain_key.entity.js';

/** A key that signs mails of a domain. */
export interface SigningKey {
  domain: string;
  selector: string;
  algorithm: 'rsa-sha256' | 'ed25519-sha256';
  privateKey: KeyObject;
}

/** On the threads of libuv: RSA-2048 takes up to a second. */
const makePair = promisify(generateKeyPair);
const ALGORITHMS = { rsa: 'rsa-sha256', ed25519: 'ed25519-sha256' } as const;
/** RFC 8463 §4: the bare 32 bytes, which stand at the end of the structure. */
const ED25519_BYTES = 32;

/** A key that was just made and is not kept yet. */
export interface MadeKey {
  algorithm: KeyAlgorithm;
  bits: number;
  publicKey: string;
  /** PKCS #8. */
  secret: Buffer;
}

/** Makes signing keys, keeps them encrypted and opens them. */
@Injectable()
export class DomainKeys implements OnModuleInit {
  private installationKey: KeyObject | undefined;

  constructor(
    private readonly database: Database,
    private readonly keys: Keys,
    private readonly config: Config,
    private readonly clock: Clock,
  ) {}

  async onModuleInit(): Promise<void> {
    const path = this.config.DKIM_KEY_FILE;
    this.installationKey = path === undefined ? undefined : await keyOfFile(path);
  }

  /** @param bits 1024 or 2048 */
  async make(algorithm: KeyAlgorithm, bits: number): Promise<MadeKey> {
    const pair =
      algorithm === 'rsa' ? await makePair('rsa', { modulusLength: bits }) : await makePair('ed25519', undefined);
    const spki = pair.publicKey.export({ type: 'spki', format: 'der' });
    const bytes = algorithm === 'rsa' ? spki : spki.subarray(-ED25519_BYTES);
    const secret = pair.privateKey.export({ type: 'pkcs8', format: 'der' });
    return { algorithm, bits: algorithm === 'rsa' ? bits : 256, publicKey: bytes.toString('base64'), secret };
  }

  /** A made key as it is kept, its secret encrypted for its place. */
  kept({ secret, ...made }: MadeKey, where: Pick<DomainKey, 'brandId' | 'domainId' | 'selector' | 'stage'>): DomainKey {
    const row = { ...made, ...where, published: false, createdAt: this.clock.now(), retiredAt: null };
    return Object.assign(new DomainKey(), row, { sealed: this.keys.seal(secret, placeOf(where)) });
  }

  /** The keys that sign for a domain of the brand: current ones whose record was seen, RSA first. */
  async open(brandId: string, domain: string): Promise<SigningKey[]> {
    const rows = await this.database.inBrand(brandId, (unit) =>
      unit.sql<SealedKey>(
        `SELECT k.brand_id AS "brandId", k.domain_id AS "domainId", k.selector, k.algorithm, k.sealed
         FROM from_domain_keys k JOIN from_domains d ON d.brand_id = k.brand_id AND d.id = k.domain_id
         WHERE d.domain = $1 AND d.healthy_at IS NOT NULL AND k.stage = 'current' AND k.published
         ORDER BY k.algorithm DESC, k.id`,
        [domain],
      ),
    );
    return rows.map((row) => this.signingKey(row, domain));
  }

  /** A key as the signer takes it; none where its secret is gone. */
  opened({ brandId, domainId, selector, algorithm, sealed }: DomainKey, domain: string): SigningKey[] {
    return sealed === null ? [] : [this.signingKey({ brandId, domainId, selector, algorithm, sealed }, domain)];
  }

  private signingKey(row: SealedKey, domain: string): SigningKey {
    const key = this.keys.unseal(row.sealed, placeOf(row));
    const privateKey = createPrivateKey({ key, format: 'der', type: 'pkcs8' });
    return { domain, selector: row.selector, algorithm: ALGORITHMS[row.algorithm], privateKey };
  }

  /** The operator's key for `MAIL_DOMAIN`, where there is one. */
  ofInstallation(domain: string): Promise<SigningKey[]> {
    const { DKIM_SELECTOR: selector } = this.config;
    const privateKey = this.installationKey;
    if (selector === undefined || privateKey === undefined) {
      return Promise.resolve([]);
    }
    const algorithm = privateKey.asymmetricKeyType === 'ed25519' ? ALGORITHMS.ed25519 : ALGORITHMS.rsa;
    return Promise.resolve([{ domain, selector, algorithm, privateKey }]);
  }
}

interface SealedKey {
  brandId: string;
  domainId: string;
  selector: string;
  algorithm: KeyAlgorithm;
  sealed: Buffer;
}

/** @throws {BadConfiguration} */
async function keyOfFile(path: string): Promise<KeyObject> {
  try {
    const key = createPrivateKey(await readFile(path));
    const isWeak = key.asymmetricKeyType === 'rsa' && (key.asymmetricKeyDetails?.modulusLength ?? 0) < 1024;
    if (isWeak || !['rsa', 'ed25519'].includes(key.asymmetricKeyType ?? '')) {
      throw new Error('it must be RSA with 1024 bits or more, or Ed25519');
    }
    return key;
  } catch (cause) {
    const mistake = `DKIM_KEY_FILE holds no private key that can be used: ${(cause as Error).message}`;
    throw Object.assign(new BadConfiguration([mistake]), { cause });
  }
}
