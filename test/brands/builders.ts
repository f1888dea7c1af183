import type { World } from '../world.js';

export interface AuditRow {
  action: string;
  actor: string;
  user_id: string | null;
  subject: string;
  before: Record<string, unknown> | null;
  after: Record<string, unknown> | null;
}

/** What the audit log of a brand says about one kind of act, oldest first. */
export async function auditEntries(world: World, brandId: string, action: string): Promise<AuditRow[]> {
  return world.database.inBrand(brandId, (unit) =>
    unit.sql<AuditRow>(
      'SELECT action, actor, user_id, subject, before, after FROM audit_entries WHERE action = $1 ORDER BY id',
      [action],
    ),
  );
}
