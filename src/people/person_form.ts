import { Injectable } from '@nestjs/common';
import type { User } from '../accounts/user.entity.js';
import type { Actor } from '../platform/auth/actor.js';
import { timeZoneOptions } from '../platform/calendar/time_zones.js';
import type { Faults } from '../platform/web/answers.js';
import { PeopleWords } from './people_words.js';
import { BrandsService } from '../brands/brands.service.js';
import { DivisionsService } from '../brands/divisions.service.js';

/** What somebody typed, when the form comes back with it. */
export interface Tried {
  typed: Record<string, string>;
  faults: Faults;
}

/** The fields of a person's details, for adding and for changing. */
@Injectable()
export class PersonForm {
  constructor(
    private readonly brands: BrandsService,
    private readonly divisions: DivisionsService,
    private readonly words: PeopleWords,
  ) {}

  /** @param user the person who is changed; undefined where one is added */
  async fields(actor: Actor, user: User | undefined, tried?: Tried): Promise<object> {
    const stored = await this.stored(actor, user);
    const value = (name: string) => tried?.typed[name] ?? stored[name] ?? '';
    return {
      errors: tried?.faults.errors ?? [],
      email: { ...this.text('email', value, tried), type: 'email', required: true, maxlength: '254' },
      firstName: { ...this.text('firstName', value, tried), maxlength: '100' },
      lastName: { ...this.text('lastName', value, tried), maxlength: '100' },
      type: await this.typeField(actor, value('type'), user, tried),
      timeZone: {
        ...this.text('timeZone', value, tried),
        required: true,
        options: timeZoneOptions(value('timeZone')),
      },
      weeklyEmailLimit: user === undefined ? undefined : await this.limitField(actor, value, tried),
      division: user === undefined ? undefined : await this.divisionField(actor, value('division'), tried),
    };
  }

  private async stored(actor: Actor, user: User | undefined): Promise<Record<string, string>> {
    if (user === undefined) {
      const [brand, type] = [
        await this.brands.of(actor.brandId),
        await this.brands.typeByKey(actor.brandId, 'standard'),
      ];
      return { timeZone: brand.timeZone, type: this.words.typeId(type.id) };
    }
    const { email, firstName, lastName, timeZone, weeklyEmailLimit, divisionId } = user;
    const division = divisionId === null ? '' : this.words.divisionId(divisionId);
    const limit = weeklyEmailLimit === null ? '' : String(weeklyEmailLimit);
    return {
      email,
      firstName,
      lastName,
      timeZone,
      type: this.words.typeId(user.userTypeId),
      weeklyEmailLimit: limit,
      division,
    };
  }

  private text(name: string, value: (name: string) => string, tried: Tried | undefined): Record<string, unknown> {
    return {
      name,
      label: this.words.say(`person.${name}`),
      help: this.words.tryToSay(`person.${name}Help`),
      value: value(name),
      error: tried?.faults.fields[name],
      autocomplete: 'off',
    };
  }

  private async typeField(
    actor: Actor,
    chosen: string,
    user: User | undefined,
    tried: Tried | undefined,
  ): Promise<object> {
    const types = await this.brands.types(actor.brandId);
    const options = types.map((type) => {
      const value = this.words.typeId(type.id);
      // Beside the permissions the column is narrow, and they say more than a sentence.
      const isExplained = user === undefined && type.key !== null;
      const help = isExplained ? this.words.tryToSay(`person.types.${type.key}`) : undefined;
      return { value, label: help === undefined ? type.name : `${type.name} – ${help}`, selected: value === chosen };
    });
    const isOwn = user?.id === actor.userId;
    return {
      name: 'type',
      label: this.words.say('person.type'),
      help: this.words.say(isOwn ? 'person.typeOwn' : 'person.typeHelp'),
      options: isOwn ? options.filter(({ selected }) => selected) : options,
      error: tried?.faults.fields['type'],
      required: true,
    };
  }

  /** Undefined where the brand has none. */
  private async divisionField(actor: Actor, chosen: string, tried: Tried | undefined): Promise<object | undefined> {
    const divisions = await this.divisions.list(actor.brandId);
    const options = divisions.map(({ id, name }) => {
      const value = this.words.divisionId(id);
      return { value, label: name, selected: value === chosen };
    });
    return divisions.length === 0
      ? undefined
      : {
          ...this.text('division', () => chosen, tried),
          options: [{ value: '', label: this.words.say('person.noDivision') }, ...options],
        };
  }

  private async limitField(actor: Actor, value: (name: string) => string, tried: Tried | undefined): Promise<object> {
    const brand = await this.brands.of(actor.brandId);
    return {
      ...this.text('weeklyEmailLimit', value, tried),
      help: this.words.say('person.weeklyEmailLimitHelp', {
        limit: brand.weeklyEmailLimitPerUser.toLocaleString('en'),
      }),
      inputmode: 'numeric',
      short: true,
    };
  }
}
