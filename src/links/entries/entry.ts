import type { EndView } from '../../engine/page.js';
import type { Channel } from '../channels.js';
import type { LinkKind } from '../link.entity.js';
import type { LinksService, WalkableLink } from '../links.service.js';

/** What addresses of ways into surveys begin with: `/s/…`. Also named by `RESPONDENT_PATH`; one that is built is listed here. */
export const PREFIXES = ['s', 'a', 'preview'] as const;
export type Prefix = (typeof PREFIXES)[number];

/** What may be asked of whoever comes, beside the survey. */
export type Asked =
  /** On another device than the one that began: a code that goes to the invited address. */
  | 'proof'
  /** Whether the walk that this browser is in is theirs: many share the address, and perhaps the browser. */
  | 'whose'
  /** Nothing of a person: the field that only programs fill, where the survey has the bot guard. */
  | 'trap';

/** Where an address leads. */
export interface Found {
  brandId: string;
  surveyId: string;
  link?: WalkableLink;
}

/** A walk that has come to its end page. */
export interface Ended extends Found {
  sessionId: string | undefined;
  end: EndView;
}

/** One way into surveys: all that is particular to whoever comes by it. Nothing else asks which way it is. */
export interface Entry {
  /** For people who read code, tests and logs. */
  readonly name: string;
  readonly prefix: Prefix;
  /** Which links it is for, where another entry has the same prefix. */
  readonly linkKind?: LinkKind;
  /** Who is known before the first page: the contact that the link was made for, or nobody. */
  readonly knows: 'contact' | 'nobody';
  /** Which walk a request belongs to: the only one that its link has, in whatever browser, or the one that the cookie names. */
  readonly walk: 'ofLink' | 'ofBrowser';
  readonly mayAsk: readonly Asked[];
  /** Lets in where the survey is open by invitation only. */
  readonly isInvitation: boolean;
  /** Walks the draft at any stage of the survey; begun anew at will, and never counted or recorded. */
  readonly isTrial: boolean;
  /** Whether a walk without one answer is forgotten after a while; until then its address goes on saying what it said. */
  readonly forgetsUnanswered: boolean;
  /** The brand of an address, mostly from memory. @returns undefined where it leads nowhere */
  brandOf(links: LinksService, token: string): Promise<string | undefined>;
  /** @param query may be part of who comes. @returns undefined where the address leads nowhere */
  find(links: LinksService, token: string, query: Readonly<Record<string, string>>): Promise<Found | undefined>;
  /** By what the walk is counted: the channel, and within `social` the network. @param query of the address */
  channel(query: Readonly<Record<string, string>>, link?: WalkableLink): { channel: Channel; source: string };
  /** Where the end page leads on to by itself; undefined stays on it. Asked each time that the page is drawn. */
  wayOut(ended: Ended): Promise<string | undefined> | string | undefined;
}

/** The way out that the survey's own ending names, if it does. */
export function asSurveySays({ end }: Ended): string | undefined {
  return end.url;
}
