import {
  applyDecorators,
  type CallHandler,
  type ExecutionContext,
  HttpCode,
  Injectable,
  type NestInterceptor,
  UseInterceptors,
} from '@nestjs/common';
import type { NextFunction, Request, Response } from 'express';
import { map, type Observable } from 'rxjs';
import { API_PATH } from '../web/paths.js';
import { OncePerKey } from './once_per_key.js';

const PHRASES: Record<number, string> = {
  200: 'OK',
  400: 'Bad Request',
  401: 'Unauthorized',
  403: 'Forbidden',
  404: 'Not Found',
  408: 'Request Timeout',
  409: 'Conflict',
  413: 'Payload Too Large',
  415: 'Unsupported Media Type',
  429: 'Too Many Requests',
  500: 'Internal Server Error',
  503: 'Service Unavailable',
};

/** Codes of errors that carry none of their own, by status. */
const CODES: Record<number, string> = {
  400: 'BAD_REQUEST',
  401: 'AUTH_1',
  403: 'AUTH_6',
  404: 'NOT_FOUND',
  408: 'TIMEOUT',
  409: 'CONFLICT',
  413: 'TOO_LARGE',
  415: 'UNSUPPORTED_MEDIA_TYPE',
  429: 'RATE_LIMIT',
  503: 'UNAVAILABLE',
};

export function httpStatus(status: number): string {
  return `${status} - ${PHRASES[status] ?? 'Error'}`;
}

export function errorEnvelope(refusal: {
  status: number;
  message: string;
  code?: string | undefined;
  requestId?: string | undefined;
}): object {
  return {
    meta: {
      httpStatus: httpStatus(refusal.status),
      error: { errorMessage: refusal.message, errorCode: refusal.code ?? CODES[refusal.status] ?? 'INTERNAL' },
      requestId: refusal.requestId ?? '',
    },
  };
}

/** Clients compare the content type as a whole: answers to programs, refusals too, say `application/json` and no more. */
export function bareContentType(request: Request, response: Response, next: NextFunction): void {
  if (API_PATH.test(request.originalUrl)) {
    response.json = (body: unknown) => {
      response.setHeader('Content-Type', 'application/json');
      return response.send(Buffer.from(JSON.stringify(body)));
    };
  }
  next();
}

/** Wraps what an API controller returns: `{ result, meta }`, always 200; nothing returned leaves `result` out. */
@Injectable()
export class EnvelopeInterceptor implements NestInterceptor {
  intercept(context: ExecutionContext, next: CallHandler): Observable<unknown> {
    const request = context.switchToHttp().getRequest<Request>();
    return next.handle().pipe(
      map((result: unknown) => {
        // Read last: an answer that is given again keeps the id of the first.
        const { requestId = '', notice } = request;
        const meta = { httpStatus: httpStatus(200), requestId, ...(notice === undefined ? {} : { notice }) };
        return result === undefined ? { meta } : { result, meta };
      }),
    );
  }
}

/** On an API controller: answers in the envelope, and a POST with a key happens once. */
export const InEnvelope = (): MethodDecorator & ClassDecorator => UseInterceptors(EnvelopeInterceptor, OncePerKey);
/** On a method that makes something: every success is 200 (clients break on 201). */
export const Ok = (): MethodDecorator => applyDecorators(HttpCode(200));
