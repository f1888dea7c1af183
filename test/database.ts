import { randomBytes } from 'node:crypto';
import pg from 'pg';

export interface TestDatabase {
  url: string;
  drop(): Promise<void>;
}

/** A migrated, empty database of its own for one test file. */
export async function freshDatabase(): Promise<TestDatabase> {
  const cluster = process.env['TEST_CLUSTER_URL'];
  if (cluster === undefined) {
    throw new Error('The test cluster does not run; start tests with jest');
  }
  const name = `t_${randomBytes(6).toString('hex')}`;
  await onCluster(cluster, `CREATE DATABASE ${name} TEMPLATE canvass_template`);
  return {
    url: cluster.replace(/\/postgres$/, `/${name}`),
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
