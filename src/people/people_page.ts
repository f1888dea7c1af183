import { Injectable } from '@nestjs/common';
import { nameOf } from '../accounts/user.entity.js';
import type { Actor } from '../platform/auth/actor.js';
import { addresses, asking } from '../platform/web/addresses.js';
import { PeopleWords } from './people_words.js';
import { type ListedPerson, PeopleList, type PeopleWish, type StatusFilter } from './people_list.js';
import { statusPill } from './status_pill.js';

const PAGE = 50;
const STATUSES: StatusFilter[] = ['all', 'active', 'invited', 'disabled'];

/** The list of people as a model of its template. */
@Injectable()
export class PeoplePage {
  constructor(
    private readonly list: PeopleList,
    private readonly words: PeopleWords,
  ) {}

  async show(actor: Actor, wish: PeopleWish): Promise<object> {
    const { say } = this.words;
    const rows = await this.list.page(actor, wish, PAGE);
    const counts = await this.list.counts(actor, wish.search);
    const shown = rows.slice(0, PAGE);
    const last = rows.length > PAGE ? shown.at(-1) : undefined;
    return {
      title: say('people.title'),
      head: {
        title: say('people.title'),
        lead: say('people.lead', { brand: actor.brandName }),
        actions: [{ href: addresses.people.new(), text: say('people.add'), icon: 'user-plus', isPrimary: true }],
      },
      search: this.search(wish),
      chips: this.chips(wish, counts),
      people: shown.map((person) => this.row(actor, person)),
      empty: shown.length > 0 ? undefined : this.nobody(),
      pages: {
        rows: 'people',
        shown: say(last === undefined ? 'people.all' : 'people.more', { count: shown.length }),
        moreUrl: last === undefined ? undefined : address({ ...wish, after: this.words.shown(last.id) }),
      },
    };
  }

  private search({ search, status }: PeopleWish): object {
    const { say } = this.words;
    return {
      action: addresses.people.list(),
      name: 'search',
      value: search,
      label: say('people.search'),
      button: say('people.find'),
      keep: status === 'all' ? [] : [{ name: 'status', value: status }],
    };
  }

  private chips({ search, status }: PeopleWish, counts: Record<StatusFilter, number>): object {
    const items = STATUSES.map((one) => ({
      href: address({ search, status: one }),
      text: this.words.say(`people.filter.${one}`),
      count: String(counts[one]),
      isCurrent: one === status,
    }));
    return { label: this.words.say('people.filter.label'), items };
  }

  private row(actor: Actor, person: ListedPerson): object {
    const { say } = this.words;
    const name = nameOf(person);
    return {
      url: addresses.people.page(this.words.shown(person.id)),
      name,
      email: name === person.email ? undefined : person.email,
      isMe: person.id === actor.userId,
      type: person.typeName,
      changed: person.overrides === 0 ? undefined : say('people.changed', { count: person.overrides }),
      status: statusPill(person.status, say),
      lastLogin: person.lastLoginAt === null ? undefined : this.words.when(actor, person.lastLoginAt),
    };
  }

  private nobody(): object {
    const { say } = this.words;
    return {
      icon: 'people',
      title: say('people.nobody'),
      text: say('people.nobodyText'),
      action: { href: addresses.people.list(), text: say('people.clear'), quiet: true },
    };
  }
}

function address({ search, status, after }: PeopleWish): string {
  return asking(addresses.people.list(), { search, status: status === 'all' ? undefined : status, after });
}
