import type { NestExpressApplication } from '@nestjs/platform-express';
import { DistributionsService } from '../../src/distributions/distributions.service.js';
import { FrequencyRulesService } from '../../src/audiences/frequency/frequency_rules.service.js';
import { Jobs } from '../../src/platform/queue/jobs.js';
import type { Survey } from '../../src/surveys/survey.entity.js';
import { Sink } from '../mailer/sink.js';
import { aSurvey } from '../surveys/builders.js';
import { type Person, startWorld, type World } from '../world.js';
import { anAudience, words } from './builders.js';
import { secondApp } from './second_app.js';

const ROUNDS = 20;
const PEOPLE = 15;
const DAY_MS = 86_400_000;

describe('sends that are planned at the same moment by several processes', () => {
  let world: World;
  let sink: Sink;
  let other: Awaited<ReturnType<typeof secondApp>>;
  let ada: Person;
  let survey: Survey;
  let listId: string;
  beforeAll(async () => {
    sink = await new Sink().listen();
    world = await startWorld({ SMTP_URL: sink.url, MAIL_DOMAIN: 'acme.example' });
    other = await secondApp(world);
    world.clock.set(new Date('2027-03-01T08:00:00Z'));
    ada = await world.aPerson(await world.aBrand(), { type: 'administrator' });
    survey = await aSurvey(world, ada);
    ({ listId } = await anAudience(world, ada, PEOPLE));
  });
  afterAll(async () => {
    await other.close();
    await world.close();
    await sink.close();
  });

  const apps = (): NestExpressApplication[] => [world.app, other.app];
  const settle = async (): Promise<void> => {
    for (let turn = 0; turn < 3; turn += 1) {
      await Promise.all(apps().map((app) => app.get(Jobs).settled()));
      await Promise.all(apps().map((app) => app.get(Jobs).sweep()));
    }
    await Promise.all(apps().map((app) => app.get(Jobs).settled()));
  };
  /** One POST each, all at once, half of them at each process. Whoever comes too late to reach anybody is refused. */
  const fourAtOnce = async (subjects: string[]): Promise<void> => {
    const sends = subjects.map((subject, place) =>
      apps()[place % 2]!.get(DistributionsService).create(ada.actor, survey.id, words({ listId, subject })),
    );
    const ends = await Promise.allSettled(sends);
    expect(ends.some(({ status }) => status === 'fulfilled')).toBe(true);
    for (const end of ends) {
      if (end.status === 'rejected') {
        expect(end.reason).toMatchObject({ code: 'CVS04' });
      }
    }
    await settle();
  };
  const copies = (): Map<string, number> => {
    const counted = new Map<string, number>();
    sink.caught.forEach(({ recipients: [to = ''] }) => counted.set(to, (counted.get(to) ?? 0) + 1));
    return counted;
  };
  const once = { size: PEOPLE, copies: new Set([1]) };
  const sent = (): typeof once => ({ size: copies().size, copies: new Set(copies().values()) });

  it('send nobody the very same mail twice, in twenty rounds of four', async () => {
    for (let round = 1; round <= ROUNDS; round += 1) {
      sink.caught.length = 0;
      await fourAtOnce(Array.from({ length: 4 }, () => `Round ${round}`));
      expect(sent()).toEqual(once);
    }
    const wrong = await world.database.inBrand(ada.actor.brandId, (unit) =>
      unit.sql(`SELECT id FROM messages WHERE state NOT IN ('accepted', 'skipped') OR reason IS DISTINCT FROM
        CASE WHEN state = 'skipped' THEN 'sent_recently' END`),
    );
    expect(wrong).toEqual([]);
  });

  it('keep a frequency rule of one mail in thirty days', async () => {
    await world.app.get(FrequencyRulesService).create(ada.actor, {
      name: 'Once a month',
      most: 1,
      periodHours: 30 * 24,
      gapHours: null,
      listId: null,
      surveyId: null,
      counts: ['Invite', 'Reminder'],
      conditions: [],
    });
    for (let round = 1; round <= ROUNDS; round += 1) {
      world.clock.forward(31 * DAY_MS);
      sink.caught.length = 0;
      await fourAtOnce(['One', 'Two', 'Three', 'Four'].map((word) => `${word} of ${round}`));
      expect(sent()).toEqual(once);
    }
  });
});
