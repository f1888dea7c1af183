import { setImmediate as turnOfOthers } from 'node:timers/promises';
import { Injectable } from '@nestjs/common';
import { LinksService } from '../../links/links.service.js';
import { MailerService, MailRefused } from '../../mailer/mailer.service.js';
import type { Piece } from '../../mailer/mailer.service.js';
import type { Unit } from '../../platform/db/database.js';
import { LimitReached } from '../../platform/errors.js';
import { escapeHtml } from '../../engine/text.js';
import type { Distribution } from '../../ledger/distribution.entity.js';
import type { Finding } from '../../planning/finding.js';
import { contentFindings, sizeFindings } from './content_checks.js';
import { firstContact } from '../content/first_contact.sql.js';
import { linkFindings, type RenderedMail, type RightAddresses } from './link_checks.js';
import type { Makings } from '../content/mail_makings.service.js';
import { type FilledMail, MailPreviews, type Sample } from '../content/mail_previews.service.js';
import { mailOf } from '../content/mail_content.entity.js';
import { mailSourceOf } from '../content/mail_source.js';
import { languageName } from '../../platform/language_tags.js';
import { allVersions } from '../content/mail_versions.js';

/** What a version is looked at with. */
interface Looked {
  makings: Makings;
  reader: Sample;
}

interface Rendered {
  mail: RenderedMail;
  right: RightAddresses;
  bytes: number | undefined;
}

/** A mail in all its languages: its words, and where its links lead in the mail that the first reader would get. */
@Injectable()
export class VersionChecks {
  constructor(
    private readonly previews: MailPreviews,
    private readonly mailer: MailerService,
    private readonly links: LinksService,
  ) {}

  /** What the default version is told comes first; of the others the language is named. */
  async findings(unit: Unit, distribution: Distribution, makings: Makings, postalAddress: string): Promise<Finding[]> {
    const asksForAnswer = !['ThankYou', 'Email'].includes(distribution.requestType);
    const reader = (await firstContact(unit, distribution.audience)) ?? this.previews.madeUp;
    const findings: Finding[] = [];
    for (const [version, words] of allVersions(mailOf(distribution))) {
      const isTooLarge = sizeFindings(words).length > 0;
      const rendered = isTooLarge ? undefined : await this.rendered(distribution, version, { makings, reader });
      const found = [
        ...(rendered === undefined ? [] : linkFindings(rendered.mail, rendered.right, asksForAnswer)),
        ...contentFindings(words, { postalAddress, sentBytes: rendered?.bytes }),
      ];
      findings.push(...found.map((one) => inVersion(one, version)));
      await turnOfOthers();
    }
    return findings;
  }

  private async rendered(distribution: Distribution, version: string, { makings, reader }: Looked): Promise<Rendered> {
    const filled = await this.previews.filled(mailSourceOf(distribution), reader, makings, version);
    const { template, values, facts } = filled;
    const sent = await this.sent(distribution.brandId, filled);
    const html = sent?.html ?? joined(template.html, values, escapeHtml);
    const text = template.text === undefined ? '' : joined(template.text, values, (value) => value);
    const ownLinks = Object.values(facts.embedded).filter((value) => this.isOurs(value));
    return { mail: { html, text }, right: { ...facts, ownLinks }, bytes: sent?.bytes };
  }

  /** Personal links that were made elsewhere travel as data of the list. */
  private isOurs(value: unknown): value is string {
    const begin = this.links.addressOf('0').replace(/[^/]*$/, '');
    return typeof value === 'string' && value.length > begin.length && value.startsWith(begin);
  }

  /** As it goes on the wire, styles put in; undefined while that has to wait, or is a finding of its own. */
  private async sent(
    brandId: string,
    { template, values }: FilledMail,
  ): Promise<{ html: string; bytes: number } | undefined> {
    const { replyTo: _unseen, fromName: _unread, ...seen } = template;
    try {
      const mail = await this.mailer.composed(brandId, { ...seen, from: { address: this.mailer.systemAddress } });
      return mail.htmlPart(values);
    } catch (error) {
      if (!(error instanceof MailRefused) && !(error instanceof LimitReached)) {
        throw error;
      }
      return undefined;
    }
  }
}

function inVersion(finding: Finding, version: string): Finding {
  return version === '' ? finding : { ...finding, values: { ...finding.values, version: languageName(version) } };
}

function joined(pieces: readonly Piece[], values: readonly string[], escape: (value: string) => string): string {
  return pieces.map((piece) => (typeof piece === 'string' ? piece : escape(values[piece.slot] ?? ''))).join('');
}
