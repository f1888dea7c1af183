import { Injectable } from '@nestjs/common';
import type { Actor } from '../../platform/auth/actor.js';
import { WrongState } from '../../platform/errors.js';
import { findingLines } from './composition.views.js';
import type { Distribution } from '../distribution.entity.js';
import { titleOf } from '../distribution_words.js';
import { DistributionsService, type FoundDistribution } from '../distributions.service.js';
import { EmailsPage } from '../emails_page.js';
import { MailPreviews, SAMPLES } from './mail_previews.service.js';
import type { Outlook } from '../planning/planning.service.js';
import { capital, reasonWords } from '../recipients/recipients.views.js';
import { type Allowance, type Shortage, shortageWords, WeeklyLimits } from '../planning/weekly_limits.service.js';

const NEARLY = 0.8;

/** The last look before sending: who gets it, who doesn't and why, what it looks like, what is left of the limits. */
@Injectable()
export class ReviewPage {
  constructor(
    private readonly distributions: DistributionsService,
    private readonly emails: EmailsPage,
    private readonly previews: MailPreviews,
    private readonly limits: WeeklyLimits,
  ) {}

  /** @param refusal why it was not sent a moment ago */
  async show(
    actor: Actor,
    { distribution, survey, stake }: FoundDistribution,
    refusal?: { message: string; code?: string | undefined },
  ): Promise<object> {
    const { words } = this.emails;
    const { say } = words;
    if (!distribution.isDraft) {
      throw new WrongState(say('review.over'));
    }
    const { findings, outlook } = await this.distributions.review(actor, distribution.id);
    const shortage = await this.limits.shortage(actor.brandId, distribution.ownerId, outlook.mails);
    const isBlocked = findings.some(({ level }) => level === 'error') || outlook.mails === 0 || shortage !== undefined;
    return {
      ...(await this.emails.frame(actor, survey, stake)),
      title: `${say('review.title')} · ${titleOf(distribution, say)}`,
      crumbs: words.crumbs(
        survey,
        { href: words.path(distribution), text: titleOf(distribution, say) },
        { text: say('review.title') },
      ),
      head: { title: say('review.title'), lead: titleOf(distribution, say), isSection: true },
      refusal: refusal ?? shortageRefusal(shortage, actor),
      lines: findingLines(findings, say),
      outlook: this.outlookModel(outlook, actor),
      meters: await this.meters(actor, distribution, outlook.mails),
      samples: await this.samples(actor, distribution),
      facts: this.facts(actor, distribution),
      editUrl: words.path(distribution, '/edit'),
      sendUrl: words.path(distribution, '/send'),
      reviewed: String(distribution.modifiedAt.getTime()),
      submit: isBlocked ? undefined : this.submitWords(actor, distribution, outlook.mails),
    };
  }

  private outlookModel({ audience, mails, skipped }: Outlook, actor: Actor): object {
    const { words } = this.emails;
    return {
      mails: words.counted('review.mails', mails),
      audience: words.counted('review.audience', audience),
      skipped: skipped.map(({ reason, n }) => ({
        n: n.toLocaleString('en'),
        text: capital(reasonWords({ reason, reasonAt: null }, actor, words) ?? reason),
      })),
    };
  }

  /** Of whoever wrote it: that is whose allowance pays. */
  private async meters({ brandId }: Actor, { ownerId }: Distribution, mails: number): Promise<object[]> {
    const allowances = await this.limits.of(brandId, ownerId);
    return allowances.map((allowance) => this.meter(allowance, mails));
  }

  private meter({ scope, limit, used }: Allowance, mails: number): object {
    const { words } = this.emails;
    const after = used + mails;
    return {
      label: words.say(`review.limit.${scope}`),
      count: words.say('review.limit.after', { after: after.toLocaleString('en'), limit: limit.toLocaleString('en') }),
      value: Math.min(after, limit),
      max: Math.max(limit, 1),
      low: Math.floor(limit * NEARLY),
      high: Math.max(limit - 1, 0),
      note: words.say('review.limit.before', { used: used.toLocaleString('en'), mails: mails.toLocaleString('en') }),
    };
  }

  private async samples(actor: Actor, distribution: Distribution): Promise<object[]> {
    const samples = await this.previews.samples(actor, distribution.listId, SAMPLES);
    return Promise.all(
      samples.map(async (sample, place) => {
        const { subject, refusal } = await this.previews.render(distribution, sample);
        return {
          name: sample.name,
          address: sample.address,
          subject: refusal ?? subject,
          isOpen: place === 0,
          url: this.emails.words.path(distribution, `/mail/html?sample=${place}`),
        };
      }),
    );
  }

  private facts(actor: Actor, distribution: Distribution): object[] {
    const { words } = this.emails;
    const { say } = words;
    const { fromName, fromEmail, replyTo, listName, linkType, linkDays, sendAt } = distribution;
    const isLater = sendAt !== null && sendAt > words.now();
    return [
      { label: say('mail.from'), value: fromName === '' ? fromEmail : `${fromName} <${fromEmail}>` },
      ...(replyTo === '' ? [] : [{ label: say('mail.replyTo'), value: replyTo }]),
      { label: say('mail.list'), value: listName || say('audience.none') },
      { label: say('mail.linkType'), value: say(`linkType.${linkType}`) },
      ...(linkType === 'Anonymous'
        ? []
        : [{ label: say('mail.expiry'), value: words.counted('mail.expiryDays', linkDays) }]),
      { label: say('mail.sendAt'), value: isLater ? words.exact(actor, sendAt) : say('review.atOnce') },
    ];
  }

  private submitWords(actor: Actor, { sendAt }: Distribution, mails: number): string {
    const { words } = this.emails;
    return sendAt !== null && sendAt > words.now()
      ? words.say('review.schedule', { at: words.exact(actor, sendAt) })
      : words.counted('review.send', mails);
  }
}

function shortageRefusal(
  shortage: Shortage | undefined,
  { timeZone }: Actor,
): { message: string; code: string } | undefined {
  return shortage === undefined
    ? undefined
    : { message: shortageWords(shortage, timeZone), code: shortage.scope === 'user' ? 'EQD03' : 'EQD04' };
}
