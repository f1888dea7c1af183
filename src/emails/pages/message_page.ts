import { Injectable } from '@nestjs/common';
import { may, type Stake } from '../../brands/access.js';
import { LinksService } from '../../links/links.service.js';
import type { Actor } from '../../platform/auth/actor.js';
import { Database } from '../../platform/db/database.js';
import { Ids } from '../../platform/ids.js';
import { type Say, titleOf } from '../../ledger/distribution_words.js';
import type { Distribution } from '../../ledger/distribution.entity.js';
import { EmailsPage, mayCompose, type EmailAddress } from '../../distributions/emails_page.js';
import { addresses } from '../../platform/web/addresses.js';
import { closedLinkWords, hasEnded, linkStateOf } from '../../ledger/recipients/link_state.js';
import { eventsOf, timelineOf } from '../../ledger/recipients/message.views.js';
import { recipientModel } from '../../ledger/recipients/recipients.views.js';
import type { LinkState, RecipientRow } from '../../ledger/recipients/recipients.sql.js';
import { RecipientsService } from '../../ledger/recipients/recipients.service.js';
import { SendingAgain } from '../../distributions/sending_again.js';
import { linkChanges } from '../../distributions/personal_links/link_changes.views.js';

const LINK_PILLS: Readonly<Record<Exclude<LinkState, 'open'>, { tone: string; icon?: string }>> = {
  revoked: { tone: 'fail', icon: 'ban' },
  expired: { tone: 'hold', icon: 'clock' },
  spent: { tone: 'done' },
  closed: { tone: 'hold' },
};

/** One recipient of one mail: the link, every try with the server's words, and what came of it. */
@Injectable()
export class MessagePage {
  constructor(
    private readonly emails: EmailsPage,
    private readonly recipients: RecipientsService,
    private readonly database: Database,
    private readonly links: LinksService,
    private readonly ids: Ids,
    private readonly again: SendingAgain,
  ) {}

  async show(actor: Actor, address: EmailAddress, shownMessage: string): Promise<object> {
    const { distribution, survey, stake } = await this.emails.mustFind(actor, address);
    const messageId = this.ids.read('MS', shownMessage);
    const { row, attempts } = await this.recipients.mustFind(actor, distribution.id, messageId);
    const events = await this.database.inBrand(actor.brandId, (unit) => eventsOf(unit, messageId));
    const { words } = this.emails;
    const model = recipientModel(row, distribution.linkType, { actor, words });
    return {
      ...(await this.emails.frame(actor, survey, stake)),
      title: `${model.name} · ${titleOf(distribution, words.say)}`,
      crumbs: words.crumbs(
        survey,
        { href: addresses.mails.page(...words.at(distribution)), text: titleOf(distribution, words.say) },
        { text: model.name },
      ),
      ...model,
      facts: this.facts(actor, row),
      link: this.link(actor, distribution, row),
      linkPill: this.linkPill(distribution, row),
      changes: this.changes(actor, stake, distribution, row),
      ...(mayCompose(actor, stake) ? await this.acts(actor, distribution, row) : {}),
      timeline: timelineOf({ row, attempts, events }, actor, words),
    };
  }

  private facts(actor: Actor, { address, recipient, attempts, linkExpiresAt, contactId }: RecipientRow): object[] {
    const { words } = this.emails;
    const { phone, extRef, language, embedded } = recipient;
    const fact = (key: string, value: string | undefined): object[] =>
      value === undefined || value === '' ? [] : [{ label: words.say(`message.${key}`), value }];
    return [
      ...fact('address', address),
      ...(contactId === null ? [{ label: words.say('message.name'), value: words.say('message.erased') }] : []),
      ...fact('phone', phone),
      ...fact('extRef', extRef),
      ...fact('language', language),
      ...fact('attempts', String(attempts)),
      ...(linkExpiresAt === null
        ? []
        : [
            {
              label: words.say(linkExpiresAt > words.now() ? 'message.linkExpires' : 'message.linkExpired'),
              value: words.exact(actor, linkExpiresAt),
            },
          ]),
      ...Object.entries(embedded ?? {}).map(([label, value]) => ({ label, value: String(value) })),
    ];
  }

  /** What its owner can do to this person's link, unless it is spent. */
  private changes(actor: Actor, stake: Stake, distribution: Distribution, row: RecipientRow): object | undefined {
    const { id, linkId } = row;
    const isOwn = linkId !== null && distribution.parentId === null && !hasEnded(row);
    const at = this.emails.words.at(distribution);
    const message = this.ids.show('MS', id);
    return isOwn && may(actor, 'distributions:send', stake)
      ? {
          changes: linkChanges((change) => addresses.mails.messageLinkChange(...at, message, change)),
          days: String(distribution.linkDays),
          id,
        }
      : undefined;
  }

  /** What can be done about this one mail: send it once more, or stop trying. */
  private async acts(actor: Actor, distribution: Distribution, row: RecipientRow): Promise<object> {
    const { say } = this.emails.words;
    const at = [...this.emails.words.at(distribution), this.ids.show('MS', row.id)] as const;
    if (isStoppable(distribution, row)) {
      return {
        stop: { url: addresses.mails.messageStop(...at), ...sayings(row.attempts > 0 ? 'tried' : 'untried', say) },
      };
    }
    const way = await this.again.wayFor(actor, distribution, row);
    if (typeof way === 'object') {
      return { again: { text: say(`message.again.refused.${way.refused}`) } };
    }
    const text = say(`message.again.${way}`);
    return way === 'anew'
      ? { again: { text, href: this.again.newMailUrl(distribution, row) } }
      : { again: { text, url: addresses.mails.messageResend(...at) } };
  }

  /** A link that lets nobody in looks so. */
  private linkPill({ linkType }: Distribution, row: RecipientRow): object | undefined {
    const { words } = this.emails;
    const state = linkStateOf(row, linkType, words.now());
    return state === undefined || state === 'open'
      ? undefined
      : { ...LINK_PILLS[state], text: words.say(`linkState.pill.${state}`) };
  }

  private link(actor: Actor, { surveyId, linkType }: Distribution, row: RecipientRow): object | undefined {
    const { words } = this.emails;
    const { say } = words;
    const { links } = this;
    const { linkId } = row;
    if (linkId !== null) {
      return {
        id: 'message_link',
        label: say('message.link'),
        value: links.addressOf(linkId),
        help: closedLinkWords(row, linkType, { actor, words }) ?? say('message.linkHelp'),
      };
    }
    return linkType === 'Anonymous'
      ? { id: 'message_link', label: say('message.anonymousLink'), value: links.anonymousAddress(surveyId) }
      : undefined;
  }
}

/** A mail that waits for a try, of a distribution that is planned and not over. */
function isStoppable({ plannedAt, isOpen }: Distribution, { state }: RecipientRow): boolean {
  return plannedAt !== null && isOpen && (state === 'queued' || state === 'leased');
}

function sayings(kind: 'tried' | 'untried', say: Say): object {
  return {
    text: say(`message.stop.${kind}`),
    confirm: say('message.stop.confirm'),
    button: say(`message.stop.${kind}Button`),
  };
}
