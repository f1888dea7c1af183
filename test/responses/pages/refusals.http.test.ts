import { SurveysService } from '../../../src/surveys/surveys.service.js';
import { aLink } from '../../links/builders.js';
import { aSurvey } from '../../surveys/builders.js';
import { type Person, startWorld, type World } from '../../world.js';
import { Respondent } from '../respondent.js';
import { countsOf, outboxOf, responsesOf, sessionsOf } from '../rows.js';

const DAY = 86_400_000;

describe('whoever cannot answer', () => {
  let world: World;
  let ada: Person;
  let surveys: SurveysService;
  beforeAll(async () => {
    world = await startWorld();
    ada = await world.aPerson(await world.aBrand('Acme'));
    surveys = world.app.get(SurveysService);
  });
  afterAll(() => world.close());
  afterEach(() => world.clock.set());
  const openPath = (id: string) => `/a/${world.ids.show('SV', id)}`;

  it('is told that an unknown link leads nowhere, in the language of the browser', async () => {
    for (const path of [
      '/s/nothing',
      '/a/SV_nothing',
      '/preview/x',
      `/s/1${'a'.repeat(22)}`,
      `/a/${world.ids.show('UR', '1')}`,
    ]) {
      const page = await world.visitor().get(path).set('Accept-Language', 'de-AT,de;q=0.8').expect(404);
      expect(page.text).toContain('Dieser Link führt ins Leere');
      expect(page.text).toContain('<html lang="de"');
      expect(page.text).not.toContain('<form');
      await world.visitor().post(path).expect(404);
    }
  });

  it('is told that the survey is not open yet, or when it opens', async () => {
    const fresh = await aSurvey(world, ada, { stage: 'new' });
    const page = await Respondent.at(world, openPath(fresh.id));
    expect([page.page.status, page.text]).toEqual([200, expect.stringContaining('This survey is not open yet')]);
    const survey = await aSurvey(world, ada);
    const opens = new Date(world.clock.now().getTime() + 5 * DAY);
    await surveys.limit(ada.actor, survey.id, { from: opens });
    const early = await Respondent.at(world, openPath(survey.id));
    expect(early.text).toMatch(new RegExp(`It opens on .*${opens.getUTCFullYear()}.*UTC`));
    await early.browser
      .post(openPath(survey.id))
      .type('form')
      .send({ QID1: '1', page: 'f.0.0', go: 'next' })
      .expect(200);
    expect(await sessionsOf(world, survey)).toEqual([]);
  });

  it('is told that a link expired or was withdrawn', async () => {
    const survey = await aSurvey(world, ada);
    const now = world.clock.now();
    for (const words of [{ expiresAt: now }, { revokedAt: now }]) {
      const { path } = await aLink(world, survey, words);
      const grace = await Respondent.at(world, path);
      expect([grace.page.status, grace.text]).toEqual([410, expect.stringContaining('This link has expired')]);
    }
  });

  it('may finish after the link expired when the walk had started before', async () => {
    const survey = await aSurvey(world, ada);
    world.clock.set(world.clock.now());
    const { path } = await aLink(world, survey, { expiresAt: new Date(world.clock.now().getTime() + DAY) });
    const grace = await Respondent.at(world, path);
    await grace.send({ QID1: '1' });
    world.clock.forward(2 * DAY);
    await grace.open();
    await grace.send({ QID2: 'late' });
    expect(grace.text).toContain('Your answers were recorded.');
  });

  it('reads the message of a paused survey', async () => {
    const survey = await aSurvey(world, ada);
    await surveys.pause(ada.actor, survey.id, { people: 'finish', message: 'Back in <May>.\n\nThe team' });
    const grace = await Respondent.at(world, openPath(survey.id));
    expect(grace.page.status).toBe(200);
    expect(grace.page.text).toContain('<p>Back in &lt;May&gt;.</p>');
    expect(grace.page.text).toContain('<p>The team</p>');
    const abroad = await world.visitor().get(openPath(survey.id)).set('Accept-Language', 'ar');
    expect(abroad.text).toMatch(/<html lang="ar" dir="rtl">[\s\S]*<p lang="en" dir="ltr">The team<\/p>/);
  });

  it('may finish a walk when a pause lets people finish', async () => {
    const survey = await aSurvey(world, ada);
    const grace = await Respondent.at(world, openPath(survey.id));
    await grace.send({ QID1: '1' });
    await surveys.pause(ada.actor, survey.id, { people: 'finish', message: '' });
    await world.jobs.settled();
    await grace.send({ QID2: 'done' });
    expect(await responsesOf(world, survey)).toMatchObject([{ finished: true }]);
    const alan = await Respondent.at(world, openPath(survey.id));
    expect(alan.text).toContain('This survey is closed at the moment');
  });

  it('has what was given recorded when a pause closes open walks', async () => {
    const survey = await aSurvey(world, ada);
    const link = await aLink(world, survey, { ofDistributionBy: ada.actor.userId });
    const grace = await Respondent.at(world, link.path);
    await grace.send({ QID1: '2' });
    await surveys.pause(ada.actor, survey.id, { people: 'record', message: '' });
    await world.jobs.settled();
    const [response] = await responsesOf(world, survey);
    expect(response).toMatchObject({ finished: false, answers: { QID1: { choices: ['2'] } } });
    expect(response?.progress).toBeLessThan(100);
    expect(await countsOf(world, survey)).toEqual({ started: 1, finished: 0, partial: 1 });
    expect((await outboxOf(world, survey.brandId, link.id)).map(({ kind }) => kind)).toEqual(['started', 'partial']);
    await grace.send({ QID2: 'too late' });
    expect(grace.text).toContain('The time for answering is over');
    expect(await responsesOf(world, survey)).toHaveLength(1);
  });

  it('starts afresh after a pause that discarded open walks', async () => {
    const survey = await aSurvey(world, ada);
    const { path } = await aLink(world, survey);
    const grace = await Respondent.at(world, path);
    await grace.send({ QID1: '2' });
    await surveys.pause(ada.actor, survey.id, { people: 'discard', message: '' });
    await world.jobs.settled();
    expect([await sessionsOf(world, survey), await responsesOf(world, survey)]).toEqual([[], []]);
    await surveys.resume(ada.actor, survey.id);
    await grace.open();
    expect(grace.text).toContain('How was your first week?');
  });

  it('is stopped by a pause even before the job has closed the walk', async () => {
    const survey = await aSurvey(world, ada);
    const grace = await Respondent.at(world, openPath(survey.id));
    await grace.send({ QID1: '2' });
    const form = grace.form;
    await world.database.inBrand(survey.brandId, (unit) =>
      unit.sql(`UPDATE surveys SET stage = 'paused', pause_choice = 'record' WHERE id = $1`, [survey.id]),
    );
    grace.page = await grace.post({ QID2: 'x' }, 'next', form);
    expect(grace.text).toContain('This survey is closed at the moment');
    await world.jobs.sweep();
    await world.jobs.settled();
    expect(await responsesOf(world, survey)).toMatchObject([{ finished: false }]);
  });

  it('has a week by default; then what was given is recorded', async () => {
    const survey = await aSurvey(world, ada);
    world.clock.set(world.clock.now());
    const grace = await Respondent.at(world, openPath(survey.id));
    await grace.send({ QID1: '3' });
    world.clock.forward(6 * DAY);
    await world.jobs.sweep();
    await world.jobs.settled();
    expect(await responsesOf(world, survey)).toEqual([]);
    world.clock.forward(2 * DAY);
    await grace.send({ QID2: 'too late' });
    expect(grace.text).toContain('The time for answering is over');
    await world.jobs.sweep();
    await world.jobs.settled();
    expect(await responsesOf(world, survey)).toMatchObject([
      { finished: false, answers: { QID1: { choices: ['3'] } } },
    ]);
    await grace.open();
    expect(grace.text).toContain('How was your first week?');
  });

  it('leaves nothing when the time runs out without one answer', async () => {
    const survey = await aSurvey(world, ada);
    world.clock.set(world.clock.now());
    const { path } = await aLink(world, survey);
    const grace = await Respondent.at(world, path);
    await grace.send({ QID1: '1' });
    await world.database.inBrand(survey.brandId, (unit) =>
      unit.sql(`UPDATE sessions SET walk = jsonb_set(walk, '{given}', '{}') WHERE survey_id = $1`, [survey.id]),
    );
    world.clock.forward(8 * DAY);
    await world.jobs.sweep();
    await world.jobs.settled();
    expect([await sessionsOf(world, survey), await responsesOf(world, survey)]).toEqual([[], []]);
    await grace.open();
    expect(grace.text).toContain('How was your first week?');
  });

  it('gets nowhere with a ticket of another walk, survey or brand', async () => {
    const globex = await world.aPerson(await world.aBrand('Globex'));
    const [mine, other] = [await aSurvey(world, ada), await aSurvey(world, globex)];
    const grace = await Respondent.at(world, openPath(mine.id));
    await grace.send({ QID1: '1' });
    const ticket = String(grace.form.fields['session']);
    const alan = await Respondent.at(world, openPath(other.id));
    await world
      .visitor()
      .get(`${openPath(other.id)}/end/${ticket}`)
      .expect(404);
    const { page } = grace.form.fields;
    await alan.browser.post(openPath(other.id)).type('form').send({ session: ticket, page, QID2: 'x', go: 'next' });
    expect(await sessionsOf(world, other)).toEqual([]);
    await world
      .visitor()
      .get(`${openPath(mine.id)}/end/${ticket}`)
      .redirects(0)
      .expect(303);
    await world
      .visitor()
      .get(`${openPath(mine.id)}/end/${ticket}x`)
      .expect(404);
  });

  it('meets a survey that was deleted as one that never was', async () => {
    const survey = await aSurvey(world, ada);
    const { path } = await aLink(world, survey);
    await surveys.remove(ada.actor, survey.id);
    await world.visitor().get(openPath(survey.id)).expect(404);
    await world.visitor().get(path).expect(404);
  });

  it('is asked for the invitation where a survey is by invitation only', async () => {
    const survey = await aSurvey(world, ada);
    await withOptions(survey, { invitationOnly: true });
    const grace = await Respondent.at(world, openPath(survey.id));
    expect(grace.text).toContain('This survey is by invitation only');
    const invited = await Respondent.at(world, (await aLink(world, survey)).path);
    expect(invited.hasForm).toBe(true);
  });

  it('answers once a browser where a survey prevents more', async () => {
    const survey = await aSurvey(world, ada);
    await withOptions(survey, { preventMultiple: true });
    const grace = await Respondent.at(world, openPath(survey.id));
    await grace.send({ QID1: '1' });
    await grace.send({});
    await grace.open();
    expect(grace.text).toContain('You have answered already');
    const alan = await Respondent.at(world, openPath(survey.id));
    expect(alan.hasForm).toBe(true);
  });

  it('is known to the browser for as long as the survey keeps walks, or until it is closed', async () => {
    const survey = await aSurvey(world, ada);
    const cookieOf = async () =>
      String((await (await Respondent.at(world, openPath(survey.id))).post({ QID1: '1' })).headers['set-cookie']);
    await withOptions(survey, { incompleteAfterHours: 1 });
    world.clock.set(new Date('2026-11-23T10:00:00Z'));
    expect(await cookieOf()).toContain('Max-Age=3600;');
    await withOptions(survey, { finishLater: false });
    expect(await cookieOf()).not.toMatch(/Max-Age|Expires/);
  });

  async function withOptions({ brandId, id }: { brandId: string; id: string }, options: object): Promise<void> {
    await world.database.inBrand(brandId, (unit) =>
      unit.sql('UPDATE surveys SET options = $2 WHERE id = $1', [id, options]),
    );
  }
});
