import { Injectable } from '@nestjs/common';
import { mustBeAllowed } from '../../brands/access.js';
import { AuditService } from '../../brands/audit.service.js';
import type { Actor } from '../../platform/auth/actor.js';
import { Clock } from '../../platform/clock.js';
import { Bindings } from '../../platform/db/bindings.js';
import { Database, type Unit } from '../../platform/db/database.js';
import { Invalid } from '../../platform/errors.js';
import { SegmentConditions, type SegmentTree, unfitPartsOf } from './segment_conditions.js';

export interface Segment {
  id: string;
  name: string;
  tree: SegmentTree;
  ownerId: string;
  ownerName: string;
  modifiedAt: Date;
}

/** Somebody whom a segment means, as a preview shows them. */
export interface SegmentMember {
  id: string;
  firstName: string;
  lastName: string;
  email: string;
  phone: string;
  extRef: string;
  language: string;
  embedded: Record<string, string>;
  optedOutAt: Date | null;
}

export interface SegmentPreview {
  /** At most `MOST_COUNTED`; when it is that, there may be more. */
  count: number;
  members: SegmentMember[];
}

export const MOST_COUNTED = 100_000;
export const MOST_SEGMENTS = 500;
const SHOWN = 10;
const MISSING = 'There is no such segment.';
const CONDITIONS = new SegmentConditions();
const ROW = `g.id, g.name, g.tree, g.owner_id AS "ownerId", g.modified_at AS "modifiedAt",
  coalesce(nullif(trim(u.first_name || ' ' || u.last_name), ''), u.email) AS "ownerName"`;
const FROM = 'segments g JOIN users u ON u.brand_id = g.brand_id AND u.id = g.owner_id';

/** Segments: conditions on contacts under a name. Whom they mean is worked out each time that somebody asks. */
@Injectable()
export class SegmentsService {
  constructor(
    private readonly database: Database,
    private readonly clock: Clock,
    private readonly audit: AuditService,
  ) {}

  /** The newest first. */
  list(actor: Actor): Promise<Segment[]> {
    return this.database.inBrand(actor.brandId, (unit) => this.listIn(unit, actor));
  }

  /** As `list`, in a unit that is open. */
  listIn(unit: Unit, actor: Actor): Promise<Segment[]> {
    mustBeAllowed(actor, 'contacts:view');
    return unit.sql<Segment>(`SELECT ${ROW} FROM ${FROM} ORDER BY g.id DESC LIMIT ${MOST_SEGMENTS}`);
  }

  /** @throws {NotFound} also for a segment of another brand */
  mustFind(actor: Actor, id: string): Promise<Segment> {
    mustBeAllowed(actor, 'contacts:view');
    return this.database.inBrand(actor.brandId, (unit) =>
      unit.one<Segment>(`SELECT ${ROW} FROM ${FROM} WHERE g.id = $1`, [id], MISSING),
    );
  }

  /** @throws {Invalid} when a comparison does not fit its field */
  async create(actor: Actor, name: string, tree: SegmentTree): Promise<string> {
    mustBeAllowed(actor, 'directory:manage');
    mustFit(tree);
    return this.database.inBrand(actor.brandId, async (unit) => {
      const { id } = await unit.one<{ id: string }>(
        `INSERT INTO segments (brand_id, owner_id, name, tree, created_at, modified_at) VALUES ($1, $2, $3, $4, $5, $5) RETURNING id`,
        [actor.brandId, actor.userId, name, JSON.stringify(tree), this.clock.now()],
      );
      await this.audit.record(unit, actor, 'segment.create', `segment ${id}`, { after: { name, ...tree } });
      return id;
    });
  }

  /** @throws {Invalid} when a comparison does not fit its field */
  async update(actor: Actor, id: string, name: string, tree: SegmentTree): Promise<void> {
    mustBeAllowed(actor, 'directory:manage');
    mustFit(tree);
    await this.database.inBrand(actor.brandId, async (unit) => {
      await unit.one(
        'UPDATE segments SET name = $2, tree = $3, modified_at = $4 WHERE id = $1 RETURNING id',
        [id, name, JSON.stringify(tree), this.clock.now()],
        MISSING,
      );
      await this.audit.record(unit, actor, 'segment.update', `segment ${id}`, { after: { name, ...tree } });
    });
  }

  async remove(actor: Actor, id: string): Promise<void> {
    mustBeAllowed(actor, 'directory:manage');
    await this.database.inBrand(actor.brandId, async (unit) => {
      const { name } = await unit.one<{ name: string }>(
        'DELETE FROM segments WHERE id = $1 RETURNING name',
        [id],
        MISSING,
      );
      await this.audit.record(unit, actor, 'segment.delete', `segment ${id}`, { before: { name } });
    });
  }

  /** How many it means right now, and the ten newest of them. */
  preview(actor: Actor, tree: SegmentTree): Promise<SegmentPreview> {
    mustBeAllowed(actor, 'contacts:view');
    return this.database.inBrand(actor.brandId, async (unit) => {
      const bindings = new Bindings();
      const chosen = this.chosen(actor, tree, bindings);
      const { count } = await unit.one<{ count: number }>(
        `SELECT count(*)::int AS count FROM (SELECT ${chosen} LIMIT ${MOST_COUNTED}) counted`,
        bindings.values,
      );
      return { count, members: await this.people(unit, actor, tree) };
    });
  }

  /** The ten newest of those whom it means. */
  newest(actor: Actor, tree: SegmentTree): Promise<SegmentMember[]> {
    mustBeAllowed(actor, 'contacts:view');
    return this.database.inBrand(actor.brandId, (unit) => this.people(unit, actor, tree));
  }

  private people(unit: Unit, actor: Actor, tree: SegmentTree): Promise<SegmentMember[]> {
    const bindings = new Bindings();
    const chosen = this.chosen(actor, tree, bindings);
    return unit.sql<SegmentMember>(
      `SELECT c.id, c.first_name AS "firstName", c.last_name AS "lastName", c.email, c.phone, c.ext_ref AS "extRef", c.language,
         c.embedded, c.opted_out_at AS "optedOutAt" ${chosen} ORDER BY c.id DESC LIMIT ${SHOWN}`,
      bindings.values,
    );
  }

  private chosen({ brandId }: Actor, tree: SegmentTree, bindings: Bindings): string {
    const asked = { brandId, now: this.clock.now(), bindings };
    return `FROM contacts c WHERE c.brand_id = ${bindings.put(brandId)} AND ${CONDITIONS.sqlOf(tree, asked)}`;
  }
}

/** The form says it in more words; this is for whoever comes another way. */
function mustFit({ conditions }: SegmentTree): void {
  const at = conditions.findIndex((one) => unfitPartsOf(one).length > 0);
  const unfit = conditions[at];
  if (unfit !== undefined) {
    const place = `conditions.${at}.${unfitPartsOf(unfit)[0]}`;
    throw new Invalid(`Condition ${at + 1}: “${unfit.operator}” or its value does not fit “${unfit.field}”.`, {
      [place]: 'does not fit',
    });
  }
}
