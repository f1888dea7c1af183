import {
  type ArgumentsHost,
  Catch,
  type ExceptionFilter,
  HttpException,
  Logger,
  ServiceUnavailableException,
} from '@nestjs/common';
import type { Request, Response } from 'express';
import { type Identification, PermissionIsOff } from '../auth/guard.js';
import { DomainError, Invalid, LimitReached, NotAllowed, NotFound, WrongState } from '../errors.js';
import { errorEnvelope } from '../api/envelope.js';
import { withoutTokens } from '../log.js';
import { addresses } from './addresses.js';
import { comeBack, type ComeBackPage } from './session/come_back.js';
import type { DoorLimits } from './admission/door_limits.js';
import { REQUIRED } from './form.js';
import { API_PATH, RESPONDENT_PATH } from './paths.js';
import { respondentWords } from './respondent_words.js';

/** What a person is told about a refusal. */
export interface Refusal {
  status: number;
  title: string;
  message: string;
  whom?: string | undefined;
  code?: string | undefined;
  requestId?: string | undefined;
  fields?: Record<string, string>;
}

/** What the driver says when PostgreSQL went away under a connection; such errors carry no code. */
const CONNECTION_LOST =
  /^timeout exceeded when trying to connect|^Connection terminated|not queryable|connection error and is not/;

const TITLES: Record<number, string> = {
  400: 'That request is not right',
  401: 'Sign in first',
  403: 'You may not do this',
  404: 'Not found',
  408: 'Too slow',
  409: 'Not possible right now',
  413: 'Too large',
  415: 'Not readable here',
  422: 'Please look at this again',
  429: 'Too much at once',
  503: 'Back in a moment',
};

/** Turns every error into a status and, by who asks, an API envelope, a part or a page. One place for all. */
@Catch()
export class ErrorFilter implements ExceptionFilter {
  private readonly log = new Logger('Errors');

  constructor(
    private readonly identification: Identification,
    private readonly comeBackPage: ComeBackPage,
    private readonly limits: DoorLimits,
  ) {}

  async catch(error: unknown, host: ArgumentsHost): Promise<void> {
    const request = host.switchToHttp().getRequest<Request>();
    const response = host.switchToHttp().getResponse<Response>();
    await this.identify(request);
    const refusal = {
      ...(isApi(request) ? refusalToProgram(error, request) : refusalOf(error, false)),
      ...(await this.whom(error, request)),
      requestId: request.requestId,
    };
    if (refusal.status >= 500) {
      this.log.error(
        `${request.method} ${withoutTokens(request.originalUrl)} ${request.requestId ?? ''}: ${String(error)}`,
        (error as Error).stack,
      );
    }
    if (response.headersSent) {
      response.end();
    } else if (isNoRoom(error) && RESPONDENT_PATH.test(request.path)) {
      await this.toComeBack(request, response, error instanceof LimitReached ? (error.retryAfter ?? 60) : 10);
    } else {
      await this.slowDown(request, error);
      answer(request, response, refusal, error);
    }
  }

  /** Programs that go on asking when they are refused, or without a token: no count of calls knows them. */
  private async slowDown(request: Request, error: unknown): Promise<void> {
    const isStranger = request.actor === undefined && isApi(request);
    if (isStranger && (error instanceof LimitReached || !this.limits.mayAnswerStranger())) {
      await this.limits.pause();
    }
  }

  private async toComeBack(request: Request, response: Response, seconds: number): Promise<void> {
    if (this.limits.mayDraw()) {
      await this.comeBackPage.draw(request, response, seconds);
    } else {
      await this.limits.pause();
      comeBack(request, response, seconds);
    }
  }

  /** Addresses without a route meet no guard; whoever is signed in still gets the refusal inside the console. */
  private async identify(request: Request): Promise<void> {
    if (request.actor !== undefined || request.session?.userId === undefined) {
      return;
    }
    const actor = await this.identification.identify(request).catch(() => undefined);
    if (actor !== undefined) {
      request.actor = actor;
    }
  }

  private async whom(thrown: unknown, { actor }: Request): Promise<{ whom?: string }> {
    if (!(thrown instanceof PermissionIsOff) || actor === undefined) {
      return {};
    }
    const whom = await this.identification.whomToAsk(actor).catch(() => thrown.whom);
    return whom === undefined ? {} : { whom };
  }
}

/** The status and words of any error; unknown ones tell nothing but their id. */
export function refusalOf(error: unknown, forApi: boolean): Refusal {
  if (error instanceof DomainError) {
    const status = statusOf(error, forApi);
    return {
      status,
      title: TITLES[status] ?? 'Not possible',
      message: error.message,
      code: error.code,
      ...(error instanceof NotAllowed ? { whom: error.whom } : {}),
      ...(error instanceof Invalid ? { fields: error.fields } : {}),
    };
  }
  const status = foreignStatus(error);
  return status < 500
    ? { status, title: TITLES[status] ?? 'Not possible', message: foreignMessage(status, error) }
    : {
        status,
        title: status === 503 ? TITLES[503]! : 'Something went wrong on our side',
        message: sorry(status, error),
      };
}

/** As `refusalOf`, in words for whoever reads the answer of a call: there is no page, nothing to sign in to and no "below". */
function refusalToProgram(error: unknown, request: Request): Refusal {
  const refusal = refusalOf(error, true);
  if (error instanceof DomainError) {
    return { ...refusal, message: withReasons(refusal) };
  }
  const call = `${request.method} ${withoutTokens(request.originalUrl.split('?', 1)[0]!)}`.slice(0, 200);
  const words: Record<number, Pick<Refusal, 'message' | 'code'>> = {
    401: { message: hasToken(request) ? TOKEN_UNKNOWN : TOKEN_MISSING },
    404: { message: `This call is not known here: ${call}`, code: 'UNKNOWN_CALL' },
    500: { message: 'Something went wrong on our side; nothing was changed. Tell your operator the requestId.' },
    503: {
      message: 'The database does not answer at the moment. Nothing was changed; send the call again in a minute.',
    },
  };
  return { ...refusal, ...(error instanceof ServiceUnavailableException ? {} : words[refusal.status]) };
}

/** Pages say the reasons beside the fields; where the message tells none of them, programs read them behind it. */
function withReasons({ message, fields = {} }: Refusal): string {
  const reasons = Object.values(fields).filter((reason) => reason !== REQUIRED);
  return reasons.some((reason) => message.includes(reason)) ? message : [message, ...reasons].join(' ');
}

const TOKEN_UNKNOWN =
  'This API token is not known: it is mistyped, has expired or was revoked, or its account is closed. Make a new one under “My account”.';
const TOKEN_MISSING =
  'This call needs an API token: send it in the header X-API-TOKEN, or as Authorization: Bearer. Tokens are made under “My account”.';

function hasToken(request: Request): boolean {
  return (request.get('X-API-TOKEN') ?? request.get('Authorization') ?? '').trim() !== '';
}

function statusOf(error: DomainError, forApi: boolean): number {
  if (error instanceof Invalid) {
    return forApi ? 400 : 422;
  }
  const statuses: [new (...words: never[]) => DomainError, number][] = [
    [NotFound, 404],
    [NotAllowed, 403],
    [WrongState, 409],
    [LimitReached, 429],
  ];
  return statuses.find(([kind]) => error instanceof kind)?.[1] ?? 400;
}

function foreignStatus(error: unknown): number {
  if (error instanceof HttpException) {
    return error.getStatus();
  }
  const { status, code } = error as { status?: unknown; code?: unknown };
  if (
    typeof code === 'string' &&
    /^(ECONNREFUSED|ECONNRESET|EPIPE|ENOTFOUND|EAI_AGAIN|57P0[123]|53300|080\d\d)$/.test(code)
  ) {
    return 503; // PostgreSQL is away or full: the request can be sent again
  }
  if (error instanceof Error && CONNECTION_LOST.test(error.message)) {
    return 503;
  }
  return typeof status === 'number' && status >= 400 && status < 500 ? status : 500;
}

function foreignMessage(status: number, error: unknown): string {
  if (status === 404) {
    return 'There is no such page.';
  }
  return (error as Error).message;
}

function sorry(status: number, error: unknown): string {
  if (error instanceof ServiceUnavailableException) {
    return error.message;
  }
  return status === 503
    ? 'The database does not answer at the moment. Nothing was lost; try again in a minute.'
    : 'Nothing was changed by this request. If it happens again, tell your operator the number below.';
}

/** There is no room for this network, or for anybody, and there will be. */
function isNoRoom(error: unknown): boolean {
  return error instanceof LimitReached || error instanceof ServiceUnavailableException;
}

function isApi(request: Request): boolean {
  return API_PATH.test(request.originalUrl);
}

function answer(request: Request, response: Response, refusal: Refusal, error: unknown): void {
  response.status(refusal.status);
  if (error instanceof LimitReached && error.retryAfter !== undefined) {
    response.setHeader('Retry-After', String(error.retryAfter));
  }
  if (refusal.status === 503) {
    response.setHeader('Retry-After', '10');
  }
  if (isApi(request)) {
    response.json(errorEnvelope(refusal));
  } else if (refusal.status === 401) {
    toSignIn(request, response);
  } else if (request.get('HX-Request-Type') === 'partial') {
    response.render('shared/_error', refusal);
  } else {
    const respondent = RESPONDENT_PATH.test(request.path);
    const layout = respondent ? 'layouts/public' : request.actor === undefined ? 'layouts/plain' : 'layouts/app';
    const words = respondent ? respondentWords(request, refusal.status) : {};
    response.render('shared/error', { ...refusal, ...words, layout, offersSignIn: layout === 'layouts/plain' });
  }
}

function toSignIn(request: Request, response: Response): void {
  const next = request.method === 'GET' ? `?next=${encodeURIComponent(request.originalUrl)}` : '';
  if (request.get('HX-Request') === 'true') {
    response.status(401).setHeader('HX-Redirect', addresses.accounts.signIn());
    response.end();
  } else {
    response.redirect(303, addresses.accounts.signIn() + next);
  }
}
