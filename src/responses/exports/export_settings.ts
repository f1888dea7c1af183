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
/** A switch that may be off. */
function notYet(remedy: string) {
  return z.union([z.literal(false), z.null()], { error: `is not supported. ${remedy}` }).optional();
}

const NO_RECODES = 'is not supported: a question that was seen and not answered is blank. Leave it out.';

/** Unknown options are refused by name. */
function unknownNames(issue: { code?: string; keys?: unknown }): string | undefined {
  return issue.code === 'unrecognized_keys' && Array.isArray(issue.keys)
    ? `There is no option ${issue.keys.map((key) => `"${String(key)}"`).join(', ')} of an export. Check how it is written, or leave it out.`
    : undefined;
}

const names = z.array(z.string().max(200)).max(5000).optional();

/** What clients send though nothing of an export depends on it here, or only where it is switched off. */
const without = {
  includeDisplayOrder: flag(false),
  allowContinuation: flag(false),
  sortByLastModifiedDate: notYet('Sort the rows by RecordedDate after the export.'),
  exportResponsesInProgress: notYet('Responses are exported when they are recorded; leave it out.'),
  formatDecimalAsComma: notYet('Numbers have a point; leave it out.'),
  includeLabelColumns: notYet('Export twice, once with useLabels.'),
  filterId: z
    .null({ error: 'is not supported: there are no filters here. Use startDate, endDate or questionIds.' })
    .optional(),
  continuationToken: z.null({ error: 'is not supported: this API gives out none. Use startDate.' }).optional(),
  seenUnansweredRecode: z.null({ error: NO_RECODES }).optional(),
  multiselectSeenUnansweredRecode: z.null({ error: NO_RECODES }).optional(),
};

/** What programs may ask of an export. A wish that is not done would be found out about by wrong data: it is refused. */
export const startExport = z
  .strictObject(
    {
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
      ...without,
    },
    { error: unknownNames },
  )
  .transform(({ allowContinuation: _more, ...wish }) => wish);

export type ExportWish = z.infer<typeof startExport>;

/** An export as it is stored with its job. */
export interface ExportSettings extends ExportWish {
  /** Whether whoever asked may see who answered. */
  withPeople: boolean;
  /** For spreadsheets: no cell begins like a formula. Programs get what was typed. */
  isNeutral: boolean;
}
