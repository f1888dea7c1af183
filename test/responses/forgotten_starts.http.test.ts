import { CloseSessionsJob } from '../../src/responses/sessions/close_sessions.job.js';
import { exampleDefinition, type SurveyDefinition } from '../../src/engine/definition.js';
import type { Survey } from '../../src/surveys/survey.entity.js';
import { aLink } from '../links/builders.js';
import { aSurvey } from '../surveys/builders.js';
import { type Person, startWorld, type World } from '../world.js';
import { encoded, Respondent } from './respondent.js';
import { countsOf, responsesOf, sessionsOf } from './rows.js';

const HOUR = 3_600_000;

/** Two pages that nobody has to answer; the address may say where people come from. */
function optional(): SurveyDefinition {
  const definition = exampleDefinition();
  definition.questions['QID1']!.required = 'none';
  definition.flow = [{ kind: 'embedded', fields: [{ name: 'Source' }] }, ...definition.flow];
  return definition;
}

/** Two arms, of which the first page depends. */
function drawn(): SurveyDefinition {
  const definition = exampleDefinition();
  const block = (id: string) => ({ id, name: id, items: [{ kind: 'question' as const, question: id }] });
  definition.blocks = { QID1: block('QID1'), QID2: block('QID2') };
  const children = ['QID1', 'QID2'].map((id) => ({ kind: 'block' as const, block: id }));
  definition.flow = [{ kind: 'randomizer', show: 1, even: true, children }];
  return definition;
}

describe('a walk of an open link in which nothing was answered', () => {
  let world: World;
  let ada: Person;
  beforeAll(async () => {
    world = await startWorld();
    ada = await world.aPerson(await world.aBrand('Acme'));
  });
  afterAll(() => world.close());
  const pathOf = ({ id }: Survey) => `/a/${world.ids.show('SV', id)}`;

  async function later(hours: number): Promise<void> {
    world.clock.forward(hours * HOUR);
    const job = world.app.get(CloseSessionsJob);
    for (const payload of await job.due()) {
      await job.perform(payload);
    }
  }

  async function pastFirstPage(survey: Survey, query = '?Source=poster&Q_CHL=qr'): Promise<Respondent> {
    const person = await Respondent.at(world, pathOf(survey) + query);
    await person.send();
    expect(person.text).toContain('What would have made it better?');
    return person;
  }

  it('is forgotten after an hour without a page, and not before', async () => {
    const survey = await aSurvey(world, ada, { definition: optional() });
    await pastFirstPage(survey);
    await later(0.9);
    expect(await sessionsOf(world, survey)).toHaveLength(1);
    await later(0.2);
    expect(await sessionsOf(world, survey)).toEqual([]);
    expect(await responsesOf(world, survey)).toEqual([]);
  });

  it.each([{}, { anonymize: true }])(
    'takes the page that is sent hours later as if nothing had happened (%j)',
    async (options) => {
      const survey = await aSurvey(world, ada, { definition: optional(), options });
      const person = await pastFirstPage(survey);
      await later(3);
      expect(await sessionsOf(world, survey)).toEqual([]);
      await person.send({ QID2: 'A long lunch' });
      expect([person.page.status, person.hasForm]).toEqual([200, false]);
      expect(person.text).toContain('recorded');
      expect(await sessionsOf(world, survey)).toEqual([{ id: expect.any(String), state: 'finished', status: 0 }]);
      expect(await countsOf(world, survey)).toEqual({ started: 1, finished: 1, partial: 0 });
    },
  );

  it('keeps what its address said', async () => {
    const survey = await aSurvey(world, ada, { definition: optional() });
    const sent = await pastFirstPage(survey);
    const reloaded = await pastFirstPage(survey);
    await later(3);
    await sent.send({ QID2: 'Sent' });
    await reloaded.open(reloaded.page.request.url.replace(/^.*?\/a\//, '/a/'));
    expect([reloaded.page.status, reloaded.text]).toEqual([200, expect.stringContaining('How was your first week?')]);
    await (await reloaded.send({ QID1: '1' })).send({ QID2: 'Reloaded' });
    const told = (await responsesOf(world, survey)).map(({ channel, embedded }) => [channel, embedded['Source']]);
    expect(told).toEqual([
      ['qr', 'poster'],
      ['qr', 'poster'],
    ]);
  });

  it('goes on as one walk when its page is sent twice, and again later', async () => {
    const survey = await aSurvey(world, ada, { definition: optional() });
    const person = await pastFirstPage(survey);
    await later(3);
    const { form } = person;
    const send = () => person.post({ QID2: 'Twice' }, 'next', form);
    const [one, other] = await Promise.all([send(), send()]);
    expect([one.status, other.status]).toEqual([303, 303]);
    await later(1);
    expect((await send()).headers['location']).toBe(one.headers['location']);
    expect(await sessionsOf(world, survey)).toHaveLength(1);
    expect(await responsesOf(world, survey)).toHaveLength(1);
  });

  it('returns its place to the even choice, and takes it again when somebody comes back', async () => {
    const survey = await aSurvey(world, ada, { definition: drawn() });
    const shown = () =>
      world.database.inBrand(survey.brandId, (unit) =>
        unit.sql<{ times: string }>(
          'SELECT value AS times FROM draw_counts, jsonb_each_text(shown) WHERE survey_id = $1 ORDER BY key',
          [survey.id],
        ),
      );
    const person = await Respondent.at(world, pathOf(survey));
    await person.send();
    const arm = person.text.includes('first week') ? { QID1: '1' } : { QID2: 'Typed' };
    const before = await shown();
    expect(before).toContainEqual({ times: '1' });
    await later(3);
    expect((await shown()).every(({ times }) => times === '0')).toBe(true);
    await (await Respondent.at(world, pathOf(survey))).send(); // somebody else meets the arm that is free again
    await person.send(arm);
    expect(person.text).toContain('recorded');
    expect((await responsesOf(world, survey)).map(({ answers }) => Object.keys(answers))).toEqual([Object.keys(arm)]);
    expect((await shown()).reduce((sum, { times }) => sum + Number(times), 0)).toBe(2);
  });

  it('is a first page for whoever comes back by its address, with the cookie', async () => {
    const survey = await aSurvey(world, ada, { definition: optional(), options: { preventMultiple: true } });
    const person = await pastFirstPage(survey);
    world.clock.forward(3 * HOUR); // the sweep has not come yet
    await person.open();
    expect(person.page.status).toBe(200);
    await later(3);
    await person.open();
    expect([person.page.status, person.text]).toEqual([200, expect.stringContaining('How was your first week?')]);
    await (await person.send({ QID1: '1' })).send();
    expect(await responsesOf(world, survey)).toHaveLength(1);
  });

  it('begins anew where the page comes after the walk’s own time, or carries what we did not make', async () => {
    const survey = await aSurvey(world, ada, { definition: optional() });
    const other = await pastFirstPage(await aSurvey(world, ada, { definition: optional() }));
    const person = await pastFirstPage(survey);
    const { action, fields } = person.form;
    await later(3);
    for (const untouched of [
      '',
      'torn',
      `${String(fields['untouched']).slice(0, -4)}AAAA`,
      String(other.form.fields['untouched']),
    ]) {
      const sent = await person.browser
        .post(action)
        .type('form')
        .send(encoded({ ...fields, untouched, QID2: 'x', go: 'next' }));
      expect(sent.status).toBe(303);
    }
    await later(8 * 24);
    await person.send({ QID2: 'x' });
    expect([person.page.status, person.text]).toEqual([200, expect.stringContaining('How was your first week?')]);
    expect(await sessionsOf(world, survey)).toEqual([]);
  });

  it('is none where something was answered, typed before Back, or where the person was invited', async () => {
    const definition = optional();
    const survey = await aSurvey(world, ada, { definition });
    const { path: own } = await aLink(world, survey);
    const { path: many } = await aLink(world, survey, { kind: 'multiple', contact: { email: 'many@navy.example' } });
    await (await Respondent.at(world, pathOf(survey))).send({ QID1: '1' });
    await (await pastFirstPage(survey)).send({ QID2: 'typed' }, 'back');
    await (await Respondent.at(world, own)).send();
    await (await Respondent.at(world, many)).send();
    await later(24);
    expect((await sessionsOf(world, survey)).map(({ state }) => state)).toEqual(['open', 'open', 'open', 'open']);
  });

  it('may have stood on its first page for hours before that was sent', async () => {
    const survey = await aSurvey(world, ada);
    const person = await Respondent.at(world, pathOf(survey));
    await later(3);
    await person.send({ QID1: '2' });
    expect(person.text).toContain('What would have made it better?');
    expect(await sessionsOf(world, survey)).toHaveLength(1);
  });
});
