import { Injectable } from '@nestjs/common';
import { LinksService } from '../../links/links.service.js';
import type { Actor } from '../../platform/auth/actor.js';
import { csvLine } from '../../platform/csv_cells.js';
import { replyWords } from '../../platform/foreign/foreign_words.js';
import type { Distribution } from '../distribution.entity.js';
import { DistributionWords } from '../distribution_words.js';
import { linkStatusOf } from './recipient_status.js';
import { reasonSentence } from './recipients.views.js';
import { RecipientsService } from './recipients.service.js';
import type { RecipientRow } from './recipients.sql.js';

const TITLES = [
  'ResponseID',
  'LastName',
  'FirstName',
  'ExternalDataReference',
  'Email',
  'Phone',
  'Status',
  'StatusReason',
  'PlannedDate',
  'SentDate',
  'OpenedDate',
  'StartedDate',
  'FinishedDate',
  'BounceType',
  'ServerReply',
  'Attempts',
  'Link',
  'LinkExpiration',
];

/** The history of a distribution as CSV, a page of the ledger at a time: flat memory at any size. */
@Injectable()
export class History {
  constructor(
    private readonly recipients: RecipientsService,
    private readonly links: LinksService,
    private readonly words: DistributionWords,
  ) {}

  async *lines(actor: Actor, distribution: Distribution): AsyncGenerator<string> {
    const names = await this.recipients.embeddedNames(actor, distribution.id);
    yield csvLine([...TITLES, ...names]);
    for await (const rows of this.recipients.all(actor, distribution.id)) {
      yield rows.map((row) => csvLine([...this.cells(distribution, row), ...embedded(row, names)])).join('');
    }
  }

  private cells(distribution: Distribution, row: RecipientRow): string[] {
    const { recipient, reason } = row;
    return [
      row.responseId ?? '',
      recipient.lastName ?? '',
      recipient.firstName ?? '',
      recipient.extRef ?? '',
      row.address,
      recipient.phone ?? '',
      linkStatusOf(row),
      reason === null ? '' : this.reasonWords(row, reason),
      ...[row.datedAt, row.acceptedAt, row.openedAt, row.startedAt, endedAt(row)].map(instant),
      row.bounceType ?? '',
      replyWords({ code: row.lastCode, text: row.lastText }),
      String(row.attempts),
      this.link(distribution, row),
      instant(row.linkExpiresAt),
    ];
  }

  private link({ linkType, surveyId }: Distribution, { linkId }: RecipientRow): string {
    if (linkId !== null) {
      return this.links.addressOf(linkId);
    }
    return linkType === 'Anonymous' ? this.links.anonymousAddress(surveyId) : '';
  }

  private reasonWords({ reasonAt }: RecipientRow, reason: string): string {
    const sentence = reasonSentence(reason, this.words);
    return reasonAt === null ? sentence : `${sentence} (${instant(reasonAt)})`;
  }
}

/** ISO 8601 in UTC, without milliseconds. */
function instant(at: Date | null): string {
  return at === null ? '' : at.toISOString().replace(/\.\d{3}Z$/, 'Z');
}

function embedded({ recipient }: RecipientRow, names: string[]): string[] {
  const values = recipient.embedded ?? {};
  return names.map((name) => (Object.hasOwn(values, name) ? textOf(values[name]) : ''));
}

/** Embedded data are texts; what a program wrote otherwise is shown as it is kept. */
function textOf(value: unknown): string {
  return typeof value === 'string' ? value : value === null || value === undefined ? '' : JSON.stringify(value);
}

/** When they came to an end of the survey, whichever it was: the status tells which. */
function endedAt({ finishedAt, screenedOutAt, quotaFullAt }: RecipientRow): Date | null {
  return finishedAt ?? screenedOutAt ?? quotaFullAt;
}
