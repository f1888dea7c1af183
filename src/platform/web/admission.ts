import type { NextFunction, Request, RequestHandler, Response } from 'express';
import { comeBack } from './come_back.js';
import type { DoorLimits } from './door_limits.js';
import { API_PATH, RESPONDENT_PATH } from './paths.js';

/** No work is behind these: files of ours from the disk, two words, one look into the database for all who ask at once. */
const FREE = /^\/+(assets|healthz|readyz)(\/|$)/;
const PICTURES = /^\/+(o|pictures|survey-pictures)(\/|$)/;
/** A body that does not tell its length counts as the longest that a page of respondents takes. */
const UNTOLD_LENGTH = 256_000;

/** Turns networks away that ask for too much, before anything is read of what they send. Programs have rules of their own. */
export function admission(limits: DoorLimits): RequestHandler {
  return (request, response, next) => {
    if (FREE.test(request.path) || API_PATH.test(request.originalUrl)) {
      next();
      return;
    }
    const wait = PICTURES.test(request.path) ? limits.pictures.take(request.ip) : waitForPage(limits, request);
    if (wait === 0) {
      next();
    } else {
      turnAway(limits, { request, response, next }, wait);
    }
  };
}

function waitForPage(limits: DoorLimits, request: Request): number {
  const wait = limits.requests.take(request.ip);
  const isPosted = request.method === 'POST' && RESPONDENT_PATH.test(request.path);
  return wait === 0 && isPosted ? limits.posted.take(request.ip, { count: lengthOf(request) }) : wait;
}

function lengthOf(request: Request): number {
  const told = Number(request.get('Content-Length'));
  return Number.isFinite(told) && told >= 0 ? told : UNTOLD_LENGTH;
}

function turnAway(
  limits: DoorLimits,
  { request, response, next }: { request: Request; response: Response; next: NextFunction },
  seconds: number,
): void {
  try {
    limits.refuse(request.ip, seconds);
  } catch (error) {
    if (RESPONDENT_PATH.test(request.path) || limits.mayDraw()) {
      next(error);
    } else {
      comeBack(request, response, seconds);
    }
  }
}
