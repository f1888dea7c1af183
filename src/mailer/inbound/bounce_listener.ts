import { once } from 'node:events';
import type { AddressInfo } from 'node:net';
import { Injectable, Logger, type OnApplicationBootstrap, type OnApplicationShutdown } from '@nestjs/common';
import { SMTPServer } from 'smtp-server';
import type { SMTPServerAddress, SMTPServerDataStream, SMTPServerSession } from 'smtp-server';
import { Config } from '../../platform/config.js';
import { LimitReached } from '../../platform/errors.js';
import { InboundService, KEPT_BYTES } from './inbound.service.js';

type Done = (error?: Error | null, answer?: string) => void;

/** A report holds a mail of ours, a reply perhaps a picture; nobody has to send us more. */
const SIZE_LIMIT = 10 * 1024 * 1024;
const CLIENTS = 50;
const IDLE_MS = 60_000;
const NOT_NOW = 451;

/**
 * Where mail servers bring back what they could not deliver. It takes mails to addresses that we made ourselves and
 * nothing else, says "taken" only after the commit, and never answers by mail.
 */
@Injectable()
export class BounceListener implements OnApplicationBootstrap, OnApplicationShutdown {
  private readonly log = new Logger(BounceListener.name);
  private server: SMTPServer | undefined;

  constructor(
    private readonly config: Config,
    private readonly inbound: InboundService,
  ) {}

  async onApplicationBootstrap(): Promise<void> {
    const { BOUNCE_PORT: port, BOUNCE_HOST_ADDRESS: host, runsWork } = this.config;
    if (port === undefined || !runsWork) return;
    const server = new SMTPServer({
      name: this.config.BOUNCE_DOMAIN ?? 'localhost',
      banner: 'Canvass',
      disabledCommands: ['AUTH', 'STARTTLS', 'VRFY', 'EXPN', 'HELP', 'XCLIENT', 'XFORWARD'],
      authOptional: true,
      disableReverseLookup: true,
      size: SIZE_LIMIT,
      maxClients: CLIENTS,
      socketTimeout: IDLE_MS,
      closeTimeout: 5000,
      onRcptTo: (address, session, done) => done(this.refusalOf(address, session)),
      onData: (stream, session, done) => void this.receive(stream, session, done),
    });
    server.on('error', (error) => this.log.debug(`inbound SMTP: ${error.message}`)); // a client that breaks off
    server.listen(port, host);
    this.server = (await this.isListening(server)) ? server : undefined;
  }

  /** Of several workers on one machine the first one has the port, and serves for all. */
  private async isListening(server: SMTPServer): Promise<boolean> {
    try {
      await once(server.server, 'listening');
      return true;
    } catch (error) {
      if ((error as { code?: string }).code !== 'EADDRINUSE') throw error;
      this.log.warn(`Port ${String(this.config.BOUNCE_PORT)} is taken: bounces are taken in by whoever listens there.`);
      return false;
    }
  }

  async onApplicationShutdown(): Promise<void> {
    const { server } = this;
    if (server !== undefined) await new Promise<void>((resolve) => server.close(() => resolve()));
  }

  /** The port that it listens on; undefined where it does not. */
  get port(): number | undefined {
    return this.server === undefined ? undefined : (this.server.server.address() as AddressInfo).port;
  }

  private refusalOf({ address }: SMTPServerAddress, { envelope }: SMTPServerSession): Error | undefined {
    if (this.inbound.addressed(address) === undefined) return refusal(550, '5.1.1 There is no such address');
    return envelope.rcptTo.length > 0 ? refusal(452, '4.5.3 One recipient at a time') : undefined;
  }

  private async receive(stream: SMTPServerDataStream, session: SMTPServerSession, done: Done): Promise<void> {
    try {
      const raw = await bytesOf(stream);
      done(raw === undefined ? refusal(552, '5.3.4 Too big') : await this.keep(raw, session), '2.0.0 Kept');
    } catch (cause) {
      done(Object.assign(refusal(NOT_NOW, '4.3.0 Broken off'), { cause }));
    }
  }

  /** What can't be written now is asked for again by whoever brings it. */
  private async keep(raw: Buffer, { envelope }: SMTPServerSession): Promise<Error | null> {
    const sender = envelope.mailFrom === false ? '' : envelope.mailFrom.address;
    const recipient = envelope.rcptTo[0]?.address ?? '';
    const addressed = this.inbound.addressed(recipient);
    if (addressed === undefined) return refusal(550, '5.1.1 There is no such address');
    try {
      await this.inbound.keep({ sender, recipient, raw, source: 'smtp' }, addressed);
      return null;
    } catch (error) {
      if (error instanceof LimitReached) return refusal(452, '4.3.1 Too many mails at the moment');
      this.log.warn(`a mail that came back could not be kept: ${String(error)}`);
      return refusal(NOT_NOW, '4.3.0 Not now');
    }
  }
}

/**
 * What is kept of it: everybody may have fifty big ones under way at once. The rest is read before the answer.
 * @returns undefined when there are too many
 */
async function bytesOf(stream: SMTPServerDataStream): Promise<Buffer | undefined> {
  const chunks: Buffer[] = [];
  let room = KEPT_BYTES;
  for await (const chunk of stream) {
    const kept = (chunk as Buffer).subarray(0, room);
    if (kept.length > 0) chunks.push(kept);
    room -= kept.length;
  }
  return stream.sizeExceeded ? undefined : Buffer.concat(chunks);
}

function refusal(responseCode: number, words: string): Error {
  return Object.assign(new Error(words), { responseCode });
}
