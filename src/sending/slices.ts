/** A distribution sends for so long at most, then the others have a turn. */
const LONGEST_MS = 3000;
/** Shorter turns would be mostly coming and going. */
const SHORTEST_MS = 250;
/** Within so long everybody who sends should have had a turn: as long as the longest turn on each lane. */
const ROUND_MS = 4 * LONGEST_MS;
/** Who had no turn for so long does not send any more. */
const FORGOTTEN_MS = 30_000;
const FULL_BATCH = 100;
const CROWDED_BATCH = 25;

/**
 * Shares time fairly: first between brands, then between the distributions of each. A brand with a hundred of them gets
 * as much as one with a single one, and twenty mails need not wait for a hundred thousand.
 */
export class Slices {
  private readonly seen = new Map<string, { brandId: string; at: number }>();

  constructor(private readonly now: () => number) {}

  /** How long this one may send now, and how many it takes at once. */
  sliceFor({ brandId, distributionId }: { brandId: string; distributionId: string }): { ms: number; batch: number } {
    const now = this.now();
    this.seen.set(`${brandId} ${distributionId}`, { brandId, at: now });
    for (const [key, { at }] of this.seen) {
      if (now - at > FORGOTTEN_MS) {
        this.seen.delete(key);
      }
    }
    const all = [...this.seen.values()];
    const brands = new Set(all.map((one) => one.brandId)).size;
    const siblings = all.filter((one) => one.brandId === brandId).length;
    const ms = Math.min(LONGEST_MS, Math.max(SHORTEST_MS, Math.round(ROUND_MS / brands / siblings)));
    return { ms, batch: ms < LONGEST_MS ? CROWDED_BATCH : FULL_BATCH };
  }
}
