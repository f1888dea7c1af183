import { createHash } from 'node:crypto';
import { Injectable } from '@nestjs/common';
import type { Actor } from '../../platform/auth/actor.js';
import { addresses } from '../../platform/web/addresses.js';
import { clockTime } from '../../platform/web/moments.js';
import type { Distribution } from '../../ledger/distribution.entity.js';
import { DistributionWords } from '../../ledger/distribution_words.js';
import { ComposeFields } from '../compose/compose_fields.js';
import type { Written } from '../compose/compositions.forms.js';
import { Compositions } from '../compose/compositions.js';
import { draftState } from '../compose/drawn_form.js';
import type { NewList } from './detours.forms.js';
import { Detours, type Interrupted, type ListMade } from './detours.service.js';
import { type Detour, wayBackTo } from './leaving.js';
import { NewListPage } from './new_list_page.js';

/** A list that was made for a mail, and where its author goes on. */
interface Made {
  draft: Distribution;
  written: Written;
  notice: string;
  editUrl: string;
  /** To where people of a file come into it; undefined where nobody wants that. */
  detour: Detour | undefined;
}

/** New lists for mails, and what the form of the mail shows of them. */
@Injectable()
export class NewLists {
  constructor(
    readonly pages: NewListPage,
    private readonly detours: Detours,
    private readonly compositions: Compositions,
    private readonly fields: ComposeFields,
    private readonly words: DistributionWords,
  ) {}

  /** @throws what {@link Detours.withList} throws */
  async make(actor: Actor, mail: Interrupted, wish: NewList): Promise<Made> {
    return this.made(await this.detours.withList(actor, mail, wish), wish);
  }

  /** For a draft that no form says anything new of; a page that is sent twice makes one list. */
  async makeForDraft(actor: Actor, draft: Distribution, wish: NewList): Promise<Made> {
    const written = this.compositions.written(actor, draft);
    const drawn = { formKey: keyOf(wish), draft: draft.id, revision: '', isMine: false };
    const mail = { surveyId: draft.surveyId, written, drawn, draft };
    const answer = await this.detours.withListOnce(actor, mail, wish);
    return this.made('before' in answer ? this.asBefore(actor, answer.before, wish) : answer, wish);
  }

  /** What changes on the page of the form: the menu of lists, the dialog, and what the form says of itself. */
  async parts(actor: Actor, { draft, written, notice }: Made, formKey: string): Promise<object> {
    const { words } = this;
    return {
      notice,
      fields: this.pages.fields(actor),
      to: await this.fields.to(actor, written),
      saved: words.say('autosave.saved', { time: clockTime(words.now(), actor.timeZone) }),
      ...draftState(words.shown(draft), { formKey, revision: draft.writing.revision }),
    };
  }

  private asBefore(actor: Actor, draft: Distribution, { listName }: NewList): ListMade {
    const written = this.compositions.written(actor, draft);
    return { list: { id: this.words.listIdOf(written.list), name: listName }, optedOut: 0, draft, written };
  }

  private made({ list, optedOut, draft, written }: ListMade, { go }: NewList): Made {
    const { words } = this;
    const path = addresses.contacts.newImport(words.shownList(list));
    return {
      draft,
      written,
      notice: this.pages.madeWords(list.name, optedOut),
      editUrl: addresses.mails.edit(...words.at(draft)),
      detour: go === 'import' ? { path, wayBack: wayBackTo(draft, words) } : undefined,
    };
  }
}

/** What says that a page was sent as it was before: what stands in it counts, as people go back and paste others. */
function keyOf({ page, people, listName, go }: NewList): string {
  return page === ''
    ? ''
    : `list ${createHash('sha256')
        .update(JSON.stringify([page, people, listName, go]))
        .digest('hex')}`;
}
