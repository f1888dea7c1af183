import { csrfOf, PASSWORD, startWorld, type World } from '../world.js';

describe('a visitor', () => {
  let world: World;
  beforeAll(async () => {
    world = await startWorld();
  });
  afterAll(() => world.close());

  const rows = async (): Promise<number> => {
    const [row] = await world.database.outsideBrands((unit) =>
      unit.sql<{ count: number }>('SELECT count(*)::int FROM web_sessions'),
    );
    return row!.count;
  };

  it('leaves no session behind, whatever is asked for and however', async () => {
    const paths = ['/', '/sign-in', '/sign-in?next=/surveys', '/sign-in/link/abc', '/surveys', '/account', '/nothing'];
    const agent = world.visitor();
    for (const path of paths) {
      await agent.get(path);
      await agent.head(path);
      await world.visitor().get(path).set('Sec-Purpose', 'prefetch');
      await world.visitor().get(path).set('Cookie', 'sid=s%3Amade-up.by-a-bot; form=short');
      await agent.post(path).type('form').send({ email: 'x' });
    }
    const token = csrfOf((await agent.get('/sign-in')).text);
    const refused = { _csrf: token, email: 'nobody@acme.example', password: 'not the password' };
    expect((await agent.post('/sign-in').type('form').send(refused)).status).toBe(422);
    expect(await rows()).toBe(0);
  });

  it('gets a cookie where a form is drawn, and nowhere else', async () => {
    for (const path of ['/', '/nothing', '/account', '/surveys', '/healthz']) {
      expect([path, (await world.visitor().get(path)).headers['set-cookie']]).toEqual([path, undefined]);
    }
    const agent = world.visitor();
    expect(String((await agent.get('/sign-in')).headers['set-cookie'])).toMatch(/^form=[\w-]{32}; .*HttpOnly/);
    expect((await agent.get('/sign-in/link/abc')).headers['set-cookie']).toBeUndefined();
  });

  it('sends no form with the token of another browser, nor one made up', async () => {
    const [mine, other] = [world.visitor(), world.visitor()];
    const token = csrfOf((await mine.get('/sign-in')).text);
    const foreign = csrfOf((await other.get('/sign-in')).text);
    const post = (given: string) =>
      mine.post('/sign-in').type('form').send({ _csrf: given, email: 'a', password: 'b' });
    for (const given of [foreign, '', 'undefined', token.slice(1)]) {
      expect((await post(given)).status).toBe(403);
    }
    expect((await post(token)).status).toBe(422);
    expect((await world.visitor().post('/sign-in').type('form').send({ _csrf: token })).status).toBe(403);
  });

  it('who signed in sends nothing with the token that a visitor had', async () => {
    const { user } = await world.aPerson(await world.aBrand());
    const agent = world.visitor();
    const token = csrfOf((await agent.get('/sign-in')).text);
    await agent.post('/sign-in').type('form').send({ _csrf: token, email: user.email, password: PASSWORD });
    expect((await agent.post('/account/session-endings').type('form').send({ _csrf: token })).status).toBe(403);
  });

  it('who signs in again and again keeps fifty sessions', async () => {
    const { user } = await world.aPerson(await world.aBrand());
    const agent = world.visitor();
    const now = world.clock.now();
    const end = new Date(now.getTime() + 60_000);
    await world.database.outsideBrands((unit) =>
      unit.sql(
        `INSERT INTO web_sessions (id_hash, brand_id, user_id, content, created_at, expires_at)
         SELECT sha256(n::text::bytea), $1, $2, '{}', $3, $4 FROM generate_series(1, 80) n`,
        [user.brandId, user.id, now, end],
      ),
    );
    world.clock.forward(1000);
    const token = csrfOf((await agent.get('/sign-in')).text);
    await agent.post('/sign-in').type('form').send({ _csrf: token, email: user.email, password: PASSWORD });
    expect((await agent.get('/account')).status).toBe(200);
    const [{ count }] = (await world.database.outsideBrands((unit) =>
      unit.sql('SELECT count(*)::int FROM web_sessions WHERE user_id = $1', [user.id]),
    )) as [{ count: number }];
    expect(count).toBe(50);
  });
});
