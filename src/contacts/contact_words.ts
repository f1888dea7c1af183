import { Injectable } from '@nestjs/common';
import type { Actor } from '../platform/auth/actor.js';
import { Clock } from '../platform/clock.js';
import { Ids } from '../platform/ids.js';
import { addresses, asking } from '../platform/web/addresses.js';
import { exactTime, type Moment, moment } from '../platform/web/moments.js';
import { Views } from '../platform/web/views.js';
import type { OptOutSource } from './contact.entity.js';

export interface Crumb {
  href?: string;
  text: string;
}

/** What all pages of contacts need to show things: words, addresses and times. */
@Injectable()
export class ContactWords {
  constructor(
    private readonly views: Views,
    private readonly ids: Ids,
    private readonly clock: Clock,
  ) {}

  readonly say = (key: string, values: Record<string, unknown> = {}): string =>
    this.views.words.t(`contacts.${key}`, values);

  /** Where sending a survey to a list, segment or contact begins; undefined for whoever may not. */
  sendUrl({ permissions }: Actor, shown: string): string | undefined {
    const maySend = permissions.has('distributions:send') && permissions.has('mailer:access');
    return maySend ? asking(addresses.distributions.sendTo(), { to: shown }) : undefined;
  }

  now(): Date {
    return this.clock.now();
  }

  number(value: number): string {
    return value.toLocaleString('en');
  }

  when(actor: Actor, date: Date): Moment {
    return moment(date, actor.timeZone, this.now());
  }

  /** "Opted out on 3 May 2027, 14:05 CEST by the link in a mail." */
  optedOut(actor: Actor, at: Date, by: OptOutSource | null): string {
    return this.say('optOut.since', {
      at: exactTime(at, actor.timeZone),
      by: this.say(`optOut.by.${by ?? 'unknown'}`),
    });
  }

  /** @throws {NotFound} for what is no id of a list */
  listId(shown: string): string {
    return this.ids.read('CG', shown);
  }

  contactId(shown: string): string {
    return this.ids.read('CID', shown);
  }

  /** The list's number; undefined for what is no id of a list. */
  tryListId(shown: string): string | undefined {
    return this.ids.tryRead('CG', shown);
  }

  shown(prefix: 'CG' | 'CID' | 'IM' | 'SG', id: string): string {
    return this.ids.show(prefix, id);
  }

  /** Crumbs of a page; the last one is where the person is. */
  crumbs(...steps: Crumb[]): Crumb[] {
    return [{ href: addresses.contacts.lists(), text: this.say('title') }, ...steps];
  }
}
