import { Injectable, type OnModuleInit } from '@nestjs/common';
import type { Unit } from '../../platform/db/database.js';
import { Views } from '../../platform/web/views.js';
import type { Distribution } from '../../ledger/distribution.entity.js';
import { type ChannelContent, ChannelContents, type Yardstick } from '../../planning/channel_content.js';
import { errorIf, type Finding, warningIf } from '../../planning/finding.js';
import { headerFindings } from './content_checks.js';
import { MailMakings } from '../content/mail_makings.service.js';
import type { Actor } from '../../platform/auth/actor.js';
import { ProgramMails, type Said } from '../content/program_mails.js';
import { MailPlaceholders } from '../content/mail_placeholders.js';
import { allVersions } from '../content/mail_versions.js';
import { MailContent, mailOf } from '../content/mail_content.entity.js';
import { mailSourceOf } from '../content/mail_source.js';
import { askedFields } from './reader_remarks.js';
import { SenderChecks } from './sender_checks.js';
import { nameFindings } from './sender_name.js';
import { VersionChecks } from './version_checks.service.js';

const EMBEDDED_SAMPLE = 1000;

/** What is looked at in a mail before it may go: its words in all versions, its sender, its fields. */
@Injectable()
export class MailChecks implements ChannelContent, OnModuleInit {
  readonly name = 'email';

  constructor(
    private readonly contents: ChannelContents,
    private readonly views: Views,
    private readonly makings: MailMakings,
    private readonly versions: VersionChecks,
    private readonly senders: SenderChecks,
    private readonly programs: ProgramMails,
  ) {}

  onModuleInit(): void {
    this.contents.add(this);
  }

  ofProgram(actor: Actor, said: Said): Promise<object> {
    return this.programs.read(actor, said);
  }

  begin(distribution: Distribution): void {
    MailContent.of(distribution);
  }

  async findings(unit: Unit, distribution: Distribution, { postalAddress }: Yardstick): Promise<Finding[]> {
    const { fromName, fromEmail, replyTo, subject, libraryMessageId } = mailOf(distribution);
    const makings = await this.makings.ofIn(unit, mailSourceOf(distribution));
    const { refusal } = makings;
    const why = refusal === undefined ? '' : this.views.words.t(`distributions.inline.refusal.${refusal}`);
    return [
      ...errorIf('EQD13', await isGone(unit, libraryMessageId)),
      ...(await this.versions.findings(unit, distribution, makings, postalAddress)),
      ...headerFindings({ fromName, fromEmail, replyTo, subject }),
      ...nameFindings({ fromName, fromEmail }),
      ...(await this.senders.addresses(unit, distribution)),
      ...errorIf('CVS20', refusal !== undefined, { why }),
      ...this.senders.links(distribution),
      ...(await this.fields(unit, distribution)),
    ];
  }

  /** Message-IDs are on the From domain, in ASCII. */
  idDomain(distribution: Distribution): string {
    const { fromEmail } = mailOf(distribution);
    return new URL(`http://${fromEmail.slice(fromEmail.lastIndexOf('@') + 1)}`).hostname;
  }

  printedFields(distribution: Distribution): string[] {
    return askedFields(distribution);
  }

  /** Embedded data that the mail prints and nobody among the first thousand has: usually a slip of the pen. */
  private async fields(unit: Unit, distribution: Distribution): Promise<Finding[]> {
    const {
      embedded,
      audience: { listId, contactId },
    } = distribution;
    const mail = mailOf(distribution);
    const placeholders = new MailPlaceholders();
    placeholders.text(mail.fromName);
    for (const [, { subject, preheader, bodyHtml, bodyText }] of allVersions(mail)) {
      placeholders.text(subject + preheader + bodyHtml + bodyText);
    }
    const asked = [...placeholders.fields].filter((name) => !Object.hasOwn(embedded, name));
    if (listId === null || contactId !== null || asked.length === 0) {
      return [];
    }
    const known = await unit.sql<{ name: string }>(
      `SELECT DISTINCT name FROM (
         SELECT c.embedded || m.embedded AS embedded FROM contact_list_members m
         JOIN contacts c ON c.brand_id = m.brand_id AND c.id = m.contact_id WHERE m.list_id = $1 LIMIT ${EMBEDDED_SAMPLE}) s,
         LATERAL jsonb_object_keys(s.embedded) AS name WHERE name = ANY ($2)`,
      [listId, asked],
    );
    const missing = asked.filter((name) => !known.some((row) => row.name === name));
    return warningIf('empty_field', missing.length > 0, { fields: missing.join(', ') });
  }
}

/** Whether the message of the library is gone whose words these are. */
async function isGone(unit: Unit, libraryMessageId: string | null): Promise<boolean> {
  return (
    libraryMessageId !== null &&
    (await unit.sql('SELECT FROM library_messages WHERE id = $1', [libraryMessageId])).length === 0
  );
}
