import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { chmodSync, existsSync, mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { connect } from 'node:net';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { freePort } from '../distributions/app_process.js';
import type { Witnessed } from './witness.js';
import { until } from '../waiting.js';

/** Where Postfix's own test server is: SMTP_SINK, or where its package puts it; undefined where there is none. */
function smtpSinkPath(): string | undefined {
  return [process.env['SMTP_SINK'], '/usr/sbin/smtp-sink'].find((path) => path !== undefined && existsSync(path));
}

/** `describe`, or where there is no smtp-sink one skipped test that says so. */
export function describeWithSmtpSink(name: string, tests: () => void): void {
  if (smtpSinkPath() === undefined) {
    describe(name, () => it.skip('needs smtp-sink of the package postfix: set SMTP_SINK to its path', () => undefined));
  } else {
    describe(name, tests);
  }
}

/** An oracle that nobody of us wrote: it keeps every mail that it took as a file. */
export class SmtpSink {
  private child: ChildProcess | undefined;
  private readonly folder = mkdtempSync(join(tmpdir(), 'canvass-smtp-sink-'));

  private constructor(private readonly port: number) {
    chmodSync(this.folder, 0o777); // it gives up being root
  }

  static async free(): Promise<SmtpSink> {
    return new SmtpSink(await freePort());
  }

  get url(): string {
    return `smtp://127.0.0.1:${this.port}?tls=off`;
  }

  /** @param options as its manual page has them, such as `['-q', '.']` */
  async start(options: string[] = []): Promise<void> {
    const path = smtpSinkPath()!;
    const words = [...options, '-d', join(this.folder, 'mail.'), `127.0.0.1:${this.port}`, '200'];
    const user = process.getuid?.() === 0 ? ['-u', 'nobody'] : [];
    this.child = spawn(path, [...user, ...words], {
      stdio: 'ignore',
      env: { LD_LIBRARY_PATH: join(dirname(dirname(path)), 'lib', 'postfix') },
    });
    await until(() => answers(this.port));
  }

  async stop(): Promise<void> {
    const { child } = this;
    if (child !== undefined && child.exitCode === null && child.signalCode === null) {
      const exited = once(child, 'exit');
      child.kill('SIGKILL');
      await exited;
    }
  }

  async end(): Promise<void> {
    await this.stop();
    rmSync(this.folder, { recursive: true, force: true });
  }

  /** What it took whole; a transaction that broke leaves a file without its last line. */
  witnessed(): Witnessed[] {
    return readdirSync(this.folder).flatMap((name) => {
      const mail = readFileSync(join(this.folder, name), 'latin1');
      const messageId = /^Message-ID: (<[^>]+>)/im.exec(mail)?.[1];
      const sender = /^X-Mail-Args: <([^>]*)>/m.exec(mail)?.[1];
      const recipient = /^X-Rcpt-Args: <([^>]*)>/m.exec(mail)?.[1];
      return messageId === undefined || recipient === undefined
        ? []
        : [{ messageId, sender: sender ?? '', recipients: [recipient], bytes: 0 }];
    });
  }
}

function answers(port: number): Promise<boolean> {
  return new Promise((resolve) => {
    const socket = connect(port, '127.0.0.1');
    socket.once('data', () => {
      socket.destroy();
      resolve(true);
    });
    socket.once('error', () => resolve(false));
  });
}
