import { ContactsService } from '../../../src/contacts/contacts.service.js';
import type { Distribution } from '../../../src/ledger/distribution.entity.js';
import { alertsOf } from '../../../src/ledger/alerts.js';
import { foldDeliveries, readDeliveries } from '../../../src/deliverability/deliverability.sql.js';
import { SteeringService } from '../../../src/distributions/steering.service.js';
import type { Survey } from '../../../src/surveys/survey.entity.js';
import { at as when, type Script, Sink } from '../../mailer/sink.js';
import { aSurvey } from '../../surveys/builders.js';
import { type Person, startWorld, type World } from '../../world.js';
import { comeBack, corpusMail } from '../returning.js';
import { aDistribution, anAudience, ledgerOf, nowOf, statesOf, workOff } from '../../distributions/builders.js';

const HOUR = 3_600_000;
const DAY = 24 * HOUR;

describe('a server’s no', () => {
  let world: World;
  let sink: Sink;
  let ada: Person;
  let survey: Survey;
  /** Providers remember how they were treated, so that each test has one of its own. */
  let domain = '';
  let place = 0;
  beforeAll(async () => {
    sink = await new Sink().listen();
    world = await startWorld({ SMTP_URL: sink.url });
  });
  beforeEach(async () => {
    await world.forget();
    world.clock.set(new Date('2026-11-02T08:00:00Z'));
    ada = await world.aPerson(await world.aBrand());
    survey = await aSurvey(world, ada);
    domain = `navy${(place += 1)}.example`;
  });
  afterAll(async () => {
    await world.close();
    await sink.close();
  });

  const sent = async (script: Script, email = `grace@${domain}`): Promise<Distribution> => {
    const { listId } = await anAudience(world, ada, [{ email }]);
    return sentTo(listId, script);
  };
  const sentTo = async (listId: string, script: Script): Promise<Distribution> => {
    sink.script = script;
    const distribution = await aDistribution(world, ada, survey, { listId });
    await workOff(world);
    return distribution;
  };
  const refusing = (words: string): Script => when('rcpt', { reply: words });
  const suppression = (): Promise<string | undefined> =>
    world.app.get(ContactsService).suppressionOf(ada.actor.brandId, `Grace@${domain}`, world.clock.now());
  const first = async (distribution: Distribution): Promise<{ state: string; reason: string | null }> => {
    const [row] = await ledgerOf(world, distribution);
    return { state: row!.state, reason: row!.reason };
  };

  it('suppresses a bad address at once, with the server’s words', async () => {
    expect(await first(await sent(refusing('550 5.1.1 No such user')))).toEqual({
      state: 'failed',
      reason: 'bad_address',
    });
    expect(await suppression()).toBe('bad_address');
    await expect(sent(() => undefined)).rejects.toThrow('Nobody is left to send to');
  });

  it('suppresses for a domain that does not exist when it is still missing a day later', async () => {
    expect(await first(await sent(refusing('550 5.1.2 Host unknown')))).toMatchObject({ reason: 'bad_address' });
    expect(await suppression()).toBeUndefined();
    world.clock.forward(25 * HOUR);
    await sent(refusing('550 5.1.2 Host unknown'));
    expect(await suppression()).toBe('bad_address');
  });

  it('suppresses nobody for what a provider thinks of us, and tries again', async () => {
    const distribution = await sent(refusing('550 5.7.1 Blocked by our policy'));
    expect(await first(distribution)).toMatchObject({ state: 'queued' });
    expect(await suppression()).toBeUndefined();
    const alerts = await world.database.inBrand(ada.actor.brandId, (unit) => alertsOf(unit, distribution.id));
    expect(alerts).toMatchObject([{ kind: 'reputation', n: 1, words: expect.stringContaining('policy') }]);
  });

  it('tries a full mailbox for 48 hours even after 5.2.2', async () => {
    const distribution = await sent(refusing('552 5.2.2 Mailbox full'));
    expect(await first(distribution)).toMatchObject({ state: 'queued' });
    for (let hours = 0; hours < 56; hours += 4) {
      world.clock.forward(4 * HOUR);
      await workOff(world);
    }
    expect(await first(distribution)).toEqual({ state: 'failed', reason: 'put_off_too_long' });
    expect(await suppression()).toBeUndefined();
  });

  it('suppresses a disabled mailbox after the second time in 30 days', async () => {
    await sent(refusing('550 5.2.1 Account disabled'));
    expect(await suppression()).toBeUndefined();
    world.clock.forward(29 * DAY);
    await sent(refusing('550 5.2.1 Account disabled'));
    expect(await suppression()).toBe('mailbox_disabled');
  });

  it('forgets a disabled mailbox after 30 days', async () => {
    await sent(refusing('550 5.2.1 Account disabled'));
    world.clock.forward(31 * DAY);
    await sent(refusing('550 5.2.1 Account disabled'));
    expect(await suppression()).toBeUndefined();
  });

  it('suppresses for a while after soft failures of three distributions over 15 days', async () => {
    for (const days of [0, 8, 8]) {
      world.clock.forward(days * DAY);
      expect(await suppression()).toBeUndefined();
      await sent(refusing('554 5.4.6 Too many hops'));
    }
    expect(await suppression()).toBe('soft_bounces');
    world.clock.forward(91 * DAY);
    expect(await suppression()).toBeUndefined();
  });

  it('forgives soft failures when a mail was taken in between', async () => {
    for (const script of [refusing('554 5.4.6 Too many hops'), refusing('554 5.4.6 Too many hops'), () => undefined]) {
      await sent(script);
      world.clock.forward(8 * DAY);
    }
    await sent(refusing('554 5.4.6 Too many hops'));
    expect(await suppression()).toBeUndefined();
  });

  it('pauses the distribution when a server refuses its From address, with its words and the remedy', async () => {
    const distribution = await sent(when('mail', { reply: '550 5.1.8 Sender address rejected: Domain not found' }));
    const paused = await nowOf(world, ada, distribution);
    expect(paused.status).toBe('paused');
    expect(paused.errorText).toContain('Sender address rejected: Domain not found');
    expect(paused.errorText).toContain('check the From address and the DNS records of its domain');
    expect(await suppression()).toBeUndefined();
  });

  it('goes on to all others after one odd server', async () => {
    const { listId } = await anAudience(world, ada, 40);
    sink.script = ({ stage, line }) =>
      stage === 'rcpt' && line.includes('person.1@') ? { reply: '550 5.7.27 Sender has no SPF here' } : undefined;
    const distribution = await aDistribution(world, ada, survey, { listId });
    await workOff(world);
    expect(statesOf(await ledgerOf(world, distribution))).toEqual({ accepted: 39, failed: 1 });
    expect((await nowOf(world, ada, distribution)).status).toBe('done');
  });

  it('lets nobody wait for one mailbox that refuses by policy, neither at once nor by a report', async () => {
    const people = Array.from({ length: 50 }, (_, number) => ({ email: `person.${number}@${domain}` }));
    const odd: Script = ({ stage, line }) =>
      stage === 'rcpt' && line.includes('person.7@') ? { reply: '550 5.7.1 Refused by policy' } : undefined;
    const { listId } = await anAudience(world, ada, people);
    const distribution = await sentTo(listId, odd);
    const rows = await ledgerOf(world, distribution);
    expect(statesOf(rows)).toEqual({ accepted: 49, queued: 1 });
    expect(await suppression()).toBeUndefined();
    await comeBack(world, rows.find(({ state }) => state === 'accepted')!.id, corpusMail('postfix-blocklist'));
    expect((await nowOf(world, ada, distribution)).status).toBe('sending');
    world.clock.forward(13 * HOUR);
    expect(statesOf(await ledgerOf(world, await sentTo(listId, odd))).accepted).toBe(49);
    const mary = await world.aPerson(await world.aBrand());
    const others = await anAudience(world, mary, people);
    const theirs = await aDistribution(world, mary, await aSurvey(world, mary), { listId: others.listId });
    sink.script = () => undefined;
    await workOff(world);
    expect(statesOf(await ledgerOf(world, theirs))).toEqual({ accepted: 50 });
  });

  it('pauses a distribution whose From address servers of several providers refuse', async () => {
    const people = Array.from({ length: 40 }, (_, number) => ({ email: `ada@sender${number}.example` }));
    const { listId } = await anAudience(world, ada, people);
    const distribution = await sentTo(listId, refusing('550 5.7.27 Sender has no SPF here'));
    const paused = await nowOf(world, ada, distribution);
    expect(paused).toMatchObject({ status: 'paused', errorText: expect.stringContaining('From address') });
    expect(paused.errorText).not.toContain('no SPF here');
    await world.app.get(SteeringService).resume(ada.actor, distribution.id);
    sink.script = () => undefined;
    await workOff(world);
    await workOff(world);
    expect((await nowOf(world, ada, distribution)).status).toBe('done');
  });

  it('counts a refusal as bounced everywhere, with all that the server said', async () => {
    const lines = [
      'The email account that you tried',
      'to reach does not exist. Learn',
      'more at https://support.navy.example',
    ];
    const reply = [...lines.map((line) => `550-5.1.1 ${line}`), '550 5.1.1 q42 - navy'].join('\r\n');
    const told = `550 5.1.1 ${lines.join(' ')} q42 - navy`;
    const distribution = await sent(refusing(reply));
    const page = `/surveys/${world.ids.show('SV', survey.id)}/distributions/emails/${world.ids.show('EMD', distribution.id)}`;
    const [message] = await ledgerOf(world, distribution);
    for (const path of [`${page}?show=bounced`, `${page}/messages/${world.ids.show('MS', message!.id)}`]) {
      expect((await ada.agent.get(path).expect(200)).text).toContain(told);
    }
    const [titles, row] = (await ada.agent.get(`${page}/history.csv`)).text.trim().split('\r\n');
    const cell = (title: string): string => row!.split(',')[titles!.split(',').indexOf(title)]!;
    expect([cell('Status'), cell('BounceType'), cell('ServerReply')]).toEqual(['Email Hard Bounce', 'hard', told]);
    const { body } = await world
      .visitor()
      .get(
        `/API/v3/distributions/${world.ids.show('EMD', distribution.id)}?surveyId=${world.ids.show('SV', survey.id)}`,
      )
      .set('X-API-TOKEN', ada.token);
    expect(body.result.stats).toMatchObject({ sent: 0, failed: 1, bounced: 1 });
    const [day] = await world.database.inBrand(ada.actor.brandId, async (unit) => {
      await foldDeliveries(unit, ada.actor.brandId, 100);
      return readDeliveries(unit, 'to_domain', { since: '2026-11-01', fromDomain: undefined, most: 10 });
    });
    expect(day).toMatchObject({ label: domain, bouncedHard: 1, accepted: 0 });
    sink.script = () => undefined;
    await world.app.get(SteeringService).retryFailed(ada.actor, distribution.id);
    const cleared = (await ada.agent.get(`${page}?show=bounced`).expect(200)).text;
    expect(cleared).not.toContain(told);
  });

  it('tells the author that a mail is refused for what it is', async () => {
    const distribution = await sent(refusing('552 5.3.4 Message too big'));
    expect(await first(distribution)).toEqual({ state: 'failed', reason: 'content' });
    const alerts = await world.database.inBrand(ada.actor.brandId, (unit) => alertsOf(unit, distribution.id));
    expect(alerts).toMatchObject([{ kind: 'content' }]);
  });
});
