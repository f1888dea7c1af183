import type { Distribution } from '../../src/ledger/distribution.entity.js';
import { DistributionsService } from '../../src/distributions/distributions.service.js';
import type { Survey } from '../../src/surveys/survey.entity.js';
import { aSurvey } from '../surveys/builders.js';
import { type Person, startWorld, type World } from '../world.js';
import { aDistribution, anAudience, BODY, ledgerOf, nowOf, statesOf, workOff } from './builders.js';

describe('a mail before and after it is sent', () => {
  let world: World;
  let ada: Person;
  let survey: Survey;
  let listId: string;
  beforeAll(async () => {
    world = await startWorld();
  });
  /** Begins as if it were that instant. */
  const begin = async (at?: string): Promise<void> => {
    await world.forget();
    world.clock.set(at === undefined ? undefined : new Date(at));
    ada = await world.aPerson(await world.aBrand(), { type: 'administrator' });
    survey = await aSurvey(world, ada);
    ({ listId } = await anAudience(world, ada, 5));
  };
  beforeEach(() => begin());
  afterAll(() => world.close());

  const list = (): string => `/surveys/${world.ids.show('SV', survey.id)}/distributions/emails`;
  const form = (changes: Record<string, string | string[]> = {}): object => ({
    list: world.ids.show('CG', listId),
    fromEmail: 'people@acme.example',
    subject: 'How was it?',
    body: BODY,
    linkType: 'Individual',
    linkDays: '60',
    when: 'now',
    lateHours: '6',
    go: 'save',
    ...changes,
  });
  const aDraft = async (changes: Record<string, string | string[]> = {}): Promise<string> => {
    const { headers } = await ada.agent.post(list()).type('form').send(form(changes)).expect(303);
    return headers['location']!.replace(/\/(edit|review)$/, '');
  };
  const found = (path: string): Promise<Distribution> =>
    nowOf(world, ada, { id: world.ids.read('EMD', path.split('/').at(-1)!) });
  const press = async (path: string, changes: Record<string, string> = {}) => {
    const { text } = await ada.agent.get(`${path}/review`).expect(200);
    const reviewed = /name="reviewed" value="(\d+)"/.exec(text)?.[1] ?? '';
    return ada.agent
      .post(`${path}/send`)
      .type('form')
      .send({ reviewed, ...changes });
  };
  const limitTo = (limit: number): Promise<unknown> =>
    world.database.inBrand(ada.actor.brandId, (unit) => unit.run('UPDATE users SET weekly_email_limit = $1', [limit]));

  it('keeps when it leaves, and says it in words before it is sent', async () => {
    await begin('2030-05-06T08:00:00Z');
    const path = await aDraft({
      when: 'later',
      sendOn: '2030-06-03T10:00',
      sendZone: 'recipient',
      hasHours: 'on',
      hoursDays: ['1', '2'],
      hoursFrom: '22:00',
      hoursTo: '02:00',
      hoursZone: 'recipient',
      holidays: '2030-12-24, 2030-12-25',
      pace: 'hour',
      paceNumber: '100',
      hasWaves: 'on',
      wavePortions: '4',
      waveHours: '24',
      waveUntil: '50',
      duplicates: 'all',
    });
    expect((await found(path)).plan).toEqual({
      sendZone: 'recipient',
      window: {
        weekdays: [1, 2],
        from: '22:00',
        to: '02:00',
        zone: 'recipient',
        holidays: ['2030-12-24', '2030-12-25'],
      },
      pace: { kind: 'rate', mails: 100, per: 'hour' },
      waves: { portions: 4, everyHours: 24, untilFinished: 50 },
      lateAfterHours: 6,
      duplicates: 'all',
    });
    const { text } = await ada.agent.get(`${path}/review`).expect(200);
    expect(text).toContain('by each recipient’s clock');
    expect(text).toContain('Monday, Tuesday, 22:00 to 02:00, each recipient’s time zone');
    expect(text).toContain('at most 100 an hour');
    expect(text).toContain('4 waves, every 24 hours, until 50 have finished');
    expect(text).toContain('The last e-mail leaves about');
    expect(text).toContain('Recipients’ own clocks add up to 26 hours.');
    const { text: again } = await ada.agent.get(`${path}/edit`).expect(200);
    expect(again).toMatch(/name="hoursFrom" type="time" value="22:00"/);
  });

  it.each([
    [{ hasHours: 'on', hoursFrom: '09:00', hoursTo: '17:00' }, 'Choose at least one day.'],
    [{ hasHours: 'on', hoursDays: '1', hoursFrom: '25:00', hoursTo: '17:00' }, 'Write a time such as 09:00.'],
    [
      { hasHours: 'on', hoursDays: '1', hoursFrom: '09:00', hoursTo: '10:00', holidays: '2027-02-30' },
      'Write dates such as',
    ],
    [{ pace: 'minute', paceNumber: '0' }, 'Write a whole number of e-mails.'],
    [{ pace: 'span', paceNumber: '1e9' }, 'up to 2,160'],
    [{ hasWaves: 'on', wavePortions: '1', waveHours: '2' }, 'From 2 to 100 waves.'],
    [{ lateHours: '-1' }, 'Write a whole number of hours.'],
  ])('refuses a plan that cannot be: %j', async (changes, words) => {
    const { status, text } = await ada.agent.post(list()).type('form').send(form(changes));
    expect({ status, tells: text.includes(words) }).toEqual({ status: 422, tells: true });
  });

  it('tells how long it takes at full speed: a guess at first, then as the brand’s sendings went', async () => {
    const path = await aDraft();
    const { text: guessed } = await ada.agent.get(`${path}/review`).expect(200);
    expect(guessed).toContain('leaves less than a minute after the first, if servers take 300 a minute');
    expect(guessed).toContain('a cautious guess');
    const { listId: many } = await anAudience(world, ada, 120);
    const sent = await aDistribution(world, ada, survey, { listId: many });
    await workOff(world);
    await world.database.inBrand(ada.actor.brandId, (unit) =>
      unit.run(`UPDATE distributions SET finished_at = sent_at + interval '6 minutes' WHERE id = $1`, [sent.id]),
    );
    const local = await aDraft({ list: world.ids.show('CG', many), subject: 'Again', sendZone: 'recipient' });
    const { text: known } = await ada.agent.get(`${local}/review`).expect(200);
    expect(known).toContain('leaves about 6 minutes after the first: your recent sendings went at about 20 a minute.');
    expect(known).toContain('Recipients’ own clocks add up to 26 hours.');
  });

  it('sends what the week leaves now and tells that the rest waits', async () => {
    await limitTo(2);
    const path = await aDraft();
    const { text } = await ada.agent.get(`${path}/review`).expect(200);
    expect(text).toContain('EQD03');
    expect(text).toContain('0 of them are used and 5 are needed');
    expect(text).toContain('Send 2 now, the rest when free');
    expect((await press(path)).status).toBe(409);
    expect((await found(path)).status).toBe('draft');
    expect((await press(path, { parts: 'on' })).status).toBe(303);
    await workOff(world);
    const distribution = await found(path);
    expect(distribution).toMatchObject({ status: 'held', heldReason: 'week', reserved: 2 });
    const page = await ada.agent.get(path).expect(200);
    expect(page.text).toContain('Sending to 2 people has begun; 3 wait for the weekly limit.');
    expect(page.text).toContain('The weekly limit has no room for this now.');
  });

  it('asks for the number above the size that the brand sets', async () => {
    await world.database.inBrand(ada.actor.brandId, (unit) => unit.run('UPDATE brands SET confirm_above = 4'));
    const path = await aDraft({ name: 'Great send' });
    expect((await ada.agent.get(`${path}/review`)).text).toContain('Type 5 to confirm');
    for (const confirm of ['', '4', 'five']) {
      const { status, text } = await press(path, { confirm });
      expect({ status, tells: text.includes('Type the number of people who get it') }).toEqual({
        status: 422,
        tells: true,
      });
    }
    expect((await found(path)).status).toBe('draft');
    expect((await press(path, { confirm: 'Great send' })).status).toBe(303);
    const other = await aDraft({ subject: 'Another' });
    expect((await press(other, { confirm: ' 5 ' })).status).toBe(303);
    await workOff(world);
    expect(statesOf(await ledgerOf(world, await found(other)))).toEqual({ accepted: 5 });
  });

  it('counts a long list in the background while the page waits', async () => {
    await world.database.inBrand(ada.actor.brandId, (unit) =>
      unit.run('UPDATE contact_lists SET contact_count = 1000000 WHERE id = $1', [listId]),
    );
    const path = await aDraft();
    const first = await ada.agent.get(`${path}/review`).expect(200);
    expect(first.text).toContain('Counting who gets it');
    expect(first.text).not.toContain('name="reviewed"');
    await world.jobs.settled();
    const { text } = await ada.agent.get(`${path}/review/now`).expect(200);
    expect(text).toContain('5 people get the mail');
    expect(text).toContain('name="reviewed"');
    expect((await press(path)).status).toBe(303);
    await workOff(world);
    expect(statesOf(await ledgerOf(world, await found(path)))).toEqual({ accepted: 5 });
  });

  it('is copied into a draft of its own, with its plan, to be sent at once', async () => {
    const path = await aDraft({ pace: 'minute', paceNumber: '7' });
    await press(path);
    await workOff(world);
    const { headers } = await ada.agent.post(`${path}/copies`).expect(303);
    const copy = await found(headers['location']!.replace(/\/edit$/, ''));
    expect(copy).toMatchObject({
      status: 'draft',
      name: 'Copy of How was it?',
      heading: 'How was it?',
      audience: { listId },
    });
    expect(copy.plan.pace).toEqual({ kind: 'rate', mails: 7, per: 'minute' });
    expect(copy.sendAt).toBeNull();
    await ada.agent.get(headers['location']!).expect(200);
    await world.database.inBrand(ada.actor.brandId, (unit) => unit.run('DELETE FROM contact_list_members'));
    await world.database.inBrand(ada.actor.brandId, (unit) => unit.run('DELETE FROM contact_lists'));
    const again = await ada.agent.post(`${path}/copies`).expect(303);
    expect(again.headers['location']).toContain('/new?copy=EMD_');
  });

  it('is sent late only when somebody says so', async () => {
    const path = await aDraft();
    const { id } = await found(path);
    const distributions = world.app.get(DistributionsService);
    await distributions.send(ada.actor, id);
    await world.jobs.settled();
    expect((await ada.agent.post(`${path}/late`)).status).toBe(409);
    const late = await aDraft({ subject: 'Late' });
    await world.database.inBrand(ada.actor.brandId, (unit) =>
      unit.run(`UPDATE distributions SET status = 'scheduled', send_at = $2 WHERE id = $1`, [
        world.ids.read('EMD', late.split('/').at(-1)!),
        new Date(world.clock.ms() - 7 * 3_600_000),
      ]),
    );
    await workOff(world);
    const { text } = await ada.agent.get(late).expect(200);
    expect(text).toContain('CVS06');
    expect(text).toContain('Send now anyway');
    await ada.agent.post(`${late}/late`).expect(303);
    await workOff(world);
    expect(statesOf(await ledgerOf(world, await found(late)))).toEqual({ accepted: 5 });
  });

  it('shows outside its hours when it goes on, and is not called held', async () => {
    const weekday = new Date(world.clock.ms()).getUTCDay() || 7;
    const other = String((weekday % 7) + 1);
    const path = await aDraft({
      hasHours: 'on',
      hoursDays: String((Number(other) % 7) + 1),
      hoursFrom: '09:00',
      hoursTo: '10:00',
    });
    await press(path);
    await workOff(world);
    const { text } = await ada.agent.get(path).expect(200);
    expect(text).toContain('Outside the sending hours: goes on');
    expect((await found(path)).status).toBe('sending');
  });

  it('belongs to divisions with a limit of their own, made under Brand and given under People', async () => {
    const page = '/brand/divisions';
    await ada.agent.post(page).type('form').send({ name: 'North', weeklyEmailLimit: '3' }).expect(303);
    await ada.agent.post(page).type('form').send({ name: 'north', weeklyEmailLimit: '' }).expect(422);
    await ada.agent.post(page).type('form').send({ name: '', weeklyEmailLimit: 'x' }).expect(422);
    const { text } = await ada.agent.get(page).expect(200);
    const division = /\/brand\/divisions\/(DV_\w+)"/.exec(text)![1]!;
    const { email, firstName, lastName, userTypeId } = ada.user;
    const person = `/people/${world.ids.show('UR', ada.user.id)}`;
    const details = {
      email,
      firstName,
      lastName,
      type: world.ids.show('UT', userTypeId),
      timeZone: 'UTC',
      weeklyEmailLimit: '',
    };
    await ada.agent
      .post(person)
      .type('form')
      .send({ ...details, division })
      .expect(303);
    expect((await ada.agent.get(page)).text).toContain('1 person');
    const review = await ada.agent.get(`${await aDraft()}/review`).expect(200);
    expect(review.text).toContain('E-mails of your division');
    expect(review.text).toContain('EQD04');
    expect(review.text).toContain('This division may send 3 e-mails per week');
    expect(review.text).toContain('contact the brand administrator: Ada');
    const field = `field_weeklyEmailLimit_${division}`;
    expect(review.text).toContain(`href="/brand/divisions#${field}"`);
    expect((await ada.agent.get(page)).text).toContain(`id="${field}"`);
    await ada.agent
      .post(`${page}/${division}`)
      .type('form')
      .send({ [`name_${division}`]: 'South', [`weeklyEmailLimit_${division}`]: '' })
      .expect(303);
    expect((await ada.agent.get(`${await aDraft()}/review`)).text).not.toContain('EQD04');
    await ada.agent.post(`${page}/${division}/remove`).expect(303);
    expect((await ada.agent.get(page)).text).not.toContain('South');
    await ada.agent.get(person).expect(200);
  });
});
