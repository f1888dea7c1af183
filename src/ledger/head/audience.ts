import { BigIntType } from '@mikro-orm/core';
import { Embeddable, Property } from '@mikro-orm/decorators/legacy';
import type { Composition, Sample } from '../composition.js';

const nullableId = new BigIntType('string');

/** Whom a distribution is for: a list, a segment or one person, perhaps only a part of them. */
@Embeddable()
export class Audience {
  @Property({ type: nullableId, nullable: true })
  listId: string | null = null;

  @Property({ type: nullableId, nullable: true })
  contactId: string | null = null;

  /** Instead of a list. */
  @Property({ type: nullableId, nullable: true })
  segmentId: string | null = null;

  /** Only a part of the list or segment, drawn by chance. */
  @Property({ type: 'json', nullable: true })
  sample: Sample | null = null;

  /** The name of the list or segment at sending: it may be deleted, the history stays readable. */
  @Property({ type: 'text' })
  listName = '';

  static of({ segmentId = null, sample = null, ...whom }: Whom): Audience {
    return Object.assign(new Audience(), { ...whom, segmentId, sample });
  }
}

type Whom = Pick<Composition, 'listId' | 'contactId' | 'listName'> & {
  segmentId?: string | null | undefined;
  sample?: Sample | null | undefined;
};
