import { ruleIn } from '../message.entity.js';
import { type Closing, HOLD, POLICY, TURNED_AWAY } from './policy.js';

/** Whether a reason concerns the distribution: the message stays queued. */
export function isHold(reason: string): boolean {
  return reason.startsWith(HOLD);
}

/** What a reason does to the whole distribution; undefined where it does nothing, or the distribution says it itself. */
export function closingBy(reason: string): Closing | undefined {
  return POLICY.find(({ code }) => code === reason)?.closing;
}

/** How somebody ended the survey before; which end it was says what they answered. */
export function isEnd(reason: string): boolean {
  return reason === 'finished' || TURNED_AWAY.includes(reason);
}

/** The key of a reason's words below `distributions.reason`, and what they name: a frequency rule is told by its name. */
export function reasonKey(reason: string): { key: string; values: { name?: string } } {
  const rule = ruleIn(reason);
  return rule === undefined ? { key: reason, values: {} } : { key: 'frequency', values: { name: rule.name } };
}

/** How the file of links says why somebody has none; undefined for what keeps nobody from a link. */
export function noLinkWords(reason: string | null): string | undefined {
  return POLICY.find(({ code }) => code === reason)?.noLink;
}
