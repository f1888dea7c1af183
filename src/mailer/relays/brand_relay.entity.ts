import { Entity, PrimaryKey, Property } from '@mikro-orm/decorators/legacy';

export const AUTH_METHODS = ['none', 'PLAIN', 'LOGIN', 'CRAM-MD5', 'XOAUTH2'] as const;
export type AuthMethod = (typeof AUTH_METHODS)[number];
export const SENDER_RULES = ['verp', 'from', 'fixed'] as const;
export const RELAY_TLS = ['implicit', 'required', 'off'] as const;

/** What a person enters about a relay, but for its secret. */
export interface RelaySettings {
  name: string;
  host: string;
  port: number;
  tls: (typeof RELAY_TLS)[number];
  ca: string;
  auth: AuthMethod;
  username: string;
  tokenUrl: string;
  clientId: string;
  tokenScope: string;
  senderRule: (typeof SENDER_RULES)[number];
  senderAddress: string;
  connections: number;
  messagesPerConnection: number;
  perMinute: number;
  fromDomains: string[];
}

/** A relay that a brand brought along. */
@Entity({ tableName: 'relays' })
export class BrandRelay implements RelaySettings {
  @PrimaryKey({ type: 'bigint', autoincrement: true })
  id!: string;

  @Property({ type: 'bigint' })
  brandId!: string;

  @Property({ type: 'text' })
  name!: string;

  @Property({ type: 'text' })
  host!: string;

  @Property({ type: 'int' })
  port!: number;

  @Property({ type: 'text' })
  tls!: RelaySettings['tls'];

  @Property({ type: 'text' })
  ca = '';

  @Property({ type: 'text' })
  auth!: AuthMethod;

  @Property({ type: 'text' })
  username = '';

  /** The password or the client's secret, encrypted for its place. */
  @Property({ type: 'blob', nullable: true })
  sealed: Buffer | null = null;

  @Property({ type: 'text' })
  tokenUrl = '';

  @Property({ type: 'text' })
  clientId = '';

  @Property({ type: 'text' })
  tokenScope = '';

  @Property({ type: 'text' })
  senderRule: RelaySettings['senderRule'] = 'verp';

  @Property({ type: 'text' })
  senderAddress = '';

  @Property({ type: 'int' })
  connections = 5;

  @Property({ type: 'int' })
  messagesPerConnection = 100;

  @Property({ type: 'int' })
  perMinute = 0;

  @Property({ type: 'string[]', columnType: 'text[]' })
  fromDomains: string[] = [];

  @Property({ type: 'int' })
  place!: number;

  @Property({ type: 'boolean' })
  enabled = true;

  @Property({ type: 'timestamptz' })
  createdAt!: Date;

  @Property({ type: 'timestamptz' })
  changedAt!: Date;

  @Property({ type: 'timestamptz', nullable: true })
  triedAt: Date | null = null;

  /** What the server said at the last try to reach it; '' when it worked. */
  @Property({ type: 'text' })
  trouble = '';

  /** The first try that found it down, while it does not answer. */
  @Property({ type: 'timestamptz', nullable: true })
  downSince: Date | null = null;

  /** The last such try. */
  @Property({ type: 'timestamptz', nullable: true })
  downAt: Date | null = null;

  change(settings: RelaySettings, sealed: Buffer | null, now: Date): void {
    Object.assign(this, settings);
    this.sealed = sealed;
    this.changedAt = now;
  }

  found(trouble: string, now: Date): void {
    this.trouble = trouble.replaceAll('\0', '').slice(0, 500);
    this.triedAt = now;
    if (trouble === '') {
      this.answers();
    }
  }

  /** Nothing is known against it. */
  answers(): void {
    this.downSince = null;
    this.downAt = null;
  }
}

/** Where a relay's secret lies: moved to another brand's row it does not open. */
export function secretPlace(brandId: string): string {
  return `relays|secret|${brandId}`;
}
