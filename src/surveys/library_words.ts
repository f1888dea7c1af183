import { Injectable } from '@nestjs/common';
import { may } from '../brands/access.js';
import { plainText } from '../engine/text.js';
import { LibraryService } from '../library/library.service.js';
import type { LibraryMessage, SurveyCategory } from '../library/library_message.entity.js';
import type { Actor } from '../platform/auth/actor.js';
import { NotFound } from '../platform/errors.js';
import { Ids } from '../platform/ids.js';
import { addresses, asking } from '../platform/web/addresses.js';
import { SafeHtml } from '../platform/web/html/safe_html.js';
import { SurveyWords } from './survey_words.js';
import type { TakenWords } from './surveys.forms.js';
import { editable, stored } from './wording/wording.js';

const MOST_CHOICES = 30;
const NOTHING_PRESSED: TakenWords = { go: '', libraryMessage: '', librarySearch: '' };

/** For which field words are looked for: messages of other categories do not exist there. */
interface Place {
  category: SurveyCategory;
  /** The survey's, as words are put in. */
  language: string;
}

/** Words of the library for what respondents read: found and shown beside a field, and copied into it. */
@Injectable()
export class LibraryWordsOfSurveys {
  constructor(
    private readonly messageLibrary: LibraryService,
    private readonly ids: Ids,
    private readonly words: SurveyWords,
  ) {}

  /**
   * Model of `surveys/_from_library`; undefined for whoever has no library.
   * @param wish what was pressed in the form that is drawn again; absent for a new one
   * @throws {NotFound} where what is to be shown is gone, private to somebody else, or of another category
   */
  async choices(actor: Actor, place: Place, wish = NOTHING_PRESSED): Promise<object | undefined> {
    if (!may(actor, 'distributions:access')) {
      return undefined;
    }
    const { category } = place;
    const { go, libraryMessage, librarySearch: search } = wish;
    const shown = go === 'preview' ? await this.mustFind(actor, category, libraryMessage) : undefined;
    const found = await this.messageLibrary.list(actor, { size: MOST_CHOICES, categories: [category], search });
    const messages = this.radios(found.slice(0, MOST_CHOICES), libraryMessage, shown);
    return {
      isOpen: go !== '',
      search,
      isSearched: messages.length > 0 || search.trim() !== '',
      messages,
      ...(messages.length > 0 ? {} : this.nothing(category, search)),
      more: found.length > MOST_CHOICES ? this.words.say('fromLibrary.more', { count: MOST_CHOICES }) : undefined,
      preview: shown && this.preview(shown, place),
    };
  }

  /**
   * A message's words in a language, else in its default one, as the field holds them.
   * @param shown `MS_…`
   * @throws {NotFound} for what is gone, private to somebody else, or of another category
   */
  async forField(actor: Actor, place: Place, shown: string): Promise<string> {
    return typed(await this.mustFind(actor, place.category, shown), place);
  }

  private async mustFind(actor: Actor, category: SurveyCategory, shown: string): Promise<LibraryMessage> {
    const message = await this.messageLibrary.mustFind(actor, this.ids.read('MS', shown));
    if (message.category !== category) {
      throw new NotFound(this.words.say('fromLibrary.gone'));
    }
    return message;
  }

  private nothing(category: SurveyCategory, search: string): object {
    const { say } = this.words;
    if (search.trim() !== '') {
      return { nothing: say('fromLibrary.nothing') };
    }
    const add = { href: asking(addresses.library.new(), { category }), text: say('fromLibrary.add') };
    return { none: { text: say(`fromLibrary.none.${category}`), add } };
  }

  /** What is shown is among them, whatever was looked for since it was chosen: putting words in takes the marked one. */
  private radios(
    found: readonly { id: string; name: string; excerpt: string }[],
    chosen: string,
    shown: LibraryMessage | undefined,
  ): object[] {
    const isMissing = shown !== undefined && !found.some(({ id }) => id === shown.id);
    const all = isMissing ? [{ id: shown.id, name: shown.name, excerpt: '' }, ...found] : found;
    const radios = all.map(({ id, name, excerpt }) => ({ value: this.ids.show('MS', id), name, excerpt }));
    const marked = radios.find(({ value }) => value === chosen) ?? radios[0];
    return radios.map((radio) => ({ ...radio, isMarked: radio === marked }));
  }

  /** As respondents would read it. */
  private preview(message: LibraryMessage, place: Place): object {
    const text = typed(message, place);
    return {
      title: this.words.say('fromLibrary.previewOf', { name: message.name }),
      ...(place.category === 'endOfSurvey' ? { markup: SafeHtml.of(stored(text)) } : { text }),
    };
  }
}

function typed({ words, language: usual }: LibraryMessage, { category, language }: Place): string {
  const body = (Object.hasOwn(words, language) ? words[language] : words[usual])?.body ?? '';
  if (category === 'endOfSurvey') {
    return editable(body);
  }
  // Kept from when such words had markup.
  return /<\w/.test(body) ? plainText(body) : body;
}
