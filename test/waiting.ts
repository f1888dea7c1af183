import { setTimeout as wait } from 'node:timers/promises';

interface Patience {
  /** So long that only what never happens takes longer, also on a machine with other work on all its cores. */
  patienceMs?: number;
  everyMs?: number;
}

/** Polls until `holds` is true: for what another process, a timer or a browser brings about. */
export async function until(
  holds: () => boolean | Promise<boolean>,
  { patienceMs = 240_000, everyMs = 10 }: Patience = {},
): Promise<void> {
  const end = performance.now() + patienceMs;
  while (!(await holds())) {
    if (performance.now() > end) {
      throw new Error(`It did not come true within ${patienceMs / 1000} seconds: ${String(holds)}`);
    }
    await wait(everyMs);
  }
}

/** For a fault that lasts some time, or to see that nothing happens. What is expected is waited for by `until`. */
export function pause(ms: number): Promise<void> {
  return wait(ms);
}
