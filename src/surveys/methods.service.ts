import { Injectable, type OnApplicationBootstrap } from '@nestjs/common';
import { refusalFor, type Stake } from '../brands/access.js';
import type { Actor } from '../platform/auth/actor.js';
import type { Permission } from '../platform/auth/permissions.js';
import { Database } from '../platform/db/database.js';
import { Ids } from '../platform/ids.js';
import { Views } from '../platform/web/views.js';
import type { Survey } from './survey.entity.js';
import { COUNT_LIMIT, countWords } from './stages/unfinished_walks.js';

/** The left pane of the Distributions tab, from top to bottom. A method is listed here once it is built. */
export const PANE = ['summary', 'emails', 'personal', 'anonymous'] as const;
export type PaneName = (typeof PANE)[number];

/** A method of distribution, said by the module that it belongs to; or what came of all of them. */
export interface Method {
  name: PaneName;
  icon: string;
  /** The key of its name among the console's words. */
  title: string;
  /** Its page. @param survey the public id */
  url: (survey: string) => string;
  /** What it needs beside `distributions:access`, which opens the tab. */
  permissions: readonly Permission[];
  /** What a survey ($1) has of it, as a SELECT; the pane counts its rows and stops when they are many. */
  rows?: string;
  /** How a survey's first distribution by it is begun; not of what begins nothing. */
  start?: { title: string; text: string; url: (survey: string) => string; permissions: readonly Permission[] };
}

/** What `shared/_distributions_pane` shows. */
export interface DistributionsPane {
  items: { href: string; text: string; icon: string; isCurrent: boolean; reason?: string; count?: string }[];
}

/** A card of `summaries/methods`. */
export interface MethodChoice {
  href: string;
  icon: string;
  title: string;
  text: string;
  /** Why it is greyed. */
  reason?: string;
}

/** Ways to distribute surveys; each module adds its own at the start. */
@Injectable()
export class MethodsService implements OnApplicationBootstrap {
  private readonly methods = new Map<PaneName, Method>();

  constructor(
    private readonly database: Database,
    private readonly ids: Ids,
    private readonly views: Views,
  ) {}

  add(method: Method): void {
    this.methods.set(method.name, method);
  }

  onApplicationBootstrap(): void {
    const missing = PANE.filter((name) => !this.methods.has(name));
    if (missing.length > 0) {
      throw new Error(`Methods that no module has added: ${missing.join(', ')}`);
    }
  }

  /** The left pane: greyed with the reason what this person may not use, else with how many a survey has of it. */
  async pane(actor: Actor, survey: Survey, stake: Stake, active: PaneName): Promise<DistributionsPane> {
    const counts = await this.counts(survey);
    const items = this.inOrder().map((method) => {
      const reason = reasonFor(actor, method.permissions, stake);
      const count = counts[method.name] ?? 0;
      return {
        href: method.url(this.ids.show('SV', survey.id)),
        icon: method.icon,
        text: this.views.words.t(method.title),
        isCurrent: method.name === active,
        ...(reason === undefined ? {} : { reason }),
        ...(count === 0 ? {} : { count: countWords(count) }),
      };
    });
    return { items };
  }

  /** What a survey's first distribution can be begun with. */
  choices(actor: Actor, surveyId: string, stake: Stake): MethodChoice[] {
    return this.inOrder().flatMap(({ icon, start }) => {
      const reason = start && reasonFor(actor, start.permissions, stake);
      return start === undefined
        ? []
        : [
            {
              href: start.url(this.ids.show('SV', surveyId)),
              icon,
              title: this.views.words.t(start.title),
              text: this.views.words.t(start.text),
              ...(reason === undefined ? {} : { reason }),
            },
          ];
    });
  }

  private inOrder(): Method[] {
    return PANE.flatMap((name) => this.methods.get(name) ?? []);
  }

  /** Of each method at most one more than `COUNT_LIMIT`. */
  private async counts({ brandId, id }: Survey): Promise<Partial<Record<PaneName, number>>> {
    const counted = this.inOrder().flatMap(({ name, rows }) =>
      rows === undefined ? [] : [`(SELECT count(*)::int FROM (${rows} LIMIT ${COUNT_LIMIT + 1}) r) AS ${name}`],
    );
    return this.database.inBrand(brandId, (unit) => unit.one(`SELECT ${counted.join(', ')}`, [id]));
  }
}

/** Why somebody may not, and whom to ask; undefined where they may. */
function reasonFor(actor: Actor, permissions: readonly Permission[], stake: Stake): string | undefined {
  const refusals = permissions.map((permission) => refusalFor(actor, permission, stake));
  const refusal = refusals.find((one) => one !== undefined);
  return refusal && `${refusal.message} ${refusal.whom ?? ''}`.trim();
}
