import { auditEntries } from '../brands/builders.js';
import { startWorld, type World } from '../world.js';
import { pathOf, typeId } from './builders.js';

describe('the switches of a person', () => {
  let world: World;
  beforeAll(async () => {
    world = await startWorld();
  });
  afterAll(() => world.close());

  async function aTeam() {
    const brand = await world.aBrand();
    const ada = await world.aPerson(brand, { type: 'administrator' });
    const grace = await world.aPerson(brand, { firstName: 'Grace', lastName: 'Hopper' });
    const switched = (permission: string, state: string, who = grace) =>
      ada.agent
        .post(pathOf(world, who, '/permissions'))
        .set('HX-Request', 'true')
        .set('HX-Request-Type', 'partial')
        .type('form')
        .send({ permission, state });
    return { brand, ada, grace, switched };
  }

  it('answer with their own row: what holds, where it comes from, and that it is saved', async () => {
    const { grace, switched, brand } = await aTeam();
    const row = await switched('audit:view', 'on');
    expect(row.status).toBe(200);
    expect(row.text).toMatch(/^<form class="perm" id="permission_audit_view"/);
    expect(row.text).toContain('set by hand; Standard has it off');
    expect(row.text).toContain('Saved');
    expect((await grace.agent.get('/brand/audit')).status).toBe(200);
    const back = await switched('audit:view', 'type');
    expect(back.text).toContain('from the type Standard');
    expect((await grace.agent.get('/brand/audit')).status).toBe(403);
    expect(await auditEntries(world, brand.id, 'permission.set')).toMatchObject([
      { subject: grace.user.email, before: { state: 'type' }, after: { permission: 'audit:view', state: 'on' } },
      { before: { state: 'on' }, after: { state: 'type' } },
    ]);
  });

  it('count from the next click, for pages and for the API', async () => {
    const { grace, switched } = await aTeam();
    await switched('api:access', 'off');
    expect((await grace.agent.get('/account')).text).not.toContain('id="api_tokens"');
    const answer = await world.visitor().get('/API/v3/whoami').set('X-API-TOKEN', grace.token);
    expect(answer.status).toBe(403);
  });

  it('work without scripts: the page comes back', async () => {
    const { ada, grace } = await aTeam();
    const path = pathOf(world, grace);
    const answer = await ada.agent
      .post(`${path}/permissions`)
      .type('form')
      .send({ permission: 'contacts:view', state: 'off' });
    expect([answer.status, answer.headers['location']]).toEqual([303, path]);
  });

  it('refuse to take the own right to administer, and unknown permissions and states', async () => {
    const { ada, switched } = await aTeam();
    const own = await switched('brand:admin', 'off', ada);
    expect(own.status).toBe(409);
    expect(own.text).toContain('You cannot withdraw your own right');
    expect((await switched('no:such', 'on')).status).toBe(422);
    expect((await switched('api:access', 'perhaps')).status).toBe(422);
    expect((await ada.agent.get('/people')).status).toBe(200);
  });

  it('do not let an administrator by hand fall back to a type that is none', async () => {
    const { grace, switched } = await aTeam();
    await switched('brand:admin', 'on');
    const answer = await grace.agent
      .post(pathOf(world, grace, '/permissions'))
      .type('form')
      .send({ permission: 'brand:admin', state: 'type' });
    expect(answer.status).toBe(409);
    expect((await grace.agent.get('/people')).status).toBe(200);
  });

  it('leave one administrator where two withdraw each other at once', async () => {
    const { ada, grace, switched, brand } = await aTeam();
    await switched('brand:admin', 'on');
    const type = await typeId(world, brand.id, 'viewer');
    const { email, firstName, lastName } = ada.user;
    const answers = await Promise.all([
      switched('brand:admin', 'off'),
      grace.agent
        .post(pathOf(world, ada))
        .type('form')
        .send({ email, firstName, lastName, type, timeZone: 'UTC', weeklyEmailLimit: '' }),
    ]);
    expect(answers.map(({ status }) => status)).toContain(403);
    const admitted = [await ada.agent.get('/people'), await grace.agent.get('/people')];
    expect(new Set(admitted.map(({ status }) => status))).toEqual(new Set([200, 403]));
  });
});
