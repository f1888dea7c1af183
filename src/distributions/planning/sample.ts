/** A part of a list that is drawn by chance: so many people, or so many of a hundred. The seed makes it the same again. */
export interface Sample {
  kind: 'number' | 'percent';
  size: number;
  seed: number;
}

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
