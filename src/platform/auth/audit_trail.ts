import type { Actor } from './actor.js';
import type { Unit } from '../db/database.js';
import type { AuditAction } from './audit_actions.js';

/** The number of whoever acts without being signed in: a stranger, or the operator on the command line. */
export const NOBODY = '0';

/** Who an entry names; a person who signs in is not an actor yet. */
export type Witness = Pick<Actor, 'brandId' | 'userId' | 'name' | 'address'>;

/**
 * Where acts are written down that somebody may ask about later. Implemented by brands, which own the log; modules
 * below them know only that there is one.
 */
export abstract class AuditTrail {
  /** Writes in the unit of the act, so that both stand or fall together. */
  abstract record(
    unit: Unit,
    who: Witness,
    action: AuditAction,
    subject: string,
    change?: { before?: object; after?: object },
  ): Promise<void>;
}
