import { createHash, randomBytes } from 'node:crypto';
import { Injectable } from '@nestjs/common';
import type { Actor } from '../platform/auth/actor.js';
import { AuditTrail, NOBODY, type Witness } from '../platform/auth/audit_trail.js';
import { Clock } from '../platform/clock.js';
import { Database, type Unit } from '../platform/db/database.js';

export interface ApiToken {
  id: string;
  name: string;
  prefix: string;
  createdAt: Date;
  lastUsedAt: Date | null;
  expiresAt: Date | null;
}

/** A token as the installation finds it again: ids only. */
export interface KeptToken {
  brandId: string;
  id: string;
  userId: string;
}

/** Whose token it is; commands know no name. */
type Owner = Pick<Actor, 'brandId' | 'userId'> & Partial<Pick<Actor, 'name' | 'address'>>;

const USE_STEP_MS = 60_000;
/** Tokens whose place is remembered in this process; what they may is asked each time. */
const SEEN_TOKENS = 10_000;
/** A program that goes on with a token that is none, or none any more, is answered out of memory for so long. */
const WRONG_MS = 30_000;
const WRONG_TOKENS = 10_000;

/** Tokens of people for programs: shown once, kept as SHA-256 with a visible prefix. */
@Injectable()
export class ApiTokensService {
  private readonly seen = new Map<string, KeptToken>();
  private readonly wrong = new Map<string, number>();

  constructor(
    private readonly database: Database,
    private readonly clock: Clock,
    private readonly trail: AuditTrail,
  ) {}

  /** Makes a token and returns it; it cannot be shown again. `given` is a token that the operator chose. */
  create(owner: Owner, name: string, given?: string): Promise<string> {
    return this.database.inBrand(owner.brandId, (unit) => this.createIn(unit, owner, name, given));
  }

  /** As `create`, in a unit that is open. */
  async createIn(unit: Unit, owner: Owner, name: string, given?: string): Promise<string> {
    // Forty characters: some clients assume that length.
    const token = given ?? `cv_${randomBytes(28).toString('base64url').slice(0, 37)}`;
    const added = await unit.run(
      `INSERT INTO api_tokens (brand_id, user_id, name, prefix, token_hash, created_at) VALUES ($1, $2, $3, $4, $5, $6)
         ON CONFLICT (token_hash) DO NOTHING`,
      [owner.brandId, owner.userId, name, token.slice(0, 7), digest(token), this.clock.now()],
    );
    this.wrong.delete(digest(token).toString('base64'));
    if (added > 0) {
      await this.trail.record(unit, witnessOf(owner), 'token.create', name, { after: { prefix: token.slice(0, 7) } });
    }
    return token;
  }

  /** The one token of this name is the one that the operator chose; those chosen before end. */
  async setFromEnvironment(owner: Owner, token: string): Promise<void> {
    const name = 'From the environment';
    await this.database.inBrand(owner.brandId, async (unit) => {
      await unit.run(
        `UPDATE api_tokens SET revoked_at = $4 WHERE user_id = $1 AND name = $2 AND token_hash <> $3 AND revoked_at IS NULL`,
        [owner.userId, name, digest(token), this.clock.now()],
      );
      await this.createIn(unit, owner, name, token);
    });
  }

  async ofUser(actor: Actor): Promise<ApiToken[]> {
    return this.database.inBrand(actor.brandId, (unit) =>
      unit.sql<ApiToken>(
        `SELECT id, name, prefix, created_at AS "createdAt", last_used_at AS "lastUsedAt", expires_at AS "expiresAt"
         FROM api_tokens WHERE user_id = $1 AND revoked_at IS NULL ORDER BY id`,
        [actor.userId],
      ),
    );
  }

  /** Withdraws a token at once. */
  async revoke(actor: Actor, id: string): Promise<{ name: string }> {
    return this.database.inBrand(actor.brandId, async (unit) => {
      const token = await unit.one<{ name: string; prefix: string }>(
        'UPDATE api_tokens SET revoked_at = $3 WHERE id = $1 AND user_id = $2 AND revoked_at IS NULL RETURNING name, prefix',
        [id, actor.userId, this.clock.now()],
        'There is no such token of yours.',
      );
      await this.trail.record(unit, actor, 'token.revoke', token.name, { before: { prefix: token.prefix } });
      return token;
    });
  }

  /** Whether this process has found the token before: then `find` asks nobody. */
  isSeen(token: string): boolean {
    return this.seen.has(digest(token).toString('base64'));
  }

  /** Whether this process has found a moment ago that the token does not hold. */
  isWrong(token: string): boolean {
    return (this.wrong.get(digest(token).toString('base64')) ?? 0) > this.clock.ms();
  }

  /** After a token was found not to hold. */
  forget(token: string): void {
    const place = digest(token).toString('base64');
    this.seen.delete(place);
    if (this.wrong.size >= WRONG_TOKENS) {
      this.wrong.clear();
    }
    this.wrong.set(place, this.clock.ms() + WRONG_MS);
  }

  /** Where a token is kept, or undefined for one that was never given out; `use` says whether it still holds. */
  async find(token: string): Promise<KeptToken | undefined> {
    const hash = digest(token);
    const place = hash.toString('base64');
    const known = this.seen.get(place);
    const found = known ?? (await this.lookedUp(hash));
    if (found !== undefined) {
      this.seen.delete(place);
      this.seen.set(place, found);
      if (this.seen.size > SEEN_TOKENS) {
        this.seen.delete(this.seen.keys().next().value!);
      }
    }
    return found;
  }

  /** Notes the use of a token. @returns false for one that expired or was withdrawn */
  async use(unit: Unit, token: KeptToken): Promise<boolean> {
    const now = this.clock.now();
    const [row] = await unit.prepared<{ lastUsedAt: Date | null }>(
      'use-api-token',
      `SELECT last_used_at AS "lastUsedAt" FROM api_tokens
         WHERE id = $1 AND revoked_at IS NULL AND (expires_at IS NULL OR expires_at > $2)`,
      [token.id, now],
    );
    if (row !== undefined && now.getTime() - (row.lastUsedAt?.getTime() ?? 0) > USE_STEP_MS) {
      await unit.sql('UPDATE api_tokens SET last_used_at = $2 WHERE id = $1', [token.id, now]);
    }
    return row !== undefined;
  }

  private async lookedUp(hash: Buffer): Promise<KeptToken | undefined> {
    const [found] = await this.database.outsideBrands((unit) =>
      unit.prepared<KeptToken>(
        'find-api-token',
        'SELECT brand_id AS "brandId", token_id AS id, user_id AS "userId" FROM find_api_token($1)',
        [hash],
      ),
    );
    return found;
  }
}

/** The operator's commands make tokens of people, who did nothing themselves. */
function witnessOf({ brandId, userId, name, address }: Owner): Witness {
  return name === undefined
    ? { brandId, userId: NOBODY, name: 'Canvass' }
    : { brandId, userId, name, ...(address === undefined ? {} : { address }) };
}

function digest(token: string): Buffer {
  return createHash('sha256').update(token).digest();
}
