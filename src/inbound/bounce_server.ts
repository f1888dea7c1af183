import type { Socket } from 'node:net';
import { SMTPServer } from 'smtp-server';
import type { SMTPServerAddress, SMTPServerDataStream, SMTPServerSession } from 'smtp-server';
import type { SMTPConnection, SMTPConnectionOptions } from 'smtp-server/lib/smtp-connection.js';
import type { Clock } from '../platform/clock.js';
import { BounceConnections, PIECE } from './bounce_connections.js';
import type { BounceLimits } from './bounce_limits.js';
import { BounceSession } from './bounce_session.js';
import { StartOfMail } from './reading/start_of_mail.js';

type Done = (error?: Error | null, answer?: string) => void;

/** A mail at the door, its first so many bytes. */
export interface MailAtDoor {
  sender: string;
  recipient: string;
  raw: Buffer;
}

/** What the door is for. */
export interface DoorOwner {
  name: string;
  /** Bytes of each mail that are wanted; the rest is heard out and let go. */
  keptBytes: number;
  isOurs(address: string): boolean;
  /** @returns undefined once it is kept, else the refusal */
  keep(mail: MailAtDoor): Promise<Error | undefined>;
}

const LINGER_MS = 1000;
const MOST_LINGERING = 100;

/**
 * The SMTP server of the door, and everything that bounds it. The library bounds lines, silence and the number of
 * connections; by network, by time, by pace and by progress it is bounded here, at its sockets and commands.
 */
export class BounceServer extends SMTPServer {
  private readonly guests: BounceConnections;
  private readonly visits = new Map<string, { visit: BounceSession; connection: SMTPConnection }>();
  private lingering = 0;

  constructor(
    private readonly owner: DoorOwner,
    private readonly limits: BounceLimits,
    clock: Clock,
  ) {
    super({
      name: owner.name,
      banner: 'Canvass',
      disabledCommands: ['AUTH', 'STARTTLS', 'VRFY', 'EXPN', 'HELP', 'XCLIENT', 'XFORWARD', 'WIZ', 'SHELL', 'KILL'],
      authOptional: true,
      disableReverseLookup: true,
      size: limits.size,
      maxCommandLength: limits.commandLength,
      socketTimeout: limits.commandMs,
      closeTimeout: 5000,
    });
    this.guests = new BounceConnections(clock, limits);
    this.server.maxConnections = limits.connections + MOST_LINGERING;
    // Until the library listens to a socket nobody else would hear of its end.
    this.server.prependListener('connection', (socket: Socket) => socket.on('error', () => undefined));
    this.server.once('listening', () => {
      const watch = setInterval(() => this.endOverdue(), limits.lookMs).unref();
      this.server.once('close', () => clearInterval(watch));
    });
  }

  override connect(socket: Socket, options?: SMTPConnectionOptions | null): void {
    const address = socket.remoteAddress ?? '';
    const why = socket.destroyed ? '4.4.2 Gone' : this.guests.enter(address);
    if (why !== undefined) {
      this.turnAway(socket, why);
      return;
    }
    super.connect(socket, options);
    // eslint-disable-next-line no-underscore-dangle -- in the library's published types; there is no other way to it
    const connection = [...this.connections].find((one) => one._socket === socket);
    if (connection === undefined) {
      this.guests.leave(address);
      return;
    }
    const visit = new BounceSession(address, this.limits);
    this.visits.set(connection.id, { visit, connection });
    socket.once('close', () => {
      this.visits.delete(connection.id);
      this.guests.leave(address);
    });
    this.countCommands(connection, visit);
  }

  override onMailFrom(_address: SMTPServerAddress, session: SMTPServerSession, done: Done): void {
    const visit = this.visitOf(session);
    const enough = visit?.mailBegins();
    const wait = visit === undefined || enough !== undefined ? 0 : this.guests.waitForMail(visit.address);
    if (enough !== undefined) {
      done(refusal(421, enough));
    } else {
      done(wait === 0 ? null : refusal(450, `4.7.1 Too many mails from your network, come again in ${wait} seconds`));
    }
  }

  override onRcptTo({ address }: SMTPServerAddress, session: SMTPServerSession, done: Done): void {
    if (session.envelope.rcptTo.length > 0) {
      done(refusal(452, '4.5.3 One recipient at a time'));
    } else if (this.owner.isOurs(address)) {
      done();
    } else if (this.visitOf(session)?.meetsStranger() === true) {
      done(refusal(421, '4.7.0 Too many addresses that do not exist'));
    } else {
      done(refusal(550, '5.1.1 There is no such address'));
    }
  }

  override onData(stream: SMTPServerDataStream, session: SMTPServerSession, done: Done): void {
    const found = this.visits.get(session.id);
    if (found === undefined) {
      done(refusal(451, '4.3.0 Broken off'));
      return;
    }
    const { visit, connection } = found;
    const start = new StartOfMail(this.owner.keptBytes);
    let pieces = 0;
    visit.receives();
    // Event by event and not by an iterator: what a mail of single letters takes must not be held as single chunks.
    stream.on('data', (chunk: Buffer) => {
      start.add(chunk);
      visit.got(chunk.length);
      for (; pieces * PIECE < start.bytes; pieces += 1) {
        if (this.isTooMuch(visit, start.bytes)) {
          connection.send(421, '4.7.0 Too many bytes from your network', false);
          return;
        }
      }
    });
    stream.once('error', () => visit.decided(false));
    stream.once('end', () => void this.decide(start, { stream, session, visit, done }));
  }

  private isTooMuch(visit: BounceSession, bytes: number): boolean {
    return bytes > 4 * this.limits.size || this.guests.waitForPiece(visit.address) > 0;
  }

  private async decide(
    start: StartOfMail,
    {
      stream,
      session,
      visit,
      done,
    }: { stream: SMTPServerDataStream; session: SMTPServerSession; visit: BounceSession; done: Done },
  ): Promise<void> {
    const { mailFrom, rcptTo } = session.envelope;
    const sender = mailFrom === false ? '' : mailFrom.address;
    const recipient = rcptTo[0]?.address ?? '';
    visit.decides();
    const refused = stream.sizeExceeded
      ? refusal(552, '5.3.4 Too big')
      : await this.owner.keep({ sender, recipient, raw: start.kept() });
    visit.decided(refused === undefined);
    if (refused === undefined) {
      this.guests.brought(visit.address);
    }
    done(refused, '2.0.0 Kept');
  }

  private visitOf({ id }: SMTPServerSession): BounceSession | undefined {
    return this.visits.get(id)?.visit;
  }

  /** Every command passes here, those that the library answers by itself too. */
  private countCommands(connection: SMTPConnection, visit: BounceSession): void {
    // eslint-disable-next-line no-underscore-dangle -- the one place that every command passes, in its published types
    const act = connection._onCommand.bind(connection);
    // eslint-disable-next-line no-underscore-dangle -- as above
    connection._onCommand = (command, callback) => {
      const refused = visit.command(command.subarray(0, 4).toString('latin1').toUpperCase());
      if (refused === undefined) {
        act(command, callback);
      } else {
        connection.send(421, refused, false);
      }
    };
  }

  private endOverdue(): void {
    for (const { visit, connection } of this.visits.values()) {
      const why = visit.overdue();
      if (why !== undefined) {
        connection.send(421, why, false);
      }
    }
  }

  /** Told and gone: it takes no place among the guests, and those that do not leave are not waited for. */
  private turnAway(socket: Socket, why: string): void {
    if (socket.destroyed || this.lingering >= MOST_LINGERING) {
      socket.destroy();
      return;
    }
    this.lingering += 1;
    const timer = setTimeout(() => socket.destroy(), LINGER_MS).unref();
    socket.once('close', () => {
      clearTimeout(timer);
      this.lingering -= 1;
    });
    socket.resume();
    socket.end(`421 ${this.owner.name} ${why}\r\n`);
  }
}

export function refusal(responseCode: number, words: string): Error {
  return Object.assign(new Error(words), { responseCode });
}
