import { startWorld, type World } from '../world.js';

describe('the web', () => {
  let world: World;
  beforeAll(async () => {
    world = await startWorld();
    await agree(world);
  });
  afterAll(() => world.close());

  it('tells machines that it lives and is ready', async () => {
    expect((await world.visitor().get('/healthz')).body).toEqual({ status: 'ok' });
    const ready = await world.visitor().get('/readyz');
    expect(ready.status).toBe(200);
    expect(ready.body).toMatchObject({ status: 'ok', checks: { database: 'ok', schema: 'ok', clock: 'ok' } });
  });

  it('is not ready while a migration has not run, and says what to do', async () => {
    const connection = world.database.orm.em.getConnection();
    const [last] = await connection.execute<{ name: string }[]>('SELECT name FROM migrations ORDER BY id DESC LIMIT 1');
    await connection.execute('UPDATE migrations SET name = ? WHERE name = ?', ['elsewhere', last!.name]);
    const ready = await world.visitor().get('/readyz');
    await connection.execute('UPDATE migrations SET name = ? WHERE name = ?', [last!.name, 'elsewhere']);
    expect(ready.status).toBe(503);
    expect(ready.body.checks.schema).toBe('1 migration has not run: restart, or run bin/canvass migrate');
    expect((await world.visitor().get('/readyz')).status).toBe(200);
  });

  it('is not ready while its clock and the one of the database are apart, and tells how far', async () => {
    world.clock.forward(7_200_000);
    const ready = await world.visitor().get('/readyz');
    await agree(world);
    expect(ready.status).toBe(503);
    expect(ready.body.checks.clock).toMatch(/^7[12]\d\d s apart from the database$/);
  });

  it('answers an unknown page with a page and an unknown API path in the envelope', async () => {
    const page = await world.visitor().get('/nothing-here');
    expect([page.status, page.type]).toEqual([404, 'text/html']);
    const api = await world.visitor().get('/API/v3/nothing');
    expect(api.status).toBe(404);
    expect(api.body).toMatchObject({ meta: { httpStatus: '404 - Not Found', error: { errorCode: 'UNKNOWN_CALL' } } });
  });

  it('knows its API under one spelling only', async () => {
    const lower = await world.visitor().get('/api/v3/whoami');
    expect([lower.status, lower.type]).toEqual([404, 'text/html']);
    expect((await world.visitor().get('/API//v3//whoami/')).status).toBe(401);
  });

  it('says in the envelope that a body is no JSON', async () => {
    const { token } = await world.aPerson(await world.aBrand());
    const call = world.visitor().post('/API/v3/surveys').set('X-API-TOKEN', token);
    const answer = await call.set('Content-Type', 'application/json').send('{"a":');
    expect(answer.status).toBe(400);
    expect(answer.body.meta.error.errorMessage).toBe('The body is not valid JSON.');
  });

  it('sends a policy that lets no foreign script, frame or form through', async () => {
    const policy = String((await world.visitor().get('/sign-in')).headers['content-security-policy']);
    expect(policy).toContain("default-src 'none'");
    expect(policy).toMatch(/script-src 'self' 'nonce-[\w-]+'/);
    expect(policy).toContain("form-action 'self'");
    expect(policy).not.toMatch(/unsafe-/);
  });

  it('serves its files with a lasting address and nothing outside its folders', async () => {
    const page = await world.visitor().get('/sign-in');
    const address = /href="(\/assets\/app\.css\?v[^"]+)"/.exec(page.text)?.[1]?.replaceAll('&#x3D;', '=') ?? '';
    const file = await world.visitor().get(address);
    expect([file.status, file.headers['cache-control']]).toEqual([200, 'public, max-age=31536000, immutable']);
    for (const path of [
      '/assets/../package.json',
      '/assets/%2e%2e/package.json',
      '/assets/..%2fpackage.json',
      '/assets/.env',
      '/assets/vendor/../../x',
    ]) {
      expect((await world.visitor().get(path)).status).toBe(404);
    }
  });

  it('refuses a form without the token of the session, and one from another site', async () => {
    const bare = await world.visitor().post('/sign-in').type('form').send({ email: 'a@b.example', password: 'x' });
    expect(bare.status).toBe(403);
    const foreign = await world.visitor().post('/sign-in').set('Sec-Fetch-Site', 'cross-site').type('form').send({});
    expect(foreign.status).toBe(403);
  });
});

describe('a worker', () => {
  let world: World;
  beforeAll(async () => {
    world = await startWorld({ ROLE: 'worker' });
    await agree(world);
  });
  afterAll(() => world.close());

  it('tells its supervisor how it is and serves no page', async () => {
    expect((await world.visitor().get('/readyz')).status).toBe(200);
    for (const path of ['/sign-in', '/API/v3/whoami', '/assets/app.css', '/']) {
      expect((await world.visitor().get(path)).status).toBe(404);
    }
  });
});

/** Sets a test's clock by the database's: readiness compares both. */
async function agree({ database, clock }: World): Promise<void> {
  const [row] = await database.outsideBrands((unit) => unit.sql<{ now: Date }>('SELECT clock_timestamp() AS now'));
  clock.set(row!.now);
}
