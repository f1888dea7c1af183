import { Injectable } from '@nestjs/common';
import type { Actor } from '../../platform/auth/actor.js';
import { Clock } from '../../platform/clock.js';
import { Database, type Unit } from '../../platform/db/database.js';
import { WrongState } from '../../platform/errors.js';
import { Ids } from '../../platform/ids.js';
import { Distribution } from '../../ledger/distribution.entity.js';
import type { Composition } from '../../ledger/composition.js';
import { DistributionsService } from '../distributions.service.js';
import { FoundDistributions } from '../../ledger/found_distributions.service.js';
import { askedBy } from '../../planning/rescheduling.js';
import { type Tallies, talliesOf } from '../../ledger/tallies.js';
import type { FollowingTime } from '../../ledger/head/following.js';
import { followingTime, type WrittenFollowing } from './written_following.js';

export type FollowUpKind = 'Reminder' | 'ThankYou';

/** More than this many under one invitation are a mistake of a program, or a nuisance. */
const MOST_FOLLOW_UPS = 20;

/** A reminder or a thank-you as its author writes it; everything else comes from the invitation. */
export interface FollowUpWords {
  requestType: FollowUpKind;
  mail: Omit<
    Composition,
    'listId' | 'contactId' | 'listName' | 'linkType' | 'linkDays' | 'linkExpiresAt' | 'skipFinished' | 'embedded'
  >;
  time: FollowingTime;
  /** Thanks also go to people who were screened out or came after a quota was full; absent: they don't. */
  thanksTurnedAway?: boolean;
  /** Whether the plan of its mail counts, and not that of the invitation; absent: where it has one. */
  ownPlan?: boolean;
}

export interface FollowUp {
  distribution: Distribution;
  tallies: Tallies;
}

/** Reminders and thank-yous: mails below an invitation, to the people whom it reached, with the same links. */
@Injectable()
export class FollowUpsService {
  constructor(
    private readonly database: Database,
    private readonly clock: Clock,
    private readonly distributions: DistributionsService,
    private readonly found: FoundDistributions,
    private readonly ids: Ids,
  ) {}

  /** The follow-ups below these invitations, in the order in which they were made, with their counters. */
  async of(actor: Actor, invitations: string[]): Promise<Map<string, FollowUp[]>> {
    if (invitations.length === 0) {
      return new Map();
    }
    return this.database.inBrand(actor.brandId, async (unit) => {
      const found = await unit.em.find(
        Distribution,
        { parentId: { $in: invitations }, deletedAt: null },
        { orderBy: { id: 'asc' } },
      );
      const tallies = await talliesOf(
        unit,
        found.map(({ id }) => id),
      );
      const known = found.map((distribution) => ({ distribution, tallies: tallies(distribution.id) }));
      return Map.groupBy(known, ({ distribution }) => distribution.parentId ?? '');
    });
  }

  /** The invitation, for somebody who may send. @throws {WrongState} for one that nothing can follow */
  mustBeFollowable(actor: Actor, invitationId: string): Promise<Distribution> {
    return this.database.inBrand(actor.brandId, (unit) => this.mustBeFollowableIn(unit, actor, invitationId));
  }

  /** As `mustBeFollowable`, in a unit that is open. */
  async mustBeFollowableIn(unit: Unit, actor: Actor, invitationId: string): Promise<Distribution> {
    const { distribution } = await this.found.mustFindIn(unit, actor, invitationId);
    await this.found.mustMaySendIn(unit, actor, distribution.surveyId);
    const { linkType, channel, requestType } = distribution;
    if (requestType !== 'Invite' || channel !== 'email') {
      throw new WrongState('Reminders and thank-yous belong to invitations that were mailed.');
    }
    if (linkType !== 'Individual') {
      throw new WrongState(
        'Only people with links of their own can be reminded or thanked: nobody knows who answered.',
      );
    }
    return distribution;
  }

  /** Keeps what was written below the invitation: as a draft, and what waits for its time waits on, unless it is taken off. */
  compose(
    actor: Actor,
    invitationId: string,
    words: FollowUpWords,
    wish?: { id?: string | undefined; offSchedule?: boolean },
  ): Promise<Distribution> {
    return this.database.inBrand(actor.brandId, (unit) => this.composeIn(unit, actor, invitationId, words, wish));
  }

  /** As `compose`, in a unit that is open. */
  async composeIn(
    unit: Unit,
    actor: Actor,
    invitationId: string,
    words: FollowUpWords,
    { id, offSchedule = false }: { id?: string | undefined; offSchedule?: boolean } = {},
  ): Promise<Distribution> {
    const invitation = await this.mustBeFollowableIn(unit, actor, invitationId);
    const draft = id === undefined ? await this.made(unit, actor, invitation) : await this.known(unit, actor, id);
    mustBelong(draft, invitation);
    const [wasScheduled, before] = [draft.status === 'scheduled', askedBy(draft)];
    draft.compose({ ...words.mail, ...inherited(invitation) }, this.clock.now());
    draft.follow(invitation, words.requestType, words.time);
    draft.thanksTurnedAway = words.thanksTurnedAway ?? false;
    draft.ownPlan = words.ownPlan ?? words.mail.plan !== undefined;
    draft.inherit(invitation);
    await unit.flush();
    if (wasScheduled && !offSchedule) {
      await this.distributions.staysScheduled(unit, actor, draft, before);
    }
    return draft;
  }

  /** Keeps what was written in the form. */
  keep(
    unit: Unit,
    actor: Actor,
    written: WrittenFollowing,
    mail: FollowUpWords['mail'],
    kept: { id?: string | undefined; offSchedule?: boolean },
  ): Promise<Distribution> {
    const { kind: requestType, thanksTurnedAway, ownPlan } = written;
    const words = { requestType, mail, time: followingTime(written), thanksTurnedAway, ownPlan };
    return this.composeIn(unit, actor, this.ids.read('EMD', written.parent), words, kept);
  }

  /** Sends one that waits for its time, or is a draft, at once. */
  async sendNow(actor: Actor, id: string): Promise<Distribution> {
    return this.database.inBrand(actor.brandId, async (unit) => {
      const followUp = await this.known(unit, actor, id);
      followUp.hasten(this.clock.now());
      await unit.flush();
      return this.distributions.sendIn(unit, actor, id);
    });
  }

  /** Composes and sends in one unit, as programs do. */
  async create(actor: Actor, invitationId: string, words: FollowUpWords): Promise<Distribution> {
    return this.database.inBrand(actor.brandId, async (unit) => {
      const { id } = await this.composeIn(unit, actor, invitationId, words);
      return this.distributions.sendIn(unit, actor, id);
    });
  }

  private async made(unit: Unit, actor: Actor, { id: parentId, surveyId }: Distribution): Promise<Distribution> {
    const { n } = await unit.one<{ n: number }>(
      'SELECT count(*)::int AS n FROM distributions WHERE parent_id = $1 AND deleted_at IS NULL',
      [parentId],
    );
    if (n >= MOST_FOLLOW_UPS) {
      throw new WrongState(`An invitation can have ${MOST_FOLLOW_UPS} reminders and thank-yous at most.`);
    }
    return this.distributions.made(unit, actor, surveyId);
  }

  private async known(unit: Unit, actor: Actor, id: string): Promise<Distribution> {
    const followUp = await this.found.locked(unit, actor, id);
    if (followUp.parentId === null) {
      throw new WrongState('This is neither a reminder nor a thank-you.');
    }
    return followUp;
  }
}

function inherited(invitation: Distribution): Omit<Composition, keyof FollowUpWords['mail']> {
  const {
    linkType,
    linkDays,
    embedded,
    audience: { listId, contactId, listName },
  } = invitation;
  return { listId, contactId, listName, linkType, linkDays, linkExpiresAt: null, skipFinished: true, embedded };
}

function mustBelong({ parentId }: Distribution, { id }: Distribution): void {
  if (parentId !== null && parentId !== id) {
    throw new WrongState('This belongs to another invitation.');
  }
}
