import { ConsoleLogger, type LogLevel } from '@nestjs/common';
import type { NextFunction, Request, Response } from 'express';
import type { Config } from './config.js';

const LEVELS: LogLevel[] = ['fatal', 'error', 'warn', 'log', 'debug', 'verbose'];

/** The framework's own report of every route at every start helps nobody who runs the product. */
const CHATTER = new Set(['InstanceLoader', 'RoutesResolver', 'RouterExplorer', 'NestFactory', 'NestApplication']);

/** One JSON line per event where programs read, plain lines in a terminal. Never bodies, addresses or tokens. */
export class Log extends ConsoleLogger {
  constructor(config: Config) {
    super({
      json: !process.stdout.isTTY,
      colors: process.stdout.isTTY,
      logLevels: LEVELS.slice(0, LEVELS.indexOf(config.LOG_LEVEL) + 1),
    });
  }

  override log(message: unknown, ...rest: unknown[]): void {
    if (!CHATTER.has(String(rest.at(-1)))) {
      (super.log as (...words: unknown[]) => void).call(this, message, ...rest);
    }
  }
}

/** One line per request once it is answered; tokens in paths are cut. */
export function requestLog(log: Pick<ConsoleLogger, 'log'>) {
  return (request: Request, response: Response, next: NextFunction): void => {
    const started = process.hrtime.bigint();
    response.once('finish', () => {
      if (!request.originalUrl.startsWith('/assets/')) {
        log.log({
          request: request.requestId,
          method: request.method,
          path: withoutTokens(request.originalUrl),
          status: response.statusCode,
          ms: Number((process.hrtime.bigint() - started) / 1_000_000n),
          brand: request.actor?.brandId,
          actor: request.actor?.userId,
        });
      }
    });
    next();
  };
}

/** The path of an address as logs may keep it: nothing that says whose link or whose walk it was. */
export function withoutTokens(url: string): string {
  return (url.split('?')[0] ?? '')
    .replace(/^\/+(s|u|o|preview)\/+.+/, '/$1/…')
    .replace(/^\/+a\/+([^/]+)\/+.+/, '/a/$1/…')
    .replace(/^\/+(sign-in\/+link)\/+[^/]+/, '/$1/…');
}
