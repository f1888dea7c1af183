import { type Person, startWorld, type World } from '../world.js';
import { type Route, routesOf } from './routes.js';

/** What each of these parts of the product asks of whoever changes something there; a reader's right is named where it is another. */
const SENSITIVE: { path: RegExp; changes: string; reads?: string }[] = [
  { path: /^\/people(\/|$)/, changes: 'brand:admin' },
  { path: /^\/brand\/audit/, changes: 'audit:view' },
  { path: /^\/brand\/email\/suppressions/, changes: 'directory:manage' },
  { path: /^\/brand(\/|$)/, changes: 'brand:admin' },
  { path: /^\/frequency-rules(\/|$)/, changes: 'directory:manage', reads: 'contacts:view' },
  { path: /^\/contacts\/segments\/preview$/, changes: 'contacts:view' },
  { path: /^\/contacts\/segments(\/|$)/, changes: 'directory:manage', reads: 'contacts:view' },
  { path: /^\/contacts(\/|$)/, changes: 'directory:edit', reads: 'contacts:view' },
  { path: /^\/surveys\/imports(\/|$)/, changes: 'surveys:create' },
  { path: /\/emails\/view\/choice$/, changes: 'distributions:access' },
  {
    path: /^\/surveys\/:\w+\/distributions\/(emails|personal-links)\/.*/,
    changes: 'distributions:send',
    reads: 'distributions:access',
  },
  { path: /^\/surveys\/:\w+\/responses(\/|$)/, changes: 'responses:export' },
  { path: /^\/library(\/|$)/, changes: 'distributions:access' },
  { path: /^\/mailbox(\/|$)/, changes: 'mailer:access' },
  { path: /^\/account\/tokens(\/|$)/, changes: 'api:access' },
  { path: /^\/API\//, changes: 'api:access' },
];

describe('the permissions', () => {
  let world: World;
  let standard: Person;
  beforeAll(async () => {
    world = await startWorld();
    standard = await world.aPerson(await world.aBrand('Acme'));
  });
  afterAll(() => world.close());

  it('that routes ask for are those that their part of the product needs', () => {
    const wrong = routesOf(world.app).flatMap((route) => {
      const needs = needsOf(route);
      return needs === undefined || needs.includes(String(route.rule)) ? [] : [`${named(route)} asks ${route.rule}`];
    });
    expect(wrong).toEqual([]);
  });

  it('keep whoever may edit contacts from what holds for the whole brand', async () => {
    const routes = routesOf(world.app).filter(({ rule }) => rule === 'directory:manage');
    expect(routes.length).toBeGreaterThan(10);
    expect(standard.actor.permissions.has('directory:edit')).toBe(true);
    for (const route of routes) {
      const address = route.path.replace(/:\w+/g, '1');
      const answer = await (route.method === 'GET' ? standard.agent.get(address) : standard.agent.post(address));
      expect([named(route), answer.status]).toEqual([named(route), 403]);
      expect(answer.text).toContain('Manage the directory');
    }
    const pages = await Promise.all(
      ['/contacts', '/contacts/segments', '/frequency-rules'].map((path) => standard.agent.get(path)),
    );
    const text = pages.map((page) => page.text).join('');
    expect(pages.map(({ status }) => status)).toEqual([200, 200, 200]);
    expect(text).not.toMatch(/href="\/(contacts\/segments\/new|frequency-rules\/new|brand\/email\/suppressions)"/);
  });
});

function needsOf({ path, method }: Route): string[] | undefined {
  const part = SENSITIVE.find((one) => one.path.test(path));
  const reads = part?.reads === undefined ? [] : [part.reads];
  return part && (method === 'GET' ? [part.changes, ...reads] : [part.changes]);
}

function named({ method, path }: Route): string {
  return `${method} ${path}`;
}
