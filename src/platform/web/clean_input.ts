import type { NextFunction, Request, Response } from 'express';
import { Invalid } from '../errors.js';
import { RESPONDENT_PATH } from './paths.js';

const SENTENCE = 'What was sent holds a character that is no text (NUL, or half of a pair). Nothing was changed.';

/**
 * Refuses addresses with what PostgreSQL cannot keep as text, and gives each request a body to read from. Respondents
 * are never refused for what their keyboard sent: the engine takes such characters out of answers.
 */
export function cleanInput(request: Request, _response: Response, next: NextFunction): void {
  request.body ??= {};
  const isClean = RESPONDENT_PATH.test(request.path) || !/%00/.test(request.url);
  next(isClean ? undefined : new Invalid(SENTENCE));
}

/** The same for the fields of a body, all at once. @throws {Invalid} */
export function mustBeText({ path, body }: Request): void {
  if (!RESPONDENT_PATH.test(path) && !isKeepable(body)) {
    throw new Invalid(SENTENCE);
  }
}

/** Walks with a list of its own: programs may nest deeper than a call stack is. */
function isKeepable(body: unknown): boolean {
  const waiting: unknown[] = [body];
  while (waiting.length > 0) {
    const value = waiting.pop();
    if (typeof value === 'string' && (value.includes('\0') || !value.isWellFormed())) {
      return false;
    }
    if (typeof value === 'object' && value !== null) {
      for (const name of Object.keys(value)) {
        waiting.push(name, (value as Record<string, unknown>)[name]);
      }
    }
  }
  return true;
}
