import { entriesOf, record, recordsOf, textOf } from './raw.js';
import type { Raw } from './raw.js';
import type { Report } from './report.js';

/** Scores and groups of quotas; they stand beside questions and quotas and change what is counted. */
export function reportElements(elements: readonly Raw[], report: Report): void {
  for (const element of elements) {
    const [kind, parts] = [textOf(element['Element']), record(element['Payload'])];
    if (kind === 'SCO' && recordsOf(parts['ScoringCategories']).length > 0) {
      report.data.warn('Scoring', 'Scores are not computed here.');
    }
    if (/^QGO?$/.test(kind) && entriesOf(parts['Quotas']).length > 0) {
      report.data.note('Quotas', 'Which quotas stand in one group was left out.');
    }
  }
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
