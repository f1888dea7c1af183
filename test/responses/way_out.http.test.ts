import { anonymous } from '../../src/links/entries/anonymous.entry.js';
import type { Ended } from '../../src/links/entries/entry.js';
import { exampleDefinition } from '../../src/engine/definition.js';
import { aSurvey } from '../surveys/builders.js';
import { type Person, startWorld, type World } from '../world.js';
import { Respondent } from './respondent.js';
import { sessionsOf } from './rows.js';

describe('the way out of a survey', () => {
  let world: World;
  let ada: Person;
  beforeAll(async () => {
    world = await startWorld();
    ada = await world.aPerson(await world.aBrand());
  });
  afterAll(() => world.close());

  it('is that of the entry by which somebody came, which knows the walk and how it ended, each time the page is drawn', async () => {
    const asked: Ended[] = [];
    const survey = await aSurvey(world, ada, { definition: exampleDefinition() });
    // As whoever sends people here would have them back.
    const leading = {
      ...anonymous,
      wayOut: (ended: Ended) => {
        asked.push(ended);
        return Promise.resolve('https://vendor.example/back/complete');
      },
    };
    Object.assign(anonymous, leading);
    const grace = await Respondent.at(world, `/a/${world.ids.show('SV', survey.id)}`);
    await grace.send({ QID1: '1' });
    expect(asked).toEqual([]);
    await grace.send({ QID2: 'Enough' });
    expect(grace.page.headers['refresh']).toBe('0;url=https://vendor.example/back/complete');
    expect(grace.page.text).toContain('href="https://vendor.example/back/complete"');
    const [session] = await sessionsOf(world, survey);
    expect(asked).toMatchObject([{ surveyId: survey.id, sessionId: session!.id, end: { kind: 'end', flags: [] } }]);
  });
});
