import { NotAllowed, NotFound, WrongState } from '../../src/platform/errors.js';
import { exampleDefinition } from '../../src/engine/definition.js';
import { SurveysService } from '../../src/surveys/surveys.service.js';
import { type Person, startWorld, type World } from '../world.js';
import { aSurvey, shareWith } from './builders.js';

describe('surveys', () => {
  let world: World;
  let surveys: SurveysService;
  let ada: Person;
  let grace: Person;
  beforeAll(async () => {
    world = await startWorld();
    surveys = world.app.get(SurveysService);
    const acme = await world.aBrand('Acme');
    [ada, grace] = [await world.aPerson(acme), await world.aPerson(acme, { firstName: 'Grace', lastName: 'Hopper' })];
  });
  afterAll(() => world.close());

  it('publishes the draft when a survey is activated that has nothing published', async () => {
    const survey = await aSurvey(world, ada, { stage: 'new' });
    expect(survey.isPublished).toBe(false);
    const active = await surveys.activate(ada.actor, survey.id);
    expect(active).toMatchObject({ stage: 'active', hasUnpublishedChanges: false });
    expect(await surveys.definitionOf(ada.actor.brandId, active.publishedVersionId!)).toEqual(exampleDefinition());
  });

  it('shows the door of every stage', async () => {
    const { brandId } = ada.actor;
    const now = new Date('2026-11-23T12:00:00Z');
    const doorOf = async (id: string) => (await surveys.doorOf(brandId, id, now)).door;
    expect(await doorOf((await aSurvey(world, ada, { stage: 'new' })).id)).toBe('new');
    expect(await doorOf((await aSurvey(world, ada, { stage: 'published' })).id)).toBe('new');
    expect(await doorOf((await aSurvey(world, ada, { stage: 'paused' })).id)).toBe('paused');
    const { id } = await aSurvey(world, ada);
    expect(await doorOf(id)).toBe('open');
    await surveys.limit(ada.actor, id, { until: now });
    expect(await doorOf(id)).toBe('closed');
    await surveys.limit(ada.actor, id, { from: new Date('2026-11-24T00:00:00Z'), until: null });
    expect(await surveys.doorOf(brandId, id, now)).toMatchObject({
      door: 'early',
      opensAt: new Date('2026-11-24T00:00:00Z'),
    });
  });

  it('hides a survey from a colleague without a share and from another brand', async () => {
    const { id } = await aSurvey(world, ada);
    await expect(surveys.mustFind(grace.actor, id)).rejects.toThrow(NotFound);
    const eve = await world.aPerson(await world.aBrand('Globex'), { type: 'administrator', firstName: 'Eve' });
    await expect(surveys.mustFind(eve.actor, id)).rejects.toThrow(NotFound);
    await expect(surveys.doorOf(eve.actor.brandId, id, world.clock.now())).rejects.toThrow(NotFound);
  });

  it('tells a person whom to ask when the share lacks what they want', async () => {
    const { id } = await aSurvey(world, ada);
    await share(id, grace, 'can_edit');
    expect((await surveys.mustFind(grace.actor, id, 'surveys:edit')).survey.id).toBe(id);
    const refusal = surveys.pause(grace.actor, id, { people: 'finish', message: '' });
    await expect(refusal).rejects.toThrow(NotAllowed);
    await expect(refusal).rejects.toMatchObject({ whom: expect.stringContaining('Ada Lovelace') as string });
  });

  it('pauses with a message, keeps people in the middle as chosen, and resumes', async () => {
    const { id } = await aSurvey(world, ada);
    await surveys.pause(ada.actor, id, { people: 'discard', message: 'Back on Monday.' });
    const door = await surveys.doorOf(ada.actor.brandId, id, world.clock.now());
    expect(door).toMatchObject({ door: 'paused', message: 'Back on Monday.', survey: { pauseChoice: 'discard' } });
    await expect(surveys.activate(ada.actor, id)).rejects.toThrow(WrongState);
    expect((await surveys.resume(ada.actor, id)).stage).toBe('active');
    await expect(surveys.resume(ada.actor, id)).rejects.toThrow(WrongState);
  });

  it('numbers versions and refuses to publish the same draft twice', async () => {
    const { id } = await aSurvey(world, ada, { stage: 'published' });
    await expect(surveys.publish(ada.actor, id)).rejects.toThrow(WrongState);
    const rows = await world.database.inBrand(ada.actor.brandId, (unit) =>
      unit.sql('SELECT number FROM survey_versions WHERE survey_id = $1', [id]),
    );
    expect(rows).toEqual([{ number: 1 }]);
  });

  it('lists own and shared surveys, the last change first, by pages and by name', async () => {
    const person = await world.aPerson(await world.aBrand('Initech'));
    for (const name of ['Alpha 100%', 'Beta_1', 'Gamma']) {
      await aSurvey(world, person, { name, stage: 'new' });
    }
    const names = async (wish: object) =>
      (await surveys.list(person.actor, { size: 10, ...wish })).map(({ name }) => name);
    expect(await names({})).toEqual(['Gamma', 'Beta_1', 'Alpha 100%']);
    expect(await names({ search: '%' })).toEqual(['Alpha 100%']);
    expect(await names({ search: 'a_' })).toEqual(['Beta_1']);
    const [first, second] = await surveys.list(person.actor, { size: 1 });
    expect(second?.name).toBe('Beta_1');
    expect(await names({ after: first!.id })).toEqual(['Beta_1', 'Alpha 100%']);
    expect(await names({ order: 'made' })).toEqual(['Alpha 100%', 'Beta_1', 'Gamma']);
  });

  it('lets only the owner and administrators delete, and nobody start afterwards', async () => {
    const { id } = await aSurvey(world, ada);
    await share(id, grace, 'can_edit');
    await expect(surveys.remove(grace.actor, id)).rejects.toThrow(NotAllowed);
    await surveys.remove(ada.actor, id);
    await expect(surveys.mustFind(ada.actor, id)).rejects.toThrow(NotFound);
    await expect(surveys.doorOf(ada.actor.brandId, id, world.clock.now())).rejects.toThrow(NotFound);
  });

  async function share(surveyId: string, person: Person, right: string): Promise<void> {
    await world.database.inBrand(person.actor.brandId, (unit) =>
      unit.sql(
        `INSERT INTO survey_shares (brand_id, survey_id, user_id, ${right}, shared_by, shared_at) VALUES ($1, $2, $3, true, $3, '2026-11-24T09:00Z')`,
        [person.actor.brandId, surveyId, person.actor.userId],
      ),
    );
  }

  it('are shared with somebody once, however many owners and administrators do it at once', async () => {
    const { id } = await aSurvey(world, ada);
    const ends = [1, 2, 3, 4].map(() => shareWith(world, ada, id, grace, 'canEdit'));
    await expect(Promise.all(ends)).resolves.toHaveLength(4);
    expect(await surveys.countShares(ada.actor.brandId, id)).toBe(1);
  });
});
