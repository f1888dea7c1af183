const EMPTY = Buffer.alloc(0);
const [TAB, LINE_FEED, RETURN, SPACE] = [0x09, 0x0a, 0x0d, 0x20];
/** More blanks behind a quote are text: looking for their end would keep them all in memory. */
const MOST_BLANKS = 10_000;

/**
 * Takes the blanks out that stand between a closing quote and what ends its cell (`"a" ; "b"`): the parser would take both
 * quotes for text. It jumps from quote to quote, so that files without any cost nothing.
 */
export class QuoteBlanks {
  private rest = EMPTY;
  private isInside = false;
  /** Only blanks stand between the last end of a cell and what comes next. */
  private isStart = true;
  private readonly quote: number;
  private readonly delimiter: number;

  /** @param dialect quote and delimiter, one ASCII character each */
  constructor({ quote, delimiter }: { quote: string; delimiter: string }) {
    this.quote = quote.charCodeAt(0);
    this.delimiter = delimiter.charCodeAt(0);
  }

  /** The next piece of the file without them. What can't be told yet comes with the piece after. @param piece undefined at the end */
  next(piece: Buffer | undefined): Buffer {
    const all = this.rest.length === 0 ? (piece ?? EMPTY) : Buffer.concat([this.rest, piece ?? EMPTY]);
    this.rest = EMPTY;
    const kept: Buffer[] = [];
    let [from, at, end] = [0, 0, all.length];
    for (let place = all.indexOf(this.quote); place >= 0; place = all.indexOf(this.quote, at)) {
      if (!this.isInside) {
        this.isInside = this.startsAt(all, at, place);
        this.isStart = false;
        at = place + 1;
        continue;
      }
      const past = this.closedUpTo(all, place, piece === undefined);
      if (past === undefined) {
        end = place;
        break;
      }
      if (!this.isInside && past > place + 1) {
        kept.push(all.subarray(from, place + 1));
        from = past;
      }
      at = past;
    }
    this.isStart = this.startsAt(all, Math.min(at, end), end);
    this.rest = Buffer.from(all.subarray(end));
    const last = all.subarray(from, end);
    return kept.length === 0 ? last : Buffer.concat([...kept, last]);
  }

  /** Where reading goes on behind a quote inside a cell: a doubled one is text. @returns undefined where it can't be told yet */
  private closedUpTo(all: Buffer, place: number, isLast: boolean): number | undefined {
    if (all[place + 1] === this.quote) {
      return place + 2;
    }
    const past = this.pastBlanks(all, place + 1);
    if (past === all.length && !isLast && past - place < MOST_BLANKS) {
      return undefined;
    }
    this.isInside = false;
    return past === all.length || this.isEdge(all[past]) ? past : place + 1;
  }

  /** Whether a quote at `place` opens a cell; bytes before `from` are spoken for by `isStart`. */
  private startsAt(all: Buffer, from: number, place: number): boolean {
    let before = place - 1;
    while (before >= from && this.isBlank(all[before])) {
      before -= 1;
    }
    return before < from ? this.isStart : this.isEdge(all[before]);
  }

  private pastBlanks(all: Buffer, from: number): number {
    let past = from;
    while (past < all.length && this.isBlank(all[past])) {
      past += 1;
    }
    return past;
  }

  private isBlank(byte: number | undefined): boolean {
    return byte === SPACE || (byte === TAB && this.delimiter !== TAB);
  }

  private isEdge(byte: number | undefined): boolean {
    return byte === this.delimiter || byte === LINE_FEED || byte === RETURN;
  }
}
