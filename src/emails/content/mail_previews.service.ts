import { Injectable } from '@nestjs/common';
import { simpleParser } from 'mailparser';
import type { MemberRow } from '../../contacts/contacts.service.js';
import type { SegmentMember } from '../../contacts/segments/segments.service.js';
import { LinksService } from '../../links/links.service.js';
import {
  type CompiledMail,
  type MailOutcome,
  MailerService,
  MailRefused,
  type MailTemplate,
} from '../../mailer/mailer.service.js';
import type { Actor } from '../../platform/auth/actor.js';
import { Clock } from '../../platform/clock.js';
import { mailFault, placeholdersFault } from '../../platform/web/html/mail_bounds.js';
import { wireAddress } from '../../platform/email_address.js';
import { LimitReached } from '../../platform/errors.js';
import type { Audience } from '../../ledger/head/audience.js';
import { Audiences } from '../../audiences/audiences.service.js';
import { MailMakings, type Makings } from './mail_makings.service.js';
import type { MailFacts } from './mail_placeholders.js';
import type { MailSource } from './mail_source.js';
import { templateOf } from './mail_template.js';
import { versionFor, wordsOf } from './mail_versions.js';
import { TEST_MESSAGE_ID } from '../opt_outs/opt_outs.service.js';

/** Somebody whose values fill a preview. */
export interface Sample {
  /** Of the contact; '' for a made-up one. */
  id: string;
  name: string;
  address: string;
  contact: Record<string, string>;
  embedded: Record<string, unknown>;
}

export interface PreviewedMail {
  /** The sender's name as this reader sees it; '' where there is none. */
  fromName: string;
  subject: string;
  html: string;
  text: string;
  /** Why there is nothing to see: the mail can't be put together. */
  refusal?: string;
}

/** A mail of one reader, before it is put together. */
export interface FilledMail {
  template: MailTemplate;
  /** Plain text for each slot of the template. */
  values: string[];
  facts: MailFacts;
}

/** So many recipients are rendered in full before a mail is sent. */
export const SAMPLES = 10;

const GRACE: Sample = {
  id: '',
  name: 'Grace Hopper',
  address: 'grace@example.com',
  contact: {
    FirstName: 'Grace',
    LastName: 'Hopper',
    Email: 'grace@example.com',
    ExternalDataReference: '1906',
    Phone: '',
    Language: 'en',
  },
  embedded: {},
};
/** So many members are looked through for people who would get the mail. */
const LOOKED_THROUGH = 50;
const MESSAGE_ID = '<preview@canvass.invalid>';

/**
 * Mails as recipients read them, before anybody gets one: the very same way as in sending, with links that lead to the
 * survey's preview and to an opt-out page that says it was a test.
 */
@Injectable()
export class MailPreviews {
  constructor(
    private readonly mailer: MailerService,
    private readonly links: LinksService,
    private readonly audiences: Audiences,
    private readonly makings: MailMakings,
    private readonly clock: Clock,
  ) {}

  /** The first people of an audience who could get a mail; a made-up one where there is none, or none that may be seen. */
  async samples(
    actor: Actor,
    audience: Pick<Audience, 'listId' | 'segmentId' | 'contactId'>,
    count: number,
  ): Promise<Sample[]> {
    const members: Person[] = await this.audiences.people(actor, audience, LOOKED_THROUGH);
    const reached = members.filter(
      ({ email, optedOutAt, listOptedOutAt }) => email !== '' && optedOutAt === null && !listOptedOutAt,
    );
    return reached.length === 0 ? [GRACE] : reached.slice(0, count).map(sampleOf);
  }

  /** Somebody who was never on a list. */
  get madeUp(): Sample {
    return GRACE;
  }

  isMadeUp(sample: Sample): boolean {
    return sample === GRACE;
  }

  /** @param version the language to read it in; without one, that of the sample */
  async render(source: MailSource, sample: Sample, version?: string): Promise<PreviewedMail> {
    try {
      const { mail, values } = await this.compiled(source, sample, version);
      const raw = mail.render({
        to: { name: sample.name, address: sample.address },
        messageIdHeader: MESSAGE_ID,
        date: this.clock.now(),
        values,
      });
      const parsed = await simpleParser(raw, { skipHtmlToText: true, skipTextToHtml: true, skipImageLinks: true });
      const fromName = parsed.from?.value[0]?.name ?? '';
      return { fromName, subject: parsed.subject ?? '', html: parsed.html || '', text: parsed.text ?? '' };
    } catch (error) {
      if (!(error instanceof MailRefused) && !(error instanceof LimitReached)) {
        throw error;
      }
      return { fromName: '', subject: '', html: '', text: '', refusal: error.message };
    }
  }

  /** What stands above the mail that somebody gets, or why there is none, without putting all of it together. */
  async heading(source: MailSource, sample: Sample): Promise<Pick<PreviewedMail, 'subject' | 'refusal'>> {
    const { bodyHtml, bodyText } = wordsOf(source, versionFor(source, sample.contact['Language'] ?? ''));
    const fault = mailFault(bodyHtml) ?? placeholdersFault(bodyText);
    return fault === undefined ? this.render(withoutBodies(source), sample) : { subject: '', refusal: fault };
  }

  /** Sends it to one address, filled with the sample's values, past everything that waits. */
  async sendTest(brandId: string, source: MailSource, sample: Sample, address: string): Promise<MailOutcome> {
    try {
      const { template, values } = await this.filled(source, sample, await this.makings.of(source));
      const unsubscribe = { url: this.optOutUrl };
      return await this.mailer.sendSingle(brandId, { template, to: { address }, values, unsubscribe });
    } catch (error) {
      if (!(error instanceof MailRefused)) {
        throw error;
      }
      return { messageId: TEST_MESSAGE_ID, status: 'refused', text: error.message, detail: { phase: 'compose' } };
    }
  }

  /** A From address that can't be used is a finding of its own and hides no preview. */
  private async compiled(
    source: MailSource,
    sample: Sample,
    version: string | undefined,
  ): Promise<{ mail: CompiledMail; values: string[] }> {
    const { template, values } = await this.filled(source, sample, await this.makings.of(source), version);
    const isAddress = wireAddress(source.fromEmail) !== undefined;
    const from = isAddress ? template.from : { name: source.fromName, address: this.mailer.systemAddress };
    const { replyTo: _unseen, ...seen } = template;
    return { mail: await this.mailer.composed(source.brandId, { ...seen, from }), values };
  }

  /**
   * What a mail is made of, with this reader's values.
   * @param wish the language to read it in; without one, that of the reader
   */
  async filled(
    source: MailSource,
    { contact, embedded }: Sample,
    makings: Makings,
    wish?: string,
  ): Promise<FilledMail> {
    const version = wish ?? versionFor(source, contact['Language'] ?? '');
    const { around } = makings;
    const words = wordsOf(source, version);
    const language = version === '' ? source.language : version;
    const { template, placeholders } = templateOf(source, words, language, { ...around(version), tellsOpening: false });
    const facts: MailFacts = {
      contact,
      embedded: { ...embedded, ...source.embedded },
      surveyUrl: this.links.previewAddress(source.surveyId),
      optOutUrl: this.optOutUrl,
      sentAt: this.clock.now(),
      language,
      timeZone: source.timeZone,
    };
    return { template, values: placeholders.valuesOf(facts), facts };
  }

  private get optOutUrl(): string {
    return this.links.optOutAddress(TEST_MESSAGE_ID);
  }
}

function withoutBodies(source: MailSource): MailSource {
  const none = { bodyHtml: '', bodyText: '' };
  const versions = Object.entries(source.versions).map(([tag, words]) => [tag, { ...words, ...none }] as const);
  return { ...source, ...none, versions: Object.fromEntries(versions) };
}

type Person = SegmentMember & Pick<MemberRow, 'listEmbedded' | 'listOptedOutAt'>;

export function sampleOf(member: Omit<Person, 'optedOutAt' | 'listOptedOutAt'>): Sample {
  const { id, firstName, lastName, email, phone, extRef, language, embedded, listEmbedded } = member;
  return {
    id,
    name: `${firstName} ${lastName}`.trim() || email,
    address: email,
    contact: {
      FirstName: firstName,
      LastName: lastName,
      Email: email,
      Phone: phone,
      ExternalDataReference: extRef,
      Language: language,
    },
    embedded: { ...embedded, ...listEmbedded },
  };
}
