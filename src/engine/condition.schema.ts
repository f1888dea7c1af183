import { z } from 'zod';
import { idSchema } from './id.schema.js';

/** What a test looks at. `unknown` stands for everything that can't be evaluated here: such a test is false. */
const operandSchema = z.discriminatedUnion('kind', [
  z.object({ kind: z.literal('choice'), question: idSchema, choice: idSchema }),
  z.object({ kind: z.literal('cell'), question: idSchema, row: idSchema, column: idSchema }),
  z.object({ kind: z.literal('column'), question: idSchema, column: idSchema }),
  z.object({ kind: z.literal('question'), question: idSchema }),
  z.object({ kind: z.literal('value'), question: idSchema, part: idSchema.optional() }),
  z.object({ kind: z.literal('text'), question: idSchema, part: idSchema.optional() }),
  z.object({ kind: z.literal('count'), question: idSchema, column: idSchema.optional() }),
  z.object({ kind: z.literal('embedded'), name: z.string() }),
  z.object({ kind: z.literal('contact'), name: z.string() }),
  /** Compared with the names of `devices.ts`. */
  z.object({ kind: z.literal('device') }),
  z.object({ kind: z.literal('unknown'), about: z.string() }),
]);

export const operators = [
  'selected',
  'notSelected',
  'displayed',
  'notDisplayed',
  'equal',
  'notEqual',
  'greater',
  'greaterOrEqual',
  'less',
  'lessOrEqual',
  'contains',
  'notContains',
  'empty',
  'notEmpty',
  'matches',
] as const;

const testSchema = z.object({
  kind: z.literal('test'),
  operand: operandSchema,
  operator: z.enum(operators),
  value: z.string().optional(),
});

export type Operand = z.infer<typeof operandSchema>;
export type Operator = (typeof operators)[number];
export type Test = z.infer<typeof testSchema>;

/** `all` of nothing is true, `any` of nothing is false. */
export type Condition = Test | { kind: 'all'; of: Condition[] } | { kind: 'any'; of: Condition[] };

export const conditionSchema: z.ZodType<Condition> = z.lazy(() =>
  z.discriminatedUnion('kind', [
    testSchema,
    z.object({ kind: z.literal('all'), of: z.array(conditionSchema) }),
    z.object({ kind: z.literal('any'), of: z.array(conditionSchema) }),
  ]),
);
