import type { SurveyDefinition } from '../../surveys/engine/definition.js';
import type { WalkState } from '../../surveys/engine/page.js';
import { isArranged, type ShownOrder, shownOrders } from '../../surveys/engine/recorded.js';
import type { ExportSettings } from './export_settings.js';
import type { ResponseRow } from './response_rows.js';

/** What respondents were shown, worked out from their walks: once a walk, for all columns. Answers of nobody have none. */
export class ShownOrders {
  private readonly before = new WeakMap<WalkState, Record<string, ShownOrder>>();

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
    const isWished = hasOpenCodes(this.settings) ? () => true : isArranged;
    const orders = this.before.get(walk) ?? shownOrders(definition, walk, isWished);
    this.before.set(walk, orders);
    return orders[questionId];
  }
}

export function hasOpenCodes({ seenUnansweredRecode, multiselectSeenUnansweredRecode }: ExportSettings): boolean {
  return seenUnansweredRecode !== undefined || multiselectSeenUnansweredRecode !== undefined;
}

/** Reading the walks too makes an export slower. */
export function needsWalks(settings: ExportSettings): boolean {
  return settings.includeDisplayOrder || hasOpenCodes(settings);
}
