import { Injectable } from '@nestjs/common';
import { AuditTrail, type Witness } from '../platform/auth/audit_trail.js';
import { Clock } from '../platform/clock.js';
import { Database } from '../platform/db/database.js';

/** Who did what, before and after. Append-only: the application role may not change or delete entries. */
@Injectable()
export class AuditService extends AuditTrail {
  constructor(
    private readonly database: Database,
    private readonly clock: Clock,
  ) {
    super();
  }

  /** Writes in the unit of work that is open, so that an act and its entry stand or fall together. */
  override async record(
    actor: Witness,
    action: string,
    subject: string,
    change: { before?: object; after?: object } = {},
  ): Promise<void> {
    await this.database.inBrand(actor.brandId, (unit) =>
      unit.sql(
        `INSERT INTO audit_entries (brand_id, at, user_id, actor, action, subject, before, after, address)
         VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9)`,
        [
          actor.brandId,
          this.clock.now(),
          actor.userId === '0' ? null : actor.userId,
          actor.name,
          action,
          subject,
          change.before ?? null,
          change.after ?? null,
          actor.address ?? null,
        ],
      ),
    );
  }
}
