import { Injectable, type OnApplicationShutdown } from '@nestjs/common';
import { Config } from '../../platform/config.js';
import { Names } from '../../platform/net/names.js';
import { Outside } from '../../platform/net/outside.js';
import type { OutgoingMail } from '../outgoing_mail.js';
import { domainPart } from '../mail_address.js';
import { MailboxServer } from '../mailbox/mailbox_server.js';
import { DEFAULT_PATIENCE, relayFromUrl } from '../relay.js';
import type { Way } from '../way.js';
import { BrandRelays } from './brand_relays.js';
import { DirectWay } from './direct_way.js';
import { RelayWay } from './relay_way.js';
import { ThisMachine } from './relay_wiring.js';

type Wanted = Pick<OutgoingMail, 'brandId' | 'from' | 'mailboxOnly'>;

/** The way that all brands share, when the operator set one. */
@Injectable()
export class InstallationWay {
  readonly way: RelayWay | DirectWay | undefined;

  constructor(config: Config, names: Names, outside: Outside, { now, hostname }: ThisMachine) {
    if (config.SMTP_URL !== undefined) {
      const relay = relayFromUrl(config.SMTP_URL, config.SMTP_CONNECTIONS);
      this.way = new RelayWay({ name: `${relay.host}:${relay.port}`, key: 'smtp', relay }, now);
    } else if (config.SMTP_DIRECT) {
      const port = config.SMTP_DIRECT_PORT;
      this.way = new DirectWay({ names, outside, now, hostname, port, patience: DEFAULT_PATIENCE });
    }
  }
}

/**
 * Chooses the ways of a mail: the brand's relays that take its From domain, in their order; where there is none, the
 * relay of the installation; without that, straight to the recipients' servers where the operator wants it; else the
 * development mailbox. A brand's relays are never replaced by the installation's: its domains may not name that in SPF.
 */
@Injectable()
export class Ways implements OnApplicationShutdown {
  private readonly mailboxes = new Map<string, RelayWay>();

  constructor(
    private readonly installation: InstallationWay,
    private readonly relays: BrandRelays,
    private readonly mailbox: MailboxServer,
    private readonly machine: ThisMachine,
  ) {}

  /** The best first. */
  of({ brandId, from, mailboxOnly }: Wanted): readonly Way[] | Promise<readonly Way[]> {
    if (mailboxOnly === true) return this.mailboxOf(brandId);
    const own = this.relays.waysFor(brandId, domainPart(from));
    return 'then' in own ? own.then((ways) => this.orOthers(ways, brandId)) : this.orOthers(own, brandId);
  }

  /** Whether a mail of a brand from this address leaves this machine. */
  async leaves(brandId: string, from: string): Promise<boolean> {
    return this.installation.way !== undefined || (await this.relays.waysFor(brandId, domainPart(from))).length > 0;
  }

  /** Whether mails of a brand stay on this machine, whatever their From domain. */
  async stayHere(brandId: string): Promise<boolean> {
    return this.installation.way === undefined && (await this.relays.all(brandId)).length === 0;
  }

  /** The ways that a brand has, its own and the one that all share. */
  async ofBrand(brandId: string): Promise<readonly Way[]> {
    const own = (await this.relays.all(brandId)).map(({ way }) => way);
    return own.length > 0 && this.installation.way === undefined ? own : [...own, ...(await this.others(brandId))];
  }

  abort(): void {
    this.relays.abort();
    this.installation.way?.abort();
    this.mailboxes.forEach((way) => way.abort());
  }

  onApplicationShutdown(): void {
    this.relays.close();
    this.installation.way?.close();
    this.mailboxes.forEach((way) => way.close());
  }

  private orOthers(own: readonly Way[], brandId: string): readonly Way[] | Promise<readonly Way[]> {
    return own.length > 0 ? own : this.others(brandId);
  }

  private others(brandId: string): readonly Way[] | Promise<readonly Way[]> {
    return this.installation.way === undefined ? this.mailboxOf(brandId) : [this.installation.way];
  }

  private async mailboxOf(brandId: string): Promise<readonly Way[]> {
    const known = this.mailboxes.get(brandId);
    if (known !== undefined) return [known];
    const relay = await this.mailbox.relayOf(brandId);
    const way = new RelayWay({ name: 'the development mailbox', key: `mailbox ${brandId}`, relay }, this.machine.now);
    this.mailboxes.set(brandId, way);
    return [way];
  }
}
