import { startWorld, type World } from '../world.js';
import { sourcesOf } from './sources.js';
import { type Exception, FOREIGN_READS, FOREIGN_WRITES, OWNERS } from './table_owners.js';

interface Touch {
  table: string;
  room: string;
  path: string;
  isWrite: boolean;
}

/** A word that a table follows, and the table; a DELETE is told from a SELECT by what stands before it. */
const STATEMENT = /\b(DELETE\s+FROM|FROM|JOIN|UPDATE|INTO|USING|COPY|TRUNCATE)\s+(?:ONLY\s+)?"?([a-z_]+)"?/g;
/** What else a list of tables names, behind commas; and names that stand in what code puts in. */
const FURTHER = /\b(?:FROM|USING)\s+(?:[a-z_]+(?:\s+[a-z]+)?((?:,\s*[a-z_]+(?:\s+[a-z]+)?)+)|\$\{([^}]*)\})/g;
const WRITES = /^(?:DELETE\s+FROM|UPDATE|INTO|COPY|TRUNCATE)$/;
const ownerOf = new Map(Object.entries(OWNERS).flatMap(([room, tables]) => tables.map((table) => [table, room])));

function touches(): Touch[] {
  return sourcesOf('src', '.ts').flatMap(({ path, text }) =>
    [...text.matchAll(STATEMENT), ...furtherIn(text)]
      .map(([, verb = '', table = '']) => ({
        table,
        room: path.split('/')[1] ?? '',
        path,
        isWrite: WRITES.test(verb.replaceAll(/\s+/g, ' ')),
      }))
      .filter((touch) => ownerOf.has(touch.table)),
  );
}

/** As `STATEMENT` has them. */
function furtherIn(text: string): [whole: string, verb: string, table: string][] {
  return [...text.matchAll(FURTHER)].flatMap(([whole, listed = '', put = '']) =>
    [...listed.matchAll(/,\s*([a-z_]+)/g), ...put.matchAll(/'([a-z_]+)'/g)].map(
      ([, table = '']): [string, string, string] => [whole, 'FROM', table],
    ),
  );
}

/** `room table` of what rooms do to tables of others. */
function foreign(isWrite: boolean): string[] {
  const pairs = touches()
    .filter((touch) => touch.isWrite === isWrite && touch.room !== ownerOf.get(touch.table))
    .map(({ room, table }) => `${room} ${table}`);
  return [...new Set(pairs)].sort();
}

function pairsOf(exceptions: Record<string, Exception>): string[] {
  return Object.entries(exceptions)
    .flatMap(([room, { tables }]) => tables.map((table) => `${room} ${table}`))
    .sort();
}

describe('the tables', () => {
  let world: World;
  beforeAll(async () => {
    world = await startWorld();
  });
  afterAll(() => world.close());

  it('have one owner each', async () => {
    const tables = await world.database.outsideBrands((unit) =>
      unit.sql<{ name: string }>(
        `SELECT relname AS name FROM pg_class
         WHERE relnamespace = 'public'::regnamespace AND relkind IN ('r', 'p') AND NOT relispartition ORDER BY 1`,
      ),
    );
    const owned = Object.values(OWNERS).flat();
    expect(owned.toSorted()).toEqual(tables.map(({ name }) => name).toSorted());
  });

  it('have their entities with their owner', () => {
    const strangers = sourcesOf('src', '.entity.ts').flatMap(({ path, text }) =>
      [...text.matchAll(/tableName: '([a-z_]+)'/g)]
        .map(([, table = '']) => `${path.split('/')[1]} ${table}`)
        .filter((pair) => ownerOf.get(pair.split(' ')[1] ?? '') !== pair.split(' ')[0]),
    );
    expect(strangers).toEqual([]);
  });

  it('are written by others only where a reason is told', () => {
    expect(foreign(true)).toEqual(pairsOf(FOREIGN_WRITES));
  });

  it('are read by others only where a reason is told', () => {
    expect(foreign(false)).toEqual(pairsOf(FOREIGN_READS));
  });
});
