import type { Sample } from '../ledger/composition.js';
import type { Say } from '../ledger/distribution_words.js';

const SEEDS = 2 ** 31;

/** As it stands in a form. */
export interface WrittenSample {
  sampleKind: 'all' | 'number' | 'percent';
  sampleSize: string;
}

/** The sample that was written; null: everybody; undefined: it is none. */
export function sampleOf(
  { sampleKind, sampleSize }: WrittenSample,
  before: Sample | null | undefined,
): Sample | null | undefined {
  if (sampleKind === 'all') {
    return null;
  }
  const size = Number(sampleSize);
  const most = sampleKind === 'percent' ? 100 : 10_000_000;
  if (!/^\d{1,8}$/.test(sampleSize) || size < 1 || size > most) {
    return undefined;
  }
  return { kind: sampleKind, size, seed: before?.seed ?? Math.floor(Math.random() * SEEDS) };
}

export function writtenSample(sample: Sample | null): WrittenSample {
  return sample === null
    ? { sampleKind: 'all', sampleSize: '' }
    : { sampleKind: sample.kind, sampleSize: String(sample.size) };
}

/** What is wrong with what was typed, by field. */
export function sampleFault(written: WrittenSample): Record<string, string> {
  return sampleOf(written, null) === undefined
    ? { sampleSize: 'Write a whole number: so many people, or so many of a hundred.' }
    : {};
}

/** Everybody of the audience, or some drawn by chance. */
export function sampleOptions({ sampleKind }: WrittenSample, say: Say): object[] {
  return (['all', 'number', 'percent'] as const).map((value) => ({
    value,
    label: say(`form.sample.${value}`),
    selected: value === sampleKind,
  }));
}
