import { LockMode } from '@mikro-orm/core';
import { Injectable } from '@nestjs/common';
import { mustBeAllowed } from '../../brands/access.js';
import type { ContactList } from '../../contacts/lists/contact_list.entity.js';
import { ContactListsService } from '../../contacts/lists/contact_lists.service.js';
import { type MadeList, PastedContactsService } from '../../contacts/pasting/pasted_contacts.service.js';
import type { Actor } from '../../platform/auth/actor.js';
import { Database, type Unit } from '../../platform/db/database.js';
import { Distribution } from '../../ledger/distribution.entity.js';
import { DistributionWords } from '../../ledger/distribution_words.js';
import { Autosaves } from '../compose/autosaves.service.js';
import type { Written } from '../compose/compositions.forms.js';
import type { DrawnForm } from '../compose/drawn_form.js';
import type { NewList } from './detours.forms.js';

/** A mail as it stands in its form, for which something else is got. */
export interface Interrupted {
  surveyId: string;
  written: Written;
  drawn: DrawnForm;
}

/** A list that was made for a mail; `written` has it chosen, as the draft has. */
export interface ListMade extends Pick<MadeList, 'optedOut'> {
  list: Pick<ContactList, 'id' | 'name'>;
  draft: Distribution;
  written: Written;
}

/** What an author gets for a mail while it is written: the mail is kept as it stands, and what was got is chosen in it. */
@Injectable()
export class Detours {
  constructor(
    private readonly database: Database,
    private readonly autosaves: Autosaves,
    private readonly lists: ContactListsService,
    private readonly pasted: PastedContactsService,
    private readonly words: DistributionWords,
  ) {}

  /**
   * Makes a list and chooses it in the draft: both, or nothing.
   * @throws {Invalid} for a list without a name; {BadLines} for lines that are nobody; what {@link Autosaves.keep} throws
   */
  withList(actor: Actor, interrupted: Interrupted, wish: NewList): Promise<ListMade> {
    return this.database.inBrand(actor.brandId, (unit) => this.withListIn(unit, actor, interrupted, wish));
  }

  /** As `withList`, in a unit that is open. */
  async withListIn(
    unit: Unit,
    actor: Actor,
    { surveyId, written, drawn }: Interrupted,
    wish: NewList,
  ): Promise<ListMade> {
    mustBeAllowed(actor, 'directory:edit');
    const made = await this.made(unit, actor, wish);
    const chosen = { ...written, list: this.words.shownList(made.list) };
    return { ...made, draft: await this.autosaves.keepIn(unit, actor, surveyId, chosen, drawn), written: chosen };
  }

  /**
   * The same for a draft, from a page that may be sent twice.
   * @returns the draft alone where this was sent before, with the list of then chosen
   * @throws what {@link withList} throws
   */
  async withListOnce(
    actor: Actor,
    mail: Interrupted & { draft: Distribution },
    wish: NewList,
  ): Promise<ListMade | { before: Distribution }> {
    return this.database.inBrand(actor.brandId, async (unit) => {
      const { em } = unit;
      const { id } = mail.draft;
      const draft = await em.findOneOrFail(
        Distribution,
        { id },
        { lockMode: LockMode.PESSIMISTIC_WRITE, refresh: true },
      );
      const isSentBefore = draft.writing.revisedBy !== '' && draft.writing.revisedBy === mail.drawn.formKey;
      return isSentBefore ? { before: draft } : this.withListIn(unit, actor, mail, wish);
    });
  }

  /** Who only has a file to import gets an empty list for it; what was pasted is never lost. */
  private async made(unit: Unit, actor: Actor, { go, people, listName, leaveOut }: NewList): Promise<MadeList> {
    return go === 'import' && people.trim() === ''
      ? { list: await this.lists.createIn(unit, actor, listName), optedOut: 0 }
      : this.pasted.makeListIn(unit, actor, { people, name: listName }, leaveOut);
  }
}
