import fc from 'fast-check';
import { NetworkAllowance } from '../../../src/platform/net/network_allowance.js';
import { networksOf } from '../../../src/platform/net/networks.js';
import { TokenBuckets } from '../../../src/platform/net/token_buckets.js';
import { SettableClock, START } from '../../clock.js';

const KEPT = 3;

function stillClock(): SettableClock {
  const clock = new SettableClock();
  clock.set(START);
  return clock;
}

describe('A token bucket', () => {
  it('lets a burst through and then as much as it fills by, whatever the rhythm', () => {
    const steps = fc.array(fc.record({ wait: fc.nat(5000), count: fc.integer({ min: 1, max: 4 }) }), {
      maxLength: 200,
    });
    const sizes = fc.record({ burst: fc.integer({ min: 4, max: 50 }), perSecond: fc.integer({ min: 1, max: 9 }) });
    fc.assert(
      fc.property(sizes, steps, (allowance, tries) => {
        const clock = stillClock();
        const buckets = new TokenBuckets(clock, allowance);
        const begun = clock.ms();
        let taken = 0;
        for (const { wait, count } of tries) {
          clock.forward(wait);
          taken += buckets.take('a', count) === 0 ? count : 0;
        }
        return taken <= allowance.burst + ((clock.ms() - begun) / 1000) * allowance.perSecond;
      }),
    );
  });

  it('has what it said, after the time it said, and not a second before', () => {
    fc.assert(
      fc.property(fc.integer({ min: 1, max: 30 }), fc.integer({ min: 1, max: 30 }), (spent, count) => {
        const clock = stillClock();
        const buckets = new TokenBuckets(clock, { burst: 30, perSecond: 0.25 });
        buckets.take('a', spent);
        const wait = buckets.waitFor('a', count);
        clock.forward(Math.max(0, wait - 1) * 1000);
        const isEarly = wait > 1 && buckets.waitFor('a', count) === 0;
        clock.forward(1000);
        return !isEarly && buckets.take('a', count) === 0;
      }),
    );
  });

  it('is another one for each key, and takes back what was not used', () => {
    const buckets = new TokenBuckets(stillClock(), { burst: 2, perSecond: 1 });
    expect([buckets.take('a'), buckets.take('a'), buckets.take('a'), buckets.take('b')]).toEqual([0, 0, 1, 0]);
    buckets.giveBack('a');
    expect([buckets.take('a'), buckets.take('a')]).toEqual([0, 1]);
    buckets.giveBack('never seen');
    expect(buckets.size).toBe(2);
  });

  it('takes nothing and fills nothing while the clock is behind', () => {
    const clock = stillClock();
    const buckets = new TokenBuckets(clock, { burst: 2, perSecond: 1 });
    buckets.take('a');
    clock.forward(-3_600_000);
    expect([buckets.take('a'), buckets.take('a')]).toEqual([0, 1]);
  });

  it('of nothing is no limit', () => {
    const buckets = new TokenBuckets(stillClock(), { burst: 0, perSecond: 1 });
    expect([buckets.take('a', 1_000_000), buckets.size]).toEqual([0, 0]);
  });

  it('is forgotten for a new key where it was used least lately: memory stays bounded', () => {
    const buckets = new TokenBuckets(stillClock(), { burst: 1, perSecond: 1 }, KEPT);
    ['a', 'b', 'c', 'd'].forEach((key) => buckets.take(key));
    expect([buckets.size, buckets.waitFor('b'), buckets.waitFor('a')]).toEqual([3, 1, 0]);
  });
});

describe('Visitors', () => {
  it.each([
    ['203.0.113.7', '203.0.113.7', undefined],
    ['::ffff:203.0.113.7', '203.0.113.7', undefined],
    ['::FFFF:cb00:7107', '203.0.113.7', undefined],
    ['64:ff9b::203.0.113.7', '203.0.113.7', undefined],
    ['2001:db8:1:2:3:4:5:6', '2001:db8:1:2::/64', '2001:db8:1::/48'],
    ['2001:0DB8:0001:0002::1', '2001:db8:1:2::/64', '2001:db8:1::/48'],
    ['fe80::1%eth0', 'fe80:0:0:0::/64', 'fe80:0:0::/48'],
    ['::1', '0:0:0:0::/64', '0:0:0::/48'],
    ['203.0.113.7:4711', '203.0.113.7', undefined],
    ['[2001:db8:1:2::9]:4711', '2001:db8:1:2::/64', '2001:db8:1::/48'],
    ['[::ffff:203.0.113.7]', '203.0.113.7', undefined],
    ['', 'unknown', undefined],
    [undefined, 'unknown', undefined],
    ['not an address', 'unknown', undefined],
  ])('from %s are counted as %s and %s', (address, near, wide) => {
    expect(networksOf(address)).toEqual({ near, wide });
  });

  it('who change their address within a /64 gain nothing, and who change the /64 little', () => {
    const allowance = new NetworkAllowance(stillClock(), { burst: 10, perSecond: 1 });
    const taken = (address: (turn: number) => string): number =>
      Array.from({ length: 200 }, (_, turn) => allowance.take(address(turn))).filter((wait) => wait === 0).length;
    expect(taken((turn) => `2001:db8:1:1::${turn.toString(16)}`)).toBe(10);
    expect(taken((turn) => `2001:db8:2:${turn.toString(16)}::1`)).toBe(40);
    expect(taken((turn) => `203.0.113.${turn % 2}`)).toBe(20);
  });

  it('from many networks meet the bound of all, which takes nothing from those it turns away', () => {
    const allowance = new NetworkAllowance(stillClock(), { burst: 10, perSecond: 1 }, { burst: 25, perSecond: 1 });
    const waits = Array.from({ length: 100 }, (_, turn) => allowance.take(`203.0.113.${turn}`, { about: 'SV_1' }));
    expect(waits.filter((wait) => wait === 0)).toHaveLength(25);
    expect(allowance.take('203.0.113.1', { about: 'SV_2' })).toBe(0);
    allowance.giveBack('203.0.113.1', { about: 'SV_1' });
    expect(allowance.take('203.0.113.99', { about: 'SV_1' })).toBe(0);
  });
});
