import type { ExportColumn, PartKind } from './columns/question-columns.js';
import type { ShownOrder } from './recorded.js';

/** What stands in an export where somebody saw something and left it open. */
export interface OpenCodes {
  question?: string | undefined;
  /** Of a choice that was not taken, where others of the question may be. */
  choice?: string | undefined;
}

/** A group is worked out, a text beside a choice belongs to the choice, and an order asks nothing. */
const NEVER_OPEN = new Set<PartKind>(['whole', 'group', 'text', 'order', 'answerOrder']);

/** The code of an empty cell; nothing where its part was not shown, or asks nothing. */
export function codeOfOpen({ part }: ExportColumn, shown: ShownOrder | undefined, codes: OpenCodes): string {
  const { kind, of } = part;
  const [one, column] = of;
  const isSeen =
    shown !== undefined &&
    !NEVER_OPEN.has(kind) &&
    (one === undefined || shown.choices.includes(one)) &&
    (column === undefined || shown.columns.includes(column));
  const code = kind === 'choice' || kind === 'cell' ? codes.choice : codes.question;
  return isSeen ? (code ?? '') : '';
}
