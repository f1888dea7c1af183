import { Injectable } from '@nestjs/common';
import type { Actor } from '../platform/auth/actor.js';
import { Clock } from '../platform/clock.js';
import { figure } from '../platform/figures.js';
import { Ids } from '../platform/ids.js';
import { addresses } from '../platform/web/addresses.js';
import { readableSubject } from '../platform/web/mail_inserts.js';
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

  /** `/surveys/SV_…/distributions/emails`, and below it. */
  list(surveyId: string, below = ''): string {
    return `/surveys/${this.ids.show('SV', surveyId)}/distributions/emails${below}`;
  }

  /** `/surveys/SV_…/distributions/emails/EMD_…`, and below it. */
  path({ surveyId, id }: Pick<Distribution, 'surveyId' | 'id'>, below = ''): string {
    return this.list(surveyId, `/${this.ids.show('EMD', id)}${below}`);
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
      EQD03: { href: `/people/${this.ids.show('UR', ownerId)}#field_weeklyEmailLimit`, key: 'door.limit' },
      EQD04: { href: this.sharedLimit(divisionId), key: 'door.limit' },
      CVS03: { href: '/brand/ready', key: 'door.ready' },
      CVS05: { href: '/brand/ready', key: 'door.ready' },
      EQD17: { href: '/brand/ready', key: 'door.ready' },
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
      ? '/brand#field_weeklyEmailLimit'
      : `/brand/divisions#field_weeklyEmailLimit_${this.ids.show('DV', divisionId)}`;
  }

  /** Crumbs of a page below the list of mails. */
  crumbs(survey: { id: string; name: string }, ...titles: { href?: string; text: string }[]): object[] {
    const surveyPath = `/surveys/${this.ids.show('SV', survey.id)}`;
    const list = { href: this.list(survey.id), text: this.say('title') };
    return [
      { href: '/surveys', text: this.views.words.t('surveys.title') },
      { href: surveyPath, text: survey.name },
      ...(titles.length === 0 ? [{ text: this.say('title') }] : [list, ...titles]),
    ];
  }
}

/** What a distribution is called where people see it. */
export function titleOf({ name, subject }: Pick<Distribution, 'name' | 'subject'>, say: Say): string {
  return name.trim() || readableSubject(subject.trim(), say) || say('untitled');
}
