import { Injectable } from '@nestjs/common';
import { Clock } from '../../platform/clock.js';
import { Config } from '../../platform/config.js';
import { Keys } from '../../platform/keys.js';
import { Outside } from '../../platform/net/outside.js';
import { DEFAULT_PATIENCE, type Login, type Relay } from '../relay.js';
import { AccessTokens } from './access_tokens.js';
import { type BrandRelay, type RelaySettings, secretPlace } from './brand_relay.entity.js';

/** The machine that mails leave from, as servers are told it, with its clock. */
@Injectable()
export class ThisMachine {
  readonly hostname: string;
  readonly now: () => number;

  constructor(config: Config, clock: Clock) {
    this.hostname = config.MAIL_HOSTNAME ?? new URL(config.baseUrl).hostname;
    this.now = () => clock.ms();
  }
}

/** What is kept of a relay as connections need it: with its secret, and only to addresses outside. */
@Injectable()
export class RelayWiring {
  constructor(
    private readonly keys: Keys,
    private readonly outside: Outside,
    private readonly tokens: AccessTokens,
    private readonly machine: ThisMachine,
  ) {}

  /**
   * The relay as connections need it.
   * @param secret in clear
   */
  wired(settings: RelaySettings, secret: string, key: string): Relay {
    const { host, port, tls, ca, connections, messagesPerConnection } = settings;
    return {
      key,
      host,
      port,
      tls,
      verifiesCertificate: true,
      ...(ca === '' ? {} : { ca }),
      ...this.loginOf(settings, secret),
      addressOf: async () => (await this.outside.mustBeReachable(host)).address,
      name: this.machine.hostname,
      connections,
      messagesPerConnection,
      patience: DEFAULT_PATIENCE,
    };
  }

  secretOf({ brandId, sealed }: BrandRelay): string {
    return sealed === null ? '' : this.keys.unseal(sealed, secretPlace(brandId)).toString();
  }

  private loginOf(
    { auth, username: user, tokenUrl, clientId, tokenScope }: RelaySettings,
    secret: string,
  ): { login?: Login } {
    if (auth === 'none') return {};
    if (auth !== 'XOAUTH2') return { login: { method: auth, user, password: secret } };
    const client = { tokenUrl, clientId, secret, scope: tokenScope };
    return { login: { method: auth, user, token: (isRenewal) => this.tokens.of(client, isRenewal) } };
  }
}
