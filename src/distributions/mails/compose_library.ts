import { Injectable } from '@nestjs/common';
import type { Actor } from '../../platform/auth/actor.js';
import { Ids } from '../../platform/ids.js';
import { LibraryService } from '../../library/library.service.js';
import {
  type Category,
  type LibraryMessage,
  type LibraryWords,
  MAIL_CATEGORIES,
} from '../../library/library_message.entity.js';
import { DistributionWords } from '../distribution_words.js';
import type { Pressed, Written } from './compositions.forms.js';
import { languageTag } from './mail_versions.js';
import { MAX_PREHEADER } from './compositions.forms.js';
import type { WrittenWords } from './written_versions.js';

const MOST_OPTIONS = 200;
/** What can stand in a mail: a whole one, or its subject. */
const LOADED: readonly Category[] = [...MAIL_CATEGORIES, 'emailSubject'];

/** Between the library and the form of a mail: words are copied in both directions. */
@Injectable()
export class ComposeLibrary {
  constructor(
    private readonly messageLibrary: LibraryService,
    private readonly ids: Ids,
    private readonly words: DistributionWords,
  ) {}

  /** What the form's dialogs offer. */
  async model(actor: Actor): Promise<object> {
    const messages = await this.messageLibrary.list(actor, { size: MOST_OPTIONS, categories: LOADED });
    const { say } = this.words;
    const options = messages.map((message) => ({
      value: this.ids.show('MS', message.id),
      label: say('messageLibrary.option', {
        name: message.name,
        category: say(`messageLibrary.category.${message.category}`),
      }),
    }));
    return {
      hasMessages: options.length > 0,
      choice: { name: 'libraryMessage', label: say('messageLibrary.choose'), options, required: true },
      name: {
        name: 'libraryName',
        label: say('messageLibrary.name'),
        help: say('messageLibrary.nameHelp'),
        maxlength: 200,
      },
      isShared: { name: 'libraryShared', label: say('messageLibrary.isShared'), value: 'on' },
    };
  }

  /** The form with a message's words in it. @throws {NotFound} with EQD13 when it was deleted */
  async loaded(actor: Actor, written: Written, shown: string): Promise<Written> {
    const message = await this.messageLibrary.mustFind(actor, this.ids.read('MS', shown));
    const own = message.words[message.language];
    if (message.category === 'emailSubject') {
      return { ...written, subject: own?.body ?? '' };
    }
    const others = Object.entries(message.words).filter(([language]) => language !== message.language);
    const versions = others.flatMap(([language, words]): [string, WrittenWords][] => {
      const tag = languageTag(language);
      return tag === undefined ? [] : [[tag, wordsFor(words, written.subject)]];
    });
    return {
      ...written,
      ...(own === undefined ? {} : wordsFor(own, written.subject)),
      language: languageTag(message.language) ?? written.language,
      versions: Object.fromEntries(versions),
    };
  }

  /** @throws {Invalid} with one message per field */
  keep(actor: Actor, written: Written, { libraryName, libraryShared }: Pressed): Promise<LibraryMessage> {
    const language = written.language === '' ? 'en' : written.language;
    const { subject, preheader, body, text } = written;
    return this.messageLibrary.create(actor, {
      category: 'invite',
      name: libraryName.trim() || subject,
      isShared: libraryShared,
      language,
      words: { ...written.versions, [language]: { subject, preheader, body, text } },
    });
  }
}

/** Messages that programs wrote have no subject: the mail keeps its own. */
function wordsFor({ subject, preheader, body, text }: LibraryWords, ownSubject: string): WrittenWords {
  return { subject: subject === '' ? ownSubject : subject, preheader: preheader.slice(0, MAX_PREHEADER), body, text };
}
