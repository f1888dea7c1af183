import { Injectable } from '@nestjs/common';
import { may } from '../brands/access.js';
import { LibraryService } from '../library/library.service.js';
import type { SurveyCategory } from '../library/library_message.entity.js';
import type { Actor } from '../platform/auth/actor.js';
import { NotFound } from '../platform/errors.js';
import { Ids } from '../platform/ids.js';
import { addresses, asking } from '../platform/web/addresses.js';
import { SurveyWords } from './survey_words.js';

const MOST_CHOICES = 30;

/** Words of the library for what respondents read: offered beside a field, and copied into it. */
@Injectable()
export class LibraryWordsOfSurveys {
  constructor(
    private readonly messageLibrary: LibraryService,
    private readonly ids: Ids,
    private readonly words: SurveyWords,
  ) {}

  /** Model of `surveys/_from_library`; undefined for whoever has no library. */
  async choices(actor: Actor, category: SurveyCategory): Promise<object | undefined> {
    if (!may(actor, 'distributions:access')) {
      return undefined;
    }
    const { say } = this.words;
    const found = await this.messageLibrary.list(actor, { size: MOST_CHOICES, categories: [category] });
    return {
      title: say('fromLibrary.title'),
      load: say('fromLibrary.load'),
      messages: found.slice(0, MOST_CHOICES).map(({ id, name, excerpt }, at) => ({
        value: this.ids.show('MS', id),
        name,
        excerpt,
        isFirst: at === 0,
      })),
      none: found.length === 0 ? say(`fromLibrary.none.${category}`) : undefined,
      more: found.length > MOST_CHOICES ? say('fromLibrary.more', { count: MOST_CHOICES }) : undefined,
      add: { href: asking(addresses.library.new(), { category }), text: say('fromLibrary.add') },
    };
  }

  /**
   * A message's words in a language, else in its default one, as they are kept.
   * @param shown `MS_…`
   * @throws {NotFound} for what is gone, private to somebody else, or of another category
   */
  async bodyOf(
    actor: Actor,
    { category, shown, language }: { category: SurveyCategory; shown: string; language: string },
  ): Promise<string> {
    const message = await this.messageLibrary.mustFind(actor, this.ids.read('MS', shown));
    if (message.category !== category) {
      throw new NotFound(this.words.say('fromLibrary.gone'));
    }
    const own = Object.hasOwn(message.words, language) ? message.words[language] : message.words[message.language];
    return own?.body ?? '';
  }
}
