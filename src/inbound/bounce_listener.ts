import { once } from 'node:events';
import type { AddressInfo } from 'node:net';
import { Injectable, Logger, type OnApplicationBootstrap, type OnApplicationShutdown } from '@nestjs/common';
import { Clock } from '../platform/clock.js';
import { Config } from '../platform/config.js';
import { LimitReached } from '../platform/errors.js';
import { bounceLimits } from './bounce_limits.js';
import { BounceServer, type MailAtDoor, refusal } from './bounce_server.js';
import { InboundService, KEPT_BYTES, ToldEnough } from './inbound.service.js';
import { OwnAddresses } from './reading/own_addresses.js';

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
  private server: BounceServer | undefined;
  private again: NodeJS.Timeout | undefined;
  private isOver = false;

  constructor(
    private readonly config: Config,
    private readonly clock: Clock,
    private readonly addresses: OwnAddresses,
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

  private made(): BounceServer {
    const server = new BounceServer(
      {
        name: this.config.BOUNCE_DOMAIN ?? 'localhost',
        keptBytes: KEPT_BYTES,
        isOurs: (address) => this.addresses.addressed(address) !== undefined,
        keep: (mail) => this.keep(mail),
      },
      bounceLimits(this.config),
      this.clock,
    );
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

  /** What can't be written now is asked for again by whoever brings it. */
  private async keep(mail: MailAtDoor): Promise<Error | undefined> {
    const addressed = this.addresses.addressed(mail.recipient);
    if (addressed === undefined) return refusal(550, '5.1.1 There is no such address');
    try {
      await this.inbound.keep({ ...mail, source: 'smtp' }, addressed);
      return undefined;
    } catch (error) {
      if (error instanceof ToldEnough) return refusal(552, '5.2.2 Enough mails speak of this message');
      if (error instanceof LimitReached) return refusal(452, '4.3.1 Insufficient system storage at the moment');
      this.log.warn(`a mail that came back could not be kept: ${String(error)}`);
      return refusal(NOT_NOW, '4.3.0 Not now');
    }
  }
}

async function isListening({ server }: BounceServer): Promise<boolean> {
  try {
    await once(server, 'listening');
    return true;
  } catch (error) {
    if ((error as { code?: string }).code !== 'EADDRINUSE') throw error;
    return false;
  }
}

function closed(server: BounceServer): Promise<void> {
  return new Promise((resolve) => {
    server.close(() => resolve());
  });
}
