import { Invalid, NotAllowed, NotFound, WrongState } from '../platform/errors.js';

/** Codes of what is not allowed, not there, or not possible now; all others are mistakes in what was written. */
const NOT_ALLOWED = ['EQD02', 'EQD06'];
const NOT_THERE = ['EQD11', 'EQD12', 'EQD13', 'EQD14'];
const NOT_NOW = ['EQD01', 'EQD09', 'EQD10', 'EQD15', 'EQD16'];

/** The status that programs see depends on the kind of refusal. */
export function refusalFor(code: string, words: string): Error {
  if (NOT_ALLOWED.includes(code)) {
    return new NotAllowed(words, undefined, code);
  }
  if (NOT_THERE.includes(code)) {
    return new NotFound(words, code);
  }
  return NOT_NOW.includes(code) ? new WrongState(words, code) : new Invalid(words, {}, code);
}
