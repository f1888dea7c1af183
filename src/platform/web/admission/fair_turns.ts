import { type CallHandler, type ExecutionContext, Injectable, type NestInterceptor } from '@nestjs/common';
import type { Request } from 'express';
import { defer, lastValueFrom, type Observable } from 'rxjs';
import { Config } from '../../config.js';
import { Turns } from '../../net/turns.js';
import { RESPONDENT_PATH } from '../paths.js';

const WAITING = { waiting: 4000, waitingOfNetwork: 1000 };

/**
 * Networks take turns at the pages of respondents, so that what one of them asks for at once does not stand in front of
 * everybody else. Stands behind the guards: who sends a slow body has no turn yet. A few connections to the database are
 * left for other work.
 */
@Injectable()
export class FairTurns implements NestInterceptor {
  private readonly turns: Turns;

  constructor({ DATABASE_POOL }: Config) {
    const atOnce = Math.max(2, DATABASE_POOL - 4);
    const words = 'Very many ask for this at the same moment. Come back in 5 s.';
    this.turns = new Turns({ atOnce, ofNetwork: Math.max(2, Math.floor(atOnce / 4)), ...WAITING, words, seconds: 5 });
  }

  intercept(context: ExecutionContext, next: CallHandler): Observable<unknown> {
    const request = context.switchToHttp().getRequest<Request>();
    return RESPONDENT_PATH.test(request.path)
      ? defer(() => this.turns.within(request.ip, () => lastValueFrom(next.handle(), { defaultValue: undefined })))
      : next.handle();
  }
}
