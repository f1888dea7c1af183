import { randomBytes } from 'node:crypto';
import pg from 'pg';

export interface TestDatabase {
  /** As the product connects: the owner of the tables, bound by the walls between brands. */
  url: string;
  /** For a test's own look at the tables of all brands. */
  superuserUrl: string;
  /** No brand is left, and nothing of theirs; numbers of rows go on. */
  empty(): Promise<void>;
  drop(): Promise<void>;
}

/** Without triggers and foreign keys: a TRUNCATE of so many tables takes ten times as long. */
const EMPTY = `
  DO $$
  DECLARE owned text;
  BEGIN
    SET LOCAL session_replication_role = replica;
    FOR owned IN
      SELECT table_name FROM information_schema.columns JOIN information_schema.tables USING (table_schema, table_name)
      WHERE table_schema = 'public' AND column_name = 'brand_id' AND table_type = 'BASE TABLE'
    LOOP
      EXECUTE format('DELETE FROM %I', owned);
    END LOOP;
    DELETE FROM brands;
  END $$`;

/** A migrated, empty database of its own for one test file. */
export function freshDatabase(): Promise<TestDatabase> {
  return createdFrom('canvass_template');
}

/** A database in which no migration ran. */
export function bareDatabase(): Promise<TestDatabase> {
  return createdFrom('template0');
}

async function createdFrom(template: string): Promise<TestDatabase> {
  const { TEST_CLUSTER_URL: cluster, TEST_OWNER_URL: owner } = process.env;
  if (cluster === undefined || owner === undefined) {
    throw new Error('The test cluster does not run; start tests with jest');
  }
  const name = `t_${randomBytes(6).toString('hex')}`;
  await onCluster(cluster, `CREATE DATABASE ${name} TEMPLATE ${template} OWNER ${new URL(owner).username}`);
  const superuserUrl = cluster.replace(/\/postgres$/, `/${name}`);
  return {
    url: owner.replace(/\/postgres$/, `/${name}`),
    superuserUrl,
    empty: () => onCluster(superuserUrl, EMPTY),
    drop: () => onCluster(cluster, `DROP DATABASE ${name} WITH (FORCE)`),
  };
}

async function onCluster(url: string, statement: string): Promise<void> {
  const client = new pg.Client({ connectionString: url });
  await client.connect();
  try {
    await client.query(statement);
  } finally {
    await client.end();
  }
}
