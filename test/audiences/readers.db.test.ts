import { DistributionsService } from '../../src/distributions/distributions.service.js';
import { ReviewsService } from '../../src/distributions/reviews.service.js';
import { readerFindings } from '../../src/emails/checks/reader_remarks.js';
import { aSurvey } from '../surveys/builders.js';
import { startWorld, type World } from '../world.js';
import { anAudience, BODY, words } from '../distributions/builders.js';

describe('who reads a mail', () => {
  let world: World;
  beforeAll(async () => {
    world = await startWorld();
  });
  afterAll(() => world.close());

  it('is counted before sending, by language and by values that they lack', async () => {
    const ada = await world.aPerson(await world.aBrand());
    const survey = await aSurvey(world, ada);
    const { listId } = await anAudience(world, ada, [
      { firstName: '', email: 'one@example.com', embedded: { Team: 'Ops' } },
      { firstName: '', email: 'two@example.com', listEmbedded: { Team: 'Sales' } },
      { firstName: 'Grace', email: 'three@example.com' },
      { firstName: '', email: 'out@example.com', optedOutAt: new Date('2026-11-01T00:00:00Z') },
    ]);
    await world.database.inBrand(ada.actor.brandId, (unit) =>
      unit.run(`UPDATE contacts SET language = CASE WHEN email LIKE 'one%' THEN 'fr-CA' ELSE 'de' END`),
    );
    const german = { subject: 'Hallo', preheader: '', bodyHtml: BODY.replace('${m://FirstName}', 'Sie'), bodyText: '' };
    const distributions = world.app.get(DistributionsService);
    const draft = await distributions.compose(
      ada.actor,
      survey.id,
      words({
        listId,
        language: 'en',
        bodyHtml: `${BODY}\${e://Field/Team} \${m://LastName?d=friend}`,
        versions: { de: { ...german, bodyHtml: `${german.bodyHtml}\${e://Field/Team}` } },
      }),
    );
    const { outlook } = await world.app.get(ReviewsService).of(ada.actor, draft.id);
    expect(outlook?.readers).toEqual([
      { language: 'de', n: 2, blank: { FirstName: 1, 'Field/Team': 1 } },
      { language: 'fr-CA', n: 1, blank: { FirstName: 1, 'Field/Team': 0 } },
    ]);
    const found = readerFindings(draft, outlook?.readers ?? []);
    expect(
      found.map(({ words: said, values }) => [said, values?.['n'], values?.['all'] ?? values?.['languages']]),
    ).toEqual([
      ['blank_first_name', '1', '3'],
      ['blank_field', '1', '3'],
      [undefined, '1', 'French (1)'],
    ]);
    const [surveyId, id] = [world.ids.show('SV', survey.id), world.ids.show('EMD', draft.id)];
    const { text } = await ada.agent.get(`/surveys/${surveyId}/distributions/emails/${id}/review`).expect(200);
    expect(text).toContain('1 of 3 people have no first name');
    expect(text).toContain('They get it in English');
  });
});
