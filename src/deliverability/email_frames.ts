import { Injectable } from '@nestjs/common';
import { emailTabs } from '../mailer/email_tabs.js';
import type { Actor } from '../platform/auth/actor.js';
import { Clock } from '../platform/clock.js';
import { addresses } from '../platform/web/addresses.js';
import { exactTime, type Moment, moment } from '../platform/web/moments.js';
import { Views } from '../platform/web/views.js';
import type { Say } from '../platform/web/words.js';

export type EmailPart = Parameters<typeof emailTabs>[1];

/** What the pages about coming back have in common with the other e-mail settings: head, crumbs, tabs, words, times. */
@Injectable()
export class EmailFrames {
  readonly say: Say;
  private readonly sayOfMailer: Say;

  constructor(
    views: Views,
    private readonly clock: Clock,
  ) {
    this.say = views.wordsOf('deliverability');
    this.sayOfMailer = views.wordsOf('mailer');
  }

  /** Ways to pages of the brand are there only for those who may open them. */
  frame({ permissions }: Actor, part: EmailPart, actions: object[] = []): object {
    const mailer = this.sayOfMailer;
    const title = mailer(`email.${part}`);
    const around = [
      { href: addresses.brand.settings(), text: mailer('email.brand') },
      { href: addresses.mailer.domains(), text: mailer('email.title') },
    ];
    const isOfBrand = permissions.has('brand:admin');
    return {
      title,
      crumbs: isOfBrand ? [...around, { text: title }] : undefined,
      head: { title, lead: this.say(`${part}.lead`), actions },
      tabs: isOfBrand ? emailTabs(mailer, part) : undefined,
    };
  }

  when({ timeZone }: Actor, at: Date): Moment {
    return moment(at, timeZone, this.clock.now());
  }

  exact({ timeZone }: Actor, at: Date): string {
    return exactTime(at, timeZone);
  }

  /** The first day of the last so many, in UTC as the figures are kept. */
  since(days: number): string {
    return new Date(this.clock.ms() - (days - 1) * 86_400_000).toISOString().slice(0, 10);
  }
}

const NUMBER = new Intl.NumberFormat('en');

export function figure(n: number): string {
  return NUMBER.format(n);
}

/** `0.12 %`; nothing to tell where nothing was counted. */
export function percent(part: number, all: number): string {
  return all === 0 ? '–' : `${((part / all) * 100).toFixed(2)} %`;
}
