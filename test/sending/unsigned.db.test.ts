import { AT_ONCE } from '../../src/ledger/sending_plan.js';
import type { Distribution } from '../../src/ledger/distribution.entity.js';
import type { Survey } from '../../src/surveys/survey.entity.js';
import { addDomain, checked, ownZone, settings, zoneOf } from '../mailer/domains/builders.js';
import { DomainSetUpService } from '../../src/mailer/domains/domain_set_up.service.js';
import { Sink } from '../mailer/sink.js';
import { DnsServer } from '../platform/dns_server.js';
import { aSurvey } from '../surveys/builders.js';
import { type Person, startWorld, type World } from '../world.js';
import { aDistribution, anAudience, ledgerOf, nowOf, statesOf, workOff } from '../distributions/builders.js';

const AFTERNOON = {
  weekdays: [1, 2, 3, 4, 5, 6, 7],
  from: '14:00',
  to: '20:00',
  zone: 'author' as const,
  holidays: [],
};
const KEYS = ['canvass1', 'canvass1-ed'];

describe('a From domain that lost its key', () => {
  let dns: DnsServer;
  let sink: Sink;
  let world: World;
  let ada: Person;
  let survey: Survey;
  let planned: Distribution;
  beforeAll(async () => {
    dns = await DnsServer.start(ownZone());
    sink = await new Sink().listen();
    world = await startWorld({ ...settings(dns), SMTP_URL: sink.url });
  });
  beforeEach(async () => {
    await world.forget();
    world.clock.set(new Date('2026-11-02T08:00:00Z'));
    sink.caught.length = 0;
    ada = await world.aPerson(await world.aBrand(), { type: 'administrator' });
    survey = await aSurvey(world, ada);
    dns.set(zoneOf(await addDomain(world, ada, 'acme.example')));
    expect((await checked(world, ada, 'acme.example')).domain.status).toBe('active');
    const { listId } = await anAudience(world, ada, 3);
    planned = await aDistribution(world, ada, survey, { listId, plan: { ...AT_ONCE, window: AFTERNOON } });
    await workOff(world);
    expect(statesOf(await ledgerOf(world, planned))).toEqual({ queued: 3 });
    world.clock.set(new Date('2026-11-02T14:05:00Z'));
  });
  afterEach(async () => {
    const setUp = world.app.get(DomainSetUpService);
    await setUp.remove(ada.actor, 'acme.example', 'acme.example').catch(() => undefined);
  });
  afterAll(async () => {
    await world.close();
    await sink.close();
    await dns.close();
  });

  const toldNow = (): string[] =>
    sink.caught.filter(({ raw }) => raw.includes('people@acme.example')).map(({ raw }) => raw);

  it('holds what was planned, with the reason, and lets it go signed when the key is back', async () => {
    KEYS.forEach((selector) => dns.remove(`${selector}._domainkey.acme.example`));
    const found = await checked(world, ada, 'acme.example');
    await workOff(world);
    expect(toldNow()).toEqual([]);
    expect(await nowOf(world, ada, planned)).toMatchObject({
      status: 'held',
      heldReason: 'domain',
      errorCode: 'CVS03',
      errorText: expect.stringContaining('acme.example'),
    });
    const waiting = await ledgerOf(world, planned);
    expect(waiting.map(({ state, attempts }) => `${state} ${attempts}`)).toEqual(Array(3).fill('queued 0'));
    dns.set(zoneOf(found));
    expect((await checked(world, ada, 'acme.example')).domain.status).toBe('active');
    world.clock.forward(6 * 60_000);
    await workOff(world);
    await workOff(world);
    expect(statesOf(await ledgerOf(world, planned))).toEqual({ accepted: 3 });
    expect(toldNow()).toHaveLength(3);
    expect(toldNow().every((raw) => raw.startsWith('DKIM-Signature'))).toBe(true);
    expect((await nowOf(world, ada, planned)).status).toBe('done');
  });

  it('holds what is signed in a way that few receivers check', async () => {
    dns.remove('canvass1._domainkey.acme.example');
    await checked(world, ada, 'acme.example');
    await workOff(world);
    expect(await nowOf(world, ada, planned)).toMatchObject({ status: 'held', heldReason: 'domain' });
  });

  it('holds what was planned when the domain is removed', async () => {
    await world.app.get(DomainSetUpService).remove(ada.actor, 'acme.example', 'acme.example');
    await workOff(world);
    expect(toldNow()).toEqual([]);
    expect(await nowOf(world, ada, planned)).toMatchObject({ status: 'held', heldReason: 'domain' });
  });
});
