import type { Brand } from '../../src/brands/brand.entity.js';
import { Sink } from '../mailer/sink.js';
import { aSurvey } from '../surveys/builders.js';
import { type Person, startWorld, type World } from '../world.js';
import { aDistribution, anAudience, ledgerOf, nowOf, statesOf, workOff } from './builders.js';

describe('a distribution on its way', () => {
  let world: World;
  let sink: Sink;
  let brand: Brand;
  let ada: Person;
  beforeAll(async () => {
    sink = await new Sink().listen();
    world = await startWorld({ SMTP_URL: sink.url });
    brand = await world.aBrand();
    ada = await world.aPerson(brand);
  });
  afterAll(async () => {
    await world.close();
    await sink.close();
  });

  it('goes to everybody on the list, each with a link and a Message-ID of their own', async () => {
    const survey = await aSurvey(world, ada);
    const { listId } = await anAudience(world, ada, 2000);
    const started = Date.now();
    const distribution = await aDistribution(world, ada, survey, { listId });
    await workOff(world);
    console.log('2000 in', Date.now() - started);
    const rows = await ledgerOf(world, distribution);
    expect(statesOf(rows)).toEqual({ accepted: 2000 });
    expect(sink.caught.length).toBe(2000);
    expect(new Set(sink.caught.map((mail) => mail.recipients[0])).size).toBe(2000);
    expect((await nowOf(world, ada, distribution)).status).toBe('done');
    console.log(sink.caught[0]?.raw);
  });
});
