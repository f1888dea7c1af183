import { domainToASCII } from 'node:url';
import type { CompiledMail, MailerService, MailTemplate, OutgoingMail } from '../../mailer/mailer.service.js';
import type { LinksService } from '../../links/links.service.js';
import type { Ids } from '../../platform/ids.js';
import type { ClaimedMessage } from '../../ledger/ledger.sql.js';
import type { Distribution } from '../../ledger/distribution.entity.js';
import { type MailContent, mailOf, type MailWords } from './mail_content.entity.js';
import type { MailPlaceholders } from './mail_placeholders.js';
import { type MailSurroundings, templateOf } from './mail_template.js';
import { allVersions, versionFor } from './mail_versions.js';

/** Sends of so few people overtake bulk ones. */
const SMALL = 50;

/** A mail in one language, everything done that is the same for all who read it. */
interface Edition {
  mail: CompiledMail;
  placeholders: MailPlaceholders;
  tellsOpening: boolean;
}

/** What mails of a distribution are put together with. */
interface Parts {
  mailer: MailerService;
  links: LinksService;
  ids: Ids;
  bounceDomain?: string;
  /** Of the list, as recipients know it. */
  listName?: string | undefined;
}

/** A distribution's mail in all its languages, everything done that is the same for all; renders one recipient's in microseconds. */
export class Invitation {
  private readonly anonymousAddress: string;
  private readonly mail: MailContent;

  private constructor(
    private readonly distribution: Distribution,
    private readonly parts: Parts,
    private readonly editions: ReadonlyMap<string, Edition>,
  ) {
    this.mail = mailOf(distribution);
    this.anonymousAddress = parts.links.anonymousAddress(distribution.surveyId);
  }

  /**
   * @throws {MailRefused} when the mail can't be sent to anybody, e.g. its From address is none
   * @throws {LimitReached} while too much else is being put together
   */
  static async of(
    distribution: Distribution,
    parts: Parts,
    around: (version: string) => MailSurroundings,
  ): Promise<Invitation> {
    const editions = new Map<string, Edition>();
    for (const [version, words] of allVersions(mailOf(distribution))) {
      editions.set(version, await editionOf(distribution, parts, { version, words, around: around(version) }));
    }
    return new Invitation(distribution, parts, editions);
  }

  /** @throws {MailRefused} when the recipient's address is none */
  outgoing(message: ClaimedMessage): OutgoingMail {
    const { distribution, parts } = this;
    const optOutUrl = parts.links.optOutAddress(message.id);
    const { firstName, lastName, phone, extRef, language, embedded } = message.recipient;
    const version = versionFor(this.mail, language);
    const edition = this.editions.get(version)!;
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
      language: version === '' ? this.mail.language : version,
      timeZone: distribution.timeZone,
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
}

async function editionOf(
  distribution: Distribution,
  parts: Parts,
  { version, words, around }: { version: string; words: MailWords; around: MailSurroundings },
): Promise<Edition> {
  const mail = mailOf(distribution);
  const language = version === '' ? mail.language : version;
  const { template, placeholders } = templateOf(mail, words, language, around);
  const whole = { ...template, ...listHeaders(distribution, parts) };
  return {
    placeholders,
    mail: await parts.mailer.composed(distribution.brandId, whole),
    tellsOpening: around.tellsOpening === true,
  };
}

/** The list's own name is for those who work with it and stays here. */
function listHeaders(
  distribution: Distribution,
  { ids, listName }: Parts,
): Pick<MailTemplate, 'listId' | 'feedbackId'> {
  const {
    brandId,
    id,
    requestType,
    audience: { listId },
  } = distribution;
  const { fromEmail } = mailOf(distribution);
  return {
    ...(listId === null || listName === undefined
      ? {}
      : { listId: { name: listName, id: `${ids.show('CG', listId)}.${domainOf(fromEmail)}` } }),
    feedbackId: `${ids.show('EMD', id)}:${ids.show('BR', brandId)}:${requestType.toLowerCase()}:canvass`,
  };
}

function domainOf(address: string): string {
  return domainToASCII(address.slice(address.lastIndexOf('@') + 1)) || 'invalid';
}
