export type ReadinessState = 'ok' | 'attention' | 'missing';

/** One thing that sending needs. */
export interface Readiness {
  part: (typeof PARTS)[number];
  state: ReadinessState;
  /** Which sentence of its part. */
  words: string;
  values?: Record<string, string | number>;
}

export const PARTS = ['way', 'domain', 'bounces', 'replies', 'address', 'limits', 'frequency', 'warmUp'] as const;

export const OK = { state: 'ok', words: 'ok' } as const;
export const ATTENTION = { state: 'attention', words: 'attention' } as const;
export const MISSING = { state: 'missing', words: 'missing' } as const;
