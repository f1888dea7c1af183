import { foreignWords } from '../../platform/foreign/foreign_words.js';

/** What a finding is about; the page groups by it. */
export type Area = 'dkim' | 'spf' | 'dmarc' | 'bounce' | 'reverse' | 'tls' | 'unsubscribe';

/** One thing that a look at the DNS found: what is so, and where to change it. */
export interface Finding {
  area: Area;
  /** Names its words: what is wrong and what to change. */
  code: string;
  level: 'good' | 'warn' | 'bad' | 'unknown';
  values: Record<string, string | number>;
  /** The record that it is about. */
  record?: string;
  /** Nothing may be sent from the domain while this holds. */
  blocks?: boolean;
}

type Values = Record<string, string | number>;

/** What strangers' zones hold is kept with the domain: no more of it than a page can show, and what nobody sees written out. */
const LONGEST = 2000;

/** Findings of one area, said in one line each. */
export function findingsOf(area: Area) {
  const make =
    (level: Finding['level']) =>
    (code: string, values: Values = {}, more: Pick<Finding, 'record' | 'blocks'> = {}): Finding => ({
      area,
      code,
      level,
      values: bounded(values),
      ...more,
    });
  return { good: make('good'), warn: make('warn'), bad: make('bad'), unknown: make('unknown') };
}

function bounded(values: Values): Values {
  const entries = Object.entries(values);
  return Object.fromEntries(
    entries.map(([name, value]) => [name, typeof value === 'string' ? foreignWords(value, LONGEST) : value]),
  );
}
