import { Injectable } from '@nestjs/common';
import { mustBeAllowed } from '../../brands/access.js';
import { AuditService } from '../../brands/audit.service.js';
import type { Actor } from '../../platform/auth/actor.js';
import { Clock } from '../../platform/clock.js';
import { Database } from '../../platform/db/database.js';
import { type FrequencyRule, RULE } from './frequency.sql.js';

/** What an author of a rule decides. */
export type RuleWords = Omit<FrequencyRule, 'id' | 'isOn'>;

const MISSING = 'There is no such frequency rule.';

/** Frequency rules of a brand: how often people may be written to. Planning asks them in SQL. */
@Injectable()
export class FrequencyRulesService {
  constructor(
    private readonly database: Database,
    private readonly clock: Clock,
    private readonly audit: AuditService,
  ) {}

  list(actor: Actor): Promise<FrequencyRule[]> {
    mustBeAllowed(actor, 'contacts:view');
    return this.database.inBrand(actor.brandId, (unit) =>
      unit.sql<FrequencyRule>(`SELECT ${RULE} FROM frequency_rules r ORDER BY r.id`),
    );
  }

  mustFind(actor: Actor, id: string): Promise<FrequencyRule> {
    mustBeAllowed(actor, 'contacts:view');
    return this.database.inBrand(actor.brandId, (unit) =>
      unit.one<FrequencyRule>(`SELECT ${RULE} FROM frequency_rules r WHERE r.id = $1`, [id], MISSING),
    );
  }

  async create(actor: Actor, rule: RuleWords): Promise<string> {
    mustBeAllowed(actor, 'directory:manage');
    return this.database.inBrand(actor.brandId, async (unit) => {
      const { id } = await unit.one<{ id: string }>(
        `INSERT INTO frequency_rules (brand_id, owner_id, name, most, period_hours, gap_hours, list_id, survey_id, counts, conditions,
           created_at, modified_at)
         VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $11) RETURNING id`,
        [actor.brandId, actor.userId, ...valuesOf(rule), this.clock.now()],
      );
      await this.audit.record(unit, actor, 'frequency-rule.create', `frequency rule ${id}`, { after: { ...rule } });
      return id;
    });
  }

  async update(actor: Actor, id: string, rule: RuleWords): Promise<void> {
    mustBeAllowed(actor, 'directory:manage');
    await this.database.inBrand(actor.brandId, async (unit) => {
      await unit.one(
        `UPDATE frequency_rules SET name = $2, most = $3, period_hours = $4, gap_hours = $5, list_id = $6, survey_id = $7,
           counts = $8, conditions = $9, modified_at = $10 WHERE id = $1 RETURNING id`,
        [id, ...valuesOf(rule), this.clock.now()],
        MISSING,
      );
      await this.audit.record(unit, actor, 'frequency-rule.update', `frequency rule ${id}`, { after: { ...rule } });
    });
  }

  /** Switched off it forbids nothing, and what it was stays. */
  async turn(actor: Actor, id: string, isOn: boolean): Promise<void> {
    mustBeAllowed(actor, 'directory:manage');
    await this.database.inBrand(actor.brandId, async (unit) => {
      await unit.one('UPDATE frequency_rules SET is_on = $2 WHERE id = $1 RETURNING id', [id, isOn], MISSING);
      await this.audit.record(unit, actor, isOn ? 'frequency-rule.on' : 'frequency-rule.off', `frequency rule ${id}`);
    });
  }

  async remove(actor: Actor, id: string): Promise<void> {
    mustBeAllowed(actor, 'directory:manage');
    await this.database.inBrand(actor.brandId, async (unit) => {
      await unit.one('DELETE FROM frequency_rules WHERE id = $1 RETURNING id', [id], MISSING);
      await this.audit.record(unit, actor, 'frequency-rule.delete', `frequency rule ${id}`);
    });
  }

  /** Whether rules hold for reminders and thank-yous as well. */
  async holdForFollowUps(actor: Actor): Promise<boolean> {
    const { holds } = await this.database.inBrand(actor.brandId, (unit) =>
      unit.one<{ holds: boolean }>('SELECT frequency_of_follow_ups AS holds FROM brands WHERE id = $1', [
        actor.brandId,
      ]),
    );
    return holds;
  }

  async decideForFollowUps(actor: Actor, holds: boolean): Promise<void> {
    mustBeAllowed(actor, 'directory:manage');
    await this.database.inBrand(actor.brandId, async (unit) => {
      await unit.run('UPDATE brands SET frequency_of_follow_ups = $2 WHERE id = $1', [actor.brandId, holds]);
      await this.audit.record(unit, actor, 'frequency-rule.follow-ups', 'brand', { after: { holds } });
    });
  }
}

function valuesOf({ name, most, periodHours, gapHours, listId, surveyId, counts, conditions }: RuleWords): unknown[] {
  return [name, most, periodHours, gapHours, listId, surveyId, counts, JSON.stringify(conditions)];
}
