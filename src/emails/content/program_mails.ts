import { Injectable } from '@nestjs/common';
import { LibraryService } from '../../library/library.service.js';
import type { LibraryMessage, LibraryWords } from '../../library/library_message.entity.js';
import type { Actor } from '../../platform/auth/actor.js';
import { Invalid, NotFound } from '../../platform/errors.js';
import { Ids } from '../../platform/ids.js';
import { escapeHtml } from '../../engine/text.js';
import { MailerService } from '../../mailer/mailer.service.js';
import type { MailWords, WrittenMail } from './mail_content.entity.js';
import { languageTag } from '../../platform/language_tags.js';

/** What a program says of a mail, in the shape of the API. */
export interface Said {
  header: { fromName: string; fromEmail: string; replyToEmail: string; subject: string };
  message: { messageText: string; messageId: string };
}

type Words = Omit<WrittenMail, 'fromName' | 'fromEmail' | 'replyTo'>;

/** Mails that programs send: words as they are, or messages of the library. */
@Injectable()
export class ProgramMails {
  constructor(
    private readonly messageLibrary: LibraryService,
    private readonly mailer: MailerService,
    private readonly ids: Ids,
  ) {}

  /** @throws {NotFound} with EQD13 for a message that is not in the library (any more) */
  async read(actor: Actor, { header, message }: Said): Promise<WrittenMail> {
    return {
      fromName: header.fromName || actor.name,
      fromEmail: header.fromEmail || this.mailer.systemAddress,
      replyTo: header.replyToEmail,
      ...(await this.words(actor, message, header.subject)),
    };
  }

  private async words(
    actor: Actor,
    { messageText, messageId }: Said['message'],
    writtenSubject: string,
  ): Promise<Words> {
    const subject = await this.subject(actor, writtenSubject);
    if (messageText !== '') {
      return { subject, bodyHtml: asHtml(messageText), bodyText: '' };
    }
    if (messageId === '') {
      throw new Invalid('message: send the words of the mail as message.messageText, or name a messageId.');
    }
    return ofMessage(await this.find(actor, messageId), subject);
  }

  private async subject(actor: Actor, written: string): Promise<string> {
    if (!/^MS_\w+$/.test(written)) {
      return written;
    }
    const { words, language } = await this.find(actor, written);
    const own = words[language];
    return own === undefined ? '' : own.subject || own.body;
  }

  private find(actor: Actor, shown: string): Promise<LibraryMessage> {
    const id = this.ids.tryRead('MS', shown);
    if (id === undefined) {
      throw new NotFound(`There is no message ${shown.slice(0, 40)} in the library.`, 'EQD13');
    }
    return this.messageLibrary.mustFind(actor, id);
  }
}

function ofMessage({ id, words, language }: LibraryMessage, subject: string): Words {
  const own = words[language];
  const others = Object.entries(words).flatMap(([name, texts]): [string, MailWords][] => {
    const tag = languageTag(name);
    return name === language || tag === undefined ? [] : [[tag, mailOf(texts, subject)]];
  });
  const { preheader, bodyHtml, bodyText } = mailOf(own, subject);
  return {
    subject,
    preheader,
    bodyHtml,
    bodyText,
    language: languageTag(language) ?? '',
    versions: Object.fromEntries(others),
    libraryMessageId: id,
  };
}

/** The subject of the call counts for the default language, and where a version has none of its own. */
function mailOf(words: LibraryWords | undefined, subject: string): MailWords {
  const { subject: own = '', preheader = '', body = '', text = '' } = words ?? {};
  return { subject: own === '' ? subject : own, preheader, bodyHtml: asHtml(body), bodyText: text };
}

/** Programs send HTML or plain text; text keeps its lines. */
function asHtml(message: string): string {
  if (/<[a-z!/]/i.test(message)) {
    return message;
  }
  const lines = escapeHtml(message).replaceAll(/\r?\n/g, '<br>\n');
  return `<p>${lines.replaceAll(/\$\{l:\/\/(Survey|OptOut)URL\}/g, '<a href="$&">$&</a>')}</p>`;
}
