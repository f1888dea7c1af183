import { AccountsService } from '../../src/accounts/accounts.service.js';
import { SignInThrottle } from '../../src/accounts/sign_in_throttle.js';
import { WebSessionsService } from '../../src/accounts/web_sessions.service.js';
import { SessionStore } from '../../src/platform/web/session/session_store.js';
import { Clock } from '../../src/platform/clock.js';
import { csrfOf, PASSWORD, type Person, startWorld, type World } from '../world.js';

describe('a session', () => {
  let world: World;
  beforeAll(async () => {
    world = await startWorld();
  });
  afterEach(() => world.clock.set());
  afterAll(() => world.close());
  const aPerson = async (): Promise<Person> => world.aPerson(await world.aBrand(), { type: 'administrator' });

  it('ends after twelve hours however busy it is', async () => {
    const { agent } = await aPerson();
    for (let minutes = 0; minutes < 12 * 60; minutes += 20) {
      expect((await agent.get('/account')).status).toBe(200);
      world.clock.forward(20 * 60_000);
    }
    expect((await agent.get('/account')).status).toBe(303);
  });

  it('stays ended although a request of it was still under way', async () => {
    const { user } = await aPerson();
    const store = new SessionStore(world.database, world.app.get(Clock));
    const cookie = { originalMaxAge: null };
    const content = { cookie, brandId: user.brandId, userId: user.id, csrf: 'x', flash: [] } as never;
    const done = (work: (next: (error?: unknown) => void) => void) =>
      new Promise<void>((resolve, reject) =>
        work((error) => (error === null || error === undefined ? resolve() : reject(error))),
      );
    await done((next) => store.set('an id', content, next));
    const underWay = store.createSession({ sessionID: 'an id', sessionStore: store } as never, content);
    await world.app.get(WebSessionsService).end(user.id);
    await done((next) => store.set('an id', underWay, next));
    expect(await world.app.get(WebSessionsService).of(user.id, 'an id')).toEqual([]);
  });

  it('is opened by no old link once the address or the password is another one', async () => {
    const ada = await aPerson();
    const accounts = world.app.get(AccountsService);
    const { brandId, id, firstName, lastName, userTypeId, timeZone } = ada.user;
    const tokenOf = async (): Promise<string> =>
      (await accounts.makeSignInLink(brandId, id, 'reset')).split('/').at(-1) ?? '';
    const misaddressed = await tokenOf();
    const details = { firstName, lastName, userTypeId, timeZone, weeklyEmailLimit: null, divisionId: null };
    await accounts.change(brandId, id, { ...details, email: `new.${ada.user.email}` });
    expect(await accounts.useSignInLink(misaddressed)).toBeUndefined();
    const waiting = await tokenOf();
    const password = 'another horse entirely';
    await ada.agent.post('/account/password').type('form').send({ current: PASSWORD, password });
    expect(await accounts.useSignInLink(waiting)).toBeUndefined();
  });

  it('is not guessed open by many tries at once', async () => {
    const { user } = await aPerson();
    const agent = world.visitor();
    const token = csrfOf((await agent.get('/sign-in')).text);
    const tries = await Promise.all(
      Array.from({ length: 20 }, (_, turn) =>
        agent
          .post('/sign-in')
          .set({ 'X-CSRF-Token': token, 'X-Forwarded-For': `192.0.2.${turn}` })
          .type('form')
          .send({ email: user.email, password: `wrong guess ${turn}` }),
      ),
    );
    expect(tries.filter(({ status }) => status === 422)).toHaveLength(5);
    expect(tries.filter(({ status }) => status === 429)).toHaveLength(15);
  });

  it('is guessed from a whole IPv6 network as from one address', async () => {
    const throttle = world.app.get(SignInThrottle);
    for (let turn = 0; turn < 30; turn += 1) {
      await throttle.admit(`someone${turn}@acme.example`, { address: `2001:db8:1:2::${turn.toString(16)}` });
    }
    await expect(throttle.admit('else@acme.example', { address: '2001:db8:1:2:ffff::1' })).rejects.toThrow('Too many');
    await expect(throttle.admit('else@acme.example', { address: '2001:db8:1:3::1' })).resolves.toBeDefined();
  });
});

it('one login is given to one person, however many add it at once', async () => {
  const world = await startWorld();
  const [acme, globex] = [await world.aBrand('Acme'), await world.aBrand('Globex')];
  const [ada, grace] = [
    await world.aPerson(acme, { type: 'administrator' }),
    await world.aPerson(globex, { type: 'administrator' }),
  ];
  const accounts = world.app.get(AccountsService);
  const adding = [ada, grace, ada, grace].map(({ user }) =>
    accounts.addUser(user.brandId, { email: 'Same@acme.example', userTypeId: user.userTypeId }),
  );
  const ends = await Promise.allSettled(adding);
  expect(ends.filter(({ status }) => status === 'fulfilled')).toHaveLength(1);
  for (const end of ends.filter((one) => one.status === 'rejected')) {
    expect(String(end.reason)).toContain('Somebody signs in with this e-mail already');
  }
  await world.close();
});
