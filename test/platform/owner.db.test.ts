import { randomBytes } from 'node:crypto';
import pg from 'pg';
import { AccountsService } from '../../src/accounts/accounts.service.js';
import { ApiTokensService } from '../../src/accounts/api_tokens.service.js';
import { closeApplication, webApplication } from '../../src/boot.js';
import { BrandsService } from '../../src/brands/brands.service.js';
import { readConfig } from '../../src/platform/config.js';
import { Jobs } from '../../src/platform/queue/jobs.js';
import { migrate, weaknessOfRole } from '../../src/platform/db/orm.js';

const cluster = (): string => process.env['TEST_CLUSTER_URL']!;

async function asSuperuser(...statements: string[]): Promise<void> {
  const client = new pg.Client({ connectionString: cluster() });
  await client.connect();
  try {
    for (const statement of statements) {
      await client.query(statement);
    }
  } finally {
    await client.end();
  }
}

describe('a database whose owner is no superuser', () => {
  const name = `o_${randomBytes(6).toString('hex')}`;
  const url = (): string =>
    cluster()
      .replace(/\/\/[^@]+@/, `//${name}:secret@`)
      .replace(/\/postgres$/, `/${name}`);

  beforeAll(async () => {
    await asSuperuser(
      `CREATE ROLE ${name} LOGIN PASSWORD 'secret'`,
      `GRANT canvass_app, canvass_finder TO ${name}`,
      `CREATE DATABASE ${name} OWNER ${name}`,
    );
  });
  afterAll(async () => {
    await asSuperuser(`DROP DATABASE IF EXISTS ${name} WITH (FORCE)`, `DROP ROLE ${name}`);
  });

  it('is migrated by a member of the roles that may not grant them', async () => {
    expect((await migrate(url())).length).toBeGreaterThan(0);
    expect(await weaknessOfRole(url())).toBeUndefined();
    expect(await migrate(url())).toEqual([]);
  });

  it('serves brands, people and the finders', async () => {
    const config = readConfig({ PORT: '0', SECRET_KEY: randomBytes(32).toString('hex'), LOG_LEVEL: 'error' });
    const app = await webApplication(config, url());
    const brand = await app.get(BrandsService).create('Acme');
    const { id: userTypeId } = await app.get(BrandsService).typeByKey(brand.id, 'administrator');
    const user = await app.get(AccountsService).addUser(brand.id, { email: 'ada@acme.example', userTypeId });
    const token = await app.get(ApiTokensService).create({ brandId: brand.id, userId: user.id }, 'Tests');
    expect(await app.get(BrandsService).ids()).toEqual([brand.id]);
    expect(await app.get(AccountsService).byLogin('ADA@acme.example')).toMatchObject({ id: user.id });
    expect(await app.get(ApiTokensService).find(token)).toMatchObject({ brandId: brand.id, userId: user.id });
    await expect(app.get(Jobs).sweep()).resolves.toBeUndefined();
    await closeApplication(app);
  });
});

it('several processes may migrate one empty database at once', async () => {
  const name = `m_${randomBytes(6).toString('hex')}`;
  await asSuperuser(`CREATE DATABASE ${name}`);
  const url = cluster().replace(/\/postgres$/, `/${name}`);
  const ran = await Promise.all([migrate(url), migrate(url), migrate(url)]);
  expect(ran.filter((names) => names.length > 0)).toHaveLength(1);
  await asSuperuser(`DROP DATABASE ${name}`);
});
