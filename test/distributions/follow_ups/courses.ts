import fc from 'fast-check';
import type { SendingWindow } from '../../../src/ledger/sending_plan.js';

/** What may happen to an invitation and its reminders between two looks at the clock. */
export type Act =
  | { does: 'finish' | 'refuse' | 'soften'; person: number }
  | { does: 'pause' | 'resume' | 'cancel' | 'sendLate'; reminder: number }
  | { does: 'retry' | 'pauseSurvey' | 'resumeSurvey' | 'cancelInvitation' | 'nothing' };

/** Some weeks of an invitation with three reminders, near a change of the clocks. */
export interface Course {
  zone: string;
  begins: Date;
  window: SendingWindow | null;
  lateAfterHours: number | null;
  /** Of each person: the zone of their own, and whether the invitation failed or was put off at first. */
  people: { zone: string; first: 'taken' | 'put off' | 'failed' }[];
  /** Hours after the invitation, and after the last reminder. */
  hours: [number, number];
  /** When the third reminder goes, which has a time of its own. */
  sendAt: Date;
  steps: { minutes: number; act: Act }[];
}

/** When clocks change in 2027, there and back. */
const CHANGES: [string, string][] = [
  ['Europe/Berlin', '2027-03-28T01:00:00Z'],
  ['Europe/Berlin', '2027-10-31T01:00:00Z'],
  ['America/New_York', '2027-03-14T07:00:00Z'],
  ['America/New_York', '2027-11-07T06:00:00Z'],
  ['Australia/Lord_Howe', '2027-04-03T15:00:00Z'],
  ['Australia/Lord_Howe', '2027-10-02T15:30:00Z'],
];
const ZONES = ['Europe/Berlin', 'America/New_York', 'Australia/Lord_Howe', 'Asia/Kolkata'];
const EVERY_DAY = [1, 2, 3, 4, 5, 6, 7];
const MINUTE_MS = 60_000;
const QUARTER_MS = 15 * MINUTE_MS;

const hours = fc.record<SendingWindow>({
  weekdays: fc.constantFrom(EVERY_DAY, EVERY_DAY.slice(0, 5)),
  from: fc.constantFrom('09:00', '01:30', '22:00'),
  to: fc.constantFrom('18:00', '03:15'),
  zone: fc.constantFrom('author', 'recipient'),
  holidays: fc.constant([]),
});

const PEOPLE = 3;
type FirstOf = Course['people'][number]['first'];
const firsts = (...kinds: FirstOf[]): fc.Arbitrary<FirstOf[]> =>
  fc.array(fc.constantFrom(...kinds), { minLength: PEOPLE, maxLength: PEOPLE });
/** Sometimes the invitation reaches nobody at first. */
const people = fc
  .tuple(
    fc.oneof(
      { weight: 4, arbitrary: firsts('taken', 'taken', 'put off', 'failed') },
      { weight: 1, arbitrary: firsts('put off', 'failed', 'failed') },
    ),
    fc.array(fc.constantFrom(...ZONES), { minLength: PEOPLE, maxLength: PEOPLE }),
  )
  .map(([first, zones]) => first.map((how, place) => ({ zone: zones[place]!, first: how })));
const person = fc.nat(PEOPLE - 1);
const reminder = fc.nat(2);
const act: fc.Arbitrary<Act> = fc.oneof(
  { weight: 6, arbitrary: fc.constant<Act>({ does: 'nothing' }) },
  { weight: 2, arbitrary: fc.record({ does: fc.constantFrom('finish', 'refuse'), person }) },
  { weight: 3, arbitrary: fc.record({ does: fc.constant('soften'), person }) },
  { weight: 4, arbitrary: fc.record({ does: fc.constantFrom('pause', 'sendLate'), reminder }) },
  { weight: 5, arbitrary: fc.record({ does: fc.constant('resume'), reminder }) },
  { weight: 1, arbitrary: fc.record({ does: fc.constant('cancel'), reminder }) },
  { weight: 3, arbitrary: fc.record({ does: fc.constantFrom('retry', 'pauseSurvey') }) },
  { weight: 3, arbitrary: fc.constant<Act>({ does: 'resumeSurvey' }) },
  { weight: 1, arbitrary: fc.constant<Act>({ does: 'cancelInvitation' }) },
);

export const courses: fc.Arbitrary<Course> = fc
  .record({
    change: fc.constantFrom(...CHANGES),
    /** The days are counted over the change, or just before it. */
    minutesBefore: fc.integer({ min: 60, max: 4 * 24 * 60 }),
    minutesAfter: fc.integer({ min: 30, max: 4 * 24 * 60 }),
    window: fc.option(hours),
    lateAfterHours: fc.constantFrom(null, 6, 24),
    people,
    hours: fc.tuple(fc.constantFrom(24, 72, 96, 30), fc.constantFrom(24, 48)),
    steps: fc.array(fc.record({ minutes: fc.constantFrom(15, 60, 181, 360, 645, 1439), act }), {
      minLength: 8,
      maxLength: 18,
    }),
  })
  .map(({ change: [zone, at], minutesBefore, minutesAfter, ...rest }) => {
    const begins = new Date(new Date(at).getTime() - minutesBefore * MINUTE_MS);
    return { ...rest, zone, begins, sendAt: new Date(begins.getTime() + minutesAfter * MINUTE_MS) };
  });

/** The wall clock of a zone as `yyyy-MM-dd HH:mm:ss`: texts that sort as its times do. */
export function wall(at: Date, zone: string): string {
  return at.toLocaleString('sv-SE', { timeZone: zone });
}

/** Whether so many hours are over since a mail: whole days by the wall clock, the rest as time that passes. */
export function isOver(since: Date, hoursLater: number, { at, zone }: { at: Date; zone: string }): boolean {
  const [days, rest] = [Math.floor(hoursLater / 24), hoursLater % 24];
  const there = new Date(`${wall(since, zone).replace(' ', 'T')}Z`);
  const due = new Date(there.getTime() + days * 24 * 60 * MINUTE_MS).toISOString().slice(0, 19).replace('T', ' ');
  return wall(new Date(at.getTime() - rest * 60 * MINUTE_MS), zone) >= due;
}

/** The first quarter of an hour from then on in which mails may leave. */
export function firstWithin(window: SendingWindow | null, zone: string, from: Date): Date {
  if (window === null || isWithin(window, zone, from)) {
    return from;
  }
  return firstWithin(window, zone, new Date(Math.floor(from.getTime() / QUARTER_MS + 1) * QUARTER_MS));
}

/** Whether mails may leave at this time, read off the wall clock. */
export function isWithin({ weekdays, from, to }: SendingWindow, zone: string, at: Date): boolean {
  const time = wall(at, zone).slice(11, 16);
  const today = new Date(`${wall(at, zone).slice(0, 10)}T00:00:00Z`).getUTCDay() || 7;
  const yesterday = today === 1 ? 7 : today - 1;
  const isOverMidnight = to <= from;
  return isOverMidnight
    ? (weekdays.includes(today) && time >= from) || (weekdays.includes(yesterday) && time < to)
    : weekdays.includes(today) && time >= from && time < to;
}
