import { mailInserts, placeholderNames } from '../platform/web/html/mail_inserts.js';
import type { TypedMessage } from './library.forms.js';
import {
  CATEGORIES,
  type LibraryWords,
  MAIL_CATEGORIES,
  MAX_FOLDER,
  MAX_NAME,
  RICH_CATEGORIES,
  USED_CATEGORIES,
} from './library_message.entity.js';

type Say = (key: string, values?: Record<string, unknown>) => string;

/** What the menu "Insert" offers, named as in the form of a mail. */
export type MenuWords = (key: string) => string;

/** Every field of a message's form; of categories that are one text, only the body. */
export function formOfMessage(typed: TypedMessage, faults: Record<string, string>, say: Say, menu: MenuWords): object {
  const { category, language } = typed;
  const around = {
    isMail: MAIL_CATEGORIES.includes(category),
    isRich: RICH_CATEGORIES.includes(category),
    say,
    menu,
    fault: undefined,
  };
  const others = Object.entries(typed.words).filter(([name]) => name !== language);
  return {
    fields: fieldsOf(typed, faults, say),
    main: versionModel(language, typed.words[language], { ...around, fault: faults['body'] }),
    others: others.map(([name, words]) => ({
      ...versionModel(name, words, around),
      drop: `drop:${name}`,
      title: nameOf(name),
      dropLabel: say('form.drop', { language: nameOf(name) }),
    })),
  };
}

function fieldsOf(
  { category, name, folder, isShared, language }: TypedMessage,
  faults: Record<string, string>,
  say: Say,
): object {
  const field = (key: string, more: object): object => ({ name: key, label: say(`form.${key}`), ...more });
  // What nothing would ever show is not offered for writing; what is there may stay what it is.
  const offered = CATEGORIES.filter((value) => USED_CATEGORIES.includes(value) || value === category);
  const options = offered.map((value) => ({
    value,
    label: say(`category.${value}`),
    selected: value === category,
  }));
  const help = { name: say('form.nameHelp'), language: say('form.languageHelp') };
  return {
    category: field('category', { help: say(`help.${category}`), error: faults['category'], options, required: true }),
    name: field('name', { help: help.name, value: name, error: faults['name'], maxlength: MAX_NAME, required: true }),
    folder: field('folder', {
      help: say('form.folderHelp'),
      value: folder,
      error: faults['folder'],
      maxlength: MAX_FOLDER,
      list: 'library_folders',
    }),
    isShared: field('isShared', { value: 'on', checked: isShared, help: say('form.isSharedHelp') }),
    language: field('language', { help: help.language, value: language, error: faults['language'], short: true }),
    newLanguage: field('newLanguage', { help: say('form.newLanguageHelp'), short: true }),
  };
}

interface VersionAround {
  isMail: boolean;
  isRich: boolean;
  say: Say;
  menu: MenuWords;
  fault: string | undefined;
}

function versionModel(
  language: string,
  words: LibraryWords | undefined,
  { isMail, isRich: rich, say, menu, fault }: VersionAround,
): object {
  const field = (part: keyof LibraryWords, more: object = {}): object => ({
    name: `${part}_${language}`,
    label: say(`form.${part}`),
    value: words?.[part] ?? '',
    ...more,
  });
  const inserts = (part: keyof LibraryWords, withLinks: boolean): object[] =>
    mailInserts(menu, { withLinks }).map((insert) => ({ ...insert, target: `#field_${part}_${language}` }));
  return {
    language,
    names: placeholderNames(menu),
    subjectMenu: inserts('subject', false),
    preheaderMenu: inserts('preheader', false),
    // A link of a mail means nothing where a survey ends.
    bodyMenu: inserts('body', isMail),
    textMenu: inserts('text', true),
    subject: isMail ? field('subject', { maxlength: 300 }) : undefined,
    preheader: isMail ? field('preheader', { maxlength: 250 }) : undefined,
    body: field('body', { rows: rich ? 12 : 3, mono: rich, error: fault }),
    isRich: rich,
    text: isMail ? field('text', { rows: 6, mono: true }) : undefined,
  };
}

const NAMES = new Intl.DisplayNames('en', { type: 'language' });

/** "German" for `de`. */
export function nameOf(language: string): string {
  try {
    return NAMES.of(language) ?? language;
  } catch {
    return language; // what was typed is no language tag
  }
}
