import { z } from 'zod';
import { conditionSchema } from './condition.schema.js';
import type { Condition } from './condition.schema.js';
import { idSchema } from './id.schema.js';
import { questionSchema } from './questions/question.schema.js';
import { shuffleSchema } from './draws/shuffle.schema.js';

/** Where a walk ends and what the respondent meets there. */
const endingSchema = z.object({
  kind: z.enum(['default', 'message', 'redirect']),
  message: z.string().optional(),
  url: z.string().optional(),
  flags: z.array(z.enum(['screenedOut', 'quotaMet'])).optional(),
});

const skipSchema = z.object({
  when: conditionSchema,
  to: z.discriminatedUnion('kind', [
    z.object({ kind: z.literal('question'), question: idSchema }),
    z.object({ kind: z.literal('endOfBlock') }),
    z.object({ kind: z.literal('endOfSurvey') }),
  ]),
});

const itemSchema = z.discriminatedUnion('kind', [
  z.object({
    kind: z.literal('question'),
    question: idSchema,
    skips: z.array(skipSchema).optional(),
    /** Stays right after the item before it when questions change places. */
    joined: z.boolean().optional(),
  }),
  z.object({ kind: z.literal('pageBreak') }),
]);

const blockSchema = z.object({
  id: z.string(),
  name: z.string(),
  items: z.array(itemSchema),
  shuffle: z.boolean().optional(),
  /** How a shuffled block is arranged; without it all its questions change places. */
  order: shuffleSchema.optional(),
  /** A shuffled block with so many questions on each page; its own page breaks then don't count. */
  perPage: z.number().int().min(1).optional(),
});

/** `signed`: a link's address may set it only with the survey's signature. */
const embeddedSchema = z.object({
  name: z.string().min(1),
  value: z.string().optional(),
  signed: z.boolean().optional(),
});
export type DeclaredField = z.infer<typeof embeddedSchema>;

export type Ending = z.infer<typeof endingSchema>;
export type Skip = z.infer<typeof skipSchema>;
export type Item = z.infer<typeof itemSchema>;
export type Block = z.infer<typeof blockSchema>;

/** The flow is a tree that is walked once from top to bottom, so every walk ends. */
export type FlowNode =
  | { kind: 'block'; block: string }
  | { kind: 'branch'; when: Condition; children: FlowNode[] }
  | { kind: 'group'; name: string; children: FlowNode[] }
  | { kind: 'randomizer'; show: number; even: boolean; children: FlowNode[] }
  | { kind: 'embedded'; fields: z.infer<typeof embeddedSchema>[] }
  | { kind: 'end'; ending: Ending };

const flowNodeSchema: z.ZodType<FlowNode> = z.lazy(() => {
  const children = z.array(flowNodeSchema);
  return z.discriminatedUnion('kind', [
    z.object({ kind: z.literal('block'), block: z.string() }),
    z.object({ kind: z.literal('branch'), when: conditionSchema, children }),
    z.object({ kind: z.literal('group'), name: z.string(), children }),
    z.object({ kind: z.literal('randomizer'), show: z.number().int().min(0), even: z.boolean(), children }),
    z.object({ kind: z.literal('embedded'), fields: z.array(embeddedSchema) }),
    z.object({ kind: z.literal('end'), ending: endingSchema }),
  ]);
});

const optionsSchema = z.object({
  progressBar: z.boolean(),
  backButton: z.boolean(),
  nextLabel: z.string().optional(),
  backLabel: z.string().optional(),
  header: z.string().optional(),
  footer: z.string().optional(),
});

const questionWordsSchema = z.object({
  text: z.string().optional(),
  choices: z.record(z.string(), z.string()).optional(),
  columns: z.record(z.string(), z.string()).optional(),
  labels: z.array(z.string()).optional(),
});

const translationSchema = z.object({
  title: z.string().optional(),
  questions: z.record(z.string(), questionWordsSchema),
});

const quotaSchema = z.object({
  name: z.string(),
  target: z.number().int().min(0),
  when: conditionSchema.optional(),
  action: z.string(),
});

/** A published version: never changed, only replaced. All texts in it are sanitised HTML unless they are names. */
export const definitionSchema = z.object({
  schema: z.literal(1),
  title: z.string(),
  description: z.string().optional(),
  language: z.string(),
  questions: z.record(idSchema, questionSchema),
  blocks: z.record(z.string(), blockSchema),
  flow: z.array(flowNodeSchema),
  ending: endingSchema,
  options: optionsSchema,
  translations: z.record(z.string(), translationSchema),
  quotas: z.array(quotaSchema).optional(),
});

export type SurveyDefinition = z.infer<typeof definitionSchema>;
export type SurveyOptions = SurveyDefinition['options'];
export type Translation = z.infer<typeof translationSchema>;
export type QuestionWords = z.infer<typeof questionWordsSchema>;
export type Quota = z.infer<typeof quotaSchema>;

/** Reads a stored or foreign JSON value; throws zod's error when it is not a definition. */
export function parseDefinition(value: unknown): SurveyDefinition {
  return definitionSchema.parse(value);
}

/** The smallest survey worth answering: one choice, one text. Also the start of a blank survey and of tests. */
export function exampleDefinition(changes: Partial<SurveyDefinition> = {}): SurveyDefinition {
  return {
    schema: 1,
    title: 'Onboarding pulse',
    language: 'en',
    questions: {
      QID1: {
        id: 'QID1',
        type: 'choice',
        subtype: 'single',
        exportTag: 'Q1',
        text: 'How was your first week?',
        required: 'force',
        choices: [
          { id: '1', text: 'Good', value: '1' },
          { id: '2', text: 'Mixed', value: '2' },
          { id: '3', text: 'Bad', value: '3' },
        ],
      },
      QID2: {
        id: 'QID2',
        type: 'text',
        subtype: 'essay',
        exportTag: 'Q2',
        text: 'What would have made it better?',
        required: 'none',
        content: { kind: 'any' },
      },
    },
    blocks: {
      BL1: {
        id: 'BL1',
        name: 'First week',
        items: [{ kind: 'question', question: 'QID1' }, { kind: 'pageBreak' }, { kind: 'question', question: 'QID2' }],
      },
    },
    flow: [{ kind: 'block', block: 'BL1' }],
    ending: { kind: 'default' },
    options: { progressBar: true, backButton: true },
    translations: {},
    ...changes,
  };
}
