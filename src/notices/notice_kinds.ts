const HOUR_MS = 3_600_000;
const DAY_MS = 24 * HOUR_MS;

/** What a notice is about. The first four are told to whoever sends, the others to administrators. */
export const NOTICE_KINDS = ['failed', 'waits', 'done', 'ownLimits', 'pauses', 'relays', 'domains', 'limits'] as const;
export type NoticeKind = (typeof NOTICE_KINDS)[number];

export const ADMINISTRATORS_KINDS: readonly NoticeKind[] = ['pauses', 'relays', 'domains', 'limits'];

/** Something that people are told. */
export interface Happening {
  /** What happened to what: the same again is the same notice, unread once more. */
  key: string;
  kind: NoticeKind;
  /** When it began this time, as PostgreSQL writes it. */
  stamp: string;
  state?: string;
  surveyId?: string;
  distributionId?: string;
  /** Whom it concerns, where that is neither whoever sent something nor the administrators. */
  userIds?: string[];
  facts: Facts;
}

/** What the words of a notice are made of. */
export interface Facts {
  /** Which sentence: `held_late`, `paused_bounces`, `domain_failed`. */
  words: string;
  /** What the distribution, relay or domain is called. */
  title?: string;
  survey?: string;
  /** The reason as the page of the distribution gives it. */
  reason?: string;
  code?: string;
  counts?: Record<string, number>;
  used?: number;
  limit?: number;
  causes?: string[];
  /** When it began, ISO 8601. */
  since?: string;
  /** What takes over meanwhile. */
  other?: string;
  /** A From domain as the wire has it. */
  domain?: string;
  /** Where a distribution is no mail: links made as a file have pages of their own. */
  isOfLinks?: boolean;
}

/**
 * Milliseconds before the same is mailed again; `Infinity`: never. What needs a person each time to come back is told
 * after an hour, what comes and goes by itself once a day; of a domain each change.
 */
export function mailGap({ kind, facts: { words } }: Pick<Happening, 'kind' | 'facts'>): number {
  if (kind === 'done') {
    return Infinity;
  }
  if (kind === 'domains') {
    return 0; // looks at the DNS are rare enough
  }
  const goesByItself = ['held_relay', 'held_survey_paused', 'held_brand_suspended', 'held_week', 'held_domain'];
  return goesByItself.includes(words) ? DAY_MS : HOUR_MS;
}

const DELAYS: Partial<Record<NoticeKind, number>> = { done: 30_000, limits: 10 * 60_000, ownLimits: 10 * 60_000 };

/** The figures of a sending are whole when its quick bounces are in; of a limit, what is given back meanwhile counts. */
export function mailDelay({ kind }: Pick<Happening, 'kind'>): number {
  return DELAYS[kind] ?? 0;
}
