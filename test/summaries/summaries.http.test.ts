import { LiveStreams } from '../../src/live/live_streams.service.js';
import type { Survey } from '../../src/surveys/survey.entity.js';
import { aSurvey } from '../surveys/builders.js';
import { follow } from '../followed.js';
import { pause, until } from '../waiting.js';
import { type Person, startWorld, type World } from '../world.js';
import { aDistribution, aResponse } from './builders.js';

describe('the summary page', () => {
  let world: World;
  let person: Person;
  let survey: Survey;
  let url: string;
  let live: string;
  beforeAll(async () => {
    world = await startWorld();
    world.app.get(LiveStreams).pulseMs = 150;
  });
  beforeEach(async () => {
    await world.forget();
    person = await world.aPerson(await world.aBrand());
    survey = await aSurvey(world, person, { name: 'Pulse <b>' });
    url = `/surveys/${world.ids.show('SV', survey.id)}/distributions`;
    live = `/live/survey/${world.ids.show('SV', survey.id)}`;
  });
  afterAll(() => world.close());

  it('asks for a method at the first visit', async () => {
    const page = await person.agent.get(url);
    expect(page.status).toBe(200);
    expect(page.text).toContain('How should people get this survey?');
    expect(page.text).toContain(`class="card card--link" href="${url}/emails/new"`);
    expect(page.text).toContain(`class="card card--link" href="${url}/personal-links/new"`);
    expect(page.text).toContain(`href="${url}/anonymous"`);
    expect(page.text).toContain('Pulse &lt;b&gt;');
  });

  it('greys the e-mail method for whoever may not send, with the reason', async () => {
    const viewer = await world.aPerson(await world.aBrand(), { type: 'administrator' });
    const own = await aSurvey(world, viewer);
    await world.database.inBrand(viewer.actor.brandId, (unit) =>
      unit.run(
        `INSERT INTO permission_overrides (brand_id, user_id, permission, enabled, set_at) VALUES ($1, $2, 'mailer:access', false, '2026-11-24T09:00Z')`,
        [viewer.actor.brandId, viewer.user.id],
      ),
    );
    const page = await viewer.agent.get(`/surveys/${world.ids.show('SV', own.id)}/distributions`);
    expect(page.text).toContain('the permission “Send e-mail” is off');
    expect(page.text).not.toContain('/emails/new');
    expect(page.text).toContain('/personal-links/new');
  });

  it('greys personal links as well for whoever may not distribute', async () => {
    const viewer = await world.aPerson(await world.aBrand(), { type: 'administrator' });
    const own = await aSurvey(world, viewer);
    await world.database.inBrand(viewer.actor.brandId, (unit) =>
      unit.run(
        `INSERT INTO permission_overrides (brand_id, user_id, permission, enabled, set_at) VALUES ($1, $2, 'distributions:send', false, '2026-11-24T09:00Z')`,
        [viewer.actor.brandId, viewer.user.id],
      ),
    );
    const page = await viewer.agent.get(`/surveys/${world.ids.show('SV', own.id)}/distributions`);
    expect(page.text).not.toContain('/personal-links/new');
    expect(page.text.match(/aria-disabled="true"><svg/g)).toHaveLength(2);
    expect(page.text).toContain('/distributions/anonymous');
  });

  it('shows figures, pictures and tables once something came back', async () => {
    await aResponse(world, survey);
    const id = await aDistribution(world, survey, { name: 'Wave <i>', states: { accepted: 8 } });
    const page = await person.agent.get(url);
    expect(page.status).toBe(200);
    expect(page.text).toContain('id="summary_tiles"');
    expect(page.text).toContain('<svg class="chart"');
    expect(page.text).toContain(`<a href="${url}/emails/${world.ids.show('EMD', id)}">Wave &lt;i&gt;</a>`);
    expect(page.text).not.toMatch(/style="/);
    const parts = await person.agent.get(`${url}/figures`).set('HX-Request-Type', 'partial');
    expect(parts.text.match(/<hx-partial/g)).toHaveLength(4);
    expect(parts.text).not.toContain('<html');
  });

  it('refuses somebody with whom the survey is shared without Distribute, and says whom to ask', async () => {
    const guest = await world.aPerson({ id: survey.brandId } as never, { firstName: 'Grace', lastName: 'Hopper' });
    await world.database.inBrand(survey.brandId, (unit) =>
      unit.run(
        `INSERT INTO survey_shares (brand_id, survey_id, user_id, can_edit, shared_by, shared_at) VALUES ($1, $2, $3, true, $4, '2026-11-24T09:00Z')`,
        [survey.brandId, survey.id, guest.user.id, person.user.id],
      ),
    );
    for (const path of [url, `${url}/figures`, live]) {
      const page = await guest.agent.get(path);
      expect(page.status).toBe(403);
      expect(page.text).toContain('Ask Ada Lovelace');
    }
  });

  it('does not exist for people without a stake and for other brands', async () => {
    const colleague = await world.aPerson({ id: survey.brandId } as never);
    const stranger = await world.aPerson(await world.aBrand('Globex'), { type: 'administrator' });
    for (const { agent } of [colleague, stranger]) {
      for (const path of [url, `${url}/figures`, live]) {
        expect((await agent.get(path)).status).toBe(404);
      }
    }
    expect((await person.agent.get('/surveys/SV_000000000000000/distributions')).status).toBe(404);
  });

  it('refuses an account without the permission, and nobody signed in goes to the sign-in page', async () => {
    const viewer = await world.aPerson({ id: survey.brandId } as never, { type: 'viewer' });
    const page = await viewer.agent.get(url);
    expect(page.status).toBe(403);
    expect(page.text).toContain('A brand administrator can switch it on');
    expect((await world.visitor().get(url)).headers['location']).toContain('/sign-in');
  });

  it('is told at once and again after a response, and then shows it', async () => {
    const stream = await follow(world, person, live);
    await stream.until(/event: tick/);
    expect(stream.response.headers['content-type']).toContain('text/event-stream');
    const seen = stream.text.length;
    await aResponse(world, survey);
    await changed();
    await stream.until(/event: tick/, seen);
    expect((await person.agent.get(`${url}/figures`)).text).toContain('1 finished, 1 started');
    stream.close();
  });

  it('is told at most once a second however much changes', async () => {
    const stream = await follow(world, person, live);
    await stream.until(/event: tick/);
    const before = performance.now();
    for (let turn = 0; turn < 40; turn += 1) {
      await changed();
      await pause(25);
    }
    await pause(1100);
    const sent = (): number => stream.text.split('\n\n').filter((message) => message.startsWith('event:')).length;
    await until(() => sent() > 1);
    const messages = sent();
    // One a second, the first at once, and one that was on its way; a slow machine takes longer and may send more.
    expect(messages).toBeLessThanOrEqual(2 + (performance.now() - before) / 1000);
    stream.close();
  });

  it('shows that it is still there, and ends when the person signs out', async () => {
    const stream = await follow(world, person, live);
    await stream.until(/: still here/);
    await person.agent.post('/sign-out');
    await stream.ended;
  });

  it('ends when the permission is withdrawn', async () => {
    const stream = await follow(world, person, live);
    await stream.until(/event: tick/);
    await world.database.inBrand(survey.brandId, (unit) =>
      unit.run(
        `INSERT INTO permission_overrides (brand_id, user_id, permission, enabled, set_at) VALUES ($1, $2, 'distributions:access', false, '2026-11-24T09:00Z')`,
        [survey.brandId, person.user.id],
      ),
    );
    await stream.ended;
  });

  const changed = (): Promise<void> =>
    world.database.inBrand(survey.brandId, async (unit) => unit.changed(`survey:${survey.id}`));
});
