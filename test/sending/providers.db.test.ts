import { MailerService } from '../../src/mailer/mailer.service.js';
import { ProviderPauses } from '../../src/mailer/throttle/provider_pauses.js';
import type { Survey } from '../../src/surveys/survey.entity.js';
import { Sink } from '../mailer/sink.js';
import { aSurvey } from '../surveys/builders.js';
import { until } from '../waiting.js';
import { type Person, startWorld, type World } from '../world.js';
import { aDistribution, anAudience, ledgerOf, nowOf, statesOf, workOff } from '../distributions/builders.js';

const MINUTE = 60_000;

describe('providers', () => {
  let world: World;
  let sink: Sink;
  let ada: Person;
  let survey: Survey;
  beforeAll(async () => {
    sink = await new Sink().listen();
    world = await startWorld({ SMTP_URL: sink.url, SMTP_CONNECTIONS: '4' });
  });
  beforeEach(async () => {
    await world.forget();
    world.clock.set();
    sink.script = () => undefined;
    sink.caught.length = 0;
    ada = await world.aPerson(await world.aBrand());
    survey = await aSurvey(world, ada);
  });
  afterAll(async () => {
    await world.close();
    await sink.close();
  });

  const peopleAt = (domain: string, count: number): { email: string }[] =>
    Array.from({ length: count }, (_, place) => ({ email: `person.${place}@${domain}` }));

  it('who want to be left alone get nothing for two hours, and nobody else waits for them', async () => {
    world.clock.set(new Date('2026-11-24T09:00:00Z'));
    const { listId } = await anAudience(world, ada, [...peopleAt('yahoo.com', 120), ...peopleAt('acme.example', 40)]);
    sink.script = ({ stage, line }) =>
      stage === 'rcpt' && line.includes('@yahoo.com')
        ? { reply: '421 4.7.0 [TSS04] Messages from 192.0.2.1 temporarily deferred', end: 'close' }
        : undefined;
    const distribution = await aDistribution(world, ada, survey, { listId });
    await workOff(world);
    const rows = await ledgerOf(world, distribution);
    expect(statesOf(rows)).toEqual({ accepted: 40, queued: 120 });
    const waiting = rows.filter(({ state }) => state === 'queued');
    expect(waiting.every(({ attempts }) => attempts === 0)).toBe(true);
    expect(waiting.every(({ runAt }) => runAt!.getTime() - world.clock.ms() >= 119 * MINUTE)).toBe(true);
    expect(sink.lines.filter((line) => line.startsWith('RCPT') && line.includes('yahoo')).length).toBeLessThan(20);
    const [pause] = await world.app.get(MailerService).pausesOf(ada.actor.brandId);
    expect(pause).toMatchObject({ provider: 'Yahoo', why: expect.stringContaining('TSS04') });
    world.clock.forward(10 * MINUTE);
    await workOff(world);
    expect(statesOf(await ledgerOf(world, distribution))).toEqual({ accepted: 40, queued: 120 });
    sink.script = () => undefined;
    world.clock.forward(115 * MINUTE);
    await workOff(world);
    expect(statesOf(await ledgerOf(world, distribution))).toEqual({ accepted: 160 });
    expect((await nowOf(world, ada, distribution)).status).toBe('done');
  });

  it('whose words no database keeps stop nothing', async () => {
    world.clock.set(new Date('2026-11-24T15:00:00Z'));
    const { listId } = await anAudience(world, ada, [...peopleAt('evil.example', 2), ...peopleAt('acme.example', 20)]);
    sink.script = ({ stage, line }) => {
      if (stage === 'rcpt' && line.includes('person.0@evil.example')) {
        return { reply: `550 5.1.1 \0${'x'.repeat(999)}\u{1F600}` };
      }
      return stage === 'dot' ? { reply: '250 2.0.0 <a\0b@evil.example>' } : undefined;
    };
    const distribution = await aDistribution(world, ada, survey, { listId });
    await workOff(world);
    expect(statesOf(await ledgerOf(world, distribution))).toEqual({ accepted: 21, failed: 1 });
  });

  it('that refuse one recipient keep nobody waiting, neither of this brand nor of another', async () => {
    const grace = await world.aPerson(await world.aBrand('Navy'), { firstName: 'Grace' });
    world.clock.set(new Date('2026-11-24T12:00:00Z'));
    sink.script = ({ stage, line }) =>
      stage === 'rcpt' && line.includes('person.0@') ? { reply: '550 5.7.1 Blocked by our policy' } : undefined;
    const { listId } = await anAudience(world, ada, peopleAt('gmail.com', 30));
    const distribution = await aDistribution(world, ada, survey, { listId });
    const theirs = await anAudience(world, grace, peopleAt('googlemail.com', 30).slice(1));
    const other = await aDistribution(world, grace, await aSurvey(world, grace), { listId: theirs.listId });
    await workOff(world);
    expect(statesOf(await ledgerOf(world, distribution))).toEqual({ accepted: 29, queued: 1 });
    expect(statesOf(await ledgerOf(world, other))).toEqual({ accepted: 29 });
    expect(await world.app.get(MailerService).pausesOf(ada.actor.brandId)).toEqual([]);
  });

  it('that refuse several of a brand are tried again with others first, and by other brands meanwhile', async () => {
    const grace = await world.aPerson(await world.aBrand('Navy'), { firstName: 'Grace' });
    world.clock.set(new Date('2026-11-24T13:00:00Z'));
    sink.script = ({ stage, line }) =>
      stage === 'rcpt' && /person\.[0-4]@icloud/.test(line) ? { reply: '550 5.7.1 Blocked by our policy' } : undefined;
    const { listId } = await anAudience(world, ada, peopleAt('icloud.com', 60));
    const distribution = await aDistribution(world, ada, survey, { listId });
    await workOff(world);
    const refused = await ledgerOf(world, distribution);
    expect(statesOf(refused)).toHaveProperty('queued');
    const theirs = await anAudience(world, grace, peopleAt('me.com', 10));
    const other = await aDistribution(world, grace, await aSurvey(world, grace), { listId: theirs.listId });
    await workOff(world);
    expect(statesOf(await ledgerOf(world, other))).toEqual({ accepted: 10 });
    const waiting = refused.filter(({ state }) => state === 'queued');
    const causes = waiting.filter(({ lastText }) => lastText !== null).map(({ runAt }) => runAt!.getTime());
    const others = waiting.filter(({ lastText }) => lastText === null).map(({ runAt }) => runAt!.getTime());
    expect(others.length).toBeGreaterThan(0);
    expect(Math.min(...causes)).toBeGreaterThan(Math.max(...others));
    world.clock.forward(33 * MINUTE);
    await workOff(world);
    expect(statesOf(await ledgerOf(world, distribution)).accepted).toBe(60 - causes.length);
  });

  it('stay alone after a restart, and in other processes', async () => {
    world.clock.set(new Date('2026-11-25T09:00:00Z'));
    const { listId } = await anAudience(world, ada, peopleAt('aol.com', 3));
    sink.script = ({ stage }) => (stage === 'rcpt' ? { reply: '421 4.7.0 [TSS04] Later' } : undefined);
    await aDistribution(world, ada, survey, { listId });
    await workOff(world);
    const kept = async (): Promise<object[]> =>
      new ProviderPauses(world.database, world.clock).on('smtp', ada.actor.brandId);
    await until(async () => (await kept()).length > 0);
    expect(await kept()).toMatchObject([{ provider: 'Yahoo', brandId: ada.actor.brandId, domains: ['aol.com'] }]);
    world.clock.forward(121 * MINUTE);
    expect(await kept()).toEqual([]);
  });

  it('a brand with many sendings does not keep another one waiting', async () => {
    const grace = await world.aPerson(await world.aBrand('Navy'), { firstName: 'Grace' });
    sink.script = ({ stage }) => (stage === 'dot' ? { reply: '250 2.0.0 slowly', afterMs: 20 } : undefined);
    for (let count = 0; count < 8; count += 1) {
      const { listId } = await anAudience(world, ada, peopleAt(`acme${count}.example`, 200));
      await aDistribution(world, ada, survey, { listId, subject: `Number ${count}` });
    }
    const theirs = await anAudience(world, grace, peopleAt('navy.example', 60));
    const small = await aDistribution(world, grace, await aSurvey(world, grace), {
      listId: theirs.listId,
      fromEmail: 'x@navy.example',
    });
    await until(async () => (await ledgerOf(world, small)).length === 60);
    const before = sink.caught.length;
    await until(async () => (await nowOf(world, grace, small)).status === 'done');
    const last = sink.caught.findLastIndex(({ recipients }) => recipients[0]!.endsWith('@navy.example'));
    expect(last - before).toBeLessThan(1200);
    sink.script = () => undefined;
    await workOff(world);
    expect(sink.caught).toHaveLength(8 * 200 + 60);
  });
});
