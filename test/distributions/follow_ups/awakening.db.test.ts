import type { Distribution } from '../../../src/ledger/distribution.entity.js';
import { AT_ONCE, type SendingWindow } from '../../../src/ledger/sending_plan.js';
import { SteeringService } from '../../../src/distributions/steering.service.js';
import { DistributionsService } from '../../../src/distributions/distributions.service.js';
import type { Survey } from '../../../src/surveys/survey.entity.js';
import { Sink } from '../../mailer/sink.js';
import { aSurvey } from '../../surveys/builders.js';
import { type Person, startWorld, type World } from '../../world.js';
import { aDistribution, anAudience, ledgerOf, nowOf, statesOf, workOff } from '../builders.js';
import { aFollowUp, followUpWords } from './builders.js';

const EVERY_DAY = [1, 2, 3, 4, 5, 6, 7];
const OFFICE: SendingWindow = { weekdays: EVERY_DAY, from: '09:00', to: '18:00', zone: 'author', holidays: [] };
const BERLIN = { timeZone: 'Europe/Berlin' };
const NEXT_DAY = { afterHours: 24, afterWhat: 'invitation' } as const;

describe('what follows an invitation that had reached nobody', () => {
  let world: World;
  let sink: Sink;
  let ada: Person;
  let survey: Survey;
  let listId: string;
  let steering: SteeringService;
  beforeAll(async () => {
    sink = await new Sink().listen();
    world = await startWorld({ SMTP_URL: sink.url, MAIL_DOMAIN: 'acme.example' });
    steering = world.app.get(SteeringService);
  });
  beforeEach(async () => {
    await world.forget();
    world.clock.set(new Date('2027-06-08T08:00:00Z')); // Tuesday, 10:00 in Berlin
    ada = await world.aPerson(await world.aBrand());
    survey = await aSurvey(world, ada);
    ({ listId } = await anAudience(world, ada, 2));
    answer();
  });
  afterAll(async () => {
    await world.close();
    await sink.close();
  });

  const answer = (reply?: string): void => {
    sink.script = ({ stage }) => (stage === 'rcpt' && reply !== undefined ? { reply } : undefined);
  };
  const greylist = (): void => answer('451 4.7.1 Greylisted, try again later');
  const at = async (instant: string): Promise<void> => {
    world.clock.set(new Date(instant));
    await workOff(world);
    await workOff(world);
  };
  const invite = async (): Promise<Distribution> => {
    const plan = { ...AT_ONCE, window: OFFICE };
    const invitation = await aDistribution(world, ada, survey, { listId, ...BERLIN, plan });
    await workOff(world);
    return invitation;
  };
  /** As if servers had refused everybody. */
  const failAll = ({ brandId, id }: Distribution): Promise<number> =>
    world.database.inBrand(brandId, (unit) =>
      unit.run(`UPDATE messages SET state = 'failed', accepted_at = NULL, wire_at = NULL WHERE distribution_id = $1`, [
        id,
      ]),
    );
  const told = async (one: Distribution): Promise<string> => {
    const { status, errorCode } = await nowOf(world, ada, one);
    return errorCode === null ? status : `${status} ${errorCode}`;
  };
  const statesIn = async (one: Distribution): Promise<object> => statesOf(await ledgerOf(world, one));

  it('goes out to those whom a retry reaches, so long after their mail and within the hours; what was cancelled does not', async () => {
    const invitation = await invite();
    const remind = (subject: string): Promise<Distribution> =>
      aFollowUp(world, ada, invitation, followUpWords('Reminder', { subject }, NEXT_DAY));
    const [reminder, cancelled, deleted] = [await remind('One'), await remind('Two'), await remind('Three')];
    await steering.cancel(ada.actor, cancelled.id);
    await failAll(invitation);
    await at('2027-06-08T09:00:00Z');
    expect(await told(reminder)).toBe('failed CVS04');
    await steering.remove(ada.actor, deleted.id);
    await at('2027-06-12T15:50:00Z');
    await steering.retryFailed(ada.actor, invitation.id);
    expect(await told(reminder)).toBe('scheduled');
    await workOff(world);
    expect(await statesIn(invitation)).toEqual({ accepted: 2 });
    await at('2027-06-13T15:49:00Z');
    expect(await statesIn(reminder)).toEqual({});
    await at('2027-06-13T16:20:00Z'); // 18:20 in Berlin: due, and after hours
    expect(await statesIn(reminder)).toEqual({ queued: 2 });
    await at('2027-06-14T07:00:00Z');
    expect(await statesIn(reminder)).toEqual({ accepted: 2 });
    await at('2027-06-14T08:00:00Z');
    expect(await told(reminder)).toBe('done');
    expect(await told(cancelled)).toBe('cancelled');
    expect([await statesIn(cancelled), await statesIn(deleted)]).toEqual([{}, {}]);
  });

  it('has nobody again where the retry fails as well', async () => {
    const invitation = await invite();
    const reminder = await aFollowUp(world, ada, invitation, followUpWords('Reminder', {}, NEXT_DAY));
    await failAll(invitation);
    await at('2027-06-08T09:00:00Z');
    greylist();
    await steering.retryFailed(ada.actor, invitation.id);
    await workOff(world);
    expect(await told(reminder)).toBe('scheduled');
    await failAll(invitation);
    await at('2027-06-08T10:00:00Z');
    await at('2027-06-08T11:00:00Z');
    expect(await told(reminder)).toBe('failed CVS04');
  });

  it('goes out as well when the invitation could not be sent at first, was corrected and is sent', async () => {
    const sendAt = new Date('2027-06-09T08:00:00Z');
    const invitation = await aDistribution(world, ada, survey, { listId, ...BERLIN, sendAt });
    const reminder = await aFollowUp(world, ada, invitation, followUpWords('Reminder', {}, NEXT_DAY));
    const stage = (name: string): Promise<number> =>
      world.database.inBrand(ada.actor.brandId, (unit) => unit.run('UPDATE surveys SET stage = $1', [name]));
    await stage('new');
    await at('2027-06-09T08:00:00Z');
    expect([await told(invitation), await told(reminder)]).toEqual(['failed EQD09', 'failed EQD16']);
    await stage('active');
    await steering.reopen(ada.actor, invitation.id);
    await world.app.get(DistributionsService).send(ada.actor, invitation.id);
    await workOff(world);
    expect([await statesIn(invitation), await told(reminder)]).toEqual([{ accepted: 2 }, 'scheduled']);
    await at('2027-06-10T08:00:30Z');
    expect(await statesIn(reminder)).toEqual({ accepted: 2 });
  });

  describe('at a time of its own, in the evening', () => {
    let invitation: Distribution;
    let reminder: Distribution;
    beforeEach(async () => {
      greylist();
      invitation = await aDistribution(world, ada, survey, { listId, ...BERLIN });
      await workOff(world);
      const [sendAt, plan] = [new Date('2027-06-08T18:00:00Z'), { ...AT_ONCE, window: OFFICE }];
      reminder = await aFollowUp(world, ada, invitation, followUpWords('Reminder', { ...BERLIN, sendAt, plan }));
    });

    it('waits until its mails would leave, and takes whom the invitation reaches by then', async () => {
      await at('2027-06-08T18:00:00Z');
      expect(await told(reminder)).toBe('sending');
      answer();
      await at('2027-06-09T06:00:00Z');
      expect([await statesIn(invitation), await statesIn(reminder)]).toEqual([{ accepted: 2 }, {}]);
      await at('2027-06-09T07:00:00Z'); // 09:00 in Berlin
      expect([await told(reminder), await statesIn(reminder)]).toEqual(['done', { accepted: 2 }]);
    });

    it('has nobody when its mails would have left, and stays so when somebody is reached later', async () => {
      await at('2027-06-08T18:00:00Z');
      await at('2027-06-09T07:00:00Z');
      expect(await nowOf(world, ada, reminder)).toMatchObject({
        status: 'failed',
        errorCode: 'CVS04',
        canReopen: true,
      });
      await failAll(invitation);
      answer();
      await steering.retryFailed(ada.actor, invitation.id);
      await at('2027-06-09T08:00:00Z');
      expect([await statesIn(invitation), await told(reminder)]).toEqual([{ accepted: 2 }, 'failed CVS04']);
    });

    it('comes alive when the invitation is tried again before that', async () => {
      await failAll(invitation);
      await at('2027-06-08T18:00:00Z');
      expect(await told(reminder)).toBe('failed CVS04');
      answer();
      await at('2027-06-09T06:30:00Z');
      await steering.retryFailed(ada.actor, invitation.id);
      expect(await told(reminder)).toBe('scheduled');
      await workOff(world);
      await at('2027-06-09T07:00:00Z');
      expect([await told(reminder), await statesIn(reminder)]).toEqual(['done', { accepted: 2 }]);
    });
  });
});
