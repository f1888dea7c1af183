/** What a line is about: what respondents see and may do, what is recorded and exported, how it looks. */
export type ReportGroup = 'respondents' | 'data' | 'look';

/** What the owner should know about an import. */
export interface ReportEntry {
  severity: 'info' | 'warning';
  /** Reports of earlier imports have none. */
  group?: ReportGroup;
  /** `QID5`, `Block "Intro"`, `Flow`, `Options` … */
  where: string;
  what: string;
  remedy?: string;
}

/** More lines than anybody reads, and enough for the largest real file; the last one says how many there are beyond. */
const LONGEST = 5000;

/** The lines of one group: `report.data.warn('QID5', …)`. */
export class ReportLines {
  constructor(
    private readonly group: ReportGroup,
    private readonly add: (entry: ReportEntry) => void,
  ) {}

  note(where: string, what: string, remedy?: string): void {
    this.add({ severity: 'info', group: this.group, where, what, ...(remedy ? { remedy } : {}) });
  }

  warn(where: string, what: string, remedy?: string): void {
    this.add({ severity: 'warning', group: this.group, where, what, ...(remedy ? { remedy } : {}) });
  }
}

/** Collects what an import could not take over or changed, each thing once. */
export class Report {
  readonly respondents = new ReportLines('respondents', (entry) => this.add(entry));
  readonly data = new ReportLines('data', (entry) => this.add(entry));
  readonly look = new ReportLines('look', (entry) => this.add(entry));
  private readonly kept: ReportEntry[] = [];
  private readonly seen = new Set<string>();
  private beyond = 0;

  get entries(): ReportEntry[] {
    return this.beyond === 0 ? this.kept : [...this.kept, this.rest()];
  }

  /** What changes something for respondents; `report.data` and `report.look` take everything else. */
  note(where: string, what: string, remedy?: string): void {
    this.respondents.note(where, what, remedy);
  }

  warn(where: string, what: string, remedy?: string): void {
    this.respondents.warn(where, what, remedy);
  }

  private add(entry: ReportEntry): void {
    const key = `${entry.where}\n${entry.what}`;
    if (this.seen.has(key)) return;
    if (this.kept.length === LONGEST) {
      this.beyond += 1;
      return;
    }
    this.seen.add(key);
    this.kept.push(entry);
  }

  private rest(): ReportEntry {
    const what = `Up to ${this.beyond} further remarks are not listed here.`;
    return {
      severity: 'warning',
      group: 'respondents',
      where: 'Report',
      what,
      remedy: 'Split the survey and import its parts.',
    };
  }
}
