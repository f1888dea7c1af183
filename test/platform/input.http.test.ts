import { refusalOf } from '../../src/platform/web/error_filter.js';
import { withoutTokens } from '../../src/platform/log.js';
import { csrfOf, PASSWORD, type Person, startWorld, type World } from '../world.js';

describe('input that is no text', () => {
  let world: World;
  let ada: Person;
  beforeAll(async () => {
    world = await startWorld();
    ada = await world.aPerson(await world.aBrand(), { type: 'administrator' });
  });
  afterAll(() => world.close());

  const profile = { firstName: 'Ada', lastName: 'Lovelace', timeZone: 'UTC' };

  it('is refused by pages and the API wherever it stands, and is no accident', async () => {
    for (const firstName of ['a\0b', 'a\ud800b']) {
      const answer = await ada.agent.post('/account/profile').send({ ...profile, firstName });
      expect([firstName, answer.status]).toEqual([firstName, 422]);
    }
    const typed = await ada.agent.post('/account/profile').type('form').send('firstName=a%00b&lastName=&timeZone=UTC');
    expect(typed.status).toBe(422);
    expect((await ada.agent.get('/people?search=a%00b')).status).toBe(422);
    const api = await world
      .visitor()
      .post('/API/v3/mailinglists')
      .set('X-API-TOKEN', ada.token)
      .send({ a: [{ '\0': 1 }] });
    expect(api.status).toBe(400);
    expect(api.body.meta.error.errorMessage).toContain('no text');
    // A survey's body goes unread to a task process, which takes such signs out as it does in files.
    const survey = await world
      .visitor()
      .post('/API/v3/surveys')
      .set('X-API-TOKEN', ada.token)
      .send({ SurveyEntry: { SurveyName: 'a\0b' }, SurveyElements: [], name: 'x\0\ud800y' });
    expect(survey.status).toBeLessThan(500);
  });

  it('may be nested deeper than a call stack', async () => {
    const depth = 50_000;
    const body = `{"name":${'['.repeat(depth)}"\\u0000"${']'.repeat(depth)}}`;
    const answer = await ada.agent.post('/account/tokens').type('application/json').send(body);
    expect(answer.status).toBe(422);
  });

  it('comes back as a refused form where a field is missing, twice there or no text', async () => {
    for (const path of ['/account/profile', '/account/tokens', '/brand', '/people']) {
      for (const body of ['', 'timeZone=a&timeZone=b&name=a&name=b&type=a&type=b&email=a&email=b']) {
        expect([path, body, (await ada.agent.post(path).type('form').send(body)).status]).toEqual([path, body, 422]);
      }
      expect([path, (await ada.agent.post(path)).status]).toEqual([path, 422]);
      const json = await ada.agent
        .post(path)
        .send({ timeZone: { $ne: 1 }, name: true, email: 5, type: [], firstName: {} });
      expect([path, json.status]).toEqual([path, 422]);
    }
  });

  it('signs nobody in', async () => {
    const agent = world.visitor();
    const token = csrfOf((await agent.get('/sign-in')).text);
    for (const body of [{ email: true, password: 5 }, { email: { $ne: '' }, password: ['a'] }, {}, { next: ['/a'] }]) {
      expect((await agent.post('/sign-in').set('X-CSRF-Token', token).send(body)).status).toBe(422);
    }
  });

  it('is refused as a place in a list', async () => {
    const answer = await world.visitor().get('/API/v3/surveys?skipToken=a&skipToken=b').set('X-API-TOKEN', ada.token);
    expect(answer.status).toBe(400);
  });
});

describe('pages', () => {
  let world: World;
  beforeAll(async () => {
    world = await startWorld({ BASE_URL: 'https://surveys.example.com' });
  });
  afterAll(() => world.close());

  it('are kept by no cache, files are', async () => {
    for (const path of ['/sign-in', '/API/v3/whoami', '/nothing-here', '/a/SV_x']) {
      expect((await world.visitor().get(path)).headers['cache-control']).toContain('no-store');
    }
    expect((await world.visitor().get('/assets/app.css')).headers['cache-control']).not.toContain('no-store');
  });

  it('set Secure cookies under https even where a proxy does not say how it was reached', async () => {
    const form = await world.visitor().get('/sign-in');
    const [mark] = form.headers['set-cookie'] as unknown as string[];
    expect(mark).toMatch(/^__Host-form=.*; Path=\/; HttpOnly; Secure; SameSite=Lax$/);
    const { user } = await world.aPerson(await world.aBrand());
    const answer = await world
      .visitor()
      .post('/sign-in')
      .set('Cookie', mark!.split(';', 1)[0]!)
      .type('form')
      .send({ _csrf: csrfOf(form.text), email: user.email, password: PASSWORD });
    const cookies = answer.headers['set-cookie'] as unknown as string[];
    expect(cookies).toContainEqual(expect.stringMatching(/^__Host-sid=.*; Path=\/; HttpOnly; Secure; SameSite=Lax$/));
  });

  it('name no object that every program has as a file', async () => {
    for (const name of ['constructor', 'toString', '__proto__']) {
      expect((await world.visitor().get(`/assets/vendor/${name}`)).status).toBe(404);
    }
    const broken = await world.visitor().get('/assets/%ff');
    expect([broken.status, broken.text.includes('node_modules')]).toEqual([400, false]);
  });

  it('keep tokens out of the log', () => {
    expect(withoutTokens('//s/1abc?x=1')).toBe('/s/…');
    expect(withoutTokens('/s/1abc/end/FS_abc.def')).toBe('/s/…');
    expect(withoutTokens('/a/SV_1/end/FS_abc.def')).toBe('/a/SV_1/…');
    expect(withoutTokens('/o/1abc.gif')).toBe('/o/…');
    expect(withoutTokens('/sign-in/link/abc/')).toBe('/sign-in/link/…/');
  });

  it('blame the database only for being away', () => {
    const failing = (code: string): number => refusalOf(Object.assign(new Error('x'), { code }), false).status;
    expect(['08006', 'ECONNREFUSED', '57P01', '08P01', '22021'].map(failing)).toEqual([503, 503, 503, 500, 500]);
  });
});
