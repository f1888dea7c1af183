import type { Vouched } from '../links/signed_parameters.service.js';
import type { Asked, Entry, Found } from '../links/entries/entry.js';
import type { Device } from '../engine/devices.js';
import type { Untouched } from './sessions/untouched.js';
import type { Fields } from '../engine/page.js';

/** By which address somebody came. */
export interface Way extends Found {
  entry: Entry;
  /** The address without its query: cookies are bound to it, and pages go back to it. */
  path: string;
}

/** The parameter that marks a page as following another one of the same walk. */
export const UNDER_WAY = 'Q_Walk';

/** What may be asked of whoever comes this way. */
export function mayAsk({ entry }: Way, what: Asked): boolean {
  return entry.mayAsk.includes(what);
}

/** One request of a respondent, without anything of HTTP. */
export interface Visit {
  way: Way;
  now: Date;
  query: Record<string, string>;
  /** Which of it was signed by the survey's owner. */
  vouched: Vouched;
  /** Languages that the browser asks for, best first. */
  accepted: string[];
  device: Device;
  address: string;
  /** The session that the browser's cookie names. */
  kept?: string;
  /** By a person's own link: the number by which the cookie tells this browser from others. */
  browser?: string;
  /** Whether this request follows a page of that session; else somebody has come anew, perhaps somebody else. */
  isUnderWay: boolean;
}

/** The beginning of a walk, drawn with the first page: the same start makes one session, however often it is posted. */
export interface Start {
  key: string;
  seed: number;
  at: Date;
}

/** The key of the page before the first, where one is needed. */
export const START_PAGE = 'start';

/** A posted page. */
export interface Post {
  fields: Fields;
  start?: Start;
  /** The session that the form names. */
  session?: string;
  /** The browser that the form was drawn for, where it had no cookie yet. */
  browser?: string;
  /** What the form carries of a walk in which nothing was answered. */
  untouched?: Untouched;
}

/** Languages that a respondent would like, best first. */
export function wishesOf({ way, query, accepted }: Visit): string[] {
  const chosen = [query['Q_Language'], way.link?.contact.language].filter((wish) => wish !== undefined && wish !== '');
  return [...(chosen as string[]), ...accepted];
}
