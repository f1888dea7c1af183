import type TestAgent from 'supertest/lib/agent.js';
import { csrfOf, PASSWORD, startWorld, type World } from '../world.js';
import { AccountsService } from '../../src/accounts/accounts.service.js';

describe('sessions and refusals', () => {
  let world: World;
  beforeAll(async () => {
    world = await startWorld();
  });
  afterAll(() => world.close());

  const sidOf = (cookies: unknown) => /sid=([^;]+)/.exec(String(cookies))?.[1];

  it('begin at sign-in, under an id that nobody could plant before', async () => {
    const brand = await world.aBrand();
    const [{ user }, eve] = [await world.aPerson(brand), await world.aPerson(brand, { firstName: 'Eve' })];
    const signIn = async (agent: TestAgent, email: string) => {
      const form = await agent.get('/sign-in');
      const fields = { _csrf: csrfOf(form.text), email, password: PASSWORD };
      return agent.post('/sign-in').type('form').send(fields);
    };
    const planted = sidOf((await signIn(world.visitor(), eve.user.email)).headers['set-cookie']);
    const victim = world.visitor();
    expect(sidOf((await victim.get('/sign-in')).headers['set-cookie'])).toBeUndefined();
    victim.jar.setCookie(`sid=${planted}; Path=/`);
    const out = csrfOf((await victim.get('/account')).text);
    const answer = await victim
      .post('/sign-in')
      .type('form')
      .send({ _csrf: out, email: user.email, password: PASSWORD });
    const after = sidOf(answer.headers['set-cookie']);
    expect(after).toBeDefined();
    expect(after).not.toBe(planted);
    const thief = world.visitor().set('Cookie', `sid=${planted}`);
    expect((await thief.get('/account')).text).not.toContain(user.email);
  });

  it('end at sign-out, also for a copy of the cookie', async () => {
    const { user } = await world.aPerson(await world.aBrand());
    const agent = world.visitor();
    const form = await agent.get('/sign-in');
    const fields = { _csrf: csrfOf(form.text), email: user.email, password: PASSWORD };
    const signedIn = await agent.post('/sign-in').type('form').send(fields);
    const copy = world.visitor().set('Cookie', `sid=${sidOf(signedIn.headers['set-cookie'])}`);
    expect((await copy.get('/account')).status).toBe(200);
    const page = await agent.get('/account');
    const answer = await agent
      .post('/sign-out')
      .type('form')
      .send({ _csrf: csrfOf(page.text) });
    expect(answer.headers['location']).toBe('/sign-in');
    expect((await agent.get('/account')).status).toBe(303);
    expect((await copy.get('/account')).status).toBe(303);
  });

  it('end half an hour after the last click', async () => {
    const { agent } = await world.aPerson(await world.aBrand());
    world.clock.forward(29 * 60_000);
    expect((await agent.get('/account')).status).toBe(200);
    world.clock.forward(29 * 60_000);
    expect((await agent.get('/account')).status).toBe(200);
    world.clock.forward(31 * 60_000);
    expect((await agent.get('/account')).status).toBe(303);
    world.clock.set();
  });

  it('let a sign-in link in once, by its button and not by opening it', async () => {
    const { user } = await world.aPerson(await world.aBrand());
    const link = await world.app.get(AccountsService).makeSignInLink(user.brandId, user.id, 'sign-in');
    const path = new URL(link).pathname;
    const [first, second] = [world.visitor(), world.visitor()];
    const page = await first.get(path);
    expect(page.status).toBe(200);
    expect((await first.get('/account')).status).toBe(303);
    expect(
      (
        await first
          .post(path)
          .type('form')
          .send({ _csrf: csrfOf(page.text) })
      ).status,
    ).toBe(303);
    expect((await first.get('/account')).status).toBe(200);
    const again = await second.get(path);
    const refused = await second
      .post(path)
      .type('form')
      .send({ _csrf: csrfOf(again.text) });
    expect(refused.status).toBe(404);
    expect(refused.text).toContain('was used already or is too old');
  });

  it('let nobody in by a link that is older than an hour', async () => {
    const { user } = await world.aPerson(await world.aBrand());
    const link = await world.app.get(AccountsService).makeSignInLink(user.brandId, user.id, 'sign-in');
    world.clock.forward(61 * 60_000);
    const agent = world.visitor();
    const page = await agent.get(new URL(link).pathname);
    const answer = await agent
      .post(new URL(link).pathname)
      .type('form')
      .send({ _csrf: csrfOf(page.text) });
    expect(answer.status).toBe(404);
    world.clock.set();
  });

  it('refuse a form without its token, with a foreign one, or from another site', async () => {
    const brand = await world.aBrand();
    const { agent, user } = await world.aPerson(brand);
    const other = await world.aPerson(brand, { firstName: 'Grace' });
    const token = csrfOf((await agent.get('/account')).text);
    const foreign = csrfOf((await other.agent.get('/account')).text);
    const profile = { firstName: 'Eve', lastName: 'Il', timeZone: 'UTC' };
    const post = () => agent.post('/account/profile').type('form').send(profile);
    expect((await post().unset('X-CSRF-Token')).status).toBe(403);
    expect((await post().set('X-CSRF-Token', foreign)).status).toBe(403);
    expect((await post().set('Origin', 'https://evil.example')).status).toBe(403);
    expect((await post().set('Sec-Fetch-Site', 'cross-site')).status).toBe(403);
    expect((await agent.get('/account')).text).not.toContain('value="Eve"');
    expect((await post().set('X-CSRF-Token', token).set('Sec-Fetch-Site', 'same-origin')).status).toBe(303);
    expect(user.email).toBeDefined();
  });

  it('show an unknown address inside the console to people who are signed in, and plainly to others', async () => {
    const { agent } = await world.aPerson(await world.aBrand('Acme Research'));
    const inside = await agent.get('/no/such/page');
    expect(inside.status).toBe(404);
    expect(inside.text).toContain('class="rail"');
    expect(inside.text).toContain('Acme Research');
    const outside = await world.visitor().get('/no/such/page');
    expect(outside.status).toBe(404);
    expect(outside.text).not.toContain('class="rail"');
  });

  it('answer unknown addresses of the API in its envelope', async () => {
    const { token } = await world.aPerson(await world.aBrand());
    const answer = await world.visitor().get('/API/v3/nothing').set('X-API-TOKEN', token);
    expect(answer.status).toBe(404);
    expect(answer.body).toMatchObject({
      meta: { httpStatus: '404 - Not Found', error: { errorCode: 'UNKNOWN_CALL' } },
    });
  });
});
