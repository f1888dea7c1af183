import { randomBytes } from 'node:crypto';
import { mkdtemp, readdir, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { INestApplicationContext } from '@nestjs/common';
import pg from 'pg';
import { AccountsService } from '../../src/accounts/accounts.service.js';
import { closeApplication, commandContext, readyDatabase } from '../../src/boot.js';
import { BrandsService } from '../../src/brands/brands.service.js';
import { prepareFirstStart } from '../../src/first_start.js';
import { BadConfiguration, type Config, readConfig } from '../../src/platform/config.js';
import { freshDatabase, type TestDatabase } from '../database.js';

const SECRET_KEY = randomBytes(32).toString('hex');

describe('the first start', () => {
  let database: TestDatabase;
  const open: INestApplicationContext[] = [];
  const configOf = (words: Record<string, string> = {}): Config => readConfig({ SECRET_KEY, PORT: '0', ...words });
  async function starting(words: Record<string, string> = {}) {
    const config = configOf(words);
    const app = await commandContext(config, database.url);
    open.push(app);
    return prepareFirstStart(app, config);
  }
  beforeEach(async () => {
    database = await freshDatabase();
  });
  afterEach(async () => {
    await Promise.all(open.splice(0).map((app) => closeApplication(app)));
    await database.drop();
  });

  it('makes one brand with one administrator, however many processes start at once', async () => {
    const words = { ADMIN_EMAIL: 'ada@acme.example', ADMIN_PASSWORD: 'correct horse battery' };
    const made = await Promise.all([starting(words), starting(words), starting(words)]);
    expect(made.filter((one) => one !== undefined)).toHaveLength(1);
    const [app] = open;
    const [brandId, ...others] = await app!.get(BrandsService).ids();
    expect(others).toEqual([]);
    expect(await app!.get(AccountsService).peopleOf(brandId!)).toHaveLength(1);
  });

  it('writes nothing for a password that is not good enough, and works with a better one', async () => {
    const bad = starting({ ADMIN_EMAIL: 'ada.lovelace@acme.example', ADMIN_PASSWORD: 'ada.lovelace1815' });
    await expect(bad).rejects.toThrow(BadConfiguration);
    await expect(bad).rejects.toThrow('ADMIN_PASSWORD');
    expect(await open[0]!.get(BrandsService).ids()).toEqual([]);
    const made = await starting({ ADMIN_EMAIL: 'ada.lovelace@acme.example', ADMIN_PASSWORD: 'correct horse battery' });
    expect(made).toMatchObject({ email: 'ada.lovelace@acme.example', signInLink: undefined });
  });

  it('gives the administrator to a brand that a killed start left without people', async () => {
    const app = await commandContext(configOf(), database.url);
    open.push(app);
    const { id } = await app.get(BrandsService).create('Acme');
    expect(await starting()).toMatchObject({ brandId: id, brandName: 'Acme' });
    expect(await starting()).toBeUndefined();
  });
});

describe('a wrong SECRET_KEY', () => {
  it('changes nothing: no migration, no key, no file', async () => {
    const database = await freshDatabase();
    const folder = await mkdtemp(join(tmpdir(), 'canvass-key-'));
    await closeApplication(await commandContext(readConfig({ SECRET_KEY, PORT: '0' }), database.url));
    const client = new pg.Client({ connectionString: database.superuserUrl });
    await client.connect();
    // As if a newer version brought a key and a migration along.
    await client.query(`DELETE FROM installation_keys WHERE purpose = 'verp'`);
    await client.query(`DELETE FROM migrations WHERE name = (SELECT max(name) FROM migrations)`);
    const state = async () => (await client.query('SELECT * FROM migrations, installation_keys ORDER BY 1, 4')).rows;
    const before = await state();
    const shared = { PORT: '0', DATA_DIR: folder, DATABASE_URL: database.url };
    for (const words of [{ ...shared, SECRET_KEY: randomBytes(32).toString('hex') }, shared]) {
      await expect(readyDatabase(readConfig(words))).rejects.toThrow(BadConfiguration);
    }
    const wrong = readConfig({ PORT: '0', SECRET_KEY: 'a'.repeat(64) });
    await expect(commandContext(wrong, database.url)).rejects.toThrow(BadConfiguration);
    expect(await state()).toEqual(before);
    expect(await readdir(folder)).toEqual([]);
    await client.end();
    await rm(folder, { recursive: true });
    await database.drop();
  });
});
