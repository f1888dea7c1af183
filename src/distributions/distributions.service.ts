import { Injectable } from '@nestjs/common';
import { AuditService } from '../brands/audit.service.js';
import type { Actor } from '../platform/auth/actor.js';
import { Clock } from '../platform/clock.js';
import { Database, type Unit } from '../platform/db/database.js';
import { type Composition, Distribution } from '../ledger/distribution.entity.js';
import { askedBy, Rescheduling } from '../planning/rescheduling.js';
import { PlanningService } from '../planning/planning.service.js';
import { SendingChecks } from '../planning/sending_checks.js';
import type { Typed } from '../ledger/composition.js';
import { familiesIn, type Family } from './follow_ups/families.js';
import { FoundDistributions } from '../ledger/found_distributions.service.js';

/** Sending it has been asked for before, and nobody stopped it since. */
const IS_SENT: readonly Distribution['status'][] = ['scheduled', 'planning', 'sending', 'done'];

/** What authors and programs do with distributions: write and send. */
@Injectable()
export class DistributionsService {
  constructor(
    private readonly database: Database,
    private readonly clock: Clock,
    private readonly found: FoundDistributions,
    private readonly planning: PlanningService,
    private readonly checks: SendingChecks,
    private readonly audit: AuditService,
    private readonly rescheduling: Rescheduling,
  ) {}

  /** What each of these follows, when that is expected, and what follows it. */
  families({ brandId }: Actor, mails: readonly Distribution[]): Promise<Map<string, Family>> {
    return this.database.inBrand(brandId, (unit) => familiesIn(unit, brandId, mails));
  }

  /**
   * Keeps what was written: as a draft, and what is scheduled on its schedule, unless it is taken off.
   * @throws {Invalid} with the field `schedule` for what can't stay on its schedule; nothing is kept then
   */
  compose(
    actor: Actor,
    surveyId: string,
    words: Composition,
    wish?: { id?: string | undefined; offSchedule?: boolean },
  ): Promise<Distribution> {
    return this.database.inBrand(actor.brandId, (unit) => this.composeIn(unit, actor, surveyId, words, wish));
  }

  /** As `compose`, in a unit that is open. */
  async composeIn(
    unit: Unit,
    actor: Actor,
    surveyId: string,
    words: Composition,
    { id, offSchedule = false }: { id?: string | undefined; offSchedule?: boolean } = {},
  ): Promise<Distribution> {
    await this.found.mustMaySendIn(unit, actor, surveyId);
    const now = this.clock.now();
    const distribution = id === undefined ? this.made(unit, actor, surveyId) : await this.found.locked(unit, actor, id);
    const [wasScheduled, before] = [distribution.status === 'scheduled', askedBy(distribution)];
    distribution.compose({ ...words, listName: await nameOf(unit, words) }, now);
    await handDown(unit, distribution);
    await unit.flush();
    if (wasScheduled && !offSchedule) {
      await this.staysScheduled(unit, actor, distribution, before);
    }
    return distribution;
  }

  /** Keeps what was typed into a draft as it is; without an id a new one. @throws {WrongState} for what is no draft any more */
  async keepTyped(unit: Unit, actor: Actor, surveyId: string, typed: Typed, id?: string): Promise<Distribution> {
    await this.found.mustMaySendIn(unit, actor, surveyId);
    const draft = id === undefined ? this.made(unit, actor, surveyId) : await this.found.locked(unit, actor, id);
    draft.keepTyped(typed, this.clock.now());
    await unit.flush();
    return draft;
  }

  /** What was scheduled before it was edited goes at its time. @throws {Invalid} where it can't */
  async staysScheduled(unit: Unit, actor: Actor, distribution: Distribution, before: string): Promise<void> {
    await this.rescheduling.stay(unit, distribution, before);
    await this.audit.record(unit, actor, 'distribution.schedule', `distribution ${distribution.id}`, {
      after: { sendAt: distribution.sendAt?.toISOString() ?? null },
    });
  }

  /**
   * Sends a draft now, or at its time when that is still to come. In parts: what the weekly limit leaves, and the rest
   * when more is free. A button that was pressed twice (`isPressed`) sends it once, and both are given it.
   * @throws {DomainError} with the code of what stands in the way (EQD03 own limit, EQD04 brand's, …): nothing is planned
   */
  send(
    actor: Actor,
    id: string,
    wish?: { inParts?: boolean | undefined; isPressed?: boolean | undefined },
  ): Promise<Distribution> {
    return this.database.inBrand(actor.brandId, (unit) => this.sendIn(unit, actor, id, wish));
  }

  /** As `send`, in a unit that is open. */
  async sendIn(
    unit: Unit,
    actor: Actor,
    id: string,
    { inParts = false, isPressed = false } = {},
  ): Promise<Distribution> {
    const distribution = await this.found.locked(unit, actor, id);
    if (isPressed && IS_SENT.includes(distribution.status)) {
      return distribution;
    }
    distribution.inParts = inParts;
    await this.depart(unit, actor, distribution);
    return distribution;
  }

  /** Composes and sends in one unit, as programs do: refused means that nothing is there. */
  async create(actor: Actor, surveyId: string, words: Composition): Promise<Distribution> {
    return this.database.inBrand(actor.brandId, async (unit) => {
      const distribution = await this.composeIn(unit, actor, surveyId, words);
      await this.depart(unit, actor, distribution);
      return distribution;
    });
  }

  /** Makes a link for everybody of a list, without mailing anybody. */
  async generateLinks(actor: Actor, surveyId: string, words: Composition): Promise<Distribution> {
    await this.found.mustMayMakeLinks(actor, surveyId);
    return this.database.inBrand(actor.brandId, async (unit) => {
      const distribution = this.made(unit, actor, surveyId, 'gl');
      distribution.requestType = 'GeneratedInvite';
      distribution.compose({ ...words, listName: await nameOf(unit, words) }, this.clock.now());
      await unit.flush();
      await this.planning.departWithoutMails(unit, distribution);
      return distribution;
    });
  }

  private async depart(unit: Unit, actor: Actor, distribution: Distribution): Promise<void> {
    distribution.writing.mustBeWhole();
    const now = this.clock.now();
    distribution.ownerId = actor.userId; // the limit that counts is that of whoever sends
    const isLater = distribution.waitsForAnother || (distribution.sendAt !== null && distribution.sendAt > now);
    if (isLater) {
      await this.checks.mustPass(unit, distribution);
      distribution.schedule(now);
    } else {
      await this.planning.depart(unit, distribution);
    }
    await unit.flush();
    const what = `distribution ${distribution.id}`;
    await this.audit.record(unit, actor, isLater ? 'distribution.schedule' : 'distribution.send', what, {
      after: { mails: distribution.reserved, sendAt: distribution.sendAt?.toISOString() ?? null },
    });
  }

  /** A draft that says nothing yet. */
  made(
    unit: Unit,
    { brandId, userId }: Actor,
    surveyId: string,
    channel: Distribution['channel'] = 'email',
  ): Distribution {
    const now = this.clock.now();
    const facts = { brandId, surveyId, ownerId: userId, channel, createdAt: now, modifiedAt: now };
    const distribution = unit.em.create(Distribution, facts as Distribution);
    this.checks.begin(distribution);
    return distribution;
  }
}

/** What follows an invitation goes by its hours, pace and zone, unless it has others. */
async function handDown(unit: Unit, invitation: Distribution): Promise<void> {
  const { id, parentId } = invitation;
  if (id !== undefined && parentId === null) {
    const followUps = await unit.em.find(Distribution, { parentId: id, ownPlan: false, plannedAt: null });
    followUps.forEach((followUp) => followUp.inherit(invitation));
  }
}

/** The audience in words, kept because lists and contacts may be deleted. @throws {NotFound} for one of nobody */
async function nameOf(
  unit: Unit,
  { listId, contactId, segmentId = null }: Pick<Composition, 'listId' | 'contactId' | 'segmentId'>,
): Promise<string> {
  if (contactId !== null) {
    const { name } = await unit.one<{ name: string }>(
      `SELECT coalesce(nullif(trim(first_name || ' ' || last_name), ''), email) AS name FROM contacts WHERE id = $1`,
      [contactId],
      'There is no such contact.',
    );
    return name;
  }
  const { name } = await unit.one<{ name: string }>(
    `SELECT name FROM ${segmentId === null ? 'contact_lists' : 'segments'} WHERE id = $1`,
    [segmentId ?? listId],
    `There is no such ${segmentId === null ? 'contact list' : 'segment'}.`,
  );
  return name;
}
