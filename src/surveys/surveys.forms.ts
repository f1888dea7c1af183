import { z } from 'zod';
import { count, cursor, present, unlessLonger } from '../platform/web/form_atoms.js';
import { instant } from '../platform/api/instant.js';

const line = z.string().default('');

export const renameSurvey = z.object({ name: line });

/** Of whoever takes words from the library: what was pressed, which are chosen, and which name is looked for. */
export const takeWords = z.object({ go: line, libraryMessage: line, librarySearch: unlessLonger(200) });
export type TakenWords = z.infer<typeof takeWords>;

/** Whether words are looked for or looked at, and nothing is done yet. Enter looks for a name where there is one. */
export function looksForWords({ go, librarySearch }: TakenWords): boolean {
  return go === 'find' || go === 'preview' || (go === 'enter' && librarySearch !== '');
}

export const introduceSurvey = z.object({
  name: line,
  title: line,
  description: line,
  /** Absent where the survey ends elsewhere. */
  ending: z.string().optional(),
});

export const switchBotGuard = z
  .object({ guard: z.enum(['on', 'off'], { error: 'Say whether the bot guard is on or off.' }) })
  .transform(({ guard }) => ({ isOn: guard === 'on' }));

export const switchProof = z
  .object({ proof: z.enum(['on', 'off'], { error: 'Say whether a proof is asked for or not.' }) })
  .transform(({ proof }) => ({ isOn: proof === 'on' }));

export const pauseSurvey = z
  .object({
    people: z.enum(['finish', 'record', 'discard'], { error: 'Choose what happens to people in the middle.' }),
    late: z.enum(['usual', 'own']).default('usual'),
    message: line,
  })
  .refine(({ late, message }) => late === 'usual' || message.trim() !== '', {
    error: 'Write the message, or choose the usual words.',
    path: ['message'],
  });

export const shareSurvey = z.object({
  canEdit: present,
  canViewReports: present,
  canActivate: present,
  canCopy: present,
  canDistribute: present,
});

export const shareSurveyWith = shareSurvey.extend({ person: line });

export const limitSurvey = z.object({ from: line, until: line });

/** Clients that have no value send an empty list, an empty object or an empty text in its place: R makes them of NULL. */
function isNothing(value: unknown): boolean {
  return value === '' || (typeof value === 'object' && value !== null && Object.keys(value).length === 0);
}

const unlessNothing = <S extends z.ZodType>(schema: S) =>
  z.preprocess((value) => (isNothing(value) ? undefined : value), schema.optional());

const end = unlessNothing(instant.transform((text) => new Date(text)).nullable());

/** What programs may change of a survey; what is not there stays. */
export const changeSurvey = z.object({
  name: z.string({ error: 'must be a text' }).optional(),
  isActive: unlessNothing(z.boolean({ error: 'must be true or false' })),
  expiration: unlessNothing(z.object({ startDate: end, endDate: end })),
});

/** What may be asked of the list of surveys. */
export const listSurveys = z.object({
  search: line,
  scope: z.enum(['mine', 'brand']).catch('mine'),
  after: cursor,
});

/** At which place a part of an outline begins. */
export const showOutline = z.object({ from: count() });

/** The wording of a question: whatever texts the form holds, by their names. */
export const rewordQuestion = z.record(z.string(), z.unknown()).transform((typed) => {
  const texts = Object.entries(typed).filter((entry): entry is [string, string] => typeof entry[1] === 'string');
  return Object.fromEntries(texts.filter(([name]) => /^(?:text|(?:choice|column|label)\.[A-Za-z0-9.-]+)$/.test(name)));
});
