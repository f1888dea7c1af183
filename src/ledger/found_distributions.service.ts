import { Injectable } from '@nestjs/common';
import { LockMode } from '@mikro-orm/core';
import { mustBeAllowed, type Stake } from '../brands/access.js';
import type { Actor } from '../platform/auth/actor.js';
import type { Permission } from '../platform/auth/permissions.js';
import { Database, type Unit } from '../platform/db/database.js';
import { NotFound } from '../platform/errors.js';
import { DisclosuresService } from '../responses/disclosures.service.js';
import type { Survey } from '../surveys/survey.entity.js';
import { SurveysService } from '../surveys/surveys.service.js';
import { Distribution } from './distribution.entity.js';
import { type Tallies, talliesOf, withoutOtherEnds } from './tallies.js';

/** A distribution with whose survey it is for and its counters. */
export interface FoundDistribution {
  distribution: Distribution;
  survey: Survey;
  stake: Stake;
  tallies: Tallies;
}

export interface ListWish {
  size: number;
  after?: string | undefined;
  /** How many to leave out, for programs that count them. */
  skip?: number | undefined;
  /** Without drafts: programs know none. */
  sentOnly?: boolean;
  channel?: Distribution['channel'];
  requestType?: string;
  listId?: string;
  /** Without reminders and thank-yous: pages show those below their invitation. */
  isNested?: boolean;
  /** Between these instants of sending. */
  from?: Date;
  until?: Date;
}

/** What somebody needs to send mails for a survey. */
export const SENDING_RIGHTS: Permission[] = ['distributions:send', 'mailer:access'];
const MISSING = 'There is no such distribution, or its survey is not shared with you.';

/** Distributions as their readers may see them: each is found by somebody who has a stake in its survey. */
@Injectable()
export class FoundDistributions {
  constructor(
    private readonly database: Database,
    private readonly surveys: SurveysService,
    private readonly disclosures: DisclosuresService,
  ) {}

  /** The survey, for somebody who may send for it. */
  mustMaySend(actor: Actor, surveyId: string): Promise<{ survey: Survey; stake: Stake }> {
    return this.database.inBrand(actor.brandId, (unit) => this.mustMaySendIn(unit, actor, surveyId));
  }

  /** As `mustMaySend`, in a unit that is open. */
  async mustMaySendIn(unit: Unit, actor: Actor, surveyId: string): Promise<{ survey: Survey; stake: Stake }> {
    const found = await this.surveys.mustFindIn(unit, actor, surveyId, 'distributions:access');
    SENDING_RIGHTS.forEach((right) => mustBeAllowed(actor, right, found.stake));
    return found;
  }

  /** Distributions of a survey, newest first; one more than `size`, so that the caller knows whether there are more. */
  async list(
    actor: Actor,
    surveyId: string,
    { size, after, skip = 0, ...filter }: ListWish,
  ): Promise<{ distribution: Distribution; tallies: Tallies }[]> {
    const staked = await this.surveys.mustFind(actor, surveyId, 'distributions:access');
    return this.database.inBrand(actor.brandId, async (unit) => {
      const found = await unit.em.find(
        Distribution,
        { surveyId, deletedAt: null, ...(after === undefined ? {} : { id: { $lt: after } }), ...conditions(filter) },
        { orderBy: { id: 'desc' }, limit: size + 1, offset: skip },
      );
      const tallies = await talliesOf(
        unit,
        found.map(({ id }) => id),
      );
      return found.map((distribution) => ({
        distribution,
        tallies: this.told(tallies(distribution.id), actor, staked),
      }));
    });
  }

  /** Reminders and thank-yous of these invitations of one survey, in the order in which they were made. */
  async followUpsOf(
    actor: Actor,
    staked: { survey: Survey; stake: Stake },
    parentIds: string[],
  ): Promise<{ distribution: Distribution; tallies: Tallies }[]> {
    return this.database.inBrand(actor.brandId, async (unit) => {
      const found = await unit.em.find(
        Distribution,
        { surveyId: staked.survey.id, parentId: { $in: parentIds }, deletedAt: null },
        { orderBy: { id: 'asc' } },
      );
      const tallies = await talliesOf(
        unit,
        found.map(({ id }) => id),
      );
      return found.map((distribution) => ({
        distribution,
        tallies: this.told(tallies(distribution.id), actor, staked),
      }));
    });
  }

  /** The survey, for somebody who may make links for it: those need no mailer. */
  async mustMayMakeLinks(actor: Actor, surveyId: string): Promise<void> {
    const { stake } = await this.surveys.mustFind(actor, surveyId, 'distributions:access');
    mustBeAllowed(actor, 'distributions:send', stake);
  }

  /** @throws {NotFound} also when the person has no stake in its survey */
  mustFind(actor: Actor, id: string, rights?: Permission[]): Promise<FoundDistribution> {
    return this.database.inBrand(actor.brandId, (unit) => this.mustFindIn(unit, actor, id, rights));
  }

  /** As `mustFind`, in a unit that is open. */
  async mustFindIn(unit: Unit, actor: Actor, id: string, rights: Permission[] = []): Promise<FoundDistribution> {
    const distribution = await unit.em.findOne(Distribution, { id, deletedAt: null });
    if (distribution === null) {
      throw new NotFound(MISSING, 'EQD14');
    }
    const { survey, stake } = await this.surveys.mustFindIn(unit, actor, distribution.surveyId, 'distributions:access');
    rights.forEach((right) => mustBeAllowed(actor, right, stake));
    const tallies = await talliesOf(unit, [id]);
    return { distribution, survey, stake, tallies: this.told(tallies(id), actor, { survey, stake }) };
  }

  /** The counters of a distribution, for news about it. */
  async figuresOf(unit: Unit, id: string): Promise<Tallies> {
    return (await talliesOf(unit, [id]))(id);
  }

  /** As `mustFind` for whoever may send, its row locked: the verbs that change it start here. */
  async locked(unit: Unit, actor: Actor, id: string): Promise<Distribution> {
    await this.mustFindIn(unit, actor, id, SENDING_RIGHTS);
    return unit.em.findOneOrFail(Distribution, { id }, { lockMode: LockMode.PESSIMISTIC_WRITE, refresh: true });
  }

  /** Counters as this reader may have them. */
  private told(tallies: Tallies, actor: Actor, found: { survey: Survey; stake: Stake }): Tallies {
    return this.disclosures.towards(actor, found).showsPeople ? tallies : withoutOtherEnds(tallies);
  }
}

function conditions({
  sentOnly,
  isNested,
  channel,
  requestType,
  listId,
  from,
  until,
}: Omit<ListWish, 'size' | 'after' | 'skip'>): object {
  const sendAt = { ...(from === undefined ? {} : { $gte: from }), ...(until === undefined ? {} : { $lte: until }) };
  return {
    ...(sentOnly === true ? { status: { $ne: 'draft' } } : {}),
    ...(channel === undefined ? {} : { channel }),
    ...(isNested === true ? { parentId: null } : {}),
    ...(requestType === undefined ? {} : { requestType }),
    ...(listId === undefined ? {} : { audience: { listId } }),
    ...(Object.keys(sendAt).length === 0 ? {} : { sendAt }),
  };
}
