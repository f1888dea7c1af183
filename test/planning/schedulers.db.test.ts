import { DistributionsService } from '../../src/distributions/distributions.service.js';
import { AT_ONCE } from '../../src/ledger/sending_plan.js';
import { claimOccurrence } from '../../src/platform/db/occurrences.js';
import { Jobs } from '../../src/platform/queue/jobs.js';
import type { Survey } from '../../src/surveys/survey.entity.js';
import { Sink } from '../mailer/sink.js';
import { aSurvey } from '../surveys/builders.js';
import { type Person, startWorld, type World } from '../world.js';
import { anAudience, ledgerOf, nowOf, statesOf, words } from '../distributions/builders.js';
import { secondApp } from '../distributions/second_app.js';

describe('two schedulers on one database', () => {
  let world: World;
  let sink: Sink;
  let other: Awaited<ReturnType<typeof secondApp>>;
  let ada: Person;
  let survey: Survey;
  beforeAll(async () => {
    sink = await new Sink().listen();
    world = await startWorld({ SMTP_URL: sink.url, MAIL_DOMAIN: 'acme.example' });
    other = await secondApp(world);
    world.clock.set(new Date('2027-03-01T08:00:00Z'));
    ada = await world.aPerson(await world.aBrand());
    survey = await aSurvey(world, ada);
  });
  afterAll(async () => {
    await other.close();
    await world.close();
    await sink.close();
  });

  /** Both look for due work at the same moment, until nothing is under way. */
  const bothSweep = async (): Promise<void> => {
    const both = [world.jobs, other.app.get(Jobs)];
    for (let turn = 0; turn < 6; turn += 1) {
      await Promise.all(both.map((jobs) => jobs.sweep()));
      await Promise.all(both.map((jobs) => jobs.settled()));
    }
  };

  it('give an occurrence to one of many', async () => {
    const at = world.clock.now();
    const tries = Array.from({ length: 10 }, () =>
      world.database.apart(ada.actor.brandId, (unit) => claimOccurrence(unit, 'test', at)),
    );
    expect((await Promise.all(tries)).filter(Boolean)).toHaveLength(1);
  });

  it('give it back when what was to happen did not', async () => {
    const at = world.clock.now();
    const broken = world.database.apart(ada.actor.brandId, async (unit) => {
      await claimOccurrence(unit, 'again', at);
      throw new Error('broken');
    });
    await expect(broken).rejects.toThrow('broken');
    expect(await world.database.apart(ada.actor.brandId, (unit) => claimOccurrence(unit, 'again', at))).toBe(true);
  });

  it('plan and send a scheduled mail once, and each wave once', async () => {
    const { listId } = await anAudience(world, ada, 40);
    const distributions = world.app.get(DistributionsService);
    const sendAt = new Date('2027-03-01T09:00:00Z');
    const waves = { portions: 2, everyHours: 1, untilFinished: null };
    const plan = { ...AT_ONCE, waves };
    const draft = await distributions.compose(ada.actor, survey.id, words({ listId, sendAt, plan }));
    await distributions.send(ada.actor, draft.id);
    await bothSweep();
    expect(sink.caught).toHaveLength(0);
    world.clock.set(sendAt);
    await bothSweep();
    expect(sink.caught).toHaveLength(20);
    world.clock.forward(3_600_000);
    await bothSweep();
    expect(sink.caught).toHaveLength(40);
    expect(statesOf(await ledgerOf(world, draft))).toEqual({ accepted: 40 });
    expect((await nowOf(world, ada, draft)).status).toBe('done');
    const { n } = await world.database.inBrand(ada.actor.brandId, (unit) =>
      unit.one<{ n: number }>(`SELECT count(*)::int AS n FROM occurrences WHERE schedule LIKE $1`, [
        `distribution ${draft.id} %`,
      ]),
    );
    expect(n).toBe(2);
  });

  it('let go once what waited for the weekly limit', async () => {
    await world.database.inBrand(ada.actor.brandId, (unit) => unit.run('UPDATE users SET weekly_email_limit = 50'));
    sink.caught.length = 0;
    const { listId } = await anAudience(world, ada, 30);
    const distributions = world.app.get(DistributionsService);
    const draft = await distributions.compose(ada.actor, survey.id, words({ listId, subject: 'Parts' }));
    await distributions.send(ada.actor, draft.id, { inParts: true });
    await bothSweep();
    expect(sink.caught).toHaveLength(10);
    world.clock.forward(8 * 24 * 3_600_000);
    await bothSweep();
    expect(sink.caught).toHaveLength(30);
    expect((await nowOf(world, ada, draft)).status).toBe('done');
  });
});
