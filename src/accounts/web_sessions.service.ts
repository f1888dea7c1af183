import { createHash } from 'node:crypto';
import { Injectable } from '@nestjs/common';
import { Clock } from '../platform/clock.js';
import { Database } from '../platform/db/database.js';
import { SignInPlaces } from './sign_in_places.js';
import { IDLE_MS, LONGEST_MS } from '../platform/web/session/session_store.js';

/** A browser in which a person is signed in. */
export interface WebSession {
  isThis: boolean;
  signedInAt: Date;
  /** Known to the minute: most requests write nothing. */
  activeAt: Date;
  browser: string;
  address: string;
}

const DAY_MS = 86_400_000;
/** Browsers that one person is signed in with at once. */
const MOST_OPEN = 50;

/** The browsers that a person is signed in with. */
@Injectable()
export class WebSessionsService {
  constructor(
    private readonly database: Database,
    private readonly clock: Clock,
    private readonly places: SignInPlaces,
  ) {}

  /** @param thisId the id of the session that asks, as its browser holds it */
  async of(userId: string, thisId: string): Promise<WebSession[]> {
    const rows = await this.database.outsideBrands((unit) =>
      unit.sql<WebSession & { endsAt: Date }>(
        `SELECT id_hash = $2 AS "isThis", created_at AS "signedInAt", expires_at AS "endsAt",
                coalesce(content->>'browser', '') AS browser, coalesce(content->>'address', '') AS address
         FROM web_sessions WHERE user_id = $1 AND expires_at > $3 AND created_at > $4 ORDER BY id_hash = $2 DESC, expires_at DESC LIMIT $5`,
        [userId, digest(thisId), this.clock.now(), this.oldest(), MOST_OPEN],
      ),
    );
    return rows.map(({ endsAt, ...session }) => ({ ...session, activeAt: new Date(endsAt.getTime() - IDLE_MS) }));
  }

  /** Ends a person's sessions at once, all or all but one. @returns how many ended */
  async end(userId: string, exceptId?: string): Promise<number> {
    const kept = exceptId === undefined ? Buffer.alloc(0) : digest(exceptId);
    return this.database.outsideBrands((unit) =>
      unit.run('DELETE FROM web_sessions WHERE user_id = $1 AND id_hash <> $2', [userId, kept]),
    );
  }

  /** Ends what is too much: who signs in again and again keeps the newest browsers. */
  async endOldest(userId: string): Promise<void> {
    await this.database.outsideBrands((unit) =>
      unit.run(
        `DELETE FROM web_sessions WHERE id_hash IN
           (SELECT id_hash FROM web_sessions WHERE user_id = $1 ORDER BY created_at DESC, id_hash OFFSET $2)`,
        [userId, MOST_OPEN],
      ),
    );
  }

  /** Forgets sessions that ended and wrong tries that are long past. */
  async forgetEnded(): Promise<void> {
    const now = this.clock.now();
    await this.database.outsideBrands(async (unit) => {
      await unit.run('DELETE FROM web_sessions WHERE expires_at < $1 OR created_at < $2', [now, this.oldest()]);
      await unit.run('DELETE FROM sign_in_failures WHERE last_at < $1', [new Date(now.getTime() - DAY_MS)]);
    });
    await this.places.forgetOld();
  }

  private oldest(): Date {
    return new Date(this.clock.ms() - LONGEST_MS);
  }
}

function digest(id: string): Buffer {
  return createHash('sha256').update(id).digest();
}
