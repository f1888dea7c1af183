import { once } from 'node:events';
import { createServer } from 'node:net';
import type { AddressInfo, Server, Socket } from 'node:net';

/** Where in a conversation a fault can be put. `block` is asked for every piece of a body before its dot. */
export type Stage =
  | 'greeting'
  | 'ehlo'
  | 'starttls'
  | 'auth'
  | 'mail'
  | 'rcpt'
  | 'rset'
  | 'data'
  | 'block'
  | 'dot'
  | 'quit';

/** What the sink does instead of the usual: other words, an end (FIN or RST), silence; a reply without line end is cut. */
export type Act = { reply?: string; end?: 'close' | 'reset'; afterMs?: number } | 'hang';

export interface Moment {
  stage: Stage;
  /** 1 for the first connection that this sink got. */
  connection: number;
  /** 1 for the first time this stage is reached in this connection. */
  nth: number;
  line: string;
}

export type Script = (moment: Moment) => Act | undefined;

/** A mail of which the sink read the final dot, whatever it then answered. */
export interface Caught {
  connection: number;
  sender: string;
  recipients: string[];
  raw: string;
  reply: string;
}

export interface SinkOptions {
  /** Lines of the EHLO answer. */
  extensions?: string[];
}

/** A raw TCP server that speaks just enough SMTP, and breaks it where the script says so. */
export class Sink {
  readonly caught: Caught[] = [];
  readonly lines: string[] = [];
  connections = 0;
  open = 0;
  mostOpen = 0;
  script: Script;
  private readonly server: Server;
  private readonly sockets = new Set<Socket>();

  constructor(
    script: Script = () => undefined,
    readonly options: SinkOptions = {},
  ) {
    this.script = script;
    this.server = createServer((socket) => this.serve(socket));
  }

  async listen(port = 0): Promise<this> {
    this.server.listen(port, '127.0.0.1');
    await once(this.server, 'listening');
    return this;
  }

  get port(): number {
    return (this.server.address() as AddressInfo).port;
  }

  get url(): string {
    return `smtp://127.0.0.1:${this.port}`;
  }

  async close(): Promise<void> {
    for (const socket of this.sockets) socket.destroy();
    this.server.close();
    await once(this.server, 'close');
  }

  private serve(socket: Socket): void {
    this.sockets.add(socket);
    this.open += 1;
    this.mostOpen = Math.max(this.mostOpen, this.open);
    socket.setNoDelay(true);
    socket.on('error', () => undefined);
    socket.on('close', () => {
      this.sockets.delete(socket);
      this.open -= 1;
    });
    const conversation = new Conversation(this, socket, ++this.connections);
    socket.on('data', (chunk: Buffer) => conversation.take(chunk.toString('latin1')));
  }
}

const VERBS: Record<string, Stage> = {
  EHLO: 'ehlo',
  HELO: 'ehlo',
  STAR: 'starttls',
  AUTH: 'auth',
  MAIL: 'mail',
  RCPT: 'rcpt',
  RSET: 'rset',
  DATA: 'data',
  QUIT: 'quit',
};

class Conversation {
  private rest = '';
  private body: string | undefined;
  private sender = '';
  private recipients: string[] = [];
  private isStuck = false;
  private readonly counts = new Map<Stage, number>();

  constructor(
    private readonly sink: Sink,
    private readonly socket: Socket,
    private readonly id: number,
  ) {
    this.answer('greeting', '', '220 sink.test ESMTP');
  }

  take(text: string): void {
    if (this.isStuck) return;
    this.rest += text;
    for (;;) {
      if (this.isStuck) return;
      if (this.body !== undefined) {
        if (!this.takeBody()) return;
        continue;
      }
      const end = this.rest.indexOf('\r\n');
      if (end < 0) return;
      const line = this.rest.slice(0, end);
      this.rest = this.rest.slice(end + 2);
      this.command(line);
    }
  }

  private takeBody(): boolean {
    this.body += this.rest;
    this.rest = '';
    const body = `\r\n${this.body ?? ''}`;
    const end = body.indexOf('\r\n.\r\n');
    if (end < 0) {
      this.play('block', '');
      return false;
    }
    this.rest = body.slice(end + 5);
    this.body = undefined;
    const raw = body
      .slice(0, end + 2)
      .replaceAll('\r\n..', '\r\n.')
      .slice(2);
    const reply = this.answer('dot', '', '250 2.0.0 Ok: queued as SINK42');
    this.sink.caught.push({ connection: this.id, sender: this.sender, recipients: this.recipients, raw, reply });
    return true;
  }

  private command(line: string): void {
    this.sink.lines.push(line);
    const stage = VERBS[line.slice(0, 4).toUpperCase()];
    if (!stage) {
      this.socket.write('500 5.5.2 What?\r\n');
      return;
    }
    this.note(stage, /<(.*)>/.exec(line)?.[1] ?? '');
    const reply = this.answer(stage, line, this.usual(stage));
    if (stage === 'data' && reply.startsWith('354')) this.body = '';
    if (stage === 'quit') this.socket.end();
  }

  private note(stage: Stage, address: string): void {
    if (stage === 'mail') this.sender = address;
    if (stage === 'mail' || stage === 'rset') this.recipients = [];
    if (stage === 'rcpt') this.recipients.push(address);
  }

  private usual(stage: Stage): string {
    if (stage === 'data') return '354 Go ahead';
    if (stage === 'auth') return '235 2.7.0 Welcome';
    if (stage === 'quit') return '221 2.0.0 Bye';
    if (stage !== 'ehlo') return '250 2.1.0 Ok';
    const lines = ['sink.test', ...(this.sink.options.extensions ?? ['8BITMIME'])];
    return lines.map((line, place) => `250${place === lines.length - 1 ? ' ' : '-'}${line}`).join('\r\n');
  }

  private answer(stage: Stage, line: string, usual: string): string {
    const act = this.play(stage, line);
    if (act) return act === 'hang' ? '' : (act.reply ?? '');
    this.socket.write(`${usual}\r\n`);
    return usual;
  }

  private play(stage: Stage, line: string): Act | undefined {
    const nth = (this.counts.get(stage) ?? 0) + 1;
    this.counts.set(stage, nth);
    const act = this.sink.script({ stage, connection: this.id, nth, line });
    if (act === undefined) return undefined;
    if (act === 'hang') this.isStuck = true;
    else if (act.afterMs === undefined) this.perform(act);
    else setTimeout(() => this.perform(act), act.afterMs);
    return act;
  }

  private perform(act: Exclude<Act, 'hang'>): void {
    // A reply that is no whole "250 text" is cut short on purpose and gets no line end.
    if (act.reply !== undefined) this.socket.write(/^\d{3}[ -]/.test(act.reply) ? `${act.reply}\r\n` : act.reply);
    if (act.end === undefined) return;
    this.isStuck = true;
    if (act.end === 'reset') this.socket.resetAndDestroy();
    else this.socket.end(() => this.socket.destroy());
  }
}

/** A script that does `act` at every occurrence of `stage`, or only at the `nth`. */
export function at(stage: Stage, act: Act, nth?: number): Script {
  return (moment) => (moment.stage === stage && (nth === undefined || moment.nth === nth) ? act : undefined);
}
