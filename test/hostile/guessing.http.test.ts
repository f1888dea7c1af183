import type TestAgent from 'supertest/lib/agent.js';
import { AccountsService } from '../../src/accounts/accounts.service.js';
import { SignInThrottle } from '../../src/accounts/sign_in_throttle.js';
import { csrfOf, PASSWORD, type Person, startWorld, type World } from '../world.js';

/** How many units of work were begun since; each is a round trip for its BEGIN and one for its COMMIT. */
function countTransactions({ database }: World): () => number {
  let count = 0;
  for (const name of ['inBrand', 'outsideBrands'] as const) {
    const begin = database[name].bind(database) as (...words: unknown[]) => unknown;
    Object.assign(database, {
      [name]: (...words: unknown[]) => {
        count += 1;
        return begin(...words);
      },
    });
  }
  return () => count;
}

/** Addresses of as many networks. */
const network = (turn: number): string => `100.${64 + (turn >> 8)}.${turn & 255}.7`;

describe('guessing a password', () => {
  let world: World;
  beforeAll(async () => {
    world = await startWorld({ TRUST_PROXY: '1' });
  });
  afterEach(() => world.clock.set());
  afterAll(() => world.close());
  const aPerson = async (): Promise<Person> => world.aPerson(await world.aBrand());

  async function trying(email: string, password: string, from: string, agent: TestAgent = world.visitor()) {
    const token = csrfOf((await agent.get('/sign-in')).text);
    return agent
      .post('/sign-in')
      .set({ 'X-CSRF-Token': token, 'X-Forwarded-For': from })
      .type('form')
      .send({ email, password });
  }

  /** A browser that signed in with this account and out again. */
  async function aBrowserOf({ user }: Person, from: string): Promise<TestAgent> {
    const agent = world.visitor();
    await trying(user.email, PASSWORD, from, agent);
    const token = csrfOf((await agent.get('/account')).text);
    await agent.post('/sign-out').type('form').send({ _csrf: token });
    return agent;
  }

  async function fromManyNetworks(email: string): Promise<number[]> {
    const agent = world.visitor();
    const token = csrfOf((await agent.get('/sign-in')).text);
    const tries = await Promise.all(
      Array.from({ length: 60 }, (_, turn) =>
        agent
          .post('/sign-in')
          .set({ 'X-CSRF-Token': token, 'X-Forwarded-For': network(turn) })
          .type('form')
          .send({ email, password: `wrong guess ${turn}` }),
      ),
    );
    return tries.map(({ status }) => status);
  }

  it('from sixty networks at once has ten tries, for a name that exists as for one that does not', async () => {
    const { user } = await aPerson();
    for (const name of [user.email, 'nobody.at.all@acme.example']) {
      const statuses = await fromManyNetworks(name);
      expect([name, statuses.filter((status) => status === 422).length]).toEqual([name, 10]);
      expect(statuses.filter((status) => status === 429)).toHaveLength(50);
    }
  });

  it('has about a hundred tries a day, however patient it is', async () => {
    const { user } = await aPerson();
    const throttle = world.app.get(SignInThrottle);
    let tries = 0;
    for (let minute = 0; minute < 24 * 60; minute += 1) {
      const admitted = await throttle.admit(user.email, { address: network(minute) }).catch(() => undefined);
      tries += admitted === undefined ? 0 : 1;
      world.clock.forward(60_000);
    }
    expect(tries).toBeGreaterThan(90);
    expect(tries).toBeLessThan(115);
  });

  it('by thousands at once is refused before any work, known or not, and costs nobody a try', async () => {
    const { user } = await aPerson();
    const accounts = world.app.get(AccountsService);
    const tries = await Promise.allSettled(
      Array.from({ length: 400 }, (_, turn) =>
        accounts.authenticate(turn % 2 === 0 ? user.email : `nobody.${turn}@acme.example`, 'a wrong guess', {
          address: network(turn),
        }),
      ),
    );
    const full = tries.map((each) => each.status === 'rejected' && String(each.reason).includes('Very many people'));
    expect(full.indexOf(true)).toBe(102);
    expect(full.filter(Boolean)).toHaveLength(400 - 102);
    const elsewhere = await trying('somebody.else@acme.example', 'a wrong guess', '192.0.2.200');
    expect(elsewhere.status).toBe(422);
    world.clock.forward(3_600_000);
    expect((await trying(user.email, PASSWORD, '198.51.100.99')).status).toBe(303);
  });

  it('is not spread over the spellings of one name', async () => {
    const { user } = await aPerson();
    const throttle = world.app.get(SignInThrottle);
    const spellings = [user.email, user.email.toUpperCase(), ` ${user.email} `, user.email.replace('a', 'A')];
    let tries = 0;
    for (let turn = 0; turn < 40; turn += 1) {
      const name = spellings[turn % spellings.length]!;
      const admitted = await throttle.admit(name, { address: network(turn) }).catch(() => undefined);
      tries += admitted === undefined ? 0 : 1;
    }
    expect(tries).toBe(10);
  });

  it('locks out neither a browser nor a network that the owner signed in from', async () => {
    const owner = await aPerson();
    const { user } = owner;
    const laptop = await aBrowserOf(owner, '192.0.2.10');
    await fromManyNetworks(user.email);
    expect((await trying(user.email, PASSWORD, '198.51.100.99')).status).toBe(429);
    expect((await trying(user.email, PASSWORD, '198.51.100.99', laptop)).status).toBe(303);
    expect((await trying(user.email, PASSWORD, '192.0.2.77')).status).toBe(303);
    const link = await world.app.get(AccountsService).makeSignInLink(user.brandId, user.id, 'sign-in');
    const elsewhere = world.visitor();
    const token = csrfOf((await elsewhere.get(new URL(link).pathname)).text);
    const answer = await elsewhere.post(new URL(link).pathname).type('form').send({ _csrf: token });
    expect(answer.status).toBe(303);
  });

  it('with a browser that is known has tries of its own and no more', async () => {
    const owner = await aPerson();
    const laptop = await aBrowserOf(owner, '192.0.2.10');
    const statuses: number[] = [];
    for (let turn = 0; turn < 8; turn += 1) {
      statuses.push((await trying(owner.user.email, `wrong guess ${turn}`, network(turn), laptop)).status);
    }
    expect(statuses).toEqual([422, 422, 422, 422, 422, 429, 429, 429]);
  });

  it('of somebody else is no easier with a browser that one signed in with oneself', async () => {
    const [eve, victim] = [await aPerson(), await aPerson()];
    const browser = await aBrowserOf(eve, '203.0.113.5');
    await fromManyNetworks(victim.user.email);
    expect((await trying(victim.user.email, 'one more guess', '203.0.113.5', browser)).status).toBe(429);
  });

  it('takes the same work for people, strangers, the disabled and those without a password', async () => {
    const brand = await world.aBrand();
    const [known, disabled] = [await world.aPerson(brand), await world.aPerson(brand)];
    const accounts = world.app.get(AccountsService);
    const transactions = countTransactions(world);
    const invited = await accounts.addUser(brand.id, { email: 'in@acme.example', userTypeId: known.user.userTypeId });
    await world.database.inBrand(brand.id, (unit) =>
      unit.run(`UPDATE users SET status = 'disabled' WHERE id = $1`, [disabled.user.id]),
    );
    const work: number[] = [];
    for (const email of [known.user.email, disabled.user.email, invited.email, 'nobody@acme.example']) {
      const before = transactions();
      expect(await accounts.authenticate(email, 'not the password', { address: '192.0.2.1' })).toBeUndefined();
      work.push(transactions() - before);
    }
    expect(work[0]).toBeGreaterThan(2);
    expect(new Set(work).size).toBe(1);
  });
});
