import { Injectable } from '@nestjs/common';
import { may } from '../../brands/access.js';
import { ContactListsService, type ListRow } from '../../contacts/contact_lists.service.js';
import { ContactsService, type MemberRow } from '../../contacts/contacts.service.js';
import { type Segment, type SegmentMember, SegmentsService } from '../../contacts/segments/segments.service.js';
import { NotFound } from '../../platform/errors.js';
import type { Actor } from '../../platform/auth/actor.js';

const MOST_LISTS = 500;

/** Whom a mail may be written to, as far as its author may see contacts. */
@Injectable()
export class Audiences {
  constructor(
    private readonly contactLists: ContactListsService,
    private readonly contacts: ContactsService,
    private readonly keptSegments: SegmentsService,
  ) {}

  /** Newest first. */
  async lists(actor: Actor): Promise<ListRow[]> {
    return may(actor, 'contacts:view') ? this.contactLists.list(actor, { size: MOST_LISTS }) : [];
  }

  /** Newest first. */
  async segments(actor: Actor): Promise<Segment[]> {
    return may(actor, 'contacts:view') ? this.keptSegments.list(actor) : [];
  }

  /** One contact; undefined for one who is gone, or whom this person may not see. */
  async person(actor: Actor, contactId: string): Promise<MemberRow | undefined> {
    try {
      return may(actor, 'contacts:view') ? await this.contacts.mustFind(actor, contactId) : undefined;
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

  private async ofSegment(actor: Actor, segmentId: string): Promise<SegmentMember[]> {
    const segment = (await this.keptSegments.list(actor)).find(({ id }) => id === segmentId);
    return segment === undefined ? [] : this.keptSegments.newest(actor, segment.tree);
  }
}
