import { randomUUID } from 'node:crypto';
import { Injectable } from '@nestjs/common';
import { MAX_LIST_NAME } from '../../contacts/lists/contact_lists.service.js';
import { BadLines, PastedContactsService } from '../../contacts/pasting/pasted_contacts.service.js';
import type { Actor } from '../../platform/auth/actor.js';
import { type DomainError, Invalid } from '../../platform/errors.js';
import { addresses } from '../../platform/web/addresses.js';
import { Views } from '../../platform/web/views.js';
import { figure } from '../../platform/figures.js';
import { DistributionWords, titleOf } from '../../ledger/distribution_words.js';
import type { FoundDistribution } from '../../ledger/found_distributions.service.js';
import { EmailsPage } from '../../distributions/emails_page.js';
import type { NewList } from './detours.forms.js';

/** A new list for a mail: the fields of the dialog in its form, and the page of their own where there is no script. */
@Injectable()
export class NewListPage {
  constructor(
    private readonly emails: EmailsPage,
    private readonly pasted: PastedContactsService,
    private readonly views: Views,
    private readonly words: DistributionWords,
  ) {}

  /** Model of `distributions/detours/_new_list_fields`. @param typed what stands in them already */
  fields(actor: Actor, typed?: NewList, refused?: DomainError): object {
    const say = this.views.wordsOf('contacts');
    const faults = refused instanceof Invalid ? refused.fields : {};
    const nameFault = faults['name'];
    return {
      errors: refused === undefined ? [] : [{ name: fieldOf(refused), text: refused.message }],
      people: {
        name: 'people',
        label: say('paste.people'),
        help: say('paste.help'),
        value: typed?.people ?? '',
        rows: 8,
        mono: true,
        required: true,
        autofocus: refused === undefined,
        error: faults['people'],
      },
      name: {
        name: 'listName',
        label: this.words.say('newList.name'),
        help: this.words.say('newList.nameHelp'),
        value: typed?.listName ?? this.pasted.datedName(actor),
        maxlength: MAX_LIST_NAME,
        required: true,
        error: nameFault,
      },
      ...(refused instanceof BadLines ? refused.shown(say, typed?.leaveOut === true) : {}),
    };
  }

  /** That it was made, and how many on it get no mails. */
  madeWords(name: string, optedOut: number): string {
    const made = this.words.say('newList.made', { name });
    const out = { count: optedOut, n: figure(optedOut) };
    return optedOut === 0 ? made : `${made} ${this.views.wordsOf('contacts')('paste.optOuts', out)}`;
  }

  /** The page without script. */
  async page(
    actor: Actor,
    { distribution, survey, stake }: FoundDistribution,
    refused?: { wish: NewList; error: DomainError },
  ): Promise<object> {
    const { words } = this;
    const { say } = words;
    const title = titleOf(distribution, say);
    return {
      ...(await this.emails.frame(actor, survey, stake)),
      title: `${say('newList.title')} · ${title}`,
      crumbs: words.crumbs(
        survey,
        { href: addresses.mails.page(...words.at(distribution)), text: title },
        { text: say('newList.title') },
      ),
      head: { title: say('newList.title'), lead: say('newList.text'), isSection: true },
      action: addresses.mails.listCreation(...words.at(distribution)),
      page: refused?.wish.page || randomUUID(),
      backUrl: addresses.mails.edit(...words.at(distribution)),
      fields: this.fields(actor, refused?.wish, refused?.error),
    };
  }
}

/** Which field a refusal is about; none for one that is about the draft. */
function fieldOf(refused: DomainError): string | undefined {
  const [field] = refused instanceof Invalid ? Object.keys(refused.fields) : [];
  return field === 'name' ? 'listName' : field === 'people' ? 'people' : undefined;
}
