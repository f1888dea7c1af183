import { Entity, PrimaryKey, Property } from '@mikro-orm/decorators/legacy';

/** The tenant: everything below belongs to one. */
@Entity({ tableName: 'brands' })
export class Brand {
  @PrimaryKey({ type: 'bigint' })
  id!: string;

  @Property({ type: 'text' })
  name!: string;

  @Property({ type: 'text' })
  slug!: string;

  @Property({ type: 'text' })
  status: 'active' | 'suspended' = 'active';

  @Property({ type: 'text' })
  language = 'en';

  @Property({ type: 'text' })
  timeZone = 'UTC';

  @Property({ type: 'text' })
  accent = '#4f46e5';

  /** Printed under mails; a missing one is a warning where mails are written. */
  @Property({ type: 'text' })
  postalAddress = '';

  @Property({ type: 'text' })
  privacyUrl = '';

  @Property({ type: 'text' })
  imprintUrl = '';

  @Property({ type: 'int' })
  weeklyEmailLimit = 100_000;

  @Property({ type: 'int' })
  weeklyEmailLimitPerUser = 10_000;

  /** Days on which distributions with sending hours send nothing, `yyyy-MM-dd`. */
  @Property({ type: 'array' })
  holidays: string[] = [];

  /** Mails to more people than this are confirmed by typing their number. */
  @Property({ type: 'int' })
  confirmAbove = 1000;

  @Property({ type: 'int' })
  apiRequestsPerMinute = 3000;

  @Property({ type: 'timestamptz' })
  createdAt!: Date;
}
