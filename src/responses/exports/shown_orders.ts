import type { SurveyDefinition } from '../../engine/definition.js';
import type { WalkState } from '../../engine/page.js';
import { isArranged, type ShownOrder, shownOrders } from '../../engine/recorded.js';
import type { ExportSettings } from './export_settings.js';
import type { ResponseRow } from './response_rows.js';

/** What respondents were shown, worked out from their walks: once a walk, for all columns. Answers of nobody have none. */
export class ShownOrders {
  /** Of one walk at a time: rows are written one after the other, and what is kept of each would fill memory. */
  private last: { walk: WalkState; orders: Record<string, ShownOrder> } | undefined;

  constructor(
    private readonly versions: ReadonlyMap<string, SurveyDefinition>,
    private readonly settings: ExportSettings,
  ) {}

  /** Undefined where the question was not seen, or nobody knows. */
  of({ walk, versionId }: ResponseRow, questionId: string): ShownOrder | undefined {
    const definition = this.versions.get(versionId);
    if (!walk || !('given' in walk) || definition === undefined) {
      return undefined;
    }
    if (this.last?.walk !== walk) {
      const isWished = hasOpenCodes(this.settings) ? () => true : isArranged;
      this.last = { walk, orders: shownOrders(definition, walk, isWished) };
    }
    return this.last.orders[questionId];
  }
}

export function hasOpenCodes({ seenUnansweredRecode, multiselectSeenUnansweredRecode }: ExportSettings): boolean {
  return seenUnansweredRecode !== undefined || multiselectSeenUnansweredRecode !== undefined;
}

/** Reading the walks too makes an export slower. */
export function needsWalks(settings: ExportSettings): boolean {
  return settings.includeDisplayOrder || hasOpenCodes(settings);
}
