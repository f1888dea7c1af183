import { domainToASCII } from 'node:url';
import type { CompiledMail, MailerService, OutgoingMail } from '../../mailer/mailer.service.js';
import type { LinksService } from '../../links/links.service.js';
import type { Ids } from '../../platform/ids.js';
import type { Distribution } from '../distribution.entity.js';
import type { ClaimedMessage } from '../sending/ledger.sql.js';
import { MailPlaceholders } from './mail_placeholders.js';

/** Sends of so few people overtake bulk ones. */
const SMALL = 50;

/** A distribution's mail with everything done that is the same for all; renders one recipient's in microseconds. */
export class Invitation {
  private readonly placeholders = new MailPlaceholders();
  private readonly mail: CompiledMail;
  private readonly anonymousAddress: string;

  /** @throws {MailRefused} when the mail can't be sent to anybody, e.g. its From address is none */
  constructor(
    private readonly distribution: Distribution,
    private readonly parts: { mailer: MailerService; links: LinksService; ids: Ids },
  ) {
    const { fromName, fromEmail, replyTo, subject, bodyHtml, bodyText, brandId, id, listId, listName, contactId } =
      distribution;
    this.anonymousAddress = parts.links.anonymousAddress(distribution.surveyId);
    const shown = parts.ids.show('EMD', id);
    this.mail = parts.mailer.compile({
      from: { name: fromName, address: fromEmail },
      ...(replyTo === '' ? {} : { replyTo: { address: replyTo } }),
      subject: this.placeholders.text(subject),
      html: this.placeholders.html(bodyHtml),
      ...(bodyText === '' ? {} : { text: this.placeholders.text(bodyText) }),
      ...(listId === null || contactId !== null
        ? {}
        : { listId: { name: listName, id: `${parts.ids.show('CG', listId)}.${domainOf(fromEmail)}` } }),
      feedbackId: `${shown}:${parts.ids.show('BR', brandId)}:invite:canvass`,
    });
  }

  /** @throws {MailRefused} when the recipient's address is none */
  outgoing(message: ClaimedMessage): OutgoingMail {
    const { distribution, parts } = this;
    const optOutUrl = parts.links.optOutAddress(message.id);
    const { firstName, lastName, phone, extRef, language, embedded } = message.recipient;
    const values = this.placeholders.valuesOf({
      contact: {
        FirstName: firstName,
        LastName: lastName,
        Email: message.address,
        Phone: phone,
        ExternalDataReference: extRef,
        Language: language,
      },
      embedded,
      surveyUrl: message.linkId === null ? this.anonymousAddress : parts.links.addressOf(message.linkId),
      optOutUrl,
      sentAt: message.datedAt,
      language,
    });
    const mail = parts.mailer.outgoing(
      { messageId: message.id, brandId: distribution.brandId, mailboxOnly: distribution.mailboxOnly },
      this.mail,
      {
        to: { name: `${firstName} ${lastName}`.trim(), address: message.address },
        messageIdHeader: message.messageIdHeader,
        date: message.datedAt,
        values,
        unsubscribe: { url: optOutUrl },
      },
    );
    return { ...mail, isUrgent: (distribution.audienceSize ?? 0) <= SMALL };
  }
}

function domainOf(address: string): string {
  return domainToASCII(address.slice(address.lastIndexOf('@') + 1)) || 'invalid';
}
