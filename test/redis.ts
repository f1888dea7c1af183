import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { existsSync } from 'node:fs';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Redis } from 'ioredis';
import { freePort } from './distributions/app_process.js';
import { until } from './waiting.js';

/** Where Redis is: REDIS_SERVER, or where Debian puts it; undefined where there is none. */
function redisPath(): string | undefined {
  const candidates = [process.env['REDIS_SERVER'], '/usr/bin/redis-server', '/usr/local/bin/redis-server'];
  return candidates.find((path) => path !== undefined && path !== '' && existsSync(path));
}

/** `describe`, or where there is no Redis one skipped test that says so. */
export function describeWithRedis(name: string, tests: () => void): void {
  if (redisPath() === undefined) {
    describe(name, () => it.skip('needs Redis: set REDIS_SERVER to its path', () => undefined));
  } else {
    describe(name, tests);
  }
}

/** A Redis server of a test's own, which can go away and come back on the same port. */
export class RedisProcess {
  private child: ChildProcess | undefined;

  private constructor(
    private readonly port: number,
    private readonly folder: string,
  ) {}

  static async start(): Promise<RedisProcess> {
    const redis = new RedisProcess(await freePort(), await mkdtemp(join(tmpdir(), 'canvass-redis-')));
    await redis.start();
    return redis;
  }

  get url(): string {
    return `redis://127.0.0.1:${this.port}`;
  }

  async start(): Promise<void> {
    const words = ['--port', String(this.port), '--bind', '127.0.0.1', '--dir', this.folder, '--save', ''];
    this.child = spawn(redisPath()!, [...words, '--maxmemory-policy', 'noeviction'], { stdio: 'ignore' });
    await until(() => this.answers());
  }

  /** As a power cut would: what it held is gone. */
  async kill(): Promise<void> {
    const { child } = this;
    if (child === undefined || child.exitCode !== null || child.signalCode !== null) {
      return;
    }
    const exited = once(child, 'exit');
    child.kill('SIGKILL');
    await exited;
  }

  /** Says one command, such as `['FLUSHALL']`. */
  async say(command: [string, ...string[]]): Promise<unknown> {
    const client = new Redis(this.url, { maxRetriesPerRequest: 1, retryStrategy: () => null });
    client.on('error', () => undefined);
    try {
      const [name, ...words] = command;
      return await client.call(name, ...words);
    } finally {
      client.disconnect();
    }
  }

  async end(): Promise<void> {
    await this.kill();
    await rm(this.folder, { recursive: true, force: true });
  }

  private async answers(): Promise<boolean> {
    try {
      return (await this.say(['PING'])) === 'PONG';
    } catch {
      return false;
    }
  }
}
