import type { Request, RequestHandler } from 'express';
import { type Ids, TOKEN_FORM } from '../../ids.js';
import { comeBack, type ComeBackPage } from '../session/come_back.js';
import type { DoorLimits } from './door_limits.js';
import { API_PATH, RESPONDENT_PATH } from '../paths.js';

/** No work is behind these: two words, and one look into the database for all who ask at once. Files of ours are served before. */
const FREE = /^\/(healthz|readyz)\/?$/;
const PICTURES = /^\/+(o|pictures|survey-pictures)(\/|$)/;
/** A body that does not tell its length counts as the longest that a page of respondents takes. */
const UNTOLD_LENGTH = 256_000;
/** What a page of ticks and a few sentences takes: only what is above is counted, or a crowd behind one address could not answer. */
const ORDINARY_LENGTH = 4000;

const OWN_LINK = new RegExp(`^/(s|u)/(${TOKEN_FORM})(?:/|$)`);

/** Turns networks away that ask for too much, before anything is read of what they send. Programs have rules of their own. */
export function admission(limits: DoorLimits, page: ComeBackPage, ids: Ids): RequestHandler {
  return (request, response, next) => {
    const wait = isOwnLink(limits, request, ids) ? 0 : waitFor(limits, request);
    if (wait === 0) {
      next();
      return;
    }
    if (!limits.mayDraw()) {
      limits.tell(request.ip ?? '');
      void limits.pause().then(() => comeBack(request, response, wait));
    } else if (RESPONDENT_PATH.test(request.path)) {
      limits.tell(request.ip ?? '');
      page.draw(request, response, wait).catch(next);
    } else {
      next(limits.refusal(request.ip, wait));
    }
  };
}

/**
 * A link that we made and gave to somebody has an allowance of its own, so that everybody in a company behind one address
 * can answer at the same moment, and a mail provider can press the opt-outs of all its people. Nobody can invent one;
 * what goes beyond it counts for the network.
 */
function isOwnLink(limits: DoorLimits, { path }: Request, ids: Ids): boolean {
  const [, door, token] = OWN_LINK.exec(path) ?? [];
  const link = token === undefined ? undefined : ids.readToken(door === 's' ? 'link' : 'opt-out', token);
  return link !== undefined && limits.ownLinks.take(door === 's' ? link : `u ${link}`) === 0;
}

function waitFor(limits: DoorLimits, request: Request): number {
  if (FREE.test(request.path) || API_PATH.test(request.originalUrl)) {
    return 0;
  }
  if (PICTURES.test(request.path)) {
    return limits.pictures.take(request.ip);
  }
  const wait = limits.requests.take(request.ip);
  if (wait > 0 || request.method !== 'POST' || !RESPONDENT_PATH.test(request.path)) {
    return wait;
  }
  const count = lengthOf(request) - ORDINARY_LENGTH;
  return count <= 0 ? 0 : limits.posted.take(request.ip, { count });
}

function lengthOf(request: Request): number {
  const told = Number(request.get('Content-Length'));
  return Number.isFinite(told) && told >= 0 ? told : UNTOLD_LENGTH;
}
