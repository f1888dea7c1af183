import { domainToASCII } from 'node:url';
import type { CompiledMail, MailerService, MailTemplate, OutgoingMail } from '../../mailer/mailer.service.js';
import type { LinksService } from '../../links/links.service.js';
import type { Ids } from '../../platform/ids.js';
import type { Distribution } from '../distribution.entity.js';
import type { ClaimedMessage } from '../sending/ledger.sql.js';
import type { MailPlaceholders } from './mail_placeholders.js';
import { type MailSurroundings, templateOf } from './mail_template.js';
import { versionFor, wordsOf } from './mail_versions.js';

/** Sends of so few people overtake bulk ones. */
const SMALL = 50;

/** A mail in one language, everything done that is the same for all who read it. */
interface Edition {
  mail: CompiledMail;
  placeholders: MailPlaceholders;
  tellsOpening: boolean;
}

/**
 * A distribution's mail with everything done that is the same for all; renders one recipient's in microseconds. Each
 * language is put together when its first reader comes.
 */
export class Invitation {
  private readonly editions = new Map<string, Edition>();
  private readonly anonymousAddress: string;

  /** @throws {MailRefused} when the mail can't be sent to anybody, e.g. its From address is none */
  constructor(
    private readonly distribution: Distribution,
    private readonly parts: { mailer: MailerService; links: LinksService; ids: Ids; bounceDomain?: string },
    private readonly around: (version: string) => MailSurroundings,
  ) {
    this.anonymousAddress = parts.links.anonymousAddress(distribution.surveyId);
    this.editionFor('');
  }

  /** @throws {MailRefused} when the recipient's address is none */
  outgoing(message: ClaimedMessage): OutgoingMail {
    const { distribution, parts } = this;
    const optOutUrl = parts.links.optOutAddress(message.id);
    const { firstName, lastName, phone, extRef, language, embedded } = message.recipient;
    const edition = this.editionFor(versionFor(distribution, language));
    const values = edition.placeholders.valuesOf({
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
      openUrl: edition.tellsOpening && message.linkId !== null ? parts.links.openAddress(message.linkId) : '',
      sentAt: message.datedAt,
      language,
    });
    const mail = parts.mailer.outgoing(
      {
        messageId: message.id,
        brandId: distribution.brandId,
        mailboxOnly: distribution.mailboxOnly,
        ...(parts.bounceDomain === undefined ? {} : { bounceDomain: parts.bounceDomain }),
      },
      edition.mail,
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

  private editionFor(version: string): Edition {
    const known = this.editions.get(version);
    if (known !== undefined) {
      return known;
    }
    const { distribution, parts } = this;
    const language = version === '' ? distribution.language : version;
    const around = this.around(version);
    const { template, placeholders } = templateOf(distribution, wordsOf(distribution, version), language, around);
    const edition = {
      placeholders,
      mail: parts.mailer.compile({ ...template, ...this.listHeaders() }),
      tellsOpening: around.tellsOpening === true,
    };
    this.editions.set(version, edition);
    return edition;
  }

  private listHeaders(): Pick<MailTemplate, 'listId' | 'feedbackId'> {
    const { distribution, parts } = this;
    const { brandId, id, listId, listName, contactId, fromEmail, requestType } = distribution;
    return {
      ...(listId === null || contactId !== null
        ? {}
        : { listId: { name: listName, id: `${parts.ids.show('CG', listId)}.${domainOf(fromEmail)}` } }),
      feedbackId: `${parts.ids.show('EMD', id)}:${parts.ids.show('BR', brandId)}:${requestType.toLowerCase()}:canvass`,
    };
  }
}

function domainOf(address: string): string {
  return domainToASCII(address.slice(address.lastIndexOf('@') + 1)) || 'invalid';
}
