import type { SurveyDefinition } from './engine/definition.js';
import type { ReportEntry } from './qsf/report.js';

/** The lines of an import report; questions are named by the export tag that the outline shows. */
export function reportLines(entries: readonly ReportEntry[], { questions }: SurveyDefinition): ReportEntry[] {
  return entries.map((entry) => ({
    ...entry,
    where: entry.where.replace(/^QID[A-Za-z0-9.-]+/, (id) => questions[id]?.exportTag ?? id),
  }));
}
