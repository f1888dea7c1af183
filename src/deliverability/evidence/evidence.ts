import { isPublicProvider, judgeOfDomain } from '../../mailer/mailer.service.js';

/** How many recipients each judge spoke for: a public provider, or the organization that owns a domain. */
export type Spread = ReadonlyMap<string, number>;

/** What is held against a distribution, and of how many mails. */
export interface Held {
  /** Who gets a mail of it. */
  audience: number;
  /** How many judges they are spread on, as far as the first 2,000 tell. */
  judges: number;
  /** Mails that found an end: accepted, failed or uncertain. */
  answered: number;
}

/** Fewer recipients prove nothing, more than so many are not waited for, whatever the size of the audience. */
const LEAST = 3;
const ENOUGH = 50;
/** Reports must speak for such a part of the audience, and of what was answered: whoever got a mail can write one. */
const REPORTED = 0.02;
/** Servers told our own tries, and to such a part of them: a sender that is refused is refused everywhere. */
const REFUSED = 0.2;
const JUDGES = 3;
/** So many at one public provider are no single owner's servers. */
const PUBLIC = 10;

export function total(spread: Spread): number {
  return [...spread.values()].reduce((sum, n) => sum + n, 0);
}

export function together(one: Spread, other: Spread): Spread {
  const all = new Map(one);
  for (const [judge, n] of other) all.set(judge, (all.get(judge) ?? 0) + n);
  return all;
}

/** Recipients by the domain of each, summed up by who judges there. */
export function spreadOf(domains: Iterable<readonly [domain: string, n: number]>): Spread {
  const spread = new Map<string, number>();
  for (const [domain, n] of domains) {
    const judge = judgeOfDomain(domain);
    if (n > 0) spread.set(judge, (spread.get(judge) ?? 0) + n);
  }
  return spread;
}

/** Several judges, or all there are; or many at a public provider, whose servers nobody who got a mail commands. */
export function isSpread(spread: Spread, { judges }: Pick<Held, 'judges'>, wanted = JUDGES): boolean {
  const isPublic = [...spread].some(([judge, n]) => n >= PUBLIC && isPublicProvider(judge));
  return isPublic || spread.size >= Math.max(1, Math.min(wanted, judges));
}

/** Whether reports and refusals of so many recipients are about the sender and not about some of them. */
export function isSaidBySeveral(spread: Spread, held: Held): boolean {
  const n = total(spread);
  const needed = Math.max(LEAST, Math.min(ENOUGH, Math.ceil(held.audience * REPORTED)));
  return n >= needed && n >= held.answered * REPORTED && isSpread(spread, held);
}

/** Whether our own tries hear it wherever they go. */
export function isRefusedEverywhere(spread: Spread, held: Held): boolean {
  const n = total(spread);
  return n >= LEAST && n >= held.answered * REFUSED && isSpread(spread, held);
}
