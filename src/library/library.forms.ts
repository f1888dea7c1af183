import { z } from 'zod';
import { block, unlessLonger, upTo } from '../platform/web/form_atoms.js';
import { CATEGORIES, type LibraryDraft, type LibraryWords, USED_CATEGORIES } from './library_message.entity.js';

const NO_WORDS: LibraryWords = { subject: '', preheader: '', body: '', text: '' };
const FIELD = /^(subject|preheader|body|text)_([A-Za-z]{2,3}(?:-[A-Za-z]{2,4})?)$/;
/** Languages of one form; more fields than these are not meant well. */
const MOST = 60;

/** What stands in the form of a message: `body_de` is the body in German. */
export interface TypedMessage extends LibraryDraft {
  /** A language to be added, or left out. */
  go: string;
  newLanguage: string;
}

/** Takes whatever was typed; the entity says what is wrong with it. */
export const writeMessage = z.record(z.string(), z.unknown()).transform((body): TypedMessage => {
  const text = (name: string): string => block.parse(body[name]);
  return {
    category: CATEGORIES.find((one) => one === body['category']) ?? 'general',
    name: text('name'),
    folder: text('folder'),
    isShared: body['isShared'] === 'on',
    language: text('language') || 'en',
    words: wordsIn(body),
    go: text('go'),
    newLanguage: text('newLanguage'),
  };
});

function wordsIn(body: Record<string, unknown>): Record<string, LibraryWords> {
  const words: Record<string, LibraryWords> = {};
  for (const [field, value] of Object.entries(body)) {
    const [, part, language = ''] = FIELD.exec(field) ?? [];
    if (part !== undefined && (Object.hasOwn(words, language) || Object.keys(words).length < MOST)) {
      words[language] = { ...(words[language] ?? NO_WORDS), [part]: block.parse(value) };
    }
  }
  return words;
}

export const searchLibrary = z.object({
  category: z.enum(CATEGORIES).optional().catch(undefined),
  search: unlessLonger(200),
  folder: unlessLonger(200),
  after: z.string().optional(),
});
export type LibrarySearch = z.infer<typeof searchLibrary>;

/** Whom a message is shared with: `UR_…` or `DV_…`. */
export const shareMessage = z.object({ with: z.string().catch('').default('') });

/** `POST /libraries/…/messages`. */
export const createLibraryMessage = z.object({
  category: z.enum(USED_CATEGORIES, { error: `One of ${USED_CATEGORIES.join(', ')}.` }),
  description: z.string({ error: 'Name the message.' }).min(1, 'Name the message.').max(200, 'At most 200 characters.'),
  folder: upTo(100).default(''),
  messages: z
    .record(z.string().regex(/^[A-Za-z]{2,3}(-[A-Za-z]{2,4})?$/, 'Languages are written like en or pt-BR.'), z.string())
    .refine((texts) => Object.keys(texts).length > 0, 'Send the text in one language at least.'),
});
export type CreateLibraryMessage = z.infer<typeof createLibraryMessage>;
