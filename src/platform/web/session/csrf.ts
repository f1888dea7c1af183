import { randomBytes, timingSafeEqual } from 'node:crypto';
import type { NextFunction, Request, RequestHandler, Response } from 'express';
import { cookieOf } from './cookies.js';
import { PATH_WITHOUT_SESSION } from '../paths.js';

const SAFE = new Set(['GET', 'HEAD', 'OPTIONS']);

/** What the check is made with. */
export interface FormSeal {
  ourOrigin: string;
  /** Whether cookies are for https alone; then no other host of our domain can plant one (`__Host-`). */
  isSecure: boolean;
  /** Seals what a browser's cookie holds; asked with a request, never before the keys are open. */
  seal(text: string): string;
}

/**
 * Tells requests that another site's page sent for a person: first by what the browser says of where the request came
 * from, then by a token that only our pages know. Whoever is signed in has it in the session. A visitor's is the seal of
 * a cookie that a drawn form sets, so that visitors keep no row here, whatever they ask for.
 * The guard of bodies refuses what is not ours.
 */
export function csrf(form: FormSeal): RequestHandler {
  return (request: Request, response: Response, next: NextFunction): void => {
    if (PATH_WITHOUT_SESSION.test(request.path)) {
      next();
      return;
    }
    let token: string | undefined;
    request.formToken = () => (token ??= request.session?.csrf ?? tokenOfVisitor(request, response, form));
    request.formProof = () => {
      if (SAFE.has(request.method)) {
        return 'ours';
      }
      return isOurPage(request, form.ourOrigin) ? (hasToken(request, form) ? 'ours' : 'unproven') : 'foreign';
    };
    next();
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

function hasToken(request: Request, form: FormSeal): boolean {
  const body = request.body as Record<string, unknown> | undefined;
  const given = request.get('X-CSRF-Token') ?? body?.['_csrf'] ?? request.query['_csrf'];
  const expected = Buffer.from(expectedToken(request, form) ?? '');
  const offered = Buffer.from(typeof given === 'string' ? given : '');
  return expected.length > 0 && offered.length === expected.length && timingSafeEqual(offered, expected);
}

function expectedToken(request: Request, form: FormSeal): string | undefined {
  const mark = markOf(request, form);
  return request.session.csrf ?? (mark === undefined ? undefined : sealed(mark, form));
}

/** The token of a browser that nobody is signed in with; the first form that is drawn for it sets the cookie. */
function tokenOfVisitor(request: Request, response: Response, form: FormSeal): string {
  const known = markOf(request, form);
  const mark = known ?? randomBytes(24).toString('base64url');
  if (known === undefined && !response.headersSent) {
    response.cookie(cookieName(form), mark, { httpOnly: true, sameSite: 'lax', secure: form.isSecure, path: '/' });
  }
  return sealed(mark, form);
}

function markOf(request: Request, form: FormSeal): string | undefined {
  const mark = cookieOf(request, cookieName(form));
  return mark !== undefined && /^[\w-]{32}$/.test(mark) ? mark : undefined;
}

function cookieName({ isSecure }: FormSeal): string {
  return isSecure ? '__Host-form' : 'form';
}

function sealed(mark: string, form: FormSeal): string {
  return form.seal(`form|${mark}`);
}
