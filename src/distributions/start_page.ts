import { Injectable } from '@nestjs/common';
import type { Actor } from '../platform/auth/actor.js';
import { addresses } from '../platform/web/addresses.js';
import { confirmField } from './confirm_field.js';
import { titleOf } from '../ledger/distribution_words.js';
import { FoundDistributions, type FoundDistribution } from '../ledger/found_distributions.service.js';
import { EmailsPage } from './emails_page.js';
import { SendingConsent, type Start } from './sending_consent.js';

const ICONS: Readonly<Record<Start, string>> = {
  resume: 'play',
  late: 'send',
  retry: 'refresh',
  resend: 'refresh',
  waves: 'send',
  hasten: 'send',
};

/** Asks before many mails leave, whatever starts them: how many they are, and a field to type the number into. */
@Injectable()
export class StartPage {
  constructor(
    private readonly distributions: FoundDistributions,
    private readonly emails: EmailsPage,
    private readonly consent: SendingConsent,
  ) {}

  /**
   * @param typed what confirms it; undefined where nobody was asked yet
   * @returns the page that asks; undefined where it may start
   * @throws {NotAllowed} for somebody who may not send for the survey
   */
  async asks(
    actor: Actor,
    start: Start,
    found: FoundDistribution,
    typed: string | undefined,
  ): Promise<object | undefined> {
    const { distribution, survey, stake } = found;
    await this.distributions.mustMaySend(actor, distribution.surveyId);
    const asked = await this.consent.askedBefore(actor, start, found, typed ?? '');
    if (asked === undefined) {
      return undefined;
    }
    const { words } = this.emails;
    const { say } = words;
    const title = titleOf(distribution, say);
    const { mails } = asked;
    return {
      ...(await this.emails.frame(actor, survey, stake)),
      title: `${say(`act.${start}`)} · ${title}`,
      crumbs: words.crumbs(
        survey,
        { href: addresses.mails.page(...words.at(distribution)), text: title },
        { text: say(`act.${start}`) },
      ),
      head: { title: say(`act.${start}`), lead: title, isSection: true },
      text: mails === undefined ? say('start.uncounted') : words.counted('start.text', mails),
      twice: start === 'resend',
      confirm: confirmField({ mails, title, typed }, say),
      action: addresses.mails[start](...words.at(distribution)),
      backUrl: addresses.mails.page(...words.at(distribution)),
      button: say(`act.${start}`),
      icon: ICONS[start],
    };
  }
}
