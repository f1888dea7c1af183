import { randomBytes, timingSafeEqual } from 'node:crypto';
import { once } from 'node:events';
import type { AddressInfo } from 'node:net';
import { Injectable, type OnApplicationShutdown } from '@nestjs/common';
import { SMTPServer } from 'smtp-server';
import type { SMTPServerAuthentication, SMTPServerAuthenticationResponse } from 'smtp-server';
import type { SMTPServerDataStream, SMTPServerSession } from 'smtp-server';
import { MailboxService } from './mailbox.service.js';
import { relayFromUrl } from '../relay.js';
import type { Relay } from '../relay.js';

const SIZE_LIMIT = 10 * 1024 * 1024;
const CONNECTIONS = 4;

type Done<Answer = string> = (error?: Error | null, answer?: Answer) => void;

/**
 * The development mailbox's SMTP server, inside this process on the loopback interface. Mails go to it as they would
 * to a relay, over the same connections. A brand signs in with its id and a password that lives as long as the
 * process, so nobody else on the machine can put mails into a brand's mailbox. Starts with the first mail.
 */
@Injectable()
export class MailboxServer implements OnApplicationShutdown {
  private readonly relays = new Map<string, Relay>();
  private readonly password = randomBytes(24).toString('base64url');
  private server: SMTPServer | undefined;
  private port: Promise<number> | undefined;

  constructor(private readonly mailbox: MailboxService) {}

  /** The mailbox of one brand, seen as a relay. */
  async relayOf(brandId: string): Promise<Relay> {
    this.port ??= this.listen();
    const address = `smtp://${brandId}:${this.password}@127.0.0.1:${await this.port}?tls=off`;
    const relay = this.relays.get(brandId) ?? relayFromUrl(address, CONNECTIONS);
    this.relays.set(brandId, relay);
    return relay;
  }

  async onApplicationShutdown(): Promise<void> {
    const { server } = this;
    if (server) await new Promise<void>((resolve) => server.close(() => resolve()));
  }

  private async listen(): Promise<number> {
    const server = new SMTPServer({
      banner: 'Canvass development mailbox',
      disabledCommands: ['STARTTLS'],
      allowInsecureAuth: true,
      disableReverseLookup: true,
      authMethods: ['PLAIN'],
      size: SIZE_LIMIT,
      closeTimeout: 2000,
      onAuth: (login, _session, done) => this.signIn(login, done),
      onData: (stream, session, done) => void this.receive(stream, session, done),
    });
    server.on('error', () => undefined); // a client that breaks off; it learns by its own connection
    server.listen(0, '127.0.0.1');
    await once(server.server, 'listening');
    this.server = server;
    return (server.server.address() as AddressInfo).port;
  }

  private signIn(login: SMTPServerAuthentication, done: Done<SMTPServerAuthenticationResponse>): void {
    const user = login.username ?? '';
    const given = Buffer.from(login.password ?? '');
    const wanted = Buffer.from(this.password);
    const isRight = given.length === wanted.length && timingSafeEqual(given, wanted) && /^\d{1,18}$/.test(user);
    if (isRight) done(null, { user });
    else done(new Error('Wrong password'));
  }

  private async receive(stream: SMTPServerDataStream, session: SMTPServerSession, done: Done): Promise<void> {
    done(await this.take(stream, session), 'Kept');
  }

  private async take(stream: SMTPServerDataStream, session: SMTPServerSession): Promise<Error | null> {
    const chunks: Buffer[] = [];
    for await (const chunk of stream) {
      if (!stream.sizeExceeded) chunks.push(chunk as Buffer);
    }
    if (stream.sizeExceeded) return Object.assign(new Error('Too big for the mailbox'), { responseCode: 552 });
    const { mailFrom, rcptTo } = session.envelope;
    const sender = mailFrom === false ? '' : mailFrom.address;
    const recipient = rcptTo.map(({ address }) => address).join(', ');
    return this.keep(String(session.user), { sender, recipient, raw: Buffer.concat(chunks) });
  }

  /** A mailbox that can't write says "later", as any server would. */
  private async keep(brandId: string, mail: Parameters<MailboxService['keep']>[1]): Promise<Error | null> {
    try {
      await this.mailbox.keep(brandId, mail);
      return null;
    } catch (cause) {
      return Object.assign(new Error('The mailbox can not write at the moment', { cause }), { responseCode: 451 });
    }
  }
}
