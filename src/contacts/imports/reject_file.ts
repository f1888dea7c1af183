import { REJECT_TITLES } from './column_mapping.js';
import type { ContactImport } from './contact_import.entity.js';
import type { KeptReject } from './contact_imports.service.js';
import { csvLine } from '../../platform/csv_cells.js';

/**
 * The file of rows that were not imported: the original columns, then line and reason, which an import of the same file
 * leaves out. Repetitions of people who were imported need no mending.
 */
export async function* rejectLines(
  { shape }: ContactImport,
  pageAfter: (line: number) => Promise<KeptReject[]>,
): AsyncGenerator<string> {
  const width = shape.columns.length;
  yield csvLine([...shape.columns, ...REJECT_TITLES]);
  let after = 0;
  for (;;) {
    const page = await pageAfter(after);
    const last = page.at(-1);
    if (last === undefined) {
      return;
    }
    yield page
      .filter(({ kind }) => kind !== 'duplicate')
      .map(({ line, column, reason, cells }) => {
        const row = Array.from({ length: width }, (_, index) => cells[index] ?? '');
        return csvLine([...row, String(line), `${column} ${reason}`.trim(), ...cells.slice(width)]);
      })
      .join('');
    after = last.line;
  }
}
