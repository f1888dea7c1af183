import pg from 'pg';
import { TAKE_APART } from '../../../migrations/Migration20261130181000_anonymous_answers.js';
import { PlanningService } from '../../../src/planning/planning.service.js';
import { FoldResponsesJob } from '../../../src/distributions/fold_responses.job.js';
import { AnonymousRecording } from '../../../src/responses/anonymous/anonymous_recording.js';
import { exampleDefinition } from '../../../src/engine/definition.js';
import type { Survey } from '../../../src/surveys/survey.entity.js';
import { Folding } from '../../../src/summaries/folding.js';
import { aDistribution, anAudience, ledgerOf } from '../../distributions/builders.js';
import { aSurvey } from '../../surveys/builders.js';
import { type Person, startWorld, type World } from '../../world.js';
import { aRecipient } from '../recipients.js';
import { Respondent } from '../respondent.js';
import { countsOf, responsesOf } from '../rows.js';

const BEGAN = new Date('2026-11-23T09:58:07.411Z');
const MINUTE = 60_000;

describe('the recording of anonymous answers', () => {
  let world: World;
  let ada: Person;
  beforeAll(async () => {
    world = await startWorld();
    ada = await world.aPerson(await world.aBrand('Acme'));
  });
  afterAll(() => world.close());
  beforeEach(() => world.clock.set(BEGAN));

  async function anonymize(survey: Survey, isAnonymous = true): Promise<void> {
    await world.database.inBrand(survey.brandId, (unit) =>
      unit.run('UPDATE surveys SET options = options || $2 WHERE id = $1', [survey.id, { anonymize: isAnonymous }]),
    );
  }

  async function anonymousSurvey(definition = exampleDefinition()): Promise<Survey> {
    const survey = await aSurvey(world, ada, { definition });
    await anonymize(survey);
    return survey;
  }

  async function answered(path: string, text: string): Promise<Respondent> {
    const walk = await Respondent.at(world, path);
    await walk.send({ QID1: '2' });
    await walk.send({ QID2: text });
    return walk;
  }

  const invited = async (survey: Survey) => (await aRecipient(world, survey, ada)).path;
  const record = (survey: Survey) => world.app.get(AnonymousRecording).run(survey.brandId);
  const textsOf = async (survey: Survey) =>
    (await responsesOf(world, survey)).map(({ answers }) => (answers['QID2'] as { text: string }).text);

  it('waits for at least a minute, and for what comes within five of them', async () => {
    const survey = await anonymousSurvey();
    await answered(await invited(survey), 'one');
    world.clock.forward(MINUTE);
    await record(survey);
    expect(await textsOf(survey)).toEqual([]);
    world.clock.forward(9 * MINUTE);
    await record(survey);
    expect(await textsOf(survey)).toEqual(['one']);
    expect(await countsOf(world, survey)).toEqual({ started: 1, finished: 1, partial: 0 });
  });

  it('is found by the sweep, by itself', async () => {
    const survey = await anonymousSurvey();
    await answered(await invited(survey), 'swept');
    world.clock.forward(10 * MINUTE);
    await world.jobs.sweep();
    await world.jobs.settled();
    expect(await textsOf(survey)).toEqual(['swept']);
  });

  it('keeps new mails from people who have finished, though no response knows them', async () => {
    const survey = await anonymousSurvey();
    const grace = await aRecipient(world, survey, ada);
    await answered(grace.path, 'done');
    const { listId } = await anAudience(world, ada, [{ email: 'grace@navy.example' }, { email: 'late@navy.example' }]);
    const again = await aDistribution(world, ada, survey, { listId });
    await world.app.get(PlanningService).plan({ brandId: survey.brandId, distributionId: again.id });
    const rows = await ledgerOf(world, again);
    expect(rows.map(({ address, reason }) => [address, reason])).toEqual([
      ['grace@navy.example', 'finished'],
      ['late@navy.example', null],
    ]);
  });

  it('writes all of an hour anew with each that comes, in the order of numbers that are chance', async () => {
    const survey = await anonymousSurvey();
    world.clock.set(new Date('2026-11-23T10:00:00.000Z'));
    const texts = ['one', 'two', 'three', 'four', 'five'];
    for (const text of texts) {
      await answered(await invited(survey), text);
      world.clock.forward(10 * MINUTE);
      await record(survey);
    }
    const rows = await world.database.inBrand(survey.brandId, (unit) =>
      unit.sql<{ id: string; writer: string }>(
        'SELECT id, xmin::text AS writer FROM responses WHERE survey_id = $1 ORDER BY ctid',
        [survey.id],
      ),
    );
    expect(new Set(rows.map(({ writer }) => writer)).size).toBe(1);
    const numbers = rows.map(({ id }) => BigInt(id));
    expect(numbers).toEqual(numbers.toSorted((one, other) => (one < other ? -1 : 1)));
    expect((await textsOf(survey)).sort()).toEqual(texts.sort());
  });

  it('shows the end page again as it was, and the usual one when the walk is forgotten', async () => {
    const definition = exampleDefinition();
    definition.ending = { kind: 'message', message: 'You said ${q://QID2/ChoiceTextEntryValue}.' };
    const survey = await anonymousSurvey(definition);
    const { path } = await aRecipient(world, survey, ada);
    const walk = await Respondent.at(world, path);
    await walk.send({ QID1: '2' });
    const last = walk.form;
    await walk.send({ QID2: 'quite well' });
    expect(walk.text).toContain('You said quite well.');
    const again = async () => {
      const { headers } = await walk.post({ QID2: 'otherwise' }, 'next', last).expect(303);
      return (await walk.open(String(headers['location']))).text;
    };
    expect(await again()).toContain('You said quite well.');
    world.clock.forward(10 * MINUTE);
    await record(survey);
    const late = await again();
    expect(late).not.toContain('quite well');
    expect(walk.hasForm).toBe(false);
    expect(walk.page.status).toBe(200);
    expect(await textsOf(survey)).toEqual(['quite well']);
  });

  it('goes on in another browser without showing there what was answered', async () => {
    const definition = exampleDefinition();
    definition.options = { ...definition.options, backButton: true };
    definition.ending = { kind: 'message', message: 'You said ${q://QID2/ChoiceTextEntryValue}.' };
    const survey = await anonymousSurvey(definition);
    const { path } = await aRecipient(world, survey, ada);
    const own = await Respondent.at(world, path);
    await own.send({ QID1: '2' });
    expect(own.page.text).toContain('value="back"');
    const other = await Respondent.at(world, path);
    expect(other.page.text).not.toContain('value="back"');
    await other.send({}, 'back');
    expect(other.page.text).toContain('QID2');
    await own.send({ QID2: 'typed' }, 'back');
    await own.send({ QID1: '2' });
    expect(own.page.text).toContain('typed');
    expect((await other.open()).page.text).not.toContain('typed');
    const last = other.form;
    await own.send({ QID2: 'quite well' });
    expect(own.text).toContain('You said quite well.');
    const { headers } = await other.post({ QID2: 'mine' }, 'next', last).expect(303);
    await other.open(String(headers['location']));
    expect(other.page.status).toBe(200);
    expect(other.text).not.toContain('quite well');
  });

  it('shows no answers either to whoever began the walk of somebody else', async () => {
    const definition = exampleDefinition();
    definition.options = { ...definition.options, backButton: true };
    definition.ending = { kind: 'message', message: 'You said ${q://QID2/ChoiceTextEntryValue}.' };
    definition.blocks['BL1']!.items.push({ kind: 'pageBreak' }, { kind: 'question', question: 'QID3' });
    definition.questions['QID3'] = { ...definition.questions['QID2']!, id: 'QID3', exportTag: 'Q3' } as never;
    const survey = await anonymousSurvey(definition);
    const { path } = await aRecipient(world, survey, ada);
    const curious = await Respondent.at(world, path);
    await curious.send({ QID1: '2' });
    const person = await Respondent.at(world, path);
    await person.send({ QID2: 'My secret' });
    expect((await curious.open()).page.text).not.toContain('value="back"');
    await curious.send({}, 'back');
    expect(curious.page.text).not.toContain('My secret');
    await person.open();
    await person.send({ QID3: 'The end' });
    expect(person.hasForm).toBe(false);
    const { headers } = await curious.post().expect(303);
    expect((await curious.open(String(headers['location']))).page.text).not.toContain('My secret');
  });

  it('lets nobody see beforehand, or work out later, what chance shows to a person', async () => {
    const definition = exampleDefinition();
    const { QID1 } = definition.questions as Record<string, { choices: object[] }>;
    QID1!.choices = [1, 2, 3, 4, 5].map((id) => ({ id: `${id}`, text: `Way ${id}`, value: `${id}` }));
    definition.questions['QID1'] = { ...QID1, shuffle: { mode: 'shuffle' } } as never;
    const survey = await anonymousSurvey(definition);
    const { path } = await aRecipient(world, survey, ada);
    const looks = await Promise.all(Array.from({ length: 8 }, () => Respondent.at(world, path)));
    const orderOf = ({ text }: Respondent) => text.match(/Way \d/g)!.join();
    expect(new Set(looks.map(orderOf)).size).toBeGreaterThan(1);
    const keysOf = () =>
      world.database.inBrand(survey.brandId, (unit) =>
        unit.sql('SELECT DISTINCT start_key FROM sessions WHERE survey_id = $1', [survey.id]),
      );
    await Promise.all(looks.slice(0, 4).map((look) => look.post({ QID1: '2' }).expect(303)));
    expect(await keysOf()).toEqual([{ start_key: null }]);
    await looks[0]!.open();
    await looks[0]!.send({ QID2: 'done' });
    expect(await keysOf()).toEqual([{ start_key: null }]);
    expect(await countsOf(world, survey)).toEqual({ started: 1, finished: 1, partial: 0 });
    await answered((await aRecipient(world, survey, ada, { kind: 'multiple' })).path, 'one of many');
    world.clock.forward(10 * MINUTE);
    await record(survey);
    expect(await keysOf()).toEqual([{ start_key: null }]);
  });

  it('keeps the promise to whoever began under it', async () => {
    const survey = await anonymousSurvey();
    const { path } = await aRecipient(world, survey, ada);
    const walk = await Respondent.at(world, path);
    await walk.send({ QID1: '1' });
    await anonymize(survey, false);
    await walk.send({ QID2: 'still nobody' });
    world.clock.forward(10 * MINUTE);
    await record(survey);
    const [response] = await responsesOf(world, survey);
    expect(response).toMatchObject({ contact_id: null, session_id: null, person: {} });
  });

  it('leaves answers that do not open where they are, and records the others', async () => {
    const survey = await anonymousSurvey();
    await answered(await invited(survey), 'good');
    await world.database.inBrand(survey.brandId, (unit) =>
      unit.run(`INSERT INTO held_answers (brand_id, id, due_at, sealed) VALUES ($1, gen_random_uuid(), $2, '\\x00')`, [
        survey.brandId,
        BEGAN,
      ]),
    );
    world.clock.forward(10 * MINUTE);
    await record(survey);
    expect(await textsOf(survey)).toEqual(['good']);
    const { n } = await world.database.inBrand(survey.brandId, (unit) =>
      unit.one<{ n: number }>('SELECT count(*)::int AS n FROM held_answers'),
    );
    expect(n).toBe(1);
  });

  it('lets figures be counted anew without losing what is stored apart', async () => {
    const survey = await anonymousSurvey();
    await answered(await invited(survey), 'one');
    const folding = world.app.get(Folding);
    await folding.fold(survey.brandId);
    expect((await folding.rebuild(survey.brandId, survey.id)).wrong).toBe(0);
    world.clock.forward(70 * MINUTE);
    await record(survey);
    expect((await folding.rebuild(survey.brandId, survey.id)).wrong).toBe(0);
    expect(await countsOf(world, survey)).toEqual({ started: 1, finished: 1, partial: 0 });
  });

  it('takes apart what was stored before', async () => {
    const definition = exampleDefinition();
    definition.flow = [
      { kind: 'embedded', fields: [{ name: 'Badge' }, { name: 'Wave', value: 'two' }] },
      ...definition.flow,
    ];
    const survey = await aSurvey(world, ada, { definition });
    const grace = await aRecipient(world, survey, ada, { embedded: { Badge: 'B-1815' } });
    await answered(grace.path, 'from before');
    await world.app.get(FoldResponsesJob).perform({ brandId: survey.brandId });
    const [before] = await responsesOf(world, survey);
    await anonymize(survey);
    const client = new pg.Client({ connectionString: world.superuserUrl });
    await client.connect();
    for (const statement of TAKE_APART) {
      await client.query(statement);
    }
    await client.end();
    const [after] = await responsesOf(world, survey);
    expect(after).toMatchObject({
      answers: before!.answers,
      session_id: null,
      contact_id: null,
      embedded: { Wave: 'two' },
      person: {},
      started_at: new Date('2026-11-23T09:00:00Z'),
    });
    expect(BigInt(after!.id) > 1n << 61n).toBe(true);
    const rows = await world.database.inBrand(survey.brandId, (unit) =>
      unit.sql<{ walk: object; response_id: string | null; finished_at: Date }>(
        `SELECT s.walk, m.response_id, m.finished_at FROM sessions s JOIN messages m ON m.link_id = s.link_id WHERE s.survey_id = $1`,
        [survey.id],
      ),
    );
    expect(rows).toEqual([{ walk: {}, response_id: null, finished_at: new Date('2026-11-23T00:00:00Z') }]);
  });
});
