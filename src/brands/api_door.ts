import { Injectable } from '@nestjs/common';
import type { Request } from 'express';
import { ApiTokensService, type KeptToken } from '../accounts/api_tokens.service.js';
import { DoorLimits } from '../platform/web/admission/door_limits.js';
import { endpointOf } from './api_endpoints.js';
import { ApiRates } from './api_rates.js';

/**
 * Lets programs in by their tokens, so many a minute. Tokens that this process has seen are counted without a look into
 * the database; of others, wrong ones are counted by network, and a network that has spent its wrong ones waits. The same
 * wrong one again is counted once: a forgotten program does not shut out its neighbours.
 */
@Injectable()
export class ApiDoor {
  private readonly counted = new WeakSet<Request>();

  constructor(
    private readonly tokens: ApiTokensService,
    private readonly rates: ApiRates,
    private readonly limits: DoorLimits,
  ) {}

  /** Where a token is kept; undefined for none of ours. @throws {LimitReached} */
  async find(token: string, request: Request): Promise<KeptToken | undefined> {
    if (this.tokens.isWrong(token)) {
      return undefined;
    }
    if (!this.tokens.isSeen(token)) {
      this.limits.mustHaveMisses(request.ip);
    }
    const kept = await this.tokens.find(token);
    if (kept === undefined) {
      this.tokens.forget(token);
      this.limits.miss(request.ip);
    } else if (!this.counted.has(request)) {
      this.counted.add(request);
      this.rates.admit(callerOf(kept), endpointOf(request.method, request.path));
    }
    return kept;
  }

  /** A token that was withdrawn uses nothing of its brand up, and counts as a wrong one. @throws {LimitReached} */
  turnOut(token: string, kept: KeptToken, request: Request): void {
    this.tokens.forget(token);
    if (this.counted.delete(request)) {
      this.rates.giveBack(callerOf(kept), endpointOf(request.method, request.path));
    }
    this.limits.miss(request.ip);
  }
}

function callerOf({ brandId, id }: KeptToken): { brandId: string; tokenId: string } {
  return { brandId, tokenId: id };
}
