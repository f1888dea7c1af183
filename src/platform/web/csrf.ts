import { randomBytes, timingSafeEqual } from 'node:crypto';
import type { NextFunction, Request, RequestHandler, Response } from 'express';
import { NotAllowed } from '../errors.js';
import { PATH_WITHOUT_SESSION } from './paths.js';

const SAFE = new Set(['GET', 'HEAD', 'OPTIONS']);

/**
 * Refuses requests that another site's page sent for a signed-in person: first by what the browser says of where the
 * request came from, then by a token of the session that only our pages know.
 */
export function csrf(ourOrigin: string): RequestHandler {
  return (request: Request, _response: Response, next: NextFunction): void => {
    if (PATH_WITHOUT_SESSION.test(request.path)) {
      next();
      return;
    }
    request.session.csrf ??= randomBytes(24).toString('base64url');
    request.csrfToken = request.session.csrf;
    if (SAFE.has(request.method) || (isOurPage(request, ourOrigin) && hasToken(request))) {
      next();
    } else {
      next(
        new NotAllowed('This form is too old or came from another site. Go back, reload the page and send it again.'),
      );
    }
  };
}

function isOurPage(request: Request, ourOrigin: string): boolean {
  const site = request.get('Sec-Fetch-Site');
  if (site !== undefined) {
    return site === 'same-origin' || site === 'none';
  }
  const origin = request.get('Origin');
  return origin === undefined || origin === ourOrigin || origin === `${request.protocol}://${request.get('Host')}`;
}

function hasToken(request: Request): boolean {
  const body = request.body as Record<string, unknown> | undefined;
  const given = request.get('X-CSRF-Token') ?? body?.['_csrf'] ?? request.query['_csrf'];
  const expected = Buffer.from(request.session.csrf ?? '');
  const offered = Buffer.from(typeof given === 'string' ? given : '');
  return offered.length === expected.length && timingSafeEqual(offered, expected);
}
