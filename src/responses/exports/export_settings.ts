import { z } from 'zod';
import { CALENDAR_WORDS, isInCalendar } from '../../platform/calendar_range.js';
import { isZone } from './export_times.js';

const flag = (fallback: boolean) =>
  z.preprocess((value) => (value === null ? undefined : value), z.boolean().default(fallback));
const instant = z
  .union([z.null(), z.iso.datetime({ offset: true, error: 'must be a time like 2026-11-23T12:00:00Z' })])
  .refine((value) => value === null || isInCalendar(new Date(value)), CALENDAR_WORDS)
  .optional()
  .transform((value) => value ?? null);
const names = z.array(z.string().max(200)).max(5000).optional();

/** What programs may ask of an export; what we do not know of is dropped. */
export const startExport = z.object({
  format: z.enum(['csv', 'tsv', 'json', 'ndjson'], { error: 'must be csv, tsv, json or ndjson' }).default('csv'),
  compress: flag(true),
  useLabels: flag(false),
  breakoutSets: flag(true),
  timeZone: z.string().refine(isZone, 'must be a zone like Europe/Berlin').default('UTC'),
  startDate: instant,
  endDate: instant,
  limit: z
    .number()
    .int()
    .min(1)
    .max(10_000_000)
    .nullish()
    .transform((value) => value ?? null),
  questionIds: names,
  embeddedDataIds: names,
  surveyMetadataIds: names,
  newlineReplacement: z.string().max(20).optional(),
});

export type ExportWish = z.infer<typeof startExport>;

/** An export as it is stored with its job. */
export interface ExportSettings extends ExportWish {
  /** Whether whoever asked may see who answered. */
  withPeople: boolean;
  /** For spreadsheets: no cell begins like a formula. Programs get what was typed. */
  isNeutral: boolean;
}
