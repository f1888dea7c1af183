import { parse } from 'csv-parse/sync';
import { FoldResponsesJob } from '../../src/distributions/fold_responses.job.js';
import { exampleDefinition } from '../../src/engine/definition.js';
import type { Survey } from '../../src/surveys/survey.entity.js';
import { aSurvey, shareWith } from '../surveys/builders.js';
import { type Person, startWorld, type World } from '../world.js';
import { aRecipient, type Recipient } from './recipients.js';
import { Respondent } from './respondent.js';

const STARTED = new Date('2026-11-23T09:20:31.123Z');
const DAY = '2026-11-23T00:00:00';

describe('whoever may not see who answered', () => {
  let world: World;
  let ada: Person;
  let blaise: Person;
  let survey: Survey;
  let grace: Recipient;
  beforeAll(async () => {
    world = await startWorld();
    world.clock.set(STARTED);
    const brand = await world.aBrand('Acme');
    ada = await world.aPerson(brand);
    blaise = await world.aPerson(brand, { firstName: 'Blaise', lastName: 'Pascal' });
    const definition = exampleDefinition();
    definition.flow = [
      {
        kind: 'embedded',
        fields: [{ name: 'Badge' }, { name: 'Copied', value: '${e://Field/Badge}' }, { name: 'Wave', value: 'two' }],
      },
      ...definition.flow,
    ];
    survey = await aSurvey(world, ada, { definition });
    await shareWith(world, ada, survey.id, blaise, 'canDistribute', 'canViewReports');
    grace = await aRecipient(world, survey, ada, { embedded: { Badge: 'B-1815' } });
    const walk = await Respondent.at(world, grace.path);
    await walk.send({ QID1: '2' });
    world.clock.forward(61_000);
    await walk.send({ QID2: 'Tea' });
    await world.app.get(FoldResponsesJob).perform({ brandId: brand.id });
  });
  afterAll(() => world.close());

  const shown = () => world.ids.show('SV', survey.id);
  const pages = () => `/surveys/${shown()}`;
  const mails = () => `${pages()}/distributions/emails/${world.ids.show('EMD', grace.distributionId)}`;
  const history = (person: Person) =>
    world
      .visitor()
      .get(`/API/v3/distributions/${world.ids.show('EMD', grace.distributionId)}/history?surveyId=${shown()}`)
      .set('X-API-TOKEN', person.token)
      .expect(200)
      .then(({ body }) => body.result.elements[0] as Record<string, string | null>);
  const csv = (person: Person) =>
    person.agent
      .get(`${mails()}/history.csv`)
      .expect(200)
      .then(({ text }) => parse(text, { bom: true, columns: true })[0] as Record<string, string>);

  /** Ada allows or forbids Blaise to see who answered. */
  async function mayBlaise(enabled: boolean): Promise<void> {
    await world.database.inBrand(survey.brandId, (unit) =>
      unit.sql(
        `INSERT INTO permission_overrides (brand_id, user_id, permission, enabled, set_at)
         VALUES ($1, $2, 'responses:view-personal-data', $3, $4)
         ON CONFLICT (brand_id, user_id, permission) DO UPDATE SET enabled = $3`,
        [survey.brandId, blaise.actor.userId, enabled, STARTED],
      ),
    );
  }

  it('sees numbers of responses and exact times beside people only where allowed to', async () => {
    await mayBlaise(true);
    const [open, file] = [await history(blaise), await csv(blaise)];
    expect(open['responseId']).toMatch(/^R_\w{15}$/);
    expect(file['ResponseID']).toBe(open['responseId']);
    expect(open['responseCompletedAt']).toBe('2026-11-23T09:21:32.123Z');
    await mayBlaise(false);
    expect(await history(blaise)).toMatchObject({
      status: 'SurveyFinished',
      responseId: null,
      surveySessionId: null,
      responseStartedAt: `${DAY}.000Z`,
      responseCompletedAt: `${DAY}.000Z`,
    });
    expect(await csv(blaise)).toMatchObject({
      ResponseID: '',
      Status: 'Survey Finished',
      StartedDate: `${DAY}Z`,
      FinishedDate: `${DAY}Z`,
    });
    const { text } = await blaise.agent.get(`${mails()}/messages/${world.ids.show('MS', grace.messageId)}`).expect(200);
    expect(text).toContain('23 Nov 2026');
    expect(text).not.toMatch(/09:2[01]/);
  });

  it('gets neither from the pages nor from the API what a contact brought along', async () => {
    await mayBlaise(false);
    const list = await blaise.agent.get(`${pages()}/responses`).expect(200);
    const [, response = ''] = /responses\/(R_\w{15})/.exec(list.text) ?? [];
    const page = await blaise.agent.get(`${pages()}/responses/${response}`).expect(200);
    const { body } = await world
      .visitor()
      .get(`/API/v3/surveys/${shown()}/responses/${response}`)
      .set('X-API-TOKEN', blaise.token)
      .expect(200);
    for (const text of [list.text, page.text, JSON.stringify(body.result)]) {
      expect(text).not.toMatch(/Hopper|grace|B-1815/);
    }
    expect(body.result.values).toMatchObject({ QID1: 2, Wave: 'two' });
  });

  it('reads no answers by the link of somebody who is answering, though links are theirs to see', async () => {
    await mayBlaise(false);
    const alan = await aRecipient(world, survey, ada, {
      sharing: grace,
      contact: { firstName: 'Alan', email: 'alan@bletchley.example' },
    });
    await (await Respondent.at(world, alan.path)).send({ QID1: '3' });
    const { body } = await world
      .visitor()
      .get(`/API/v3/distributions/${world.ids.show('EMD', grace.distributionId)}/links?surveyId=${shown()}`)
      .set('X-API-TOKEN', blaise.token)
      .expect(200);
    expect(JSON.stringify(body)).toContain(alan.path);
    const curious = await Respondent.at(world, alan.path);
    expect(curious.page.text).toContain('name="QID2"');
    await curious.send({}, 'back');
    expect(curious.page.text).not.toMatch(/value="back"|name="QID1"/);
  });

  it('cannot fetch a file that was written while it was allowed', async () => {
    await mayBlaise(true);
    const started = await blaise.agent.post(`${pages()}/responses/exports`).redirects(0).expect(303);
    await world.jobs.settled();
    const [, id] = /export=(ES_\w+)/.exec(started.headers['location'] as string) ?? [];
    const file = `${pages()}/responses/exports/${id}/file`;
    expect((await blaise.agent.get(file).expect(200)).text).toContain('Hopper');
    await mayBlaise(false);
    const refused = await blaise.agent.get(file).expect(403);
    expect(refused.text).toContain('Export again');
    expect(refused.text).not.toContain('Hopper');
  });

  it('is not told by a share without reports either', async () => {
    await mayBlaise(true);
    await shareWith(world, ada, survey.id, blaise, 'canDistribute');
    expect((await history(blaise))['responseId']).toBeNull();
    expect((await csv(blaise))['FinishedDate']).toBe(`${DAY}Z`);
  });
});
