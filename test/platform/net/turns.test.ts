import { LimitReached } from '../../../src/platform/errors.js';
import { type TurnBounds, Turns } from '../../../src/platform/net/turns.js';

const BOUNDS: TurnBounds = {
  atOnce: 4,
  ofNetwork: 2,
  waiting: 20,
  waitingOfNetwork: 10,
  words: 'Too many.',
  seconds: 5,
};

/** Work that ends when it is told to, and what of it has begun. */
function someWork(turns: Turns) {
  const begun: string[] = [];
  const ends: (() => void)[] = [];
  const ask = (network: string, name = network): Promise<string> =>
    turns.within(network, async () => {
      begun.push(name);
      await new Promise<void>((resolve) => ends.push(resolve));
      return name;
    });
  const endOne = async (): Promise<void> => {
    ends.shift()!();
    await new Promise(setImmediate);
  };
  return { begun, ask, endOne };
}

describe('Networks', () => {
  it('take turns: who asks for much stands behind whoever asks for one thing', async () => {
    const { begun, ask, endOne } = someWork(new Turns(BOUNDS));
    const all = Array.from({ length: 8 }, (_, turn) => ask('203.0.113.1', `flood ${turn}`));
    all.push(ask('203.0.113.2'), ask('203.0.113.3'), ask('203.0.113.4'));
    await new Promise(setImmediate);
    expect(begun).toEqual(['flood 0', 'flood 1', '203.0.113.2', '203.0.113.3']);
    await endOne();
    expect(begun.at(-1)).toBe('flood 2');
    await endOne();
    expect(begun.at(-1)).toBe('203.0.113.4');
    for (let turn = 0; turn < 9; turn += 1) {
      await endOne();
    }
    expect(await Promise.all(all)).toHaveLength(11);
  });

  it('are one network in all of a /64', async () => {
    const { begun, ask } = someWork(new Turns(BOUNDS));
    ['2001:db8::1', '2001:db8::2', '2001:db8::3', '2001:db8:0:1::1'].forEach((address) => void ask(address));
    await new Promise(setImmediate);
    expect(begun).toEqual(['2001:db8::1', '2001:db8::2', '2001:db8:0:1::1']);
  });

  it('that have very much waiting are refused more, before any of its work, and others are not', async () => {
    const { begun, ask } = someWork(new Turns(BOUNDS));
    Array.from({ length: 12 }, () => void ask('203.0.113.1'));
    await expect(ask('203.0.113.1')).rejects.toThrow(LimitReached);
    void ask('203.0.113.2');
    await new Promise(setImmediate);
    expect(begun).toEqual(['203.0.113.1', '203.0.113.1', '203.0.113.2']);
  });

  it('get their turn back when the work fails', async () => {
    const turns = new Turns({ ...BOUNDS, atOnce: 1 });
    for (let turn = 0; turn < 3; turn += 1) {
      await expect(turns.within('203.0.113.1', () => Promise.reject(new Error('no')))).rejects.toThrow('no');
    }
    expect(await turns.within('203.0.113.1', () => Promise.resolve('yes'))).toBe('yes');
  });
});
