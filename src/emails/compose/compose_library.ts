import { Injectable } from '@nestjs/common';
import type { Actor } from '../../platform/auth/actor.js';
import { Ids } from '../../platform/ids.js';
import { LibraryService } from '../../library/library.service.js';
import {
  type Category,
  type LibraryMessage,
  type LibraryWords,
  LOADED_INTO_MAILS,
} from '../../library/library_message.entity.js';
import { DistributionWords } from '../../ledger/distribution_words.js';
import { addresses, asking } from '../../platform/web/addresses.js';
import type { Pressed, Written } from './compositions.forms.js';
import { languageName, languageTag } from '../../platform/language_tags.js';
import { MAX_PREHEADER } from './compositions.forms.js';
import type { WrittenWords } from './written_versions.js';

const MOST_CHOICES = 30;

/** What is looked for in the library, from the form of a mail. */
export interface LibraryWish {
  search: string;
  category?: Category | undefined;
  /** Only messages of this folder. */
  folder?: string;
  /** What the mail is: messages written for the like come first. */
  kind: Category;
}

/** Between the library and the form of a mail: words are copied in both directions. */
@Injectable()
export class ComposeLibrary {
  constructor(
    private readonly messageLibrary: LibraryService,
    private readonly ids: Ids,
    private readonly words: DistributionWords,
  ) {}

  /** What the form's dialogs offer. */
  async model(actor: Actor, surveyId: string, { following }: Pick<Written, 'following'>): Promise<object> {
    const { say } = this.words;
    const kind = kindOf(following);
    const choices = await this.choices(actor, { search: '', kind });
    const folders = await this.messageLibrary.folders(actor);
    const categories = LOADED_INTO_MAILS.map((value) => ({ value, label: say(`messageLibrary.category.${value}`) }));
    return {
      ...choices,
      choices,
      choicesUrl: asking(addresses.mails.library(this.words.shownSurvey(surveyId)), { kind }),
      categories: [{ value: '', label: say('messageLibrary.category.all') }, ...categories],
      folders:
        folders.length > 0
          ? ['', ...folders].map((value) => ({ value, label: value || say('messageLibrary.folder.all') }))
          : undefined,
      keepText: say('messageLibrary.keepText', { category: say(`messageLibrary.category.${kind}`) }),
      name: {
        name: 'libraryName',
        label: say('messageLibrary.name'),
        help: say('messageLibrary.nameHelp'),
        maxlength: 200,
      },
      isShared: { name: 'libraryShared', label: say('messageLibrary.isShared'), value: 'on' },
    };
  }

  /** Messages to choose from, how each begins, those of the mail's own kind first. */
  async choices(actor: Actor, { search, category, folder = '', kind }: LibraryWish): Promise<object> {
    const { say } = this.words;
    const found = await this.messageLibrary.list(actor, {
      size: MOST_CHOICES,
      search,
      folder,
      first: kind,
      categories: category === undefined ? LOADED_INTO_MAILS : [category],
    });
    const isFiltered = search !== '' || folder !== '' || category !== undefined;
    const messages = found
      .slice(0, MOST_CHOICES)
      .map(({ id, name, folder: place, languages, excerpt, ...message }, at) => ({
        value: this.ids.show('MS', id),
        name,
        excerpt,
        about: [
          say(`messageLibrary.category.${message.category}`),
          ...(place === '' ? [] : [place]),
          languages.map((tag) => languageName(tag)).join(', '),
        ].join(' · '),
        isFirst: at === 0,
      }));
    const none = say(isFiltered ? 'messageLibrary.nothing' : 'messageLibrary.none');
    return {
      hasMessages: messages.length > 0 || isFiltered,
      messages,
      none: messages.length > 0 ? undefined : none,
      more: found.length > MOST_CHOICES ? say('messageLibrary.more', { count: MOST_CHOICES }) : undefined,
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
      category: kindOf(written.following),
      name: libraryName.trim() || subject,
      isShared: libraryShared,
      language,
      words: { ...written.versions, [language]: { subject, preheader, body, text } },
    });
  }
}

/** The category of a mail that is written here. */
function kindOf(following: Written['following']): Category {
  if (following === undefined) {
    return 'invite';
  }
  return following.kind === 'ThankYou' ? 'thankYou' : 'reminder';
}

/** Messages that programs wrote have no subject: the mail keeps its own. */
function wordsFor({ subject, preheader, body, text }: LibraryWords, ownSubject: string): WrittenWords {
  return { subject: subject === '' ? ownSubject : subject, preheader: preheader.slice(0, MAX_PREHEADER), body, text };
}
