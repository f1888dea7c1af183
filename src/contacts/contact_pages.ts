import { Injectable } from '@nestjs/common';
import type { Actor } from '../platform/auth/actor.js';
import { addresses, asking } from '../platform/web/addresses.js';
import type { Faults } from '../platform/web/answers.js';
import { timeZoneOptions } from '../platform/calendar/time_zones.js';
import { type ContactFields, isDecidedHere, nameOf } from './contact.entity.js';
import type { GivenContact } from './contact_fields.js';
import type { TypedContact } from './contacts.forms.js';
import type { ListRow } from './lists/contact_lists.service.js';
import { ContactWords } from './contact_words.js';
import type { MemberRow, Membership } from './contacts.service.js';
import { type Standing, STANDING_PILLS, standingOf } from './standing.js';

type Pair = TypedContact['pairs'][number];

const SPARE_PAIRS = 3;

/** One person: what is known, where the person is listed, what the person said no to; and the form to change it. */
@Injectable()
export class ContactPages {
  constructor(private readonly words: ContactWords) {}

  /** @param suppression why nothing goes to the contact's address, if so */
  show(
    actor: Actor,
    contact: MemberRow,
    { memberships, suppression }: { memberships: Membership[]; suppression: string | undefined },
  ): object {
    const known = { ...contact, suppression };
    const { say } = this.words;
    const name = nameOf(contact);
    const canEdit = actor.permissions.has('directory:edit');
    return {
      title: name,
      crumbs: this.words.crumbs({ text: name }),
      id: this.words.shown('CID', contact.id),
      name,
      canEdit,
      sendUrl: contact.email === '' ? undefined : this.words.sendUrl(actor, this.words.shown('CID', contact.id)),
      editUrl: addresses.contacts.edit(this.words.shown('CID', contact.id)),
      mailsUrl: addresses.contacts.mails(this.words.shown('CID', contact.id)),
      facts: this.facts(actor, contact),
      embedded: Object.entries(contact.embedded).map(([key, value]) => ({ key, value })),
      brand: this.optOutState(actor, known),
      lists: memberships.map((membership) => ({ ...this.membership(actor, known, membership), canEdit })),
      removal: {
        id: 'remove_contact',
        title: say('contact.removeTitle', { name }),
        text: say('contact.removeText'),
        consequences: [say('contact.removeLists', { count: memberships.length }), say('contact.removeAnswers')],
        action: addresses.contacts.removal(this.words.shown('CID', contact.id)),
        button: say('contact.remove'),
        danger: true,
      },
    };
  }

  addForm(list: ListRow, typed: TypedContact | undefined, again: Faults): object {
    const { say } = this.words;
    const shown = this.words.shown('CG', list.id);
    const path = addresses.contacts.list(shown);
    return {
      ...this.form(typed ?? {}, typed?.pairs ?? [], again),
      title: say('contact.add'),
      crumbs: this.words.crumbs({ href: path, text: list.name }, { text: say('contact.add') }),
      head: { title: say('contact.add'), lead: say('contact.addLead', { list: list.name }) },
      action: addresses.contacts.contactCreation(shown),
      cancelUrl: path,
      submit: say('contact.addSubmit'),
    };
  }

  editForm(contact: MemberRow, typed: TypedContact | undefined, again: Faults): object {
    const { say } = this.words;
    const shown = this.words.shown('CID', contact.id);
    const path = addresses.contacts.page(shown);
    const stored = Object.entries(contact.embedded).map(([name, value]) => ({ name, value }));
    return {
      ...this.form(typed ?? contact, typed?.pairs ?? stored, again),
      title: say('contact.editTitle'),
      crumbs: this.words.crumbs({ href: path, text: nameOf(contact) }, { text: say('contact.edit') }),
      head: { title: say('contact.editTitle') },
      action: addresses.contacts.edit(shown),
      cancelUrl: path,
      submit: say('contact.save'),
    };
  }

  private form(values: Partial<ContactFields>, pairs: Pair[], { errors, fields }: Faults): object {
    const { say } = this.words;
    const field = (name: keyof ContactFields, more: object = {}): object => ({
      name,
      label: say(`field.${name}`),
      value: values[name] ?? '',
      error: fields[name],
      ...more,
    });
    const zones = timeZoneOptions(values.timeZone ?? '').filter(({ value }) => value !== '');
    return {
      errors,
      pairs: this.pairs(pairs),
      embeddedError: fields['embedded'],
      fields: {
        firstName: field('firstName', { autocomplete: 'off', autofocus: true }),
        lastName: field('lastName', { autocomplete: 'off' }),
        email: field('email', { inputmode: 'email', autocomplete: 'off', help: say('field.emailHelp') }),
        phone: field('phone', { inputmode: 'tel', autocomplete: 'off', help: say('field.phoneHelp') }),
        extRef: field('extRef', { help: say('field.extRefHelp') }),
        language: field('language', { short: true, help: say('field.languageHelp') }),
        timeZone: field('timeZone', { options: [{ value: '', label: say('field.timeZoneOfBrand') }, ...zones] }),
      },
    };
  }

  /** Inputs for the embedded data, and a few blank ones for more. */
  private pairs(known: Pair[]): object[] {
    const blank = Array.from({ length: SPARE_PAIRS }, () => ({ name: '', value: '' }));
    return [...known, ...blank].map((pair, index) => ({ ...pair, index, hasLines: pair.value.includes('\n') }));
  }

  private facts(actor: Actor, contact: MemberRow): object[] {
    const { say } = this.words;
    const names = ['email', 'phone', 'extRef', 'language', 'timeZone'] as const;
    return [
      ...names
        .map((name) => ({ label: say(`field.${name}`), value: contact[name] }))
        .filter(({ value }) => value !== ''),
      { label: say('contact.since'), when: this.words.when(actor, contact.createdAt) },
      { label: say('contact.modified'), when: this.words.when(actor, contact.modifiedAt) },
    ];
  }

  private membership(actor: Actor, known: Known, membership: Membership): object {
    const { listId, listName, addedAt, embedded } = membership;
    return {
      url: addresses.contacts.list(this.words.shown('CG', listId)),
      name: listName,
      added: this.words.when(actor, addedAt),
      embedded: Object.entries(embedded).map(([key, value]) => ({ key, value })),
      state: this.optOutState(actor, known, membership),
      removalUrl: addresses.contacts.leavingOf(this.words.shown('CID', known.id), this.words.shown('CG', listId)),
      removalText: this.words.say('contact.takeOffText', { list: listName }),
    };
  }

  /** Whether mails reach the person, what keeps them from it, and the way to say no or yes: to the brand, or to one list. */
  private optOutState(actor: Actor, known: Known, membership?: Membership): object {
    const { optedOutAt: at, optedOutBy: by } = membership ?? known;
    const standing = standingOf(known, membership?.optedOutAt ?? null);
    return {
      isOut: at !== null,
      pill: { ...STANDING_PILLS[standing], text: this.words.say(`optOut.standing.${standing}`) },
      since: at === null ? undefined : this.words.optedOut(actor, at, by),
      note: at === null && membership === undefined ? this.note(actor, known, standing) : undefined,
      ...this.nextStep(actor, known, membership),
    };
  }

  /** To say no or yes, for whoever may; else who may. */
  private nextStep(actor: Actor, known: Known, membership?: Membership): object {
    const { say } = this.words;
    const { optedOutAt: at, optedOutBy: by } = membership ?? known;
    const [level, way] = [membership === undefined ? 'brand' : 'list', at === null ? 'out' : 'in'];
    const canDecide = mayDecide(actor, membership?.listId ?? null, at, by);
    const shown = this.words.shown('CID', known.id);
    return {
      canDecide,
      mayNot: canDecide || at === null ? undefined : say('optOut.mayNot'),
      action: way === 'out' ? addresses.contacts.optOuts(shown) : addresses.contacts.optIns(shown),
      list: membership === undefined ? '' : this.words.shown('CG', membership.listId),
      button: say(`optOut.${way}.${level}`),
      text: say(`optOut.${way}Text.${level}`),
      isDangerous: at !== null,
    };
  }

  /** Why, and what can be done; of a suppression also where. */
  private note({ permissions }: Actor, { email }: Known, standing: Standing): object {
    const text = this.words.say(`optOut.note.${standing}`);
    return standing === 'suppressed' && permissions.has('directory:manage')
      ? { text, url: asking(addresses.deliverability.suppressions(), { q: email }) }
      : { text };
  }
}

type Known = MemberRow & { suppression: string | undefined };

/** As `DirectoryService.decideOptOut` decides it. */
function mayDecide(
  { permissions }: Actor,
  listId: string | null,
  at: Date | null,
  by: MemberRow['optedOutBy'],
): boolean {
  return at === null || (listId !== null && isDecidedHere(by))
    ? permissions.has('directory:edit')
    : permissions.has('directory:manage');
}

/** The contact as the form's fields say it; embedded data whose name was emptied is taken away. */
export function fromForm({ pairs, ...fields }: TypedContact, before: Record<string, string> = {}): GivenContact {
  const gone = Object.keys(before).map((name): [string, null] => [name, null]);
  const kept = pairs.filter(({ name }) => name !== '').map(({ name, value }): [string, string] => [name, value]);
  return { ...fields, embedded: Object.fromEntries([...gone, ...kept]) };
}
