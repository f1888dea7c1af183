import { Injectable } from '@nestjs/common';
import type { Actor } from '../platform/auth/actor.js';
import { Clock } from '../platform/clock.js';
import { Ids } from '../platform/ids.js';
import { addresses, asking } from '../platform/web/addresses.js';
import { type Faults, NO_FAULTS } from '../platform/web/answers.js';
import { moment } from '../platform/web/moments.js';
import { Views } from '../platform/web/views.js';
import type { LibrarySearch, TypedMessage } from './library.forms.js';
import { formOfMessage } from './library.views.js';
import { type LibraryLine, LibraryService } from './library.service.js';
import type { Category, LibraryMessage } from './library_message.entity.js';

const PAGE = 50;

/** What a list keeps to when a part of it is chosen. */
type Kept = Pick<LibrarySearch, 'category' | 'search' | 'folder'>;

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

  /** `MS_…` */
  shown({ id }: Pick<LibraryMessage, 'id'>): string {
    return this.ids.show('MS', id);
  }

  async index(actor: Actor, { category, search, folder, after }: LibrarySearch): Promise<object> {
    const rows = await this.messageLibrary.list(actor, {
      size: PAGE,
      after: after === undefined ? undefined : this.ids.read('MS', after),
      categories: category && [category],
      search,
      folder,
    });
    const shown = rows.slice(0, PAGE);
    const last = rows.length > PAGE ? shown.at(-1) : undefined;
    const isFiltered = category !== undefined || search !== '' || folder !== '';
    const kept = { category, search, folder };
    const fresh = { href: asking(addresses.library.new(), { category }), text: this.say('new'), icon: 'plus' };
    return {
      title: this.say('title'),
      head: { title: this.say('title'), lead: this.say('lead'), actions: [{ ...fresh, isPrimary: true }] },
      chips: await this.chips(actor, kept),
      folders: await this.folderChips(actor, kept),
      filter: {
        action: addresses.library.list(),
        name: 'search',
        value: search,
        label: this.say('search'),
        button: this.say('find'),
        keep: Object.entries({ category, folder }).flatMap(([name, value]) => (value ? [{ name, value }] : [])),
      },
      messages: shown.map((message) => this.row(actor, message)),
      empty: shown.length > 0 ? undefined : this.empty(isFiltered, fresh),
      pages: {
        rows: 'messages',
        shown: this.say(last === undefined ? 'shownAll' : 'shownFirst', { count: shown.length }),
        moreUrl: last && asking(addresses.library.list(), { ...kept, after: this.shown(last) }),
      },
    };
  }

  async fresh(actor: Actor, category: Category | undefined): Promise<object> {
    const draft: TypedMessage = {
      category: category ?? 'invite',
      name: '',
      folder: '',
      isShared: false,
      language: 'en',
      words: { en: { subject: '', preheader: '', body: '', text: '' } },
      go: '',
      newLanguage: '',
    };
    return this.form(actor, { typed: draft });
  }

  async edit(actor: Actor, message: LibraryMessage): Promise<object> {
    const { category, name, folder, isShared, language, words } = message;
    const typed = { category, name, folder, isShared, language, words, go: '', newLanguage: '' };
    return this.form(actor, { message, typed });
  }

  /** The form of a new message, or of one that is there. */
  async form(
    actor: Actor,
    {
      message,
      typed,
      again = NO_FAULTS,
    }: { message?: LibraryMessage | undefined; typed: TypedMessage; again?: Faults },
  ): Promise<object> {
    const title = message === undefined ? this.say('new') : message.name;
    return {
      title: `${title} · ${this.say('title')}`,
      crumbs: [{ href: addresses.library.list(), text: this.say('title') }, { text: title }],
      head: { title },
      action: message === undefined ? addresses.library.creation() : addresses.library.message(this.shown(message)),
      cancelUrl: addresses.library.list(),
      errors: again.errors,
      folders: await this.messageLibrary.folders(actor),
      ...formOfMessage(typed, again.fields, this.say, (key) => this.views.words.t(`distributions.${key}`)),
    };
  }

  private async chips(actor: Actor, { category: current, search, folder }: Kept): Promise<object> {
    const offered = await this.messageLibrary.categories(actor);
    const chip = (category: Category | undefined): object => ({
      href: asking(addresses.library.list(), { category, search, folder }),
      text: this.say(`category.${category ?? 'all'}`),
      isCurrent: category === current,
    });
    return { label: this.say('filter'), items: [chip(undefined), ...offered.map(chip)] };
  }

  /** Nothing where there are no folders. */
  private async folderChips(actor: Actor, { category, search, folder: current }: Kept): Promise<object | undefined> {
    const folders = await this.messageLibrary.folders(actor);
    const chip = (folder: string): object => ({
      href: asking(addresses.library.list(), { category, search, folder }),
      text: folder || this.say('folders.all'),
      isCurrent: folder === current,
    });
    return folders.length === 0 ? undefined : { label: this.say('folderFilter'), items: ['', ...folders].map(chip) };
  }

  private row(actor: Actor, message: LibraryLine): object {
    const mayChange = this.messageLibrary.mayChange(actor, message);
    const id = this.shown(message);
    return {
      id,
      url: mayChange ? addresses.library.edit(id) : undefined,
      name: message.name,
      category: this.say(`category.${message.category}`),
      folder: message.folder,
      languages: message.languages.join(', '),
      pill: this.seenBy(actor, message),
      when: moment(message.modifiedAt, actor.timeZone, this.clock.now()),
      shareUrl: mayChange ? addresses.library.sharing(id) : undefined,
      copyUrl: addresses.library.copies(id),
      menu: this.say('menu', { name: message.name }),
      removal: mayChange
        ? {
            id: `remove_${id}`,
            title: this.say('removal.title', { name: message.name }),
            text: this.say('removal.text'),
            consequences: [this.say('removal.mails'), this.say('removal.copies')],
            action: addresses.library.removal(id),
            button: this.say('removal.button'),
            danger: true,
          }
        : undefined,
    };
  }

  private seenBy({ userId }: Actor, { isShared, shares, ownerId }: LibraryLine): object {
    if (isShared) {
      return { tone: 'run', text: this.say('shared') };
    }
    if (ownerId !== userId) {
      return { tone: 'run', text: this.say('withYou') };
    }
    return shares > 0
      ? { tone: 'run', text: this.say('someShared', { count: shares }) }
      : { tone: 'idle', text: this.say('private') };
  }

  private empty(isFiltered: boolean, fresh: object): object {
    return isFiltered
      ? {
          icon: 'search',
          title: this.say('nothingTitle'),
          text: this.say('nothingText'),
          action: { href: addresses.library.list(), text: this.say('clear'), quiet: true },
        }
      : { icon: 'library', title: this.say('emptyTitle'), text: this.say('emptyText'), action: fresh };
  }
}
