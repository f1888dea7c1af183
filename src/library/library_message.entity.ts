import { Entity, PrimaryKey, Property } from '@mikro-orm/decorators/legacy';
import { Invalid } from '../platform/errors.js';
import { ALL_VERSIONS, MAIL_BOUNDS, mailFault, placeholdersFault } from '../platform/web/html/mail_bounds.js';

export const CATEGORIES = [
  'invite',
  'reminder',
  'thankYou',
  'emailSubject',
  'endOfSurvey',
  'inactiveSurvey',
  'general',
  'validation',
  'lookAndFeel',
  'smsInvite',
] as const;
export type Category = (typeof CATEGORIES)[number];

/** Categories whose messages are whole mails; the others are one text. */
export const MAIL_CATEGORIES: readonly Category[] = ['invite', 'reminder', 'thankYou', 'general'];

/** Categories that the form of a mail loads. */
export const LOADED_INTO_MAILS: readonly Category[] = [...MAIL_CATEGORIES, 'emailSubject'];

/** Categories whose words respondents read in a survey. */
export type SurveyCategory = 'endOfSurvey' | 'inactiveSurvey';

/** Categories that something in the product uses: only these are written; what there is of others is kept and read. */
export const USED_CATEGORIES: readonly Category[] = [...LOADED_INTO_MAILS, 'endOfSurvey', 'inactiveSurvey'];

/** Categories whose words have markup. */
export const RICH_CATEGORIES: readonly Category[] = [...MAIL_CATEGORIES, 'endOfSurvey', 'lookAndFeel'];

/** A message in one language. Only mails have more than the body. */
export interface LibraryWords {
  subject: string;
  preheader: string;
  body: string;
  text: string;
}

/** What its author writes. */
export interface LibraryDraft {
  category: Category;
  name: string;
  isShared: boolean;
  /** Where people look for it; '' for none, absent for where it lies. */
  folder?: string | undefined;
  /** The language that everybody gets for whose own there is none. */
  language: string;
  words: Record<string, LibraryWords>;
}

export const MAX_NAME = 200;
export const MAX_FOLDER = 100;
const MAX_TEXT = MAIL_BOUNDS.characters;
const MAX_LANGUAGES = 60;

/** Words to use again: a mail, a subject, the end of a survey; in any number of languages. */
@Entity({ tableName: 'library_messages' })
export class LibraryMessage {
  @PrimaryKey({ type: 'bigint', autoincrement: true })
  id!: string;

  @Property({ type: 'bigint' })
  brandId!: string;

  @Property({ type: 'bigint' })
  ownerId!: string;

  @Property({ type: 'text' })
  category!: Category;

  @Property({ type: 'text' })
  name!: string;

  @Property({ type: 'boolean' })
  isShared = false;

  @Property({ type: 'text' })
  folder = '';

  @Property({ type: 'text' })
  language!: string;

  @Property({ type: 'json' })
  words!: Record<string, LibraryWords>;

  @Property({ type: 'timestamptz' })
  createdAt!: Date;

  @Property({ type: 'timestamptz' })
  modifiedAt!: Date;

  /** What nothing would ever show is not written anew. @throws {Invalid} with one message per field */
  write(draft: LibraryDraft, now: Date): void {
    const fields = { ...categoryFault(draft.category, this.category), ...folderFault(draft), ...faultsOf(draft) };
    const [first] = Object.values(fields);
    if (first !== undefined) {
      throw new Invalid(first, fields);
    }
    const { category, name, folder = this.folder, isShared, language, words } = draft;
    Object.assign(this, { category, name: name.trim(), folder: plainFolder(folder), isShared, language, words });
    this.modifiedAt = now;
  }
}

/** Blanks around it and between its words do not make it another one. */
export function plainFolder(folder: string): string {
  return folder.trim().replace(/\s+/g, ' ');
}

function categoryFault(category: Category, was: Category | undefined): Record<string, string> {
  return USED_CATEGORIES.includes(category) || category === was
    ? {}
    : {
        category: `Nothing shows messages of the category ${category} yet. Choose one of ${USED_CATEGORIES.join(', ')}.`,
      };
}

function folderFault({ folder = '' }: LibraryDraft): Record<string, string> {
  const isLong = plainFolder(folder).length > MAX_FOLDER;
  return isLong ? { folder: `A folder’s name has at most ${MAX_FOLDER} characters.` } : {};
}

function faultsOf({ name, language, words, category }: LibraryDraft): Record<string, string> {
  const own = Object.hasOwn(words, language) ? words[language] : undefined; // a language may be called "constructor"
  const all = Object.values(words);
  const isEmpty = own === undefined || (own.body.trim() === '' && (category === 'emailSubject' || own.subject === ''));
  const tooLarge = isEmpty ? 'Write the message in its default language.' : sizeFault(all);
  return {
    ...(name.trim() === '' ? { name: 'Give the message a name, so that it can be found.' } : {}),
    ...(name.length > MAX_NAME ? { name: `A name has at most ${MAX_NAME} characters.` } : {}),
    ...(tooLarge === undefined ? {} : { body: tooLarge }),
    ...(all.length > MAX_LANGUAGES ? { language: `At most ${MAX_LANGUAGES} languages.` } : {}),
  };
}

function sizeFault(all: readonly LibraryWords[]): string | undefined {
  const { characters } = ALL_VERSIONS;
  if (all.some(({ body, text }) => body.length > MAX_TEXT || text.length > MAX_TEXT)) {
    return `This is longer than ${MAX_TEXT.toLocaleString('en')} characters. Shorten it.`;
  }
  if (all.reduce((sum, { body, text }) => sum + body.length + text.length, 0) > characters) {
    return `All languages together are longer than ${characters.toLocaleString('en')} characters. Shorten them.`;
  }
  return all.map(({ body, text }) => mailFault(body) ?? placeholdersFault(text)).find((fault) => fault !== undefined);
}
