/** A pure function of a module `….task.ts`: plain values in, plain values out, no database and no settings. */
export type Pure = (...given: never[]) => unknown;

/** Work that runs in a thread of its own. `Work` is the type of the function that does it. */
export interface Task<Work extends Pure> {
  readonly module: URL;
  readonly name: string;
  readonly limits: TaskLimits;
  /** Never there: it ties the task to what its function takes and gives. */
  readonly work?: Work;
}

export interface TaskLimits {
  /** What is worked at, as its owner calls it at the start of a sentence: "This file". */
  what: string;
  /** The field of the form that it came by, where there is one. */
  field?: string;
  /** How long the work itself may take. */
  seconds: number;
}

/**
 * Names the function that does a task. The limit of its memory is that of all threads, TASK_MEMORY_MB.
 * @param module where it is, as `new URL('./read_file.task.js', import.meta.url)`
 */
export function task<Work extends Pure>(module: URL, name: string, limits: TaskLimits): Task<Work> {
  return { module, name, limits };
}
