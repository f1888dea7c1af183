import { ApiTokensService } from '../../src/accounts/api_tokens.service.js';
import { endpointOf } from '../../src/brands/api_endpoints.js';
import { ApiRates } from '../../src/brands/api_rates.js';
import { Config } from '../../src/platform/config.js';
import { Clock } from '../../src/platform/clock.js';
import { DoorLimits } from '../../src/platform/web/admission/door_limits.js';
import { type Person, startWorld, type World } from '../world.js';

describe('programs', () => {
  let world: World;
  beforeAll(async () => {
    world = await startWorld({ MISSES_AT_ONCE: '20', MISSES_PER_SECOND: '1' });
  });
  beforeEach(() => world.clock.forward(300_000));
  afterAll(() => world.close());

  const call = (token: string, path = 'whoami') => world.visitor().get(`/API/v3/${path}`).set('X-API-TOKEN', token);

  async function aBrandWith(limit: number): Promise<Person> {
    const brand = await world.aBrand();
    const person = await world.aPerson(brand);
    await world.database.inBrand(brand.id, (unit) =>
      unit.run('UPDATE brands SET api_requests_per_minute = $2 WHERE id = $1', [brand.id, limit]),
    );
    await world.app.get(ApiRates).tell(brand.id);
    return person;
  }

  it('of one brand make so many calls a minute, with whatever tokens, and are told when to come back', async () => {
    const [ada, other] = [await aBrandWith(6), await aBrandWith(6)];
    const second = await world.app.get(ApiTokensService).create(ada.actor, 'Another');
    const answers = [];
    for (let turn = 0; turn < 8; turn += 1) {
      answers.push(await call(turn % 2 === 0 ? ada.token : second));
    }
    expect(answers.map(({ status }) => status)).toEqual([200, 200, 200, 200, 200, 200, 429, 429]);
    const refused = answers.at(-1)!;
    expect([refused.type, refused.body.meta.error.errorCode]).toEqual(['application/json', 'RATE_LIMIT']);
    expect(refused.body.meta.error.errorMessage).toContain('This brand may make 6 calls a minute.');
    expect((await call(other.token)).status).toBe(200);
    world.clock.forward(Number(refused.headers['retry-after']) * 1000);
    expect((await call(ada.token)).status).toBe(200);
  });

  it('that write are refused before anything is done', async () => {
    const ada = await aBrandWith(1);
    await call(ada.token);
    const lists = () =>
      world.database.inBrand(ada.actor.brandId, (unit) => unit.sql('SELECT 1 FROM contact_lists WHERE true'));
    const answer = await world
      .visitor()
      .post('/API/v3/mailinglists')
      .set('X-API-TOKEN', ada.token)
      .send({ name: 'x', libraryId: 'y' });
    expect(answer.status).toBe(429);
    expect(await lists()).toEqual([]);
  });

  it('have lower limits for calls that cost more, each token its own', async () => {
    const { brandId } = (await aBrandWith(3000)).actor;
    const rates = world.app.get(ApiRates);
    const exports = endpointOf('POST', '/API/v3/surveys/SV_1/export-responses');
    for (let turn = 0; turn < 100; turn += 1) {
      rates.admit({ brandId, tokenId: '1' }, exports);
    }
    expect(() => rates.admit({ brandId, tokenId: '1' }, exports)).toThrow('100 such calls a minute (exports)');
    expect(() => rates.admit({ brandId, tokenId: '2' }, exports)).not.toThrow();
    expect(() => rates.admit({ brandId, tokenId: '1' }, undefined)).not.toThrow();
  });

  it.each([
    ['GET', 'distributions/EMD_1/history', 'history'],
    ['GET', 'distributions/EMD_1/links', 'links'],
    ['GET', 'surveys/SV_1/export-responses/ES_1', 'export progress'],
    ['POST', 'directories/POOL_1/mailinglists/CG_1/contacts', 'contact writes'],
    ['DELETE', 'mailinglists/ML_1', 'contact writes'],
    ['GET', 'mailinglists/ML_1', undefined],
    ['POST', 'distributions', undefined],
    ['GET', 'whoami', undefined],
  ])('that say %s %s are counted as %s', (method, path, name) => {
    expect(endpointOf(method, `/API/v3/${path}`)?.name).toBe(name);
  });

  it('are counted together by processes that share a database', async () => {
    const { brandId } = (await aBrandWith(10)).actor;
    const [one, two] = [0, 1].map(() => new ApiRates(world.database, world.app.get(Clock), world.app.get(Config)));
    const caller = { brandId, tokenId: '1' };
    for (const rates of [one!, two!]) {
      await rates.tell(brandId);
      for (let turn = 0; turn < 5; turn += 1) {
        rates.admit(caller, undefined);
      }
    }
    for (const rates of [one!, two!, one!]) {
      await rates.tell(brandId);
    }
    expect(() => one!.admit(caller, undefined)).toThrow('10 calls a minute');
    expect(() => two!.admit(caller, undefined)).toThrow('10 calls a minute');
    expect((await two!.meter(brandId)).used).toBe(10);
    await Promise.all([one!.onApplicationShutdown(), two!.onApplicationShutdown()]);
  });

  it('that guess tokens wait soon, while tokens that are known go on', async () => {
    const ada = await aBrandWith(3000);
    expect((await call(ada.token)).status).toBe(200);
    const statuses: number[] = [];
    for (let turn = 0; turn < 23; turn += 1) {
      statuses.push((await call(`cv_${String(turn).padStart(37, 'x')}`)).status);
    }
    expect(statuses).toEqual([...Array<number>(20).fill(401), 429, 429, 429]);
    expect((await call(ada.token)).status).toBe(200);
  });

  it('are let in for the first time whatever all other networks guess', async () => {
    const ada = await aBrandWith(3000);
    const limits = world.app.get(DoorLimits);
    for (let network = 0; network < 250; network += 1) {
      try {
        limits.miss(`198.51.100.${network}`);
      } catch {
        // the bound of all networks together is reached
      }
    }
    expect((await call(ada.token)).status).toBe(200);
  });

  it('that go on with one wrong token do not shut their neighbours out', async () => {
    const ada = await aBrandWith(3000);
    for (let turn = 0; turn < 40; turn += 1) {
      expect((await call(`cv_${'z'.repeat(37)}`)).status).toBe(401);
    }
    expect((await call(ada.token)).status).toBe(200);
  });

  it('with a token that was withdrawn use nothing of the brand up', async () => {
    const ada = await aBrandWith(3);
    const ended = await world.app.get(ApiTokensService).create(ada.actor, 'Ends');
    await world.database.inBrand(ada.actor.brandId, (unit) =>
      unit.run(`UPDATE api_tokens SET revoked_at = created_at WHERE name = 'Ends'`),
    );
    for (let turn = 0; turn < 6; turn += 1) {
      expect((await call(ended)).status).toBe(401);
    }
    expect((await call(ada.token)).status).toBe(200);
  });

  it('are metered where the brand sets its limits', async () => {
    const brand = await world.aBrand();
    const ada = await world.aPerson(brand, { type: 'administrator' });
    await call(ada.token);
    await call(ada.token);
    const page = await ada.agent.get('/brand');
    expect(page.text).toContain('2 of 3,000 in the last sixty seconds');
    expect(page.text).toMatch(
      /name="apiRequestsPerMinute"[^>]*value="3000"|value="3000"[^>]*name="apiRequestsPerMinute"/,
    );
  });
});
