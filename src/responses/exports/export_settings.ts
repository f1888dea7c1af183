import { z } from 'zod';
import { instant } from '../../platform/api/instant.js';
import { ABOUT_COLUMNS } from '../../engine/columns/about-columns.js';
import { isZone } from './export_times.js';

const flag = (fallback: boolean) => z.boolean().default(fallback);
const moment = instant.optional().transform((value) => value ?? null);
const MOST_ROWS = 10_000_000;
const countOfRows = `must be a whole number from 1 to ${MOST_ROWS}`;
const limit = z
  .int(countOfRows)
  .min(1, countOfRows)
  .max(MOST_ROWS, countOfRows)
  .optional()
  .transform((value) => value ?? null);
/** A switch that may be off. */
function notYet(remedy: string) {
  return z.literal(false, { error: `is not supported. ${remedy}` }).optional();
}

/** Put where a question was seen and not answered. Some clients send it as text. */
const openCode = z.preprocess(
  (value) => (typeof value === 'string' && /^-?\d{1,9}$/.test(value) ? Number(value) : value),
  z.int({ error: 'must be a whole number like -99' }).min(-999_999_999).max(999_999_999).optional(),
);

/** Unknown options are refused by name. */
function unknownNames(issue: { code?: string; keys?: unknown }): string | undefined {
  return issue.code === 'unrecognized_keys' && Array.isArray(issue.keys)
    ? `There is no option ${issue.keys.map((key) => `"${String(key)}"`).join(', ')} of an export. Check how it is written, or leave it out.`
    : undefined;
}

const names = z.array(z.string().max(200)).max(5000).optional();

/** A documented second name of a column. */
const ALIASES: Record<string, string> = { externalReference: 'externalDataReference' };
const ABOUT_NAMES = ABOUT_COLUMNS.map(({ importId }) => importId);

const aboutColumn = z
  .string()
  .transform((name) => ALIASES[name] ?? name)
  .refine((name) => ABOUT_NAMES.includes(name), `is not one of ${ABOUT_NAMES.join(', ')}`);

/** Clients write null where they want nothing. */
function withoutNulls(sent: unknown): unknown {
  return typeof sent === 'object' && sent !== null && !Array.isArray(sent)
    ? Object.fromEntries(Object.entries(sent).filter(([, value]) => value !== null))
    : sent;
}

/** What clients send though nothing of an export depends on it here, or only where it is switched off. */
const without = {
  allowContinuation: flag(false),
  sortByLastModifiedDate: notYet('Sort the rows by RecordedDate after the export.'),
  exportResponsesInProgress: notYet('Responses are exported when they are recorded; leave it out.'),
  formatDecimalAsComma: notYet('Numbers have a point; leave it out.'),
  filterId: z
    .undefined({ error: 'is not supported: there are no filters here. Use startDate, endDate or questionIds.' })
    .optional(),
  continuationToken: z.undefined({ error: 'is not supported: this API gives out none. Use startDate.' }).optional(),
};

const wish = z
  .strictObject(
    {
      format: z.enum(['csv', 'tsv', 'json', 'ndjson'], { error: 'must be csv, tsv, json or ndjson' }).default('csv'),
      compress: flag(true),
      useLabels: flag(false),
      breakoutSets: flag(true),
      timeZone: z.string().refine(isZone, 'must be a zone like Europe/Berlin').default('UTC'),
      startDate: moment,
      endDate: moment,
      limit,
      questionIds: names,
      embeddedDataIds: names,
      surveyMetadataIds: z.array(aboutColumn).max(5000).optional(),
      newlineReplacement: z.string().max(20).optional(),
      includeDisplayOrder: flag(false),
      includeLabelColumns: flag(false),
      seenUnansweredRecode: openCode,
      multiselectSeenUnansweredRecode: openCode,
      ...without,
    },
    { error: unknownNames },
  )
  .refine(({ includeLabelColumns, useLabels }) => !(includeLabelColumns && useLabels), {
    error: 'is not to be had together with useLabels: every column has labels then. Leave one of them out.',
    path: ['includeLabelColumns'],
  })
  .transform(({ allowContinuation: _more, ...asked }) => asked);

/** What programs may ask of an export. A wish that is not done would be found out about by wrong data: it is refused. */
export const startExport = z.preprocess(withoutNulls, wish);

export type ExportWish = z.infer<typeof startExport>;

/** An export as it is stored with its job. */
export interface ExportSettings extends ExportWish {
  /** Whether whoever asked may see who answered. */
  withPeople: boolean;
  /** For spreadsheets: no cell begins like a formula. Programs get what was typed. */
  isNeutral: boolean;
}
