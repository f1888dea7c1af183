import pg from 'pg';
import { setFlagsFromString } from 'node:v8';
import { runInNewContext } from 'node:vm';
import { ContactsService } from '../../../src/contacts/contacts.service.js';
import { type Person, startWorld, type World } from '../../world.js';
import { aList, anImport } from '../builders.js';

/** Bytes that are really in use: garbage is taken away first. */
function liveHeap(): number {
  setFlagsFromString('--expose-gc');
  (runInNewContext('gc') as () => void)();
  return process.memoryUsage().heapUsed;
}

describe('importing a large file', () => {
  let world: World;
  let ada: Person;
  beforeAll(async () => {
    world = await startWorld();
    ada = await world.aPerson(await world.aBrand());
  });
  afterAll(() => world.close());

  /** As autovacuum does: what a transaction under way has written is no row for it, only pages. */
  async function countingFromOutside<T>(act: () => Promise<T>): Promise<T> {
    const other = new pg.Client({ connectionString: world.superuserUrl });
    await other.connect();
    const over = new AbortController();
    const counting = (async () => {
      while (!over.signal.aborted) {
        await other.query('ANALYZE contacts');
      }
    })();
    try {
      return await act();
    } finally {
      over.abort();
      await counting;
      await other.end();
    }
  }

  it('takes a hundred thousand rows in flat memory, and shows them in the order of the file', async () => {
    const list = await aList(world, ada);
    const rows = Array.from({ length: 100_000 }, (_, n) => `person${n}@example.com,First${n},${'x'.repeat(200)}`).join(
      '\n',
    );
    const start = liveHeap();
    let peak = start;
    const watch = setInterval(() => (peak = Math.max(peak, liveHeap())), 2500);
    const file = `Email,FirstName,Note\n${rows}\n`;
    const done = await countingFromOutside(() => anImport(world, ada, list.id, file));
    clearInterval(watch);
    expect(done).toMatchObject({ status: 'done', created: 100_000, added: 100_000 });
    // The rows are 25 MB as text and several times that as objects; what is alive at once is a chunk and two batches.
    expect((peak - start) / 1_000_000).toBeLessThan(30);
    const firstPage = await world.app.get(ContactsService).list(ada.actor, { listId: list.id, size: 2 });
    expect(firstPage.map(({ email }) => email)).toEqual([
      'person0@example.com',
      'person1@example.com',
      'person2@example.com',
    ]);
  });
});
