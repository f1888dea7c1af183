import fc from 'fast-check';
import type { OutcomeStatus } from '../../src/platform/channel.js';
import { type MessageState, type Move, moveAfter, type Try, waitAfter } from '../../src/ledger/message.entity.js';
import { messageMoves } from '../../src/ledger/message_moves.js';
import { refusedMove } from '../../src/sending/settling.js';

const MINUTE = 60_000;
const HOUR = 60 * MINUTE;
const START = new Date('2026-11-02T08:00:00Z');

type Step = { status: OutcomeStatus; isUntried: boolean; chance: number; reason: string };

const step = fc.record<Step>({
  status: fc.constantFrom<OutcomeStatus>('accepted', 'deferred', 'refused', 'not_sent', 'uncertain', 'skipped'),
  isUntried: fc.boolean(),
  chance: fc.double({ min: 0, max: 1, noNaN: true }),
  reason: fc.constantFrom('opted_out_list', 'finished', 'hold:paused', 'hold:cancelled', 'stopped', 'link_expired'),
});

/** Where any of the moves that are listed leads. */
function reach(state: MessageState): MessageState[] {
  const moves: readonly Partial<Record<MessageState, readonly MessageState[]>>[] = Object.values(messageMoves.list);
  return moves.flatMap((move) => move[state] ?? []);
}

interface Life {
  states: MessageState[];
  copies: number;
  tries: number;
  endedAt: Date;
}

/** A message through tries that end as `steps` say, resent when that is due, until it comes to an end. */
class Story {
  readonly life: Life;
  private readonly message: Try & { state: MessageState } = {
    attempts: 0,
    resends: 0,
    deferredSince: null,
    state: 'queued',
  };

  constructor(private readonly lastChance: Date | null) {
    this.life = { states: ['queued'], copies: 0, tries: 0, endedAt: START };
  }

  tell(steps: Step[]): Life {
    for (const one of steps) {
      const move = this.tryOnce(one);
      this.life.states.push(move.state);
      if (!this.goesOn(move)) {
        break;
      }
    }
    return this.life;
  }

  private tryOnce({ status, isUntried, chance, reason }: Step): Move {
    const now = this.life.endedAt;
    if (status === 'skipped') {
      this.life.states.push('leased');
      return refusedMove({ reason, reasonAt: null }, this.message, now);
    }
    this.life.states.push('leased', ...(isUntried ? [] : ['wire' as const]));
    const counted = isUntried ? 0 : 1;
    this.message.attempts += counted;
    this.life.tries += counted;
    this.life.copies += status === 'accepted' || status === 'uncertain' ? counted : 0;
    const ending = { status: isUntried ? ('not_sent' as const) : status, isUntried };
    return moveAfter(ending, this.message, { now, lastChance: this.lastChance, resendAfterMs: 30 * MINUTE, chance });
  }

  private goesOn({ state, runAt, resendAt, deferredSince }: Move): boolean {
    this.message.deferredSince = deferredSince ?? this.message.deferredSince;
    if (state === 'queued') {
      this.life.endedAt = new Date(Math.max(this.life.endedAt.getTime() + 1, runAt?.getTime() ?? 0));
      return true;
    }
    if (state === 'uncertain' && resendAt !== undefined) {
      this.life.endedAt = resendAt;
      this.message.resends += 1;
      this.life.states.push('queued');
      return true;
    }
    return false;
  }
}

function live(steps: Step[], lastChance: Date | null): Life {
  return new Story(lastChance).tell(steps);
}

function always(changes: Partial<Step>, times: number): Step[] {
  return Array.from({ length: times }, () => ({
    status: 'deferred',
    isUntried: false,
    chance: 0.5,
    reason: '',
    ...changes,
  }));
}

describe('a message', () => {
  it('only ever makes moves that are allowed', () => {
    fc.assert(
      fc.property(fc.array(step, { maxLength: 40 }), (steps) => {
        const { states } = live(steps, null);
        states.slice(1).every((to, place) => expect(reach(states[place]!)).toContain(to));
      }),
    );
  });

  it('leaves two copies at most, and two only when one was uncertain', () => {
    fc.assert(
      fc.property(fc.array(step, { maxLength: 40 }), (steps) => {
        const { copies, states } = live(steps, null);
        expect(copies).toBeLessThanOrEqual(states.includes('uncertain') ? 2 : 1);
      }),
    );
  });

  it('is never called skipped, cancelled or sent for the first time once a copy may exist', () => {
    fc.assert(
      fc.property(fc.array(step, { maxLength: 40 }), (steps) => {
        const { states } = live(steps, null);
        const doubt = states.indexOf('uncertain');
        const after = doubt < 0 ? [] : states.slice(doubt + 1);
        expect(after).not.toContain('skipped');
        expect(after).not.toContain('cancelled');
      }),
    );
  });

  it('comes to an end: a server that always says not now is asked for 48 hours', () => {
    fc.assert(
      fc.property(fc.double({ min: 0, max: 1, noNaN: true }), (chance) => {
        const { states, tries, endedAt } = live(always({ chance }, 40), null);
        expect(states.at(-1)).toBe('failed');
        expect(tries).toBeLessThan(25);
        expect(endedAt.getTime() - START.getTime()).toBeLessThanOrEqual(48 * HOUR);
      }),
    );
  });

  it('is not tried after its link or survey has ended', () => {
    const lastChance = new Date('2026-11-02T08:30:00Z');
    const { states, tries } = live(always({}, 9), lastChance);
    expect(states.at(-1)).toBe('failed');
    expect(tries).toBe(3); // at 8:00, 8:05 and 8:15; 8:35 would be too late
  });

  it('waits 5, 10, 20, 40, 60, 120 and then 240 minutes, give or take a fifth', () => {
    expect([1, 2, 3, 4, 5, 6, 7, 8].map((attempts) => waitAfter(attempts, 0.5) / MINUTE)).toEqual([
      5, 10, 20, 40, 60, 120, 240, 240,
    ]);
    expect(waitAfter(1, 0)).toBe(4 * MINUTE);
    expect(waitAfter(1, 1)).toBe(6 * MINUTE);
  });

  it('honours a server that names a longer wait', () => {
    const around = { now: new Date(0), lastChance: null, resendAfterMs: 1, chance: 0.5 };
    const message = { attempts: 1, resends: 0, deferredSince: null };
    const { runAt } = moveAfter({ status: 'deferred', retryAfterMs: 3 * HOUR }, message, around);
    expect(runAt?.getTime()).toBe(3 * HOUR);
  });
});
