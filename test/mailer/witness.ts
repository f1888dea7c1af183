import { spawn } from 'node:child_process';
import type { ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { projectDir } from '../../src/platform/web/folders.js';

/** A line of the witness's log. */
export interface Witnessed {
  messageId: string;
  sender: string;
  recipients: string[];
  bytes: number;
}

/** The independent sink, running in a child process. */
export class SinkProcess {
  private constructor(
    private readonly child: ChildProcess,
    readonly port: number,
    private readonly log: string | undefined,
  ) {}

  /** Starts it; `options` as in sink_process.mjs, e.g. `['--log', file, '--delay', '5']`. */
  static async start(options: string[]): Promise<SinkProcess> {
    const script = join(projectDir(), 'test', 'mailer', 'sink_process.mjs');
    const child = spawn(process.execPath, [script, ...options], { stdio: ['ignore', 'pipe', 'inherit'] });
    const lines = createInterface({ input: child.stdout });
    const [line] = (await once(lines, 'line')) as [string];
    const place = options.indexOf('--log');
    return new SinkProcess(child, Number(line.split(' ')[1]), place < 0 ? undefined : options[place + 1]);
  }

  get url(): string {
    return `smtp://127.0.0.1:${this.port}`;
  }

  witnessed(): Witnessed[] {
    if (this.log === undefined) return [];
    const lines = readFileSync(this.log, 'utf8').split('\n');
    return lines.filter((line) => line !== '').map((line) => JSON.parse(line) as Witnessed);
  }

  async stop(): Promise<void> {
    if (this.child.exitCode !== null) return;
    this.child.kill();
    await once(this.child, 'exit');
  }
}
