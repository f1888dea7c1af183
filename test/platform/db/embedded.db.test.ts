import { chmod, mkdtemp, readFile, rm, stat, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import pg from 'pg';
import { startEmbedded } from '../../../src/platform/db/embedded.js';
import { connectsAsSuperuser, migrate, weaknessOfRole } from '../../../src/platform/db/orm.js';

async function rowsOf<T extends pg.QueryResultRow>(url: string, ...statements: string[]): Promise<T[]> {
  const client = new pg.Client({ connectionString: url });
  await client.connect();
  try {
    let rows: T[] = [];
    for (const statement of statements) ({ rows } = await client.query<T>(statement));
    return rows;
  } finally {
    await client.end();
  }
}

const RIGHTS = `SELECT rolsuper OR rolbypassrls OR rolcreaterole OR rolcreatedb OR rolreplication AS any
  FROM pg_roles WHERE rolname = current_user`;
const OWNED_BY_OTHERS = `SELECT relname FROM pg_class WHERE relnamespace = 'public'::regnamespace
  AND relkind IN ('r', 'p', 'v', 'S') AND relowner <> (SELECT oid FROM pg_roles WHERE rolname = current_user)`;

describe('the embedded database', () => {
  let folder: string;

  beforeEach(async () => {
    folder = await mkdtemp(join(tmpdir(), 'canvass-embedded-'));
    await chmod(folder, 0o755);
  });
  afterEach(() => rm(folder, { recursive: true, force: true }));

  it('is used by a role that reaches neither files nor programs nor other roles', async () => {
    const server = await startEmbedded(folder);
    try {
      await migrate(server.url);
      expect(await rowsOf(server.url, RIGHTS)).toEqual([{ any: false }]);
      expect([await connectsAsSuperuser(server.url), await connectsAsSuperuser(server.superuserUrl)]).toEqual([
        false,
        true,
      ]);
      expect(await rowsOf(server.url, OWNED_BY_OTHERS)).toEqual([]);
      for (const statement of [
        `COPY (SELECT 1) TO PROGRAM 'true'`,
        `SELECT pg_read_file('postgresql.conf')`,
        `CREATE ROLE intruder SUPERUSER`,
        `SELECT rolpassword FROM pg_authid`,
        `SET session_replication_role = replica`,
      ]) {
        await expect(rowsOf(server.url, statement)).rejects.toThrow(/permission denied/);
      }
      expect((await stat(join(folder, 'postgres.json'))).mode & 0o077).toBe(0);
    } finally {
      await server.stop();
    }
  });

  it('is handed over by versions that used it as its superuser', async () => {
    const before = await startEmbedded(folder);
    await migrate(before.superuserUrl);
    const [row] = await rowsOf<{ owner: string }>(
      before.superuserUrl,
      'ALTER DATABASE postgres OWNER TO canvass',
      'DROP OWNED BY canvass_owner',
      'DROP ROLE canvass_owner',
      `SELECT tableowner AS owner FROM pg_tables WHERE tablename = 'brands'`,
    );
    expect(row?.owner).toBe('canvass');
    await before.stop();
    const path = join(folder, 'postgres.json');
    const { ownerPassword: _, ...old } = JSON.parse(await readFile(path, 'utf8')) as Record<string, unknown>;
    await writeFile(path, JSON.stringify(old));

    const after = await startEmbedded(folder);
    try {
      expect(await rowsOf(after.url, OWNED_BY_OTHERS)).toEqual([]);
      expect(await migrate(after.url)).toEqual([]);
      expect(await weaknessOfRole(after.url)).toBeUndefined();
    } finally {
      await after.stop();
    }
    // The password that was made at the hand-over is the one of the next start.
    const again = await startEmbedded(folder);
    await expect(rowsOf(again.url, RIGHTS)).resolves.toEqual([{ any: false }]);
    await again.stop();
  });
});
