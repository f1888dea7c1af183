import { z } from 'zod';
import { conditionSchema } from '../condition.schema.js';
import { idSchema } from '../id.schema.js';
import { shuffleSchema } from '../draws/shuffle.schema.js';

/** What may be typed: a kind of content with limits. */
const contentSchema = z.object({
  kind: z.enum(['any', 'number', 'email', 'phone', 'date', 'zip', 'url', 'pattern']),
  min: z.number().optional(),
  max: z.number().optional(),
  decimals: z.number().int().min(0).max(6).optional(),
  minLength: z.number().int().min(0).optional(),
  maxLength: z.number().int().min(1).optional(),
  pattern: z.string().max(500).optional(),
  patternMessage: z.string().optional(),
  dateFormat: z.enum(['ymd', 'mdy', 'dmy']).optional(),
});

/** A choice, a row, a column, a form field, a slider: whatever a question lists. `value` is the recode. */
const choiceSchema = z.object({
  id: idSchema,
  text: z.string(),
  value: z.string(),
  exportTag: z.string().optional(),
  /** What the choice is called in exports and by programs instead of its text. */
  variableName: z.string().optional(),
  image: z.object({ url: z.string(), alt: z.string() }).optional(),
  textEntry: z.boolean().optional(),
  textRequired: z.boolean().optional(),
  content: contentSchema.optional(),
  required: z.boolean().optional(),
  exclusive: z.boolean().optional(),
  /** Keeps its place when the others are shuffled. */
  fixed: z.boolean().optional(),
  displayLogic: conditionSchema.optional(),
});

/** The same shape for every type: only the parts that the type uses are there. `{}` means "shown and left empty". */
const answerSchema = z.object({
  text: z.string().optional(),
  choices: z.array(z.string()).optional(),
  rows: z.record(z.string(), z.array(z.string())).optional(),
  cells: z.record(z.string(), z.record(z.string(), z.string())).optional(),
  numbers: z.record(z.string(), z.number()).optional(),
  texts: z.record(z.string(), z.string()).optional(),
});

const asked = {
  id: idSchema,
  exportTag: z.string().min(1),
  text: z.string(),
  /** What analysts call the question instead of its text: the second row of exports. */
  label: z.string().optional(),
  required: z.enum(['none', 'request', 'force']),
  displayLogic: conditionSchema.optional(),
  /** Written before `_part` in the import ids of exports when it differs from the id (`QID7#1`). */
  importId: z.string().optional(),
  defaults: answerSchema.optional(),
};

const counted = { minChoices: z.number().int().min(0).optional(), maxChoices: z.number().int().min(1).optional() };
const choices = z.array(choiceSchema);
const bound = z.number();

export const questionSchema = z.discriminatedUnion('type', [
  z.object({ ...asked, type: z.literal('description') }),
  z.object({
    ...asked,
    type: z.literal('text'),
    subtype: z.enum(['single', 'essay', 'password']),
    content: contentSchema,
  }),
  z.object({ ...asked, type: z.literal('form'), choices, shuffle: shuffleSchema.optional() }),
  z.object({
    ...asked,
    ...counted,
    type: z.literal('choice'),
    subtype: z.enum(['single', 'multiple', 'dropdown', 'select', 'multiselect']),
    horizontal: z.boolean().optional(),
    choices,
    shuffle: shuffleSchema.optional(),
  }),
  z.object({
    ...asked,
    ...counted,
    type: z.literal('matrix'),
    subtype: z.enum(['single', 'multiple', 'dropdown', 'text']),
    choices,
    columns: choices,
    content: contentSchema.optional(),
    shuffle: shuffleSchema.optional(),
    shuffleColumns: shuffleSchema.optional(),
  }),
  z.object({ ...asked, type: z.literal('nps'), lowLabel: z.string().optional(), highLabel: z.string().optional() }),
  z.object({
    ...asked,
    type: z.literal('slider'),
    choices,
    min: bound,
    max: bound,
    decimals: z.number().int().min(0).max(6),
    labels: z.array(z.string()),
    shuffle: shuffleSchema.optional(),
  }),
  z.object({
    ...asked,
    type: z.literal('sum'),
    choices,
    /** The parts must add up to this; without it any sum is right. */
    total: z.number().optional(),
    min: bound.optional(),
    max: bound.optional(),
    decimals: z.number().int().min(0).max(6),
    unit: z.string().optional(),
    shuffle: shuffleSchema.optional(),
  }),
  z.object({ ...asked, type: z.literal('rank'), choices, shuffle: shuffleSchema.optional() }),
]);

export type Content = z.infer<typeof contentSchema>;
export type Choice = z.infer<typeof choiceSchema>;
export type Answer = z.infer<typeof answerSchema>;
export type Question = z.infer<typeof questionSchema>;
export type QuestionType = Question['type'];
export type QuestionOf<T extends QuestionType> = Extract<Question, { type: T }>;
/** Answers of a person by question id. */
export type Answers = Record<string, Answer>;
