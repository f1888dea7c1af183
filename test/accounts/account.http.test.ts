import { auditEntries } from '../brands/builders.js';
import { csrfOf, PASSWORD, startWorld, type World } from '../world.js';

describe('my account', () => {
  let world: World;
  beforeAll(async () => {
    world = await startWorld();
  });
  afterAll(() => world.close());

  const NEW_PASSWORD = 'seventeen green umbrellas';

  async function anotherBrowserOf(email: string) {
    const agent = world.visitor();
    const form = await agent.get('/sign-in');
    await agent
      .post('/sign-in')
      .type('form')
      .send({ _csrf: csrfOf(form.text), email, password: PASSWORD });
    return agent;
  }

  it('shows who I am, and no API tokens to people who may not use the API', async () => {
    const brand = await world.aBrand();
    const ada = await world.aPerson(brand);
    const viewer = await world.aPerson(brand, { type: 'viewer', firstName: 'Vi' });
    const page = await ada.agent.get('/account');
    expect(page.status).toBe(200);
    expect(page.text).toContain(ada.user.email);
    expect(page.text).toContain('id="api_tokens"');
    expect((await viewer.agent.get('/account')).text).not.toContain('id="api_tokens"');
    expect((await viewer.agent.post('/account/tokens').type('form').send({ name: 'x' })).status).toBe(403);
  });

  it('saves the name and the zone, and names what is wrong with them', async () => {
    const { agent, user } = await world.aPerson(await world.aBrand());
    const good = { firstName: '<b>Ada</b>', lastName: 'King', timeZone: 'Europe/Berlin' };
    expect((await agent.post('/account/profile').type('form').send(good)).status).toBe(303);
    const page = await agent.get('/account');
    expect(page.text).toContain('&lt;b&gt;Ada&lt;/b&gt;');
    expect(page.text).toContain('<option value="Europe/Berlin" selected>');
    const bad = await agent
      .post('/account/profile')
      .type('form')
      .send({ ...good, timeZone: 'Mars/Olympus' });
    expect(bad.status).toBe(422);
    expect(bad.text).toContain('Choose a time zone of the list.');
    expect(await auditEntries(world, user.brandId, 'account.profile')).toHaveLength(1);
  });

  it('takes the zone that the computer tells, by any of its names, and leaves the zone for what is none', async () => {
    const { agent, user } = await world.aPerson(await world.aBrand());
    const shown = async (): Promise<string | undefined> =>
      /id="zone_offer"[^>]*data-zone="([^"]+)"(?: data-first)?/.exec((await agent.get('/account')).text)?.[0];
    expect(await shown()).toContain('data-zone="UTC" data-first');
    const taken = await agent
      .post('/account/zone')
      .type('form')
      .send({ timeZone: 'Asia/Calcutta', back: '/surveys?q=x' });
    expect([taken.status, taken.headers['location']]).toEqual([303, '/surveys?q=x']);
    expect(await shown()).toMatch(/data-zone="Asia\/Kolkata"$/);
    const odd = await agent
      .post('/account/zone')
      .type('form')
      .send({ timeZone: 'Mars/Olympus', back: '//evil.example' });
    expect([odd.status, odd.headers['location']]).toEqual([303, '/']);
    expect(await shown()).toContain('Asia/Kolkata');
    expect(await auditEntries(world, user.brandId, 'account.profile')).toHaveLength(2);
  });

  it('changes the password and ends the other sessions, but not this one', async () => {
    const { agent, user } = await world.aPerson(await world.aBrand());
    const other = await anotherBrowserOf(user.email);
    expect((await other.get('/account')).status).toBe(200);
    const answer = await agent
      .post('/account/password')
      .type('form')
      .send({ current: PASSWORD, password: NEW_PASSWORD });
    expect(answer.status).toBe(303);
    expect((await agent.get('/account')).status).toBe(200);
    expect((await other.get('/account')).status).toBe(303);
    expect(await auditEntries(world, user.brandId, 'account.password')).toHaveLength(1);
  });

  it.each([
    ['a wrong current one', { current: 'wrong', password: NEW_PASSWORD }, 'The current password is not right.'],
    ['a short one', { current: PASSWORD, password: 'short' }, 'The password needs 12 characters or more.'],
    ['a common one', { current: PASSWORD, password: 'password123456' }, 'one of the first that guessing tools try'],
    ['one with the own name', { current: PASSWORD, password: 'I am AdaLovelace 1' }, 'must not contain your name'],
  ])('refuses %s and never repeats what was typed', async (_, typed, message) => {
    const { agent } = await world.aPerson(await world.aBrand());
    const answer = await agent.post('/account/password').type('form').send(typed);
    expect(answer.status).toBe(422);
    expect(answer.text).toContain(message);
    expect(answer.text).not.toContain(`value="${typed.password}"`);
  });

  it('signs me out everywhere else', async () => {
    const { agent, user } = await world.aPerson(await world.aBrand());
    const other = await anotherBrowserOf(user.email);
    expect((await agent.get('/account')).text).toContain('Sign out everywhere else');
    await agent.post('/account/session-endings').type('form').send({});
    expect((await other.get('/account')).status).toBe(303);
    expect((await agent.get('/account')).status).toBe(200);
  });

  it('shows a new API token once, lists it by its beginning, and revokes it at once', async () => {
    const { agent } = await world.aPerson(await world.aBrand());
    const made = await agent.post('/account/tokens').type('form').send({ name: 'Nightly export' });
    expect(made.status).toBe(201);
    expect(made.headers['cache-control']).toBe('no-store');
    const token = /value="(cv_[\w-]{37})"/.exec(made.text)?.[1] ?? '';
    const page = await agent.get('/account');
    expect(page.text).not.toContain(token);
    expect(page.text).toContain(`${token.slice(0, 7)}…`);
    const [, id] = /id="token_(TK_\w+)">\s*<td><span class="table__main">Nightly export/.exec(page.text) ?? [];
    const revoked = await agent.post(`/account/tokens/${id}/revocation`).type('form').send({});
    expect(revoked.status).toBe(303);
    expect((await agent.get('/account')).text).not.toContain(`id="token_${id}"`);
    expect((await agent.post(`/account/tokens/${id}/revocation`).type('form').send({})).status).toBe(404);
  });

  it('refuses a token without a name', async () => {
    const { agent } = await world.aPerson(await world.aBrand());
    const answer = await agent.post('/account/tokens').type('form').send({ name: '  ' });
    expect(answer.status).toBe(422);
    expect(answer.text).toContain('Give the token a name');
  });

  it('revokes no token of somebody else', async () => {
    const brand = await world.aBrand();
    const ada = await world.aPerson(brand);
    const grace = await world.aPerson(brand, { firstName: 'Grace' });
    const [, id] = /id="token_(TK_\w+)"/.exec((await grace.agent.get('/account')).text) ?? [];
    expect((await ada.agent.post(`/account/tokens/${id}/revocation`).type('form').send({})).status).toBe(404);
    expect((await grace.agent.get('/account')).text).toContain(`id="token_${id}"`);
  });

  it('is where the bare address leads: to the surveys, or to the sign-in page', async () => {
    const { agent } = await world.aPerson(await world.aBrand());
    expect((await agent.get('/')).headers['location']).toBe('/surveys');
    expect((await world.visitor().get('/')).headers['location']).toBe('/sign-in?next=%2F');
  });
});
