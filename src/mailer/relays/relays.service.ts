import { Injectable } from '@nestjs/common';
import { mustBeAllowed } from '../../brands/access.js';
import { PermissionsService } from '../../brands/permissions.service.js';
import type { Actor } from '../../platform/auth/actor.js';
import { AuditTrail } from '../../platform/auth/audit_trail.js';
import { Clock } from '../../platform/clock.js';
import { Database, type Unit } from '../../platform/db/database.js';
import { Invalid, NotFound, WrongState } from '../../platform/errors.js';
import { Keys } from '../../platform/keys.js';
import { BrandRelay, type RelaySettings, secretPlace } from './brand_relay.entity.js';
import { BrandRelays } from './brand_relays.js';
import { RelayWiring } from './relay_wiring.js';
import { RelayRehearsal } from './relay_rehearsal.js';
import type { TrialFailure } from './relay_trial.js';
import type { RelayForm } from './relays.forms.js';

const RELAYS_A_BRAND = 20;

/** A relay with what this process sees of it now. */
export interface RelayState {
  relay: BrandRelay;
  /** Why no mail goes by it at the moment; '' when one may. */
  trouble: string;
}

/** Administrators add relays, which are kept only after a real try, put them in order, rest and remove them. */
@Injectable()
export class RelaysService {
  constructor(
    private readonly database: Database,
    private readonly permissions: PermissionsService,
    private readonly relays: BrandRelays,
    private readonly wiring: RelayWiring,
    private readonly rehearsal: RelayRehearsal,
    private readonly keys: Keys,
    private readonly audit: AuditTrail,
    private readonly clock: Clock,
  ) {}

  async list(actor: Actor): Promise<RelayState[]> {
    mustBeAllowed(actor, 'brand:admin');
    const kept = await this.database.inBrand(actor.brandId, ({ em }) =>
      em.find(BrandRelay, {}, { orderBy: { place: 'asc', id: 'asc' } }),
    );
    const open = await this.relays.all(actor.brandId);
    return kept.map((relay) => {
      const closed = open.find(({ relayId }) => relayId === relay.id)?.way.trouble;
      return { relay, trouble: closed ?? relay.trouble };
    });
  }

  /** @throws {NotFound} */
  show(actor: Actor, id: string): Promise<BrandRelay> {
    mustBeAllowed(actor, 'brand:admin');
    return this.database.inBrand(actor.brandId, (unit) => mustFind(unit, id));
  }

  /** @throws {Invalid} with the server's words when it would not take a mail */
  async add(actor: Actor, form: RelayForm): Promise<BrandRelay> {
    await this.mustWork(actor, form, form.secret);
    return this.permissions.administering(actor, async (unit) => {
      const [{ n, last } = { n: 0, last: 0 }] = await unit.sql<{ n: number; last: number }>(
        'SELECT count(*)::int AS n, coalesce(max(place), 0) AS last FROM relays',
      );
      if (n >= RELAYS_A_BRAND) throw new WrongState(`A brand may have ${RELAYS_A_BRAND} relays.`);
      const now = this.clock.now();
      const relay = Object.assign(new BrandRelay(), { brandId: actor.brandId, place: last + 1, createdAt: now });
      await unit.em.persist(this.kept(relay, form, form.secret)).flush();
      await this.audit.record(unit, actor, 'relay.add', relay.name, { after: told(relay) });
      return this.changed(relay);
    });
  }

  /** An empty secret keeps the one that is there, but only for the same server. @throws {Invalid} as `add` */
  async change(actor: Actor, id: string, form: RelayForm): Promise<BrandRelay> {
    const before = await this.show(actor, id);
    const secret = form.secret === '' ? this.secretFor(before, form) : form.secret;
    await this.mustWork(actor, form, secret);
    return this.permissions.administering(actor, async (unit) => {
      const relay = await mustFind(unit, id);
      const old = told(relay);
      this.kept(relay, form, secret);
      await this.audit.record(unit, actor, 'relay.change', relay.name, { before: old, after: told(relay) });
      return this.changed(relay);
    });
  }

  /** Tries it once more. @returns the server's words when it would not take a mail, else '' */
  async check(actor: Actor, id: string): Promise<string> {
    const found = await this.show(actor, id);
    const trouble = await this.rehearsal.troubleOf(found, actor.email);
    return this.permissions.administering(actor, async (unit) => {
      const relay = await mustFind(unit, id);
      relay.found(trouble, this.clock.now());
      // A try that worked ends the wait after earlier failures.
      if (trouble === '') this.changed(relay).changedAt = this.clock.now();
      return trouble;
    });
  }

  async enable(actor: Actor, id: string, enabled: boolean): Promise<void> {
    await this.permissions.administering(actor, async (unit) => {
      const relay = await mustFind(unit, id);
      relay.enabled = enabled;
      relay.answers(); // until the next mail tries it
      await this.audit.record(unit, actor, enabled ? 'relay.enable' : 'relay.rest', relay.name);
      this.changed(relay);
    });
  }

  async remove(actor: Actor, id: string): Promise<void> {
    await this.permissions.administering(actor, async (unit) => {
      const relay = await mustFind(unit, id);
      await unit.em.remove(relay).flush();
      await this.audit.record(unit, actor, 'relay.remove', relay.name, { before: told(relay) });
      this.changed(relay);
    });
  }

  /** Takes the place of the one before it. */
  async moveUp(actor: Actor, id: string): Promise<void> {
    await this.permissions.administering(actor, async (unit) => {
      await mustFind(unit, id);
      const all = await unit.em.find(BrandRelay, {}, { orderBy: { place: 'asc', id: 'asc' } });
      const at = all.findIndex((relay) => relay.id === id);
      if (at > 0) all.splice(at - 1, 2, all[at]!, all[at - 1]!);
      all.forEach((relay, place) => (relay.place = place + 1));
      await this.audit.record(unit, actor, 'relay.order', all[Math.max(0, at - 1)]!.name);
      this.changed(all[0]!);
    });
  }

  private async mustWork(actor: Actor, settings: RelaySettings, secret: string): Promise<void> {
    if (settings.auth !== 'none' && secret === '') {
      const message = settings.auth === 'XOAUTH2' ? 'Enter the secret of the client.' : 'Enter the password.';
      throw new Invalid(message, { secret: message });
    }
    const failure = await this.rehearsal.failureOf(settings, secret, actor.email);
    if (failure !== undefined) {
      const message = `${STEPS[failure.step]} ${failure.words}`;
      throw new Invalid(message, { [FIELDS[failure.step]]: message });
    }
  }

  private kept(relay: BrandRelay, { secret: _secret, ...settings }: RelayForm, secret: string): BrandRelay {
    const sealed = settings.auth === 'none' ? null : this.keys.seal(Buffer.from(secret), secretPlace(relay.brandId));
    const now = this.clock.now();
    relay.change(settings, sealed, now);
    relay.found('', now);
    return relay;
  }

  /** A kept password goes to the server that it was entered for, and to no other. */
  private secretFor(before: BrandRelay, form: RelayForm): string {
    const isSame = before.host === form.host && before.tokenUrl === form.tokenUrl && before.auth === form.auth;
    return isSame ? this.wiring.secretOf(before) : '';
  }

  private changed(relay: BrandRelay): BrandRelay {
    this.relays.forget(relay.brandId);
    return relay;
  }
}

const STEPS: Record<TrialFailure['step'], string> = {
  connect: 'The server can’t be reached:',
  tls: 'The connection can’t be encrypted:',
  sign_in: 'The server refused the sign-in:',
  sender: 'The server refused the sender:',
  recipient: 'The server refused a mail to you:',
};
const FIELDS: Record<TrialFailure['step'], string> = {
  connect: 'host',
  tls: 'tls',
  sign_in: 'secret',
  sender: 'senderRule',
  recipient: 'host',
};

/** What the audit log may know: everything but secrets. */
function told({ host, port, tls, auth, username, senderRule, fromDomains, enabled }: BrandRelay): object {
  return { host, port, tls, auth, username, senderRule, fromDomains, enabled };
}

async function mustFind({ em }: Unit, id: string): Promise<BrandRelay> {
  const relay = /^\d{1,18}$/.test(id) ? await em.findOne(BrandRelay, { id }) : null;
  if (relay === null) throw new NotFound('This relay does not exist.');
  return relay;
}
