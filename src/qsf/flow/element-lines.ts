import { entriesOf, isOff, record, recordsOf, textOf } from '../raw.js';
import type { Raw } from '../raw.js';
import type { Report } from '../report.js';

/** Kinds of elements that are read, and kinds that only say how the other system keeps or shows a survey to its makers. */
const SILENT = new Set(['SQ', 'BL', 'FL', 'SO', 'QO', 'QC', 'RS', 'STAT', 'PROJ', 'PL', 'SURL']);

/** What stands in a file beside questions, blocks, flow and options. */
export function reportElements(elements: readonly Raw[], report: Report): void {
  for (const element of elements) {
    const kind = textOf(element['Element']);
    if (!SILENT.has(kind)) reportElement(kind, element['Payload'], report);
  }
}

function reportElement(kind: string, payload: unknown, report: Report): void {
  const parts = record(payload);
  if (kind === 'SCO') reportScores(parts, report);
  else if (kind === 'NT') reportNotes(parts, report);
  else if (kind === 'TR') reportTrigger(parts, report);
  else if (kind === 'QG' || kind === 'QGO') reportQuotaGroup(parts, report);
  else if (!isOff(payload))
    report.data.note('File', `A part "${kind.slice(0, 40)}" is not known here and was left out.`);
}

function reportScores(parts: Raw, report: Report): void {
  const count = recordsOf(parts['ScoringCategories']).length;
  if (count > 0) report.data.warn('Scoring', 'Scores are not computed here.');
}

function reportNotes(parts: Raw, report: Report): void {
  const count = recordsOf(parts['Notes']).length;
  const words = count === 1 ? 'A note of its makers was' : `${count} notes of its makers were`;
  if (count > 0) report.data.note('File', `${words} left out.`);
}

/** Mails, contact lists and tasks that follow a response. */
function reportTrigger(parts: Raw, report: Report): void {
  const name = textOf(parts['Name']).slice(0, 80) || 'without a name';
  const what = `The trigger "${name}" was left out: no mail, contact or task follows a response.`;
  report.data.warn('Triggers', what, 'Set up what should follow anew.');
}

function reportQuotaGroup(parts: Raw, report: Report): void {
  if (entriesOf(parts['Quotas']).length > 0)
    report.data.note('Quotas', 'Which quotas stand in one group was left out.');
}

/** Dates of a file are of a time zone that it does not name. */
export function reportEntry(entry: Raw, report: Report): void {
  const [start, end] = [entry['SurveyStartDate'], entry['SurveyExpirationDate']].map(dateIn);
  if (start !== undefined || end !== undefined) {
    const words = [start ? `opened on ${start}` : '', end ? `closed on ${end}` : ''].filter(Boolean).join(' and ');
    report.warn('Options', `It ${words}; here it opens when you say so, without an end.`, 'Set when people may start.');
  }
  const description = textOf(entry['SurveyDescription']).trim();
  if (description !== '')
    report.data.note('File', `Its description for its makers was left out: "${description.slice(0, 200)}".`);
}

function dateIn(value: unknown): string | undefined {
  const written = textOf(value).trim();
  return /^\d{4}-\d\d-\d\d/.test(written) && !written.startsWith('0000') ? written : undefined;
}
