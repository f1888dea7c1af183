import fc from 'fast-check';
import { Distribution, type DistributionStatus } from '../../src/ledger/distribution.entity.js';
import { distributionMoves } from '../../src/ledger/distribution_moves.js';
import { messageMoves } from '../../src/ledger/message_moves.js';
import type { MessageState } from '../../src/ledger/message.entity.js';
import { WrongState } from '../../src/platform/errors.js';

const NOW = new Date('2026-11-02T08:00:00Z');
const BORN: readonly MessageState[] = ['planned', 'queued', 'skipped'];

function edges<S extends string>(list: Readonly<Record<string, Partial<Record<S, readonly S[]>>>>): Map<S, Set<S>> {
  const found = new Map<S, Set<S>>();
  for (const move of Object.values(list)) {
    for (const [from, to] of Object.entries(move) as [S, readonly S[]][]) {
      found.set(from, new Set([...(found.get(from) ?? []), ...to]));
    }
  }
  return found;
}

function reached<S extends string>(from: readonly S[], ways: Map<S, Set<S>>): Set<S> {
  const all = new Set(from);
  for (const state of all) {
    ways.get(state)?.forEach((to) => all.add(to));
  }
  return all;
}

describe('the list of moves', () => {
  it('reaches each of the nine states of a message, and leads nowhere from accepted and skipped', () => {
    const ways = edges<MessageState>(messageMoves.list);
    expect([...reached(BORN, ways)].toSorted()).toEqual(
      ['accepted', 'cancelled', 'failed', 'leased', 'planned', 'queued', 'skipped', 'uncertain', 'wire'].toSorted(),
    );
    expect([ways.get('accepted'), ways.get('skipped')]).toEqual([undefined, undefined]);
  });

  it('lets a message be accepted after the wire alone, or by evidence that a copy was out', () => {
    const before = Object.entries(messageMoves.list).flatMap(([move, ways]) =>
      Object.entries(ways).flatMap(([from, to]) => ((to as string[]).includes('accepted') ? [`${move} ${from}`] : [])),
    );
    expect(before).toEqual([
      'settled wire',
      'settled uncertain',
      'waited uncertain',
      'answered uncertain',
      'returned uncertain',
      'returned queued',
    ]);
  });

  it('lets nothing onto the wire that no process holds', () => {
    expect(messageMoves.from('wired')).toEqual(['leased']);
    expect(messageMoves.from('claimed')).toEqual(['queued']);
  });

  it('makes its SQL of the list', () => {
    expect(messageMoves.set('claimed')).toBe(`state = 'leased'`);
    expect(messageMoves.isIn('stopped', 'm')).toBe(`m.state IN ('queued', 'leased')`);
    expect(messageMoves.set('stopped', ({ uncertain }) => uncertain)).toBe(`state = 'uncertain'`);
    expect(() => messageMoves.set('stopped')).toThrow('several ways');
    expect(() => messageMoves.made('skipped', 'claimed', 'leased')).toThrow('no such move');
  });

  type Step = (distribution: Distribution) => void;
  const STEPS: Readonly<Record<string, Step>> = {
    compose: (one) => one.compose({ subject: 'New' } as never, NOW),
    schedule: (one) => one.schedule(NOW),
    startPlanning: (one) => one.startPlanning({ count: 1, hour: NOW }, NOW),
    startSending: (one) => one.startSending(1, NOW),
    markGenerated: (one) => one.markGenerated(1, NOW),
    finish: (one) => one.finish(NOW),
    resend: (one) => one.resend(),
    hold: (one) => one.hold('relay', 'No answer', NOW),
    late: (one) => one.hold('late', 'Too late', NOW),
    sendLate: (one) => one.sendLate(),
    release: (one) => one.release(),
    pause: (one) => one.pause(NOW),
    resume: (one) => one.resume(NOW),
    cancel: (one) => one.cancel(NOW),
    fail: (one) => one.fail('EQD09', 'Not active', NOW),
    reopen: (one) => one.reopen(NOW),
    remove: (one) => one.remove(NOW),
    hasten: (one) => one.hasten(NOW),
    takeNoMore: (one) => one.takeNoMore(NOW),
    takeMore: (one) => void one.takeMore(),
    lookForLatecomers: (one) => void one.lookForLatecomers(NOW),
    withdraw: (one) => one.withdraw(),
    nobody: (one) => one.fail('CVS04', 'Nobody', NOW),
    add: (one) => one.add({ looked: 1, mails: 1 }, NOW),
  };

  it('is all that a distribution does, whatever is asked of it: the rest is refused in words', () => {
    const ways = edges<DistributionStatus>(distributionMoves.list);
    const start = fc.record({ afterHours: fc.constantFrom(null, 24), atOnce: fc.boolean() });
    fc.assert(
      fc.property(start, fc.array(fc.constantFrom(...Object.keys(STEPS)), { maxLength: 40 }), (kind, names) => {
        const one = Object.assign(new Distribution(), {
          id: '1',
          brandId: '1',
          parentId: '2',
          createdAt: NOW,
          ...kind,
        });
        for (const name of names) {
          const before = one.status;
          try {
            STEPS[name]!(one);
          } catch (error) {
            expect(error).toBeInstanceOf(WrongState);
          }
          if (one.status !== before) {
            expect([...(ways.get(before) ?? [])]).toContain(one.status);
          }
        }
      }),
    );
  });
});
