import { ContactsService } from '../../src/contacts/contacts.service.js';
import type { Distribution } from '../../src/ledger/distribution.entity.js';
import { DispatchingService } from '../../src/sending/dispatching.service.js';
import { SteeringService } from '../../src/distributions/steering.service.js';
import type { Survey } from '../../src/surveys/survey.entity.js';
import { SurveysService } from '../../src/surveys/surveys.service.js';
import { at as when, type Script, Sink } from '../mailer/sink.js';
import { aSurvey } from '../surveys/builders.js';
import { until } from '../waiting.js';
import { type Person, startWorld, type World } from '../world.js';
import {
  aDistribution,
  anAudience,
  ledgerOf,
  nowOf,
  reservedOf,
  statesOf,
  workOff,
} from '../distributions/builders.js';

const MINUTE = 60_000;

describe('a distribution on its way', () => {
  let world: World;
  let sink: Sink;
  let ada: Person;
  let survey: Survey;
  let steering: SteeringService;
  beforeAll(async () => {
    sink = await new Sink().listen();
    world = await startWorld({ SMTP_URL: sink.url });
    steering = world.app.get(SteeringService);
  });
  beforeEach(async () => {
    await world.forget();
    sink.script = () => undefined;
    sink.caught.length = 0;
    world.clock.set();
    ada = await world.aPerson(await world.aBrand());
    survey = await aSurvey(world, ada);
  });
  afterAll(async () => {
    await world.close();
    await sink.close();
  });

  const sent = async (count: number, script: Script): Promise<Distribution> => {
    const { listId } = await anAudience(world, ada, count);
    sink.script = script;
    const distribution = await aDistribution(world, ada, survey, { listId });
    await workOff(world);
    return distribution;
  };
  const attempts = (
    distribution: Distribution,
  ): Promise<{ outcome: string; phase: string; code: number; reply: string }[]> =>
    world.database.inBrand(distribution.brandId, (unit) =>
      unit.sql(
        `SELECT outcome, phase, code, reply FROM message_attempts a JOIN messages m ON m.brand_id = a.brand_id AND m.id = a.message_id
         WHERE m.distribution_id = $1 ORDER BY a.id`,
        [distribution.id],
      ),
    );

  it('goes to everybody on the list, each with a link and a Message-ID of their own', async () => {
    const distribution = await sent(300, () => undefined);
    const rows = await ledgerOf(world, distribution);
    expect(statesOf(rows)).toEqual({ accepted: 300 });
    expect(sink.caught).toHaveLength(300);
    const links = sink.caught.map(({ raw }) =>
      /\/s\/(1[0-9A-Za-z=\r\n]+?)[<">]/.exec(raw)?.[1]?.replaceAll('=\r\n', ''),
    );
    expect(new Set(links).size).toBe(300);
    expect(links.every((token) => world.ids.readToken('link', token ?? '') !== undefined)).toBe(true);
    expect(new Set(rows.map(({ messageIdHeader }) => messageIdHeader)).size).toBe(300);
    expect(await nowOf(world, ada, distribution)).toMatchObject({ status: 'done', audienceSize: 300 });
  });

  it('carries the opt-out of its message in the headers, and placeholders escaped for their place', async () => {
    const { listId } = await anAudience(world, ada, [
      {
        firstName: '<b>Zoë</b> "&" \r\nBcc: evil@example.com',
        email: 'zoe@example.com',
        embedded: { Team: '<i>x</i>' },
      },
    ]);
    const distribution = await aDistribution(world, ada, survey, {
      listId,
      subject: 'For ${m://FirstName}',
      bodyHtml: '<p>${m://FirstName} of ${e://Field/Team}${e://Field/Nothing}</p>${l://SurveyLink}${l://OptOutLink}',
    });
    await workOff(world);
    const [mail] = sink.caught;
    const [{ id } = { id: '' }] = await ledgerOf(world, distribution);
    expect(mail?.raw).toContain(`/u/${world.ids.token('opt-out', id)}>`);
    expect(mail?.raw).toContain('List-Unsubscribe-Post: List-Unsubscribe=One-Click');
    expect(mail?.raw.split('\r\n\r\n')[0]).not.toMatch(/^Bcc:/m);
    expect(mail?.raw.replaceAll('=\r\n', '')).toContain('&lt;i&gt;x&lt;/i&gt;');
    expect(mail?.recipients).toEqual(['zoe@example.com']);
  });

  it('tries again by the schedule when the server says not now, and gives up after 48 hours', async () => {
    world.clock.set(new Date('2026-11-02T08:00:00Z'));
    const distribution = await sent(1, when('rcpt', { reply: '451 4.7.1 Greylisted' }));
    const [first] = await ledgerOf(world, distribution);
    expect(first).toMatchObject({ state: 'queued', attempts: 1, lastText: expect.stringContaining('Greylisted') });
    const wait = (first!.runAt!.getTime() - world.clock.now().getTime()) / MINUTE;
    expect(wait).toBeGreaterThanOrEqual(4);
    expect(wait).toBeLessThanOrEqual(6);
    for (let hours = 0; hours < 60; hours += 1) {
      world.clock.forward(60 * MINUTE);
      await workOff(world);
    }
    const [last] = await ledgerOf(world, distribution);
    expect(last).toMatchObject({ state: 'failed', reason: 'put_off_too_long' });
    expect(last!.attempts).toBeGreaterThan(10);
    expect((await nowOf(world, ada, distribution)).status).toBe('done');
    expect(sink.caught).toHaveLength(0);
    expect(await reservedOf(world, ada)).toBe(0);
  });

  it('arrives once when the server said not now after the body', async () => {
    const distribution = await sent(1, when('dot', { reply: '451 4.3.0 Try later' }));
    expect(statesOf(await ledgerOf(world, distribution))).toEqual({ queued: 1 });
    sink.script = () => undefined;
    sink.caught.length = 0;
    world.clock.forward(7 * MINUTE);
    await workOff(world);
    expect(statesOf(await ledgerOf(world, distribution))).toEqual({ accepted: 1 });
    expect((await attempts(distribution)).map(({ outcome }) => outcome)).toEqual(['deferred', 'accepted']);
    expect(sink.caught).toHaveLength(1);
  });

  it('fails at once on 5xx, with the server’s words', async () => {
    const distribution = await sent(1, when('rcpt', { reply: '550 5.1.1 Nobody here' }));
    expect(await ledgerOf(world, distribution)).toMatchObject([
      { state: 'failed', reason: 'bad_address', attempts: 1 },
    ]);
    expect(await attempts(distribution)).toMatchObject([{ outcome: 'refused', phase: 'recipient', code: 550 }]);
    expect((await nowOf(world, ada, distribution)).status).toBe('done');
  });

  it('knows that nothing was sent when the connection broke before the end of the body', async () => {
    const distribution = await sent(1, when('data', { end: 'reset' }));
    expect(await ledgerOf(world, distribution)).toMatchObject([{ state: 'queued', attempts: 1 }]);
    sink.script = () => undefined;
    world.clock.forward(7 * MINUTE);
    await workOff(world);
    expect(statesOf(await ledgerOf(world, distribution))).toEqual({ accepted: 1 });
    expect(sink.caught).toHaveLength(1);
  });

  it('is uncertain when the connection broke after the end of the body, and goes once more with the same Message-ID', async () => {
    const distribution = await sent(1, when('dot', { end: 'reset' }));
    const [doubt] = await ledgerOf(world, distribution);
    expect(doubt).toMatchObject({ state: 'uncertain', reason: 'unconfirmed' });
    expect((await nowOf(world, ada, distribution)).status).toBe('sending');
    sink.script = () => undefined;
    world.clock.forward(29 * MINUTE);
    await workOff(world);
    expect(sink.caught).toHaveLength(1);
    world.clock.forward(2 * MINUTE);
    await workOff(world);
    await workOff(world);
    expect(await ledgerOf(world, distribution)).toMatchObject([{ state: 'accepted', attempts: 2, resends: 1 }]);
    expect(sink.caught).toHaveLength(2);
    expect(sink.caught[0]!.raw).toBe(sink.caught[1]!.raw);
    expect((await nowOf(world, ada, distribution)).status).toBe('done');
  });

  it('stays uncertain when it is so a second time, and is not sent a third time', async () => {
    const distribution = await sent(1, when('dot', { end: 'reset' }));
    world.clock.forward(31 * MINUTE);
    await workOff(world);
    await workOff(world);
    world.clock.forward(240 * MINUTE);
    await workOff(world);
    expect(await ledgerOf(world, distribution)).toMatchObject([
      { state: 'uncertain', reason: 'unconfirmed_twice', attempts: 2 },
    ]);
    expect(sink.caught).toHaveLength(2);
    expect((await nowOf(world, ada, distribution)).status).toBe('done');
  });

  it('is not sent again when its recipient answered in the meantime: that proves that it arrived', async () => {
    const distribution = await sent(1, when('dot', { end: 'reset' }));
    const [message] = await ledgerOf(world, distribution);
    await world.database.inBrand(distribution.brandId, (unit) =>
      unit.run(
        `INSERT INTO response_outbox (brand_id, kind, link_id, at) VALUES ($1, 'opened', $3, $2), ($1, 'started', $3, $2)`,
        [distribution.brandId, world.clock.now(), message!.linkId],
      ),
    );
    await workOff(world);
    world.clock.forward(31 * MINUTE);
    await workOff(world);
    expect(await ledgerOf(world, distribution)).toMatchObject([{ state: 'accepted', reason: 'confirmed' }]);
    expect(sink.caught).toHaveLength(1);
  });

  it('is held with the reason while the relay is away, and goes on by itself', async () => {
    const { port } = sink;
    await sink.close();
    const { listId } = await anAudience(world, ada, 30);
    const distribution = await aDistribution(world, ada, survey, { listId });
    await workOff(world);
    expect(await nowOf(world, ada, distribution)).toMatchObject({
      status: 'held',
      heldReason: 'relay',
      errorCode: 'CVS05',
    });
    expect(await ledgerOf(world, distribution)).toEqual(
      Array.from({ length: 30 }, () => expect.objectContaining({ state: 'queued', attempts: 0 })),
    );
    world.clock.forward(MINUTE);
    await workOff(world);
    expect((await nowOf(world, ada, distribution)).status).toBe('held');
    sink = await new Sink().listen(port);
    world.clock.forward(5 * MINUTE);
    await workOff(world);
    await workOff(world);
    expect(statesOf(await ledgerOf(world, distribution))).toEqual({ accepted: 30 });
    expect(await nowOf(world, ada, distribution)).toMatchObject({ status: 'done', errorCode: null });
  });

  it('does not write to somebody who opted out while the mail was being handed over', async () => {
    const { listId, contactIds } = await anAudience(world, ada, 1);
    let asked = false;
    sink.script = ({ stage }) => {
      asked ||= stage === 'rcpt';
      return stage === 'rcpt' ? { reply: '250 2.1.5 Slowly', afterMs: 600 } : undefined;
    };
    const distribution = await aDistribution(world, ada, survey, { listId });
    await until(() => asked);
    const at = world.clock.now();
    await world.app
      .get(ContactsService)
      .optOut(ada.actor.brandId, { contactId: contactIds[0]!, listId: null, level: 'brand', by: 'link', at });
    await workOff(world);
    expect(await ledgerOf(world, distribution)).toMatchObject([
      { state: 'skipped', reason: 'opted_out_brand', attempts: 0 },
    ]);
    expect(sink.caught).toHaveLength(0);
    expect(await reservedOf(world, ada)).toBe(0);
  });

  it('stops at the wire when it is paused, and goes on where it was', async () => {
    const { listId } = await anAudience(world, ada, 200);
    sink.script = ({ stage }) => (stage === 'dot' ? { reply: '250 2.0.0 slowly', afterMs: 40 } : undefined);
    const distribution = await aDistribution(world, ada, survey, { listId });
    await until(() => sink.caught.length >= 10);
    await steering.pause(ada.actor, distribution.id);
    await workOff(world);
    const states = statesOf(await ledgerOf(world, distribution));
    expect(states).toEqual({ accepted: sink.caught.length, queued: 200 - sink.caught.length });
    expect(states['queued']).toBeGreaterThan(0);
    sink.script = () => undefined;
    await steering.resume(ada.actor, distribution.id);
    await workOff(world);
    expect(statesOf(await ledgerOf(world, distribution))).toEqual({ accepted: 200 });
    expect(sink.caught).toHaveLength(200);
  });

  it('does not wait for another try once it is cancelled: what was on the wire ends with the server’s answer', async () => {
    const { listId } = await anAudience(world, ada, 3);
    sink.script = when('dot', { reply: '451 4.3.0 Later', afterMs: 1500 });
    const distribution = await aDistribution(world, ada, survey, { listId });
    await until(() => sink.caught.length > 0);
    await steering.cancel(ada.actor, distribution.id);
    await workOff(world);
    const rows = await ledgerOf(world, distribution);
    expect(statesOf(rows)).toEqual({ cancelled: 3 });
    expect(rows.some(({ attempts: tries }) => tries === 1)).toBe(true);
  });

  it('is held while its survey is paused, without a mail more', async () => {
    const { listId } = await anAudience(world, ada, 200);
    sink.script = ({ stage }) => (stage === 'dot' ? { reply: '250 2.0.0 slowly', afterMs: 40 } : undefined);
    const distribution = await aDistribution(world, ada, survey, { listId });
    await until(() => sink.caught.length >= 10);
    const surveys = world.app.get(SurveysService);
    await surveys.pause(ada.actor, survey.id, { people: 'finish', message: '' });
    await workOff(world);
    expect(await nowOf(world, ada, distribution)).toMatchObject({ status: 'held', heldReason: 'survey_paused' });
    sink.script = () => undefined;
    await surveys.resume(ada.actor, survey.id);
    await until(async () => {
      await workOff(world);
      return (await nowOf(world, ada, distribution)).status === 'done';
    });
    expect(statesOf(await ledgerOf(world, distribution))).toEqual({ accepted: 200 });
    expect(sink.caught).toHaveLength(200);
  });

  it('claims nothing twice when several dispatchers run at once', async () => {
    const { listId } = await anAudience(world, ada, 500);
    const { brandId, id } = await aDistribution(world, ada, survey, { listId });
    const dispatching = world.app.get(DispatchingService);
    await world.jobs.settled();
    await Promise.all(Array.from({ length: 4 }, () => dispatching.dispatch({ brandId, distributionId: id })));
    await workOff(world);
    expect(sink.caught).toHaveLength(500);
    expect(new Set(sink.caught.map(({ recipients }) => recipients[0])).size).toBe(500);
  });

  it('takes turns with the distributions of other brands', async () => {
    const grace = await world.aPerson(await world.aBrand('Navy'), { firstName: 'Grace' });
    sink.script = ({ stage }) => (stage === 'dot' ? { reply: '250 2.0.0 slowly', afterMs: 10 } : undefined);
    const { listId } = await anAudience(world, ada, 1500);
    await aDistribution(world, ada, survey, { listId });
    const theirs = await anAudience(world, grace, 20);
    const small = await aDistribution(world, grace, await aSurvey(world, grace), {
      listId: theirs.listId,
      fromEmail: 'x@navy.example',
    });
    await until(async () => (await nowOf(world, grace, small)).status === 'done');
    const last = sink.caught.findLastIndex(({ raw }) => raw.includes('x@navy.example'));
    expect(last).toBeLessThan(1519);
    sink.script = () => undefined;
    await workOff(world);
    expect(sink.caught).toHaveLength(1520);
  });
});
