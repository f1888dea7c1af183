import type { Quota } from '../../engine/definition.js';
import { conditionOf } from './logic.js';
import { textOf, wholeOf } from '../raw.js';
import type { Raw } from '../raw.js';
import type { Source } from '../source.js';

/** Quotas are kept in the definition; they are counted once the survey has quotas of its own. */
export function quotasOf(payloads: readonly Raw[], source: Source): Quota[] {
  return payloads.map((raw) => {
    const name = textOf(raw['Name']) || 'Quota';
    const where = `Quota "${name}"`;
    const when = conditionOf(raw['Logic'], where, source);
    source.report.warn(where, 'Kept with the survey, but not counted yet.', 'Watch the number of responses yourself.');
    return {
      name,
      target: wholeOf(raw['Occurrences'], 0, 1_000_000_000) ?? 0,
      action: textOf(raw['QuotaAction']) || 'None',
      ...(when ? { when } : {}),
    };
  });
}
