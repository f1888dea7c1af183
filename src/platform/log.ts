import { ConsoleLogger, type LogLevel } from '@nestjs/common';
import type { NextFunction, Request, Response } from 'express';
import type { Config } from './config.js';
import { foreignText, plainJson } from './foreign/foreign_words.js';

/** No line of a log is longer where people read it. */
const LONGEST = 20_000;
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

  /** Words of strangers are in messages and in errors: none of them steers a terminal or hides from a reader. */
  protected override stringifyMessage(message: unknown, level: LogLevel): string {
    const words = this.resolveMessage(message);
    return super.stringifyMessage(typeof words === 'string' ? foreignText(words, LONGEST) : words, level);
  }

  protected override printStackTrace(stack: string): void {
    super.printStackTrace(stack ? foreignText(stack, LONGEST) : stack);
  }

  protected override stringifyJsonLogObject(logObject: Record<string, unknown>): string {
    return plainJson(super.stringifyJsonLogObject(logObject));
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
