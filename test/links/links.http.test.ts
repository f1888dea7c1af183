import { LinksService } from '../../src/links/links.service.js';
import { SurveysService } from '../../src/surveys/surveys.service.js';
import { aSurvey } from '../surveys/builders.js';
import { type Person, startWorld, type World } from '../world.js';
import { aLink } from './builders.js';

describe('links', () => {
  let world: World;
  let ada: Person;
  let links: LinksService;
  beforeAll(async () => {
    world = await startWorld();
    ada = await world.aPerson(await world.aBrand());
    links = world.app.get(LinksService);
  });
  afterAll(() => world.close());

  it('find their brand, their survey and what is known of their contact', async () => {
    const survey = await aSurvey(world, ada, { stage: 'active' });
    const { id, contactId } = await aLink(world, survey, {
      contact: { firstName: 'Grace', email: 'grace@navy.example', embedded: { Team: 'Cobol', Level: 3 } },
      embedded: { Team: 'Compilers' },
    });
    const token = links.addressOf(id).split('/s/')[1]!;
    const found = await links.resolve(token);
    expect(found?.brandId).toBe(ada.actor.brandId);
    expect(found?.link).toMatchObject({ id, contactId, surveyId: survey.id, kind: 'individual', channel: 'email' });
    expect(found?.link.contact).toMatchObject({ firstName: 'Grace', email: 'grace@navy.example' });
    expect(found?.link.embedded).toEqual({ Team: 'Compilers', Level: '3' });
  });

  it('mean nothing when a token was guessed, changed or made for something else', async () => {
    const survey = await aSurvey(world, ada, { stage: 'active' });
    const { id } = await aLink(world, survey);
    const token = links.addressOf(id).split('/s/')[1]!;
    const changed = token.slice(0, -1) + (token.endsWith('a') ? 'b' : 'a');
    for (const wrong of ['', 'x', changed, `1${'0'.repeat(22)}`, world.ids.token('opt-out', id)]) {
      expect(await links.resolve(wrong)).toBeUndefined();
    }
    expect(await links.resolve(world.ids.token('link', '999999'))).toBeUndefined();
  });

  it('show the anonymous link with a copy button and whether it lets people in', async () => {
    const survey = await aSurvey(world, ada, { stage: 'active' });
    const shown = world.ids.show('SV', survey.id);
    const page = await ada.agent.get(`/surveys/${shown}/distributions/anonymous`).expect(200);
    expect(page.text).toContain(`/a/${shown}"`);
    expect(page.text).toContain('data-copy="#anonymous_address"');
    expect(page.text).toContain('Whoever opens the link can answer now.');
    await world.app.get(SurveysService).pause(ada.actor, survey.id, { people: 'finish', message: '' });
    const paused = await ada.agent.get(`/surveys/${shown}/distributions/anonymous`).expect(200);
    expect(paused.text).toContain('The survey is paused.');
    expect(paused.text).toContain(`action="/surveys/${shown}/resume"`);
  });

  it('invite to activate a survey that is new', async () => {
    const survey = await aSurvey(world, ada, { stage: 'new' });
    const shown = world.ids.show('SV', survey.id);
    const page = await ada.agent.get(`/surveys/${shown}/distributions/anonymous`).expect(200);
    expect(page.text).toContain('The survey is not active yet.');
    expect(page.text).toContain(`action="/surveys/${shown}/activate"`);
  });

  it('are shown to nobody of another brand, and not to people without the right', async () => {
    const survey = await aSurvey(world, ada, { stage: 'active' });
    const path = `/surveys/${world.ids.show('SV', survey.id)}/distributions/anonymous`;
    const stranger = await world.aPerson(await world.aBrand('Globex'));
    await stranger.agent.get(path).expect(404);
    const viewer = await world.aPerson(await world.aBrand('Initech'), {
      type: 'viewer',
    });
    await viewer.agent.get(path).expect(403);
    await world.visitor().get(path).redirects(0).expect(303);
  });
});
