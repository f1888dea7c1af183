import pg from 'pg';
import { startWorld, type World } from '../../world.js';

describe('the database', () => {
  let world: World;
  beforeAll(async () => {
    world = await startWorld();
  });
  afterAll(() => world.close());

  it('shows one brand nothing of another', async () => {
    const [acme, globex] = [await world.aBrand('Acme'), await world.aBrand('Globex')];
    const count = (id: string) =>
      world.database.inBrand(id, (unit) => unit.sql<{ name: string }>('SELECT name FROM brands'));
    expect(await count(acme.id)).toEqual([{ name: 'Acme' }]);
    expect(await count(globex.id)).toEqual([{ name: 'Globex' }]);
    expect(await world.database.outsideBrands((unit) => unit.sql('SELECT * FROM brands'))).toEqual([]);
  });

  it('refuses to write a row of another brand', async () => {
    const [acme, globex] = [await world.aBrand('Acme'), await world.aBrand('Globex')];
    const write = world.database.inBrand(acme.id, (unit) =>
      unit.sql(
        `INSERT INTO user_types (brand_id, name, permissions, created_at) VALUES ($1, $2, $3, '2026-11-24T09:00Z')`,
        [globex.id, 'x', []],
      ),
    );
    await expect(write).rejects.toThrow(/row-level security/);
  });

  it('checks references of a mass write by an index, though the connection planned while the table was short', async () => {
    const acme = await world.aBrand('Acme');
    const read = await world.database.inBrand(acme.id, async (unit) => {
      await unit.sql('CREATE TEMP TABLE people (id bigint PRIMARY KEY) ON COMMIT DROP');
      await unit.sql('CREATE TEMP TABLE members (id bigint REFERENCES people) ON COMMIT DROP');
      const add = async (first: number, last: number) => {
        await unit.sql('INSERT INTO people SELECT generate_series($1::int, $2::int)', [first, last]);
        await unit.sql('INSERT INTO members SELECT generate_series($1::int, $2::int)', [first, last]);
      };
      await add(1, 1);
      await unit.sql('ANALYZE people');
      // A plan is kept from the sixth check on.
      for (let id = 2; id <= 8; id += 1) {
        await add(id, id);
      }
      await unit.planAnew();
      await add(9, 3000);
      const { rows } = await unit.one<{ rows: string }>(
        `SELECT seq_tup_read AS rows FROM pg_stat_xact_all_tables WHERE relid = 'people'::regclass`,
      );
      return Number(rows);
    });
    expect(read).toBeLessThan(10_000);
  });

  it('rolls back everything of a unit that fails, and tells no events', async () => {
    const acme = await world.aBrand('Acme');
    let told = false;
    const work = world.database.inBrand(acme.id, async (unit) => {
      await unit.sql(`UPDATE brands SET name = 'Changed'`);
      world.database.afterCommit(() => void (told = true));
      throw new Error('no');
    });
    await expect(work).rejects.toThrow('no');
    const rows = await world.database.inBrand(acme.id, (unit) => unit.sql('SELECT name FROM brands'));
    expect(rows).toEqual([{ name: 'Acme' }]);
    expect(told).toBe(false);
  });

  it('keeps 200 concurrent units of two brands apart on a small pool', async () => {
    const brands = [await world.aBrand('Acme'), await world.aBrand('Globex')];
    const seen = await Promise.all(
      Array.from({ length: 200 }, async (_, index) => {
        const brand = brands[index % 2]!;
        const rows = await world.database.inBrand(brand.id, (unit) =>
          unit.sql<{ name: string }>('SELECT name FROM brands'),
        );
        return rows.length === 1 && rows[0]?.name === brand.name;
      }),
    );
    expect(seen.every(Boolean)).toBe(true);
  });

  it('opens no unit inside another by mistake, and says what to do instead', async () => {
    const acme = await world.aBrand('Acme');
    await world.database.inBrand(acme.id, async (unit) => {
      await unit.sql(`UPDATE brands SET name = 'Inside'`);
      const inner = world.database.inBrand(acme.id, () => Promise.resolve());
      await expect(inner).rejects.toThrow(/as the first argument .* `apart`/);
      const apart = await world.database.apart(acme.id, (own) => own.sql('SELECT name FROM brands'));
      expect(apart).toEqual([{ name: 'Acme' }]);
    });
  });

  it('makes one transaction of the units within a call that hosts them', async () => {
    const acme = await world.aBrand('Acme');
    const { database } = world;
    const call = database.host(acme.id, async () => {
      await database.inBrand(acme.id, (unit) => unit.sql(`UPDATE brands SET name = 'First'`));
      const seen = await database.inBrand(acme.id, (unit) => unit.sql('SELECT name FROM brands'));
      expect(seen).toEqual([{ name: 'First' }]);
      const inner = database.inBrand(acme.id, () => database.inBrand(acme.id, () => Promise.resolve()));
      await expect(inner).rejects.toThrow('A unit of work is open here.');
      throw new Error('no');
    });
    await expect(call).rejects.toThrow('no');
    expect(await database.inBrand(acme.id, (unit) => unit.sql('SELECT name FROM brands'))).toEqual([{ name: 'Acme' }]);
  });

  it('keeps all places of its pool when PostgreSQL breaks the connections', async () => {
    const acme = await world.aBrand('Acme');
    const killer = new pg.Client({ connectionString: process.env['TEST_CLUSTER_URL']! });
    await killer.connect();
    for (let kill = 0; kill < 12; kill += 1) {
      const broken = world.database.inBrand(acme.id, async (unit) => {
        const { pid } = await unit.one<{ pid: number }>('SELECT pg_backend_pid() AS pid');
        await killer.query('SELECT pg_terminate_backend($1)', [pid]);
      });
      await expect(broken).rejects.toThrow(/terminat|connection error/i);
    }
    await killer.end();
    const rows = await world.database.inBrand(acme.id, (unit) => unit.sql('SELECT name FROM brands'));
    expect(rows).toEqual([{ name: 'Acme' }]);
  });
});
