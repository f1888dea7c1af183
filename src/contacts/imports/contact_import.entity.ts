import { Entity, PrimaryKey, Property } from '@mikro-orm/decorators/legacy';
import { WrongState } from '../../platform/errors.js';
import type { Country } from '../phone_number.js';
import type { ColumnTarget } from './column_mapping.js';
import type { FileShape } from './csv/csv_shape.js';

export type ImportStatus = 'mapping' | 'queued' | 'running' | 'merging' | 'done' | 'cancelled' | 'failed';

/** What the person chose, kept from the first look at the file until the import has run. */
export interface ImportMapping {
  targets: ColumnTarget[];
  /** Numbers without a country code are of this country; null takes international ones only. */
  country: Country | null;
  warnings: string[];
}

/** One file on its way into a contact list. */
@Entity({ tableName: 'contact_imports' })
export class ContactImport {
  @PrimaryKey({ type: 'bigint', autoincrement: true })
  id!: string;

  @Property({ type: 'bigint' })
  brandId!: string;

  @Property({ type: 'bigint' })
  ownerId!: string;

  @Property({ type: 'bigint' })
  listId!: string;

  @Property({ type: 'text' })
  fileName!: string;

  @Property({ type: 'text' })
  filePath!: string;

  @Property({ type: 'bigint' })
  bytes!: string;

  @Property({ type: 'json' })
  shape!: FileShape;

  @Property({ type: 'json' })
  mapping!: ImportMapping;

  @Property({ type: 'text' })
  status: ImportStatus = 'mapping';

  @Property({ type: 'bigint' })
  bytesRead = '0';

  @Property({ type: 'int' })
  rowsRead = 0;

  @Property({ type: 'int' })
  created = 0;

  @Property({ type: 'int' })
  updated = 0;

  @Property({ type: 'int' })
  unchanged = 0;

  @Property({ type: 'int' })
  duplicates = 0;

  @Property({ type: 'int' })
  invalid = 0;

  /** People who were not on the list before. */
  @Property({ type: 'int' })
  added = 0;

  /** People of the file who said no before and did not say it by this file. */
  @Property({ type: 'int' })
  keptOptOuts = 0;

  @Property({ type: 'text', nullable: true })
  error: string | null = null;

  @Property({ type: 'boolean' })
  cancelAsked = false;

  @Property({ type: 'int' })
  attempt = 0;

  @Property({ type: 'timestamptz', nullable: true })
  heartbeatAt: Date | null = null;

  @Property({ type: 'timestamptz' })
  createdAt!: Date;

  @Property({ type: 'timestamptz', nullable: true })
  startedAt: Date | null = null;

  @Property({ type: 'timestamptz', nullable: true })
  finishedAt: Date | null = null;

  get isUnderWay(): boolean {
    return ['queued', 'running', 'merging'].includes(this.status);
  }

  get isMapping(): boolean {
    return this.status === 'mapping';
  }

  /** The file is read in another way from now on. */
  reshape(shape: FileShape, mapping: ImportMapping): void {
    this.mustBeMapping();
    this.shape = shape;
    this.mapping = mapping;
  }

  map(mapping: ImportMapping): void {
    this.mustBeMapping();
    this.mapping = mapping;
  }

  queue(): void {
    this.mustBeMapping();
    this.status = 'queued';
  }

  /** One that runs stops at the next batch; one that waits or is being mapped never starts. */
  cancel(now: Date): void {
    if (this.status === 'mapping' || this.status === 'queued') {
      this.status = 'cancelled';
      this.finishedAt = now;
    } else if (this.isUnderWay) {
      this.cancelAsked = true;
    } else {
      throw new WrongState('This import is over already.');
    }
  }

  private mustBeMapping(): void {
    if (this.status !== 'mapping') {
      throw new WrongState('This import has been started already.');
    }
  }
}
