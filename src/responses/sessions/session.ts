import type { WalkState } from '../../engine/page.js';
import type { AskedCode } from '../proofs/codes.js';

/** A walk as the database keeps it where answers are anonymous: it opens with the installation's key only. */
export interface SealedWalk {
  sealed: string;
}

/** From which browsers a walk by a person's own link came; chance numbers that mean nothing outside of it. */
export interface WalkBrowsers {
  /** The browser that took the first page. */
  first: string;
  /** Browsers in which somebody has shown that the invited address is theirs, latest first. */
  proven?: string[];
  /** By place and question, who answered last, where it was not the first one. */
  others?: Record<string, Record<string, string>>;
  /** The code that waits to be typed, and when codes were asked for within a day. */
  code?: AskedCode;
  asked?: number[];
}

/** A walk as its session keeps it. */
export type KeptWalk = WalkState & { browsers?: WalkBrowsers };

export type SessionState = 'open' | 'finished' | 'partial' | 'discarded';

/** Status numbers as analysts know them. */
export const STATUS = { normal: 0, preview: 1, test: 2, imported: 4, spam: 8, offline: 16 } as const;

/** One respondent's walk through one survey, as stored. */
export interface Session {
  id: string;
  surveyId: string;
  /** Undefined for previews: they walk the draft. */
  versionId: string | undefined;
  state: SessionState;
  status: number;
  walk: WalkState;
  startedAt: Date;
  lastActivityAt: Date;
  expiresAt: Date | null;
  channel: string;
  source: string;
  hasLink: boolean;
  /** Null where the link of an anonymous walk says enough. */
  startKey: string | null;
  /** The survey was anonymous at some time of the walk. */
  isAnonymous: boolean;
  /** From which browsers it came; of walks by a person's own link only. */
  browsers?: WalkBrowsers | undefined;
}

/** What a closed walk leaves, beside the session itself. */
export interface Leaving {
  state: SessionState;
  ending: string;
  answers: object;
  embedded: object;
  person: object;
}

/** What a closed walk leaves where answers are anonymous: sealed, to be recorded at another time. */
export interface Held {
  id: string;
  dueAt: Date;
  sealed: Buffer;
}
