import { Injectable } from '@nestjs/common';
import type { Actor } from '../platform/auth/actor.js';
import type { AuditAction } from '../platform/auth/audit_actions.js';
import { AuditTrail, NOBODY, type Witness } from '../platform/auth/audit_trail.js';
import { Clock } from '../platform/clock.js';
import { Database, type Unit } from '../platform/db/database.js';
import { mustBeAllowed } from './access.js';

export interface AuditEntry {
  id: string;
  at: Date;
  actor: string;
  action: string;
  subject: string;
  before: Record<string, unknown> | null;
  after: Record<string, unknown> | null;
  address: string | null;
}

export { difference } from './difference.js';

/** Who did what, before and after. Append-only: the application role may not change or delete entries. */
@Injectable()
export class AuditService extends AuditTrail {
  constructor(
    private readonly database: Database,
    private readonly clock: Clock,
  ) {
    super();
  }

  /**
   * The newest entries, or those before one of them; the primary key gives them in this order.
   * @returns one more than `size` where there are more
   */
  async page(actor: Actor, before: string | undefined, size: number): Promise<AuditEntry[]> {
    mustBeAllowed(actor, 'audit:view');
    return this.database.inBrand(actor.brandId, (unit) =>
      unit.sql<AuditEntry>(
        `SELECT id, at, actor, action, subject, before, after, address FROM audit_entries
         WHERE brand_id = $1 AND ($2::bigint IS NULL OR id < $2) ORDER BY id DESC LIMIT $3`,
        [actor.brandId, before ?? null, size + 1],
      ),
    );
  }

  /** Writes in the unit of the act, so that both stand or fall together. */
  override async record(
    unit: Unit,
    actor: Witness,
    action: AuditAction,
    subject: string,
    change: { before?: object; after?: object } = {},
  ): Promise<void> {
    await unit.sql(
      `INSERT INTO audit_entries (brand_id, at, user_id, actor, action, subject, before, after, address)
         VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9)`,
      [
        actor.brandId,
        this.clock.now(),
        actor.userId === NOBODY ? null : actor.userId,
        actor.name,
        action,
        subject,
        change.before ?? null,
        change.after ?? null,
        actor.address ?? null,
      ],
    );
  }
}
