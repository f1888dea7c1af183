import { Injectable } from '@nestjs/common';
import type { Actor } from '../platform/auth/actor.js';
import { foreignWords } from '../platform/foreign/foreign_words.js';
import { addresses } from '../platform/web/addresses.js';
import { type Faults, NO_FAULTS } from '../platform/web/answers.js';
import { EmailFrames } from './email_frames.js';
import { type SuppressionRow, Suppressions } from './suppressions.js';

const PAGE = 50;
const REASONS = [
  'bad_address',
  'mailbox_disabled',
  'soft_bounces',
  'complaint',
  'opted_out',
  'administrator',
  'bounced',
];
const PATH = addresses.deliverability.suppressions();

export interface SuppressionsWish {
  q: string;
  before?: string | undefined;
  seen: number;
}

/** What was typed, and why it was refused. */
interface Tried {
  typed: string;
  faults: Faults;
}

/** Addresses that nothing goes to, the newest first, with what speaks against each. */
@Injectable()
export class SuppressionsPage {
  constructor(
    private readonly suppressions: Suppressions,
    private readonly frames: EmailFrames,
  ) {}

  async show(
    actor: Actor,
    { q, before, seen }: SuppressionsWish,
    tried: Tried = { typed: '', faults: NO_FAULTS },
  ): Promise<object> {
    const { say } = this.frames;
    const rows = await this.suppressions.page(actor, { address: q, before });
    const shown = rows.slice(0, PAGE);
    const count = seen + shown.length;
    const download = {
      href: addresses.deliverability.suppressionsFile(),
      text: say('suppressions.export'),
      icon: 'download',
    };
    return {
      ...this.frames.frame(actor, 'suppressions', rows.length === 0 && q === '' ? [] : [download]),
      errors: tried.faults.errors,
      search: {
        action: PATH,
        name: 'q',
        value: q,
        label: say('suppressions.search'),
        button: say('suppressions.find'),
      },
      rows: shown.map((row) => this.row(row, actor)),
      pages: {
        rows: 'suppression_rows',
        shown: say('suppressions.shown', { count }),
        moreUrl: rows.length > PAGE ? `${PATH}?before=${shown.at(-1)!.id}&seen=${count}` : undefined,
      },
      empty:
        q === ''
          ? { icon: 'mail', title: say('suppressions.emptyTitle'), text: say('suppressions.emptyText') }
          : {
              icon: 'search',
              title: say('suppressions.nothingTitle'),
              text: say('suppressions.nothingText'),
              action: { href: PATH, text: say('suppressions.clear'), quiet: true },
            },
      ...this.fields(tried),
    };
  }

  private fields({ typed, faults }: Tried): object {
    const { say } = this.frames;
    return {
      address: {
        name: 'address',
        label: say('suppressions.address'),
        value: typed,
        error: faults.fields['address'],
        required: true,
        maxlength: '320',
        autocomplete: 'off',
      },
      file: {
        name: 'file',
        type: 'file',
        label: say('suppressions.file'),
        help: say('suppressions.fileHelp'),
        value: '',
        required: true,
        accept: '.csv,.txt,text/csv,text/plain',
      },
    };
  }

  private row({ id, address, reason, evidence, createdAt, expiresAt }: SuppressionRow, actor: Actor): object {
    const { say } = this.frames;
    return {
      id,
      address,
      reason: REASONS.includes(reason) ? say(`suppressions.reason.${reason}`) : reason,
      evidence: foreignWords(evidence),
      since: this.frames.when(actor, createdAt),
      until: expiresAt === null ? undefined : say('suppressions.until', { at: this.frames.exact(actor, expiresAt) }),
    };
  }
}
