import fc from 'fast-check';
import { MinuteCounts } from '../../src/brands/minute_counts.js';

const NOON = 29_000_000 * 60_000;

describe('counts of sixty seconds', () => {
  it('let through a limit, and as much again when the minute is over', () => {
    const counts = new MinuteCounts();
    counts.add('a', 10, NOON);
    expect(counts.waitFor('a', 10, NOON)).toBeGreaterThan(60);
    expect(counts.waitFor('b', 10, NOON)).toBe(0);
    expect(counts.waitFor('a', 10, NOON + 120_000)).toBe(0);
  });

  it('let twice a limit through at no turn of a minute', () => {
    const counts = new MinuteCounts();
    counts.add('a', 100, NOON + 59_000);
    let passed = 0;
    for (let ms = NOON + 59_000; ms < NOON + 90_000; ms += 10) {
      if (counts.waitFor('a', 100, ms) === 0) {
        counts.add('a', 1, ms);
        passed += 1;
      }
    }
    expect(passed).toBeLessThanOrEqual(51);
  });

  it('say a wait after which one more fits, and a second before not yet', () => {
    fc.assert(
      fc.property(fc.integer({ min: 1, max: 5000 }), fc.nat(59_999), fc.nat(5000), (limit, at, extra) => {
        const counts = new MinuteCounts();
        counts.add('a', Math.min(extra, limit), NOON - 60_000 + at);
        counts.add('a', limit, NOON + at);
        const wait = counts.waitFor('a', limit, NOON + at);
        expect(wait).toBeGreaterThan(0);
        expect(counts.waitFor('a', limit, NOON + at + wait * 1000)).toBe(0);
      }),
    );
  });

  it('are the sum of what several processes counted, however they tell each other', () => {
    const rows = new Map<string, { minute: number; key: string; count: number }>();
    const [one, two] = [new MinuteCounts(), new MinuteCounts()];
    const tell = (counts: MinuteCounts): void => {
      for (const { minute, key, count } of counts.takeUnsent()) {
        const known = rows.get(`${minute} ${key}`)?.count ?? 0;
        rows.set(`${minute} ${key}`, { minute, key, count: known + count });
      }
      counts.add('a', 1, NOON); // a call that comes while the database answers
      counts.learn([...rows.values()], NOON);
    };
    one.add('a', 30, NOON);
    two.add('a', 12, NOON);
    tell(one);
    tell(two);
    tell(one);
    tell(two);
    tell(one);
    expect([one.recent('a', NOON), two.recent('a', NOON)]).toEqual([46, 45]);
  });
});
