import { once } from 'node:events';
import type { AddressInfo } from 'node:net';
import { Injectable, Logger, type OnApplicationBootstrap, type OnApplicationShutdown } from '@nestjs/common';
import { SMTPServer } from 'smtp-server';
import type { SMTPServerAddress, SMTPServerDataStream, SMTPServerSession } from 'smtp-server';
import { Config } from '../../platform/config.js';
import { LimitReached } from '../../platform/errors.js';
import { InboundService, KEPT_BYTES, ToldEnough } from './inbound.service.js';

type Done = (error?: Error | null, answer?: string) => void;

/** A report holds a mail of ours, a reply perhaps a picture; nobody has to send us more. */
const SIZE_LIMIT = 10 * 1024 * 1024;
const CLIENTS = 50;
const IDLE_MS = 60_000;
const NOT_NOW = 451;
/** Of several workers on one machine one has the port; when it ends another one takes it after so long at most. */
const AGAIN_MS = 30_000;

/**
 * Where mail servers bring back what they could not deliver. It takes mails to addresses that we made ourselves and
 * nothing else, says "taken" only after the commit, and never answers by mail.
 */
@Injectable()
export class BounceListener implements OnApplicationBootstrap, OnApplicationShutdown {
  private readonly log = new Logger(BounceListener.name);
  private server: SMTPServer | undefined;
  private again: NodeJS.Timeout | undefined;
  private isOver = false;

  constructor(
    private readonly config: Config,
    private readonly inbound: InboundService,
  ) {}

  async onApplicationBootstrap(): Promise<void> {
    if (this.config.BOUNCE_PORT === undefined || !this.config.runsWork) return;
    if (!(await this.listen())) {
      this.log.warn(`Port ${this.config.BOUNCE_PORT} is taken: bounces are taken in by whoever listens there.`);
      this.tryAgainLater();
    }
  }

  private tryAgainLater(): void {
    if (this.isOver) return;
    this.again = setTimeout(() => void this.takeOver(), AGAIN_MS).unref();
  }

  private async takeOver(): Promise<void> {
    try {
      if (await this.listen())
        this.log.log(`Port ${String(this.config.BOUNCE_PORT)} is free: bounces are taken in here now.`);
      else this.tryAgainLater();
    } catch (error) {
      this.log.warn(`bounces can't be taken in: ${String(error)}`);
      this.tryAgainLater();
    }
  }

  /** @returns false when somebody else has the port */
  private async listen(): Promise<boolean> {
    const server = this.made();
    server.listen(this.config.BOUNCE_PORT, this.config.BOUNCE_HOST_ADDRESS);
    if (!(await isListening(server))) return false;
    if (this.isOver) await closed(server);
    else this.server = server;
    return true;
  }

  private made(): SMTPServer {
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
    return server;
  }

  async onApplicationShutdown(): Promise<void> {
    this.isOver = true;
    clearTimeout(this.again);
    if (this.server !== undefined) await closed(this.server);
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
      if (error instanceof ToldEnough) return refusal(552, '5.2.2 Enough mails speak of this message');
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

async function isListening({ server }: SMTPServer): Promise<boolean> {
  try {
    await once(server, 'listening');
    return true;
  } catch (error) {
    if ((error as { code?: string }).code !== 'EADDRINUSE') throw error;
    return false;
  }
}

function closed(server: SMTPServer): Promise<void> {
  return new Promise((resolve) => {
    server.close(() => resolve());
  });
}

function refusal(responseCode: number, words: string): Error {
  return Object.assign(new Error(words), { responseCode });
}
