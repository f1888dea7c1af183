import { Injectable } from '@nestjs/common';
import type { Actor } from '../platform/auth/actor.js';
import { Ids } from '../platform/ids.js';
import { addresses } from '../platform/web/addresses.js';
import { type Faults, NO_FAULTS } from '../platform/web/answers.js';
import { LibraryPages } from './library_pages.js';
import { LibraryService } from './library.service.js';
import { LibrarySharesService, type Sharer } from './library_shares.service.js';

/** The page that shares a message, as a model of its template. */
@Injectable()
export class LibrarySharesPage {
  constructor(
    private readonly messageLibrary: LibraryService,
    private readonly shares: LibrarySharesService,
    private readonly pages: LibraryPages,
    private readonly ids: Ids,
  ) {}

  async show(actor: Actor, id: string, { errors, fields }: Faults = NO_FAULTS): Promise<object> {
    const { say } = this.pages;
    const shared = await this.shares.of(actor, id);
    const choices = await this.shares.choices(actor, id);
    const { name, isShared } = await this.messageLibrary.mustFind(actor, id);
    const message = this.pages.shown({ id });
    return {
      title: `${say('sharing.title')} · ${name}`,
      crumbs: [
        { href: addresses.library.list(), text: say('title') },
        { href: addresses.library.edit(message), text: name },
        { text: say('sharing.title') },
      ],
      head: { title: say('sharing.title'), lead: say(isShared ? 'sharing.leadBrand' : 'sharing.lead', { name }) },
      errors,
      sharers: shared.map((sharer) => ({
        name: sharer.name,
        about: sharer.kind === 'division' ? say('sharing.division') : sharer.email,
        removeUrl: addresses.library.sharingEnd(message, this.shown(sharer)),
      })),
      add: { action: addresses.library.sharing(message), with: this.field(choices, fields['with']) },
      nobody: choices.length === 0,
    };
  }

  /** Whom `UR_…` or `DV_…` names; undefined for anything else. */
  sharerOf(shown: string): Pick<Sharer, 'kind' | 'id'> | undefined {
    const division = this.ids.tryRead('DV', shown);
    const person = this.ids.tryRead('UR', shown);
    if (division !== undefined) {
      return { kind: 'division', id: division };
    }
    return person === undefined ? undefined : { kind: 'person', id: person };
  }

  private field(choices: readonly Sharer[], error: string | undefined): object {
    const { say } = this.pages;
    const group = (kind: Sharer['kind'], label: string): object[] => {
      const options = choices
        .filter((choice) => choice.kind === kind)
        .map((choice) => ({
          value: this.shown(choice),
          label: kind === 'division' ? choice.name : `${choice.name} – ${choice.email}`,
        }));
      return options.length === 0 ? [] : [{ group: label, options }];
    };
    const none = { value: '', label: say('sharing.choose'), selected: true };
    return {
      name: 'with',
      label: say('sharing.with'),
      required: true,
      error,
      options: [none, ...group('division', say('sharing.divisions')), ...group('person', say('sharing.persons'))],
    };
  }

  private shown({ kind, id }: Sharer): string {
    return this.ids.show(kind === 'division' ? 'DV' : 'UR', id);
  }
}
