import { Injectable } from '@nestjs/common';
import type { Actor } from '../platform/auth/actor.js';
import { Clock } from '../platform/clock.js';
import { Ids } from '../platform/ids.js';
import { type Moment, moment } from '../platform/web/moments.js';
import { Views } from '../platform/web/views.js';
import type { Say } from '../platform/web/words.js';

/** What the pages of administration need to show things: words, addresses and times. */
@Injectable()
export class PeopleWords {
  readonly say: Say;

  constructor(
    views: Views,
    private readonly ids: Ids,
    private readonly clock: Clock,
  ) {
    this.say = views.wordsOf('people');
  }

  /** @returns undefined where nobody has put it in words */
  tryToSay(key: string): string | undefined {
    const words = this.say(key, { defaultValue: '' });
    return words === '' ? undefined : words;
  }

  /** `UR_…` */
  shown(userId: string): string {
    return this.ids.show('UR', userId);
  }

  /** @throws {NotFound} for what is no person's id */
  personId(shown: string): string {
    return this.ids.read('UR', shown);
  }

  typeId(userTypeId: string): string {
    return this.ids.show('UT', userTypeId);
  }

  /** The number of a type that a form named; a number that nobody has where it named none. */
  readTypeId(shown: string): string {
    return this.ids.tryRead('UT', shown) ?? '0';
  }

  divisionId(id: string): string {
    return this.ids.show('DV', id);
  }

  /** @throws {NotFound} for what is no division's id */
  readDivisionId(shown: string): string | null {
    return shown === '' ? null : this.ids.read('DV', shown);
  }

  when(actor: Actor, date: Date): Moment {
    return moment(date, actor.timeZone, this.clock.now());
  }
}
