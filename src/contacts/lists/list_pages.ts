import { Injectable } from '@nestjs/common';
import type { Actor } from '../../platform/auth/actor.js';
import { addresses } from '../../platform/web/addresses.js';
import type { Faults } from '../../platform/web/answers.js';
import { nameOf } from '../contact.entity.js';
import { type ListRow, MAX_LIST_NAME } from './contact_lists.service.js';
import { ContactWords } from '../contact_words.js';
import type { ListNames, TableQuery } from '../contacts.forms.js';
import { type MemberRow, SEARCH_LIMIT } from '../contacts.service.js';
import type { ContactImport } from '../imports/contact_import.entity.js';
import { importPill } from '../imports/import_report_pages.js';
import { STANDING_PILLS, standingOf } from '../standing.js';

export const PAGE = 50;

/** Who is shown of a list. */
interface People {
  /** One more than is shown, where there are more. */
  rows: MemberRow[];
  /** Addresses among theirs to which nothing goes. */
  suppressed: Set<string>;
  wish: TableQuery;
}

/** The lists, one list with its people, and the form of its name, as models of their templates. */
@Injectable()
export class ListPages {
  constructor(private readonly words: ContactWords) {}

  index(actor: Actor, rows: ListRow[], { search, after }: TableQuery): object {
    const { say } = this.words;
    const shown = rows.slice(0, PAGE);
    const canEdit = actor.permissions.has('directory:edit');
    const last = rows.length > PAGE ? shown.at(-1) : undefined;
    const newList = { href: addresses.contacts.newList(), text: say('list.new'), icon: 'plus' };
    return {
      title: say('title'),
      head: {
        title: say('title'),
        lead: say('lead'),
        actions: [...this.ways(actor, canEdit), ...(canEdit ? [{ ...newList, isPrimary: true }] : [])],
      },
      filter:
        shown.length > 0 || search !== ''
          ? this.filter(addresses.contacts.lists(), search, say('list.search'))
          : undefined,
      lists: shown.map((list) => this.listRow(actor, list)),
      empty: shown.length > 0 ? undefined : this.emptyLists(search, canEdit ? newList : undefined),
      pages: {
        rows: 'lists',
        shown: say(shownKey('list', after, last), { count: shown.length }),
        moreUrl: last && address(addresses.contacts.lists(), search, this.words.shown('CG', last.id)),
      },
    };
  }

  show(actor: Actor, list: ListRow, { imports, ...people }: People & { imports: ContactImport[] }): object {
    const { say } = this.words;
    const shown = this.words.shown('CG', list.id);
    const path = addresses.contacts.list(shown);
    const canEdit = actor.permissions.has('directory:edit');
    const { rows, wish } = people;
    return {
      title: list.name,
      crumbs: this.words.crumbs({ text: list.name }),
      id: shown,
      name: list.name,
      facts: [
        say('contact.count', { count: list.contactCount, n: this.words.number(list.contactCount) }),
        say('list.ownedBy', { name: list.ownerName }),
      ],
      canEdit,
      sendUrl: list.contactCount > 0 ? this.words.sendUrl(actor, shown) : undefined,
      importUrl: addresses.contacts.newImport(shown),
      addUrl: addresses.contacts.newContact(shown),
      exportUrl: list.contactCount > 0 ? addresses.contacts.listFile(shown) : undefined,
      editUrl: addresses.contacts.editList(shown),
      removal: this.removal(list),
      filter: list.contactCount > 0 ? this.filter(path, wish.search, say('contact.search')) : undefined,
      imports: imports.map((one) => this.importRow(actor, one)),
      ...this.table(actor, path, people),
      empty: rows.length > 0 ? undefined : this.emptyList(shown, wish.search, canEdit),
    };
  }

  newForm(typed: ListNames, again: Faults): object {
    const { say } = this.words;
    return {
      ...this.form(say('list.new'), typed, again),
      crumbs: this.words.crumbs({ text: say('list.new') }),
      head: { title: say('list.new'), lead: say('list.newLead') },
      action: addresses.contacts.listCreation(),
      cancelUrl: addresses.contacts.lists(),
      submit: say('list.create'),
    };
  }

  renameForm(list: ListRow, typed: ListNames, again: Faults): object {
    const { say } = this.words;
    const shown = this.words.shown('CG', list.id);
    const path = addresses.contacts.list(shown);
    return {
      ...this.form(say('list.names'), typed, again),
      crumbs: this.words.crumbs({ href: path, text: list.name }, { text: say('list.names') }),
      head: { title: say('list.names'), lead: say('list.namesLead') },
      action: addresses.contacts.editList(shown),
      cancelUrl: path,
      submit: say('list.save'),
    };
  }

  private ways({ permissions }: Actor, canEdit: boolean): object[] {
    const { say } = this.words;
    return [
      { href: addresses.contacts.segments(), text: say('segment.title'), icon: 'filter' },
      { href: addresses.frequency.rules(), text: say('frequencyRules'), icon: 'clock' },
      // An administrator finds them among the e-mail settings.
      ...(permissions.has('directory:manage') && !permissions.has('brand:admin')
        ? [{ href: addresses.deliverability.suppressions(), text: say('suppressions'), icon: 'mail' }]
        : []),
      ...(canEdit ? [{ href: addresses.contacts.paste(), text: say('paste.title'), icon: 'copy' }] : []),
    ];
  }

  private form(title: string, typed: ListNames, { errors, fields }: Faults): object {
    const field = (name: 'name' | 'publicName'): object => ({
      name,
      label: this.words.say(name === 'name' ? 'list.ownName' : 'list.publicName'),
      help: this.words.say(`list.${name}Help`),
      maxlength: MAX_LIST_NAME,
      value: typed[name] ?? '',
      error: fields[name],
    });
    const name = { ...field('name'), required: true, autofocus: true };
    return { title, errors, name, publicName: field('publicName') };
  }

  private listRow(actor: Actor, list: ListRow): object {
    return {
      url: addresses.contacts.list(this.words.shown('CG', list.id)),
      name: list.name,
      count: this.words.number(list.contactCount),
      owner: list.ownerId === actor.userId ? this.words.say('list.you') : list.ownerName,
      modified: this.words.when(actor, list.modifiedAt),
    };
  }

  private table(actor: Actor, path: string, { rows, suppressed, wish: { search, after } }: People): object {
    const { say } = this.words;
    const limit = search === '' ? PAGE : SEARCH_LIMIT;
    const shown = rows.slice(0, limit);
    const hasMore = rows.length > limit;
    const last = search === '' && hasMore ? shown.at(-1) : undefined;
    return {
      contacts: shown.map((contact) => this.contactRow(actor, contact, suppressed.has(contact.email))),
      pages: {
        rows: 'contacts',
        shown:
          search !== '' && hasMore
            ? say('contact.tooMany', { count: limit })
            : say(shownKey('contact', after, last), { count: shown.length }),
        moreUrl: last && address(path, '', this.words.shown('CID', last.id)),
      },
    };
  }

  private contactRow(actor: Actor, contact: MemberRow, isSuppressed: boolean): object {
    const name = nameOf(contact);
    return {
      url: addresses.contacts.page(this.words.shown('CID', contact.id)),
      name,
      email: contact.email === name ? '' : contact.email,
      phone: contact.phone,
      extRef: contact.extRef,
      added: contact.addedAt && this.words.when(actor, contact.addedAt),
      closed: this.closed(actor, contact, isSuppressed),
    };
  }

  /** Why no mail of a distribution to this list reaches somebody; undefined where one does. */
  private closed(actor: Actor, contact: MemberRow, isSuppressed: boolean): object | undefined {
    const { say } = this.words;
    const { optedOutAt, optedOutBy, listOptedOutAt = null, listOptedOutBy = null } = contact;
    const standing = standingOf({ ...contact, suppression: isSuppressed ? '' : undefined }, listOptedOutAt);
    if (standing === 'fine' || (optedOutAt === null && listOptedOutAt === null)) {
      const pill = { ...STANDING_PILLS[standing], text: say(`optOut.standing.${standing}`) };
      return standing === 'fine' ? undefined : { ...pill, reason: say(`optOut.note.${standing}`) };
    }
    const [level, at, by] =
      optedOutAt === null
        ? (['list', listOptedOutAt, listOptedOutBy] as const)
        : (['brand', optedOutAt, optedOutBy] as const);
    return at === null
      ? undefined
      : { tone: 'idle', icon: 'ban', text: say(`optOut.${level}`), reason: this.words.optedOut(actor, at, by) };
  }

  private importRow(actor: Actor, one: ContactImport): object {
    return {
      url: addresses.contacts.import(this.words.shown('IM', one.id)),
      name: one.fileName,
      pill: importPill(one, this.words.say),
      when: this.words.when(actor, one.finishedAt ?? one.createdAt),
    };
  }

  private removal({ id, name, contactCount }: ListRow): object {
    const { say } = this.words;
    return {
      id: 'remove_list',
      title: say('list.removeTitle', { name }),
      text: say('list.removeText'),
      consequences: [
        say('list.removePeople', { count: contactCount, n: this.words.number(contactCount) }),
        say('list.removeOptOuts'),
        say('list.removeDistributions'),
      ],
      action: addresses.contacts.listRemoval(this.words.shown('CG', id)),
      button: say('list.remove'),
      danger: true,
    };
  }

  private emptyLists(search: string, action: object | undefined): object {
    const { say } = this.words;
    return search === ''
      ? { icon: 'contacts', title: say('list.emptyTitle'), text: say('list.emptyText'), action }
      : this.nothingFound(search, addresses.contacts.lists());
  }

  private emptyList(shown: string, search: string, canEdit: boolean): object {
    const { say } = this.words;
    const action = { href: addresses.contacts.newImport(shown), text: say('import.start'), icon: 'import' };
    return search === ''
      ? {
          icon: 'lists',
          title: say('contact.emptyTitle'),
          text: say('contact.emptyText'),
          action: canEdit ? action : undefined,
        }
      : this.nothingFound(search, addresses.contacts.list(shown));
  }

  private nothingFound(search: string, clearUrl: string): object {
    const { say } = this.words;
    return {
      icon: 'search',
      title: say('nothingFound', { search }),
      text: say('nothingFoundText'),
      action: { href: clearUrl, text: say('clearSearch'), quiet: true },
    };
  }

  private filter(action: string, value: string, label: string): object {
    return { action, name: 'search', value, label, button: this.words.say('find'), keep: [] };
  }
}

function shownKey(noun: 'list' | 'contact', after: string | undefined, last: object | undefined): string {
  if (after !== undefined) {
    return `${noun}.shownNext`;
  }
  return last === undefined ? `${noun}.shownAll` : `${noun}.shownFirst`;
}

function address(path: string, search: string, after: string): string {
  const query = new URLSearchParams({ ...(search === '' ? {} : { search }), after });
  return `${path}?${query.toString()}`;
}
