import { Entity, PrimaryKey, Property } from '@mikro-orm/decorators/legacy';

/** Named values that travel with a contact, in their own words. */
export type Embedded = Record<string, string>;

/** How somebody said no. Kept with the date; shown wherever a skip has to explain itself. */
export type OptOutSource =
  | 'link'
  | 'one-click'
  | 'mail'
  | 'complaint'
  | 'bounce'
  | 'stop'
  | 'administrator'
  | 'api'
  | 'import';

/** Whether somebody who works here decided it, not the person. */
export function isDecidedHere(by: OptOutSource | null): boolean {
  return by === 'administrator' || by === 'api' || by === 'import';
}

/** What people and programs may write; all text, empty where unknown. */
export interface ContactFields {
  firstName: string;
  lastName: string;
  email: string;
  phone: string;
  extRef: string;
  language: string;
  timeZone: string;
}

/** A person in the brand's directory. */
@Entity({ tableName: 'contacts' })
export class Contact implements ContactFields {
  @PrimaryKey({ type: 'bigint', autoincrement: true })
  id!: string;

  @Property({ type: 'bigint' })
  brandId!: string;

  @Property({ type: 'text' })
  firstName = '';

  @Property({ type: 'text' })
  lastName = '';

  /** Its domain in ASCII and lower case; unique in the brand without regard to case. */
  @Property({ type: 'text' })
  email = '';

  /** E.164. */
  @Property({ type: 'text' })
  phone = '';

  /** The person's number in another system. */
  @Property({ type: 'text' })
  extRef = '';

  @Property({ type: 'text' })
  language = '';

  @Property({ type: 'text' })
  timeZone = '';

  @Property({ type: 'json' })
  embedded: Embedded = {};

  @Property({ type: 'timestamptz', nullable: true })
  optedOutAt: Date | null = null;

  @Property({ type: 'text', nullable: true })
  optedOutBy: OptOutSource | null = null;

  @Property({ type: 'timestamptz' })
  createdAt!: Date;

  @Property({ type: 'timestamptz' })
  modifiedAt!: Date;

  get name(): string {
    return nameOf(this);
  }

  /** Takes over the given fields; an embedded value of null is taken away. */
  change(fields: Partial<ContactFields>, embedded: Record<string, string | null>, now: Date): void {
    Object.assign(this, fields);
    const merged = new Map(Object.entries({ ...this.embedded, ...embedded }));
    this.embedded = Object.fromEntries([...merged].filter((pair): pair is [string, string] => pair[1] !== null));
    this.modifiedAt = now;
  }

  /** Somebody who cannot be reached nor recognised again is no contact. */
  get isRecognisable(): boolean {
    return this.email !== '' || this.phone !== '' || this.extRef !== '';
  }
}

/** What to call somebody of whom perhaps only an address is known. */
export function nameOf(contact: Pick<ContactFields, 'firstName' | 'lastName' | 'email' | 'phone' | 'extRef'>): string {
  return `${contact.firstName} ${contact.lastName}`.trim() || contact.email || contact.phone || contact.extRef;
}
