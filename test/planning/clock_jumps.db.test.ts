import { DistributionsService } from '../../src/distributions/distributions.service.js';
import type { Survey } from '../../src/surveys/survey.entity.js';
import { Sink } from '../mailer/sink.js';
import { aSurvey } from '../surveys/builders.js';
import { type Person, startWorld, type World } from '../world.js';
import { aDistribution, anAudience, ledgerOf, nowOf, statesOf, words, workOff } from '../distributions/builders.js';

const HOUR = 3_600_000;

describe('a clock that jumps', () => {
  let world: World;
  let sink: Sink;
  let ada: Person;
  let survey: Survey;
  beforeAll(async () => {
    sink = await new Sink().listen();
    world = await startWorld({ SMTP_URL: sink.url });
  });
  beforeEach(async () => {
    await world.forget();
    sink.script = () => undefined;
    sink.caught.length = 0;
    world.clock.set(new Date('2027-03-01T08:00:00Z'));
    ada = await world.aPerson(await world.aBrand());
    survey = await aSurvey(world, ada);
  });
  afterAll(async () => {
    await world.close();
    await sink.close();
  });

  it('in the middle of a send, forward and back, sends everybody one mail', async () => {
    const { listId } = await anAudience(world, ada, 250);
    let seen = 0;
    sink.script = ({ stage }) => {
      if (stage === 'dot') {
        seen += 1;
        if (seen === 60) world.clock.forward(2 * HOUR);
        if (seen === 130) world.clock.forward(-4 * HOUR);
      }
      return undefined;
    };
    const distribution = await aDistribution(world, ada, survey, { listId });
    await workOff(world);
    // What waits for a moment that the clock has left behind is sent when it comes again.
    world.clock.set(new Date('2027-03-01T08:01:00Z'));
    await workOff(world);
    world.clock.forward(HOUR);
    await workOff(world);
    expect(statesOf(await ledgerOf(world, distribution))).toEqual({ accepted: 250 });
    expect(new Set(sink.caught.map(({ recipients }) => String(recipients))).size).toBe(250);
    expect(sink.caught).toHaveLength(250);
  });

  it('never sends before its time what the clock had reached once and then left', async () => {
    const { listId } = await anAudience(world, ada, 20);
    const distributions = world.app.get(DistributionsService);
    const sendAt = new Date('2027-03-01T09:00:00Z');
    const draft = await distributions.compose(ada.actor, survey.id, words({ listId, sendAt }));
    await distributions.send(ada.actor, draft.id);
    world.clock.set(new Date('2027-03-01T08:59:30Z'));
    await workOff(world);
    world.clock.set(new Date('2027-03-01T07:00:00Z'));
    await workOff(world);
    expect(sink.caught).toHaveLength(0);
    world.clock.set(new Date('2027-03-01T09:00:01Z'));
    await workOff(world);
    world.clock.set(new Date('2027-03-01T08:30:00Z'));
    await workOff(world);
    world.clock.set(new Date('2027-03-01T09:30:00Z'));
    await workOff(world);
    expect(sink.caught).toHaveLength(20);
    expect((await nowOf(world, ada, draft)).status).toBe('done');
  });
});
