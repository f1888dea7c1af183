import { LimitReached } from '../../../src/platform/errors.js';
import { TaskQueue } from '../../../src/platform/tasks/task_queue.js';

const LIMITS = { atOnce: 2, waiting: 3, waitingOfOne: 2, waitMs: 60_000 };

describe('TaskQueue', () => {
  it('are given to so many at once, in the order in which they came', async () => {
    const queue = new TaskQueue(LIMITS);
    const begun: string[] = [];
    const take = async (whose: string): Promise<() => void> => {
      const end = await queue.take(whose);
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
    const queue = new TaskQueue(LIMITS);
    const endFirst = await queue.take('a');
    let hasSecond = false;
    const takeSecond = async (): Promise<void> => {
      await queue.take('a');
      hasSecond = true;
    };
    const second = takeSecond();
    const endOther = await queue.take('b');
    endOther();
    await queue.take('c');
    expect(hasSecond).toBe(false);
    endFirst();
    await second;
  });

  it('are refused to those who have many waiting, and to everybody when all places are taken', async () => {
    const queue = new TaskQueue(LIMITS);
    await queue.take('a');
    const waiting = [queue.take('a'), queue.take('a')];
    await expect(queue.take('a')).rejects.toThrow(LimitReached);
    await queue.take('b');
    waiting.push(queue.take('c'));
    await expect(queue.take('d')).rejects.toMatchObject({ code: 'BUSY', retryAfter: 30 });
    queue.close(new LimitReached('Closed'));
    for (const one of waiting) await expect(one).rejects.toThrow('Closed');
  });

  it('are refused after a while of waiting', async () => {
    const queue = new TaskQueue({ ...LIMITS, waitMs: 1 });
    const end = await queue.take('a');
    await expect(queue.take('a')).rejects.toThrow('Too much is being worked at already.');
    end();
    await expect(queue.take('a')).resolves.toBeInstanceOf(Function);
  });
});
