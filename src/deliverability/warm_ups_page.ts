import { Injectable } from '@nestjs/common';
import { mustBeAllowed } from '../brands/access.js';
import { AuditService } from '../brands/audit.service.js';
import { DomainsService } from '../mailer/domains/domains.service.js';
import type { Actor } from '../platform/auth/actor.js';
import { Clock } from '../platform/clock.js';
import { Database } from '../platform/db/database.js';
import { NotFound } from '../platform/errors.js';
import { addresses } from '../platform/web/addresses.js';
import { EmailFrames, figure } from './email_frames.js';
import { readWarmUps, switchWarmUp, type WarmUp } from './evidence/warm_ups.js';

/** How much each From domain may send a day while it is new. */
@Injectable()
export class WarmUpsPage {
  constructor(
    private readonly database: Database,
    private readonly frames: EmailFrames,
    private readonly domains: DomainsService,
    private readonly audit: AuditService,
    private readonly clock: Clock,
  ) {}

  async show(actor: Actor): Promise<object> {
    mustBeAllowed(actor, 'brand:admin');
    const { say } = this.frames;
    const known = await this.database.inBrand(actor.brandId, (unit) => readWarmUps(unit));
    const domains = await this.shown(actor, known);
    const plans = domains.map(
      (domain) =>
        known.find(({ fromDomain }) => fromDomain === domain) ?? { fromDomain: domain, isOn: false, days: [] },
    );
    return {
      ...this.frames.frame(actor, 'warmUps'),
      plans: plans.map(({ fromDomain, isOn, days }) => ({
        domain: fromDomain,
        isOn,
        pill: isOn ? { tone: 'run', text: say('warmUps.on') } : { tone: 'idle', text: say('warmUps.off') },
        turn: isOn ? 'off' : 'on',
        button: say(isOn ? 'warmUps.turnOff' : 'warmUps.turnOn'),
        days: days.map(({ day, cap, used, verdict }) => ({
          day,
          cap: figure(cap),
          used: figure(used),
          verdict: say(`warmUps.verdict.${verdict}`),
        })),
      })),
      empty:
        plans.length === 0
          ? {
              icon: 'mail',
              title: say('warmUps.emptyTitle'),
              text: say('warmUps.emptyText'),
              action: { href: addresses.mailer.domains(), text: say('warmUps.domains') },
            }
          : undefined,
    };
  }

  /** @returns what to tell */
  async turn(actor: Actor, domain: string, isOn: boolean): Promise<string> {
    mustBeAllowed(actor, 'brand:admin');
    const { audit, clock } = this;
    const known = await this.database.inBrand(actor.brandId, (unit) => readWarmUps(unit));
    if (!(await this.shown(actor, known)).includes(domain)) {
      throw new NotFound('There is no such From domain.');
    }
    await this.database.inBrand(actor.brandId, async (unit) => {
      await switchWarmUp(unit, actor.brandId, domain, isOn, clock.now());
      await audit.record(unit, actor, 'warm-up.switch', domain, { after: { isOn } });
    });
    return this.frames.say(isOn ? 'warmUps.turnedOn' : 'warmUps.turnedOff', { domain });
  }

  /** Those that may be sent from now, and those with a plan from before. */
  private async shown(actor: Actor, known: readonly WarmUp[]): Promise<string[]> {
    const own = await this.domains.fromDomainsOf(actor.brandId);
    return [...new Set([...own.map(({ domain }) => domain), ...known.map(({ fromDomain }) => fromDomain)])].sort();
  }
}
