import { Logger } from '@nestjs/common';
import type { NestExpressApplication } from '@nestjs/platform-express';
import type { NextFunction, Request, Response } from 'express';
import type express from 'express';
import session from 'express-session';
import { bareContentType } from '../api/envelope.js';
import { Identification } from '../auth/guard.js';
import { Clock } from '../clock.js';
import { Config } from '../config.js';
import { Database } from '../db/database.js';
import { Ids } from '../ids.js';
import { Keys } from '../keys.js';
import { requestLog } from '../log.js';
import { Assets } from './assets.js';
import { unreadBodies } from './bodies/unread_bodies.js';
import { cleanInput } from './clean_input.js';
import { csrf, type FormSeal } from './session/csrf.js';
import { ErrorFilter } from './error_filter.js';
import { takeFlash } from './session/flash.js';
import { admission } from './admission/admission.js';
import { DoorLimits } from './admission/door_limits.js';
import { ComeBackPage } from './session/come_back.js';
import { API_PATH, PATH_WITHOUT_SESSION, RESPONDENT_PATH } from './paths.js';
import { headers, marks, nonceOf } from './security.js';
import { savedRedirects } from './saved_redirects.js';
import { SessionStore } from './session/session_store.js';
import { Views } from './views.js';
import { shownWayBack } from './session/way_back.js';

/**
 * Everything between the socket and the guards, in order. None of it reads a body: routes say what they take, and the
 * guard of bodies reads that once it is known who may.
 */
export function setUpWeb(app: NestExpressApplication): void {
  const config = app.get(Config);
  const server = app.getHttpAdapter().getInstance();
  const assets = new Assets();
  app.set('trust proxy', config.TRUST_PROXY);
  app.disable('x-powered-by');
  app.set('query parser', 'simple');
  if (config.LOG_LEVEL !== 'error' && config.LOG_LEVEL !== 'warn') {
    server.use(requestLog(new Logger('Request')));
  }
  server.use(originForm, unreadBodies, marks, headers(config.isSecure), withoutDoubleSlashes, bareContentType);
  // Before anything that may refuse: refusals are pages too.
  server.use(pageContext(config, assets));
  app.get(Views).install(server);
  if (!config.runsWeb) {
    server.use(healthOnly);
  }
  assets.serve(server);
  server.use(withoutCache, admission(app.get(DoorLimits), app.get(ComeBackPage), app.get(Ids)));
  if (config.isSecure) {
    server.use(byHttps);
  }
  server.use(
    unlessOnPath(
      PATH_WITHOUT_SESSION,
      lazily(() => consoleSession(app)),
    ),
  );
  server.use(cleanInput, savedRedirects, csrf(formSeal(app)));
  app.useGlobalFilters(new ErrorFilter(app.get(Identification), app.get(ComeBackPage), app.get(DoorLimits)));
}

/** A worker or scheduler answers its supervisor and nobody else. */
function healthOnly(request: Request, response: Response, next: NextFunction): void {
  if (/^\/(healthz|readyz)$/.test(request.path)) {
    next();
  } else {
    response.status(404).type('text').send('This process serves no pages: its ROLE is not web.\n');
  }
}

function consoleSession(app: NestExpressApplication): express.RequestHandler {
  const config = app.get(Config);
  return session({
    store: new SessionStore(app.get(Database), app.get(Clock)),
    secret: app.get(Keys).mac('cookie', 'session'),
    name: config.isSecure ? '__Host-sid' : 'sid',
    resave: false,
    saveUninitialized: false,
    cookie: { httpOnly: true, sameSite: 'lax', secure: config.isSecure, path: '/' },
  });
}

function formSeal(app: NestExpressApplication): FormSeal {
  const { baseUrl, isSecure } = app.get(Config);
  return { ourOrigin: new URL(baseUrl).origin, isSecure, seal: (text) => app.get(Keys).mac('cookie', text) };
}

/** Made with the first request: the middleware is mounted before the keys are open. */
function lazily(make: () => express.RequestHandler): express.RequestHandler {
  let made: express.RequestHandler | undefined;
  return (request, response, next) => {
    made ??= make();
    void made(request, response, next);
  };
}

/** Pages and answers hold people's names, answers and tokens: no cache keeps them, nor the browser after a sign-out. */
function withoutCache(_request: Request, response: Response, next: NextFunction): void {
  response.setHeader('Cache-Control', 'no-store');
  next();
}

/** Over https every visitor came by https, whatever the last hop to us was: Secure cookies may be set. */
function byHttps(request: Request, _response: Response, next: NextFunction): void {
  Object.defineProperty(request, 'secure', { value: true, configurable: true });
  next();
}

/** `POST http://host/API/v3/surveys`, as to a proxy (RFC 9112 §3.2.2), is the same request as `/API/v3/surveys`. */
function originForm(request: Request, _response: Response, next: NextFunction): void {
  const rest = /^https?:\/\/[^/?#]*(.*)$/is.exec(request.url)?.[1];
  if (rest !== undefined) {
    request.url = rest.startsWith('/') ? rest : `/${rest}`;
    request.originalUrl = request.url;
  }
  next();
}

/** Clients of the API write `/API/v3//surveys`; they are answered, never redirected (a redirected POST is lost). */
function withoutDoubleSlashes(request: Request, _response: Response, next: NextFunction): void {
  if (API_PATH.test(request.url)) {
    const [path = '', query] = request.url.split(/\?(.*)/s);
    const tidy = path.replace(/\/{2,}/g, '/').replace(/(?<=.)\/$/, '');
    request.url = query === undefined ? tidy : `${tidy}?${query}`;
  }
  next();
}

function unlessOnPath(path: RegExp, middleware: express.RequestHandler): express.RequestHandler {
  return (request, response, next) => {
    if (path.test(request.path)) {
      next();
    } else {
      void middleware(request, response, next);
    }
  };
}

function pageContext(config: Config, assets: Assets): express.RequestHandler {
  return (request, response, next) => {
    const isRespondent = RESPONDENT_PATH.test(request.path);
    response.locals['layout'] = isRespondent ? 'layouts/public' : 'layouts/app';
    const devMailbox = config.keepsMails;
    let me: object | undefined;
    response.locals['pageContext'] = {
      nonce: nonceOf(response),
      // Asked for where a form is drawn and nowhere else: for visitors that sets a cookie.
      csrf: { toString: () => request.formToken?.() ?? '' },
      path: request.path,
      devMailbox,
      takeFlash: () => takeFlash(request),
      wayBack: () => shownWayBack(request),
      // Parts copy the context, so what is read here is read for every part.
      get me() {
        me ??= meOf(request);
        return me;
      },
      respondCss: isRespondent ? assets.text('respond.css') : '',
    };
    next();
  };
}

function meOf({ actor }: Request): object | undefined {
  if (actor === undefined) {
    return undefined;
  }
  const can = Object.fromEntries([...actor.permissions].map((permission) => [permission, true]));
  return { ...actor, can, isAdministrator: actor.permissions.has('brand:admin') };
}
