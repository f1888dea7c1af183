import { Entity, PrimaryKey, Property } from '@mikro-orm/decorators/legacy';

export type KeyAlgorithm = 'rsa' | 'ed25519';

/** next: waits for its record in the DNS · current: signs · retired: its record may go. */
export type KeyStage = 'next' | 'current' | 'retired';

/** One signing key of a From domain. */
@Entity({ tableName: 'from_domain_keys' })
export class DomainKey {
  @PrimaryKey({ type: 'bigint', autoincrement: true })
  id!: string;

  @Property({ type: 'bigint' })
  brandId!: string;

  @Property({ type: 'bigint' })
  domainId!: string;

  @Property({ type: 'text' })
  selector!: string;

  @Property({ type: 'text' })
  algorithm!: KeyAlgorithm;

  @Property({ type: 'int' })
  bits!: number;

  /** As it stands behind `p=` in the DNS. */
  @Property({ type: 'text' })
  publicKey!: string;

  /** The private key (PKCS #8), encrypted; gone when it is retired. */
  @Property({ type: 'blob', nullable: true })
  sealed: Buffer | null = null;

  @Property({ type: 'text' })
  stage!: KeyStage;

  @Property({ type: 'boolean' })
  published = false;

  @Property({ type: 'timestamptz' })
  createdAt!: Date;

  @Property({ type: 'timestamptz', nullable: true })
  retiredAt: Date | null = null;

  /** The record that publishes it (RFC 6376 §3.6.1, RFC 8463 §4). */
  get record(): string {
    return `v=DKIM1; k=${this.algorithm}; p=${this.publicKey}`;
  }

  retire(now: Date): void {
    this.stage = 'retired';
    this.sealed = null;
    this.retiredAt = now;
  }
}

/** What a sealed key is tied to: moved to another brand or domain it does not open. */
export function placeOf({ brandId, domainId, selector }: Pick<DomainKey, 'brandId' | 'domainId' | 'selector'>): string {
  return `from_domain_keys|sealed|${brandId}|${domainId}|${selector}`;
}
