import { AuditService } from '../../src/brands/audit.service.js';
import { startWorld, type World } from '../world.js';
import { plain } from '../people/builders.js';
import { auditEntries } from './builders.js';

const SETTINGS = {
  name: 'Acme Research',
  timeZone: 'Europe/Berlin',
  accent: '#0f6537',
  postalAddress: '1 Long Road\r\n12345 Town',
  privacyUrl: 'https://acme.example/privacy',
  imprintUrl: '',
  weeklyEmailLimitPerUser: '5,000',
  weeklyEmailLimit: '50000',
  confirmAbove: '1000',
  apiRequestsPerMinute: '3000',
};

describe('the settings of a brand', () => {
  let world: World;
  beforeAll(async () => {
    world = await startWorld();
  });
  afterAll(() => world.close());

  const anAdministrator = async () => world.aPerson(await world.aBrand('Acme'), { type: 'administrator' });

  it('are saved, shown everywhere at once, and on record', async () => {
    const { agent, user } = await anAdministrator();
    expect((await agent.get('/brand')).text).toContain('There is no postal address yet.');
    expect((await agent.post('/brand').type('form').send(SETTINGS)).status).toBe(303);
    const page = await agent.get('/brand');
    expect(page.text).toContain('The settings are saved.');
    expect(page.text).toContain('<span class="rail__name">Acme Research</span>');
    expect(page.text).toContain('--accent:light-dark(#0f6537,#0f6537)');
    expect(page.text).toContain('1 Long Road\n12345 Town</textarea>');
    expect(page.text).not.toContain('There is no postal address yet.');
    expect(await auditEntries(world, user.brandId, 'brand.settings')).toMatchObject([
      {
        before: { name: 'Acme', weeklyEmailLimit: 100_000 },
        after: { name: 'Acme Research', weeklyEmailLimit: 50_000 },
      },
    ]);
  });

  it('leave no trace when nothing was changed', async () => {
    const { agent, user } = await anAdministrator();
    await agent.post('/brand').type('form').send(SETTINGS);
    await agent.post('/brand').type('form').send(SETTINGS);
    expect(await auditEntries(world, user.brandId, 'brand.settings')).toHaveLength(1);
  });

  it.each([
    ['name', '', 'The brand needs a name.'],
    ['timeZone', 'Nowhere', 'Choose a time zone of the list.'],
    ['accent', '#ffd400', 'White words on this colour are hard to read. #8a7200 is the nearest that works.'],
    ['accent', 'red', 'A colour is # and six digits'],
    ['privacyUrl', 'javascript:alert(1)', 'This must be an address like https://'],
    ['imprintUrl', 'acme.example', 'This must be an address like https://'],
    ['weeklyEmailLimit', 'many', 'A whole number from 0 to 100,000,000.'],
    ['weeklyEmailLimitPerUser', '1.5', 'A whole number from 0 to 10,000,000.'],
  ])('refuse the %s “%s”', async (name, value, message) => {
    const { agent, user } = await anAdministrator();
    const answer = await agent
      .post('/brand')
      .type('form')
      .send({ ...SETTINGS, [name]: value });
    expect(answer.status).toBe(422);
    expect(answer.text).toContain(message);
    expect(answer.text).toContain('value="#0f6537"'.replace('#0f6537', name === 'accent' ? value : '#0f6537'));
    expect(await auditEntries(world, user.brandId, 'brand.settings')).toHaveLength(0);
  });

  it('are no business of others', async () => {
    const { agent } = await world.aPerson(await world.aBrand());
    expect((await agent.get('/brand')).status).toBe(403);
    expect((await agent.post('/brand').type('form').send(SETTINGS)).status).toBe(403);
    expect((await agent.get('/brand/audit')).status).toBe(403);
  });
});

describe('the audit log', () => {
  let world: World;
  beforeAll(async () => {
    world = await startWorld();
  });
  afterAll(() => world.close());

  it('says who did what, newest first, in pages, and nothing of other brands', async () => {
    const brand = await world.aBrand();
    const { agent, user } = await world.aPerson(brand, { type: 'administrator' });
    await world.aPerson(await world.aBrand('Other'), { type: 'administrator', firstName: 'Stranger' });
    await agent.post('/brand').type('form').send(SETTINGS);
    await world.database.inBrand(brand.id, (unit) =>
      unit.sql(
        `INSERT INTO audit_entries (brand_id, at, actor, action, subject)
         SELECT $1, $2, 'Robot', 'survey.publish', 'survey ' || n FROM generate_series(1, 55) n`,
        [brand.id, world.clock.now()],
      ),
    );
    const first = await agent.get('/brand/audit');
    expect(first.text).toContain('Published a survey');
    expect(first.text).toContain(`Survey ${world.ids.show('SV', '55')}`);
    expect(first.text).not.toContain('Stranger');
    const [, more = ''] = /href="(\/brand\/audit\?before=\d+)"/.exec(plain(first.text)) ?? [];
    const second = await agent.get(more);
    expect(second.text).toContain('Changed the brand');
    expect(second.text).toContain('<del><span class="sr">before: </span>Acme</del>');
    expect(second.text).toContain('Signed in');
    expect(second.text).toContain(user.email);
    expect((await agent.get('/brand/audit?before=x;DROP')).status).toBe(200);
  });

  it('keeps wrong passwords of known people, done to them and not by them', async () => {
    const { user, agent } = await world.aPerson(await world.aBrand(), { type: 'administrator' });
    const visitor = world.visitor();
    const page = await visitor.get('/sign-in');
    const [, token] = /name="_csrf" value="([^"]+)"/.exec(page.text) ?? [];
    await visitor.post('/sign-in').type('form').send({ _csrf: token, email: user.email, password: 'not the password' });
    expect(await auditEntries(world, user.brandId, 'sign-in.refused')).toMatchObject([
      { subject: user.email, user_id: null, actor: 'Somebody unknown' },
    ]);
    const log = plain((await agent.get('/brand/audit')).text);
    expect(log).toMatch(
      new RegExp(`Sign-in refused</span>[^>]*>${user.email}</span></td>[^S]*<div>Somebody unknown<`, 's'),
    );
  });

  it('names what was done in words, also where several things are named by number', async () => {
    const { user, agent } = await world.aPerson(await world.aBrand(), { type: 'administrator' });
    const audit = world.app.get(AuditService);
    const who = { brandId: user.brandId, userId: user.id, name: user.name };
    await world.database.inBrand(user.brandId, async (unit) => {
      await audit.record(unit, who, 'frequency-rule.on', 'frequency rule 7');
      await audit.record(unit, who, 'contact.opt-out', 'contact 7 on list 3');
    });
    const log = (await agent.get('/brand/audit')).text;
    expect(log).toContain(`Frequency rule ${world.ids.show('FR', '7')}`);
    expect(log).toContain(`Contact ${world.ids.show('CID', '7')} · Contact list ${world.ids.show('CG', '3')}`);
    expect(log).not.toMatch(/frequency-rule\.on|frequency rule 7/);
  });

  it('cannot be changed or emptied by the application', async () => {
    const { user } = await world.aPerson(await world.aBrand());
    for (const statement of ['DELETE FROM audit_entries', "UPDATE audit_entries SET actor = 'nobody'"]) {
      await expect(world.database.inBrand(user.brandId, (unit) => unit.sql(statement))).rejects.toThrow(
        'permission denied',
      );
    }
  });
});
