import { exampleDefinition } from '../../src/engine/definition.js';
import { SurveysService } from '../../src/surveys/surveys.service.js';
import { aSurvey } from '../surveys/builders.js';
import { type Person, startWorld, type World } from '../world.js';

const listed = (count: number) =>
  Array.from({ length: count }, (_, index) => ({ id: String(index + 1), text: 'x', value: String(index + 1) }));

const HUGE = exampleDefinition({
  questions: {
    QID1: {
      id: 'QID1',
      exportTag: 'Q1',
      text: 'How much?',
      required: 'none',
      type: 'matrix',
      subtype: 'single',
      choices: listed(3000),
      columns: listed(3000),
    },
  },
});

describe('A survey with a table of nine million cells, stored before there were bounds', () => {
  let world: World;
  let ada: Person;
  beforeAll(async () => {
    world = await startWorld();
    ada = await world.aPerson(await world.aBrand('Acme'));
  });
  afterAll(() => world.close());

  it('is not published, with what, how many and how many may be', async () => {
    const { id } = await aSurvey(world, ada, { stage: 'new', definition: HUGE });
    const publishing = world.app.get(SurveysService).publish(ada.actor, id);
    await expect(publishing).rejects.toThrow('QID1 has 3,000 rows; it may have 1,000.');
  });

  it('shows a page that says so', async () => {
    const { id } = await aSurvey(world, ada, { stage: 'new', definition: HUGE });
    const page = await world
      .visitor()
      .get(`/preview/${world.ids.token('preview', id)}`)
      .expect(422);
    expect(page.text).toContain('This page is too large to be shown');
    expect(page.text.length).toBeLessThan(50_000);
  });
});
