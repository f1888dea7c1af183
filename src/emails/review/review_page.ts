import { Injectable } from '@nestjs/common';
import { BrandsService } from '../../brands/brands.service.js';
import type { Actor } from '../../platform/auth/actor.js';
import { WrongState } from '../../platform/errors.js';
import { addresses, asking } from '../../platform/web/addresses.js';
import { ComposePages } from '../compose/compose_pages.js';
import { findingLines } from '../compose/composition.views.js';
import { followedWords } from '../../distributions/distributions.views.js';
import type { Family } from '../../distributions/follow_ups/families.js';
import { expiryFact } from '../pages/expiry_fact.js';
import type { Distribution } from '../../ledger/distribution.entity.js';
import { titleOf } from '../../ledger/distribution_words.js';
import { afterWords } from '../../distributions/follow_ups/following_words.js';
import type { FoundDistribution } from '../../ledger/found_distributions.service.js';
import { DistributionsService } from '../../distributions/distributions.service.js';
import { ReviewsService } from '../../distributions/reviews.service.js';
import { EmailsPage } from '../../distributions/emails_page.js';
import { FirstReaders } from '../pages/first_readers.service.js';
import { MailPreviews, SAMPLES } from '../content/mail_previews.service.js';
import { planFacts } from '../../planning/when_words.js';
import { mailOf } from '../content/mail_content.entity.js';
import { mailSourceOf } from '../content/mail_source.js';
import { ReviewNumbers, type ReviewRefusal } from './review_numbers.js';

/** The last steps of writing a mail, below its form: who gets it, who doesn't and why, what it looks like, what is left of the limits. */
@Injectable()
export class ReviewPage {
  constructor(
    private readonly distributions: DistributionsService,
    private readonly reviews: ReviewsService,
    private readonly emails: EmailsPage,
    private readonly numbers: ReviewNumbers,
    private readonly pages: ComposePages,
    private readonly previews: MailPreviews,
    private readonly firstReaders: FirstReaders,
    private readonly brands: BrandsService,
  ) {}

  /** @param refusal why it was not sent a moment ago */
  async show(actor: Actor, found: FoundDistribution, refusal?: ReviewRefusal): Promise<object> {
    const { distribution, survey } = found;
    const { words } = this.emails;
    const { say } = words;
    this.mustBeAhead(distribution);
    const { findings, outlook } = await this.reviews.of(actor, distribution.id);
    const brand = await this.brands.of(actor.brandId);
    const review = {
      lines: findingLines(findings, say, (code) => words.domainsDoor(actor, code)),
      ...(await this.numbers.of(actor, distribution, { findings, outlook, brand, refusal })),
      samples: await this.samples(actor, distribution),
      facts: this.facts(
        actor,
        distribution,
        (await this.distributions.families(actor, [distribution])).get(distribution.id),
      ),
    };
    return {
      ...(await this.pages.edit(actor, distribution, { review })),
      title: `${say('review.title')} · ${titleOf(distribution, say)}`,
      crumbs: words.crumbs(
        survey,
        { href: addresses.mails.page(...words.at(distribution)), text: titleOf(distribution, say) },
        { text: say('review.title') },
      ),
      head: { title: say('review.title'), lead: titleOf(distribution, say), isSection: true },
    };
  }

  /** The parts that wait for a long list to be counted. */
  async now(actor: Actor, { distribution }: FoundDistribution): Promise<object> {
    this.mustBeAhead(distribution);
    const review = await this.reviews.of(actor, distribution.id);
    const brand = await this.brands.of(actor.brandId);
    return this.numbers.of(actor, distribution, { ...review, brand });
  }

  private mustBeAhead({ isDraft, status }: Distribution): void {
    if (!isDraft && status !== 'scheduled') {
      throw new WrongState(this.emails.words.say('review.over'));
    }
  }

  /** One open at a time: the others are drawn when they are looked at. */
  private async samples(actor: Actor, distribution: Distribution): Promise<object[]> {
    const { previews, firstReaders } = this;
    const samples = await firstReaders.of(actor, distribution, SAMPLES);
    return Promise.all(
      samples.map(async (sample, place) => {
        const { subject, refusal } = await previews.heading(mailSourceOf(distribution), sample);
        return {
          name: sample.name,
          address: sample.address,
          subject: refusal ?? subject,
          isOpen: place === 0,
          url: asking(addresses.mails.sentHtml(...this.emails.words.at(distribution)), { sample: String(place) }),
        };
      }),
    );
  }

  private facts(actor: Actor, distribution: Distribution, family: Family | undefined): object[] {
    const { words } = this.emails;
    const { say } = words;
    const {
      linkType,
      audience: { listName },
    } = distribution;
    const { fromName, fromEmail, replyTo } = mailOf(distribution);
    return [
      { label: say('mail.from'), value: fromName === '' ? fromEmail : `${fromName} <${fromEmail}>` },
      ...(replyTo === '' ? [] : [{ label: say('mail.replyTo'), value: replyTo }]),
      {
        label: say('mail.list'),
        value:
          distribution.parentId === null
            ? listName || say('audience.none')
            : followedWords({ distribution, family, words }),
      },
      { label: say('mail.linkType'), value: say(`linkType.${linkType}`) },
      ...expiryFact(actor, family?.invitation ?? distribution, words),
      { label: say('mail.sendAt'), value: this.time(actor, distribution, family) },
      ...planFacts(distribution, words),
    ];
  }

  private time(actor: Actor, distribution: Distribution, family: Family | undefined): string {
    const { words } = this.emails;
    const {
      sendAt,
      waitsForAnother,
      plan: { sendZone },
    } = distribution;
    if (waitsForAnother) {
      return afterWords(distribution, words, family?.expected);
    }
    if (sendAt === null || sendAt <= words.now()) {
      return words.say('review.atOnce');
    }
    const at = words.exact(actor, sendAt);
    return sendZone === 'recipient' ? `${at}, ${words.say('when_.words.sendZone')}` : at;
  }
}
