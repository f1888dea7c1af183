import { mkdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { ownProcessor } from './processor.js';

/** What a job took. */
export interface Taken {
  seconds: number;
  /** Processor time of this process. */
  processorSeconds: number;
  /** Highest resident memory seen while it ran. */
  rssMegabytes: number;
}

const LOOK_MS = 100;

/** Runs a job and watches clock and memory; what an earlier job left behind is swept first. */
export async function measured(work: () => Promise<void>): Promise<Taken> {
  globalThis.gc?.();
  let peak = process.memoryUsage.rss();
  const watch = setInterval(() => (peak = Math.max(peak, process.memoryUsage.rss())), LOOK_MS);
  const start = performance.now();
  const processor = ownProcessor();
  try {
    await work();
  } finally {
    clearInterval(watch);
  }
  const seconds = (performance.now() - start) / 1000;
  const processorSeconds = ownProcessor() - processor;
  return { seconds, processorSeconds, rssMegabytes: Math.round(Math.max(peak, process.memoryUsage.rss()) / 1_048_576) };
}

/** How cost grows over sizes: 1 is linear. */
export function exponent(points: { size: number; seconds: number }[]): number | undefined {
  const [first, last] = [points[0], points.at(-1)];
  if (first === undefined || last === undefined || first.size === last.size) {
    return undefined;
  }
  return rounded(Math.log(last.seconds / first.seconds) / Math.log(last.size / first.size), 2);
}

export function rounded(value: number, places: number): number {
  return Math.round(value * 10 ** places) / 10 ** places;
}

/** The run in the middle by time: neither luck nor a neighbour's burst of work decides. */
export function middle<Run extends { seconds: number }>(runs: Run[]): Run {
  return runs.toSorted((one, other) => one.seconds - other.seconds)[Math.floor(runs.length / 2)]!;
}

/** The sizes named on the command line, or these. */
export function sizesOr(usual: number[]): number[] {
  const asked = process.argv.slice(2).map(Number);
  const sizes = asked.filter((size) => Number.isInteger(size) && size > 0);
  return sizes.length > 0 ? sizes : usual;
}

export async function keep(job: string, figures: object): Promise<void> {
  await mkdir('bench/results', { recursive: true });
  await writeFile(join('bench', 'results', `${job}.json`), `${JSON.stringify({ job, ...figures }, null, 2)}\n`);
}
