import { createHash } from 'node:crypto';
import { BigIntType } from '@mikro-orm/core';
import { Entity, OneToOne, Property } from '@mikro-orm/decorators/legacy';
import type { Composition } from '../../ledger/composition.js';
import type { Content, ToldContent } from '../../ledger/content.js';
import { Distribution } from '../../ledger/distribution.entity.js';

/** A mail's words in one more language. */
export interface MailWords {
  subject: string;
  preheader: string;
  bodyHtml: string;
  bodyText: string;
}

/** How a mail is dressed: as it was written, or in the brand's frame. */
export type MailDesign = 'plain' | 'brand';

/** What its author writes of a mail. */
export interface WrittenMail {
  fromName: string;
  fromEmail: string;
  replyTo: string;
  subject: string;
  bodyHtml: string;
  bodyText: string;
  preheader?: string;
  /** Of the words above; '' where nobody said it. */
  language?: string;
  /** The same mail in other languages, by language. */
  versions?: Record<string, MailWords>;
  design?: MailDesign;
  /** Whether an invisible picture tells that the mail was opened. */
  countsOpens?: boolean;
  /** The message of the library whose words these are, where a program named it. */
  libraryMessageId?: string | null;
}

/** A composition of a mail. */
export type MailComposition = Composition & { content: WrittenMail };

/** What the mails of a distribution say. */
@Entity({ tableName: 'mail_contents' })
export class MailContent implements Content {
  @OneToOne({ entity: () => Distribution, primary: true, inversedBy: 'content' })
  distribution!: Distribution;

  @Property({ type: 'bigint' })
  brandId!: string;

  @Property({ type: 'text' })
  fromName = '';

  @Property({ type: 'text' })
  fromEmail = '';

  @Property({ type: 'text' })
  replyTo = '';

  @Property({ type: 'text' })
  subject = '';

  @Property({ type: 'text' })
  preheader = '';

  @Property({ type: 'text' })
  bodyHtml = '';

  @Property({ type: 'text' })
  bodyText = '';

  @Property({ type: 'text' })
  language = '';

  @Property({ type: 'json' })
  versions: Record<string, MailWords> = {};

  @Property({ type: 'text' })
  design: MailDesign = 'plain';

  @Property({ type: 'boolean' })
  countsOpens = false;

  @Property({ type: new BigIntType('string'), nullable: true })
  libraryMessageId: string | null = null;

  /** Gives a new distribution an empty mail. */
  static of(distribution: Distribution): MailContent {
    const mail = new MailContent();
    mail.distribution = distribution;
    mail.brandId = distribution.brandId;
    distribution.content = mail;
    return mail;
  }

  get heading(): string {
    return this.subject;
  }

  set heading(words: string) {
    this.subject = words;
  }

  get key(): string {
    return createHash('md5').update([this.subject, this.bodyHtml, this.bodyText].join('\n')).digest('hex');
  }

  get told(): ToldContent {
    const { fromEmail, replyTo, fromName, subject, bodyHtml: text, libraryMessageId } = this;
    return { headers: { fromEmail, replyToEmail: replyTo, fromName, subject }, text, libraryMessageId };
  }

  copied(): WrittenMail {
    const { fromName, fromEmail, replyTo, subject, bodyHtml, bodyText } = this;
    const { preheader, language, versions, design, countsOpens } = this;
    const words = { fromName, fromEmail, replyTo, subject, bodyHtml, bodyText };
    return { ...words, preheader, language, versions, design, countsOpens };
  }

  write(words: WrittenMail): void {
    Object.assign(this, words);
  }
}

// Distributions can't name a class of mails: the room of mails adds the relation, and whoever reads a distribution reads both.
OneToOne({ entity: () => MailContent, mappedBy: 'distribution', eager: true, nullable: true })(
  Distribution.prototype,
  'content',
);

/** The mail of a distribution. @throws {TypeError} for one that sends none */
export function mailOf({ content }: Pick<Distribution, 'content'>): MailContent {
  if (!(content instanceof MailContent)) {
    throw new TypeError('This distribution has no mail');
  }
  return content;
}
