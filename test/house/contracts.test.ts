import { contractsOf, type RouteContract } from '../../src/platform/web/bodies/contracts.js';
import { startWorld, type World } from '../world.js';
import { routesOf } from './routes.js';

const KB = 1024;

describe('what the routes take', () => {
  let world: World;
  let routes: RouteContract[];
  beforeAll(async () => {
    world = await startWorld();
    routes = contractsOf(world.app);
  });
  afterAll(() => world.close());

  const wrong = (isWrong: (route: RouteContract) => boolean): string[] =>
    routes.filter(isWrong).map(({ method, path, bytes }) => `${method} ${path} takes ${bytes}`);

  it('is known of each of them, and nothing where something is only read', () => {
    expect(new Set(routes.map(({ name }) => name))).toEqual(new Set(routesOf(world.app).map(({ name }) => name)));
    expect(wrong(({ method, kinds }) => method === 'GET' && kinds.length > 0)).toEqual([]);
    expect(wrong(({ kinds, bytes, fields }) => kinds.length > 0 && !(bytes > 0 && fields > 0))).toEqual([]);
  });

  it('is little of strangers and never a file', () => {
    const open = routes.filter(({ who, kinds }) => who === 'public' && kinds.length > 0);
    expect(open.length).toBeGreaterThan(4);
    expect(wrong(({ who, bytes }) => who === 'public' && bytes > 256 * KB)).toEqual([]);
    expect(wrong(({ who, file }) => who === 'public' && file !== undefined)).toEqual([]);
    expect(
      wrong(({ who, path, bytes }) => who === 'public' && !/^\/(s|a|preview)\//.test(path) && bytes > 16 * KB),
    ).toEqual([]);
  });

  it('is more than five megabytes where files come, and no multipart form where none does', () => {
    expect(wrong(({ bytes, file }) => bytes > 5 * KB * KB && file === undefined)).toEqual([]);
    expect(
      wrong(({ kinds, file, path }) => kinds.includes('multipart') && file === undefined && path !== '/u/:token'),
    ).toEqual([]);
  });
});
