import { existsSync } from 'node:fs';
import { join } from 'node:path';
import pg from 'pg';
import type { Config } from './platform/config.js';
import { WrongState } from './platform/errors.js';
import { projectDir } from './platform/web/folders.js';

/**
 * Makes sure that a command works on an installation that is there: with another environment than the server's it would
 * make a second one without a word. Nothing is written.
 * @param mayBeEmpty whether a database that the environment names may be without tables
 * @throws {WrongState} with the places where it looked
 */
export async function mustBeInstalled(config: Config, mayBeEmpty: boolean): Promise<void> {
  if (config.DATABASE_URL === undefined) {
    if (!existsSync(join(config.dataDir, 'postgres.json'))) {
      throw missing([
        '  - DATABASE_URL is not set',
        `  - DATA_DIR is ${config.dataDir}, ${existsSync(config.dataDir) ? 'which holds no database' : 'which is not there'}`,
      ]);
    }
  } else if (!mayBeEmpty && !(await hasTables(config.DATABASE_URL))) {
    throw missing(['  - DATABASE_URL leads to an empty database; bin/canvass migrate or a start prepares it']);
  }
}

/** Which installation a command works on, without passwords. */
export function installationWords({ DATABASE_URL: url, dataDir }: Config): string {
  if (url === undefined) {
    return `the installation in ${dataDir}`;
  }
  const { host, pathname } = new URL(url);
  return `the installation in the database ${host}${pathname}`;
}

async function hasTables(url: string): Promise<boolean> {
  const client = new pg.Client({ connectionString: url });
  await client.connect();
  try {
    const { rows } = await client.query<{ name: string | null }>(`SELECT to_regclass('installation_keys') AS name`);
    return rows[0]?.name !== null;
  } finally {
    await client.end();
  }
}

function missing(places: string[]): WrongState {
  const file = join(projectDir(), '.env');
  return new WrongState(
    [
      'There is no installation where this command looked, and it makes none:',
      ...places,
      `  - ${file} ${existsSync(file) ? 'was read' : 'is not there'}`,
      'Give it the environment of the server, for example DATA_DIR=/var/lib/canvass/data bin/canvass …, or write both',
      'into .env, which bin/up and bin/canvass read. A first start of bin/up makes an installation.',
    ].join('\n'),
  );
}
