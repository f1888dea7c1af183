import type { SendingPlan } from './sending_plan.js';

export type LinkType = 'Individual' | 'Multiple' | 'Anonymous';

/** A part of a list that is drawn by chance: so many people, or so many of a hundred. The seed makes it the same again. */
export interface Sample {
  kind: 'number' | 'percent';
  size: number;
  seed: number;
}

/** What its author writes. */
export interface Composition {
  name: string;
  listId: string | null;
  contactId: string | null;
  /** Instead of a list. */
  segmentId?: string | null;
  /** Absent or null: all of the list or segment. */
  sample?: Sample | null;
  listName: string;
  linkType: LinkType;
  linkDays: number;
  /** A fixed end of the links instead of days. */
  linkExpiresAt: Date | null;
  skipFinished: boolean;
  sendAt: Date | null;
  timeZone: string;
  embedded: Record<string, string>;
  /** Absent: as it was, at first at once, without hours or pace. */
  plan?: SendingPlan;
  /** What it says, in the form of its channel; absent where nothing is sent. */
  content?: object;
}

/** What its author typed, and the first line of what it will say. */
export interface Typed {
  typed: { name: string };
  heading: string;
}

/** To one person as a member of a list, which only programs write. */
export function isToMember({
  audience: { contactId, listId },
  parentId,
}: {
  audience: Pick<Composition, 'contactId' | 'listId'>;
  parentId: string | null;
}): boolean {
  return contactId !== null && listId !== null && parentId === null;
}
