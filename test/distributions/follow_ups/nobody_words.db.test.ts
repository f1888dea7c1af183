import type { Distribution } from '../../../src/ledger/distribution.entity.js';
import { AT_ONCE, type SendingWindow } from '../../../src/ledger/sending_plan.js';
import { SteeringService } from '../../../src/distributions/steering.service.js';
import { EmailPage } from '../../../src/emails/pages/email_page.js';
import type { Survey } from '../../../src/surveys/survey.entity.js';
import { Sink } from '../../mailer/sink.js';
import { aSurvey } from '../../surveys/builders.js';
import { type Person, startWorld, type World } from '../../world.js';
import { until } from '../../waiting.js';
import { aDistribution, anAudience, nowOf, workOff } from '../builders.js';
import { aFollowUp, followUpWords } from './builders.js';

const EVENING: SendingWindow = {
  weekdays: [1, 2, 3, 4, 5, 6, 7],
  from: '20:30',
  to: '22:00',
  zone: 'author',
  holidays: [],
};
const MINUTE_MS = 60_000;

describe('the page of a reminder that has nobody', () => {
  let world: World;
  let sink: Sink;
  let ada: Person;
  let survey: Survey;
  let invitation: Distribution;
  beforeAll(async () => {
    sink = await new Sink(({ stage }) =>
      stage === 'rcpt' ? { reply: '451 4.7.1 Greylisted, try again later' } : undefined,
    ).listen();
    world = await startWorld({ SMTP_URL: sink.url, MAIL_DOMAIN: 'acme.example' });
  });
  beforeEach(async () => {
    await world.forget();
    world.clock.set(new Date('2027-06-08T17:45:00Z'));
    ada = await world.aPerson(await world.aBrand());
    survey = await aSurvey(world, ada);
    const { listId } = await anAudience(world, ada, 2);
    invitation = await aDistribution(world, ada, survey, { listId, name: 'Spring' });
    await workOff(world);
  });
  afterAll(async () => {
    await world.close();
    await sink.close();
  });

  const failAll = (): Promise<number> =>
    world.database.inBrand(ada.actor.brandId, (unit) =>
      unit.run(`UPDATE messages SET state = 'failed' WHERE distribution_id = $1`, [invitation.id]),
    );
  const read = async ({ id }: Distribution): Promise<string> => {
    const address = { id: world.ids.show('SV', survey.id), email: world.ids.show('EMD', id) };
    const rows = { show: 'all', q: '', seen: 0, upTo: 0 } as const;
    return JSON.stringify(await world.app.get(EmailPage).show(ada.actor, address, rows));
  };

  it('says that it goes out by itself, and how long after, until its invitation is tried again', async () => {
    const time = { afterHours: 72, afterWhat: 'invitation' } as const;
    await failAll();
    const reminder = await aFollowUp(world, ada, invitation, followUpWords('Reminder', {}, time));
    await until(async () => {
      world.clock.forward(MINUTE_MS);
      await workOff(world);
      return (await nowOf(world, ada, reminder)).status === 'failed';
    });
    const text = await read(reminder);
    expect(text).toContain('Nobody could get this: the invitation reached nobody whom it is for.');
    expect(text).toContain(
      'If the invitation reaches people after all, this goes to each of them by itself, 3 days after their invitation.',
    );
    await world.app.get(SteeringService).retryFailed(ada.actor, invitation.id);
    expect(await read(reminder)).not.toContain('Nobody could get this');
  });

  it('says what it waits for before its mails leave, and that it needs a new time when they would have', async () => {
    const [sendAt, plan] = [new Date('2027-06-08T18:00:00Z'), { ...AT_ONCE, window: EVENING }];
    const words = followUpWords('Reminder', { timeZone: 'Europe/Berlin', sendAt, plan });
    const reminder = await aFollowUp(world, ada, invitation, words);
    world.clock.set(sendAt); // 20:00 in Berlin
    await workOff(world);
    const waiting = await read(reminder);
    expect(waiting).toContain('Waits for people');
    expect(waiting).toContain('Nobody gets this so far: the invitation has reached nobody whom it is for.');
    expect(waiting).not.toMatch(/Sending since/);
    world.clock.set(new Date('2027-06-08T18:30:00Z'));
    await workOff(world);
    await workOff(world);
    expect(await read(reminder)).toContain('this goes to them at a new time: correct it and send it again.');
  });
});
