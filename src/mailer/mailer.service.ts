import { createSecretKey, type KeyObject, randomUUID } from 'node:crypto';
import { Injectable, type OnApplicationShutdown } from '@nestjs/common';
import type { Outcome } from '../platform/channel.js';
import { Clock } from '../platform/clock.js';
import { Config } from '../platform/config.js';
import { Keys } from '../platform/keys.js';
import { openSession, RelayDown } from './connection.js';
import { Connections } from './connections.js';
import { EmailChannel } from './email_channel.js';
import type { OutgoingMail } from './email_channel.js';
import { domainOf, requireAddress, wireDomain } from './mail_address.js';
import { MailboxServer } from './mailbox_server.js';
import { CompiledMail } from './mime.js';
import type { MailTemplate, Recipient } from './mime.js';
import { relayFromUrl } from './relay.js';
import type { Relay } from './relay.js';
import { messageOfVerp, verpLocalPart } from './verp.js';

export { MailRefused } from './mail_refused.js';
export type { OutgoingMail } from './email_channel.js';
export type { Piece } from './mail_body.js';
export type { CompiledMail, MailTemplate, Recipient } from './mime.js';

/** Whether mails may carry a From address, and if not, what would be right. */
export interface FromVerdict {
  allowed: boolean;
  /** The domains that are allowed; empty means any. */
  domains: string[];
  why: string;
}

export interface RelayHealth {
  isReachable: boolean;
  host: string;
  /** The server's words, or ours, when it is not. */
  text: string;
}

/** A mail to one person outside any distribution: a test mail, a message of the system to its users. */
export interface SingleMail {
  template: MailTemplate;
  to: Recipient['to'];
  values?: readonly string[];
  unsubscribe?: Recipient['unsubscribe'];
  /** Stays in the development mailbox whatever relay there is. */
  mailboxOnly?: boolean;
}

/** The mailer's front door: puts mails together, chooses their way, sends them. It knows no survey and no distribution. */
@Injectable()
export class MailerService implements OnApplicationShutdown {
  /** The way out for batches; every outcome carries the server's words. */
  readonly channel: EmailChannel;
  private readonly pools = new Map<string, Connections>();
  private readonly relay: Relay | undefined;
  private knownVerpKey: KeyObject | undefined;

  constructor(
    private readonly config: Config,
    private readonly keys: Keys,
    private readonly mailbox: MailboxServer,
    private readonly clock: Clock,
  ) {
    this.relay = config.SMTP_URL === undefined ? undefined : relayFromUrl(config.SMTP_URL, config.SMTP_CONNECTIONS);
    this.channel = new EmailChannel((mail) => this.route(mail), config.SMTP_CONNECTIONS);
  }

  onApplicationShutdown(): void {
    for (const connections of this.pools.values()) connections.close();
  }

  /** True when mails do not leave this machine. */
  get usesMailbox(): boolean {
    return this.relay === undefined;
  }

  /**
   * Does once what is the same for all mails of a sending; `render` of the result makes each recipient's mail.
   * @throws {MailRefused} when an address or header can't be sent
   */
  compile(template: MailTemplate): CompiledMail {
    return new CompiledMail(template);
  }

  /**
   * A ledger message as the channel takes it: with its own envelope sender, and put together when its turn comes.
   * @throws {MailRefused} when the recipient's address is none
   */
  outgoing(
    message: { messageId: string; brandId: string; mailboxOnly?: boolean },
    mail: CompiledMail,
    recipient: Recipient,
  ): OutgoingMail {
    return {
      ...message,
      sender: `${verpLocalPart(message.messageId, this.verpKey)}@${this.bounceDomain(mail.fromDomain)}`,
      recipient: requireAddress(recipient.to.address),
      content: () => mail.render(recipient),
    };
  }

  /** The message that an envelope sender of ours belongs to. */
  messageOfSender(address: string): string | undefined {
    return messageOfVerp(address.slice(0, address.lastIndexOf('@')), this.verpKey);
  }

  /** The rule behind EQD17. */
  isAllowedFrom(address: string): FromVerdict {
    const domain = domainOf(address);
    const own = this.config.MAIL_DOMAIN === undefined ? undefined : wireDomain(this.config.MAIL_DOMAIN);
    const domains = this.usesMailbox || own === undefined ? [] : [own];
    if (domain === undefined) return { allowed: false, domains, why: 'This is not an e-mail address.' };
    if (this.usesMailbox) {
      return { allowed: true, domains, why: 'Mails stay in the development mailbox, so any From address may be used.' };
    }
    if (own === undefined || domain === own) return { allowed: true, domains, why: '' };
    return { allowed: false, domains, why: `Mails leave this installation from ${own} only, not from ${domain}.` };
  }

  /** The From address of the system's own mails. */
  get systemAddress(): string {
    return `no-reply@${this.config.MAIL_DOMAIN ?? wireDomain(new URL(this.config.baseUrl).hostname) ?? 'localhost'}`;
  }

  /** Sends one mail at once, past any bulk send. */
  async sendSingle(brandId: string, mail: SingleMail): Promise<Outcome> {
    const id = randomUUID();
    const compiled = this.compile(mail.template);
    const recipient: Recipient = {
      to: mail.to,
      messageIdHeader: `<${id}@${compiled.fromDomain}>`,
      date: this.clock.now(),
      values: mail.values ?? [],
      ...(mail.unsubscribe ? { unsubscribe: mail.unsubscribe } : {}),
    };
    return this.now({
      messageId: id,
      brandId,
      sender: requireAddress(mail.template.from.address),
      recipient: requireAddress(mail.to.address),
      content: () => compiled.render(recipient),
      isUrgent: true,
      mailboxOnly: mail.mailboxOnly ?? false,
    });
  }

  /** Sends a mail of the system itself: invitations of users, notices. Its text has no placeholders. */
  sendSystemMail(brandId: string, to: Recipient['to'], words: { subject: string; html: string }): Promise<Outcome> {
    const from = { name: 'Canvass', address: this.systemAddress };
    const template = { from, subject: [words.subject], html: [words.html], isSystemMail: true };
    return this.sendSingle(brandId, { template, to });
  }

  /** Asks the relay of a brand by a real connection with sign-in; held distributions go on when it answers. */
  async health(brandId: string): Promise<RelayHealth> {
    const relay = await this.relayOf(brandId, false);
    const host = `${relay.host}:${relay.port}`;
    try {
      (await openSession(relay)).quit();
      return { isReachable: true, host, text: 'The relay answers.' };
    } catch (error) {
      if (!(error instanceof RelayDown)) throw error;
      return { isReachable: false, host, text: error.message };
    }
  }

  private async now(mail: OutgoingMail): Promise<Outcome> {
    for await (const outcome of this.channel.send([mail], () => Promise.resolve(true))) return outcome;
    throw new Error('The channel gave no outcome');
  }

  private async route({ brandId, mailboxOnly }: OutgoingMail): Promise<Connections> {
    const relay = await this.relayOf(brandId, mailboxOnly === true);
    const known = this.pools.get(relay.key);
    if (known) return known;
    const connections = new Connections(relay);
    this.pools.set(relay.key, connections);
    return connections;
  }

  private relayOf(brandId: string, mailboxOnly: boolean): Relay | Promise<Relay> {
    return this.relay === undefined || mailboxOnly ? this.mailbox.relayOf(brandId) : this.relay;
  }

  /** Keys are open only after the start; as an object it is made once, not for each mail. */
  private get verpKey(): KeyObject {
    return (this.knownVerpKey ??= createSecretKey(this.keys.of('verp')));
  }

  /** Until bounces have a domain of their own they return to the From domain, which exists and may receive. */
  private bounceDomain(fromDomain: string): string {
    return this.config.MAIL_DOMAIN ?? fromDomain;
  }
}
