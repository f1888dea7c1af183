import { Injectable } from '@nestjs/common';
import type { Actor } from '../../platform/auth/actor.js';
import { Config } from '../../platform/config.js';
import { Ids } from '../../platform/ids.js';
import { addresses } from '../../platform/web/addresses.js';
import { type Faults, NO_FAULTS } from '../../platform/web/answers.js';
import { exactTime } from '../../platform/web/moments.js';
import { Views } from '../../platform/web/views.js';
import type { Say } from '../../platform/web/words.js';
import { emailTabs } from '../email_tabs.js';
import { AUTH_METHODS, type BrandRelay, RELAY_TLS, SENDER_RULES } from './brand_relay.entity.js';
import { type RelayState, RelaysService } from './relays.service.js';

type Field = Record<string, unknown>;

interface Tried {
  relay?: BrandRelay;
  typed?: Record<string, string>;
  faults?: Faults;
}

const NEW: Record<string, string> = {
  port: '587',
  tls: 'required',
  auth: 'PLAIN',
  senderRule: 'verp',
  connections: '5',
  messagesPerConnection: '100',
  perMinute: '0',
};

const NUMBER = { required: true, inputmode: 'numeric', short: true };

/** The fields of the form and how each is shown. */
const FIELDS: Record<string, Field> = {
  name: { required: true, maxlength: '100' },
  host: { required: true, maxlength: '255', autocomplete: 'off' },
  port: NUMBER,
  tls: { required: true, choices: RELAY_TLS },
  ca: { rows: '3', mono: true },
  auth: { required: true, choices: AUTH_METHODS },
  username: { autocomplete: 'off' },
  secret: { type: 'password', autocomplete: 'new-password' },
  tokenUrl: { type: 'url' },
  clientId: {},
  tokenScope: {},
  fromDomains: { rows: '2' },
  senderRule: { required: true, choices: SENDER_RULES },
  senderAddress: { type: 'email' },
  connections: NUMBER,
  messagesPerConnection: NUMBER,
  perMinute: NUMBER,
};

/** Relays as models of their templates. */
@Injectable()
export class RelaysPage {
  readonly say: Say;

  constructor(
    private readonly relays: RelaysService,
    private readonly ids: Ids,
    private readonly config: Config,
    views: Views,
  ) {
    this.say = views.wordsOf('mailer');
  }

  async list(actor: Actor): Promise<object> {
    const states = await this.relays.list(actor);
    const add = { href: addresses.mailer.newRelay(), text: this.say('relays.add'), icon: 'plus' };
    return {
      title: this.say('relays.title'),
      crumbs: [{ href: addresses.brand.settings(), text: this.say('email.brand') }, { text: this.say('email.title') }],
      head: {
        title: this.say('email.title'),
        lead: this.say('relays.lead'),
        actions: states.length === 0 ? [] : [{ ...add, isPrimary: true }],
      },
      tabs: emailTabs(this.say, 'relays'),
      empty: { icon: 'send', title: this.say('relays.emptyTitle'), text: this.say('relays.emptyText'), action: add },
      relays: states.map((state, place) => this.row(state, place, actor.timeZone)),
      without: this.say(this.withoutKey()),
    };
  }

  form(tried: Tried = {}): object {
    const { relay, faults = NO_FAULTS } = tried;
    const { say } = this;
    const title = relay === undefined ? say('relays.add') : relay.name;
    const value = (name: string): string => valueOf(tried, name);
    return {
      title,
      head: { title, lead: say('relays.formLead') },
      crumbs: [
        { href: addresses.brand.settings(), text: say('email.brand') },
        { href: addresses.mailer.relays(), text: say('relays.title') },
        { text: title },
      ],
      showsCa: value('ca') !== '',
      showsToken: value('auth') === 'XOAUTH2',
      action: relay === undefined ? addresses.mailer.relays() : addresses.mailer.relay(this.ids.show('RL', relay.id)),
      errors: faults.errors,
      ...Object.fromEntries(Object.entries(FIELDS).map(([name, more]) => [name, this.field(tried, name, more)])),
    };
  }

  private field(tried: Tried, name: string, more: Field): Field {
    const { say } = this;
    const keepsSecret = name === 'secret' && tried.relay !== undefined && tried.relay.sealed !== null;
    return {
      name,
      label: say(`relays.form.${name}`),
      help: keepsSecret ? say('relays.form.secretKept') : say(`relays.form.${name}Help`, { defaultValue: '' }),
      value: name === 'secret' ? '' : valueOf(tried, name),
      error: tried.faults?.fields[name],
      ...more,
      ...('choices' in more ? { options: this.options(name, more['choices'] as string[], valueOf(tried, name)) } : {}),
    };
  }

  private options(name: string, values: readonly string[], chosen: string): object[] {
    return values.map((value) => ({ value, label: this.say(`relays.${name}.${value}`), selected: value === chosen }));
  }

  private row({ relay, trouble }: RelayState, place: number, timeZone: string): object {
    const { say } = this;
    const health = relay.enabled ? (trouble === '' ? 'works' : 'fails') : 'rests';
    return {
      id: relay.id,
      shown: this.ids.show('RL', relay.id),
      name: relay.name,
      server: `${relay.host}:${relay.port}`,
      place: place + 1,
      isFirst: place === 0,
      pill: { tone: TONES[health], text: say(`relays.health.${health}`), icon: ICONS[health] },
      trouble: relay.enabled ? trouble : '',
      since:
        relay.enabled && relay.downSince !== null
          ? say('relays.since', { at: exactTime(relay.downSince, timeZone) })
          : undefined,
      domains: relay.fromDomains.length === 0 ? say('relays.allDomains') : relay.fromDomains.join(', '),
      enabled: relay.enabled,
    };
  }

  /** What mails leave by where no relay of the brand takes them. */
  private withoutKey(): string {
    if (this.config.keepsMails) return 'relays.without.mailbox';
    return this.config.SMTP_URL === undefined ? 'relays.without.direct' : 'relays.without.installation';
  }
}

const TONES = { works: 'done', fails: 'fail', rests: 'idle' } as const;
const ICONS = { works: 'check', fails: 'error', rests: 'pause' } as const;

function asText(relay: BrandRelay): Record<string, string> {
  const entries = Object.entries(relay as unknown as Record<string, unknown>);
  return Object.fromEntries(
    entries.map(([name, value]) => [name, Array.isArray(value) ? value.join('\n') : String(value)]),
  );
}

/** As it was typed, else as it is kept, else what most people want. */
function valueOf({ relay, typed }: Tried, name: string): string {
  return typed?.[name] ?? (relay === undefined ? NEW : asText(relay))[name] ?? '';
}
