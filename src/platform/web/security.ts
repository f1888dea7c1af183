import { randomBytes } from 'node:crypto';
import { type CallHandler, type ExecutionContext, type NestInterceptor, UseInterceptors } from '@nestjs/common';
import type { NextFunction, Request, RequestHandler, Response } from 'express';
import helmet from 'helmet';
import type { Observable } from 'rxjs';

/** A nonce and an id for each request, before anything else. */
export function marks(request: Request, response: Response, next: NextFunction): void {
  response.locals['nonce'] = randomBytes(16).toString('base64url');
  request.requestId = randomBytes(12).toString('hex');
  response.setHeader('X-Request-Id', request.requestId);
  next();
}

/**
 * Security headers of all pages. Scripts and styles come from us or carry the nonce; nothing is framed; forms go to
 * us. Pages whose address holds a token tell it to nobody (Referrer-Policy).
 */
export function headers(isSecure: boolean): RequestHandler {
  return helmet({
    contentSecurityPolicy: {
      useDefaults: false,
      directives: {
        'default-src': ["'none'"],
        'script-src': ["'self'", (_, response) => `'nonce-${nonceOf(response as unknown as Response)}'`],
        'style-src': ["'self'", (_, response) => `'nonce-${nonceOf(response as unknown as Response)}'`],
        'img-src': ["'self'", 'data:', 'https:'],
        'font-src': ["'self'"],
        'connect-src': ["'self'"],
        'frame-src': ["'self'"],
        'form-action': ["'self'"],
        'base-uri': ["'none'"],
        'frame-ancestors': ["'self'"],
        'manifest-src': ["'self'"],
        ...(isSecure ? { 'upgrade-insecure-requests': [] } : {}),
      },
    },
    referrerPolicy: { policy: 'no-referrer' },
    strictTransportSecurity: isSecure ? { maxAge: 31_536_000 } : false,
    xFrameOptions: { action: 'sameorigin' },
    // Over plain http browsers ignore these and warn in the console.
    originAgentCluster: isSecure,
    crossOriginOpenerPolicy: isSecure ? { policy: 'same-origin' } : false,
  });
}

class OwnPictures implements NestInterceptor {
  intercept(context: ExecutionContext, next: CallHandler): Observable<unknown> {
    const response = context.switchToHttp().getResponse<Response>();
    const policy = String(response.getHeader('Content-Security-Policy'));
    response.setHeader('Content-Security-Policy', policy.replace(/img-src [^;]*/, "img-src 'self' data:"));
    return next.handle();
  }
}

/**
 * For pages that show customers' words to respondents: whatever those words hold, the browser asks no other host for a
 * picture.
 */
export const WithoutForeignPictures = (): ClassDecorator & MethodDecorator => UseInterceptors(OwnPictures);

export function nonceOf(response: Response): string {
  return String(response.locals['nonce']);
}
