import { startWorld, type World } from '../world.js';
import { routesOf } from './routes.js';

describe('the routes', () => {
  let world: World;
  beforeAll(async () => {
    world = await startWorld();
  });
  afterAll(() => world.close());

  it('each say who may open them', () => {
    const routes = routesOf(world.app);
    expect(routes.length).toBeGreaterThan(5);
    expect(routes.filter(({ rule }) => rule === undefined).map(({ name }) => name)).toEqual([]);
  });

  it('send people who are not signed in to the sign-in page, and programs a 401', async () => {
    for (const { method, path, rule } of routesOf(world.app)) {
      if (rule === 'public') {
        continue;
      }
      const address = path.replace(/:(\w+)/g, 'SV_000000000000000');
      const response = await send(world, method, address);
      const isApi = path.startsWith('/API/');
      const expected = isApi ? [401] : method === 'GET' ? [303] : [303, 403];
      expect({ method, path, ok: expected.includes(response.status), status: response.status }).toMatchObject({
        ok: true,
      });
    }
  });
});

function send(world: World, method: string, address: string) {
  const agent = world.visitor();
  const verb = method.toLowerCase() as 'get' | 'post' | 'put' | 'patch' | 'delete';
  return agent[verb](address).redirects(0);
}
