import { Entity, PrimaryKey, Property } from '@mikro-orm/decorators/legacy';
import type { Permission } from '../platform/auth/permissions.js';

/** A named bundle of permissions; every brand starts with the built-in ones. */
@Entity({ tableName: 'user_types' })
export class UserType {
  @PrimaryKey({ type: 'bigint', autoincrement: true })
  id!: string;

  @Property({ type: 'bigint' })
  brandId!: string;

  /** Names a built-in type; null for the brand's own. */
  @Property({ type: 'text', nullable: true })
  key: string | null = null;

  @Property({ type: 'text' })
  name!: string;

  @Property({ type: 'string[]' })
  permissions: Permission[] = [];

  @Property({ type: 'timestamptz' })
  createdAt!: Date;
}
