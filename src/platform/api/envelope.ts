import {
  applyDecorators,
  type CallHandler,
  type ExecutionContext,
  HttpCode,
  Injectable,
  type NestInterceptor,
  UseInterceptors,
} from '@nestjs/common';
import type { Request } from 'express';
import { map, type Observable } from 'rxjs';

const PHRASES: Record<number, string> = {
  200: 'OK',
  400: 'Bad Request',
  401: 'Unauthorized',
  403: 'Forbidden',
  404: 'Not Found',
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

/** Wraps what an API controller returns: `{ result, meta }`, always 200; nothing returned leaves `result` out. */
@Injectable()
export class EnvelopeInterceptor implements NestInterceptor {
  intercept(context: ExecutionContext, next: CallHandler): Observable<unknown> {
    const { requestId } = context.switchToHttp().getRequest<Request>();
    const meta = { httpStatus: httpStatus(200), requestId: requestId ?? '' };
    return next.handle().pipe(map((result: unknown) => (result === undefined ? { meta } : { result, meta })));
  }
}

/** On a method of an API controller: every success is 200 in the envelope (clients break on 201). */
export const InEnvelope = (): MethodDecorator & ClassDecorator => UseInterceptors(EnvelopeInterceptor);
export const Ok = (): MethodDecorator => applyDecorators(HttpCode(200));
