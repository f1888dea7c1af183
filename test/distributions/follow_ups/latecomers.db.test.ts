import type { Distribution } from '../../../src/ledger/distribution.entity.js';
import { AT_ONCE, type SendingWindow } from '../../../src/ledger/sending_plan.js';
import type { Survey } from '../../../src/surveys/survey.entity.js';
import { Sink } from '../../mailer/sink.js';
import { aSurvey } from '../../surveys/builders.js';
import { until } from '../../waiting.js';
import { type Person, startWorld, type World } from '../../world.js';
import { aDistribution, anAudience, ledgerOf, nowOf, workOff } from '../builders.js';
import { aFollowUp, finishes, followUpWords } from './builders.js';

const EVERY_DAY = [1, 2, 3, 4, 5, 6, 7];
const OFFICE: SendingWindow = { weekdays: EVERY_DAY, from: '09:00', to: '18:00', zone: 'author', holidays: [] };

describe('a reminder with a time of its own', () => {
  let world: World;
  let sink: Sink;
  let ada: Person;
  let survey: Survey;
  let invitation: Distribution;
  let contactIds: string[];
  const refused = new Set<number>();
  beforeAll(async () => {
    sink = await new Sink(({ stage, line }) =>
      stage === 'rcpt' && [...refused].some((person) => line.includes(`person.${person}@`))
        ? { reply: '451 4.7.1 Greylisted, try again later' }
        : undefined,
    ).listen();
    world = await startWorld({ SMTP_URL: sink.url, MAIL_DOMAIN: 'acme.example' });
  });
  beforeEach(async () => {
    await world.forget();
    world.clock.set(new Date('2027-06-08T16:00:00Z')); // Tuesday, 18:00 in Berlin, 12:00 in New York
    ada = await world.aPerson(await world.aBrand());
    survey = await aSurvey(world, ada);
    [2, 3].forEach((person) => refused.add(person));
    let listId: string;
    ({ listId, contactIds } = await anAudience(world, ada, 3));
    await world.database.inBrand(ada.actor.brandId, (unit) =>
      unit.run(
        `UPDATE contacts SET time_zone = CASE WHEN id = $1 THEN 'Europe/Berlin' ELSE 'America/New_York' END WHERE id = ANY ($2)`,
        [contactIds[0], contactIds],
      ),
    );
    invitation = await aDistribution(world, ada, survey, { listId, timeZone: 'Europe/Berlin' });
    await workOff(world);
  });
  afterAll(async () => {
    await world.close();
    await sink.close();
  });

  const at = async (instant: string): Promise<void> => {
    world.clock.set(new Date(instant));
    await workOff(world);
    await workOff(world);
  };
  const remind = (changes: Parameters<typeof followUpWords>[1]): Promise<Distribution> =>
    aFollowUp(world, ada, invitation, followUpWords('Reminder', { timeZone: 'Europe/Berlin', ...changes }));
  const told = async (one: Distribution): Promise<string[]> =>
    (await ledgerOf(world, one)).map(({ address, state, reason }) => `${address.split('@')[0]} ${reason ?? state}`);

  it('goes also to whom the invitation reaches while it waits for its hours, and to nobody whom it reaches later', async () => {
    const reminder = await remind({ plan: { ...AT_ONCE, window: OFFICE } });
    await workOff(world);
    expect(await told(reminder)).toEqual(['person.1 queued']);
    refused.delete(2);
    await at('2027-06-09T06:00:00Z');
    await at('2027-06-09T07:00:00Z'); // 09:00 in Berlin
    expect(await told(reminder)).toEqual(['person.1 accepted', 'person.2 accepted']);
    expect((await nowOf(world, ada, reminder)).status).toBe('done');
    refused.delete(3);
    await at('2027-06-09T11:30:00Z');
    expect((await ledgerOf(world, invitation)).map(({ state }) => state)).toEqual(Array(3).fill('accepted'));
    await at('2027-06-10T07:00:00Z');
    expect(await told(reminder)).toHaveLength(2);
  });

  it('looks at everybody’s own clock, where it goes by that, and leaves out who has finished until then', async () => {
    const plan = { ...AT_ONCE, sendZone: 'recipient' as const };
    const reminder = await remind({ sendAt: new Date('2027-06-09T07:00:00Z'), plan }); // 09:00 wherever they are
    await at('2027-06-09T07:00:00Z');
    expect(await told(reminder)).toEqual(['person.1 accepted']);
    expect((await nowOf(world, ada, reminder)).status).toBe('sending');
    refused.clear();
    await at('2027-06-09T11:30:00Z'); // the invitation arrives at 07:30 in New York
    await finishes(world, survey, invitation, contactIds[2]!);
    await at('2027-06-09T12:59:00Z');
    await until(async () => {
      await workOff(world);
      return (await told(reminder)).includes('person.3 finished');
    });
    expect(await told(reminder)).toEqual(['person.1 accepted', 'person.2 queued', 'person.3 finished']);
    await at('2027-06-09T13:00:00Z'); // 09:00 in New York
    expect(await told(reminder)).toEqual(['person.1 accepted', 'person.2 accepted', 'person.3 finished']);
    expect((await nowOf(world, ada, reminder)).status).toBe('done');
  });
});
