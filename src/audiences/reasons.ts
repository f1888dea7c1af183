import { type Closing, HOLD, POLICY } from './policy.js';

/** Whether a reason concerns the distribution: the message stays queued. */
export function isHold(reason: string): boolean {
  return reason.startsWith(HOLD);
}

/** What a reason does to the whole distribution; undefined where it does nothing, or the distribution says it itself. */
export function closingBy(reason: string): Closing | undefined {
  return POLICY.find(({ code }) => code === reason)?.closing;
}

/** How the file of links says why somebody has none; undefined for what keeps nobody from a link. */
export function noLinkWords(reason: string | null): string | undefined {
  return POLICY.find(({ code }) => code === reason)?.noLink;
}
