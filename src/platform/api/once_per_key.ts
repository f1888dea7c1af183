import { createHash } from 'node:crypto';
import { type CallHandler, type ExecutionContext, Injectable, type NestInterceptor } from '@nestjs/common';
import type { Request } from 'express';
import { firstValueFrom, from, type Observable } from 'rxjs';
import type { Actor } from '../auth/actor.js';
import { Clock } from '../clock.js';
import { Database, type Unit } from '../db/database.js';
import { Invalid, WrongState } from '../errors.js';

const DAY_MS = 86_400_000;
const LONGEST_KEY = 255;
/** Headers that are parameters of a call as its body is. */
const ASKING = ['x-copy-source', 'x-copy-destination-owner'];

interface Kept {
  request_hash: Buffer;
  /** `{ requestId, notice, result }` as text: what is sent again is the same to the last byte. */
  body: string;
}

/** A POST with a key, and what it asks for. */
interface Keyed {
  actor: Actor;
  key: string;
  hash: Buffer;
}

/** By person and key, what runs in this process: whoever waits here holds no connection to the database. */
const running = new Map<string, Promise<unknown>>();

/**
 * A POST that names a key in `Idempotency-Key` happens once in 24 hours: sent again it is answered as it was the first
 * time. Key, parameters and answer are written in the transaction of the work itself, so either all of them are there or
 * nothing is, also after a crash; of several at once the others wait for the first. A refused call leaves no key behind.
 */
@Injectable()
export class OncePerKey implements NestInterceptor {
  constructor(
    private readonly database: Database,
    private readonly clock: Clock,
  ) {}

  intercept(context: ExecutionContext, next: CallHandler): Observable<unknown> {
    const request = context.switchToHttp().getRequest<Request>();
    const keyed = keyedCall(request);
    if (keyed === undefined) {
      return next.handle();
    }
    return from(this.inTurn(keyed, request, () => firstValueFrom(next.handle(), { defaultValue: undefined })));
  }

  private async inTurn(keyed: Keyed, request: Request, work: () => Promise<unknown>): Promise<unknown> {
    const place = `${keyed.actor.userId} ${keyed.key}`;
    while (running.has(place)) {
      await running.get(place);
    }
    const answer = this.once(keyed, request, work);
    running.set(
      place,
      answer.catch(() => undefined).finally(() => running.delete(place)),
    );
    return answer;
  }

  private async once(keyed: Keyed, request: Request, work: () => Promise<unknown>): Promise<unknown> {
    const { brandId } = keyed.actor;
    return this.database.host(brandId, async (unit) => {
      if (!(await this.claim(unit, keyed))) {
        return this.again(unit, keyed, request);
      }
      const result = await work();
      const body = JSON.stringify({ requestId: request.requestId, notice: request.notice, result });
      await unit.run(
        'UPDATE idempotency_keys SET status = 200, body = to_jsonb($3::text) WHERE user_id = $1 AND key = $2',
        [keyed.actor.userId, keyed.key, body],
      );
      return result;
    });
  }

  /** False where the key was used within a day. Of two at once the second waits here for the end of the first. */
  private async claim(unit: Unit, { actor, key, hash }: Keyed): Promise<boolean> {
    const now = this.clock.now();
    const before = new Date(now.getTime() - DAY_MS);
    await unit.run(
      `DELETE FROM idempotency_keys WHERE (user_id, key) IN (
         SELECT user_id, key FROM idempotency_keys WHERE created_at < $1 LIMIT 100 FOR UPDATE SKIP LOCKED)`,
      [before],
    );
    const taken = await unit.sql(
      `INSERT INTO idempotency_keys AS k (brand_id, user_id, key, request_hash, created_at) VALUES ($1, $2, $3, $4, $5)
       ON CONFLICT (brand_id, user_id, key) DO UPDATE SET request_hash = $4, status = NULL, body = NULL, created_at = $5
         WHERE k.created_at < $6 RETURNING key`,
      [actor.brandId, actor.userId, key, hash, now, before],
    );
    return taken.length > 0;
  }

  private async again(unit: Unit, { actor, key, hash }: Keyed, request: Request): Promise<unknown> {
    const kept = await unit.one<Kept>(
      'SELECT request_hash, body FROM idempotency_keys WHERE user_id = $1 AND key = $2',
      [actor.userId, key],
    );
    if (!kept.request_hash.equals(hash)) {
      throw new WrongState(
        'This Idempotency-Key was used within the last 24 hours for a call with other parameters; use a new key for a new call.',
        'IDEMPOTENCY_KEY_REUSED',
      );
    }
    const { requestId, notice, result } = JSON.parse(kept.body) as {
      requestId: string;
      notice?: string;
      result?: unknown;
    };
    Object.assign(request, { requestId, notice });
    return result;
  }
}

/** What a call with a key asks for; undefined for one without. */
function keyedCall(request: Request): Keyed | undefined {
  const key = request.method === 'POST' ? request.get('Idempotency-Key')?.trim() : undefined;
  const { actor } = request;
  if (key === undefined || actor === undefined) {
    return undefined;
  }
  if (key === '' || key.length > LONGEST_KEY) {
    throw new Invalid(`Idempotency-Key: 1 to ${LONGEST_KEY} characters, made anew for each call.`);
  }
  return { actor, key, hash: hashOf(request) };
}

/** What stands for a call's address, headers, body and file; the same for the same call. */
function hashOf(request: Request & { file?: { buffer: Buffer } | undefined }): Buffer {
  const asked = [request.originalUrl, ...ASKING.map((name) => request.get(name) ?? null), request.body as unknown];
  return createHash('sha256')
    .update(canonical(asked))
    .update(request.file?.buffer ?? Buffer.alloc(0))
    .digest();
}

/** The same text for the same values, in whatever order their names come. */
function canonical(value: unknown): string {
  try {
    return JSON.stringify(value, (_, part: unknown) =>
      typeof part === 'object' && part !== null && !Array.isArray(part)
        ? Object.fromEntries(Object.entries(part).sort(([left], [right]) => (left < right ? -1 : 1)))
        : part,
    );
  } catch (cause) {
    throw Object.assign(new Invalid('The body is nested too deeply.'), { cause });
  }
}
