import { z } from 'zod';
import { ticked, unlessLonger } from '../../platform/web/form_atoms.js';
import type { Say } from '../../ledger/distribution_words.js';
import type { Distribution } from '../../ledger/distribution.entity.js';
import type { FollowingTime } from '../../ledger/head/following.js';

/** How a reminder or a thank-you stands in the form, as texts. */
export interface WrittenFollowing {
  /** Public id of the invitation. */
  parent: string;
  kind: 'Reminder' | 'ThankYou';
  when: 'after' | 'later' | 'now' | 'at_once';
  days: string;
  hours: string;
  what: 'invitation' | 'last_reminder';
  /** A thank-you that also goes to people who were screened out or came after a quota was full. */
  thanksTurnedAway: boolean;
  /** Hours, pace, zone and lateness of its own. */
  ownPlan: boolean;
}

const short = unlessLonger(40);

export const following = z
  .object({
    parent: short,
    kind: z.enum(['Reminder', 'ThankYou']),
    when: z.enum(['after', 'later', 'now', 'at_once']).catch('now'),
    days: short,
    hours: short,
    what: z.enum(['invitation', 'last_reminder']).catch('invitation'),
    thanksTurnedAway: ticked,
    ownPlan: ticked,
  })
  .transform((one) => ({ ...one, thanksTurnedAway: one.kind === 'ThankYou' && one.thanksTurnedAway }))
  .optional()
  .catch(undefined);

/** Gathers `followParent`, `followKind` … of a form; absent where the mail follows nothing. */
export function withFollowing(body: unknown): unknown {
  const {
    followParent,
    followKind,
    followWhen,
    followDays,
    followHours,
    followWhat,
    followTurnedAway,
    followOwnPlan,
    ...rest
  } = (body ?? {}) as Record<string, unknown>;
  const gathered = {
    parent: followParent,
    kind: followKind,
    when: followWhen,
    days: followDays,
    hours: followHours,
    what: followWhat,
    thanksTurnedAway: followTurnedAway,
    ownPlan: followOwnPlan,
  };
  return typeof followParent === 'string' && followParent !== '' ? { ...rest, following: gathered } : rest;
}

const MOST_HOURS = 8760;

function hoursOf({ days, hours }: WrittenFollowing): number | undefined {
  const [inDays, inHours] = [days.trim() || '0', hours.trim() || '0'];
  const total = Number(inDays) * 24 + Number(inHours);
  const isWhole = /^\d{1,3}$/.test(inDays) && /^\d{1,4}$/.test(inHours);
  return isWhole && total >= 1 && total <= MOST_HOURS ? total : undefined;
}

/** What is impossible about its time, by field. */
export function followingFaults(written: WrittenFollowing | undefined, say: Say): Record<string, string> {
  const isWrong = written?.when === 'after' && hoursOf(written) === undefined;
  return isWrong ? { followDays: say('follow.wrongDays') } : {};
}

/** When it goes, where it has no time of its own. */
export function followingTime(written: WrittenFollowing): FollowingTime {
  const isAfter = written.when === 'after';
  return {
    afterHours: isAfter ? (hoursOf(written) ?? null) : null,
    afterWhat: isAfter ? written.what : null,
    atOnce: written.kind === 'ThankYou' && written.when === 'at_once',
  };
}

/** What a reminder or a thank-you that is kept says in the form. */
export function writtenFollowing(
  { requestType, afterHours, afterWhat, atOnce, sendAt, thanksTurnedAway, ownPlan }: Distribution,
  parent: string,
): WrittenFollowing {
  const when = atOnce ? 'at_once' : afterHours !== null ? 'after' : sendAt === null ? 'now' : 'later';
  const hours = afterHours ?? 72;
  return {
    parent,
    kind: requestType === 'ThankYou' ? 'ThankYou' : 'Reminder',
    when,
    days: String(Math.floor(hours / 24)),
    hours: String(hours % 24),
    what: afterWhat ?? 'invitation',
    thanksTurnedAway,
    ownPlan,
  };
}

/** What a new one proposes: a reminder after three days, thanks at once. */
export function firstFollowing(kind: WrittenFollowing['kind'], parent: string, hasReminder: boolean): WrittenFollowing {
  const what = kind === 'Reminder' && hasReminder ? 'last_reminder' : 'invitation';
  const when = kind === 'Reminder' ? 'after' : 'at_once';
  return { parent, kind, when, days: '3', hours: '0', what, thanksTurnedAway: false, ownPlan: false };
}

/** The part of the form that says when it goes: `distributions/_follow_up`. */
export function followUpModel(
  written: WrittenFollowing | undefined,
  { say, faults }: { say: Say; faults: Record<string, string> },
): object | undefined {
  if (written === undefined) {
    return undefined;
  }
  const { kind, when, what } = written;
  const times = kind === 'Reminder' ? ['after', 'later', 'now'] : ['at_once', 'after', 'later', 'now'];
  const options = (key: string, values: readonly string[], chosen: string): object[] =>
    values.map((value) => ({ value, label: say(`follow.${key}.${value}`), selected: value === chosen }));
  const whats = kind === 'Reminder' ? (['invitation', 'last_reminder'] as const) : (['invitation'] as const);
  return {
    parent: written.parent,
    kind,
    lead: say(`follow.lead.${kind}`),
    when: { name: 'followWhen', label: say('follow.time'), required: true, options: options('when', times, when) },
    days: {
      name: 'followDays',
      label: say('follow.days'),
      value: written.days,
      short: true,
      inputmode: 'numeric',
      required: true,
      error: faults['followDays'],
    },
    hours: { name: 'followHours', label: say('follow.hours'), value: written.hours, short: true, inputmode: 'numeric' },
    turnedAway:
      kind === 'Reminder'
        ? undefined
        : {
            name: 'followTurnedAway',
            label: say('follow.turnedAway'),
            help: say('follow.turnedAwayHelp'),
            value: 'on',
            checked: written.thanksTurnedAway,
          },
    ownPlan: {
      name: 'followOwnPlan',
      label: say('follow.ownPlan'),
      help: say('follow.ownPlanHelp'),
      value: 'on',
      checked: written.ownPlan,
    },
    what: { name: 'followWhat', label: say('follow.after'), required: true, options: options('what', whats, what) },
  };
}
