import pg from 'pg';
import { startWorld, type World } from '../world.js';

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

  it('joins work of the same brand into one transaction', async () => {
    const acme = await world.aBrand('Acme');
    await world.database.inBrand(acme.id, async (unit) => {
      await unit.sql(`UPDATE brands SET name = 'Inside'`);
      const inner = await world.database.inBrand(acme.id, (joined) => joined.sql('SELECT name FROM brands'));
      expect(inner).toEqual([{ name: 'Inside' }]);
    });
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
