import { type ChildProcess, fork } from 'node:child_process';
import { setPriority } from 'node:os';
import type { Answer, TaskRequest, Outcome } from './task_messages.js';

/** Why there is no outcome. `crash`: with what the process last said. */
export type Failure = { why: 'memory' | 'time' | 'ended' } | { why: 'crash'; words: string };

/** Behind everything that answers somebody; 0 is usual, 19 the least. */
const NICENESS = 3;
const LAST_WORDS = 2000;

/**
 * A process that does errands, one at a time. A process and not a thread: reading JSON can be neither ended nor bounded in a
 * thread (V8 looks for neither before it is done), and a thread that runs out of memory there takes all others with it.
 */
export class TaskProcess {
  private readonly child: ChildProcess;
  private lastWords = '';
  private settle: ((outcome: Outcome | Failure) => void) | undefined;
  private hasEnded = false;

  /** @param program the file that the process runs @param megabytes most of its memory */
  constructor(program: string, megabytes: number) {
    this.child = fork(program, [], {
      execArgv: [`--max-old-space-size=${megabytes}`, '--max-semi-space-size=8', '--enable-source-maps'],
      env: {},
      serialization: 'advanced',
      stdio: ['ignore', 'ignore', 'pipe', 'ipc'],
    });
    this.child.stderr?.setEncoding('utf8').on('data', (words: string) => {
      this.lastWords = (this.lastWords + words).slice(-LAST_WORDS);
    });
    this.child.on('message', (answer: Answer) => this.answered(answer));
    this.child.on('error', (error) => this.gone({ why: 'crash', words: error.message }));
    this.child.on('close', (code, signal) => this.gone(this.failureOf(code, signal)));
    yieldToOthers(this.child.pid);
  }

  /** Whether it can do another request. */
  get isThere(): boolean {
    return !this.hasEnded;
  }

  /** Resolves in any case; whoever failed does no further request. */
  do(request: TaskRequest, ms: number): Promise<Outcome | Failure> {
    return new Promise((resolve) => {
      const timer = setTimeout(() => this.end('time'), ms);
      this.settle = (outcome) => {
        clearTimeout(timer);
        resolve(outcome);
      };
      this.child.send(request, (error) => {
        if (error !== null) this.gone({ why: 'crash', words: error.message });
      });
    });
  }

  /** Ends it at once, whatever it does. */
  end(why: 'time' | 'ended'): void {
    this.child.kill('SIGKILL');
    this.gone({ why });
  }

  private answered({ outcome, isLast }: Answer): void {
    if (isLast) {
      this.hasEnded = true;
      this.child.kill('SIGKILL');
    }
    this.settled(outcome);
  }

  private gone(failure: Failure): void {
    this.hasEnded = true;
    this.settled(failure);
  }

  private settled(outcome: Outcome | Failure): void {
    this.settle?.(outcome);
    this.settle = undefined;
  }

  /** V8 aborts where its heap is full, the system kills where the machine's memory is. */
  private failureOf(code: number | null, signal: NodeJS.Signals | null): Failure {
    const isFull = signal === 'SIGABRT' || signal === 'SIGKILL' || code === 134;
    return isFull ? { why: 'memory' } : { why: 'crash', words: `Ended with ${signal ?? code}. ${this.lastWords}` };
  }
}

function yieldToOthers(pid: number | undefined): void {
  try {
    if (pid !== undefined) setPriority(pid, NICENESS);
  } catch {
    // Where the system does not let us it works at the usual priority.
  }
}
