import fc from 'fast-check';
import type { Distribution } from '../../../src/ledger/distribution.entity.js';
import { AT_ONCE } from '../../../src/ledger/sending_plan.js';
import { SteeringService } from '../../../src/distributions/steering.service.js';
import { WrongState } from '../../../src/platform/errors.js';
import type { Survey } from '../../../src/surveys/survey.entity.js';
import { SurveysService } from '../../../src/surveys/surveys.service.js';
import { Sink } from '../../mailer/sink.js';
import { aSurvey } from '../../surveys/builders.js';
import { type Person, startWorld, type World } from '../../world.js';
import { aDistribution, anAudience, ledgerOf, nowOf, workOff } from '../builders.js';
import { aFollowUp, finishes, followUpWords } from './builders.js';
import { type Act, type Course, courses, firstWithin, isOver, isWithin } from './courses.js';

const MINUTE_MS = 60_000;
const MOST_MS = Number(process.env['COURSES_MS'] ?? 45_000);
/** For the course that was begun last: hundreds of looks, on a machine with other work. */
const LAST_MS = 240_000;
/** Shorter than any hours: what was due while they were closed leaves by one of these steps. */
const SHORT_MINUTES = 60;
const LONG_MINUTES = 240;
const MOST_TURNS = 250;
/** The same weeks each time, so that a change that breaks nothing is never stopped; other seeds find more. */
const seed = Number(process.env['COURSES_SEED'] ?? 1);

describe('whatever happens to an invitation and its reminders while the clocks change', () => {
  let world: World;
  let sink: Sink;
  beforeAll(async () => {
    sink = await new Sink().listen();
    world = await startWorld({ SMTP_URL: sink.url, MAIL_DOMAIN: 'acme.example' });
  });
  afterAll(async () => {
    await world.close();
    await sink.close();
  });

  it(
    'nobody is reminded too early, outside the hours, while it waits, after finishing or after the cancel, and everybody else is',
    async () => {
      process.stdout.write(`courses: seed ${seed}\n`);
      const began = performance.now();
      let walked = 0;
      await fc.assert(
        fc.asyncProperty(courses, async (course) => {
          if (performance.now() - began > MOST_MS) {
            return; // a course that was begun is walked to its end
          }
          const walk = await Walk.begin(world, sink, course);
          for (const step of course.steps) {
            await walk.step(step.minutes, step.act);
          }
          await walk.end();
          walked += 1;
        }),
        { seed, endOnFailure: true },
      );
      process.stdout.write(`courses: ${walked} walked\n`);
      expect(walked).toBeGreaterThan(0);
    },
    MOST_MS + LAST_MS,
  );
});

type ActOf<Key extends string> = Extract<Act, Record<Key, unknown>>;

interface Got {
  person: number;
  at: Date;
}

/** One course through the real planner; each mail that it lets go is judged by the wall clock alone. */
class Walk {
  private readonly refused = new Set<number>();
  private readonly finished = new Set<number>();
  private readonly paused = new Set<number>();
  private readonly cancelled = new Set<number>();
  private readonly given: Map<number, Date>[] = [new Map(), new Map(), new Map()];
  private isSurveyPaused = false;
  private invitation!: Distribution;
  private reminders: Distribution[] = [];

  private constructor(
    private readonly world: World,
    private readonly course: Course,
    private readonly ada: Person,
    private readonly survey: Survey,
    private readonly contacts: string[],
  ) {}

  static async begin(world: World, sink: Sink, course: Course): Promise<Walk> {
    await world.forget();
    world.clock.set(course.begins);
    const ada = await world.aPerson(await world.aBrand());
    const survey = await aSurvey(world, ada);
    const { listId, contactIds } = await anAudience(world, ada, course.people.length);
    const walk = new Walk(world, course, ada, survey, contactIds);
    await walk.run(
      'UPDATE contacts c SET time_zone = z.zone FROM unnest($1::bigint[], $2::text[]) z (id, zone) WHERE c.id = z.id',
      [contactIds, course.people.map(({ zone }) => zone)],
    );
    course.people.forEach(({ first }, person) => first === 'put off' && walk.refused.add(person));
    sink.script = ({ stage, line }) =>
      stage === 'rcpt' && [...walk.refused].some((person) => line.includes(`person.${person + 1}@`))
        ? { reply: '451 4.7.1 Greylisted, try again later' }
        : undefined;
    await walk.send(listId);
    return walk;
  }

  private async send(listId: string): Promise<void> {
    const { zone: timeZone, window, lateAfterHours, hours, people, sendAt } = this.course;
    const { world, ada, survey } = this;
    const plan = { ...AT_ONCE, window, lateAfterHours };
    this.invitation = await aDistribution(world, ada, survey, { listId, timeZone, plan });
    const [first, second] = hours;
    const times = [
      { afterHours: first, afterWhat: 'invitation' as const },
      { afterHours: second, afterWhat: 'last_reminder' as const },
    ];
    for (const [place, time] of times.entries()) {
      const words = followUpWords('Reminder', { subject: `Reminder ${place}`, timeZone }, time);
      this.reminders.push(await aFollowUp(world, ada, this.invitation, words));
    }
    const timed = followUpWords('Reminder', { subject: 'Reminder in time', timeZone, sendAt });
    this.reminders.push(await aFollowUp(world, ada, this.invitation, timed));
    await this.look(0);
    const failed = people.flatMap(({ first: how }, person) => (how === 'failed' ? [this.contacts[person]] : []));
    await this.run(
      `UPDATE messages SET state = 'failed', accepted_at = NULL, wire_at = NULL
       WHERE distribution_id = $1 AND contact_id = ANY ($2) AND state = 'accepted'`,
      [this.invitation.id, failed],
    );
  }

  /** What is impossible as things stand is refused and changes nothing. */
  async step(minutes: number, ...acts: Act[]): Promise<void> {
    for (const act of acts) {
      await this.acts(act).catch((error: unknown) => {
        if (!(error instanceof WrongState)) {
          throw error;
        }
      });
    }
    await this.look(minutes);
  }

  private acts(act: Act): Promise<void> {
    if ('reminder' in act) {
      return this.steer(act);
    }
    return 'person' in act ? this.meet(act) : this.decide(act.does);
  }

  private async steer({ does, reminder }: ActOf<'reminder'>): Promise<void> {
    const steering = this.world.app.get(SteeringService);
    await steering[does](this.ada.actor, this.reminders[reminder]!.id);
    if (does === 'pause') {
      this.paused.add(reminder);
    } else if (does === 'resume') {
      this.paused.delete(reminder);
    } else if (does === 'cancel') {
      this.cancelled.add(reminder);
    }
  }

  private async meet({ does, person }: ActOf<'person'>): Promise<void> {
    if (does === 'finish') {
      await this.finish(person);
    } else if (does === 'refuse') {
      this.refused.add(person);
    } else {
      this.refused.delete(person);
    }
  }

  private async decide(does: Exclude<Act, { reminder: number } | { person: number }>['does']): Promise<void> {
    const { world, ada, survey, invitation } = this;
    const [steering, surveys] = [world.app.get(SteeringService), world.app.get(SurveysService)];
    if (does === 'retry') {
      await steering.retryFailed(ada.actor, invitation.id);
    } else if (does === 'cancelInvitation') {
      await steering.cancel(ada.actor, invitation.id);
      this.reminders.forEach((_, reminder) => this.cancelled.add(reminder));
    } else if (does === 'pauseSurvey') {
      await surveys.pause(ada.actor, survey.id, { people: 'finish', message: '' });
      this.isSurveyPaused = true;
    } else if (does === 'resumeSurvey') {
      await surveys.resume(ada.actor, survey.id);
      this.isSurveyPaused = false;
    }
  }

  private async finish(person: number): Promise<void> {
    const { world, survey, invitation, contacts } = this;
    const invited = (await this.accepted(invitation)).some((one) => one.person === person);
    if (invited && !this.finished.has(person)) {
      await finishes(world, survey, invitation, contacts[person]!);
      this.finished.add(person);
    }
  }

  /** The clock goes on, everything due is done, and whatever left is judged. */
  private async look(minutes: number): Promise<void> {
    this.world.clock.forward(minutes * MINUTE_MS);
    await workOff(this.world);
    await workOff(this.world);
    for (const [place, reminder] of this.reminders.entries()) {
      for (const { person, at } of await this.accepted(reminder)) {
        if (!this.given[place]!.has(person)) {
          await this.judge(place, { person, at });
          this.given[place]!.set(person, at);
        }
      }
    }
  }

  private async judge(place: number, { person, at }: Got): Promise<void> {
    const { window, hours, sendAt } = this.course;
    const invited = (await this.accepted(this.invitation)).find((one) => one.person === person)?.at;
    const base = (place === 1 ? this.given[0]!.get(person) : undefined) ?? invited;
    const zone = this.zoneOf(person);
    const after = hours[place];
    expect({
      reminder: place,
      person,
      isInvited: base !== undefined,
      isDue: after === undefined ? at >= sendAt : base !== undefined && isOver(base, after, { at, zone }),
      isWithinHours: window === null || isWithin(window, zone, at),
      hasFinished: this.finished.has(person),
      waits: this.paused.has(place) || this.isSurveyPaused,
      isCancelled: this.cancelled.has(place),
    }).toEqual({
      reminder: place,
      person,
      isInvited: true,
      isDue: true,
      isWithinHours: true,
      hasFinished: false,
      waits: false,
      isCancelled: false,
    });
  }

  /** Nothing stands in the way any more: everybody is invited, and who has not finished gets what is left. */
  async end(): Promise<void> {
    this.refused.clear();
    const each = [0, 1, 2];
    const resumes = each.map((reminder) => ({ does: 'resume' as const, reminder }));
    await this.step(0, { does: 'resumeSurvey' }, ...resumes, { does: 'retry' });
    // What turns out to be late by the last step is let go in one more.
    for (let minutes = 0, quiet = 0, turn = 0; quiet < 2 && turn < MOST_TURNS; turn += 1) {
      await this.step(minutes, ...each.map((reminder) => ({ does: 'sendLate' as const, reminder })));
      const next = await this.minutesToNext();
      quiet = next === Infinity ? quiet + 1 : 0;
      minutes = next === Infinity ? 1 : next;
    }
    for (const [place, reminder] of this.reminders.entries()) {
      const isOff = this.cancelled.has(place);
      const invited = (await this.accepted(this.invitation)).filter((one) => place !== 2 || this.isInTime(one));
      const settled = new Set([...this.finished, ...this.given[place]!.keys(), ...(await this.givenUp(reminder))]);
      const left = isOff ? [] : invited.map(({ person }) => person).filter((person) => !settled.has(person));
      const told = { place, now: this.world.clock.now(), ...(await this.standing(reminder)) };
      expect({ ...told, left }).toEqual({ ...told, left: [] });
    }
  }

  /** Whose servers put the reminder off for a day. */
  private async givenUp({ id }: Distribution): Promise<number[]> {
    const rows = await this.world.database.inBrand(this.ada.actor.brandId, (unit) =>
      unit.sql<{ contactId: string }>(
        `SELECT contact_id AS "contactId" FROM messages WHERE distribution_id = $1 AND reason = 'put_off_too_long'`,
        [id],
      ),
    );
    return rows.map(({ contactId }) => this.contacts.indexOf(contactId));
  }

  private zoneOf(person: number): string {
    const { window, zone, people } = this.course;
    return window?.zone === 'recipient' ? people[person]!.zone : zone;
  }

  /** Whether they had the invitation before mails of the third reminder could first leave; who gets both at once may miss it. */
  private isInTime({ person, at }: Got): boolean {
    return at < firstWithin(this.course.window, this.zoneOf(person), this.course.sendAt);
  }

  /** To what is queued next; to the next look, where nothing is, and then in longer steps. */
  private async minutesToNext(): Promise<number> {
    const { queued, look, isOverdue } = await this.world.database.inBrand(this.ada.actor.brandId, (unit) =>
      unit.one<{ queued: Date | null; look: Date | null; isOverdue: boolean }>(
        `SELECT (SELECT min(run_at) FROM messages WHERE state = 'queued' AND run_at > $1) AS queued,
           (SELECT min(at) FROM distributions, LATERAL greatest(next_round_at, retry_at, CASE status WHEN 'scheduled' THEN send_at END) AS at
            WHERE status IN ('scheduled', 'sending', 'held') AND at > $1) AS look,
           EXISTS (SELECT FROM messages WHERE state = 'queued' AND run_at <= $1) AS "isOverdue"`,
        [this.world.clock.now()],
      ),
    );
    const until = (at: Date): number => Math.ceil((at.getTime() - this.world.clock.ms()) / MINUTE_MS);
    if (queued !== null || isOverdue) {
      return Math.min(queued === null ? Infinity : until(queued), isOverdue ? SHORT_MINUTES : Infinity);
    }
    return look === null ? Infinity : Math.max(LONG_MINUTES, until(look));
  }

  /** What helps to understand a fault. */
  private async standing({ id }: Distribution): Promise<object> {
    const { status, heldReason, errorText, nextRoundAt, takesMore } = await nowOf(this.world, this.ada, { id });
    const rows = await ledgerOf(this.world, { brandId: this.ada.actor.brandId, id });
    const ledger = rows.map(({ address, state, reason, runAt }) => [address, reason ?? state, runAt]);
    return { status, heldReason, errorText, nextRoundAt, takesMore, ledger };
  }

  private async accepted({ id }: Distribution): Promise<Got[]> {
    const rows = await this.world.database.inBrand(this.ada.actor.brandId, (unit) =>
      unit.sql<{ contactId: string; at: Date }>(
        `SELECT contact_id AS "contactId", accepted_at AS at FROM messages WHERE distribution_id = $1 AND state = 'accepted'`,
        [id],
      ),
    );
    return rows.map(({ contactId, at }) => ({ person: this.contacts.indexOf(contactId), at }));
  }

  private run(text: string, values: unknown[]): Promise<number> {
    return this.world.database.inBrand(this.ada.actor.brandId, (unit) => unit.run(text, values));
  }
}
