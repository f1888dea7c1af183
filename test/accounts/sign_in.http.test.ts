import { csrfOf, PASSWORD, startWorld, type World } from '../world.js';

describe('signing in', () => {
  let world: World;
  beforeAll(async () => {
    world = await startWorld();
  });
  afterAll(() => world.close());

  async function trying(email: string, password: string, next = '') {
    const agent = world.visitor();
    const page = await agent.get('/sign-in').query({ next });
    const answer = await agent
      .post('/sign-in')
      .type('form')
      .send({ _csrf: csrfOf(page.text), email, password, next });
    return { agent, answer };
  }

  it('opens the console with the right password and goes where one wanted to go', async () => {
    const { user } = await world.aPerson(await world.aBrand());
    const { answer } = await trying(user.email, PASSWORD, '/surveys?stage=active');
    expect(answer.status).toBe(303);
    expect(answer.headers['location']).toBe('/surveys?stage=active');
  });

  it('never sends people to another site', async () => {
    const { user } = await world.aPerson(await world.aBrand());
    for (const next of ['//evil.example', '/\\evil.example', 'https://evil.example']) {
      const { answer } = await trying(user.email, PASSWORD, next);
      expect(answer.headers['location']).toBe('/');
    }
  });

  it('shows the form again with the address and without a hint at who exists', async () => {
    const { user } = await world.aPerson(await world.aBrand());
    const known = await trying(user.email, 'not the password');
    const unknown = await trying('nobody@acme.example', 'not the password');
    expect([known.answer.status, unknown.answer.status]).toEqual([422, 422]);
    expect(known.answer.text).toContain(`value="${user.email}"`);
    const sentence = 'The e-mail or the password is not right.';
    expect([known.answer.text, unknown.answer.text].map((text) => text.includes(sentence))).toEqual([true, true]);
  });

  it('makes guessers wait', async () => {
    const { user } = await world.aPerson(await world.aBrand());
    for (let turn = 0; turn < 5; turn += 1) {
      await trying(user.email, 'not the password');
    }
    const { answer } = await trying(user.email, PASSWORD);
    expect(answer.status).toBe(429);
    expect(answer.text).toContain('href="/sign-in"');
    expect(Number(answer.headers['retry-after'])).toBeGreaterThan(0);
  });
});
