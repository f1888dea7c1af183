import { Injectable } from '@nestjs/common';
import { AuditService } from '../brands/audit.service.js';
import { DivisionsService } from '../brands/divisions.service.js';
import type { Actor } from '../platform/auth/actor.js';
import { Clock } from '../platform/clock.js';
import { Database, type Unit } from '../platform/db/database.js';
import { Invalid, NotFound } from '../platform/errors.js';
import { LibraryService } from './library.service.js';

/** Somebody with whom a message is shared or could be: a person, or everybody of a division. */
export interface Sharer {
  kind: 'person' | 'division';
  /** Number of the person or the division. */
  id: string;
  name: string;
  /** Of a person. */
  email: string;
}

const NAME = `coalesce(nullif(trim(u.first_name || ' ' || u.last_name), ''), u.email)`;
const NOBODY = 'Choose a person or a division of this brand.';

/** With whom a message of the library is shared, where that is not the whole brand. Its author and administrators share it. */
@Injectable()
export class LibrarySharesService {
  constructor(
    private readonly database: Database,
    private readonly clock: Clock,
    private readonly messageLibrary: LibraryService,
    private readonly divisions: DivisionsService,
    private readonly audit: AuditService,
  ) {}

  /** Divisions first, then people, each by name. */
  of(actor: Actor, messageId: string): Promise<Sharer[]> {
    return this.database.inBrand(actor.brandId, (unit) => this.ofIn(unit, actor, messageId));
  }

  /** As `of`, in a unit that is open. */
  async ofIn(unit: Unit, actor: Actor, messageId: string): Promise<Sharer[]> {
    await this.messageLibrary.changeable(unit, actor, messageId);
    return unit.sql<Sharer>(
      `SELECT 'division' AS kind, d.id, d.name, '' AS email FROM library_shares s
         JOIN divisions d ON d.brand_id = s.brand_id AND d.id = s.division_id WHERE s.message_id = $1
         UNION ALL
         SELECT 'person', u.id, ${NAME}, u.email FROM library_shares s
         JOIN users u ON u.brand_id = s.brand_id AND u.id = s.user_id WHERE s.message_id = $1
         ORDER BY kind, name, id`,
      [messageId],
    );
  }

  /** Divisions, and people who can sign in, with whom it could be shared. */
  async choices(actor: Actor, messageId: string): Promise<Sharer[]> {
    return this.database.inBrand(actor.brandId, async (unit) => {
      const { ownerId } = await this.messageLibrary.changeable(unit, actor, messageId);
      const people = await unit.sql<Sharer>(
        `SELECT 'person' AS kind, u.id, ${NAME} AS name, u.email FROM users u
         WHERE u.status <> 'disabled' AND u.id <> $1 ORDER BY u.last_name, u.first_name, u.id LIMIT 1000`,
        [ownerId],
      );
      const divisions = await this.divisions.listIn(unit);
      const shared = new Set((await this.ofIn(unit, actor, messageId)).map(({ kind, id }) => `${kind} ${id}`));
      const all: Sharer[] = [
        ...divisions.map(({ id, name }) => ({ kind: 'division' as const, id, name, email: '' })),
        ...people,
      ];
      return all.filter(({ kind, id }) => !shared.has(`${kind} ${id}`));
    });
  }

  /** Twice is once. @returns the name of whoever may use it now @throws {Invalid} for nobody of this brand */
  async share(actor: Actor, messageId: string, { kind, id }: Pick<Sharer, 'kind' | 'id'>): Promise<string> {
    return this.database.inBrand(actor.brandId, async (unit) => {
      await this.messageLibrary.changeable(unit, actor, messageId);
      const name = await nameOf(unit, { kind, id });
      if (name === undefined) {
        throw new Invalid(NOBODY, { with: NOBODY });
      }
      const made = await unit.run(
        `INSERT INTO library_shares (brand_id, message_id, user_id, division_id, shared_by, shared_at)
         VALUES ($1, $2, $3, $4, $5, $6) ON CONFLICT DO NOTHING`,
        [actor.brandId, messageId, ...places(kind, id), actor.userId, this.clock.now()],
      );
      if (made > 0) {
        await this.audit.record(unit, actor, 'library.share', `library message ${messageId}`, {
          after: { [kind]: name },
        });
      }
      return name;
    });
  }

  /** Their next request finds it no more. @returns the name @throws {NotFound} when it was not shared */
  async unshare(actor: Actor, messageId: string, { kind, id }: Pick<Sharer, 'kind' | 'id'>): Promise<string> {
    return this.database.inBrand(actor.brandId, async (unit) => {
      await this.messageLibrary.changeable(unit, actor, messageId);
      const name = (await nameOf(unit, { kind, id })) ?? '';
      const ended = await unit.run(
        `DELETE FROM library_shares WHERE message_id = $1
           AND user_id IS NOT DISTINCT FROM $2::bigint AND division_id IS NOT DISTINCT FROM $3::bigint`,
        [messageId, ...places(kind, id)],
      );
      if (ended === 0) {
        throw new NotFound('The message is not shared with them any more.');
      }
      await this.audit.record(unit, actor, 'library.unshare', `library message ${messageId}`, {
        before: { [kind]: name },
      });
      return name;
    });
  }
}

async function nameOf(unit: Unit, { kind, id }: Pick<Sharer, 'kind' | 'id'>): Promise<string | undefined> {
  const [row] = await unit.sql<{ name: string }>(
    kind === 'person'
      ? `SELECT ${NAME} AS name FROM users u WHERE u.id = $1`
      : 'SELECT name FROM divisions WHERE id = $1',
    [id],
  );
  return row?.name;
}

/** The columns of a share: person and division. */
function places(kind: Sharer['kind'], id: string): [string | null, string | null] {
  return kind === 'person' ? [id, null] : [null, id];
}
