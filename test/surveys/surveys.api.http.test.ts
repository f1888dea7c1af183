import { readdirSync, readFileSync } from 'node:fs';
import supertest from 'supertest';
import { SurveysService } from '../../src/surveys/surveys.service.js';
import { type Person, startWorld, type World } from '../world.js';
import { aSurvey, shareWith } from './builders.js';

type Answer = {
  result: Record<string, object>;
  meta: { httpStatus: string; error?: { errorMessage: string; errorCode: string } };
};

describe('surveys by API', () => {
  let world: World;
  let ada: Person;
  let grace: Person;
  let eve: Person;
  const shown = (id: string) => world.ids.show('SV', id);
  const send = (person: Person, method: 'get' | 'post' | 'put' | 'delete', path: string) =>
    world.visitor()[method](`/API/v3${path}`).set('X-API-TOKEN', person.token);

  beforeAll(async () => {
    world = await startWorld();
    const acme = await world.aBrand('Acme');
    ada = await world.aPerson(acme);
    grace = await world.aPerson(acme, { firstName: 'Grace' });
    eve = await world.aPerson(await world.aBrand('Globex'), { type: 'administrator', firstName: 'Eve' });
  });
  afterAll(() => world.close());

  it('tell whose token it is', async () => {
    const { body } = await send(ada, 'get', '/whoami').set('Content-Type', 'application/json').expect(200);
    expect((body as Answer).meta.httpStatus).toBe('200 - OK');
    expect((body as Answer).result).toMatchObject({
      brandId: expect.stringMatching(/^acme-\d+$/) as string,
      userId: world.ids.show('UR', ada.actor.userId),
      userName: ada.user.email,
      firstName: 'Ada',
      lastName: 'Lovelace',
      organizationId: expect.stringMatching(/^acme-/) as string,
      timeZone: 'UTC',
    });
    await world.visitor().get('/API/v3/whoami').expect(401);
  });

  it('list own and shared surveys page by page, in the order in which they were made', async () => {
    const lister = await world.aPerson({ id: ada.actor.brandId } as never, { firstName: 'Lin' });
    const made = [];
    for (const name of ['One', 'Two', 'Three']) {
      made.push(shown((await aSurvey(world, lister, { name, stage: 'new' })).id));
    }
    const foreign = await aSurvey(world, ada, { name: 'Shared' });
    await shareWith(world, ada, foreign.id, lister, 'canViewReports');
    const seen: string[] = [];
    let next: string | null = '/API/v3//surveys/?pageSize=2&skipToken=&useNewPaginationScheme=true';
    while (next !== null) {
      const { body } = await supertest(world.app.getHttpServer())
        .get(next)
        .set('X-API-TOKEN', lister.token)
        .expect(200);
      const page = body.result as { elements: { id: string }[]; nextPage: string | null };
      seen.push(...page.elements.map(({ id }) => id));
      next = page.nextPage === null ? null : page.nextPage.replace(/^https?:\/\/[^/]+/, '');
    }
    expect(seen).toEqual([...made, shown(foreign.id)]);
    const { body } = await send(lister, 'get', '/surveys');
    expect(body.result.elements[3]).toEqual({
      id: shown(foreign.id),
      name: 'Shared',
      ownerId: world.ids.show('UR', ada.actor.userId),
      lastModified: expect.stringMatching(/^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\dZ$/) as string,
      creationDate: expect.stringMatching(/Z$/) as string,
      isActive: true,
    });
  });

  it('show a survey in the shape that clients read', async () => {
    const { id } = await aSurvey(world, ada);
    const { body } = await send(ada, 'get', `/surveys/${shown(id)}/`).expect(200);
    expect(body.result).toMatchObject({
      id: shown(id),
      name: 'Onboarding pulse',
      isActive: true,
      expiration: { startDate: null, endDate: null },
      questions: {
        QID1: {
          questionType: { type: 'MC', selector: 'SAVR', subSelector: 'TX' },
          questionName: 'Q1',
          questionText: 'How was your first week?',
          validation: { doesForceResponse: true },
          choices: { 1: { choiceText: 'Good', recode: '1', variableName: null } },
        },
        QID2: { questionType: { type: 'TE', selector: 'ESTB' } },
      },
      exportColumnMap: { Q1: { question: 'QID1' }, Q2: { question: 'QID2' } },
      blocks: { BL1: { description: 'First week', elements: [{ questionId: 'QID1' }, { type: 'PageBreak' }, {}] } },
      flow: [{ type: 'Block', id: 'BL1' }],
      responseCounts: { auditable: 0, generated: 0, deleted: 0 },
    });
  });

  it('show every imported survey and its definition without a gap', async () => {
    for (const file of readdirSync('test/data/qsf')) {
      const made = await send(ada, 'post', '/surveys').field('name', file).attach('file', `test/data/qsf/${file}`);
      expect({ file, status: made.status }).toEqual({ file, status: 200 });
      const { id } = made.body.result as { id: string };
      const { result } = (await send(ada, 'get', `/surveys/${id}`)).body as Answer;
      const questions = Object.keys(result['questions']!);
      for (const column of Object.values(result['exportColumnMap'] as Record<string, { question: string }>)) {
        expect(questions).toContain(column.question);
      }
      const definition = (await send(ada, 'get', `/survey-definitions/${id}`).expect(200)).body as Answer;
      expect(Object.keys(definition.result['Questions']!)).toEqual(questions);
      expect(definition.result).toMatchObject({
        SurveyID: id,
        SurveyFlow: { Type: 'Root' },
        ResponseSets: {},
        ProjectInfo: { SurveyStatus: 'Inactive' },
      });
    }
  });

  it('make a survey from a file as clients send it, and keep the report', async () => {
    const made = await send(ada, 'post', '/surveys')
      .field('name', 'From a client')
      .attach('file', readFileSync('test/data/qsf/logic.qsf'), {
        filename: '/home/me/survey.qsf',
        contentType: 'application/vnd.qualtrics.survey.qsf',
      });
    expect(made.body.meta.httpStatus).toBe('200 - OK');
    const { survey } = await world.app
      .get(SurveysService)
      .mustFindWithDraft(ada.actor, world.ids.read('SV', made.body.result.id as string));
    expect(survey).toMatchObject({ name: 'From a client', stage: 'new' });
    expect(survey.importReport!.length).toBeGreaterThan(0);
    const json = JSON.parse(readFileSync('test/data/qsf/bare.qsf', 'utf8')) as object;
    expect((await send(ada, 'post', '/surveys').send(json)).status).toBe(200);
  });

  it('copy a survey that may be copied', async () => {
    const { id } = await aSurvey(world, ada);
    const copy = (person: Person) =>
      send(person, 'post', '/surveys').set('X-COPY-SOURCE', shown(id)).send({ projectName: 'Second wave' });
    const made = (await copy(ada).expect(200)).body.result as { id: string };
    expect((await send(ada, 'get', `/surveys/${made.id}`)).body.result).toMatchObject({
      name: 'Second wave',
      isActive: false,
      questions: { QID1: {} },
    });
    await copy(grace).expect(404);
    await shareWith(world, ada, id, grace, 'canEdit');
    await copy(grace).expect(403);
    await shareWith(world, ada, id, grace, 'canCopy');
    const hers = (await copy(grace).expect(200)).body.result as { id: string };
    expect((await send(grace, 'get', `/surveys/${hers.id}`)).body.result.ownerId).toBe(
      world.ids.show('UR', grace.actor.userId),
    );
    await send(ada, 'get', `/surveys/${hers.id}`).expect(404);
  });

  it('say in words why a file is not taken', async () => {
    const why = async (request: supertest.Test) => {
      const { status, body } = await request;
      return [status, (body as Answer).meta.error?.errorMessage];
    };
    const post = () => send(ada, 'post', '/surveys');
    expect(await why(post().send({ name: 'x', fileUrl: 'https://acme.example/x.qsf' }))).toEqual([
      400,
      expect.stringContaining('not fetched from addresses') as string,
    ]);
    expect(await why(post().send({ name: 'x' }))).toEqual([400, expect.stringContaining('field "file"') as string]);
    expect(await why(post().attach('file', Buffer.from('{}'), 'x.qsf'))).toEqual([
      400,
      expect.stringMatching(/could not be imported\. .*survey/) as string,
    ]);
    expect(await why(post().attach('file', Buffer.alloc(21 * 1024 * 1024), 'x.qsf'))).toEqual([
      413,
      expect.any(String),
    ]);
    const distributor = await world.aPerson({ id: ada.actor.brandId } as never, {
      type: 'distributor',
      firstName: 'D',
    });
    expect((await send(distributor, 'post', '/surveys').send({})).status).toBe(403);
  });

  describe('changing a survey', () => {
    const isActive = async (id: string) =>
      (await send(ada, 'get', `/surveys/${shown(id)}`)).body.result.isActive as boolean;
    const put = (id: string, body: object) => send(ada, 'put', `/surveys/${shown(id)}`).send(body);

    it('activates with publishing, pauses, resumes; twice is once', async () => {
      const { id } = await aSurvey(world, ada, { stage: 'new' });
      for (const wanted of [false, true, true, false, false, true]) {
        const { body } = await put(id, { isActive: wanted }).expect(200);
        expect(body).toEqual({ meta: { httpStatus: '200 - OK', requestId: expect.any(String) as string } });
        expect(await isActive(id)).toBe(wanted);
      }
    });

    it('renames and sets the window; outside of it the survey is not active', async () => {
      const { id } = await aSurvey(world, ada);
      await put(id, {
        name: 'New name',
        expiration: { startDate: '2020-01-01T00:00:00Z', endDate: '2020-02-01T00:00:00+01:00' },
      });
      const { body } = await send(ada, 'get', `/surveys/${shown(id)}`);
      expect(body.result).toMatchObject({
        name: 'New name',
        isActive: false,
        expiration: { startDate: '2020-01-01T00:00:00Z', endDate: '2020-01-31T23:00:00Z' },
      });
      await put(id, { isActive: true }).expect(409);
      await put(id, { isActive: true, expiration: { endDate: null } }).expect(200);
      expect(await isActive(id)).toBe(true);
    });

    it('changes nothing when one of the changes is refused', async () => {
      const { id } = await aSurvey(world, ada, { name: 'Kept' });
      await put(id, {
        name: 'Lost',
        expiration: { startDate: '2021-01-01T00:00:00Z', endDate: '2020-01-01T00:00:00Z' },
      }).expect(400);
      await put(id, { name: '' }).expect(400);
      await put(id, { isActive: 'yes' }).expect(400);
      await put(id, { expiration: { endDate: 'tomorrow' } }).expect(400);
      expect((await send(ada, 'get', `/surveys/${shown(id)}`)).body.result.name).toBe('Kept');
    });

    it('is refused to people without a stake (404) or without the right one (403)', async () => {
      const { id } = await aSurvey(world, ada);
      for (const person of [grace, eve]) {
        await send(person, 'get', `/surveys/${shown(id)}`).expect(404);
        await send(person, 'put', `/surveys/${shown(id)}`)
          .send({ isActive: false })
          .expect(404);
        await send(person, 'put', `/surveys/${shown(id)}`)
          .send({})
          .expect(404);
        await send(person, 'delete', `/surveys/${shown(id)}`).expect(404);
        await send(person, 'get', `/survey-definitions/${shown(id)}/metadata`).expect(404);
      }
      await shareWith(world, ada, id, grace, 'canEdit');
      await send(grace, 'put', `/surveys/${shown(id)}`)
        .send({ name: 'By Grace' })
        .expect(200);
      const { body } = await send(grace, 'put', `/surveys/${shown(id)}`)
        .send({ isActive: false })
        .expect(403);
      expect((body as Answer).meta.error).toMatchObject({ errorCode: 'AUTH_6' });
      await send(grace, 'delete', `/surveys/${shown(id)}`).expect(403);
    });

    it('deletes', async () => {
      const { id } = await aSurvey(world, ada);
      await send(ada, 'delete', `/surveys/${shown(id)}`)
        .set('Content-Type', 'application/json')
        .expect(200);
      await send(ada, 'get', `/surveys/${shown(id)}`).expect(404);
      await send(ada, 'get', '/surveys/SV_nonsense').expect(404);
    });
  });

  it('refuses a survey file that is nested deeper than any survey, as a body and as a file', async () => {
    const { token } = await world.aPerson(await world.aBrand());
    const deep = `{"SurveyEntry":{"SurveyName":"Deep"},"SurveyElements":${'['.repeat(100_000)}${']'.repeat(100_000)}}`;
    const post = () => world.visitor().post('/API/v3/surveys').set('X-API-TOKEN', token);
    expect((await post().type('application/json').send(deep)).status).toBe(400);
    const file = await post().field('name', 'Deep').attach('file', Buffer.from(deep), 'deep.qsf');
    expect(file.status).toBeLessThan(500);
  });
});
