import { SET_RIGHT } from '../../migrations/Migration20261130174500_invited_are_no_robots.js';
import { aLink } from '../links/builders.js';
import { aSurvey } from '../surveys/builders.js';
import { type Person, startWorld, type World } from '../world.js';
import { Respondent } from './respondent.js';
import { countsOf, outboxOf, responsesOf, sessionsOf } from './rows.js';

const TRAPPED = { QID1: '1', website: 'https://filled.example' };
const ONCE = { started: 1, finished: 1, partial: 0 };
const NEVER = { started: 0, finished: 0, partial: 0 };

describe('the bot guard', () => {
  let world: World;
  let ada: Person;
  beforeAll(async () => {
    world = await startWorld();
    ada = await world.aPerson(await world.aBrand('Acme'));
  });
  afterAll(() => world.close());
  const openPath = (id: string) => `/a/${world.ids.show('SV', id)}`;

  async function trapped(path: string): Promise<Respondent> {
    const visitor = await Respondent.at(world, path);
    await visitor.send(TRAPPED);
    return visitor.send({});
  }

  it('is off until a survey asks for it: the trap is not there, and a filled one costs nothing', async () => {
    const survey = await aSurvey(world, ada);
    expect((await Respondent.at(world, openPath(survey.id))).page.text).not.toContain('name="website"');
    await trapped(openPath(survey.id));
    expect(await responsesOf(world, survey)).toMatchObject([{ status: 0 }]);
    expect(await countsOf(world, survey)).toEqual(ONCE);
  });

  it.each(['individual', 'multiple'] as const)('never meets somebody with a link of their own (%s)', async (kind) => {
    const survey = await aSurvey(world, ada, { options: { botGuard: true } });
    const link = await aLink(world, survey, { kind, ofDistributionBy: ada.actor.userId });
    expect((await Respondent.at(world, link.path)).page.text).not.toContain('name="website"');
    await trapped(link.path);
    expect(await responsesOf(world, survey)).toMatchObject([{ status: 0, finished: true }]);
    expect((await outboxOf(world, survey.brandId, link.id)).map((row) => row.kind)).toEqual(['started', 'finished']);
    expect(await countsOf(world, survey)).toEqual(ONCE);
  });

  it('says to both sides what it did, and its owner counts the answers after all', async () => {
    const survey = await aSurvey(world, ada, { options: { botGuard: true } });
    const first = await Respondent.at(world, openPath(survey.id));
    expect(first.page.text).toMatch(/aria-hidden="true"><label>[^<]*<input name="website"/);
    await first.send(TRAPPED);
    expect(first.text).toContain('marked as perhaps sent by a program');
    await first.send({ QID2: 'I am a person' });
    expect(first.text).toContain('marked as perhaps sent by a program');
    const german = await Respondent.at(world, `${openPath(survey.id)}?Q_Language=de`);
    await german.send(TRAPPED);
    expect(german.text).toContain('von einem Programm gesendet');

    const base = `/surveys/${world.ids.show('SV', survey.id)}`;
    const [kept] = await responsesOf(world, survey);
    expect(kept).toMatchObject({ status: 8, answers: { QID2: { text: 'I am a person' } } });
    expect(await countsOf(world, survey)).toEqual(NEVER);
    const page = `${base}/responses/${world.ids.show('R', kept!.id)}`;
    expect((await ada.agent.get(`${base}/responses`)).text).toContain('1 response is marked as spam by the bot guard');
    expect((await ada.agent.get(`${base}/distributions`)).text).toContain('1 response is marked as spam');
    expect((await ada.agent.get(page)).text).toContain('Not spam: count it');
    expect((await ada.agent.post(`${page}/unmark`)).status).toBe(303);
    expect(await responsesOf(world, survey)).toMatchObject([{ status: 0 }]);
    expect(await countsOf(world, survey)).toEqual(ONCE);
    expect((await ada.agent.post(`${page}/unmark`)).status).toBe(409);
    expect(await countsOf(world, survey)).toEqual(ONCE);
  });

  it('gave invited people back what it had marked before', async () => {
    const survey = await aSurvey(world, ada);
    const link = await aLink(world, survey, { ofDistributionBy: ada.actor.userId });
    await trapped(link.path);
    await trapped(openPath(survey.id));
    await world.database.inBrand(survey.brandId, async (unit) => {
      await unit.run('UPDATE sessions SET status = 8 WHERE survey_id = $1', [survey.id]);
      await unit.run('UPDATE responses SET status = 8 WHERE survey_id = $1', [survey.id]);
      await unit.run('DELETE FROM summary_deltas WHERE survey_id = $1', [survey.id]);
      await unit.run('DELETE FROM response_outbox WHERE link_id = $1', [link.id]);
      await unit.run(SET_RIGHT, []);
    });
    expect((await sessionsOf(world, survey)).map(({ status }) => status)).toEqual([0, 8]);
    expect((await responsesOf(world, survey)).map(({ status }) => status)).toEqual([0, 8]);
    expect(await countsOf(world, survey)).toEqual(ONCE);
    const [mended] = await responsesOf(world, survey);
    expect(await outboxOf(world, survey.brandId, link.id)).toEqual([
      { kind: 'started', response_id: null },
      { kind: 'finished', response_id: mended!.id },
    ]);
  });
});
