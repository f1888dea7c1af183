import { parse } from 'csv-parse/sync';
import type { Response } from 'supertest';
import { exampleDefinition } from '../../../src/engine/definition.js';
import type { Survey } from '../../../src/surveys/survey.entity.js';
import { SurveysService } from '../../../src/surveys/surveys.service.js';
import { aLink } from '../../links/builders.js';
import { aSurvey } from '../../surveys/builders.js';
import { type Person, startWorld, type World } from '../../world.js';
import { Respondent } from '../respondent.js';
import { unzipped } from '../zip.js';

const ABOUT =
  'StartDate EndDate Status IPAddress Progress Duration|(in|seconds) Finished RecordedDate ResponseId RecipientLastName RecipientFirstName RecipientEmail ExternalReference LocationLatitude LocationLongitude DistributionChannel UserLanguage';

describe('the export of responses', () => {
  let world: World;
  let ada: Person;
  beforeAll(async () => {
    world = await startWorld();
    world.clock.set(new Date('2026-11-23T23:30:00Z'));
    ada = await world.aPerson(await world.aBrand('Acme'));
  });
  afterAll(() => world.close());

  const shown = (survey: Survey) => world.ids.show('SV', survey.id);
  const api = (survey: Survey) => `/API/v3/surveys/${shown(survey)}/export-responses`;

  async function answered(): Promise<Survey> {
    const definition = exampleDefinition();
    definition.flow = [{ kind: 'embedded', fields: [{ name: 'Team' }] }, ...definition.flow];
    const survey = await aSurvey(world, ada, { definition, name: 'Pulse: "one"/two' });
    const link = await aLink(world, survey, {
      contact: { firstName: 'Grace', lastName: 'Hopper', email: 'grace@navy.example', extRef: 'G-1' },
      embedded: { Team: '=North' },
    });
    const grace = await Respondent.at(world, link.path);
    await grace.send({ QID1: '2' });
    await grace.send({ QID2: 'Line one\nline "two", three' });
    const alan = await Respondent.at(world, `/a/${shown(survey)}`);
    await alan.send({ QID1: '1' });
    await alan.send({ QID2: '=1+1' });
    return survey;
  }

  async function exported(survey: Survey, wish: object, person = ada): Promise<Response> {
    const start = await world.visitor().post(api(survey)).set('X-API-TOKEN', person.token).send(wish);
    expect([start.status, start.body.meta?.httpStatus]).toEqual([200, '200 - OK']);
    const { progressId } = start.body.result as { progressId: string };
    expect(progressId).toMatch(/^ES_/);
    await world.jobs.settled();
    const progress = await world
      .visitor()
      .get(`${api(survey)}/${progressId}`)
      .set('X-API-TOKEN', person.token);
    expect(progress.body.result).toMatchObject({ percentComplete: 100, status: 'complete' });
    const fileId = progress.body.result.fileId as string;
    return world
      .visitor()
      .get(`${api(survey)}/${fileId}/file`)
      .set('X-API-TOKEN', person.token)
      .buffer()
      .parse(binary)
      .expect(200);
  }

  it('gives a zip with one CSV whose three header rows existing readers know', async () => {
    const survey = await answered();
    const file = await exported(survey, { format: 'csv' });
    expect(file.headers['content-type']).toBe('application/zip');
    const [[name, text] = ['', '']] = Object.entries(unzipped(file.body as Buffer));
    expect(name).toBe('Pulse one two.csv');
    const rows = parse(text);
    const about = ABOUT.split(' ').map((title) => title.replaceAll('|', ' '));
    expect(rows[0]).toEqual([...about, 'Q1', 'Q2', 'Team']);
    expect(rows[1]?.slice(-3)).toEqual(['How was your first week?', 'What would have made it better?', 'Team']);
    expect(rows[2]?.[0]).toBe('{"ImportId":"startDate","timeZone":"UTC"}');
    expect(rows[2]?.slice(8, 9)).toEqual(['{"ImportId":"_recordId"}']);
    expect(rows[2]?.slice(-3)).toEqual(['{"ImportId":"QID1"}', '{"ImportId":"QID2_TEXT"}', '{"ImportId":"Team"}']);
    const [grace = [], alan = []] = rows.slice(3);
    const time = '2026-11-23 23:30:00';
    expect(grace.slice(0, 8)).toEqual([time, time, '0', '', '100', '0', '1', time]);
    expect(grace[8]).toMatch(/^R_\w{15}$/);
    expect(grace.slice(9, 13)).toEqual(['Hopper', 'Grace', 'grace@navy.example', 'G-1']);
    expect(grace.slice(13)).toEqual(['', '', 'email', 'EN', '2', 'Line one\nline "two", three', '=North']);
    expect(alan.slice(-3)).toEqual(['1', '=1+1', '']);
    expect(rows).toHaveLength(5);
  });

  it('gives words, another zone, a range and a limit when asked', async () => {
    const survey = await answered();
    const labels = await exported(survey, {
      format: 'csv',
      useLabels: true,
      compress: false,
      timeZone: 'Asia/Kolkata',
      limit: 1,
    });
    expect(labels.headers['content-type']).toBe('text/csv; charset=utf-8');
    const rows = parse(labels.body as Buffer);
    expect(rows).toHaveLength(4);
    expect(rows[2]?.[0]).toBe('{"ImportId":"startDate","timeZone":"Asia/Kolkata"}');
    expect(rows[3]?.slice(0, 7)).toEqual([
      '2026-11-24 05:00:00',
      '2026-11-24 05:00:00',
      'IP Address',
      '',
      '100',
      '0',
      'True',
    ]);
    expect(rows[3]?.slice(-3, -2)).toEqual(['Mixed']);
    const none = await exported(survey, { format: 'csv', compress: false, startDate: '2026-11-24T00:00:00Z' });
    expect(parse(none.body as Buffer)).toHaveLength(3);
  });

  it('gives JSON and lines of JSON', async () => {
    const survey = await answered();
    const json = JSON.parse(String((await exported(survey, { format: 'json', compress: false })).body)) as {
      responses: { values: object; labels: object }[];
    };
    expect(json.responses[0]).toMatchObject({
      values: {
        status: 0,
        finished: 1,
        QID1: 2,
        recipientEmail: 'grace@navy.example',
        startDate: '2026-11-23T23:30:00Z',
      },
      labels: { QID1: 'Mixed', finished: 'True' },
    });
    const lines = String((await exported(survey, { format: 'ndjson', compress: false })).body)
      .trim()
      .split('\n');
    expect(lines.map((line) => (JSON.parse(line) as { values: { QID1: number } }).values.QID1)).toEqual([2, 1]);
  });

  it('refuses what it cannot give', async () => {
    const survey = await aSurvey(world, ada);
    const ask = (wish: object) => world.visitor().post(api(survey)).set('X-API-TOKEN', ada.token).send(wish);
    for (const wish of [
      { format: 'spss' },
      { format: 'csv', timeZone: 'Mars/Olympus' },
      { format: 'csv', startDate: 'soon' },
      { limit: 0 },
    ]) {
      const { status, body } = await ask(wish);
      expect([status, body.meta.error.errorMessage]).toEqual([400, expect.any(String)]);
    }
    for (const [field, value] of Object.entries({
      exportResponsesInProgress: true,
      filterId: 'a1b2',
      continuationToken: 'more',
      formatDecimalAsComma: true,
      sortByLastModifiedDate: true,
      seenUnansweredRecode: 'none',
      useLabls: true,
    })) {
      const { status, body } = await ask({ format: 'csv', [field]: value });
      expect([status, body.meta.error.errorMessage]).toEqual([400, expect.stringContaining(field)]);
    }
    const harmless = {
      includeDisplayOrder: true,
      allowContinuation: false,
      sortByLastModifiedDate: false,
      exportResponsesInProgress: false,
      breakoutSets: false,
      filterId: null,
      timeZone: null,
    };
    expect((await ask({ format: 'csv', ...harmless })).status).toBe(200);
    await world
      .visitor()
      .get(`${api(survey)}/ES_000000000000000`)
      .set('X-API-TOKEN', ada.token)
      .expect(404);
  });

  it('leaves names blank for people who may not see who answered, and shows exports to nobody else', async () => {
    const survey = await answered();
    const brand = { id: ada.actor.brandId };
    const [user] = await world.database.inBrand(brand.id, (unit) =>
      unit.sql<{ id: string }>(`SELECT id FROM users WHERE id = $1`, [ada.actor.userId]),
    );
    await world.database.inBrand(brand.id, (unit) =>
      unit.sql(
        `INSERT INTO permission_overrides (brand_id, user_id, permission, enabled, set_at) VALUES ($1, $2, 'responses:view-personal-data', false, '2026-11-24T09:00Z')`,
        [brand.id, user?.id],
      ),
    );
    const file = await exported(survey, { format: 'csv', compress: false });
    const rows = parse(file.body as Buffer);
    expect(rows[0]?.slice(9, 13)).toEqual([
      'RecipientLastName',
      'RecipientFirstName',
      'RecipientEmail',
      'ExternalReference',
    ]);
    expect(rows[3]?.slice(9, 13)).toEqual(['', '', '', '']);
    await world.database.inBrand(brand.id, (unit) => unit.sql('DELETE FROM permission_overrides'));
    const stranger = await world.aPerson(await world.aBrand('Globex'));
    await world.visitor().post(api(survey)).set('X-API-TOKEN', stranger.token).send({ format: 'csv' }).expect(404);
  });

  it('merges the versions of a survey by question, whatever its tag was', async () => {
    const survey = await answered();
    const surveys = world.app.get(SurveysService);
    await world.database.inBrand(survey.brandId, (unit) =>
      unit.sql(
        `UPDATE surveys SET draft_number = draft_number + 1, draft = jsonb_set(jsonb_set(draft, '{questions,QID2,exportTag}', '"Better"'),
           '{questions,QID1,text}', '"And your week?"') WHERE id = $1`,
        [survey.id],
      ),
    );
    await surveys.publish(ada.actor, survey.id);
    const grace = await Respondent.at(world, `/a/${shown(survey)}`);
    await grace.send({ QID1: '3' });
    await grace.send({ QID2: 'new' });
    const rows = parse((await exported(survey, { format: 'csv', compress: false })).body as Buffer);
    expect(rows[0]?.slice(17)).toEqual(['Q1', 'Better', 'Team']);
    expect(rows[1]?.[17]).toBe('And your week?');
    expect(rows.slice(3).map((row) => row.slice(17, 19))).toEqual([
      ['2', 'Line one\nline "two", three'],
      ['1', '=1+1'],
      ['3', 'new'],
    ]);
  });

  it('is written again when its worker died, and not twice at once', async () => {
    const survey = await answered();
    const start = await world.visitor().post(api(survey)).set('X-API-TOKEN', ada.token).send({ format: 'csv' });
    await world.jobs.settled();
    const id = world.ids.read('ES', start.body.result.progressId as string);
    const change = (sets: string) =>
      world.database.inBrand(survey.brandId, (unit) =>
        unit.sql(`UPDATE response_exports SET ${sets} WHERE id = $1`, [id]),
      );
    await change(`status = 'running', file_path = NULL, heartbeat_at = '2026-11-23T23:29:30Z'`);
    await world.jobs.sweep();
    await world.jobs.settled();
    const ask = () =>
      world
        .visitor()
        .get(`${api(survey)}/${start.body.result.progressId}`)
        .set('X-API-TOKEN', ada.token);
    expect((await ask()).body.result).toMatchObject({ status: 'inProgress' });
    await world
      .visitor()
      .get(`${api(survey)}/${start.body.result.progressId}/file`)
      .set('X-API-TOKEN', ada.token)
      .expect(409);
    await change(`heartbeat_at = '2026-11-23T23:00:00Z'`);
    await world.jobs.sweep();
    await world.jobs.settled();
    expect((await ask()).body.result).toMatchObject({ status: 'complete' });
  });

  it('gives one response by its id', async () => {
    const survey = await answered();
    const all = JSON.parse(String((await exported(survey, { format: 'json', compress: false })).body)) as {
      responses: { responseId: string }[];
    };
    const id = all.responses[0]!.responseId;
    const one = await world
      .visitor()
      .get(`/API/v3/surveys/${shown(survey)}/responses/${id}`)
      .set('X-API-TOKEN', ada.token)
      .expect(200);
    expect(one.body.result).toEqual(all.responses[0]);
    await world
      .visitor()
      .get(`/API/v3/surveys/${shown(await aSurvey(world, ada))}/responses/${id}`)
      .set('X-API-TOKEN', ada.token)
      .expect(404);
  });

  it('is made from the page of responses, with progress and a file for spreadsheets', async () => {
    const survey = await answered();
    const base = `/surveys/${shown(survey)}/responses`;
    const list = await ada.agent.get(base).expect(200);
    expect(list.text).toMatch(/Grace Hopper[\s\S]*Finished[\s\S]*E-mail/);
    const started = await ada.agent.post(`${base}/exports`).redirects(0).expect(303);
    await world.jobs.settled();
    const page = await ada.agent.get(String(started.headers['location'])).expect(200);
    expect(page.text).toContain('The file with 2 responses is ready.');
    const [, file] = /href="([^"]*\/file)"/.exec(page.text) ?? [];
    const bytes = (await ada.agent.get(file!).buffer().parse(binary).expect(200)).body as Buffer;
    expect(bytes.subarray(0, 3)).toEqual(Buffer.from('\uFEFF'));
    const csv = parse(bytes, { bom: true });
    expect(csv[3]?.at(-1)).toBe("'=North");
    const [, one] = new RegExp(`href="(${base}/R_\\w+)"`).exec(page.text) ?? [];
    const single = await ada.agent.get(one!).expect(200);
    expect(single.text).toMatch(/How was your first week\?[\s\S]*Good/);
    const viewer = await world.aPerson(await world.aBrand('Initech'));
    await viewer.agent.get(base).expect(404);
    await viewer.agent.get(one!).expect(404);
  });

  it('says on an empty page what will stand there', async () => {
    const survey = await aSurvey(world, ada);
    const page = await ada.agent.get(`/surveys/${shown(survey)}/responses`).expect(200);
    expect(page.text).toContain('No responses yet');
  });
});

function binary(response: unknown, done: (error: Error | null, body: Buffer) => void): void {
  const chunks: Buffer[] = [];
  const stream = response as NodeJS.ReadableStream;
  stream.on('data', (chunk: Buffer) => chunks.push(chunk));
  stream.on('end', () => done(null, Buffer.concat(chunks)));
}
