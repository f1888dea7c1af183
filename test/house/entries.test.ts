import { EntriesService } from '../../src/links/entries/entries.service.js';
import type { Entry } from '../../src/links/entries/entry.js';
import { PATH_WITHOUT_SESSION, RESPONDENT_PATH } from '../../src/platform/web/paths.js';
import { startWorld, type World } from '../world.js';
import { routesOf } from './routes.js';
import { sourcesOf } from './sources.js';

describe('the ways into surveys', () => {
  let world: World;
  let entries: readonly Entry[];
  beforeAll(async () => {
    world = await startWorld();
    entries = world.app.get(EntriesService).all();
  });
  afterAll(() => world.close());

  it('have names of their own, and tell their links apart where they share what addresses begin with', () => {
    const told = entries.map(({ prefix, linkKind = '' }) => `/${prefix} ${linkKind}`);
    expect(new Set(told).size).toBe(entries.length);
    expect(new Set(entries.map(({ name }) => name)).size).toBe(entries.length);
  });

  it('are answered as pages of respondents, which know nobody of the console', () => {
    const served = routesOf(world.app)
      .filter(({ rule }) => rule === 'public')
      .map(({ method, path }) => `${method} ${path}`);
    for (const { prefix } of entries) {
      expect(served).toEqual(
        expect.arrayContaining([
          `GET /${prefix}/:token`,
          `POST /${prefix}/:token`,
          `GET /${prefix}/:token/end/:ticket`,
        ]),
      );
      expect(`/${prefix}/x`).toMatch(RESPONDENT_PATH);
      expect(`/${prefix}/x`).toMatch(PATH_WITHOUT_SESSION);
    }
  });

  it('are particular in their own files only: nothing else asks by which of them somebody came', () => {
    const names = entries.map(({ name }) => name).join('|');
    const asks = new RegExp(
      `(?:\\b(?:kind|name|entry|way|prefix)\\b\\)?\\s*[!=]==\\s*'(?:${names})')|\\bentry\\??\\.name\\b`,
    );
    const asking = sourcesOf('src', '.ts').filter(({ text }) => asks.test(text));
    expect(asking.map(({ path }) => path)).toEqual([]);
  });
});
