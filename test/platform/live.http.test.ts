import { LiveStreams } from '../../src/live/live_streams.service.js';
import { addresses } from '../../src/platform/web/addresses.js';
import type { Brand } from '../../src/brands/brand.entity.js';
import { follow } from '../followed.js';
import { type Owned, ownEverything } from '../house/owned.js';
import { until } from '../waiting.js';
import { type Person, startWorld, type World } from '../world.js';

const TICK = /event: tick/;

describe('what open pages follow', () => {
  let world: World;
  let streams: LiveStreams;
  let brand: Brand;
  let ada: Person;
  let owned: Owned;
  beforeAll(async () => {
    world = await startWorld();
    streams = world.app.get(LiveStreams);
    streams.pulseMs = 150;
    streams.gapMs = 50;
    streams.pulsesToTick = 1000;
  });
  beforeEach(async () => {
    await world.forget();
    brand = await world.aBrand('Acme');
    ada = await world.aPerson(brand, { type: 'administrator' });
    owned = await ownEverything(world, brand, ada);
  });
  afterAll(() => world.close());

  const all = (): Record<keyof typeof addresses.live, string> => ({
    survey: addresses.live.survey(world.ids.show('SV', owned.survey)),
    distributions: addresses.live.distributions(world.ids.show('SV', owned.survey)),
    distribution: addresses.live.distribution(world.ids.show('EMD', owned.distribution)),
    import: addresses.live.import(world.ids.show('IM', owned.import)),
    export: addresses.live.export(world.ids.show('ES', owned.export)),
    domain: addresses.live.domain(owned.domain),
  });
  const changed = (topic: string): Promise<void> =>
    world.database.inBrand(brand.id, async (unit) => unit.changed(topic));
  const ticks = (text: string): number => text.split('event: tick').length - 1;

  it('ticks for each of its kinds, and says nothing beside', async () => {
    for (const [kind, address] of Object.entries(all())) {
      const stream = await follow(world, ada, address);
      await stream.until(TICK);
      expect({ kind, type: stream.response.headers['content-type'] }).toEqual({
        kind,
        type: 'text/event-stream; charset=utf-8',
      });
      expect(stream.text.replaceAll(/event: tick\n\n|: still here\n\n/g, '')).toBe('');
      stream.close();
    }
  });

  it('ticks when the change is committed, and not when it is taken back', async () => {
    const stream = await follow(world, ada, all().import);
    await stream.until(TICK);
    await expect(
      world.database.inBrand(brand.id, async (unit) => {
        unit.changed(`import:${owned.import}`);
        throw new Error('taken back');
      }),
    ).rejects.toThrow('taken back');
    await changed(`import:${owned.import}9`);
    await stream.until(/still here/);
    expect(ticks(stream.text)).toBe(1);
    await changed(`import:${owned.import}`);
    await until(() => ticks(stream.text) === 2);
    stream.close();
  });

  it('does not exist for other brands, whatever they may do in their own', async () => {
    const stranger = await world.aPerson(await world.aBrand('Globex'), { type: 'administrator' });
    for (const address of Object.values(all())) {
      expect({ address, status: (await stranger.agent.get(address)).status }).toEqual({ address, status: 404 });
    }
  });

  it('is refused to colleagues to whom the page is refused', async () => {
    const viewer = await world.aPerson(brand, { type: 'viewer' });
    const grace = await world.aPerson(brand, { type: 'administrator', firstName: 'Grace' });
    expect((await viewer.agent.get(all().domain)).status).toBe(403);
    expect((await viewer.agent.get(all().survey)).status).toBe(403);
    // An export is of who asked for it.
    expect((await grace.agent.get(all().export)).status).toBe(404);
    expect((await world.visitor().get(all().import)).headers['location']).toContain('/sign-in');
  });

  it.each([
    '/live/brand/1',
    '/live/__proto__/1',
    '/live/constructor/1',
    '/live/survey/1',
    '/live/import/IM_0',
    '/live/x',
  ])('does not exist under %s', async (address) => {
    expect((await ada.agent.get(address)).status).toBe(404);
  });

  it('ends for whoever signs out or loses the permission', async () => {
    const grace = await world.aPerson(brand, { type: 'administrator', firstName: 'Grace' });
    const [first, second] = [await follow(world, ada, all().import), await follow(world, grace, all().import)];
    await Promise.all([first.until(TICK), second.until(TICK)]);
    await ada.agent.post('/sign-out');
    await first.ended;
    await world.database.inBrand(brand.id, (unit) =>
      unit.run(
        `INSERT INTO permission_overrides (brand_id, user_id, permission, enabled, set_at) VALUES ($1, $2, 'contacts:view', false, $3)`,
        [brand.id, grace.user.id, world.clock.now()],
      ),
    );
    await second.ended;
  });

  it('has as many pages of one person as there are places; further ones are told to ask by themselves', async () => {
    streams.mostOfPerson = 2;
    const grace = await world.aPerson(brand, { type: 'administrator', firstName: 'Grace' });
    const two = [await follow(world, ada, all().import), await follow(world, ada, all().survey)];
    await Promise.all(two.map((stream) => stream.until(TICK)));
    const third = await ada.agent.get(all().import);
    expect([third.status, third.headers['hx-trigger']]).toEqual([204, 'tick']);
    const hers = await follow(world, grace, all().import);
    await hers.until(TICK);
    two[0]!.close();
    await until(async () => {
      const next = await follow(world, ada, all().import);
      next.close();
      return next.response.statusCode === 200;
    });
    [two[1]!, hers].forEach((stream) => stream.close());
  });
});
