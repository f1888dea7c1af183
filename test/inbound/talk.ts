import { once } from 'node:events';
import { connect, type Socket } from 'node:net';

/** A plain SMTP conversation, line by line. */
export class Talk {
  private rest = '';
  private readonly replies: string[] = [];
  private wake: () => void = () => undefined;

  private constructor(private readonly socket: Socket) {
    socket.on('data', (chunk: Buffer) => {
      this.rest += chunk.toString();
      for (let end = this.rest.indexOf('\r\n'); end >= 0; end = this.rest.indexOf('\r\n')) {
        const line = this.rest.slice(0, end);
        this.rest = this.rest.slice(end + 2);
        if (line[3] !== '-') this.replies.push(line);
      }
      this.wake();
    });
    socket.on('error', () => undefined);
    socket.once('close', () => {
      this.replies.push('closed');
      this.wake();
    });
  }

  /** Greeted and introduced. */
  static async to(port: number, from?: string): Promise<Talk> {
    const talk = await Talk.open(port, from);
    await talk.reply();
    await talk.say('EHLO mx.navy.example');
    return talk;
  }

  /** Connected, from another address of this machine where one is given; the greeting is the first reply. */
  static async open(port: number, from = '127.0.0.1'): Promise<Talk> {
    const socket = connect({ port, host: '127.0.0.1', localAddress: from });
    await once(socket, 'connect');
    return new Talk(socket);
  }

  async reply(): Promise<string> {
    while (this.replies.length === 0) await new Promise<void>((resolve) => (this.wake = resolve));
    return this.replies.shift()!;
  }

  say(line: string): Promise<string> {
    this.write(`${line}\r\n`);
    return this.reply();
  }

  /** Bytes as they are, without waiting for an answer. */
  write(text: string): void {
    this.socket.write(text, 'latin1');
  }

  /** What was said until the other side closed. */
  async untilClosed(): Promise<string[]> {
    const replies: string[] = [];
    for (let reply = await this.reply(); reply !== 'closed'; reply = await this.reply()) replies.push(reply);
    return replies;
  }

  /** WalkBrowsers a mail over. @returns the reply to what ended it: the recipient or the final dot */
  async mail(recipient: string, raw: string | Buffer, sender = ''): Promise<string> {
    await this.say(`MAIL FROM:<${sender}>`);
    const taken = await this.say(`RCPT TO:<${recipient}>`);
    if (!taken.startsWith('250')) return taken;
    await this.say('DATA');
    this.socket.write(raw.toString('latin1').replaceAll(/\r?\n/g, '\r\n').replaceAll(/^\./gm, '..'), 'latin1');
    return this.say('\r\n.');
  }

  end(): void {
    this.socket.destroy();
  }
}
