import { LimitReached } from '../../../src/platform/errors.js';
import { Turns } from '../../../src/platform/workshop/turns.js';

const LIMITS = { atOnce: 2, waiting: 3, waitingOfOne: 2, waitMs: 60_000 };

describe('Turns', () => {
  it('are given to so many at once, in the order in which they came', async () => {
    const turns = new Turns(LIMITS);
    const begun: string[] = [];
    const take = async (whose: string): Promise<() => void> => {
      const end = await turns.take(whose);
      begun.push(whose);
      return end;
    };
    const [endA] = await Promise.all([take('a'), take('b')]);
    const [c, d] = [take('c'), take('d')];
    expect(begun).toEqual(['a', 'b']);
    endA();
    const endC = await c;
    expect(begun).toEqual(['a', 'b', 'c']);
    endC();
    await d;
    expect(begun).toEqual(['a', 'b', 'c', 'd']);
  });

  it('pass over those who have one already', async () => {
    const turns = new Turns(LIMITS);
    const endFirst = await turns.take('a');
    let hasSecond = false;
    const takeSecond = async (): Promise<void> => {
      await turns.take('a');
      hasSecond = true;
    };
    const second = takeSecond();
    const endOther = await turns.take('b');
    endOther();
    await turns.take('c');
    expect(hasSecond).toBe(false);
    endFirst();
    await second;
  });

  it('are refused to those who have many waiting, and to everybody when all places are taken', async () => {
    const turns = new Turns(LIMITS);
    await turns.take('a');
    const waiting = [turns.take('a'), turns.take('a')];
    await expect(turns.take('a')).rejects.toThrow(LimitReached);
    await turns.take('b');
    waiting.push(turns.take('c'));
    await expect(turns.take('d')).rejects.toMatchObject({ code: 'BUSY', retryAfter: 30 });
    turns.close(new LimitReached('Closed'));
    for (const one of waiting) await expect(one).rejects.toThrow('Closed');
  });

  it('are refused after a while of waiting', async () => {
    const turns = new Turns({ ...LIMITS, waitMs: 1 });
    const end = await turns.take('a');
    await expect(turns.take('a')).rejects.toThrow('Too much is being worked at already.');
    end();
    await expect(turns.take('a')).resolves.toBeInstanceOf(Function);
  });
});
