import { Injectable } from '@nestjs/common';
import { mustBeAllowed } from '../brands/access.js';
import { BrandsService } from '../brands/brands.service.js';
import type { Actor } from '../platform/auth/actor.js';
import { Config } from '../platform/config.js';
import { Database } from '../platform/db/database.js';
import { MailingState } from './mailing_state.js';
import { ATTENTION, MISSING, OK, type Readiness } from './readiness.js';

/** A domain that is younger sends more slowly than it could, or lands in spam. */
const NEW_FOR = '30 days';

interface Rows {
  waiting: number;
  rules: number;
  young: string[];
  planned: string[];
  lost: string[];
}

/** Whether a brand can send and hear of what comes back, part by part; it asks the database, never a server. */
@Injectable()
export class ReadinessService {
  constructor(
    private readonly database: Database,
    private readonly config: Config,
    private readonly brands: BrandsService,
    private readonly mails: MailingState,
  ) {}

  async of(actor: Actor, now: Date): Promise<Readiness[]> {
    mustBeAllowed(actor, 'brand:admin');
    const { brandId } = actor;
    const rows = await this.rows(brandId, now);
    const { postalAddress } = await this.brands.of(brandId);
    const staysHere = await this.mails.staysHere(brandId);
    return [
      way(staysHere, rows, this.config.SMTP_URL === undefined),
      await this.mails.domain(brandId, staysHere),
      ...this.returns(rows),
      { part: 'address', ...(postalAddress.trim() === '' ? MISSING : OK) },
      await this.mails.limits(actor),
      { part: 'frequency', ...(rows.rules === 0 ? ATTENTION : OK), values: { count: rows.rules } },
      warmUp(rows),
    ];
  }

  private returns({ lost }: Rows): Readiness[] {
    const { BOUNCE_PORT: port, BOUNCE_IMAP_URL: mailbox } = this.config;
    const comesBack = port !== undefined || mailbox !== undefined;
    if (!comesBack) {
      return [
        { part: 'bounces', ...MISSING },
        { part: 'replies', ...ATTENTION },
      ];
    }
    const astray = { state: 'attention', words: 'astray', values: { domains: lost.join(', ') } } as const;
    return [
      { part: 'bounces', ...(lost.length > 0 ? astray : OK) },
      { part: 'replies', ...OK },
    ];
  }

  private rows(brandId: string, now: Date): Promise<Rows> {
    return this.database.inBrand(brandId, (unit) =>
      unit.one<Rows>(
        `SELECT (SELECT count(*)::int FROM distributions WHERE status = 'held' AND held_reason = 'relay' AND deleted_at IS NULL) AS waiting,
           (SELECT count(*)::int FROM frequency_rules WHERE is_on) AS rules,
           ARRAY(SELECT domain FROM from_domains f WHERE status = 'active' AND verified_at > $1::timestamptz - interval '${NEW_FOR}'
             AND NOT EXISTS (SELECT FROM warm_ups w WHERE w.from_domain = f.domain) ORDER BY 1) AS young,
           ARRAY(SELECT from_domain FROM warm_ups WHERE is_on ORDER BY 1) AS planned,
           ARRAY(SELECT domain FROM from_domains WHERE status = 'active' AND bounce_domain <> '' AND NOT bounce_works ORDER BY 1) AS lost`,
        [now],
      ),
    );
  }
}

function way(staysHere: boolean, { waiting }: Rows, hasNoRelay: boolean): Readiness {
  if (staysHere) {
    return { part: 'way', ...MISSING };
  }
  const values = { count: waiting };
  return waiting > 0
    ? { part: 'way', ...ATTENTION, values }
    : { part: 'way', state: 'ok', words: hasNoRelay ? 'own' : 'ok' };
}

function warmUp({ young, planned }: Rows): Readiness {
  if (young.length > 0) {
    return { part: 'warmUp', ...ATTENTION, values: { domains: young.join(', ') } };
  }
  return planned.length > 0
    ? { part: 'warmUp', state: 'ok', words: 'planned', values: { domains: planned.join(', ') } }
    : { part: 'warmUp', ...OK };
}
