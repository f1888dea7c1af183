import { Entity, PrimaryKey, Property } from '@mikro-orm/decorators/legacy';

/** A set of contacts; who is in it and with which embedded data say its memberships. */
@Entity({ tableName: 'contact_lists' })
export class ContactList {
  @PrimaryKey({ type: 'bigint', autoincrement: true })
  id!: string;

  @Property({ type: 'bigint' })
  brandId!: string;

  @Property({ type: 'bigint' })
  ownerId!: string;

  @Property({ type: 'text' })
  name!: string;

  /** What recipients read in place of its name; '': the brand's. */
  @Property({ type: 'text' })
  publicName = '';

  /** Kept by the statements that add and remove members: no page counts a million rows. */
  @Property({ type: 'int' })
  contactCount = 0;

  @Property({ type: 'timestamptz' })
  createdAt!: Date;

  @Property({ type: 'timestamptz' })
  modifiedAt!: Date;

  rename(name: string, publicName: string, now: Date): void {
    this.name = name;
    this.publicName = publicName;
    this.modifiedAt = now;
  }
}
