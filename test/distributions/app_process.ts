import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtemp } from 'node:fs/promises';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { until } from '../waiting.js';

/** The product as operators run it: a process of its own that can be killed and started again. */
export class AppProcess {
  private child: ChildProcess | undefined;

  private constructor(
    readonly port: number,
    private readonly environment: Record<string, string>,
    private readonly flags: string[],
  ) {}

  /** Not started yet; `environment` as in .env.example, `flags` for Node. */
  static async with(environment: Record<string, string>, flags: string[] = []): Promise<AppProcess> {
    const port = await freePort();
    const folder = await mkdtemp(join(tmpdir(), 'canvass-app-'));
    const defaults = { DATA_DIR: folder, DEMO: '0', LOG_LEVEL: 'error', PORT: String(port) };
    return new AppProcess(port, { ...defaults, ...environment }, flags);
  }

  get url(): string {
    return `http://127.0.0.1:${this.port}`;
  }

  /** Resolves when it answers requests. */
  async start(): Promise<void> {
    const child = spawn(process.execPath, [...this.flags, 'dist/src/main.js'], {
      env: { ...surroundings(), ...this.environment },
      stdio: ['ignore', 'ignore', 'inherit', 'ipc'],
    });
    this.child = child;
    await until(async () => {
      if (child.exitCode !== null) {
        throw new Error(`The process ended with ${child.exitCode}`);
      }
      return answers(`${this.url}/healthz`);
    });
  }

  /** Asks what was loaded into it by `flags`. */
  async ask<Answer>(question: string): Promise<Answer> {
    const { child } = this;
    if (child === undefined) {
      throw new Error('The process was not started');
    }
    const answered = once(child, 'message');
    child.send(question);
    const [answer] = (await answered) as [Answer];
    return answer;
  }

  /** As a power cut would. */
  async kill(): Promise<void> {
    await this.end('SIGKILL');
  }

  /** As a virtual machine that is paused: it does nothing, keeps its connections, and knows of nothing afterwards. */
  freeze(): void {
    this.child?.kill('SIGSTOP');
  }

  thaw(): void {
    this.child?.kill('SIGCONT');
  }

  /** @returns its exit code; null where it was dead already */
  async stop(): Promise<number | null> {
    return this.end('SIGTERM');
  }

  private async end(signal: NodeJS.Signals): Promise<number | null> {
    const { child } = this;
    if (child === undefined || child.exitCode !== null || child.signalCode !== null) {
      return null;
    }
    const exited = once(child, 'exit');
    child.kill(signal);
    child.kill('SIGCONT'); // one that is frozen ends when it goes on
    await exited;
    return child.exitCode;
  }

  /** Calls the API. @returns status and parsed body */
  async call(token: string, method: string, path: string, body?: object): Promise<{ status: number; body: ApiBody }> {
    const response = await fetch(`${this.url}/API/v3${path}`, {
      method,
      headers: { 'X-API-TOKEN': token, 'Content-Type': 'application/json' },
      ...(body === undefined ? {} : { body: JSON.stringify(body) }),
    });
    return { status: response.status, body: (await response.json()) as ApiBody };
  }
}

export interface ApiBody {
  result: Record<string, unknown>;
  meta: { httpStatus: string; error?: { errorCode: string; errorMessage: string } };
}

/** What a process takes over from the tests: where programs are, and the date that all of them run under. */
function surroundings(): Record<string, string> {
  const names = /^(PATH|LD_PRELOAD|FAKETIME\w*|NO_FAKE_STAT)$/;
  return Object.fromEntries(Object.entries(process.env).filter(([name]) => names.test(name))) as Record<string, string>;
}

async function answers(url: string): Promise<boolean> {
  try {
    return (await fetch(url)).ok;
  } catch {
    return false;
  }
}

/** A port that nobody listens on at the moment. */
export async function freePort(): Promise<number> {
  const server = createServer();
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  const { port } = server.address() as { port: number };
  server.close();
  await once(server, 'close');
  return port;
}
