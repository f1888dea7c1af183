import { BigIntType } from '@mikro-orm/core';
import { Entity, PrimaryKey, Property } from '@mikro-orm/decorators/legacy';
import type { Channel } from './channels.js';

const nullableId = new BigIntType('string');

/** `individual`: one contact, one response. `multiple`: one contact, as many responses as they like. */
export type LinkKind = 'individual' | 'multiple';

/** A way into one survey for one contact. Its token is computed from its number, never stored. */
@Entity({ tableName: 'links' })
export class Link {
  @PrimaryKey({ type: 'bigint', autoincrement: true })
  id!: string;

  @Property({ type: 'bigint' })
  brandId!: string;

  @Property({ type: 'bigint' })
  surveyId!: string;

  @Property({ type: 'text' })
  kind!: LinkKind;

  @Property({ type: 'text' })
  channel!: Channel;

  @Property({ type: nullableId, nullable: true })
  distributionId: string | null = null;

  @Property({ type: nullableId, nullable: true })
  contactId: string | null = null;

  @Property({ type: nullableId, nullable: true })
  listId: string | null = null;

  @Property({ type: 'json' })
  embedded: Record<string, string> = {};

  @Property({ type: 'timestamptz', nullable: true })
  expiresAt: Date | null = null;

  @Property({ type: 'timestamptz', nullable: true })
  revokedAt: Date | null = null;

  @Property({ type: 'timestamptz' })
  createdAt!: Date;

  /** Whether somebody who has not started yet is too late. Who has started goes by the session's own time. */
  isOverAt(now: Date): boolean {
    return this.revokedAt !== null || (this.expiresAt !== null && this.expiresAt <= now);
  }
}
