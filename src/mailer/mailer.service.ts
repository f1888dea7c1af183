import { createSecretKey, type KeyObject, randomUUID } from 'node:crypto';
import { Injectable, type OnApplicationShutdown, type OnModuleDestroy } from '@nestjs/common';
import { Clock } from '../platform/clock.js';
import { Config } from '../platform/config.js';
import { Keys } from '../platform/keys.js';
import { TaskPool } from '../platform/tasks/task_pool.js';
import { type Attachment, withAttachments } from './mime/attachments.js';
import { composedMail } from './mime/composed_mail.js';
import { RelayDown } from './connection.js';
import { NotSigned, signedMail } from './mime/dkim.js';
import { DomainsService, type Signing } from './domains/domains.service.js';
import { EmailChannel } from './email_channel.js';
import type { OutgoingMail } from './outgoing_mail.js';
import type { MailOutcome } from './mail_outcome.js';
import { wireDomain } from '../platform/email_address.js';
import { domainPart, requireAddress } from './mail_address.js';
import { CompiledMail, type MailTemplate, type Recipient } from './mime/mime.js';
import { RelayWay } from './relays/relay_way.js';
import { Ways } from './relays/ways.js';
import { ProviderPauses } from './throttle/provider_pauses.js';
import type { Pause } from './throttle/pauses.js';
import { messageOfVerp, verpLocalPart } from './verp.js';

export { MailRefused, MailTooLarge } from './mail_refused.js';
export type { OutgoingMail } from './outgoing_mail.js';
export type { MailDetail, MailOutcome } from './mail_outcome.js';
export type { Piece } from './mime/mail_body.js';
export type { Pause } from './throttle/pauses.js';
export { isPublicProvider, judgeOfDomain } from './throttle/providers.js';
export type { CompiledMail, MailTemplate, Recipient } from './mime/mime.js';

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
  attachments?: readonly Attachment[];
}

/** What the system itself writes; `replyTo` where answers go to a person. */
export interface SystemMail {
  subject: string;
  html: string;
  replyTo?: string | undefined;
  attachments?: readonly Attachment[];
}

type Whose = Pick<OutgoingMail, 'brandId' | 'mailboxOnly'>;

/** The mailer's front door: puts mails together, chooses their way, sends them. It knows no survey and no distribution. */
@Injectable()
export class MailerService implements OnModuleDestroy, OnApplicationShutdown {
  /** The way out for batches; every outcome carries the server's words. */
  readonly channel: EmailChannel;
  private knownVerpKey: KeyObject | undefined;
  private drain: NodeJS.Timeout | undefined;

  constructor(
    private readonly config: Config,
    private readonly keys: Keys,
    private readonly clock: Clock,
    private readonly domains: DomainsService,
    private readonly ways: Ways,
    private readonly tasks: TaskPool,
    private readonly pauses: ProviderPauses,
  ) {
    // Straight to the world many servers are slow: more mails are under way than one relay would get.
    const lanes = config.SMTP_CONNECTIONS * (config.SMTP_URL === undefined && config.SMTP_DIRECT ? 3 : 1);
    this.channel = new EmailChannel((mail) => ways.of(mail), pauses.throttle, lanes);
  }

  /** Mails on the wire end by themselves or, when a server hangs, before whoever stops us loses patience. */
  onModuleDestroy(): void {
    this.drain = setTimeout(() => this.ways.abort(), this.config.DRAIN_SECONDS * 1000);
  }

  onApplicationShutdown(): void {
    clearTimeout(this.drain);
  }

  /** True when mails do not leave this machine, but for those of brands with relays of their own. */
  get usesMailbox(): boolean {
    return this.config.keepsMails;
  }

  /** True when mails of this brand do not leave this machine. */
  keepsMailsOf(brandId: string): Promise<boolean> {
    return this.ways.stayHere(brandId);
  }

  /**
   * Does once what is the same for all mails of a sending; `render` of the result makes each recipient's mail.
   * @throws {MailRefused} when an address or header can't be sent
   */
  compile(template: MailTemplate): CompiledMail {
    return new CompiledMail(template);
  }

  /**
   * As `compile`, for words that an author brought: what may take longer than others can wait is made in a task process.
   * @throws {MailTooLarge} when it takes too much there; {LimitReached} while too much else is waiting
   */
  composed(brandId: string, template: MailTemplate): Promise<CompiledMail> {
    return composedMail(this.tasks, brandId, template);
  }

  /**
   * A ledger message as the channel takes it: with its own envelope sender, and put together when its turn comes.
   * @throws {MailRefused} when the recipient's address is none
   */
  outgoing(
    message: { messageId: string; brandId: string; mailboxOnly?: boolean; bounceDomain?: string },
    mail: CompiledMail,
    recipient: Recipient,
  ): OutgoingMail {
    const { bounceDomain = this.bounceDomain(mail.fromDomain), ...rest } = message;
    const addressed = this.withMailto(recipient, message.messageId, bounceDomain);
    return {
      ...rest,
      from: mail.from,
      sender: `${verpLocalPart(message.messageId, this.verpKey)}@${bounceDomain}`,
      recipient: requireAddress(recipient.to.address),
      content: () => this.signed(message, mail.fromDomain, mail.render(addressed)),
    };
  }

  /** Where mails from a domain come back to: its own bounce domain, when that was found to lead here. */
  async bounceDomainFor(brandId: string, fromDomain: string): Promise<string> {
    return (await this.domains.bounceHostOf(brandId, fromDomain)) ?? this.bounceDomain(fromDomain);
  }

  /** The message that an envelope sender of ours belongs to. */
  messageOfSender(address: string): string | undefined {
    return messageOfVerp(address.slice(0, address.lastIndexOf('@')), this.verpKey);
  }

  /** The From address of the system's own mails. */
  get systemAddress(): string {
    return `no-reply@${this.config.MAIL_DOMAIN ?? wireDomain(new URL(this.config.baseUrl).hostname) ?? 'localhost'}`;
  }

  /**
   * The From address of mails that a brand's respondents ask for, outside any distribution: the system's own, or one on an
   * active domain of the brand where its relays take no other.
   * @returns undefined where such a mail would stay in the development mailbox, though others leave: colleagues read that
   */
  async noticeAddressOf(brandId: string): Promise<string | undefined> {
    if (await this.keepsMailsOf(brandId)) return this.systemAddress;
    const domains = await this.domains.fromDomainsOf(brandId);
    const own = domains.filter(({ status }) => status === 'active').map(({ domain }) => `no-reply@${domain}`);
    for (const address of [this.systemAddress, ...own]) {
      if (await this.ways.leaves(brandId, address)) return address;
    }
    return undefined;
  }

  /** Sends one mail at once, past any bulk send. */
  async sendSingle(brandId: string, mail: SingleMail): Promise<MailOutcome> {
    const id = randomUUID();
    const { mailboxOnly = false } = mail;
    const compiled = await this.composed(brandId, mail.template);
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
      from: compiled.from,
      sender: compiled.from,
      recipient: requireAddress(mail.to.address),
      content: () =>
        this.signed(
          { brandId, mailboxOnly },
          compiled.fromDomain,
          withAttachments(compiled.render(recipient), mail.attachments ?? []),
        ),
      isUrgent: true,
      mailboxOnly,
    });
  }

  /** Sends a mail of the system itself: invitations of users, notices, forwarded replies. Its text has no placeholders. */
  sendSystemMail(brandId: string, to: Recipient['to'], words: SystemMail): Promise<MailOutcome> {
    const from = { name: 'Canvass', address: this.systemAddress };
    const { subject, html, replyTo, attachments = [] } = words;
    const answers = replyTo === undefined ? {} : { replyTo: { address: replyTo } };
    const template = { from, subject: [subject], html: [html], isSystemMail: true, ...answers };
    return this.sendSingle(brandId, { template, to, attachments });
  }

  /** Asks the ways of a brand by a real connection with sign-in; held distributions go on when one answers. */
  async health(brandId: string): Promise<RelayHealth> {
    const ways = await this.ways.ofBrand(brandId);
    const failures: string[] = [];
    for (const way of ways) {
      const failure = way instanceof RelayWay ? await knocked(way) : undefined;
      if (failure === undefined) return { isReachable: true, host: way.name, text: 'The relay answers.' };
      failures.push(ways.length === 1 ? failure : `${way.name}: ${failure}`);
    }
    return { isReachable: false, host: ways.map(({ name }) => name).join(', '), text: failures.join('; ') };
  }

  /** Providers that are left alone now on the way that such mails of the brand take first. */
  async pausesFor(mail: Pick<OutgoingMail, 'brandId' | 'from' | 'mailboxOnly'>): Promise<Pause[]> {
    const [way] = await this.ways.of(mail);
    return way === undefined ? [] : this.pauses.on(way.key, mail.brandId);
  }

  /** Providers that are left alone now on any way of a brand, with the name of the way. */
  async pausesOf(brandId: string): Promise<(Pause & { wayName: string })[]> {
    const ways = await this.ways.ofBrand(brandId);
    const found = await Promise.all(
      ways.map(async ({ key, name }) =>
        (await this.pauses.on(key, brandId)).map((pause) => ({ ...pause, wayName: name })),
      ),
    );
    return found.flat();
  }

  /** Why nothing leaves from this address now: its mails must be signed and can't be. */
  async whyUnsigned(brandId: string, address: string): Promise<string | undefined> {
    try {
      return (await this.signingOf(brandId, domainPart(address))).obstacle;
    } catch (error) {
      if (!(error instanceof NotSigned)) throw error;
      return error.message;
    }
  }

  /**
   * A mail of a domain with keys, or of one that should have them, never leaves without a signature.
   * @throws {NotSigned}
   */
  private async signed({ brandId, mailboxOnly }: Whose, fromDomain: string, mail: Buffer): Promise<Buffer> {
    const { keys, obstacle } = await this.signingOf(brandId, fromDomain);
    if (obstacle !== undefined && mailboxOnly !== true) throw new NotSigned(obstacle);
    return signedMail(mail, keys, this.clock.now());
  }

  private async signingOf(brandId: string, fromDomain: string): Promise<Signing> {
    try {
      const signing = await this.domains.signingOf(brandId, fromDomain);
      // Our own mails tell people what to mend, whoever has set our domain up.
      return fromDomain === domainPart(this.systemAddress) ? { ...signing, obstacle: undefined } : signing;
    } catch (cause) {
      throw new NotSigned(`The signing keys of ${fromDomain} are not at hand`, { cause });
    }
  }

  private async now(mail: OutgoingMail): Promise<MailOutcome> {
    for await (const outcome of this.channel.send([mail], () => Promise.resolve(true))) return outcome;
    throw new Error('The channel gave no outcome');
  }

  /** Keys are open only after the start; as an object it is made once, not for each mail. */
  private get verpKey(): KeyObject {
    return (this.knownVerpKey ??= createSecretKey(this.keys.of('verp')));
  }

  /** Until bounces have a domain of their own they return to the From domain, which exists and may receive. */
  private bounceDomain(fromDomain: string): string {
    return this.config.BOUNCE_DOMAIN ?? this.config.MAIL_DOMAIN ?? fromDomain;
  }

  /** An address for the wish to stop stands beside the link where mails that come back reach us. */
  private withMailto(recipient: Recipient, messageId: string, domain: string): Recipient {
    const { unsubscribe } = recipient;
    const { BOUNCE_PORT: port, BOUNCE_IMAP_URL: mailbox } = this.config;
    if (unsubscribe === undefined || (port === undefined && mailbox === undefined)) return recipient;
    const mailto = `${verpLocalPart(messageId, this.verpKey, 'unsubscribe')}@${domain}`;
    return { ...recipient, unsubscribe: { ...unsubscribe, mailto } };
  }
}

/** @returns what went wrong */
async function knocked(way: RelayWay): Promise<string | undefined> {
  try {
    await way.knock();
    return undefined;
  } catch (error) {
    if (!(error instanceof RelayDown)) throw error;
    return error.message;
  }
}
