import { Injectable } from '@nestjs/common';
import { mustBeAllowed } from '../brands/access.js';
import { AuditService } from '../brands/audit.service.js';
import type { Actor } from '../platform/auth/actor.js';
import { Config } from '../platform/config.js';
import { Database } from '../platform/db/database.js';
import { foreignText, foreignWords } from '../platform/foreign/foreign_words.js';
import { Ids } from '../platform/ids.js';
import { addresses, asking } from '../platform/web/addresses.js';
import { EmailFrames } from './email_frames.js';
import { carriedBy, CARRIED, type Carried, carry } from './reply_forwarding.sql.js';

const KINDS = ['reply', 'bounce', 'complaint', 'unsubscribe', 'auto_reply', 'delay', 'notice', 'not_spam'] as const;
const TONES: Readonly<Record<string, string>> = { bounce: 'fail', complaint: 'fail', delay: 'hold', reply: 'run' };
const PAGE = 50;
const LONGEST = 4000;

interface Row {
  id: string;
  kind: string | null;
  from: string;
  subject: string;
  text: string;
  evidence: string | null;
  note: string | null;
  named: string | null;
  receivedAt: Date;
  forwardedAt: Date | null;
  isGone: boolean;
  isKept: boolean;
  repeats: number;
  messageId: string | null;
  distributionId: string | null;
  surveyId: string | null;
}

/** Everything that came back, the newest first; mails that nobody understood stand here as well. */
@Injectable()
export class ReturnedPage {
  constructor(
    private readonly database: Database,
    private readonly frames: EmailFrames,
    private readonly config: Config,
    private readonly ids: Ids,
    private readonly audit: AuditService,
  ) {}

  async show(
    actor: Actor,
    wish: { kind?: string | undefined; before?: string | undefined; seen: number },
  ): Promise<object> {
    mustBeAllowed(actor, 'brand:admin');
    const { say } = this.frames;
    const kind = KINDS.find((one) => one === wish.kind);
    const rows = await this.read(actor, kind, wish.before);
    const carried = await this.database.inBrand(actor.brandId, carriedBy);
    const shown = rows.slice(0, PAGE);
    const seen = wish.seen + shown.length;
    const { BOUNCE_PORT: port, BOUNCE_IMAP_URL: mailbox } = this.config;
    const path = (of: string | undefined): string => asking(addresses.deliverability.returned(), { kind: of });
    const more = { kind, before: shown.at(-1)?.id, seen: String(seen) };
    return {
      ...this.frames.frame(actor, 'returned'),
      forwarding: {
        name: 'carries',
        required: true,
        label: say('forwarding.label'),
        help: say('forwarding.help'),
        options: CARRIED.map((value) => ({
          value,
          label: say(`forwarding.carries.${value}`),
          selected: value === carried,
        })),
      },
      noDoor: port === undefined && mailbox === undefined,
      kinds: {
        label: say('returned.filter'),
        items: [undefined, ...KINDS].map((one) => ({
          href: path(one),
          text: one === undefined ? say('returned.all') : say(`returned.kind.${one}`),
          isCurrent: one === kind,
        })),
      },
      rows: shown.map((row) => this.row(row, actor)),
      pages: {
        rows: 'returned_rows',
        shown: say('returned.shown', { count: seen }),
        moreUrl: rows.length > PAGE ? asking(addresses.deliverability.returned(), more) : undefined,
      },
      empty: { icon: 'mail', title: say('returned.emptyTitle'), text: say('returned.emptyText') },
    };
  }

  /** What of replies goes on to authors, from the next one on. */
  async choose(actor: Actor, carries: Carried): Promise<void> {
    mustBeAllowed(actor, 'brand:admin');
    await this.database.inBrand(actor.brandId, async (unit) => {
      const before = await carriedBy(unit);
      await carry(unit, actor.brandId, carries);
      await this.audit.record(unit, actor, 'returned.forwarding', 'replies', {
        before: { carries: before },
        after: { carries },
      });
    });
  }

  private read(actor: Actor, kind: string | undefined, before: string | undefined): Promise<Row[]> {
    const from = before !== undefined && /^\d{1,18}$/.test(before) ? before : null;
    return this.database.inBrand(actor.brandId, (unit) =>
      unit.sql<Row>(
        `SELECT i.id, i.kind, i.from_address AS "from", i.subject, i.excerpt AS text, i.findings ->> 'evidence' AS evidence,
           i.received_at AS "receivedAt", i.forwarded_at AS "forwardedAt", i.words_gone_at IS NOT NULL AS "isGone", octet_length(i.raw) > 0 AS "isKept", i.repeats, m.id AS "messageId",
           m.distribution_id AS "distributionId", m.survey_id AS "surveyId", e.content ->> 'note' AS note,
           e.content ->> 'recipient' AS named
         FROM inbound_mails i LEFT JOIN messages m ON m.brand_id = i.brand_id AND m.id = i.message_id
         LEFT JOIN message_events e ON e.brand_id = i.brand_id AND e.source = 'inbound' AND e.source_key = i.source_key
         WHERE ($1::text IS NULL OR i.kind = $1) AND ($2::bigint IS NULL OR i.id < $2)
         ORDER BY i.brand_id DESC, i.id DESC LIMIT $3`,
        [kind ?? null, from, PAGE + 1],
      ),
    );
  }

  private row(row: Row, actor: Actor): object {
    const { kind, from, subject, text, evidence, note, named, receivedAt, forwardedAt, isGone, repeats } = row;
    const name = kind ?? 'unread';
    const { say } = this.frames;
    return {
      note: note === null ? undefined : say(`returned.note.${note}`, { address: foreignWords(named ?? '', 320) }),
      from: foreignWords(from),
      subject: subject === '' ? '–' : foreignWords(subject),
      text: foreignText(text, LONGEST),
      gone: isGone ? say('returned.gone', { count: this.config.INBOUND_KEEP_DAYS }) : undefined,
      repeats,
      evidence: name === 'bounce' || name === 'delay' ? foreignWords(evidence ?? '') : undefined,
      forwarded: forwardedAt !== null,
      pill: { tone: TONES[name] ?? 'idle', text: say(`returned.kind.${name}`) },
      when: this.frames.when(actor, receivedAt),
      url: this.urlOf(row),
      sourceUrl: sourceUrl(row),
    };
  }

  private urlOf({ messageId, distributionId, surveyId }: Row): string | undefined {
    if (messageId === null || distributionId === null || surveyId === null) {
      return undefined;
    }
    const { ids } = this;
    return addresses.mails.message(
      ids.show('SV', surveyId),
      ids.show('EMD', distributionId),
      ids.show('MS', messageId),
    );
  }
}

function sourceUrl({ id, isKept }: Row): string | undefined {
  return isKept ? addresses.deliverability.returnedMail(id) : undefined;
}
