import type { Vouched } from '../links/signed_parameters.service.js';
import type { WalkableLink } from '../links/links.service.js';
import type { Device } from '../surveys/engine/devices.js';
import type { Fields } from '../surveys/engine/page.js';

/** By which address somebody came. */
export type WayKind = 'individual' | 'multiple' | 'anonymous' | 'preview';

export interface Way {
  kind: WayKind;
  brandId: string;
  surveyId: string;
  /** The address without its query: cookies are bound to it, and pages go back to it. */
  path: string;
  link?: WalkableLink;
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
}

/** Languages that a respondent would like, best first. */
export function wishesOf({ way, query, accepted }: Visit): string[] {
  const chosen = [query['Q_Language'], way.link?.contact.language].filter((wish) => wish !== undefined && wish !== '');
  return [...(chosen as string[]), ...accepted];
}
