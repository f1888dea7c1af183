import { Migrator } from '@mikro-orm/migrations';
import { defineConfig, MikroORM } from '@mikro-orm/postgresql';
import type { EntityClass, Options } from '@mikro-orm/postgresql';
import pg from 'pg';
import { allMigrations } from '../../../migrations/all.js';

/** Settings of one connection: a forgotten transaction must not hold the ledger's dead rows for ever. */
const SESSION_SETTINGS = '-c idle_in_transaction_session_timeout=60000 -c timezone=UTC -c jit=off';

/** Nobody waits for an answer while the schema is brought up to date. */
const MIGRATION_PATIENCE_MS = 60_000;

/**
 * How the ORM reaches PostgreSQL; entities come from the modules that own them.
 * @param pool so many connections at most, and how long work waits for one before it fails
 */
export function ormOptions(
  url: string,
  pool: { size: number; patienceMs: number },
  entities: EntityClass<object>[] = [],
): Options {
  return defineConfig({
    clientUrl: url,
    entities,
    discovery: {
      warnWhenNoEntities: false,
      // Ids are strings in our code: they outgrow numbers, and BigInt goes into no JSON (sessions, jobs, audit).
      onMetadata: ({ properties }) => {
        for (const property of Object.values(properties).filter(({ type }) => type === 'bigint')) {
          property.runtimeType = 'string';
        }
      },
    },
    pool: { min: 0, max: pool.size, idleTimeoutMillis: 30_000 },
    driverOptions: {
      connectionTimeoutMillis: pool.patienceMs,
      options: SESSION_SETTINGS,
      keepAlive: true,
    },
    extensions: [Migrator],
    migrations: { migrationsList: allMigrations, tableName: 'migrations', allOrNothing: false, snapshot: false },
    forceUtcTimezone: true,
    ignoreUndefinedInQuery: false,
    logger: () => undefined,
    debug: false,
  });
}

/** Runs `work` while no other process on this database runs work of the same name. */
export async function oneAtATime<T>(url: string, name: string, work: () => Promise<T>): Promise<T> {
  const lock = new pg.Client({ connectionString: url });
  await lock.connect();
  try {
    await lock.query('select pg_advisory_lock(hashtext($1))', [name]);
    return await work();
  } finally {
    await lock.end();
  }
}

/**
 * Brings the schema up to date. Several processes may start at once: one migrates, the others wait for it.
 * @returns the names of the migrations that ran
 */
export async function migrate(url: string): Promise<string[]> {
  const orm = await MikroORM.init(ormOptions(url, { size: 2, patienceMs: MIGRATION_PATIENCE_MS }));
  try {
    return await oneAtATime(url, 'canvass.migrate', async () => (await orm.migrator.up()).map(({ name }) => name));
  } finally {
    await orm.close(true);
  }
}

/** Whether a statement that goes wrong would reach files and programs of the database's machine. */
export async function connectsAsSuperuser(url: string): Promise<boolean> {
  const client = new pg.Client({ connectionString: url });
  await client.connect();
  try {
    const { rows } = await client.query<{ is: boolean }>(
      'select rolsuper as is from pg_roles where rolname = current_user',
    );
    return rows[0]?.is === true;
  } finally {
    await client.end();
  }
}

/**
 * Refuses to run where the wall between brands would not hold.
 * @returns the reason, or undefined when the role is as it must be
 */
export async function weaknessOfRole(url: string): Promise<string | undefined> {
  const client = new pg.Client({ connectionString: url });
  await client.connect();
  try {
    const { rows } = await client.query<{ bypasses: boolean; owns: boolean }>(
      `select rolsuper or rolbypassrls as bypasses,
              exists (select from pg_class where relowner = r.oid and relkind in ('r', 'p')) as owns
       from pg_roles r where rolname = 'canvass_app'`,
    );
    const [role] = rows;
    if (role === undefined) {
      return 'the role canvass_app is missing; run the migrations';
    }
    return role.bypasses || role.owns ? 'the role canvass_app could see through row-level security' : undefined;
  } finally {
    await client.end();
  }
}
