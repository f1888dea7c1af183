import { BigIntType } from '@mikro-orm/core';
import { Entity, PrimaryKey, Property } from '@mikro-orm/decorators/legacy';

const nullableId = new BigIntType('string');

export type UserStatus = 'active' | 'disabled' | 'invited';

export function nameOf({ firstName, lastName, email }: Pick<User, 'firstName' | 'lastName' | 'email'>): string {
  return `${firstName} ${lastName}`.trim() || email;
}

export function mayEnter({ status, expiresAt }: Pick<User, 'status' | 'expiresAt'>, now: Date): boolean {
  return status !== 'disabled' && (expiresAt === null || expiresAt > now);
}

/** A person who works here: belongs to one brand, signs in with an e-mail that is unique in the installation. */
@Entity({ tableName: 'users' })
export class User {
  @PrimaryKey({ type: 'bigint', autoincrement: true })
  id!: string;

  @Property({ type: 'bigint' })
  brandId!: string;

  @Property({ type: 'text' })
  email!: string;

  @Property({ type: 'text' })
  firstName = '';

  @Property({ type: 'text' })
  lastName = '';

  @Property({ type: 'text', nullable: true, hidden: true })
  passwordHash: string | null = null;

  @Property({ type: 'bigint' })
  userTypeId!: string;

  @Property({ type: 'text' })
  language = 'en';

  @Property({ type: 'text' })
  timeZone = 'UTC';

  /** Whether they chose it, or their computer told. */
  @Property({ type: 'boolean' })
  hasOwnZone = false;

  @Property({ type: 'text' })
  status: UserStatus = 'active';

  @Property({ type: 'boolean' })
  isOperator = false;

  @Property({ type: 'int', nullable: true })
  weeklyEmailLimit: number | null = null;

  /** The part of the brand whose limit counts for them, too. */
  @Property({ type: nullableId, nullable: true })
  divisionId: string | null = null;

  @Property({ type: 'timestamptz', nullable: true })
  expiresAt: Date | null = null;

  @Property({ type: 'timestamptz', nullable: true })
  lastLoginAt: Date | null = null;

  @Property({ type: 'timestamptz' })
  createdAt!: Date;

  get name(): string {
    return nameOf(this);
  }

  /** Disabled and expired people cannot sign in, and their tokens refuse; an invitation is accepted by signing in. */
  mayEnter(now: Date): boolean {
    return mayEnter(this, now);
  }

  disable(): void {
    this.status = 'disabled';
  }

  enable(): void {
    this.status = this.passwordHash === null ? 'invited' : 'active';
  }

  setPassword(hash: string): void {
    this.passwordHash = hash;
    if (this.status === 'invited') {
      this.status = 'active';
    }
  }

  signedIn(now: Date): void {
    this.lastLoginAt = now;
  }
}
