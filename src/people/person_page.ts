import { Injectable } from '@nestjs/common';
import { AccountsService } from '../accounts/accounts.service.js';
import type { User } from '../accounts/user.entity.js';
import type { Actor } from '../platform/auth/actor.js';
import { addresses } from '../platform/web/addresses.js';
import { PeopleWords } from './people_words.js';
import type { MadeLink } from './people_access.service.js';
import { PermissionRows } from './permission_rows.js';
import { PersonForm, type Tried } from './person_form.js';
import { statusPill } from './status_pill.js';

/** The page of one person as a model of its template. */
@Injectable()
export class PersonPage {
  constructor(
    private readonly accounts: AccountsService,
    private readonly form: PersonForm,
    private readonly permissions: PermissionRows,
    private readonly words: PeopleWords,
  ) {}

  /** @param shown what came back from the last act: a refused form, or a link that is shown this once */
  async show(
    actor: Actor,
    userId: string,
    shown: { tried?: Tried | undefined; made?: MadeLink } = {},
  ): Promise<object> {
    const user = await this.accounts.mustFind(actor.brandId, userId);
    const { say } = this.words;
    return {
      title: user.name,
      crumbs: [{ href: addresses.people.list(), text: say('people.title') }, { text: user.name }],
      head: { title: user.name, lead: user.name === user.email ? undefined : user.email },
      status: statusPill(user.status, say),
      link: shown.made === undefined ? undefined : this.link(shown.made),
      details: {
        action: addresses.people.page(this.words.shown(userId)),
        ...(await this.form.fields(actor, user, shown.tried)),
      },
      access: await this.access(actor, user),
      permissions: await this.permissions.groups(actor, user),
      lead: say('permissions.lead', { name: user.name }),
    };
  }

  /** The page that follows an addition: the link that lets the new person in, shown this once. */
  added(made: MadeLink): object {
    const { say } = this.words;
    const { user } = made;
    return {
      title: say('people.added', { name: user.name }),
      crumbs: [{ href: addresses.people.list(), text: say('people.title') }, { text: user.name }],
      head: { title: say('people.added', { name: user.name }), lead: say('people.addedLead') },
      link: this.link(made),
      personUrl: addresses.people.page(this.words.shown(user.id)),
      name: user.name,
    };
  }

  /** The page of a new person. */
  async blank(actor: Actor, tried?: Tried): Promise<object> {
    const { say } = this.words;
    return {
      title: say('people.add'),
      crumbs: [{ href: addresses.people.list(), text: say('people.title') }, { text: say('people.add') }],
      head: { title: say('people.add'), lead: say('people.addLead') },
      details: { action: addresses.people.list(), ...(await this.form.fields(actor, undefined, tried)) },
    };
  }

  private link({ user, link, mailed }: MadeLink): object {
    const { say } = this.words;
    const kind = user.passwordHash === null ? 'invitation' : 'signIn';
    return {
      copy: {
        id: 'sign_in_link',
        label: say(`link.${kind}`, { name: user.name }),
        value: link,
        help: say(`link.${kind}Help`),
      },
      mailed,
    };
  }

  private async access(actor: Actor, user: User): Promise<object> {
    const { say } = this.words;
    const isMe = user.id === actor.userId;
    const { sessions, tokens } = await this.accounts.openDoors(user);
    return {
      lastLogin: user.lastLoginAt === null ? undefined : this.words.when(actor, user.lastLoginAt),
      created: this.words.when(actor, user.createdAt),
      sessions: sessions.toLocaleString('en'),
      tokens: tokens.toLocaleString('en'),
      isMe,
      linkUrl:
        user.status === 'disabled' || user.isOperator
          ? undefined
          : addresses.people.signInLinks(this.words.shown(user.id)),
      enableUrl: user.status === 'disabled' ? addresses.people.enabling(this.words.shown(user.id)) : undefined,
      disabling:
        user.status === 'disabled' || isMe
          ? undefined
          : {
              id: 'disable_person',
              title: say('disabling.title', { name: user.name }),
              text: say('disabling.text'),
              consequences: [
                say('disabling.sessions', { count: sessions }),
                say('disabling.tokens', { count: tokens }),
                say('disabling.content'),
              ],
              action: addresses.people.disabling(this.words.shown(user.id)),
              button: say('disabling.button'),
              danger: true,
            },
    };
  }
}
