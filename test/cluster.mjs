import { execFileSync } from 'node:child_process';
import { chmodSync, mkdtempSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import pg from 'pg';

/** One real PostgreSQL for the whole run, with a migrated template that every test file copies. */
export default async function startCluster() {
  execFileSync(process.execPath, ['bin/build.mjs', 'dist', 'src', 'migrations'], { stdio: 'inherit' });
  const { startEmbedded } = await import('../dist/src/platform/db/embedded.js');
  const { migrate } = await import('../dist/src/platform/db/orm.js');
  const folder = mkdtempSync(join(tmpdir(), 'canvass-test-'));
  chmodSync(folder, 0o755);
  // Nothing of a test run has to survive a power cut.
  const server = await startEmbedded(folder, [
    'fsync=off',
    'synchronous_commit=off',
    'full_page_writes=off',
    'shared_buffers=128MB',
  ]);
  const client = new pg.Client({ connectionString: server.superuserUrl });
  await client.connect();
  await client.query(`CREATE DATABASE canvass_template OWNER ${new URL(server.url).username}`);
  await client.end();
  await migrate(server.url.replace(/\/postgres$/, '/canvass_template'));
  // Tests look over the walls; the product connects as in an installation of its own, which is no superuser.
  process.env['TEST_CLUSTER_URL'] = server.superuserUrl;
  process.env['TEST_OWNER_URL'] = server.url;
  globalThis.canvassTestServer = { server, folder };
}
