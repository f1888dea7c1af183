import { join } from 'node:path';
import { fileURLToPath, pathToFileURL } from 'node:url';
import { Injectable, type OnModuleDestroy } from '@nestjs/common';
import { Config } from '../config.js';
import { Invalid, LimitReached } from '../errors.js';
import { projectDir } from '../web/folders.js';
import { TaskProcess, type Failure } from './task_process.js';
import type { Outcome } from './task_messages.js';
import { refusalFrom } from './refusals.js';
import type { Pure, Task, TaskLimits } from './task.js';
import { TaskQueue } from './task_queue.js';

/** Of all brands, and of one: a brand that sends a hundred files at once keeps nobody else from previewing a mail. */
const WAITING = { waiting: 40, waitingOfOne: 8, waitMs: 60_000 };

/** Without work for so long a process is ended, and its memory given back. */
const IDLE_MS = 60_000;

/**
 * Heavy work on what authors bring (survey files, mails, exports), away from the process that answers everybody: in a few
 * processes of its own that yield to it, for one brand in one of them at a time. Each has a limit of memory and each task
 * one of time; what passes either is ended and refused, and nothing else is touched. They get no settings and no database.
 */
@Injectable()
export class TaskPool implements OnModuleDestroy {
  private readonly queue: TaskQueue;
  private readonly idle = new Map<TaskProcess, NodeJS.Timeout>();
  private readonly busy = new Set<TaskProcess>();
  private isClosed = false;

  constructor(private readonly config: Config) {
    this.queue = new TaskQueue({ atOnce: config.TASK_PROCESSES, ...WAITING });
  }

  /**
   * Does a task. Long answers are cheapest as one text or one `Uint8Array`: objects are built again on this side, in the
   * time of everybody.
   * @param whose the brand: it has one turn at a time
   * @throws {Invalid} when the work takes more time or memory than it may, and whatever the task itself refuses
   * @throws {LimitReached} when too much is waiting already, or the process stops
   */
  async run<Work extends Pure>(
    task: Task<Work>,
    given: Parameters<Work>,
    whose: string,
  ): Promise<Awaited<ReturnType<Work>>> {
    const endTurn = await this.queue.take(whose);
    try {
      return (await this.done(task, given)) as Awaited<ReturnType<Work>>;
    } finally {
      endTurn();
    }
  }

  onModuleDestroy(): void {
    this.isClosed = true;
    this.queue.close(stopping());
    this.idle.forEach((timer) => clearTimeout(timer));
    [...this.idle.keys(), ...this.busy].forEach((one) => one.end('ended'));
  }

  private async done({ module, name, limits }: Task<Pure>, given: unknown[]): Promise<unknown> {
    if (this.isClosed) {
      throw stopping();
    }
    const taskProcess = this.take();
    const outcome = await taskProcess.do({ module: built(module), name, given }, limits.seconds * 1000);
    this.giveBack(taskProcess);
    return this.resultOf(outcome, limits);
  }

  private take(): TaskProcess {
    const waiting = [...this.idle.keys()].find(({ isThere }) => isThere);
    const taskProcess = waiting ?? new TaskProcess(PROGRAM, this.config.TASK_MEMORY_MB);
    clearTimeout(this.idle.get(taskProcess));
    this.idle.delete(taskProcess);
    this.busy.add(taskProcess);
    return taskProcess;
  }

  private giveBack(taskProcess: TaskProcess): void {
    this.busy.delete(taskProcess);
    if (!taskProcess.isThere || this.isClosed) {
      return;
    }
    const timer = setTimeout(() => {
      this.idle.delete(taskProcess);
      taskProcess.end('ended');
    }, IDLE_MS);
    this.idle.set(taskProcess, timer);
  }

  private resultOf(outcome: Outcome | Failure, { what, field, seconds }: TaskLimits): unknown {
    if ('done' in outcome) {
      return outcome.done;
    }
    if ('refused' in outcome) {
      throw refusalFrom(outcome.refused);
    }
    if ('failed' in outcome || outcome.why === 'crash') {
      throw new Error(`In a task: ${'failed' in outcome ? outcome.failed : outcome.words}`);
    }
    if (outcome.why === 'ended') {
      throw stopping();
    }
    const most = outcome.why === 'time' ? `time to work through than it may (${seconds} s)` : this.memoryWords();
    const words = `${what} takes more ${most}. Make it smaller.`;
    throw new Invalid(words, field === undefined ? {} : { [field]: words });
  }

  private memoryWords(): string {
    return `memory to work through than it may (${this.config.TASK_MEMORY_MB} MB)`;
  }
}

const PROGRAM = fileURLToPath(built(new URL('./task_program.js', import.meta.url)));

function stopping(): LimitReached {
  return new LimitReached('This server is being restarted. Nothing was changed; try again in a minute.', 30, 'BUSY');
}

/** Tasks run what was built, also where sources run that something else compiles, as in tests. */
function built(module: URL): string {
  const source = fileURLToPath(module);
  const sources = join(projectDir(), 'src', '/');
  return source.startsWith(sources)
    ? pathToFileURL(join(projectDir(), 'dist', 'src', source.slice(sources.length))).href
    : module.href;
}
