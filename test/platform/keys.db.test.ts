import { randomBytes } from 'node:crypto';
import { closeApplication, commandContext } from '../../src/boot.js';
import { BadConfiguration, readConfig } from '../../src/platform/config.js';
import { Keys } from '../../src/platform/keys.js';
import { freshDatabase, type TestDatabase } from '../database.js';

describe('the keys of an installation', () => {
  let database: TestDatabase;
  const secret = randomBytes(32).toString('hex');
  const start = (key: string) => commandContext(readConfig({ SECRET_KEY: key, PORT: '0' }), database.url);
  beforeAll(async () => {
    database = await freshDatabase();
  });
  afterAll(() => database.drop());

  it('are the same after a restart', async () => {
    const first = await start(secret);
    const mac = first.get(Keys).mac('link', 'x');
    await closeApplication(first);
    const second = await start(secret);
    expect(second.get(Keys).mac('link', 'x')).toBe(mac);
    await closeApplication(second);
  });

  it('stop the start when SECRET_KEY is another one', async () => {
    await expect(start(randomBytes(32).toString('hex'))).rejects.toThrow(BadConfiguration);
  });

  it('open a secret only where it was sealed', async () => {
    const app = await start(secret);
    const keys = app.get(Keys);
    const sealed = keys.seal(Buffer.from('relay password'), 'relays|password|1');
    expect(keys.unseal(sealed, 'relays|password|1').toString()).toBe('relay password');
    expect(() => keys.unseal(sealed, 'relays|password|2')).toThrow();
    await closeApplication(app);
  });
});
