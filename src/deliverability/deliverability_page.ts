import { Injectable } from '@nestjs/common';
import { mustBeAllowed } from '../brands/access.js';
import { MailerService } from '../mailer/mailer.service.js';
import type { Actor } from '../platform/auth/actor.js';
import { Database } from '../platform/db/database.js';
import { addresses, asking } from '../platform/web/addresses.js';
import { type DeliveryRow, readDeliveries } from './deliverability.sql.js';
import { EmailFrames, figure, percent } from './email_frames.js';

const SPANS = [7, 30] as const;
const MOST_DOMAINS = 50;

export interface DeliverabilityWish {
  days?: string | undefined;
  /** Mails from this domain only. */
  from?: string | undefined;
}

function pathOf(days: number, from: string | undefined): string {
  return asking(addresses.deliverability.page(), { days: String(days), from });
}

/** What receivers did with a brand's mails, beside what they demand. */
@Injectable()
export class DeliverabilityPage {
  constructor(
    private readonly database: Database,
    private readonly frames: EmailFrames,
    private readonly mailer: MailerService,
  ) {}

  async show(actor: Actor, { days: span, from }: DeliverabilityWish): Promise<object> {
    mustBeAllowed(actor, 'brand:admin');
    const { say } = this.frames;
    const days = span === '30' ? 30 : 7;
    const read = await this.read(actor, days, from);
    const isEmpty = read.byDay.length === 0;
    return {
      ...this.frames.frame(actor, 'deliverability'),
      rates: this.rates(read.week),
      pauses: await this.pauses(actor),
      span: this.span(days, from),
      empty: isEmpty
        ? { icon: 'mail', title: say('deliverability.emptyTitle'), text: say('deliverability.emptyText') }
        : undefined,
      tables: isEmpty
        ? []
        : [
            this.table(
              days,
              'byTo',
              read.byTo,
              read.byTo.length === MOST_DOMAINS ? say('deliverability.top') : undefined,
            ),
            this.table(days, 'byFrom', read.byFrom),
            this.table(days, 'byDay', read.byDay),
          ],
    };
  }

  /** Chips for the days, and one that takes a filter off. */
  private span(days: number, from: string | undefined): object {
    const { say } = this.frames;
    const items = SPANS.map((span) => ({
      href: pathOf(span, from),
      text: say(`deliverability.days${span}`),
      isCurrent: span === days,
    }));
    const filter =
      from === undefined
        ? []
        : [{ href: pathOf(days, undefined), text: say('deliverability.only', { from }), isCurrent: false }];
    return { label: say('deliverability.span'), items: [...items, ...filter] };
  }

  private read(
    actor: Actor,
    days: number,
    fromDomain: string | undefined,
  ): Promise<Record<'byTo' | 'byFrom' | 'byDay' | 'week', DeliveryRow[]>> {
    const wish = { since: this.frames.since(days), fromDomain, most: MOST_DOMAINS };
    return this.database.inBrand(actor.brandId, async (unit) => ({
      byTo: await readDeliveries(unit, 'to_domain', wish),
      byFrom: await readDeliveries(unit, 'from_domain', wish),
      byDay: await readDeliveries(unit, 'day', wish),
      week: await readDeliveries(unit, 'day', { ...wish, since: this.frames.since(7) }),
    }));
  }

  private rates(week: DeliveryRow[]): object[] {
    const { say } = this.frames;
    const sum = (name: Exclude<keyof DeliveryRow, 'label'>): number => week.reduce((all, row) => all + row[name], 0);
    const [accepted, deferred, hard, spam] = [sum('accepted'), sum('deferred'), sum('bouncedHard'), sum('complained')];
    const tried = accepted + hard;
    const rate = (name: string, part: number, all: number, [amber, red]: readonly [number, number]): object => ({
      label: say(`deliverability.${name}Rate`),
      value: percent(part, all),
      note: say(`deliverability.${name}Note`),
      tone: all === 0 ? undefined : part / all >= red ? 'fail' : part / all >= amber ? 'hold' : 'done',
    });
    return [
      { label: say('deliverability.accepted'), value: figure(accepted), note: say('deliverability.acceptedNote') },
      rate('complaint', spam, accepted, [0.001, 0.003]),
      rate('bounce', hard, tried, [0.02, 0.05]),
      rate('deferred', deferred, tried + deferred, [0.05, 0.15]),
    ];
  }

  private async pauses(actor: Actor): Promise<object[]> {
    const pauses = await this.mailer.pausesOf(actor.brandId);
    return pauses.map(({ provider, until, wayName, brandId, why }) => {
      const at = this.frames.exact(actor, new Date(until));
      const kind = brandId === null ? 'pauseOfAll' : 'pauseUntil';
      return {
        text: this.frames.say(`deliverability.${kind}`, { provider, at, way: wayName, why: why.slice(0, 300) }),
      };
    });
  }

  private table(days: number, id: string, rows: DeliveryRow[], note?: string): object {
    const { say } = this.frames;
    return {
      id: `deliveries_${id}`,
      title: say(`deliverability.${id}`),
      column: say(id === 'byDay' ? 'deliverability.day' : 'deliverability.domain'),
      note,
      rows: rows.map(({ label, accepted, deferred, bouncedHard, bouncedSoft, complained, opened }) => ({
        label,
        url: id === 'byFrom' ? pathOf(days, label) : undefined,
        accepted: figure(accepted),
        deferred: figure(deferred),
        bounced: figure(bouncedHard + bouncedSoft),
        bouncedOf:
          bouncedHard + bouncedSoft === 0
            ? undefined
            : say('deliverability.bouncedOf', { hard: figure(bouncedHard), soft: figure(bouncedSoft) }),
        complained: figure(complained),
        opened: figure(opened),
      })),
    };
  }
}
