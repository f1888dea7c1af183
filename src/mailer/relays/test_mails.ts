import { randomUUID } from 'node:crypto';
import { Injectable } from '@nestjs/common';
import type { Actor } from '../../platform/auth/actor.js';
import { Clock } from '../../platform/clock.js';
import { Config } from '../../platform/config.js';
import { signedMail } from '../mime/dkim.js';
import { DomainsService } from '../domains/domains.service.js';
import { EmailChannel } from '../email_channel.js';
import { requireAddress } from '../mail_address.js';
import type { MailOutcome } from '../mail_outcome.js';
import { CompiledMail } from '../mime/mime.js';
import { Throttle } from '../throttle/throttle.js';
import type { BrandRelay } from './brand_relay.entity.js';
import { RelayWiring } from './relay_wiring.js';
import { RelayWay } from './relay_way.js';

/** Sends the person at the screen a mail by one relay, past all the others. */
@Injectable()
export class TestMails {
  constructor(
    private readonly wiring: RelayWiring,
    private readonly domains: DomainsService,
    private readonly config: Config,
    private readonly clock: Clock,
  ) {}

  async send(actor: Actor, relay: BrandRelay): Promise<MailOutcome> {
    const now = (): number => this.clock.ms();
    const wired = this.wiring.wired(relay, this.wiring.secretOf(relay), 'test mail');
    const way = new RelayWay({ name: relay.name, key: 'test mail', relay: wired }, now);
    const channel = new EmailChannel(() => [way], new Throttle(now), 1);
    try {
      for await (const outcome of channel.send([this.mail(actor, relay)], () => Promise.resolve(true))) return outcome;
      throw new Error('The channel gave no outcome');
    } finally {
      way.close();
    }
  }

  private mail({ brandId, name, email }: Actor, relay: BrandRelay): Parameters<EmailChannel['send']>[0][number] {
    const domain = relay.fromDomains[0] ?? this.config.MAIL_DOMAIN ?? new URL(this.config.baseUrl).hostname;
    const sender = relay.senderRule === 'fixed' ? relay.senderAddress : `no-reply@${domain}`;
    const words = `This mail came by the relay ${relay.name} (${relay.host}).`;
    const mail = new CompiledMail({
      from: { name: 'Canvass', address: `no-reply@${domain}` },
      subject: ['Test of a relay'],
      html: ['<p>', { slot: 0 }, '</p>'],
      isSystemMail: true,
    });
    const id = randomUUID();
    const date = this.clock.now();
    const recipient = { to: { name, address: email }, messageIdHeader: `<${id}@${domain}>`, date, values: [words] };
    return {
      messageId: id,
      brandId,
      from: mail.from,
      sender,
      recipient: requireAddress(email),
      isUrgent: true,
      content: async () =>
        signedMail(mail.render(recipient), await this.domains.signingKeysOf(brandId, mail.fromDomain), date),
    };
  }
}
