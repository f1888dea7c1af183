import { Injectable } from '@nestjs/common';
import { mustBeAllowed } from '../brands/access.js';
import { AuditService } from '../brands/audit.service.js';
import { suppressIn } from '../contacts/contacts.service.js';
import type { Actor } from '../platform/auth/actor.js';
import { Clock } from '../platform/clock.js';
import { csvLine } from '../platform/csv_cells.js';
import { Database } from '../platform/db/database.js';
import { wireAddress } from '../platform/email_address.js';
import { Invalid } from '../platform/errors.js';
import { foreignWords } from '../platform/foreign/foreign_words.js';
import { foreignFile } from '../platform/foreign/foreign_file.js';
import { task } from '../platform/tasks/task.js';
import { TaskPool } from '../platform/tasks/task_pool.js';
import { writtenAddress } from '../platform/written_address.js';
import type { readSuppressions } from './read_suppressions.task.js';

export interface SuppressionRow {
  id: string;
  /** '' where its person was erased: only the hash is left. */
  address: string;
  reason: string;
  evidence: string;
  createdAt: Date;
  expiresAt: Date | null;
}

const PAGE = 50;
const EXPORT_PAGE = 5000;

const READ = task<typeof readSuppressions>(
  new URL('./read_suppressions.task.js', import.meta.url),
  'readSuppressions',
  {
    what: 'This file',
    field: 'file',
    seconds: 30,
  },
);

/** Shown while a message or a list of one's own still knows it; nobody stores it twice. */
const COLUMNS = `s.id, coalesce(nullif(s.address, ''), m.address, '') AS address, s.reason, s.evidence, s.created_at AS "createdAt",
  s.expires_at AS "expiresAt"`;
const TABLE =
  'suppressions s LEFT JOIN messages m ON m.brand_id = s.brand_id AND m.id = s.message_id AND m.contact_id IS NOT NULL';

/** Addresses that nothing goes to: looked for, added, released, brought in and taken out as files. */
@Injectable()
export class Suppressions {
  constructor(
    private readonly database: Database,
    private readonly clock: Clock,
    private readonly audit: AuditService,
    private readonly tasks: TaskPool,
  ) {}

  /** The newest first; or the one of an address. One row more than a page tells that there are more. */
  async page(
    actor: Actor,
    { address, before }: { address: string; before?: string | undefined },
  ): Promise<SuppressionRow[]> {
    mustBeAllowed(actor, 'directory:manage');
    return this.database.inBrand(actor.brandId, (unit) =>
      unit.sql<SuppressionRow>(
        `SELECT ${COLUMNS} FROM ${TABLE}
         WHERE s.channel = 'email' AND ($1 = '' OR s.address_hash = suppression_hash($1)) AND ($2::bigint IS NULL OR s.id < $2)
         ORDER BY s.brand_id DESC, s.id DESC LIMIT $3`,
        [address.trim(), before ?? null, PAGE + 1],
      ),
    );
  }

  /** @throws {Invalid} when it is no address */
  async add(actor: Actor, typed: string): Promise<void> {
    const address = wireAddress(writtenAddress(typed).address);
    if (address === undefined) {
      const message = 'This is not an e-mail address.';
      throw new Invalid(message, { address: message });
    }
    await this.addAll(actor, [address]);
  }

  /**
   * Takes the first address of each row of a CSV file, or one address a line.
   * @returns how many addresses were taken, and how many lines are none
   * @throws {Invalid} for what is no text
   */
  async bringIn(actor: Actor, file: Buffer): Promise<{ taken: number; refused: number }> {
    mustBeAllowed(actor, 'directory:manage');
    const why = file.length === 0 ? 'Choose a file with an address in each line.' : foreignFile(file.subarray(0, 4096));
    if (why !== undefined) {
      throw new Invalid(why);
    }
    const read = await this.tasks.run(READ, [file], actor.brandId);
    const addresses = read.addresses === '' ? [] : read.addresses.split('\n');
    await this.addAll(actor, addresses);
    return { taken: addresses.length, refused: read.refused };
  }

  async release(actor: Actor, id: string): Promise<void> {
    mustBeAllowed(actor, 'directory:manage');
    await this.database.inBrand(actor.brandId, async (unit) => {
      const row = await unit.one<{ hash: Buffer; reason: string }>(
        'DELETE FROM suppressions WHERE id = $1 RETURNING address_hash AS hash, reason',
        [id],
        'This address is not suppressed any more.',
      );
      // What spoke against it before is forgiven too, or the next soft failure would bring it back at once.
      await unit.run('DELETE FROM address_failures WHERE address_hash = $1', [row.hash]);
      await this.audit.record(unit, actor, 'suppression.release', `suppression ${id}`, {
        before: { reason: row.reason },
      });
    });
  }

  /** All of them as CSV, a page at a time: flat memory at any size. */
  async *lines(actor: Actor): AsyncGenerator<string> {
    mustBeAllowed(actor, 'directory:manage');
    await this.database.inBrand(actor.brandId, (unit) =>
      this.audit.record(unit, actor, 'suppression.export', 'suppressions'),
    );
    yield csvLine(['Email', 'Reason', 'Evidence', 'Since', 'Until']);
    let after = '0';
    for (;;) {
      const rows = await this.database.inBrand(actor.brandId, (unit) =>
        unit.sql<SuppressionRow>(
          `SELECT ${COLUMNS} FROM ${TABLE} WHERE s.channel = 'email' AND s.id > $1 ORDER BY s.brand_id, s.id LIMIT $2`,
          [after, EXPORT_PAGE],
        ),
      );
      yield rows
        .map((row) =>
          csvLine([
            row.address,
            row.reason,
            foreignWords(row.evidence),
            row.createdAt.toISOString(),
            row.expiresAt?.toISOString() ?? '',
          ]),
        )
        .join('');
      after = rows.at(-1)?.id ?? after;
      if (rows.length < EXPORT_PAGE) {
        return;
      }
    }
  }

  private async addAll(actor: Actor, addresses: readonly string[]): Promise<void> {
    mustBeAllowed(actor, 'directory:manage');
    const { brandId, userId } = actor;
    const at = this.clock.now();
    for (let from = 0; from < addresses.length; from += EXPORT_PAGE) {
      const some = addresses.slice(from, from + EXPORT_PAGE);
      await this.database.inBrand(brandId, async (unit) => {
        const [only] = some;
        if (some.length === 1 && only !== undefined) {
          await suppressIn(unit, brandId, {
            address: only,
            reason: 'administrator',
            at,
            addedBy: userId,
            keepsAddress: true,
          });
        } else {
          await unit.run(BRING_IN, [brandId, some, at, userId]);
        }
      });
    }
    await this.database.inBrand(brandId, (unit) =>
      this.audit.record(unit, actor, 'suppression.add', 'suppressions', { after: { count: addresses.length } }),
    );
  }
}

/** Those that are suppressed already keep their evidence. */
const BRING_IN = `
  INSERT INTO suppressions (brand_id, address_hash, channel, reason, created_at, added_by, address)
  SELECT $1, suppression_hash(address), 'email', 'administrator', $3, $4, lower(address) FROM unnest($2::text[]) AS address
  ON CONFLICT (brand_id, channel, address_hash) DO NOTHING`;
