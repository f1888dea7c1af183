import { readdirSync, readFileSync } from 'node:fs';
import { startWorld, type World } from '../world.js';

/** Tables of the installation: no brand owns their rows. */
const WITHOUT_BRAND = [
  'installation_keys',
  'mailbox_cursors',
  'migrations',
  'provider_pauses',
  'schedule_occurrences',
  'sign_in_failures',
  'sign_in_places',
  'stray_mails',
  'web_sessions',
];
/** Rows on the way into a brand's tables; COPY is refused where row-level security is on. */
const STAGING = ['contact_import_staging'];

/** Migrations that changed nothing; `behind_the_walls` does what they meant. */
const DONE_LATER = [
  'Migration20261201040500_refused_is_bounced.ts',
  'Migration20261201060000_zone_names.ts',
  'Migration20261201060100_follow_ups_per_person.ts',
  'Migration20261201060200_chosen_zones.ts',
];

describe('the wall between brands', () => {
  let world: World;
  const query = <T>(text: string) => world.database.outsideBrands((unit) => unit.sql<T>(text));
  beforeAll(async () => {
    world = await startWorld();
  });
  afterAll(() => world.close());

  it('stands around every table but those of the installation', async () => {
    const tables = await query<{ name: string; enabled: boolean; forced: boolean; policies: string[] }>(
      `SELECT c.relname AS name, relrowsecurity AS enabled, relforcerowsecurity AS forced,
              array(SELECT polname::text FROM pg_policy WHERE polrelid = c.oid) AS policies
       FROM pg_class c WHERE relnamespace = 'public'::regnamespace AND relkind IN ('r', 'p') ORDER BY 1`,
    );
    const open = tables.filter((table) => !table.enabled || !table.forced || !table.policies.includes('own_brand'));
    expect(open.map(({ name }) => name).sort()).toEqual([...WITHOUT_BRAND, ...STAGING].sort());
  });

  it('has the brand in every primary key, so that no reference can cross it', async () => {
    const keys = await query<{ table: string; columns: string[] }>(
      `SELECT conrelid::regclass::text AS table,
              array(SELECT attname::text FROM unnest(conkey) k JOIN pg_attribute a ON a.attrelid = conrelid AND a.attnum = k) AS columns
       FROM pg_constraint WHERE contype = 'p' AND connamespace = 'public'::regnamespace`,
    );
    const without = keys.filter(({ columns }) => !columns.includes('brand_id')).map(({ table }) => table);
    expect(without.sort()).toEqual(['brands', ...WITHOUT_BRAND].sort());
  });

  it('has the brand in every foreign key', async () => {
    const keys = await query<{ name: string; columns: string[] }>(
      `SELECT conrelid::regclass || ' ' || conname AS name,
              array(SELECT attname::text FROM unnest(conkey) k JOIN pg_attribute a ON a.attrelid = conrelid AND a.attnum = k) AS columns
       FROM pg_constraint WHERE contype = 'f' AND connamespace = 'public'::regnamespace`,
    );
    expect(keys.filter(({ columns }) => !columns.includes('brand_id'))).toEqual([]);
  });

  it('is lifted by migrations that change rows: their owner changes none behind it, and nothing says so', () => {
    const changing = readdirSync('migrations').filter((name) => {
      const text = readFileSync(`migrations/${name}`, 'utf8');
      return (
        /^\s*(this\.addSql\()?[`'](UPDATE|DELETE FROM|INSERT INTO) (?!provider_pauses)/m.test(text) &&
        !/NO FORCE|overTheWalls/.test(text)
      );
    });
    expect(changing).toEqual(DONE_LATER);
  });

  it('cannot be seen through by the role of the application', async () => {
    const [role] = await query(
      `SELECT rolsuper, rolbypassrls, rolcanlogin FROM pg_roles WHERE rolname = 'canvass_app'`,
    );
    expect(role).toEqual({ rolsuper: false, rolbypassrls: false, rolcanlogin: false });
  });

  it('lets functions around it return numbers or nothing', async () => {
    const functions = await query<{ name: string; result: string }>(
      `SELECT proname AS name, pg_get_function_result(oid) AS result FROM pg_proc
       WHERE pronamespace = 'public'::regnamespace AND prosecdef`,
    );
    expect(functions.length).toBeGreaterThan(5);
    expect(functions.filter(({ result }) => !/^(?:void|TABLE\((\w+ bigint(, )?)+\))$/.test(result))).toEqual([]);
  });
});
