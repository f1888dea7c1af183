import { Injectable } from '@nestjs/common';
import type { Actor } from '../platform/auth/actor.js';
import { Clock } from '../platform/clock.js';
import { Ids } from '../platform/ids.js';
import { addresses } from '../platform/web/addresses.js';
import { exactTime, type Moment, moment } from '../platform/web/moments.js';
import { Views } from '../platform/web/views.js';
import type { Say } from '../platform/web/words.js';
import type { Survey } from './survey.entity.js';

/** What all pages of surveys need to show things: words, addresses and times. */
@Injectable()
export class SurveyWords {
  readonly say: Say;

  constructor(
    views: Views,
    private readonly ids: Ids,
    private readonly clock: Clock,
  ) {
    this.say = views.wordsOf('surveys');
  }

  now(): Date {
    return this.clock.now();
  }

  /** `SV_…` */
  shown(surveyId: string): string {
    return this.ids.show('SV', surveyId);
  }

  /** @throws {NotFound} for what is no survey's id */
  idOf(shown: string): string {
    return this.ids.read('SV', shown);
  }

  /** @throws {NotFound} for what is no person's id */
  personOf(shown: string): string {
    return this.ids.read('UR', shown);
  }

  /** Where the draft can be tried out without being counted. */
  previewPath(surveyId: string): string {
    return addresses.respondents.preview(this.ids.token('preview', surveyId));
  }

  when(actor: Actor, date: Date): Moment {
    return moment(date, actor.timeZone, this.now());
  }

  /** When people may start, in a sentence part. */
  availability({ availableFrom, availableUntil }: Survey, timeZone: string): string {
    const from = availableFrom === null ? '' : exactTime(availableFrom, timeZone);
    const until = availableUntil === null ? '' : exactTime(availableUntil, timeZone);
    if (from === '') {
      return until === '' ? this.say('availability.always') : this.say('availability.onlyUntil', { until });
    }
    return this.say(until === '' ? 'availability.onlyFrom' : 'availability.both', { from, until });
  }

  /** Crumbs of a page below a survey's outline. */
  crumbs(survey: { id: string; name: string }, title?: string): { href?: string; text: string }[] {
    const surveys = { href: addresses.surveys.list(), text: this.say('title') };
    return title === undefined
      ? [surveys, { text: survey.name }]
      : [surveys, { href: addresses.surveys.page(this.shown(survey.id)), text: survey.name }, { text: title }];
  }
}
