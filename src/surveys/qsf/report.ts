/** What the owner should know about an import. */
export interface ReportEntry {
  severity: 'info' | 'warning';
  /** `QID5`, `Block "Intro"`, `Flow`, `Options` … */
  where: string;
  what: string;
  remedy?: string;
}

/** More lines than anybody reads; the last one says that there is more. */
const LONGEST = 500;

/** Collects what an import could not take over, each thing once. */
export class Report {
  readonly entries: ReportEntry[] = [];
  private readonly seen = new Set<string>();

  note(where: string, what: string, remedy?: string): void {
    this.add({ severity: 'info', where, what, ...(remedy ? { remedy } : {}) });
  }

  warn(where: string, what: string, remedy?: string): void {
    this.add({ severity: 'warning', where, what, ...(remedy ? { remedy } : {}) });
  }

  private add(entry: ReportEntry): void {
    const key = `${entry.where}\n${entry.what}`;
    if (this.seen.has(key) || this.entries.length > LONGEST) return;
    this.seen.add(key);
    const isFull = this.entries.length === LONGEST;
    this.entries.push(
      isFull ? { severity: 'warning', where: 'Report', what: 'There is more than can be listed here.' } : entry,
    );
  }
}
