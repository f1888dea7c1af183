import { Injectable } from '@nestjs/common';
import { may } from '../brands/access.js';
import { nameOf } from '../contacts/contact.entity.js';
import { ContactListsService, type ListRow } from '../contacts/lists/contact_lists.service.js';
import { ContactsService, type MemberRow } from '../contacts/contacts.service.js';
import { type Segment, type SegmentMember, SegmentsService } from '../contacts/segments/segments.service.js';
import { Database, type Unit } from '../platform/db/database.js';
import { NotFound } from '../platform/errors.js';
import type { Actor } from '../platform/auth/actor.js';
import { Ids } from '../platform/ids.js';
import type { SegmentOption } from './audience_options.js';

const MOST_LISTS = 500;

/** Whom a mail may be written to, as far as its author may see contacts. */
@Injectable()
export class Audiences {
  constructor(
    private readonly database: Database,
    private readonly contactLists: ContactListsService,
    private readonly contacts: ContactsService,
    private readonly keptSegments: SegmentsService,
    private readonly ids: Ids,
  ) {}

  /** Newest first. */
  async lists(unit: Unit, actor: Actor): Promise<ListRow[]> {
    return may(actor, 'contacts:view') ? this.contactLists.listIn(unit, actor, { size: MOST_LISTS }) : [];
  }

  /** Newest first. */
  async segments(unit: Unit, actor: Actor): Promise<Segment[]> {
    return may(actor, 'contacts:view') ? this.keptSegments.listIn(unit, actor) : [];
  }

  /** One contact; undefined for one who is gone, or whom this person may not see. */
  person(actor: Actor, contactId: string): Promise<MemberRow | undefined> {
    return this.database.inBrand(actor.brandId, (unit) => this.personIn(unit, actor, contactId));
  }

  /** As `person`, in a unit that is open. */
  async personIn(unit: Unit, actor: Actor, contactId: string): Promise<MemberRow | undefined> {
    try {
      return may(actor, 'contacts:view') ? await this.contacts.mustFindIn(unit, actor, contactId) : undefined;
    } catch (error) {
      if (!(error instanceof NotFound)) {
        throw error;
      }
      return undefined;
    }
  }

  /** Some of an audience: at most `size` of a list, at most ten of a segment. */
  async people(
    actor: Actor,
    { listId, segmentId, contactId }: { listId: string | null; segmentId: string | null; contactId: string | null },
    size: number,
  ): Promise<(MemberRow | SegmentMember)[]> {
    if (!may(actor, 'contacts:view')) {
      return [];
    }
    if (contactId !== null) {
      const person = await this.person(actor, contactId);
      return person === undefined ? [] : [person];
    }
    if (listId !== null) {
      return this.contacts.list(actor, { listId, size });
    }
    return segmentId === null ? [] : this.ofSegment(actor, segmentId);
  }

  /** Lists to choose from, newest first; none where this person may not see contacts. */
  listOptions(actor: Actor): Promise<(ListRow & { shown: string })[]> {
    return this.database.inBrand(actor.brandId, (unit) => this.listOptionsIn(unit, actor));
  }

  /** As `listOptions`, in a unit that is open. */
  async listOptionsIn(unit: Unit, actor: Actor): Promise<(ListRow & { shown: string })[]> {
    return (await this.lists(unit, actor)).map((list) => ({ ...list, shown: this.ids.show('CG', list.id) }));
  }

  /** Segments to choose from, as the lists. */
  segmentOptions(actor: Actor): Promise<SegmentOption[]> {
    return this.database.inBrand(actor.brandId, (unit) => this.segmentOptionsIn(unit, actor));
  }

  /** As `segmentOptions`, in a unit that is open. */
  async segmentOptionsIn(unit: Unit, actor: Actor): Promise<SegmentOption[]> {
    const segments = await this.segments(unit, actor);
    return segments.map(({ id, name }) => ({ id, name, shown: this.ids.show('SG', id) }));
  }

  /** The one contact that this public id means; undefined for a list's or segment's, and for nobody. */
  personOption(actor: Actor, shown: string): Promise<SegmentOption | undefined> {
    return this.database.inBrand(actor.brandId, (unit) => this.personOptionIn(unit, actor, shown));
  }

  /** As `personOption`, in a unit that is open. */
  async personOptionIn(unit: Unit, actor: Actor, shown: string): Promise<SegmentOption | undefined> {
    const id = this.ids.tryRead('CID', shown);
    const person = id === undefined ? undefined : await this.personIn(unit, actor, id);
    return person === undefined ? undefined : { id: person.id, shown, name: nameOf(person) };
  }

  /** What a menu's entry means; undefined for what this person cannot choose. */
  chosen(
    actor: Actor,
    shown: string,
  ): Promise<{ listId: string | null; segmentId: string | null; contactId: string | null } | undefined> {
    return this.database.inBrand(actor.brandId, (unit) => this.chosenIn(unit, actor, shown));
  }

  /** As `chosen`, in a unit that is open. */
  async chosenIn(
    unit: Unit,
    actor: Actor,
    shown: string,
  ): Promise<{ listId: string | null; segmentId: string | null; contactId: string | null } | undefined> {
    const contact = await this.personOptionIn(unit, actor, shown);
    if (contact !== undefined) {
      return { listId: null, segmentId: null, contactId: contact.id };
    }
    const list = (await this.listOptionsIn(unit, actor)).find((one) => one.shown === shown);
    const segment = (await this.segmentOptionsIn(unit, actor)).find((one) => one.shown === shown);
    return list === undefined && segment === undefined
      ? undefined
      : { listId: list?.id ?? null, segmentId: segment?.id ?? null, contactId: null };
  }

  private async ofSegment(actor: Actor, segmentId: string): Promise<SegmentMember[]> {
    const segment = (await this.keptSegments.list(actor)).find(({ id }) => id === segmentId);
    return segment === undefined ? [] : this.keptSegments.newest(actor, segment.tree);
  }
}
