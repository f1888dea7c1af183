import type { Distribution } from '../../../src/ledger/distribution.entity.js';
import { AT_ONCE, type SendingWindow } from '../../../src/ledger/sending_plan.js';
import { isOpen } from '../../../src/planning/sending_calendar.js';
import { SteeringService } from '../../../src/distributions/steering.service.js';
import type { Survey } from '../../../src/surveys/survey.entity.js';
import { SurveysService } from '../../../src/surveys/surveys.service.js';
import { Sink } from '../../mailer/sink.js';
import { aSurvey } from '../../surveys/builders.js';
import { type Person, startWorld, type World } from '../../world.js';
import { aDistribution, anAudience, ledgerOf, nowOf, statesOf, workOff } from '../builders.js';
import { aFollowUp, finishes, followUpWords } from './builders.js';

const HOUR_MS = 3_600_000;
const OFFICE: SendingWindow = { weekdays: [1, 2, 3, 4, 5], from: '09:00', to: '18:00', zone: 'author', holidays: [] };
const BERLIN = { timeZone: 'Europe/Berlin' };

describe('reminders of each person', () => {
  let world: World;
  let sink: Sink;
  let ada: Person;
  let survey: Survey;
  let steering: SteeringService;
  beforeAll(async () => {
    sink = await new Sink().listen();
    world = await startWorld({ SMTP_URL: sink.url, MAIL_DOMAIN: 'acme.example' });
    steering = world.app.get(SteeringService);
  });
  beforeEach(async () => {
    await world.forget();
    sink.script = () => undefined;
  });
  afterAll(async () => {
    await world.close();
    await sink.close();
  });

  const begin = async (at: string, count: number): Promise<{ listId: string; contactIds: string[] }> => {
    world.clock.set(new Date(at));
    ada = await world.aPerson(await world.aBrand());
    survey = await aSurvey(world, ada);
    return anAudience(world, ada, count);
  };
  const at = async (instant: string): Promise<void> => {
    world.clock.set(new Date(instant));
    await workOff(world);
    await workOff(world);
  };
  const refuse = (person: number): void => {
    sink.script = ({ stage, line }) =>
      stage === 'rcpt' && line.includes(`person.${person}@`) ? { reply: '451 4.7.1 Try again later' } : undefined;
  };
  const acceptedOf = async (one: Distribution): Promise<Map<string, Date>> =>
    world.database.inBrand(one.brandId, async (unit) => {
      const rows = await unit.sql<{ address: string; at: Date }>(
        'SELECT address, accepted_at AS at FROM messages WHERE distribution_id = $1 AND accepted_at IS NOT NULL',
        [one.id],
      );
      return new Map(rows.map((row) => [row.address, row.at]));
    });

  it('comes three days of the wall after their own mail, though the clocks go forward and one got it late', async () => {
    const { listId, contactIds } = await begin('2027-03-24T09:00:00Z', 4); // Wednesday, 10:00 in Berlin
    refuse(3);
    const window = { ...OFFICE, weekdays: [1, 2, 3, 4, 5, 6, 7] };
    const invitation = await aDistribution(world, ada, survey, { listId, ...BERLIN, plan: { ...AT_ONCE, window } });
    await workOff(world);
    const reminder = await aFollowUp(
      world,
      ada,
      invitation,
      followUpWords('Reminder', BERLIN, { afterHours: 96, afterWhat: 'invitation' }),
    );
    expect(reminder).toMatchObject({ sendAt: null, timeZone: 'Europe/Berlin', plan: { window } });
    sink.script = () => undefined;
    await at('2027-03-25T12:00:00Z'); // the greylisted mailbox takes it
    expect((await acceptedOf(invitation)).size).toBe(4);
    await finishes(world, survey, invitation, contactIds[0]!);
    await at('2027-03-28T07:59:00Z'); // 09:59 of the summer
    expect(await ledgerOf(world, reminder)).toEqual([]);
    await at('2027-03-28T08:00:30Z');
    expect((await ledgerOf(world, reminder)).map(({ address, state, reason }) => [address, reason ?? state])).toEqual([
      ['person.1@example.com', 'finished'],
      ['person.2@example.com', 'accepted'],
      ['person.4@example.com', 'accepted'],
    ]);
    expect((await nowOf(world, ada, reminder)).status).toBe('scheduled');
    await at('2027-03-29T10:59:00Z');
    expect(await ledgerOf(world, reminder)).toHaveLength(3);
    await at('2027-03-29T11:00:00Z');
    expect(statesOf(await ledgerOf(world, reminder))).toEqual({ skipped: 1, accepted: 3 });
    await at('2027-03-29T11:30:00Z');
    expect((await nowOf(world, ada, reminder)).status).toBe('done');
  });

  it('waits for the hours of the invitation, across the clocks going back', async () => {
    const { listId } = await begin('2027-10-28T15:30:00Z', 2); // Thursday, 17:30 in Berlin
    const plan = { ...AT_ONCE, window: OFFICE };
    const invitation = await aDistribution(world, ada, survey, { listId, ...BERLIN, plan });
    await workOff(world);
    const time = { afterHours: 72, afterWhat: 'invitation' } as const;
    const reminder = await aFollowUp(world, ada, invitation, followUpWords('Reminder', BERLIN, time));
    await at('2027-10-31T16:35:00Z'); // Sunday, 17:35 of the winter
    const [row] = await ledgerOf(world, reminder);
    expect(row).toMatchObject({ state: 'queued', runAt: new Date('2027-11-01T08:00:00Z') });
    await at('2027-11-01T07:59:00Z');
    expect(statesOf(await ledgerOf(world, reminder))).toEqual({ queued: 2 });
    await at('2027-11-01T08:00:00Z');
    const hours = { ...OFFICE, holidays: [] };
    const sent = [...(await acceptedOf(reminder)).values()];
    expect(sent).toHaveLength(2);
    expect(sent.every((instant) => isOpen(hours, 'Europe/Berlin', instant))).toBe(true);
  });

  it('counts the clock of each recipient where the invitation goes by it', async () => {
    const { listId, contactIds } = await begin('2027-11-08T01:00:00Z', 2);
    await world.database.inBrand(ada.actor.brandId, async (unit) => {
      await unit.run(`UPDATE contacts SET phone = '+919812345678' WHERE id = $1`, [contactIds[0]]); // in Kolkata
      await unit.run(`UPDATE brands SET time_zone = 'Europe/Berlin' WHERE id = $1`, [ada.actor.brandId]);
    });
    const window = { ...OFFICE, weekdays: [1, 2, 3, 4, 5, 6, 7], zone: 'recipient' as const };
    const invitation = await aDistribution(world, ada, survey, { listId, plan: { ...AT_ONCE, window } });
    await at('2027-11-08T03:30:00Z'); // 09:00 in Kolkata
    await at('2027-11-08T08:00:00Z'); // 09:00 in Berlin, where the brand is
    const time = { afterHours: 48, afterWhat: 'invitation' } as const;
    const reminder = await aFollowUp(world, ada, invitation, followUpWords('Reminder', {}, time));
    await at('2027-11-10T03:30:00Z');
    expect([...(await acceptedOf(reminder)).keys()]).toEqual(['person.1@example.com']);
    await at('2027-11-10T08:00:00Z');
    expect((await acceptedOf(reminder)).size).toBe(2);
  });

  it('waits while it or the survey is paused, ends when it is cancelled, and counts anew for whoever was tried again', async () => {
    const { listId } = await begin('2027-11-22T10:00:00Z', 3);
    const invitation = await aDistribution(world, ada, survey, { listId });
    await workOff(world);
    await world.database.inBrand(ada.actor.brandId, (unit) =>
      unit.run(
        `UPDATE messages SET state = 'failed', accepted_at = NULL WHERE distribution_id = $1 AND address LIKE 'person.3@%'`,
        [invitation.id],
      ),
    );
    expect(statesOf(await ledgerOf(world, invitation))).toEqual({ accepted: 2, failed: 1 });
    const time = { afterHours: 24, afterWhat: 'invitation' } as const;
    const reminder = await aFollowUp(world, ada, invitation, followUpWords('Reminder', {}, time));
    const never = await aFollowUp(world, ada, invitation, followUpWords('Reminder', { subject: 'Never' }, time));
    await steering.cancel(ada.actor, never.id);
    await world.app.get(SurveysService).pause(ada.actor, survey.id, { people: 'finish', message: '' });
    await at('2027-11-23T10:00:00Z');
    expect(await nowOf(world, ada, reminder)).toMatchObject({ status: 'held', heldReason: 'survey_paused' });
    await world.app.get(SurveysService).resume(ada.actor, survey.id);
    await at('2027-11-23T12:00:00Z');
    await at('2027-11-23T12:10:00Z');
    expect(statesOf(await ledgerOf(world, reminder))).toEqual({ accepted: 2 });
    await at('2027-11-24T09:00:00Z');
    expect((await nowOf(world, ada, reminder)).status).toBe('done');
    await steering.retryFailed(ada.actor, invitation.id);
    await workOff(world);
    expect((await acceptedOf(invitation)).size).toBe(3);
    await at('2027-11-25T08:59:00Z');
    expect((await acceptedOf(reminder)).size).toBe(2);
    await at('2027-11-25T09:01:00Z');
    expect((await acceptedOf(reminder)).size).toBe(3);
    expect(await ledgerOf(world, never)).toEqual([]);
    for (const [address, sentAt] of await acceptedOf(reminder)) {
      expect(sentAt.getTime() - (await acceptedOf(invitation)).get(address)!.getTime()).toBeGreaterThanOrEqual(
        24 * HOUR_MS,
      );
    }
  });

  it('asks when nothing could take them for too long, and is stopped and started between two of them', async () => {
    const { listId } = await begin('2027-12-06T10:00:00Z', 2);
    refuse(2);
    const invitation = await aDistribution(world, ada, survey, { listId });
    await workOff(world);
    const time = { afterHours: 24, afterWhat: 'invitation' } as const;
    const reminder = await aFollowUp(world, ada, invitation, followUpWords('Reminder', {}, time));
    sink.script = () => undefined;
    await at('2027-12-06T15:00:00Z');
    await at('2027-12-07T10:00:00Z');
    expect((await acceptedOf(reminder)).size).toBe(1);
    await steering.pause(ada.actor, reminder.id);
    await at('2027-12-07T23:30:00Z');
    expect((await acceptedOf(reminder)).size).toBe(1);
    await steering.resume(ada.actor, reminder.id);
    await at('2027-12-07T23:35:00Z');
    expect((await acceptedOf(reminder)).size).toBe(2);
    const other = await aFollowUp(
      world,
      ada,
      invitation,
      followUpWords('Reminder', { subject: 'Later' }, { ...time, afterHours: 48 }),
    );
    await at('2027-12-09T08:00:00Z'); // nobody was at work since the evening
    expect(await nowOf(world, ada, other)).toMatchObject({ status: 'held', heldReason: 'late' });
    await steering.sendLate(ada.actor, other.id);
    await at('2027-12-09T08:05:00Z');
    expect((await acceptedOf(other)).size).toBe(2);
  });
});
