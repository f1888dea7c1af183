import type { Distribution } from '../../../src/ledger/distribution.entity.js';
import { DistributionsService } from '../../../src/distributions/distributions.service.js';
import { FollowUpsService } from '../../../src/distributions/follow_ups/follow_ups.service.js';
import { exactTime } from '../../../src/platform/web/moments.js';
import type { Survey } from '../../../src/surveys/survey.entity.js';
import { Sink } from '../../mailer/sink.js';
import { aSurvey } from '../../surveys/builders.js';
import { type Person, startWorld, type World } from '../../world.js';
import { aDistribution, anAudience, BODY, ledgerOf, nowOf, statesOf, workOff } from '../builders.js';
import { aFollowUp, finishes, followUpWords } from './builders.js';

describe('pages and programs for reminders and thank-yous', () => {
  let world: World;
  let sink: Sink;
  let ada: Person;
  let survey: Survey;
  let listId: string;
  let contactIds: string[];
  let invitation: Distribution;
  let path: string;
  beforeAll(async () => {
    sink = await new Sink().listen();
    world = await startWorld({ SMTP_URL: sink.url, MAIL_DOMAIN: 'acme.example' });
  });
  beforeEach(async () => {
    await world.forget();
    ada = await world.aPerson(await world.aBrand());
    survey = await aSurvey(world, ada);
    ({ listId, contactIds } = await anAudience(world, ada, 3));
    invitation = await aDistribution(world, ada, survey, { listId });
    await workOff(world);
    path = `/surveys/${world.ids.show('SV', survey.id)}/distributions/emails`;
  });
  afterAll(async () => {
    await world.close();
    await sink.close();
  });

  const shown = (one: Pick<Distribution, 'id'>): string => world.ids.show('EMD', one.id);
  const api = (way: 'post' | 'get', address: string) =>
    world.visitor()[way](`/API/v3/distributions${address}`).set('X-API-TOKEN', ada.token);
  const children = async (): Promise<Distribution[]> =>
    ((await world.app.get(FollowUpsService).of(ada.actor, [invitation.id])).get(invitation.id) ?? []).map(
      ({ distribution }) => distribution,
    );

  /** What the form of the page would send, with some fields changed. */
  async function filled(address: string, changes: Record<string, string>): Promise<Record<string, string>> {
    const page = await ada.agent.get(address);
    expect(page.status).toBe(200);
    const fields = [...page.text.matchAll(/<input type="hidden" name="(\w+)" value="([^"]*)"/g)];
    return {
      ...Object.fromEntries(fields.map(([, name, value]) => [name!, value!])),
      fromName: 'Acme',
      fromEmail: 'people@acme.example',
      subject: 'Still time to answer',
      body: BODY,
      ...changes,
    };
  }

  it('writes a reminder below its invitation, reviews it and sends it', async () => {
    const wish = { followWhen: 'now', followDays: '3', followHours: '0', followWhat: 'invitation', go: 'review' };
    const fields = await filled(`${path}/${shown(invitation)}/reminders/new`, wish);
    expect(fields).toMatchObject({ followParent: shown(invitation), followKind: 'Reminder' });
    const kept = await ada.agent.post(path).type('form').send(fields);
    expect(kept.status).toBe(303);
    const [draft] = await children();
    expect(draft).toMatchObject({
      requestType: 'Reminder',
      status: 'draft',
      parentId: invitation.id,
      audience: { listId },
    });
    expect(kept.headers['location']).toBe(`${path}/${shown(draft!)}/review`);
    const review = await ada.agent.get(`${path}/${shown(draft!)}/review`);
    const reviewed = /name="reviewed" value="(\d+)"/.exec(review.text)?.[1];
    await ada.agent
      .post(`${path}/${shown(draft!)}/send`)
      .type('form')
      .send({ reviewed, count: '3' });
    await workOff(world);
    expect(statesOf(await ledgerOf(world, draft!))).toEqual({ accepted: 3 });
  });

  it('keeps a time that is counted, edits it, and sends it now', async () => {
    const wish = { followWhen: 'after', followDays: '2', followHours: '12', followWhat: 'last_reminder' };
    const fields = await filled(`${path}/${shown(invitation)}/reminders/new`, wish);
    await ada.agent.post(path).type('form').send(fields);
    const [draft] = await children();
    expect(draft).toMatchObject({ afterHours: 60, afterWhat: 'last_reminder', sendAt: null });
    const edit = await ada.agent.get(`${path}/${shown(draft!)}/edit`);
    expect(edit.text).toContain('Edit reminder');
    const review = await ada.agent.get(`${path}/${shown(draft!)}/review`);
    for (const fact of ['Whoever got the invitation and has not finished', '60 hours after their last']) {
      expect(review.text).toContain(fact);
    }
    await ada.agent
      .post(`${path}/${shown(draft!)}`)
      .type('form')
      .send({ ...fields, followDays: '1', followHours: '' });
    expect((await children())[0]).toMatchObject({ id: draft!.id, afterHours: 24 });
    expect((await ada.agent.post(`${path}/${shown(draft!)}/hasten`)).status).toBe(303);
    await workOff(world);
    expect((await nowOf(world, ada, draft!)).status).toBe('done');
  });

  it('offers to thank those as well whom the survey turned away, and says to whom it goes', async () => {
    const address = `${path}/${shown(invitation)}/thank-yous/new`;
    const { text } = await ada.agent.get(address);
    expect(/<input type="checkbox" id="field_followTurnedAway"[^>]*>/.exec(text)?.[0]).not.toContain('checked');
    expect((await ada.agent.get(`${path}/${shown(invitation)}/reminders/new`)).text).not.toContain('followTurnedAway');
    const fields = await filled(address, { followWhen: 'at_once', followTurnedAway: 'on' });
    await ada.agent.post(path).type('form').send(fields);
    const [draft] = await children();
    expect(draft).toMatchObject({ requestType: 'ThankYou', atOnce: true, thanksTurnedAway: true });
    expect((await ada.agent.get(`${path}/${shown(draft!)}/edit`)).text).toMatch(/name="followTurnedAway"[^>]* checked/);
    expect((await ada.agent.get(`${path}/${shown(draft!)}/review`)).text).toContain(
      'was screened out or met a full quota',
    );
  });

  it('asks again for a time that is none', async () => {
    const wish = { followWhen: 'after', followDays: 'soon', followHours: '', followWhat: 'invitation' };
    const fields = await filled(`${path}/${shown(invitation)}/thank-yous/new`, wish);
    const again = await ada.agent.post(path).type('form').send(fields);
    expect(again.status).toBe(422);
    expect(again.text).toContain('at least one hour');
    expect(await children()).toEqual([]);
  });

  it('offers neither for links that everybody shares', async () => {
    const open = await aDistribution(world, ada, survey, { listId, linkType: 'Anonymous', subject: 'Open' });
    for (const kind of ['reminders', 'thank-yous']) {
      expect((await ada.agent.get(`${path}/${shown(open)}/${kind}/new`)).status).toBe(409);
    }
  });

  it('lets programs remind and thank', async () => {
    await finishes(world, survey, invitation, contactIds[0]!);
    await workOff(world);
    const header = { fromEmail: 'people@acme.example', fromName: 'Acme', subject: 'Reminder' };
    const wish = { header, message: { messageText: BODY } };
    const reminder = await api('post', `/${shown(invitation)}/reminders`).send(wish);
    expect(reminder.status).toBe(200);
    const thanks = await api('post', `/${shown(invitation)}/thankyous`).send({
      header: { ...header, subject: 'Thank you' },
      message: { messageText: 'Thank you! ${l://OptOutURL}' },
    });
    expect(thanks.status).toBe(200);
    await workOff(world);
    const { distributionId } = reminder.body.result as { distributionId: string };
    const survid = world.ids.show('SV', survey.id);
    const answer = await api('get', `/${distributionId}?surveyId=${survid}`);
    expect(answer.body.result).toMatchObject({
      parentDistributionId: shown(invitation),
      requestType: 'Reminder',
      requestStatus: 'Done',
      stats: { sent: 2, skipped: 1 },
      surveyLink: { linkType: null, expirationDate: null },
    });
  });

  it('counts days for programs, and tells them about when it goes', async () => {
    const wish = {
      header: { fromEmail: 'people@acme.example', fromName: 'Acme', subject: 'Reminder' },
      message: { messageText: BODY },
    };
    const reminder = await api('post', `/${shown(invitation)}/reminders`).send({ ...wish, afterDays: 3 });
    const { distributionId } = reminder.body.result as { distributionId: string };
    await workOff(world);
    const answer = await api('get', `/${distributionId}?surveyId=${world.ids.show('SV', survey.id)}`);
    const due = new Date(world.clock.now().getTime() + 3 * 86_400_000).toISOString().slice(0, 10);
    expect(answer.body.result).toMatchObject({
      requestStatus: 'Pending',
      followUp: { atOnce: false, afterHours: 72, after: 'invitation', expectedFrom: expect.stringContaining(due) },
      sendDate: expect.stringContaining(due),
    });
    const both = { ...wish, afterDays: 3, sendDate: '2029-01-01T09:00:00Z' };
    const refused = await api('post', `/${shown(invitation)}/reminders`).send(both);
    expect(refused.status).toBeGreaterThanOrEqual(400);
    expect(JSON.stringify(refused.body)).toContain('only one of them');
  });

  it('asks at a cancellation what becomes of those that follow, and tells whom and when they reach', async () => {
    const wish = { followWhen: 'after', followDays: '3', followHours: '0', followWhat: 'invitation' };
    const fields = await filled(`${path}/${shown(invitation)}/reminders/new`, wish);
    const remind = async (subject: string): Promise<Distribution> => {
      const now = new Set((await children()).map(({ id }) => id));
      await ada.agent
        .post(path)
        .type('form')
        .send({ ...fields, subject });
      const made = (await children()).find(({ id }) => !now.has(id))!;
      return world.app.get(DistributionsService).send(ada.actor, made.id);
    };
    const [first, list] = [await remind('First'), await ada.agent.get(path)];
    expect(list.text).toContain('Add a reminder or thank-you to');
    const page = await ada.agent.get(`${path}/${shown(first)}`);
    expect(page.text).toMatch(/3 days after their invitation, about \d+ \w+ \d{4}, \d\d:\d\d UTC/);
    expect(page.text).toContain('Whoever got “How was your first week');
    expect(page.text).toContain(exactTime(invitation.linkExpiresAt!, 'UTC'));
    await world.database.inBrand(ada.actor.brandId, (unit) =>
      unit.run(`UPDATE distributions SET status = 'sending', finished_at = NULL WHERE id = $1`, [invitation.id]),
    );
    expect((await ada.agent.get(`${path}/${shown(invitation)}`)).text).toContain('name="followUps" value="keep"');
    await ada.agent
      .post(`${path}/${shown(invitation)}/cancel`)
      .type('form')
      .send({ followUps: 'keep' });
    expect((await nowOf(world, ada, first)).status).toBe('scheduled');
    expect((await ada.agent.get(`${path}/${shown(invitation)}`)).text).toContain('/reminders/new');
    world.clock.forward(3 * 86_400_000 + 60_000);
    await workOff(world);
    expect(statesOf(await ledgerOf(world, first))).toEqual({ accepted: 3 });
  });

  it('cancels what follows an invitation with it, unless it is to be kept', async () => {
    const sendAt = new Date(world.clock.now().getTime() + 86_400_000);
    const unsent = await aDistribution(world, ada, survey, { listId, subject: 'Tomorrow', sendAt });
    const time = { afterHours: 72, afterWhat: 'invitation' } as const;
    const reminder = await aFollowUp(world, ada, unsent, followUpWords('Reminder', {}, time));
    expect((await ada.agent.get(`${path}/${shown(unsent)}`)).text).toContain('is cancelled as well');
    await ada.agent.post(`${path}/${shown(unsent)}/cancel`);
    expect((await nowOf(world, ada, reminder)).status).toBe('cancelled');
  });

  it('copies a reminder beside itself, and all that follows with a copy of the invitation', async () => {
    const time = { afterHours: 48, afterWhat: 'invitation' } as const;
    const reminder = await aFollowUp(world, ada, invitation, followUpWords('Reminder', { subject: 'Once' }, time));
    const copied = await ada.agent.post(`${path}/${shown(reminder)}/copies`);
    expect(copied.status).toBe(303);
    expect((await children()).map(({ heading, status, afterHours }) => [heading, status, afterHours])).toEqual([
      ['Once', 'scheduled', 48],
      ['Once', 'draft', 48],
    ]);
    const whole = await ada.agent
      .post(`${path}/${shown(invitation)}/copies`)
      .type('form')
      .send({ followUps: 'on' });
    const copyId = /EMD_\w+/.exec(String(whole.headers['location']))![0];
    const below = await world.app.get(FollowUpsService).of(ada.actor, [world.ids.read('EMD', copyId)]);
    const drafts = [...below.values()].flat().map(({ distribution }) => distribution);
    expect(drafts.map(({ requestType, status, afterHours }) => [requestType, status, afterHours])).toEqual([
      ['Reminder', 'draft', 48],
      ['Reminder', 'draft', 48],
    ]);
  });

  it('tells programs EQD16 before the invitation was sent and EQD14 after it was deleted', async () => {
    const sendAt = new Date(world.clock.now().getTime() + 86_400_000);
    const unsent = await aDistribution(world, ada, survey, { listId, subject: 'Tomorrow', sendAt });
    const wish = {
      header: { fromEmail: 'people@acme.example', fromName: 'Acme', subject: 'Reminder' },
      message: { messageText: BODY },
    };
    const early = await api('post', `/${shown(unsent)}/reminders`).send(wish);
    expect([early.status, early.body.meta.error.errorCode]).toEqual([409, 'EQD16']);
    await ada.agent.post(`${path}/${shown(unsent)}/remove`);
    const gone = await api('post', `/${shown(unsent)}/reminders`).send(wish);
    expect([gone.status, gone.body.meta.error.errorCode]).toEqual([404, 'EQD14']);
  });

  it('shows nothing of it to another brand', async () => {
    const stranger = await world.aPerson(await world.aBrand('Globex'), { firstName: 'Grace' });
    expect((await stranger.agent.get(`${path}/${shown(invitation)}/reminders/new`)).status).toBe(404);
    const { listId: own } = await anAudience(world, stranger, 1);
    const theirs = await aSurvey(world, stranger);
    const taken = await stranger.agent
      .post(`/surveys/${world.ids.show('SV', theirs.id)}/distributions/emails`)
      .type('form')
      .send({
        followParent: shown(invitation),
        followKind: 'Reminder',
        followWhen: 'now',
        list: world.ids.show('CG', own),
        subject: 'x',
        body: BODY,
      });
    expect(taken.status).toBe(404);
    expect(await children()).toEqual([]);
  });
});
