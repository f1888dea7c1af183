import type { Brand } from '../../src/brands/brand.entity.js';
import type { IdPrefix } from '../../src/platform/ids.js';
import type { Person } from '../world.js';
import { startWorld, type World } from '../world.js';
import { type Owned, ownEverything } from './owned.js';
import { type Route, routesOf } from './routes.js';

/** What stands before a parameter in a path names the kind of thing that it holds. */
const KINDS: [RegExp, keyof Owned, IdPrefix | undefined][] = [
  [/\/export-responses$/, 'export', 'ES'],
  [/\/responses$/, 'response', 'R'],
  [/\/mailinglists$|\/lists$|\/contact-lists$/, 'list', 'CG'],
  [/\/contacts$/, 'contact', 'CID'],
  [/\/imports$/, 'import', 'IM'],
  [/\/frequency-rules$/, 'rule', 'FR'],
  [/\/segments$/, 'segment', 'SG'],
  [/\/distributions$|\/emails$|\/personal-links$/, 'distribution', 'EMD'],
  [/\/messages$|\/recipients$/, 'message', 'MS'],
  [/\/surveys$|\/survey-definitions$/, 'survey', 'SV'],
  [/\/directories$/, 'brand', 'POOL'],
  [/\/people$|\/users$|\/sharing$|\/shares$/, 'user', 'UR'],
  [/\/mailbox$/, 'mail', undefined],
  [/\/domains$/, 'domain', undefined],
  [/\/relays$/, 'relay', 'RL'],
  [/\/notices$/, 'notice', 'NT'],
  [/\/tokens$/, 'token', 'TK'],
];

/** Open to everybody by a token that only its owner knows; without one there is nothing to reach. */
const BY_TOKEN = /^\/(s|u|o|pictures|preview|a|jfe|sign-in)(\/|$)/;

describe('another brand', () => {
  let world: World;
  let acme: Brand;
  let owned: Owned;
  let stranger: Person;

  beforeAll(async () => {
    world = await startWorld();
    acme = await world.aBrand('Acme');
    const ada = await world.aPerson(acme, { type: 'administrator' });
    owned = await ownEverything(world, acme, ada);
    stranger = await world.aPerson(await world.aBrand('Globex'), { type: 'administrator', firstName: 'Grace' });
  });
  afterAll(() => world.close());

  it('reaches nothing by any page or API route with ids in it, and changes nothing', async () => {
    const before = await fingerprint();
    const routes = routesOf(world.app).filter(({ path }) => path.includes(':') && !BY_TOKEN.test(path));
    expect(routes.length).toBeGreaterThan(10);
    const leaks: object[] = [];
    for (const route of routes) {
      const address = filled(route);
      const { status, text } = await send(route, address);
      const isRefused = status === 404 || (route.method !== 'GET' && [400, 409, 415, 422].includes(status));
      if (!isRefused || text.includes('Secret of Acme')) {
        leaks.push({ route: `${route.method} ${route.path}`, status });
      }
    }
    expect(leaks).toEqual([]);
    expect(await fingerprint()).toEqual(before);
  });

  it('finds nothing in any list, page or search', async () => {
    const routes = routesOf(world.app).filter(
      ({ method, path }) => method === 'GET' && !path.includes(':') && !BY_TOKEN.test(path),
    );
    for (const { path } of routes) {
      const { text } = await send({ method: 'GET', path, rule: undefined, name: '' }, `${path}?q=Secret`);
      expect({ path, leaks: (text ?? '').replaceAll('value="Secret"', '').includes('Secret of Acme') }).toEqual({
        path,
        leaks: false,
      });
    }
  });

  function filled({ path }: Route): string {
    return path.replace(/:(\w+)/g, (_match, _name, offset: number) => {
      const kind = KINDS.find(([before]) => before.test(path.slice(0, offset - 1)));
      const [, name, prefix] = kind ?? [undefined, 'survey' as const, 'SV' as const];
      return prefix === undefined ? owned[name] : world.ids.show(prefix, owned[name]);
    });
  }

  async function send({ method, path }: Route, address: string): Promise<{ status: number; text: string }> {
    const verb = method.toLowerCase() as 'get' | 'post' | 'put' | 'patch' | 'delete';
    const isApi = path.startsWith('/API/');
    const request = isApi
      ? world.visitor()[verb](address).set('X-API-TOKEN', stranger.token)
      : stranger.agent[verb](address);
    const answer = await request
      .redirects(0)
      .timeout({ response: 60_000, deadline: 90_000 })
      .ok(() => true);
    return { status: answer.status, text: answer.text ?? '' };
  }

  /** A digest of every row of Acme. */
  async function fingerprint(): Promise<Record<string, string>> {
    return world.database.inBrand(acme.id, async (unit) => {
      const tables = await unit.sql<{ name: string }>(
        `SELECT table_name AS name FROM information_schema.columns WHERE table_schema = 'public' AND column_name = 'brand_id' AND table_name <> 'web_sessions' ORDER BY 1`,
      );
      const digests: Record<string, string> = {};
      for (const { name } of tables) {
        const [row] = await unit.sql<{ digest: string | null }>(
          `SELECT md5(string_agg(t::text, '|' ORDER BY t::text)) AS digest FROM ${name} t`,
        );
        digests[name] = row?.digest ?? 'empty';
      }
      return digests;
    });
  }
});
