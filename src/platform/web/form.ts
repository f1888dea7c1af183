import { type PipeTransform } from '@nestjs/common';
import type { z } from 'zod';
import { Invalid } from '../errors.js';

/**
 * The one pipe for input: `@Body(form(createList))`. Unknown fields are dropped and the parsed value is given on.
 * @throws {Invalid} with one message per field
 */
export function form<S extends z.ZodType>(schema: S): PipeTransform<unknown, z.infer<S>> {
  return { transform: (value: unknown) => parsed(schema, value) };
}

/** The texts of a form as they were typed, for showing it again; what is no single text is left out. */
export const asTyped: PipeTransform<unknown, Record<string, string>> = {
  transform: (body) =>
    Object.fromEntries(
      Object.entries(body ?? {}).filter((entry): entry is [string, string] => typeof entry[1] === 'string'),
    ),
};

/**
 * Parses `value` by `schema`. What a schema has no words of its own for is told in plain ones.
 * @throws {Invalid} with one message per field (dotted path)
 */
export function parsed<S extends z.ZodType>(schema: S, value: unknown): z.infer<S> {
  const result = schema.safeParse(value ?? {}, { error: plainWords });
  if (result.success) {
    return result.data;
  }
  const fields: Record<string, string> = {};
  for (const issue of result.error.issues) {
    fields[issue.path.join('.')] ??= issue.message;
  }
  const missing = Object.keys(fields).filter((field) => field !== '' && fields[field] === REQUIRED);
  if (missing.length > 0) {
    const verb = missing.length === 1 ? 'is' : 'are';
    throw new Invalid(`${new Intl.ListFormat('en').format(missing)} ${verb} required.`, fields);
  }
  const first = Object.entries(fields)[0];
  throw new Invalid(first === undefined ? 'This input is not right.' : sentence(...first), fields);
}

export const REQUIRED = 'This is required.';

const KINDS: Record<string, string> = {
  string: 'a text',
  number: 'a number',
  int: 'a whole number',
  boolean: 'true or false',
  array: 'a list',
  object: 'an object',
  record: 'an object',
};

function plainWords(issue: z.core.$ZodRawIssue): string | undefined {
  if (issue.code === 'invalid_type') {
    const kind = KINDS[issue.expected];
    return issue.input === undefined ? REQUIRED : kind && `must be ${kind}`;
  }
  return issue.code === 'invalid_value' ? `must be one of ${issue.values.map(String).join(', ')}` : undefined;
}

function sentence(field: string, message: string): string {
  return field === '' ? message : `${field}: ${message}`;
}
