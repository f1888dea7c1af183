import { Performers } from '../../src/platform/queue/performers.js';
import { declaredJobs } from '../../src/platform/queue/jobs.js';
import { startWorld, type World } from '../world.js';

describe('the jobs', () => {
  let world: World;
  beforeAll(async () => {
    world = await startWorld();
  });
  afterAll(() => world.close());

  it('each have exactly one performer', () => {
    const found = world.app
      .get(Performers, { strict: false })
      .found()
      .map(({ kind }) => kind.name);
    expect(found.sort()).toEqual(declaredJobs().sort());
  });

  it('can all be looked for without finding anything in an empty installation', async () => {
    await expect(world.jobs.sweep()).resolves.toBeUndefined();
    await world.jobs.settled();
  });
});
