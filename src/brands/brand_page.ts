import { Injectable } from '@nestjs/common';
import type { Actor } from '../platform/auth/actor.js';
import { timeZoneOptions } from '../platform/calendar/time_zones.js';
import { addresses } from '../platform/web/addresses.js';
import type { Faults } from '../platform/web/answers.js';
import { ApiRates } from './api_rates.js';
import { BrandWords } from './brand_words.js';
import { BrandsService } from './brands.service.js';

type Field = Record<string, unknown>;

/** The settings of a brand as a model of their template. */
@Injectable()
export class BrandPage {
  constructor(
    private readonly brands: BrandsService,
    private readonly words: BrandWords,
    private readonly rates: ApiRates,
  ) {}

  async show(actor: Actor, tried?: { typed: Record<string, string>; faults: Faults }): Promise<object> {
    const { say } = this.words;
    const brand = await this.brands.of(actor.brandId);
    const stored = brand as unknown as Record<string, string | number>;
    const field = (name: string, more: Field = {}): Field => ({
      name,
      label: say(`settings.${name}`),
      help: this.words.sayOr(`settings.${name}Help`, ''),
      value: tried?.typed[name] ?? String(stored[name]),
      error: tried?.faults.fields[name],
      ...more,
    });
    return {
      title: say('settings.title'),
      head: { title: say('settings.title'), lead: say('settings.lead'), actions: this.actions(actor) },
      errors: tried?.faults.errors ?? [],
      hasNoAddress: brand.postalAddress === '',
      name: field('name', { required: true, maxlength: '200' }),
      timeZone: field('timeZone', {
        required: true,
        options: timeZoneOptions(tried?.typed['timeZone'] ?? brand.timeZone),
      }),
      accent: field('accent', { required: true, type: 'color', short: true }),
      postalAddress: field('postalAddress', { rows: '4', maxlength: '500', autocomplete: 'street-address' }),
      privacyUrl: field('privacyUrl', { type: 'url', maxlength: '500' }),
      imprintUrl: field('imprintUrl', { type: 'url', maxlength: '500' }),
      weeklyEmailLimitPerUser: field('weeklyEmailLimitPerUser', { required: true, inputmode: 'numeric', short: true }),
      weeklyEmailLimit: field('weeklyEmailLimit', { required: true, inputmode: 'numeric', short: true }),
      confirmAbove: field('confirmAbove', { required: true, inputmode: 'numeric', short: true }),
      apiRequestsPerMinute: await this.apiField(actor, field('apiRequestsPerMinute', { required: true })),
      holidays: field('holidays', { rows: '4', value: tried?.typed['holidays'] ?? brand.holidays.join('\n') }),
      slug: brand.slug,
    };
  }

  /** With a meter: how many calls were made just now, and the installation's own limit where that is lower. */
  private async apiField(actor: Actor, field: Field): Promise<Field> {
    const { used, limit } = await this.rates.meter(actor.brandId);
    const figures = { used: used.toLocaleString('en'), limit: limit.toLocaleString('en') };
    return { ...field, inputmode: 'numeric', short: true, help: this.words.say('settings.apiMeter', figures) };
  }

  private actions(actor: Actor): object[] {
    const { say } = this.words;
    const audit = { href: addresses.brand.audit(), text: say('audit.title'), icon: 'history' };
    return [
      { href: addresses.brand.ready(), text: say('settings.ready'), icon: 'check' },
      { href: addresses.mailer.domains(), text: say('settings.email'), icon: 'mail' },
      ...(actor.permissions.has('audit:view') ? [audit] : []),
    ];
  }
}
