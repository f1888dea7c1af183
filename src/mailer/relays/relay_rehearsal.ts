import { Injectable } from '@nestjs/common';
import { Config } from '../../platform/config.js';
import { DomainError, Invalid } from '../../platform/errors.js';
import { isPublic, Outside } from '../../platform/net/outside.js';
import { BrandRelay, type RelaySettings } from './brand_relay.entity.js';
import { RelayWiring } from './relay_wiring.js';
import { type TrialFailure, tryRelay } from './relay_trial.js';

/** Ports that mail is handed in at. Inside hosts, which the operator vouched for, may use others. */
const PORTS = new Set([25, 465, 587, 2525]);

/** Asks a relay whether it would take our mails, by a real connection on which nothing is sent. */
@Injectable()
export class RelayRehearsal {
  constructor(
    private readonly outside: Outside,
    private readonly wiring: RelayWiring,
    private readonly config: Config,
  ) {}

  /**
   * @param secret in clear
   * @param recipient somebody who would get a mail: the person at the screen
   * @returns the server's words when it refused something
   */
  async failureOf(settings: RelaySettings, secret: string, recipient: string): Promise<TrialFailure | undefined> {
    await this.mustBeMailPort(settings);
    const relay = this.wiring.wired(settings, secret, 'rehearsal');
    return tryRelay(relay, { sender: this.senderOf(settings), recipient });
  }

  /** As `failureOf`, for a relay that is kept; what stands in the way before any connection is words, too. */
  async troubleOf(relay: BrandRelay, recipient: string): Promise<string> {
    try {
      return (await this.failureOf(relay, this.wiring.secretOf(relay), recipient))?.words ?? '';
    } catch (error) {
      if (!(error instanceof DomainError)) throw error;
      return error.message;
    }
  }

  private async mustBeMailPort({ host, port }: RelaySettings): Promise<void> {
    const { address } = await this.outside.mustBeReachable(host);
    if (isPublic(address) && !PORTS.has(port)) {
      const message = `Mail servers listen on ${[...PORTS].join(', ')}; ${port} is none of these.`;
      throw new Invalid(message, { port: message });
    }
  }

  private senderOf({ senderRule, senderAddress, fromDomains }: RelaySettings): string {
    if (senderRule === 'fixed') return senderAddress;
    const domain = fromDomains[0] ?? this.config.MAIL_DOMAIN ?? new URL(this.config.baseUrl).hostname;
    return `no-reply@${domain}`;
  }
}
