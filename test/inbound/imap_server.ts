import { once } from 'node:events';
import { type AddressInfo, createServer, type Server, type Socket } from 'node:net';

/** As much of an IMAP server as fetching from one mailbox needs. */
export class ImapServer {
  readonly mails: { uid: number; raw: Buffer }[] = [];
  readonly seen = new Set<number>();
  readonly fetched: number[] = [];
  uidValidity = 7;
  private readonly server: Server;
  private readonly sockets = new Set<Socket>();

  constructor() {
    this.server = createServer((socket) => this.serve(socket));
  }

  async listen(): Promise<this> {
    this.server.listen(0, '127.0.0.1');
    await once(this.server, 'listening');
    return this;
  }

  get url(): string {
    return `imap://bounces:secret@127.0.0.1:${(this.server.address() as AddressInfo).port}/INBOX?tls=off`;
  }

  async close(): Promise<void> {
    this.sockets.forEach((socket) => socket.destroy());
    this.server.close();
    await once(this.server, 'close');
  }

  private serve(socket: Socket): void {
    this.sockets.add(socket);
    socket.on('error', () => undefined);
    socket.write('* OK [CAPABILITY IMAP4rev1] ready\r\n');
    let rest = '';
    socket.on('data', (chunk: Buffer) => {
      rest += chunk.toString('latin1');
      for (let end = rest.indexOf('\r\n'); end >= 0; end = rest.indexOf('\r\n')) {
        const line = rest.slice(0, end);
        rest = rest.slice(end + 2);
        socket.write(this.answer(line), 'latin1');
      }
    });
  }

  private answer(line: string): string {
    const [tag = '*', ...words] = line.split(' ');
    const command = words.join(' ').toUpperCase();
    const done = `${tag} OK done\r\n`;
    if (command.startsWith('CAPABILITY')) return `* CAPABILITY IMAP4rev1\r\n${done}`;
    if (command.startsWith('LIST') || command.startsWith('LSUB')) return `* LIST () "/" INBOX\r\n${done}`;
    if (command.startsWith('SELECT')) {
      return `* FLAGS (\\Seen)\r\n* ${this.mails.length} EXISTS\r\n* OK [UIDVALIDITY ${this.uidValidity}] ok\r\n* OK [UIDNEXT 1000] ok\r\n${tag} OK [READ-WRITE] done\r\n`;
    }
    if (command.startsWith('UID SEARCH')) return this.search(command) + done;
    if (command.startsWith('UID FETCH')) return this.fetch(Number(words[2])) + done;
    if (command.startsWith('UID STORE')) this.seen.add(Number(words[2]));
    if (command.startsWith('LOGOUT')) return `* BYE\r\n${done}`;
    return done;
  }

  private search(command: string): string {
    const from = Number(/(\d+):\*/.exec(command)?.[1] ?? 1);
    const last = this.mails.at(-1)?.uid;
    const found = this.mails.map(({ uid }) => uid).filter((uid) => uid >= from || uid === last);
    return `* SEARCH ${found.join(' ')}\r\n`;
  }

  private fetch(uid: number): string {
    const place = this.mails.findIndex((mail) => mail.uid === uid);
    const raw = this.mails[place]!.raw.toString('latin1');
    this.fetched.push(uid);
    return `* ${place + 1} FETCH (UID ${uid} BODY[]<0> {${raw.length}}\r\n${raw})\r\n`;
  }
}
