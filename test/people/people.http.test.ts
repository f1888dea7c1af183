import { auditEntries } from '../brands/builders.js';
import { AccountsService } from '../../src/accounts/accounts.service.js';
import { ApiTokensService } from '../../src/accounts/api_tokens.service.js';
import { csrfOf, type Person, startWorld, type World } from '../world.js';
import { pathOf, plain, typeId } from './builders.js';

describe('the people of a brand', () => {
  let world: World;
  beforeAll(async () => {
    world = await startWorld();
  });
  afterAll(() => world.close());

  async function aTeam() {
    const brand = await world.aBrand('Acme Research');
    const ada = await world.aPerson(brand, { type: 'administrator' });
    const grace = await world.aPerson(brand, { firstName: 'Grace', lastName: 'Hopper' });
    return { brand, ada, grace };
  }

  async function details(person: Person, changes: Record<string, string> = {}) {
    const { email, firstName, lastName, brandId } = person.user;
    const type = await typeId(world, brandId, 'standard');
    return { email, firstName, lastName, type, timeZone: 'UTC', weeklyEmailLimit: '', ...changes };
  }

  it('are no business of others: no menu item, and 403 with the name of who can change that', async () => {
    const { ada, grace } = await aTeam();
    expect((await grace.agent.get('/account')).text).not.toContain('href="/people"');
    expect((await ada.agent.get('/account')).text).toContain('href="/people"');
    const refused = await grace.agent.get('/people');
    expect(refused.status).toBe(403);
    expect(refused.text).toContain('the permission “Administer the brand” is off');
    expect(refused.text).toContain(`Ask Ada Lovelace (${ada.user.email}) to switch it on for you under People.`);
    for (const path of ['/people', pathOf(world, ada), pathOf(world, ada, '/disabling')]) {
      expect((await grace.agent.post(path).type('form').send({})).status).toBe(403);
    }
  });

  it('are listed with type, status and last sign-in, found by name and e-mail, filtered by status', async () => {
    const { ada, grace } = await aTeam();
    await ada.agent
      .post(pathOf(world, grace, '/disabling'))
      .type('form')
      .send({});
    const all = await ada.agent.get('/people');
    expect(all.status).toBe(200);
    expect(all.text).toContain('Grace Hopper');
    expect(all.text).toContain('Brand administrator');
    expect((await ada.agent.get('/people').query({ search: 'HOPP' })).text).not.toContain('Ada Lovelace</a>');
    expect((await ada.agent.get('/people').query({ search: grace.user.email })).text).toContain('Grace Hopper');
    expect((await ada.agent.get('/people').query({ status: 'active' })).text).not.toContain('Grace Hopper');
    expect((await ada.agent.get('/people').query({ search: '100%_\\' })).text).toContain('Nobody fits');
  });

  it('come in pages of fifty, each once', async () => {
    const { ada } = await aTeam();
    await world.database.inBrand(ada.user.brandId, (unit) =>
      unit.sql(
        `INSERT INTO users (brand_id, email, first_name, last_name, user_type_id, status, created_at)
         SELECT $1::bigint, 'p' || n || '-' || $1::bigint || '@acme.example', 'P' || n, 'Same', $2, 'active', $3 FROM generate_series(1, 60) n`,
        [ada.user.brandId, ada.user.userTypeId, world.clock.now()],
      ),
    );
    const names = (text: string) => [...text.matchAll(/dir="auto">(P\d+) Same</g)].map(([, name]) => name);
    const first = await ada.agent.get('/people?search=same');
    const [, more = ''] = /href="(\/people\?[^"]*after=[^"]*)"/.exec(plain(first.text)) ?? [];
    const second = await ada.agent.get(more);
    const seen = [...names(first.text), ...names(second.text)];
    expect([seen.length, new Set(seen).size]).toEqual([60, 60]);
  });

  it('are added with a link that is shown once and lets them in once', async () => {
    const { ada, brand } = await aTeam();
    const fields = {
      email: 'barbara@acme.example',
      firstName: 'Barbara',
      lastName: 'Liskov',
      type: await typeId(world, brand.id, 'viewer'),
      timeZone: 'Europe/Berlin',
    };
    const added = await ada.agent.post('/people').type('form').send(fields);
    expect(added.status).toBe(201);
    expect(added.headers['cache-control']).toBe('no-store');
    expect(added.text).toContain('Mails stay on this machine');
    const [, link = ''] = /value="(http[^"]*\/sign-in\/link\/[^"]+)"/.exec(added.text) ?? [];
    const visitor = world.visitor();
    const page = await visitor.get(new URL(link).pathname);
    await visitor
      .post(new URL(link).pathname)
      .type('form')
      .send({ _csrf: csrfOf(page.text) });
    const account = await visitor.get('/account');
    expect(account.text).toContain('You have no password yet');
    const password = { _csrf: csrfOf(account.text), password: 'seventeen green umbrellas' };
    expect((await visitor.post('/account/password').type('form').send(password)).status).toBe(303);
    expect((await ada.agent.get('/people?search=liskov')).text).toContain('</svg>Active</span>');
    expect(await auditEntries(world, brand.id, 'user.add')).toMatchObject([
      { subject: 'barbara@acme.example', after: { name: 'Barbara Liskov', type: 'Viewer' } },
    ]);
  });

  it.each([
    [{ email: 'no address' }, 'This is not an e-mail address.'],
    [{ type: 'UT_000000000000000' }, 'Choose a user type.'],
    [{ timeZone: 'Mars' }, 'Choose a time zone of the list.'],
  ])('are not added with %j, and what was typed stays', async (wrong, message) => {
    const { ada, grace } = await aTeam();
    const fields = await details(grace, { email: 'new@acme.example', firstName: '<i>New</i>', ...wrong });
    const answer = await ada.agent.post('/people').type('form').send(fields);
    expect(answer.status).toBe(422);
    expect(answer.text).toContain(message);
    expect(answer.text).toContain('value="&lt;i&gt;New&lt;/i&gt;"');
    expect((await ada.agent.get('/people?search=new@acme')).text).toContain('Nobody fits');
  });

  it('are not added twice, in whatever brand', async () => {
    const { ada } = await aTeam();
    const stranger = await world.aPerson(await world.aBrand('Other'));
    const fields = await details(ada, { email: stranger.user.email.toUpperCase() });
    const answer = await ada.agent.post('/people').type('form').send(fields);
    expect(answer.status).toBe(422);
    expect(answer.text).toContain('Somebody signs in with this e-mail already.');
  });

  it('get new details, and what was before is on record', async () => {
    const { ada, grace } = await aTeam();
    const type = await typeId(world, grace.user.brandId, 'viewer');
    const fields = await details(grace, { lastName: 'Murray', type, weeklyEmailLimit: '1,500' });
    expect((await ada.agent.post(pathOf(world, grace)).type('form').send(fields)).status).toBe(303);
    const page = await ada.agent.get(pathOf(world, grace));
    expect(page.text).toContain('Grace Murray');
    expect(page.text).toContain('value="1500"');
    expect(await auditEntries(world, grace.user.brandId, 'user.change')).toMatchObject([
      {
        before: { lastName: 'Hopper', type: 'Standard', weeklyEmailLimit: null },
        after: { lastName: 'Murray', type: 'Viewer', weeklyEmailLimit: 1500 },
      },
    ]);
    const bad = await ada.agent
      .post(pathOf(world, grace))
      .type('form')
      .send({ ...fields, weeklyEmailLimit: '-3' });
    expect(bad.status).toBe(422);
  });

  it('do not change their own type', async () => {
    const { ada } = await aTeam();
    const answer = await ada.agent
      .post(pathOf(world, ada))
      .type('form')
      .send(await details(ada));
    expect(answer.status).toBe(409);
    expect(answer.text).toContain('You cannot change your own user type.');
  });

  it('lose sessions, tokens and links for good when they are disabled, and come back without them', async () => {
    const { ada, grace } = await aTeam();
    const api = () => world.visitor().get('/API/v3/whoami').set('X-API-TOKEN', grace.token);
    expect((await api()).status).toBe(200);
    const link = await world.app.get(AccountsService).makeSignInLink(grace.user.brandId, grace.user.id, 'reset');
    await ada.agent
      .post(pathOf(world, grace, '/disabling'))
      .type('form')
      .send({});
    expect((await grace.agent.get('/account')).status).toBe(303);
    expect((await api()).status).toBe(401);
    expect(
      (
        await ada.agent
          .post(pathOf(world, grace, '/sign-in-links'))
          .type('form')
          .send({})
      ).status,
    ).toBe(409);
    await ada.agent
      .post(pathOf(world, grace, '/enabling'))
      .type('form')
      .send({});
    expect((await api()).status).toBe(401);
    expect((await grace.agent.get('/account')).status).toBe(303);
    expect(await world.app.get(AccountsService).useSignInLink(link.split('/').at(-1)!)).toBeUndefined();
    const fresh = await world.app.get(ApiTokensService).create(grace.actor, 'A new one');
    expect((await world.visitor().get('/API/v3/whoami').set('X-API-TOKEN', fresh)).status).toBe(200);
    expect(
      (
        await ada.agent
          .post(pathOf(world, ada, '/disabling'))
          .type('form')
          .send({})
      ).status,
    ).toBe(409);
  });

  it('choose a new password by a link without the old one', async () => {
    const { ada, grace } = await aTeam();
    const made = await ada.agent
      .post(pathOf(world, grace, '/sign-in-links'))
      .type('form')
      .send({});
    const [, link = ''] = /value="(http[^"]*\/sign-in\/link\/[^"]+)"/.exec(made.text) ?? [];
    const visitor = world.visitor();
    const page = await visitor.get(new URL(link).pathname);
    await visitor
      .post(new URL(link).pathname)
      .type('form')
      .send({ _csrf: csrfOf(page.text) });
    const account = await visitor.get('/account');
    expect(account.text).not.toContain('name="current"');
    const fields = { _csrf: csrfOf(account.text), password: 'seventeen green umbrellas' };
    expect((await visitor.post('/account/password').type('form').send(fields)).status).toBe(303);
    expect((await grace.agent.get('/account')).status).toBe(303);
    expect((await visitor.get('/account')).text).toContain('name="current"');
  });

  it('who run the installation get no link from here', async () => {
    const { ada, grace } = await aTeam();
    await world.database.inBrand(ada.user.brandId, (unit) =>
      unit.sql('UPDATE users SET is_operator = true WHERE id = $1', [grace.user.id]),
    );
    expect(
      (
        await ada.agent
          .post(pathOf(world, grace, '/sign-in-links'))
          .type('form')
          .send({})
      ).status,
    ).toBe(403);
  });

  it('of another brand do not exist', async () => {
    const { ada } = await aTeam();
    const stranger = await world.aPerson(await world.aBrand('Other'));
    const fields = await details(ada, { permission: 'api:access', state: 'on' });
    for (const below of ['', '/permissions', '/disabling', '/enabling', '/sign-in-links']) {
      const answer = await ada.agent
        .post(pathOf(world, stranger, below))
        .type('form')
        .send(fields);
      expect({ below, status: answer.status }).toEqual({ below, status: 404 });
    }
    expect((await ada.agent.get(pathOf(world, stranger))).status).toBe(404);
    expect((await ada.agent.get('/people/UR_000000000000000')).status).toBe(404);
    expect((await stranger.agent.get('/account')).status).toBe(200);
  });
});
