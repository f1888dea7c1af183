import { Controller, Get, Render } from '@nestjs/common';
import { type Actor, Me } from '../platform/auth/actor.js';
import { Can } from '../platform/auth/guard.js';
import { Clock } from '../platform/clock.js';
import { addresses } from '../platform/web/addresses.js';
import { Views } from '../platform/web/views.js';
import type { Readiness } from './readiness.js';
import { ReadinessService } from './readiness.service.js';

/** Where each part is set. */
const DOORS: Record<Readiness['part'], string> = {
  way: addresses.mailer.relays(),
  domain: addresses.mailer.domains(),
  bounces: addresses.deliverability.returned(),
  replies: addresses.deliverability.returned(),
  address: addresses.brand.field('postalAddress'),
  limits: addresses.brand.field('weeklyEmailLimit'),
  frequency: addresses.frequency.rules(),
  warmUp: addresses.deliverability.warmUps(),
};
const TONES = { ok: 'done', attention: 'hold', missing: 'fail' } as const;
const ICONS = { ok: 'check', attention: 'alert', missing: 'error' } as const;
const FIGURES = new Intl.NumberFormat('en');

/** One page with everything that sending needs, and the way to where it is set. */
@Controller('brand/ready')
@Can('brand:admin')
export class ReadinessController {
  constructor(
    private readonly readiness: ReadinessService,
    private readonly clock: Clock,
    private readonly views: Views,
  ) {}

  @Get()
  @Render('readiness/ready')
  async show(@Me() actor: Actor): Promise<object> {
    const say = this.views.wordsOf('readiness');
    const parts = await this.readiness.of(actor, this.clock.now());
    const open = parts.filter(({ state }) => state !== 'ok').length;
    return {
      title: say('title'),
      crumbs: [{ href: addresses.brand.settings(), text: say('brand') }, { text: say('title') }],
      head: { title: say('title'), lead: open === 0 ? say('allWell') : say('open', { count: open }) },
      parts: parts.map((part) => this.row(part)),
    };
  }

  private row({ part, state, words, values = {} }: Readiness): object {
    const say = this.views.wordsOf('readiness');
    const written = Object.entries(values).map(([name, value]) => [
      name,
      typeof value === 'number' && name !== 'count' ? FIGURES.format(value) : value,
    ]);
    return {
      part,
      name: say(`part.${part}.name`),
      text: say(`part.${part}.${words}`, Object.fromEntries(written)),
      pill: { tone: TONES[state], text: say(`state.${state}`), icon: ICONS[state] },
      href: DOORS[part],
      door: say(`part.${part}.door`),
    };
  }
}
