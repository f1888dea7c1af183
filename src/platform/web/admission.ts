import type { Request, RequestHandler } from 'express';
import { comeBack, type ComeBackPage } from './come_back.js';
import type { DoorLimits } from './door_limits.js';
import { API_PATH, RESPONDENT_PATH } from './paths.js';

/** No work is behind these: files of ours from the disk, two words, one look into the database for all who ask at once. */
const FREE = /^\/+(assets|healthz|readyz)(\/|$)/;
const PICTURES = /^\/+(o|pictures|survey-pictures)(\/|$)/;
/** A body that does not tell its length counts as the longest that a page of respondents takes. */
const UNTOLD_LENGTH = 256_000;

/** Turns networks away that ask for too much, before anything is read of what they send. Programs have rules of their own. */
export function admission(limits: DoorLimits, page: ComeBackPage): RequestHandler {
  return (request, response, next) => {
    const wait = waitFor(limits, request);
    if (wait === 0) {
      next();
      return;
    }
    const refusal = limits.refusal(request.ip, wait);
    if (!limits.mayDraw()) {
      comeBack(request, response, wait);
    } else if (RESPONDENT_PATH.test(request.path)) {
      page.draw(request, response, wait).catch(next);
    } else {
      next(refusal);
    }
  };
}

function waitFor(limits: DoorLimits, request: Request): number {
  if (FREE.test(request.path) || API_PATH.test(request.originalUrl)) {
    return 0;
  }
  if (PICTURES.test(request.path)) {
    return limits.pictures.take(request.ip);
  }
  const wait = limits.requests.take(request.ip);
  const isPosted = request.method === 'POST' && RESPONDENT_PATH.test(request.path);
  return wait === 0 && isPosted ? limits.posted.take(request.ip, { count: lengthOf(request) }) : wait;
}

function lengthOf(request: Request): number {
  const told = Number(request.get('Content-Length'));
  return Number.isFinite(told) && told >= 0 ? told : UNTOLD_LENGTH;
}
