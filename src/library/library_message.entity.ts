import { Entity, PrimaryKey, Property } from '@mikro-orm/decorators/legacy';
import { Invalid } from '../platform/errors.js';
import { ALL_VERSIONS, MAIL_BOUNDS, mailFault, placeholdersFault } from '../platform/web/mail_bounds.js';

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

/** Categories that something in the product uses; messages of others are kept, read and handed to programs. */
export const USED_CATEGORIES: readonly Category[] = [...MAIL_CATEGORIES, 'emailSubject'];

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
  /** The language that everybody gets for whose own there is none. */
  language: string;
  words: Record<string, LibraryWords>;
}

export const MAX_NAME = 200;
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
  language!: string;

  @Property({ type: 'json' })
  words!: Record<string, LibraryWords>;

  @Property({ type: 'timestamptz' })
  createdAt!: Date;

  @Property({ type: 'timestamptz' })
  modifiedAt!: Date;

  /** @throws {Invalid} with one message per field */
  write(draft: LibraryDraft, now: Date): void {
    const fields = faultsOf(draft);
    const [first] = Object.values(fields);
    if (first !== undefined) {
      throw new Invalid(first, fields);
    }
    const { category, name, isShared, language, words } = draft;
    Object.assign(this, { category, name: name.trim(), isShared, language, words });
    this.modifiedAt = now;
  }
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
