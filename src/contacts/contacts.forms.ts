import { z } from 'zod';
import { unlessLonger } from '../platform/web/form_atoms.js';
import { ENCODINGS } from '../encodings/encodings.js';
import { TARGETS } from './imports/column_mapping.js';
import { DELIMITERS, QUOTES } from './imports/csv/csv_rows.js';
import { isCountry } from './phone_number.js';

/** A contact as the console's form sends it; `name_3` and `value_3` are one pair of embedded data. */
export const writeContact = z.record(z.string(), z.string()).transform((fields) => {
  const text = (name: string): string => (fields[name] ?? '').replaceAll('\r\n', '\n');
  const indexes = Object.keys(fields).flatMap((field) => /^name_(\d{1,4})$/.exec(field)?.[1] ?? []);
  return {
    firstName: text('firstName'),
    lastName: text('lastName'),
    email: text('email'),
    phone: text('phone'),
    extRef: text('extRef'),
    language: text('language'),
    timeZone: text('timeZone'),
    pairs: indexes.map((index) => ({ name: text(`name_${index}`).trim(), value: text(`value_${index}`) })),
  };
});

export type TypedContact = z.infer<typeof writeContact>;

export const nameList = z.object({ name: z.string().default(''), publicName: z.string().optional() });

export type ListNames = z.infer<typeof nameList>;

export const optOutOf = z.object({ list: z.string().default('') });

export const searchTable = z.object({
  search: unlessLonger(200),
  after: z.string().optional(),
});

export type TableQuery = { search: string; after?: string | undefined };

export const readFileAs = z.object({
  encoding: z.enum(ENCODINGS, { error: 'Choose an encoding.' }),
  delimiter: z.enum(DELIMITERS, { error: 'Choose a delimiter.' }),
  quote: z.enum(QUOTES, { error: 'Choose a quote.' }),
  hasHeader: z.string().optional().transform(Boolean),
});

export type FileReading = z.infer<typeof readFileAs>;

const target = z.enum(TARGETS);

/** `to_3` and `name_3` say what column 3 becomes. */
export const mapColumns = z.record(z.string(), z.string()).transform((fields) => {
  const columns = Object.keys(fields)
    .map((field) => Number(/^to_(\d{1,3})$/.exec(field)?.[1] ?? Number.NaN))
    .filter((column) => !Number.isNaN(column));
  const targets = Array.from({ length: Math.max(-1, ...columns) + 1 }, (_, column) => ({
    to: target.catch('ignore').parse(fields[`to_${column}`]),
    name: (fields[`name_${column}`] ?? '').trim(),
  }));
  const country = fields['country'] ?? '';
  return { targets, country: isCountry(country) ? country : null };
});

export type ColumnChoices = z.infer<typeof mapColumns>;

const text = z
  .union([z.string(), z.number()])
  .nullish()
  .transform((value) => (value === null || value === undefined ? undefined : String(value)));

/** A contact as programs send it; what is null or absent stays as it is. */
export const putContact = z.object({
  firstName: text,
  lastName: text,
  email: text,
  phone: text,
  extRef: text,
  /** Other names that clients have for the same. */
  externalDataReference: text,
  externalDataRef: text,
  externalReference: text,
  language: text,
  embeddedData: z.record(z.string(), z.unknown()).nullish(),
  unsubscribed: z.boolean().nullish(),
  mailingListUnsubscribed: z.boolean().nullish(),
});

export type PutContact = z.infer<typeof putContact>;

export const putList = z.object({ name: z.string({ error: 'name is required' }), publicName: z.string().optional() });
