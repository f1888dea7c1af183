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
    socket.on('close', () => {
      this.replies.push('closed');
      this.wake();
    });
  }

  static async to(port: number): Promise<Talk> {
    const socket = connect(port, '127.0.0.1');
    await once(socket, 'connect');
    const talk = new Talk(socket);
    await talk.reply();
    await talk.say('EHLO mx.navy.example');
    return talk;
  }

  async reply(): Promise<string> {
    while (this.replies.length === 0) await new Promise<void>((resolve) => (this.wake = resolve));
    return this.replies.shift()!;
  }

  say(line: string): Promise<string> {
    this.socket.write(`${line}\r\n`);
    return this.reply();
  }

  /** Hands a mail over. @returns the reply to what ended it: the recipient or the final dot */
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
