import { DomainError, Invalid, LimitReached, NotFound, WrongState } from '../../platform/errors.js';
import { Changed } from './drawn_form.js';

const STATUSES: [new (...words: never[]) => DomainError, number][] = [
  [Changed, 409],
  [WrongState, 409],
  [Invalid, 422],
  [NotFound, 404],
  [LimitReached, 429],
];

/** The status of a refusal that is told within the page. */
export function statusOf(error: DomainError): number {
  return STATUSES.find(([kind]) => error instanceof kind)?.[1] ?? 403;
}
