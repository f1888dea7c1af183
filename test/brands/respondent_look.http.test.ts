import { BrandsService } from '../../src/brands/brands.service.js';
import { aSurvey } from '../surveys/builders.js';
import { startWorld, type World } from '../world.js';

describe('the look of a brand', () => {
  let world: World;
  beforeAll(async () => {
    world = await startWorld();
  });
  afterAll(() => world.close());

  it('is what respondents see: name, colour, privacy notice', async () => {
    const ada = await world.aPerson(await world.aBrand('Acme'), { type: 'administrator' });
    const survey = await aSurvey(world, ada, { stage: 'active' });
    const { weeklyEmailLimit, weeklyEmailLimitPerUser } = await world.app.get(BrandsService).of(ada.user.brandId);
    await world.app.get(BrandsService).changeSettings(ada.actor, {
      name: 'Acme Research',
      timeZone: 'UTC',
      accent: '#0f6537',
      postalAddress: '',
      privacyUrl: 'https://acme.example/privacy',
      imprintUrl: '',
      weeklyEmailLimit,
      weeklyEmailLimitPerUser,
      confirmAbove: 1000,
      apiRequestsPerMinute: 3000,
      holidays: [],
    });
    const page = await world
      .visitor()
      .get(`/a/${world.ids.show('SV', survey.id)}`)
      .redirects(3);
    expect(page.text).toContain('Acme Research');
    expect(page.text).toContain(':root{--accent:#0f6537;');
    expect(page.text).toContain('https://acme.example/privacy');
  });
});
