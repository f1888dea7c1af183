import { Injectable } from '@nestjs/common';
import type { Actor } from '../platform/auth/actor.js';
import { PERMISSIONS } from '../platform/auth/permissions.js';
import { Clock } from '../platform/clock.js';
import { type IdPrefix, Ids } from '../platform/ids.js';
import { addresses, asking } from '../platform/web/addresses.js';
import { exactTime, moment } from '../platform/web/moments.js';
import { type AuditEntry, AuditService } from './audit.service.js';
import { BrandWords } from './brand_words.js';

const PAGE = 50;

/** Things that other modules name by their number, as `survey 12` or `contact 7 on list 3`. */
const NUMBERED: Record<string, IdPrefix> = {
  survey: 'SV',
  distribution: 'EMD',
  contact: 'CID',
  list: 'CG',
  segment: 'SG',
  user: 'UR',
  recipient: 'MS',
  message: 'MS',
  'library message': 'MS',
  'frequency rule': 'FR',
};
const NUMBERED_SUBJECT = /^((?:library |frequency )?\w+) (\d+)(?:(?: on)? (\w+) (\d+))?$/;
const INSTANT = /^\d{4}-\d\d-\d\dT[\d:.]+Z$/;

/** The audit log as a model of its template. */
@Injectable()
export class AuditPage {
  constructor(
    private readonly audit: AuditService,
    private readonly words: BrandWords,
    private readonly ids: Ids,
    private readonly clock: Clock,
  ) {}

  /** @param before the number of the last entry shown */
  async show(actor: Actor, before: string | undefined): Promise<object> {
    const { say } = this.words;
    const rows = await this.audit.page(actor, before, PAGE);
    const shown = rows.slice(0, PAGE);
    const last = rows.length > PAGE ? shown.at(-1) : undefined;
    return {
      title: say('audit.title'),
      crumbs: actor.permissions.has('brand:admin')
        ? [{ href: addresses.brand.settings(), text: say('settings.title') }, { text: say('audit.title') }]
        : undefined,
      head: { title: say('audit.title'), lead: say('audit.lead') },
      entries: shown.map((entry) => this.row(actor, entry)),
      empty: shown.length > 0 ? undefined : { icon: 'history', title: say('audit.none'), text: say('audit.noneText') },
      pages: {
        rows: 'audit_entries',
        shown: say(last === undefined ? 'audit.all' : 'audit.more', { count: shown.length }),
        moreUrl: last === undefined ? undefined : asking(addresses.brand.audit(), { before: last.id }),
      },
    };
  }

  private row(actor: Actor, entry: AuditEntry): object {
    return {
      when: moment(entry.at, actor.timeZone, this.clock.now()),
      // Entries of before name the person at whose door it was.
      who: entry.action === 'sign-in.refused' ? this.words.say('audit.unknown') : entry.actor,
      address: entry.address ?? undefined,
      action: this.words.sayOr(`audit.actions.${entry.action}`, entry.action),
      ...this.subject(entry.subject),
      changes: this.changes(actor, entry),
    };
  }

  /** What it was done to, with a way there where there is one. */
  private subject(subject: string): { subject: string; url?: string } {
    const [, noun = '', number = '', of = '', ofNumber = ''] = NUMBERED_SUBJECT.exec(subject) ?? [];
    const id = this.shown(noun, number);
    if (id === undefined) {
      return { subject: this.words.sayOr(`audit.whole.${subject}`, subject) };
    }
    const rest = this.shown(of, ofNumber);
    const said = this.words.say(`audit.subjects.${noun}`, { id });
    const shown = {
      subject: rest === undefined ? said : `${said} · ${this.words.say(`audit.subjects.${of}`, { id: rest })}`,
    };
    return noun === 'survey' ? { ...shown, url: addresses.surveys.page(id) } : shown;
  }

  private shown(noun: string, number: string): string | undefined {
    const prefix = NUMBERED[noun];
    return prefix === undefined ? undefined : this.ids.show(prefix, number);
  }

  /** One line a field: what it is called, what was there, what is there now. */
  private changes(actor: Actor, { before, after }: AuditEntry): object[] {
    const names = [...new Set([...Object.keys(before ?? {}), ...Object.keys(after ?? {})])].sort();
    return names.map((name) => {
      const [was, is] = [before, after].map((state) => this.value(actor, name, state?.[name])) as [string, string];
      const isSame = was === is;
      return { name: this.words.sayOr(`audit.fields.${name}`, spaced(name)), was: isSame ? '' : was, is };
    });
  }

  private value(actor: Actor, name: string, value: unknown): string {
    if (value === undefined || value === null || value === '') {
      return '';
    }
    if (name === 'permission' && typeof value === 'string' && value in PERMISSIONS) {
      return PERMISSIONS[value as keyof typeof PERMISSIONS].label;
    }
    if (name === 'state' && typeof value === 'string') {
      return this.words.sayOr(`audit.states.${value}`, value);
    }
    return typeof value === 'string' ? readable(value, actor.timeZone) : JSON.stringify(value);
  }
}

function readable(text: string, timeZone: string): string {
  return INSTANT.test(text) ? exactTime(new Date(text), timeZone) : text;
}

/** `weeklyEmailLimit` → `weekly email limit`, for fields that nobody has put in words. */
function spaced(name: string): string {
  return name.replaceAll(/([a-z])([A-Z])/g, (_, end: string, start: string) => `${end} ${start.toLowerCase()}`);
}
