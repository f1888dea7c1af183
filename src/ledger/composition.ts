import type { SendingPlan } from './sending_plan.js';

export type LinkType = 'Individual' | 'Multiple' | 'Anonymous';

/** A part of a list that is drawn by chance: so many people, or so many of a hundred. The seed makes it the same again. */
export interface Sample {
  kind: 'number' | 'percent';
  size: number;
  seed: number;
}

/** A mail's words in one more language. */
export interface MailWords {
  subject: string;
  preheader: string;
  bodyHtml: string;
  bodyText: string;
}

/** How a mail is dressed: as it was written, or in the brand's frame. */
export type MailDesign = 'plain' | 'brand';

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
  fromName: string;
  fromEmail: string;
  replyTo: string;
  subject: string;
  bodyHtml: string;
  bodyText: string;
  skipFinished: boolean;
  sendAt: Date | null;
  timeZone: string;
  embedded: Record<string, string>;
  preheader?: string;
  /** Of the words above; '' where nobody said it. */
  language?: string;
  /** The same mail in other languages, by language. */
  versions?: Record<string, MailWords>;
  design?: MailDesign;
  /** Whether an invisible picture tells that the mail was opened. */
  countsOpens?: boolean;
  /** The message of the library whose words these are, where a program named it. */
  libraryMessageId?: string | null;
  /** Absent: as it was, at first at once, without hours or pace. */
  plan?: SendingPlan;
}

/** To one person as a member of a list, which only programs write. */
export function isToMember({
  contactId,
  listId,
  parentId,
}: Pick<Composition, 'contactId' | 'listId'> & { parentId: string | null }): boolean {
  return contactId !== null && listId !== null && parentId === null;
}
