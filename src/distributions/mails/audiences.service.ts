import { Injectable } from '@nestjs/common';
import { may } from '../../brands/access.js';
import { ContactListsService, type ListRow } from '../../contacts/contact_lists.service.js';
import { ContactsService, type MemberRow } from '../../contacts/contacts.service.js';
import { type Segment, type SegmentMember, SegmentsService } from '../../contacts/segments/segments.service.js';
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

  /** Some of an audience: at most `size` of a list, at most ten of a segment. */
  async people(
    actor: Actor,
    { listId, segmentId }: { listId: string | null; segmentId: string | null },
    size: number,
  ): Promise<(MemberRow | SegmentMember)[]> {
    if (!may(actor, 'contacts:view')) {
      return [];
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
