import { addresses } from '../../platform/web/addresses.js';
import { readableHeading } from '../../platform/web/html/mail_inserts.js';
import { Injectable } from '@nestjs/common';
import { may } from '../../brands/access.js';
import type { Actor } from '../../platform/auth/actor.js';
import { isToMember } from '../../ledger/composition.js';
import { titleOf } from '../../ledger/distribution_words.js';
import type { FoundDistribution } from '../../ledger/found_distributions.service.js';
import {
  blockModel,
  cancelNumbers,
  canGoOnWithWaves,
  figuresModel,
  followedWords,
  lookOf,
  menuModel,
  pillOf,
  pollOf,
} from '../../distributions/distributions.views.js';
import { type EmailAddress, EmailsPage } from '../../distributions/emails_page.js';
import { afterWords } from '../../distributions/follow_ups/following_words.js';
import { expiryFact } from './expiry_fact.js';
import { FirstReaders } from './first_readers.service.js';
import { languageName } from '../../platform/language_tags.js';
import { MailPreviews, SAMPLES } from '../content/mail_previews.service.js';
import { previewDocument } from './preview_document.js';
import { planFacts } from '../../planning/when_words.js';
import { RecipientsPart, type RecipientsWish } from '../../ledger/recipients/recipients_part.js';
import type { Shown } from '../../distributions/shown_distribution.js';
import { linkChanges } from '../../distributions/personal_links/link_changes.views.js';
import { mailOf } from '../content/mail_content.entity.js';
import { mailSourceOf } from '../content/mail_source.js';

/** One distribution: what it is, how it stands, who gets it. */
@Injectable()
export class EmailPage {
  constructor(
    private readonly emails: EmailsPage,
    private readonly recipients: RecipientsPart,
    private readonly previews: MailPreviews,
    private readonly firstReaders: FirstReaders,
  ) {}

  async show(actor: Actor, address: EmailAddress, wish: RecipientsWish): Promise<object> {
    const found = await this.emails.mustFind(actor, address);
    const { distribution, survey, stake } = found;
    const { words } = this.emails;
    const title = titleOf(distribution, words.say);
    const shown = await this.shown(actor, found);
    return {
      ...(await this.emails.frame(actor, survey, stake)),
      title: `${title} · ${survey.name}`,
      crumbs: words.crumbs(survey, { text: title }),
      liveUrl: addresses.live.distribution(words.shown(distribution)),
      email: this.emailModel(shown, wish),
      ...this.mailCard(found, shown),
      recipients: await this.recipients.show(actor, found, wish),
    };
  }

  /** `distributions/_mail_card`: what it is, and what can be done to its links. */
  private mailCard(found: FoundDistribution, shown: Shown): object {
    const url = addresses.mails.sent(...this.emails.words.at(found.distribution));
    return { mail: { url, facts: this.facts(shown) }, links: this.links(shown.actor, found) };
  }

  /**
   * What an open page asks for again and again: its figures, or all of the part when the status has changed. A page of one
   * distribution gets its recipients with them, so that counters and rows never tell different things.
   */
  async now(
    actor: Actor,
    address: EmailAddress,
    { was, on, wish }: { was?: string | undefined; on?: string | undefined; wish: RecipientsWish },
  ): Promise<object> {
    const found = await this.emails.mustFind(actor, address);
    const shown = await this.shown(actor, found);
    const isPage = on === 'page';
    const look = lookOf(shown);
    const asks = isPage ? pollFor(shown, wish) : pollOf(shown);
    // What it heard while this was on its way went to the part that is replaced by it.
    const poll = asks && { ...asks, isDrawnAnew: true };
    const hasMoved = (was === 'waiting' ? 'sending' : was) !== found.distribution.status;
    return {
      id: this.emails.words.shown(found.distribution),
      figures: figuresModel(shown),
      numbers: cancelNumbers(shown),
      pill: pillOf(shown),
      ...(was === look ? {} : { poll }),
      ...(hasMoved && isPage
        ? { email: { ...this.emailModel(shown, wish), poll }, ...this.mailCard(found, shown) }
        : {}),
      ...(hasMoved && !isPage ? { block: { ...blockModel(shown), poll } } : {}),
      ...(isPage ? { isPage, recipients: await this.recipients.show(actor, found, wish) } : {}),
    };
  }

  /** The whole mail as its first recipient reads it, or in one of its languages. */
  async mail(
    actor: Actor,
    address: EmailAddress,
    { as, version }: { as?: string | undefined; version?: string | undefined },
  ): Promise<object> {
    const { distribution, survey, stake } = await this.emails.mustFind(actor, address);
    const { words } = this.emails;
    const { say } = words;
    const [sample] = await this.firstReaders.of(actor, distribution, 1);
    const { subject, text, refusal } = await this.previews.render(mailSourceOf(distribution), sample!, version);
    const isText = as === 'text';
    const url = addresses.mails.sent(...words.at(distribution));
    return {
      ...(await this.emails.frame(actor, survey, stake)),
      title: `${say('mail.title')} · ${titleOf(distribution, say)}`,
      crumbs: words.crumbs(
        survey,
        { href: addresses.mails.page(...words.at(distribution)), text: titleOf(distribution, say) },
        { text: say('mail.title') },
      ),
      head: { title: subject || say('untitled'), isSection: true },
      facts: this.senderFacts(distribution),
      sample: refusal ? say('mail.refused', { why: refusal }) : this.sampleWords(sample!),
      views: [
        { href: addressOf(url, { version }), text: say('mail.html'), isCurrent: !isText },
        { href: addressOf(url, { as: 'text', version }), text: say('mail.text'), isCurrent: isText },
      ],
      languages: this.languages(distribution, url, { as, version }),
      ...(isText ? { text } : {}),
      frameUrl: addressOf(addresses.mails.sentHtml(...words.at(distribution)), { version }),
    };
  }

  /** Chips for the languages of a mail that has several. */
  private languages(
    distribution: FoundDistribution['distribution'],
    url: string,
    { as, version }: { as?: string | undefined; version?: string | undefined },
  ): object | undefined {
    const { say } = this.emails.words;
    const { language, versions } = mailOf(distribution);
    const own = language === '' ? say('mail.defaultLanguage') : languageName(language);
    const items = [['', own] as const, ...Object.keys(versions).map((tag) => [tag, languageName(tag)] as const)];
    return items.length === 1
      ? undefined
      : {
          label: say('mail.languages'),
          items: items.map(([tag, text]) => ({
            href: addressOf(url, { as, version: tag }),
            text,
            isCurrent: tag === version,
          })),
        };
  }

  /** The document for the frame, as the first people of the audience read it. */
  async mailHtml(actor: Actor, address: EmailAddress, place: number, version?: string): Promise<string> {
    const { distribution } = await this.emails.mustFind(actor, address);
    const samples = await this.firstReaders.of(actor, distribution, SAMPLES);
    return previewDocument(
      await this.previews.render(mailSourceOf(distribution), samples[place] ?? samples[0]!, version),
    );
  }

  private async shown(actor: Actor, found: FoundDistribution): Promise<Shown> {
    const [shown] = await this.emails.shown(actor, found, [found]);
    return shown!;
  }

  private sampleWords(sample: Awaited<ReturnType<MailPreviews['samples']>>[number]): string {
    const { say } = this.emails.words;
    return this.previews.isMadeUp(sample) ? say('mail.madeUp') : say('mail.sample', { name: sample.name });
  }

  /** What can be done to all links that are out; undefined where there are none of their own. */
  private links(actor: Actor, { distribution, stake }: FoundDistribution): object | undefined {
    const { linkType, parentId, plannedAt, linkDays } = distribution;
    const hasOwn = linkType !== 'Anonymous' && parentId === null && plannedAt !== null;
    const at = this.emails.words.at(distribution);
    return hasOwn && may(actor, 'distributions:send', stake)
      ? {
          changes: linkChanges((change) => addresses.mails.linkChange(...at, change)),
          days: String(linkDays),
          id: 'all',
        }
      : undefined;
  }

  private emailModel(shown: Shown, wish: RecipientsWish): object {
    const { distribution, words } = shown;
    return {
      id: words.shown(distribution),
      title: titleOf(distribution, words.say),
      heading: distribution.name.trim() === '' ? undefined : readableHeading(distribution.heading, words.say),
      pill: pillOf(shown),
      figures: figuresModel(shown),
      menu: menuModel(shown),
      poll: pollFor(shown, wish),
      buttons: shown.maySend ? this.buttons(shown) : [],
    };
  }

  /** The one or two things that are most likely wanted now; the rest is in the menu. */
  private buttons({ distribution, words }: Shown): object[] {
    const { status, canPause, canReopen } = distribution;
    const button = (
      name: 'edit' | 'review' | 'late' | 'reopen' | 'pause' | 'waves' | 'resume',
      icon: string,
      isPrimary = false,
    ): object => ({
      url: addresses.mails[name](...words.at(distribution)),
      text: words.say(`act.${name}`),
      icon,
      isPrimary,
    });
    if (status === 'draft' && !isToMember(distribution)) {
      return [button('edit', 'pencil'), button('review', 'send', true)];
    }
    if (distribution.isHeldForLateness) {
      return [{ ...button('late', 'send', true), post: true }];
    }
    if (canReopen) {
      return [{ ...button('reopen', 'undo', true), post: true }];
    }
    if (canPause) {
      return [{ ...button('pause', 'pause'), post: true }];
    }
    if (canGoOnWithWaves(distribution)) {
      return [{ ...button('waves', 'send'), post: true }];
    }
    return status === 'paused' ? [{ ...button('resume', 'play', true), post: true }] : [];
  }

  private senderFacts(distribution: FoundDistribution['distribution']): object[] {
    const { fromName, fromEmail, replyTo } = mailOf(distribution);
    const { say } = this.emails.words;
    return [
      { label: say('mail.from'), value: fromName === '' ? fromEmail : `${fromName} <${fromEmail}>` },
      ...(replyTo === '' ? [] : [{ label: say('mail.replyTo'), value: replyTo }]),
    ];
  }

  private facts({ distribution, family, actor, words }: Shown): object[] {
    const { say } = words;
    const {
      linkType,
      sendAt,
      skipFinished,
      audience: { listName },
    } = distribution;
    const isFollowUp = distribution.parentId !== null;
    return [
      ...this.senderFacts(distribution),
      { label: say('mail.subject'), value: readableHeading(distribution.heading, say) },
      {
        label: say('mail.list'),
        value: isFollowUp ? followedWords({ distribution, family, words }) : listName || say('audience.none'),
      },
      { label: say('mail.linkType'), value: say(`linkType.${linkType}`) },
      ...expiryFact(actor, family?.invitation ?? distribution, words),
      ...(distribution.waitsForAnother
        ? [{ label: say('mail.sendAt'), value: afterWords(distribution, words, family?.expected) }]
        : []),
      ...(sendAt === null ? [] : [{ label: say('mail.sendAt'), time: words.when(actor, sendAt) }]),
      ...planFacts(distribution, words),
      ...(isFollowUp
        ? []
        : [
            {
              label: say('mail.skipFinished'),
              value: say(skipFinished ? 'mail.skipFinishedYes' : 'mail.skipFinishedNo'),
            },
          ]),
    ];
  }
}

/** The poll of a page that shows these recipients: the same filter, search and place in the list. */
function pollFor(shown: Shown, { show, q, after = '', seen }: RecipientsWish): object | undefined {
  const poll = pollOf(shown);
  const place = seen === 0 ? {} : { after, seen: String(seen) };
  const query = new URLSearchParams({ on: 'page', show, ...(q === '' ? {} : { q }), ...place });
  return poll === undefined
    ? undefined
    : { ...poll, url: `${poll.url}&${query.toString()}`, include: '#recipients_card [name=upTo]' };
}

/** A default version is named by an empty value, so that it can be asked for. */
function addressOf(path: string, query: Record<string, string | undefined>): string {
  const given = Object.entries(query).filter((entry): entry is [string, string] => entry[1] !== undefined);
  return given.length === 0 ? path : `${path}?${new URLSearchParams(given).toString()}`;
}
