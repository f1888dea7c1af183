import { Injectable } from '@nestjs/common';
import type { Actor } from '../platform/auth/actor.js';
import { Clock } from '../platform/clock.js';
import { Ids } from '../platform/ids.js';
import { type FormErrors, NO_ERRORS } from '../platform/web/form_again.js';
import { moment } from '../platform/web/moments.js';
import { Views } from '../platform/web/views.js';
import type { LibrarySearch, TypedMessage } from './library.forms.js';
import { formOfMessage } from './library.views.js';
import { type LibraryLine, LibraryService } from './library.service.js';
import { CATEGORIES, type Category, type LibraryMessage } from './library_message.entity.js';

const PAGE = 50;
const ROOT = '/library';

/** The library as people browse it, and the form of one message. */
@Injectable()
export class LibraryPages {
  constructor(
    private readonly messageLibrary: LibraryService,
    private readonly ids: Ids,
    private readonly views: Views,
    private readonly clock: Clock,
  ) {}

  readonly say = (key: string, values: Record<string, unknown> = {}): string =>
    this.views.words.t(`library.${key}`, values);

  /** @throws {NotFound} for what is no id of a message */
  idOf(shown: string): string {
    return this.ids.read('MS', shown);
  }

  path({ id }: Pick<LibraryMessage, 'id'>, below = ''): string {
    return `${ROOT}/messages/${this.ids.show('MS', id)}${below}`;
  }

  async index(actor: Actor, { category, search, after }: LibrarySearch): Promise<object> {
    const rows = await this.messageLibrary.list(actor, {
      size: PAGE,
      after: after === undefined ? undefined : this.ids.read('MS', after),
      categories: category && [category],
      search,
    });
    const shown = rows.slice(0, PAGE);
    const last = rows.length > PAGE ? shown.at(-1) : undefined;
    const isFiltered = category !== undefined || search !== '';
    const fresh = { href: addressOf(`${ROOT}/new`, { category }), text: this.say('new'), icon: 'plus' };
    return {
      title: this.say('title'),
      head: { title: this.say('title'), lead: this.say('lead'), actions: [{ ...fresh, isPrimary: true }] },
      chips: this.chips(category, search),
      filter: {
        action: ROOT,
        name: 'search',
        value: search,
        label: this.say('search'),
        button: this.say('find'),
        keep: category === undefined ? [] : [{ name: 'category', value: category }],
      },
      messages: shown.map((message) => this.row(actor, message)),
      empty: shown.length > 0 ? undefined : this.empty(isFiltered, fresh),
      pages: {
        rows: 'messages',
        shown: this.say(last === undefined ? 'shownAll' : 'shownFirst', { count: shown.length }),
        moreUrl: last && addressOf(ROOT, { category, search, after: this.ids.show('MS', last.id) }),
      },
    };
  }

  fresh(category: Category | undefined): object {
    const draft: TypedMessage = {
      category: category ?? 'invite',
      name: '',
      isShared: false,
      language: 'en',
      words: { en: { subject: '', preheader: '', body: '', text: '' } },
      go: '',
      newLanguage: '',
    };
    return this.form(undefined, draft);
  }

  edit(message: LibraryMessage): object {
    const { category, name, isShared, language, words } = message;
    return this.form(message, { category, name, isShared, language, words, go: '', newLanguage: '' });
  }

  form(message: LibraryMessage | undefined, typed: TypedMessage, again: FormErrors = NO_ERRORS): object {
    const title = message === undefined ? this.say('new') : message.name;
    return {
      title: `${title} · ${this.say('title')}`,
      crumbs: [{ href: ROOT, text: this.say('title') }, { text: title }],
      head: { title },
      action: message === undefined ? `${ROOT}/messages` : this.path(message),
      cancelUrl: ROOT,
      errors: again.errors,
      ...formOfMessage(typed, again.fields, this.say, (key) => this.views.words.t(`distributions.${key}`)),
    };
  }

  private chips(current: Category | undefined, search: string): object {
    const chip = (category: Category | undefined): object => ({
      href: addressOf(ROOT, { category, search }),
      text: this.say(`category.${category ?? 'all'}`),
      isCurrent: category === current,
    });
    return { label: this.say('filter'), items: [chip(undefined), ...CATEGORIES.map(chip)] };
  }

  private row(actor: Actor, message: LibraryLine): object {
    const mayChange = this.messageLibrary.mayChange(actor, message);
    const id = this.ids.show('MS', message.id);
    return {
      id,
      url: mayChange ? this.path(message, '/edit') : undefined,
      name: message.name,
      category: this.say(`category.${message.category}`),
      languages: message.languages.join(', '),
      pill: { tone: message.isShared ? 'run' : 'idle', text: this.say(message.isShared ? 'shared' : 'private') },
      when: moment(message.modifiedAt, actor.timeZone, this.clock.now()),
      copyUrl: this.path(message, '/copies'),
      menu: this.say('menu', { name: message.name }),
      removal: mayChange
        ? {
            id: `remove_${id}`,
            title: this.say('removal.title', { name: message.name }),
            text: this.say('removal.text'),
            consequences: [this.say('removal.mails'), this.say('removal.copies')],
            action: this.path(message, '/removal'),
            button: this.say('removal.button'),
            danger: true,
          }
        : undefined,
    };
  }

  private empty(isFiltered: boolean, fresh: object): object {
    return isFiltered
      ? {
          icon: 'search',
          title: this.say('nothingTitle'),
          text: this.say('nothingText'),
          action: { href: ROOT, text: this.say('clear'), quiet: true },
        }
      : { icon: 'library', title: this.say('emptyTitle'), text: this.say('emptyText'), action: fresh };
  }
}

function addressOf(path: string, query: Record<string, string | undefined>): string {
  const given = Object.entries(query).filter((entry): entry is [string, string] => (entry[1] ?? '') !== '');
  return given.length === 0 ? path : `${path}?${new URLSearchParams(given).toString()}`;
}
