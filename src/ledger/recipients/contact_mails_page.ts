import { Injectable } from '@nestjs/common';
import { nameOf } from '../../contacts/contact.entity.js';
import type { Actor } from '../../platform/auth/actor.js';
import { replyWords } from '../../platform/foreign/foreign_words.js';
import { Ids } from '../../platform/ids.js';
import { addresses, asking } from '../../platform/web/addresses.js';
import type { Moment } from '../../platform/web/moments.js';
import { Views } from '../../platform/web/views.js';
import { DistributionWords, titleOf } from '../distribution_words.js';
import { type ContactMail, ContactMails, type ContactMailsFound } from './contact_mails.service.js';
import type { RecipientRow } from './recipients.sql.js';
import { capital, OF_PERSON, reasonWords } from './recipients.views.js';

const PAGE = 50;

interface Entry {
  at: Date;
  title: string;
  tone?: string;
  text?: string | undefined;
  reply?: string | undefined;
  link?: { href: string; text: string };
  when: Moment;
}

/** What the person or a server did after the mail. */
const DATES: readonly [keyof RecipientRow & `${string}At`, string, string][] = [
  ['openedAt', 'opened', 'run'],
  ['startedAt', 'started', 'run'],
  ['sessionExpiredAt', 'session_expired', 'hold'],
  ['partialAt', 'partial', 'run'],
  ['finishedAt', 'finished', 'done'],
  ['screenedOutAt', 'screened_out', 'idle'],
  ['quotaFullAt', 'quota_full', 'idle'],
  ['bouncedAt', 'bounced', 'fail'],
  ['complainedAt', 'complained', 'fail'],
  ['optedOutAt', 'opted_out', 'hold'],
];
const TONES: Readonly<Record<string, string>> = { failed: 'fail', uncertain: 'unsure' };

/** One contact's mails and links, and what came of each, the newest first. */
@Injectable()
export class ContactMailsPage {
  constructor(
    private readonly mails: ContactMails,
    private readonly words: DistributionWords,
    private readonly ids: Ids,
    private readonly views: Views,
  ) {}

  async show(actor: Actor, shown: string, after: string | undefined): Promise<object> {
    const contactId = this.ids.read('CID', shown);
    const position = { size: PAGE, after: after === undefined ? undefined : this.words.messageIdOf(after) };
    const found = await this.mails.of(actor, contactId, position);
    const { say } = this.words;
    const name = nameOf(found.contact);
    const isWhole = found.last === undefined;
    const of = [
      ...found.mails.flatMap((mail) => this.ofMail(actor, mail)),
      ...(after === undefined ? this.ofContact(actor, found) : []),
    ];
    return {
      title: say('contactMails.titleOf', { name }),
      crumbs: [
        { href: addresses.contacts.lists(), text: this.views.words.t('contacts.title') },
        { href: addresses.contacts.page(shown), text: name },
        { text: say('contactMails.title') },
      ],
      entries: of.sort((one, other) => other.at.getTime() - one.at.getTime()),
      none: found.mails.length + found.hidden === 0 && after === undefined ? say('contactMails.none') : undefined,
      hidden: found.hidden === 0 ? undefined : this.words.counted('contactMails.hidden', found.hidden),
      pages: isWhole
        ? undefined
        : {
            rows: 'contact_timeline',
            shown: this.words.counted('contactMails.shown', found.mails.length),
            moreUrl: asking(addresses.contacts.mails(shown), { after: this.ids.show('MS', found.last ?? '0') }),
          },
    };
  }

  private ofMail(actor: Actor, mail: ContactMail): Entry[] {
    const { row, distribution, survey } = mail;
    const { say } = this.words;
    const text = `${titleOf(distribution, say)} · ${survey.name}`;
    const link = { href: this.address(mail), text };
    const events = DATES.flatMap(([date, kind, tone]): Entry[] => {
      const at = row[date];
      if (!(at instanceof Date)) {
        return [];
      }
      const isDay = row.exactness === 'day' && OF_PERSON.some((one) => one === date);
      const name = kind === 'opened' && distribution.channel === 'gl' ? 'openedLink' : kind;
      return [
        { at, tone, title: this.titleOf(name), link, when: isDay ? this.words.day(at) : this.words.when(actor, at) },
      ];
    });
    return [...this.beginning(actor, mail, link), ...events];
  }

  /** What became of the mail itself, or that a link was made. */
  private beginning(actor: Actor, mail: ContactMail, link: NonNullable<Entry['link']>): Entry[] {
    const { acceptedAt, datedAt, wireAt } = mail.row;
    const at = acceptedAt ?? wireAt ?? datedAt;
    return at === null ? [] : [{ at, link, when: this.words.when(actor, at), ...this.became(actor, mail) }];
  }

  private became(actor: Actor, { row, distribution }: ContactMail): Pick<Entry, 'title' | 'tone' | 'text' | 'reply'> {
    const { state } = row;
    if (distribution.channel === 'gl' && state === 'planned') {
      return { title: this.words.say('contactMails.linkMade'), tone: 'idle' };
    }
    if (state === 'accepted') {
      return { title: this.words.say(`contactMails.sent.${distribution.requestType}`), tone: 'done' };
    }
    const reason = reasonWords(row, actor, this.words);
    return {
      title: this.titleOf(['queued', 'leased', 'wire'].includes(state) ? 'planned' : state),
      tone: TONES[state] ?? 'idle',
      text: reason && `${capital(reason)}.`,
      reply: replyWords({ code: row.lastCode, text: row.lastText }) || undefined,
    };
  }

  private ofContact(actor: Actor, { contact, memberships }: ContactMailsFound): Entry[] {
    const { say } = this.words;
    const entry = (at: Date | null, key: string, tone: string, values: Record<string, string> = {}): Entry[] =>
      at === null ? [] : [{ at, tone, title: say(`contactMails.${key}`, values), when: this.words.when(actor, at) }];
    const { createdAt, modifiedAt, optedOutAt } = contact;
    return [
      ...entry(createdAt, 'entered', 'idle'),
      ...entry(modifiedAt > createdAt ? modifiedAt : null, 'edited', 'idle'),
      ...entry(optedOutAt, 'optedOut', 'hold'),
      ...memberships.flatMap(({ listName: list, addedAt, optedOutAt: noAt }) => [
        ...entry(addedAt, 'listed', 'idle', { list }),
        ...entry(noAt, 'optedOutOf', 'hold', { list }),
      ]),
    ];
  }

  private titleOf(kind: string): string {
    return this.words.say(kind === 'openedLink' ? 'contactMails.openedLink' : `event.${kind}`);
  }

  /** The page of that very mail; of a link, its generation with that person alone. */
  private address({ row, distribution, survey }: ContactMail): string {
    return distribution.channel === 'gl'
      ? asking(addresses.personalLinks.page(this.ids.show('SV', survey.id), this.words.shown(distribution)), {
          q: row.address,
        })
      : addresses.mails.message(...this.words.at(distribution), this.ids.show('MS', row.id));
  }
}
