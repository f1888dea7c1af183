import { createHash } from 'node:crypto';
import type { Request } from 'express';
import session from 'express-session';
import type { Clock } from '../../clock.js';
import type { Database } from '../../db/database.js';
import type { WayBack } from './way_back.js';

/** Milliseconds without a request after which a console session ends. */
export const IDLE_MS = 30 * 60_000;

/** Milliseconds after which it ends however busy it is: pages that ask for news by themselves never idle. */
export const LONGEST_MS = 12 * 3_600_000;

declare module 'express-session' {
  interface SessionData {
    brandId: string;
    userId: string;
    csrf: string;
    signedInAt: string;
    /** Who came by a link may choose a new password without the old one. */
    signedInBy: 'password' | 'link';
    /** `Firefox on Linux`, and where it asked from: so that people know their own sessions. */
    browser: string;
    address: string;
    flash: { kind: string; text: string }[];
    /** Where somebody goes on who left a page to get something for it. A session is of one person and one brand. */
    wayBack: WayBack;
  }
}

/** Sessions of requests that a page made by itself, without anybody at it. */
const unattended = new WeakSet<object>();

/** For pages that ask for news on and on: such a request does not put off the end of an idle session. */
export function leaveIdle(current: object): void {
  unattended.add(current);
}

const CHANGE = `UPDATE web_sessions SET brand_id = $2, user_id = $3, content = $4, expires_at = $5 WHERE id_hash = $1`;
const KEEP = `INSERT INTO web_sessions (id_hash, brand_id, user_id, content, expires_at, created_at) VALUES ($1, $2, $3, $4, $5, $6)
  ON CONFLICT (id_hash) DO UPDATE SET brand_id = $2, user_id = $3, content = $4, expires_at = $5`;

/**
 * Console sessions in PostgreSQL under the SHA-256 of their id: reading the table gives nobody a session, and a flush
 * of anything else signs nobody out. (connect-pg-simple keeps the id itself.)
 */
export class SessionStore extends session.Store {
  /** Sessions that are in the table already, or were when their request began. */
  private readonly kept = new WeakSet<object>();

  constructor(
    private readonly database: Database,
    private readonly clock: Clock,
  ) {
    super();
  }

  override createSession(request: Request, content: session.SessionData): session.Session & session.SessionData {
    const made = super.createSession(request, content);
    this.kept.add(made);
    return made;
  }

  override get(id: string, done: (error: unknown, session?: session.SessionData | null) => void): void {
    this.answer(done, async () => {
      const rows = await this.database.outsideBrands((unit) =>
        unit.prepared<{ content: session.SessionData }>(
          'session-get',
          'SELECT content FROM web_sessions WHERE id_hash = $1 AND expires_at > $2 AND created_at > $3',
          [hashed(id), this.clock.now(), new Date(this.clock.ms() - LONGEST_MS)],
        ),
      );
      return rows[0]?.content ?? null;
    });
  }

  /** A session that was ended while a request of it was under way stays ended: what is kept is only changed. */
  override set(id: string, content: session.SessionData, done?: (error?: unknown) => void): void {
    this.answer(done, async () => {
      const owner = [content.brandId ?? null, content.userId ?? null, content, this.end()];
      if (this.kept.has(content)) {
        await this.database.outsideBrands((unit) => unit.sql(CHANGE, [hashed(id), ...owner]));
      } else {
        await this.database.outsideBrands((unit) => unit.sql(KEEP, [hashed(id), ...owner, this.clock.now()]));
        this.kept.add(content);
      }
    });
  }

  override touch(id: string, content: session.SessionData, done?: (error?: unknown) => void): void {
    if (unattended.has(content)) {
      done?.();
      return;
    }
    this.answer(done, () =>
      this.database.outsideBrands((unit) =>
        // A page with live parts asks every second; the end moves in steps of a minute so that most requests write nothing.
        unit.prepared(
          'session-touch',
          "UPDATE web_sessions SET expires_at = $2 WHERE id_hash = $1 AND expires_at < $2::timestamptz - interval '1 minute'",
          [hashed(id), this.end()],
        ),
      ),
    );
  }

  override destroy(id: string, done?: (error?: unknown) => void): void {
    this.answer(done, () =>
      this.database.outsideBrands((unit) => unit.sql('DELETE FROM web_sessions WHERE id_hash = $1', [hashed(id)])),
    );
  }

  private end(): Date {
    return new Date(this.clock.ms() + IDLE_MS);
  }

  private answer<T>(done: ((error: unknown, value?: T) => void) | undefined, work: () => Promise<T>): void {
    work().then(
      (value) => done?.(null, value),
      (error: unknown) => done?.(error),
    );
  }
}

function hashed(id: string): Buffer {
  return createHash('sha256').update(id).digest();
}
