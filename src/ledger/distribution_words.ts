import { Injectable } from '@nestjs/common';
import type { Actor } from '../platform/auth/actor.js';
import { Clock } from '../platform/clock.js';
import { figure } from '../platform/figures.js';
import { Ids } from '../platform/ids.js';
import { addresses } from '../platform/web/addresses.js';
import { readableHeading } from '../platform/web/html/mail_inserts.js';
import { dayMoment, exactTime, type Moment, moment } from '../platform/web/moments.js';
import { Views } from '../platform/web/views.js';
import type { Distribution } from './distribution.entity.js';

/** Says a sentence of `views/distributions/words.en.json`. */
export type Say = (key: string, values?: Record<string, unknown>) => string;

/** Whose limits a distribution runs into: its owner's, and the division's where that is what stands in the way. */
export interface Limited {
  ownerId: string;
  divisionId?: string | undefined;
}

/** What all pages of distributions need to show things: words, addresses and times. */
@Injectable()
export class DistributionWords {
  constructor(
    private readonly views: Views,
    private readonly ids: Ids,
    private readonly clock: Clock,
  ) {}

  readonly say: Say = (key, values = {}) => this.views.words.t(`distributions.${key}`, values);

  knows(key: string): boolean {
    return this.views.words.exists(`distributions.${key}`);
  }

  now(): Date {
    return this.clock.now();
  }

  /** @throws {NotFound} for what is no survey's id */
  surveyIdOf(shown: string): string {
    return this.ids.read('SV', shown);
  }

  /** @throws {NotFound} for what is no distribution's id */
  idOf(shown: string): string {
    return this.ids.read('EMD', shown);
  }

  /** @throws {NotFound} for what is no message's id */
  messageIdOf(shown: string): string {
    return this.ids.read('MS', shown);
  }

  /** @throws {NotFound} for what is no list's id */
  listIdOf(shown: string): string {
    return this.ids.read('CG', shown);
  }

  shown({ id }: Pick<Distribution, 'id'>): string {
    return this.ids.show('EMD', id);
  }

  shownList({ id }: { id: string }): string {
    return this.ids.show('CG', id);
  }

  /** `SV_…` */
  shownSurvey(surveyId: string): string {
    return this.ids.show('SV', surveyId);
  }

  /** `SV_…` and `EMD_…`: what `addresses.mails` and `addresses.personalLinks` name a distribution by. */
  at({ surveyId, id }: Pick<Distribution, 'surveyId' | 'id'>): [survey: string, distribution: string] {
    return [this.ids.show('SV', surveyId), this.ids.show('EMD', id)];
  }

  when(actor: Actor, date: Date): Moment {
    return moment(date, actor.timeZone, this.now());
  }

  /** A time of which only the day, in UTC, may be told. */
  day(date: Date): Moment {
    return dayMoment(date);
  }

  exact(actor: Actor, date: Date): string {
    return exactTime(date, actor.timeZone);
  }

  /** A count in a sentence: picks the plural, and is written with separators. */
  counted(key: string, count: number, values: Record<string, unknown> = {}): string {
    return this.say(key, { ...values, count, shown: figure(count) });
  }

  /** Where an administrator mends what a code says; others are told in words whom to ask. */
  door(
    { permissions }: Actor,
    code: string | null | undefined,
    { ownerId, divisionId }: Limited,
  ): { href: string; text: string } | undefined {
    const places: Record<string, { href: string; key: string }> = {
      EQD03: { href: addresses.people.field(this.ids.show('UR', ownerId), 'weeklyEmailLimit'), key: 'door.limit' },
      EQD04: { href: this.sharedLimit(divisionId), key: 'door.limit' },
      CVS03: { href: addresses.brand.ready(), key: 'door.ready' },
      CVS05: { href: addresses.brand.ready(), key: 'door.ready' },
      EQD17: { href: addresses.brand.ready(), key: 'door.ready' },
    };
    const place = permissions.has('brand:admin') ? places[code ?? ''] : undefined;
    return place && { href: place.href, text: this.say(place.key) };
  }

  /** Where an administrator makes a From domain ready, beside a check that says why it is none yet. */
  domainsDoor({ permissions }: Actor, code: string): { href: string; text: string } | undefined {
    const isAboutDomains = code === 'CVS03' || code === 'EQD17';
    return isAboutDomains && permissions.has('brand:admin')
      ? { href: addresses.mailer.domains(), text: this.say('door.domains') }
      : undefined;
  }

  /** The field of a division's limit, or of the brand's. */
  private sharedLimit(divisionId: string | undefined): string {
    return divisionId === undefined
      ? addresses.brand.field('weeklyEmailLimit')
      : addresses.brand.divisionField('weeklyEmailLimit', this.ids.show('DV', divisionId));
  }

  /** Crumbs of a page below the list of mails. */
  crumbs(survey: { id: string; name: string }, ...titles: { href?: string; text: string }[]): object[] {
    const shown = this.ids.show('SV', survey.id);
    const list = { href: addresses.mails.list(shown), text: this.say('title') };
    return [
      { href: addresses.surveys.list(), text: this.views.words.t('surveys.title') },
      { href: addresses.surveys.page(shown), text: survey.name },
      ...(titles.length === 0 ? [{ text: this.say('title') }] : [list, ...titles]),
    ];
  }
}

/** What a distribution is called where people see it. */
export function titleOf({ name, heading }: Pick<Distribution, 'name' | 'heading'>, say: Say): string {
  return name.trim() || readableHeading(heading.trim(), say) || say('untitled');
}
