import { Injectable } from '@nestjs/common';
import type { Actor } from '../../platform/auth/actor.js';
import { Ids } from '../../platform/ids.js';
import { foreignWords } from '../../platform/foreign/foreign_words.js';
import type { Distribution } from '../distribution.entity.js';
import { figure } from '../../platform/figures.js';
import { DistributionWords } from '../distribution_words.js';
import { addresses } from '../../platform/web/addresses.js';
import { RecipientsService } from './recipients.service.js';
import {
  capital,
  countOf,
  filterOf,
  reasonWords,
  recipientModel,
  SHOWN,
  type ShownRecipients,
  shownWords,
} from './recipients.views.js';
import { audienceIn, type Tallies } from '../tallies.js';

const PAGE = 50;
/** An open page that was made longer than this is drawn anew only so far. */
const LONGEST = 500;

/** Which recipients a page asks for. */
export interface RecipientsWish {
  show: ShownRecipients;
  q: string;
  after?: string | undefined;
  /** How many rows were shown before this page of them. */
  seen: number;
  /** How many are shown with it, where an open page was made longer; 0: one page. */
  upTo: number;
}

/** The recipients on a distribution's page: chips, search, reasons and rows by keyset. */
@Injectable()
export class RecipientsPart {
  constructor(
    private readonly recipients: RecipientsService,
    private readonly ids: Ids,
    private readonly words: DistributionWords,
  ) {}

  /** @returns undefined while there is no ledger yet */
  async show(
    actor: Actor,
    { distribution, tallies }: { distribution: Distribution; tallies: Tallies },
    wish: RecipientsWish,
  ): Promise<object | undefined> {
    if (audienceIn(tallies) === 0) {
      return undefined;
    }
    const { show, q, after } = wish;
    const filter = { distributionId: distribution.id, ...filterOf(show), ...(q === '' ? {} : { search: q }) };
    const size = Math.min(LONGEST, Math.max(PAGE, wish.upTo - wish.seen));
    const position = { size, after: after === undefined ? undefined : this.ids.read('MS', after) };
    const rows = countOf(show, tallies) === 0 ? [] : await this.recipients.page(actor, filter, position);
    const url = addresses.mails.page(...this.words.at(distribution));
    const { say } = this.words;
    return {
      id: this.words.shown(distribution),
      historyUrl: addresses.mails.history(...this.words.at(distribution)),
      chips: this.chips(url, tallies, wish),
      search: {
        action: `${url}#recipients`,
        name: 'q',
        value: q,
        label: say('recipients.search'),
        button: say('recipients.find'),
        keep: show === 'all' ? [] : [{ name: 'show', value: show }],
      },
      reasons: await this.reasons(actor, distribution, show),
      alerts: await this.alerts(actor, distribution),
      rows: rows.slice(0, size).map((row) => ({
        ...recipientModel(row, distribution.linkType, { actor, words: this.words }),
        id: this.ids.show('MS', row.id),
        url: addresses.mails.message(...this.words.at(distribution), this.ids.show('MS', row.id)),
      })),
      pages: this.pages(url, { rows, size }, tallies, wish),
      empty: rows.length === 0 ? this.empty(url) : undefined,
    };
  }

  /** What servers hold against the mail or its sender, and against nobody who gets it. */
  private async alerts(actor: Actor, { id }: Distribution): Promise<string[]> {
    const alerts = await this.recipients.alerts(actor, id);
    return alerts.map(({ kind, n, words, saidBy }) =>
      this.words.counted(`alert.${kind}`, n, {
        words: foreignWords(words, 300),
        who: saidBy.startsWith('@')
          ? this.words.say('alert.byReport', { domain: saidBy.slice(1) })
          : this.words.say('alert.byServer', { host: saidBy === '' ? '–' : saidBy }),
      }),
    );
  }

  /** Filters that would show nobody are absent, but for the one that is on. */
  private chips(url: string, tallies: Tallies, { show, q }: RecipientsWish): object {
    const items = SHOWN.filter((name) => name === 'all' || name === show || countOf(name, tallies) > 0).map((name) => ({
      href: `${url}${query({ show: name, q })}#recipients`,
      text: this.words.say(name === 'all' || name === 'waiting' ? `recipients.${name}` : `counter.${name}`),
      count: figure(countOf(name, tallies)),
      isCurrent: name === show,
    }));
    return { label: this.words.say('recipients.filter'), items };
  }

  /** Why people were skipped or failed, counted; beside rows that each tell it too. */
  private async reasons(
    actor: Actor,
    { id }: Distribution,
    show: ShownRecipients,
  ): Promise<{ n: string; text: string }[]> {
    if (show !== 'skipped' && show !== 'failed' && show !== 'uncertain') {
      return [];
    }
    const counted = await this.recipients.reasons(actor, id);
    return counted
      .filter(({ state }) => state === show)
      .map(({ reason, n }) => ({
        n: figure(n),
        text: capital(reasonWords({ reason, reasonAt: null }, actor, this.words) ?? ''),
      }));
  }

  private pages(
    url: string,
    { rows, size }: { rows: { id: string }[]; size: number },
    tallies: Tallies,
    wish: RecipientsWish,
  ): object {
    const { show, q } = wish;
    const last = rows.slice(0, size).at(-1);
    const seen = wish.seen + Math.min(rows.length, size);
    const more = { show, q, after: last === undefined ? '' : this.ids.show('MS', last.id), seen: String(seen) };
    return {
      rows: 'recipient_rows',
      shown: shownWords(seen, q === '' ? countOf(show, tallies) : undefined, this.words),
      upTo: seen,
      moreUrl: rows.length > size ? `${url}${query(more)}#recipients` : undefined,
    };
  }

  private empty(url: string): object {
    const { say } = this.words;
    return {
      icon: 'search',
      title: say('recipients.nobodyTitle'),
      text: say('recipients.nobodyText'),
      action: { href: `${url}#recipients`, text: say('recipients.clear'), quiet: true },
    };
  }
}

function query(words: Record<string, string>): string {
  const wanted = Object.entries(words).filter(([name, value]) => value !== '' && !(name === 'show' && value === 'all'));
  const text = new URLSearchParams(wanted).toString();
  return text === '' ? '' : `?${text}`;
}
