import { randomUUID } from 'node:crypto';
import type { Distribution } from '../../../src/ledger/distribution.entity.js';
import { FollowUpsService } from '../../../src/distributions/follow_ups/follow_ups.service.js';
import { FirstReaders } from '../../../src/emails/pages/first_readers.service.js';
import { AT_ONCE } from '../../../src/ledger/sending_plan.js';
import { writeLedger } from '../../../src/sending/wire.sql.js';
import { claim } from '../../../src/ledger/ledger.sql.js';
import { SteeringService } from '../../../src/distributions/steering.service.js';
import type { Survey } from '../../../src/surveys/survey.entity.js';
import { SurveysService } from '../../../src/surveys/surveys.service.js';
import { Sink } from '../../mailer/sink.js';
import { aSurvey } from '../../surveys/builders.js';
import { type Person, startWorld, type World } from '../../world.js';
import { aDistribution, anAudience, ledgerOf, nowOf, reservedOf, statesOf, workOff } from '../builders.js';
import { aFollowUp, finishes, followUpWords } from './builders.js';

const FIRST_MONDAY = new Date('2026-11-02T08:00:00Z');
const DAY_MS = 86_400_000;

describe('reminders and thank-yous', () => {
  let world: World;
  let sink: Sink;
  let ada: Person;
  let survey: Survey;
  let followUps: FollowUpsService;
  let listId: string;
  let contactIds: string[];
  let invitation: Distribution;
  let monday = FIRST_MONDAY;
  beforeAll(async () => {
    sink = await new Sink().listen();
    world = await startWorld({ SMTP_URL: sink.url, MAIL_DOMAIN: 'acme.example' });
    followUps = world.app.get(FollowUpsService);
  });
  beforeEach(async () => {
    await world.forget();
    monday = new Date(monday.getTime() + 28 * DAY_MS);
    world.clock.set(monday);
    ada = await world.aPerson(await world.aBrand());
    survey = await aSurvey(world, ada);
    ({ listId, contactIds } = await anAudience(world, ada, 4));
    invitation = await aDistribution(world, ada, survey, { listId });
    await workOff(world);
  });
  afterAll(async () => {
    await world.close();
    await sink.close();
  });

  const later = (days: number): void => world.clock.set(new Date(monday.getTime() + days * DAY_MS));
  const reasons = async (one: Distribution): Promise<(string | null)[]> =>
    (await ledgerOf(world, one)).map(({ reason }) => reason);

  it('reminds whoever has not finished, by the same link and a Message-ID of its own', async () => {
    await finishes(world, survey, invitation, contactIds[1]!);
    await workOff(world);
    later(3);
    const reminder = await aFollowUp(world, ada, invitation, followUpWords('Reminder'));
    await workOff(world);
    const [before, after] = [await ledgerOf(world, invitation), await ledgerOf(world, reminder)];
    expect(after.map(({ state, reason }) => reason ?? state)).toEqual(['accepted', 'finished', 'accepted', 'accepted']);
    expect(after[0]!.linkId).toBe(before[0]!.linkId);
    const kinds = sink.caught.slice(-7).map(({ raw }) => /^Feedback-ID:\s*\S+:(\w+):canvass/m.exec(raw)?.[1]);
    expect(kinds).toEqual([...Array<string>(4).fill('invite'), ...Array<string>(3).fill('reminder')]);
    expect(after[0]!.messageIdHeader).not.toBe(before[0]!.messageIdHeader);
    expect((await nowOf(world, ada, reminder)).status).toBe('done');
    expect(await reservedOf(world, ada)).toBe(4 + 3);
  });

  /** A reminder that is planned now, and leaves when its hours begin. */
  const plannedReminder = async (): Promise<Distribution> => {
    const window = {
      weekdays: [1, 2, 3, 4, 5, 6, 7],
      from: '14:00',
      to: '20:00',
      zone: 'author' as const,
      holidays: [],
    };
    const written = followUpWords('Reminder', { plan: { ...AT_ONCE, window } });
    const reminder = await aFollowUp(world, ada, invitation, written);
    await workOff(world);
    expect(statesOf(await ledgerOf(world, reminder))).toEqual({ queued: 4 });
    return reminder;
  };

  it('shows before sending those who will be reminded, and nobody who has finished', async () => {
    await finishes(world, survey, invitation, contactIds[0]!);
    await workOff(world);
    const draft = await followUps.compose(ada.actor, invitation.id, followUpWords('Reminder'));
    const readers = await world.app.get(FirstReaders).of(ada.actor, draft, 2);
    expect(readers.map(({ address }) => address)).toEqual(['person.2@example.com', 'person.3@example.com']);
  });

  it('does not remind somebody who finishes between planning and sending', async () => {
    later(3);
    const reminder = await plannedReminder();
    await finishes(world, survey, invitation, contactIds[0]!);
    later(3.3);
    await workOff(world);
    const rows = await ledgerOf(world, reminder);
    expect(rows.map(({ state, reason }) => reason ?? state)).toEqual(['finished', 'accepted', 'accepted', 'accepted']);
  });

  it('does not remind somebody who finishes while a worker holds the reminder', async () => {
    later(3);
    const { id: distributionId } = await plannedReminder();
    later(3.3);
    const { brandId } = ada.actor;
    const [now, token] = [world.clock.now(), randomUUID()];
    const leaseUntil = new Date(now.getTime() + 60_000);
    const held = await world.database.inBrand(brandId, (unit) =>
      claim(unit, { distributionId, token, now, leaseUntil, size: 10 }),
    );
    expect(held).toHaveLength(4);
    await finishes(world, survey, invitation, contactIds[2]!);
    const asks = held.map(({ id }) => ({ id, token }));
    const verdicts = await world.database.inBrand(brandId, (unit) =>
      writeLedger(unit, { results: [], asks, now, wireUntil: leaseUntil }),
    );
    const reasonOf = new Map(verdicts.map(({ id, reason }) => [id, reason]));
    const rows = await ledgerOf(world, { brandId, id: distributionId });
    expect(rows.map(({ id }) => reasonOf.get(id))).toEqual([null, null, 'finished', null]);
  });

  it('does not send an uncertain reminder again when the next one is near', async () => {
    later(3);
    const reminder = await aFollowUp(world, ada, invitation, followUpWords('Reminder'));
    await workOff(world);
    const soon = followUpWords('Reminder', { subject: 'Once more', sendAt: new Date(monday.getTime() + 3.5 * DAY_MS) });
    await aFollowUp(world, ada, invitation, soon);
    const { brandId } = ada.actor;
    await world.database.inBrand(brandId, (unit) =>
      unit.run(
        `UPDATE messages SET state = 'uncertain', resend_at = $2, final_at = NULL WHERE distribution_id = $1 AND contact_id = $3`,
        [reminder.id, world.clock.now(), contactIds[0]],
      ),
    );
    await workOff(world);
    const [row] = await ledgerOf(world, reminder);
    expect(row).toMatchObject({ state: 'uncertain', resends: 0 });
    expect(sink.caught.filter(({ raw }) => raw.includes(row!.messageIdHeader))).toHaveLength(1);
  });

  it('reminds nobody who bounced, complained, opted out, was never reached, or whose link is over', async () => {
    const { brandId } = ada.actor;
    await world.database.inBrand(brandId, async (unit) => {
      const mark = (set: string, contactId: string): Promise<number> =>
        unit.run(`UPDATE messages SET ${set} WHERE distribution_id = $1 AND contact_id = $2`, [
          invitation.id,
          contactId,
        ]);
      await mark(`bounced_at = '2026-11-24T09:00Z', bounce_type = 'hard'`, contactIds[0]!);
      await mark(`complained_at = '2026-11-24T09:00Z'`, contactIds[1]!);
      await mark(`state = 'failed'`, contactIds[2]!);
      await unit.run(`UPDATE contacts SET opted_out_at = '2026-11-24T09:00Z' WHERE id = $1`, [contactIds[3]]);
    });
    const another = await anAudience(world, ada, [{ email: 'revoked@example.com' }, { email: 'fine@example.com' }]);
    const second = await aDistribution(world, ada, survey, { listId: another.listId, subject: 'Again' });
    await workOff(world);
    await world.database.inBrand(brandId, (unit) =>
      unit.run(`UPDATE links SET revoked_at = '2026-11-24T09:00Z' WHERE distribution_id = $1 AND contact_id = $2`, [
        second.id,
        another.contactIds[0],
      ]),
    );
    later(3);
    await expect(aFollowUp(world, ada, invitation, followUpWords('Reminder'))).rejects.toMatchObject({ code: 'CVS04' });
    const reminder = await aFollowUp(world, ada, second, followUpWords('Reminder'));
    await workOff(world);
    expect(await reasons(reminder)).toEqual(['link_expired', null]);
  });

  it('thanks whoever finished, and nobody else', async () => {
    await finishes(world, survey, invitation, contactIds[2]!);
    await workOff(world);
    const thanks = await aFollowUp(world, ada, invitation, followUpWords('ThankYou'));
    await workOff(world);
    const rows = await ledgerOf(world, thanks);
    expect(rows.map(({ address, state }) => [address, state])).toEqual([['person.3@example.com', 'accepted']]);
  });

  it('thanks each person at once when their response is recorded, exactly once', async () => {
    await finishes(world, survey, invitation, contactIds[3]!);
    await workOff(world);
    const thanks = await aFollowUp(world, ada, invitation, followUpWords('ThankYou', {}, { atOnce: true }));
    await workOff(world);
    expect(await ledgerOf(world, thanks)).toEqual([]);
    for (const place of [0, 2]) {
      await finishes(world, survey, invitation, contactIds[place]!);
      await Promise.all([workOff(world), workOff(world)]);
      expect((await nowOf(world, ada, thanks)).status).toBe('scheduled');
    }
    const rows = await ledgerOf(world, thanks);
    expect(rows.map(({ address, state }) => [address, state])).toEqual([
      ['person.1@example.com', 'accepted'],
      ['person.3@example.com', 'accepted'],
    ]);
    expect(sink.caught.filter(({ raw }) => raw.includes('Subject: ThankYou for Person 1'))).toHaveLength(1);
    expect((await nowOf(world, ada, thanks)).audienceSize).toBe(2);
    await world.app.get(SteeringService).cancel(ada.actor, thanks.id);
    await finishes(world, survey, invitation, contactIds[1]!);
    await workOff(world);
    expect(await ledgerOf(world, thanks)).toHaveLength(2);
  });

  it('thanks also when the survey is paused, which closes it by hand; planned and at once', async () => {
    const atOnce = await aFollowUp(world, ada, invitation, followUpWords('ThankYou', {}, { atOnce: true }));
    await workOff(world);
    await finishes(world, survey, invitation, contactIds[1]!);
    await world.app.get(SurveysService).pause(ada.actor, survey.id, { people: 'finish', message: '' });
    await workOff(world);
    expect(statesOf(await ledgerOf(world, atOnce))).toEqual({ accepted: 1 });
    const written = followUpWords('ThankYou', { subject: 'Thanks, in time' });
    const planned = await aFollowUp(world, ada, invitation, written);
    await workOff(world);
    expect(statesOf(await ledgerOf(world, planned))).toEqual({ accepted: 1 });
    await expect(aFollowUp(world, ada, invitation, followUpWords('Reminder'))).rejects.toMatchObject({ code: 'EQD09' });
  });

  it('keeps what the week has no room for, and thanks when there is', async () => {
    await world.database.inBrand(ada.actor.brandId, (unit) =>
      unit.run('UPDATE users SET weekly_email_limit = 5 WHERE id = $1', [ada.user.id]),
    );
    const thanks = await aFollowUp(world, ada, invitation, followUpWords('ThankYou', {}, { atOnce: true }));
    await finishes(world, survey, invitation, contactIds[0]!);
    await finishes(world, survey, invitation, contactIds[1]!);
    await workOff(world);
    await workOff(world);
    expect(statesOf(await ledgerOf(world, thanks))).toEqual({ accepted: 1, queued: 1 });
    later(8);
    await workOff(world);
    await workOff(world);
    expect(statesOf(await ledgerOf(world, thanks))).toEqual({ accepted: 2 });
  });

  it('is refused with EQD16 before the invitation was sent, and with EQD14 when it is deleted', async () => {
    const unsent = await aDistribution(world, ada, survey, {
      listId,
      subject: 'Tomorrow',
      sendAt: new Date(monday.getTime() + DAY_MS),
    });
    await expect(aFollowUp(world, ada, unsent, followUpWords('Reminder'))).rejects.toMatchObject({ code: 'EQD16' });
    const sooner = followUpWords('Reminder', { sendAt: new Date(monday.getTime() + DAY_MS / 2) });
    await expect(aFollowUp(world, ada, unsent, sooner)).rejects.toMatchObject({ code: 'EQD16' });
    const after = await aFollowUp(
      world,
      ada,
      unsent,
      followUpWords('Reminder', { sendAt: new Date(monday.getTime() + 3 * DAY_MS) }),
    );
    expect(after.status).toBe('scheduled');
    await world.app.get(SteeringService).remove(ada.actor, unsent.id);
    later(3);
    await workOff(world);
    expect(await nowOf(world, ada, after)).toMatchObject({ status: 'failed', errorCode: 'EQD14' });
    await expect(aFollowUp(world, ada, unsent, followUpWords('Reminder'))).rejects.toMatchObject({ code: 'EQD14' });
  });

  it('counts its days from each mail of the invitation, and from the last reminder', async () => {
    const tomorrow = new Date(monday.getTime() + DAY_MS);
    const planned = await aDistribution(world, ada, survey, { listId, subject: 'Tomorrow', sendAt: tomorrow });
    const first = await aFollowUp(
      world,
      ada,
      planned,
      followUpWords('Reminder', {}, { afterHours: 72, afterWhat: 'invitation' }),
    );
    const second = await aFollowUp(
      world,
      ada,
      planned,
      followUpWords('Reminder', { subject: 'Last one' }, { afterHours: 48, afterWhat: 'last_reminder' }),
    );
    expect([first.sendAt, second.sendAt]).toEqual([null, null]);
    world.clock.set(tomorrow);
    await workOff(world);
    await workOff(world);
    expect((await nowOf(world, ada, first)).nextRoundAt).toEqual(new Date(tomorrow.getTime() + 3 * DAY_MS));
    world.clock.set(new Date(tomorrow.getTime() + 3 * DAY_MS - 60_000));
    await workOff(world);
    expect(await ledgerOf(world, first)).toEqual([]);
    world.clock.set(new Date(tomorrow.getTime() + 3 * DAY_MS));
    await workOff(world);
    await workOff(world);
    expect(statesOf(await ledgerOf(world, first))).toEqual({ accepted: 4 });
    world.clock.set(new Date(tomorrow.getTime() + 3 * DAY_MS + 3_600_000));
    await workOff(world);
    await workOff(world);
    expect((await nowOf(world, ada, first)).status).toBe('done');
    expect(await nowOf(world, ada, second)).toMatchObject({
      status: 'scheduled',
      nextRoundAt: new Date(tomorrow.getTime() + 5 * DAY_MS),
    });
    world.clock.set(new Date(tomorrow.getTime() + 5 * DAY_MS));
    await workOff(world);
    await workOff(world);
    expect(statesOf(await ledgerOf(world, second))).toEqual({ accepted: 4 });
    expect((await nowOf(world, ada, second)).status).toBe('done');
  });

  it('belongs to individual links only, and to no other follow-up', async () => {
    for (const linkType of ['Multiple', 'Anonymous'] as const) {
      const open = await aDistribution(world, ada, survey, { listId, linkType, subject: linkType });
      await expect(aFollowUp(world, ada, open, followUpWords('Reminder'))).rejects.toThrow('links of their own');
    }
    later(1);
    const reminder = await aFollowUp(world, ada, invitation, followUpWords('Reminder'));
    await expect(aFollowUp(world, ada, reminder, followUpWords('Reminder'))).rejects.toThrow('belong to invitations');
  });

  it('can be edited, hastened, cancelled and deleted before it goes', async () => {
    const waiting = followUpWords('Reminder', {}, { afterHours: 72, afterWhat: 'last_reminder' });
    const { id } = await aFollowUp(world, ada, invitation, waiting);
    const edited = await followUps.compose(
      ada.actor,
      invitation.id,
      followUpWords('Reminder', { subject: 'New words' }, waiting.time),
      { id },
    );
    expect(edited).toMatchObject({ status: 'scheduled', heading: 'New words' });
    await followUps.sendNow(ada.actor, id);
    await workOff(world);
    expect(statesOf(await ledgerOf(world, edited))).toEqual({ accepted: 4 });
    const other = await aFollowUp(world, ada, invitation, waiting);
    await world.app.get(SteeringService).cancel(ada.actor, other.id);
    expect((await nowOf(world, ada, other)).status).toBe('cancelled');
    await world.app.get(SteeringService).remove(ada.actor, other.id);
    expect(
      (await followUps.of(ada.actor, [invitation.id])).get(invitation.id)?.map(({ distribution }) => distribution.id),
    ).toEqual([id]);
  });
});
