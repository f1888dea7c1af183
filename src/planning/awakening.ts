import { LockMode } from '@mikro-orm/core';
import type { Unit } from '../platform/db/database.js';
import { Distribution } from '../ledger/distribution.entity.js';
import { hasOpenMessages } from '../ledger/ledger.sql.js';
import { firstLeaves, timingOf } from './timing.js';
import { holidaysOf } from './timing.sql.js';

/**
 * An invitation goes out to further people: what follows it takes them as well, also where it had ended because there was
 * nobody. One with a time of its own takes whoever is reached before its mails leave, so nobody once they have. All of them
 * are locked, whatever they say: a round that finds just now that nobody can come is waited for.
 * @returns those that look for people again
 */
export async function awakenFollowUps(unit: Unit, { id: parentId }: Distribution, now: Date): Promise<Distribution[]> {
  const followUps = await unit.em.find(
    Distribution,
    { parentId, deletedAt: null },
    { lockMode: LockMode.PESSIMISTIC_WRITE, orderBy: { id: 'asc' }, refresh: true },
  );
  const awake: Distribution[] = [];
  for (const followUp of followUps) {
    if (followUp.isPerPerson ? followUp.takeMore() : await isJoined(unit, followUp, now)) {
      awake.push(followUp);
    }
  }
  return awake;
}

async function isJoined(unit: Unit, followUp: Distribution, now: Date): Promise<boolean> {
  return (await leavesLater(unit, followUp, now)) && followUp.lookForLatecomers(now);
}

/** Whether one with a time of its own, that has nobody yet, may still have somebody when its mails leave. */
export async function mayBeJoined(unit: Unit, followUp: Distribution, now: Date): Promise<boolean> {
  return (await leavesLater(unit, followUp, now)) && mayCome(unit, followUp);
}

/** Whether the invitation may reach somebody yet, or somebody may finish. */
export async function mayCome(unit: Unit, { parentId, requestType }: Distribution): Promise<boolean> {
  return requestType === 'ThankYou' || hasOpenMessages(unit, parentId!);
}

/** Whether first mails of one with a time of its own are still to leave somewhere; in waves nobody joins. */
async function leavesLater(unit: Unit, followUp: Distribution, now: Date): Promise<boolean> {
  const {
    parentId,
    sendAt,
    frozenAt,
    finishedAt,
    brandId,
    timeZone,
    expectedMails: mails,
    plan: { waves },
  } = followUp;
  if (parentId === null || sendAt === null || waves !== null) {
    return false;
  }
  const start = frozenAt ?? finishedAt ?? now; // one that failed was to be planned then
  const timing = timingOf(followUp, { start, mails, holidays: await holidaysOf(unit, brandId) });
  return firstLeaves(timing, timeZone).some(({ at }) => at > now);
}
