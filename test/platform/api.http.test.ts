import { positionOf } from '../../src/platform/api/paging.js';
import type { Survey } from '../../src/surveys/survey.entity.js';
import { aList } from '../contacts/builders.js';
import { anAudience, BODY } from '../distributions/builders.js';
import { aSurvey } from '../surveys/builders.js';
import { type Person, startWorld, type World } from '../world.js';

interface Page {
  elements: { id?: string; name: string }[];
  nextPage: string | null;
}

describe('the API', () => {
  let world: World;
  let ada: Person;
  let survey: Survey;
  let SV: string;
  beforeAll(async () => {
    world = await startWorld();
    ada = await world.aPerson(await world.aBrand());
    survey = await aSurvey(world, ada);
    SV = world.ids.show('SV', survey.id);
  });
  afterAll(() => world.close());

  const call = (method: 'get' | 'post' | 'put' | 'delete', path: string, token = ada.token) =>
    world.visitor()[method](`/API/v3${path}`).set('X-API-TOKEN', token);
  const post = (path: string, body: object, key: string, token = ada.token) =>
    call('post', path, token).set('Idempotency-Key', key).send(body);
  const errorOf = (answer: { body: unknown }) =>
    (answer.body as { meta: { error: { errorMessage: string; errorCode: string } } }).meta.error;
  const countOf = async (table: string): Promise<number> =>
    (
      await world.database.inBrand(ada.actor.brandId, (unit) =>
        unit.one<{ n: number }>(`SELECT count(*)::int AS n FROM ${table}`),
      )
    ).n;

  it('says application/json and no more, of answers and refusals alike', async () => {
    for (const answer of [
      await call('get', '/whoami'),
      await call('get', '/whoami', 'wrong'),
      await call('get', '/nothing'),
      await call('post', '/mailinglists').set('Content-Type', 'application/json').send('{"name":'),
    ]) {
      expect([answer.status, answer.headers['content-type']]).toEqual([answer.status, 'application/json']);
    }
    const { text, body } = await call('post', '/mailinglists').send({ name: 'Größe „M“' });
    expect([text.includes('ML_'), body.meta.httpStatus]).toEqual([true, '200 - OK']);
  });

  it('speaks of tokens, calls and bodies to programs, not of pages', async () => {
    expect(errorOf(await call('get', '/whoami', 'wrong').expect(401)).errorMessage).toMatch(/token is not known/);
    const nobody = await world.visitor().get('/API/v3/whoami').expect(401);
    expect(errorOf(nobody)).toMatchObject({ errorCode: 'AUTH_1', errorMessage: expect.stringMatching(/X-API-TOKEN/) });
    expect(errorOf(await call('get', '/users?offset=0').expect(404))).toEqual({
      errorCode: 'UNKNOWN_CALL',
      errorMessage: 'This call is not known here: GET /API/v3/users',
    });
    const text = await call('post', '/mailinglists').set('Content-Type', 'text/plain').send('{"name":"x"}').expect(415);
    expect(errorOf(text).errorMessage).toMatch(/application\/json; this call says text\/plain/);
    expect(errorOf(await call('post', '/distributions').expect(400)).errorMessage).toBe(
      'message, recipients, and header are required.',
    );
    const linkless = { action: 'CreateDistribution', linkType: 'Individual', mailingListId: 'CG_1' };
    expect(errorOf(await call('post', '/distributions').send(linkless).expect(400)).errorMessage).toBe(
      'surveyId is required.',
    );
    const odd = await call('get', `/distributions?surveyId=${SV}&distributionRequestType=Invites`).expect(400);
    expect(errorOf(odd).errorMessage).toMatch(/^distributionRequestType: must be one of Invite, Reminder/);
    expect((await call('get', `/distributions?surveyId=${SV}&surveyId=${SV}`)).status).toBe(400);
  });

  it('pages by offset where clients count rows themselves, by token where they ask for it', async () => {
    const lin = await world.aPerson(await world.aBrand('Lists'), { firstName: 'Lin' });
    for (const name of ['One', 'Two', 'Three', 'Four', 'Five']) {
      await aList(world, lin, name);
    }
    const walk = async (first: string): Promise<[string[], string[]]> => {
      const [names, queries]: [string[], string[]] = [[], []];
      for (let next: string | null = first; next !== null && queries.length < 9;) {
        const { result } = (await call('get', next, lin.token).expect(200)).body as { result: Page };
        names.push(...result.elements.map(({ name }) => name));
        next = result.nextPage === null ? null : result.nextPage.replace(/^.*\/API\/v3/, '');
        queries.push(next?.replace(/^.*\?/, '') ?? '');
      }
      return [names, queries];
    };
    const all = ['Five', 'Four', 'Three', 'Two', 'One'];
    expect(await walk('/mailinglists?pageSize=2')).toEqual([all, ['pageSize=2&offset=2', 'pageSize=2&offset=4', '']]);
    expect(await walk('/mailinglists?offset=0&limit=3')).toEqual([all, ['limit=3&offset=3', '']]);
    const [names, [next]] = await walk('/mailinglists?limit=3&useNewPaginationScheme=true&offset=0');
    expect([names, next]).toEqual([all, expect.stringMatching(/skipToken=\w+$/)]);
    const directory = `/directories/${world.ids.show('POOL', lin.actor.brandId)}/mailinglists`;
    expect((await walk(`${directory}?pageSize=3`))[1][0]).toMatch(/skipToken=\w+$/);
    expect(await walk(`${directory}?pageSize=3&offset=1`)).toEqual([all.slice(1), ['pageSize=3&offset=4', '']]);
    const sizes = ['7', '9999', '0', 'many'].map((pageSize) => positionOf({ pageSize }).size);
    expect([...sizes, positionOf({ limit: '600' }).size]).toEqual([7, 500, 100, 100, 500]);
    expect(errorOf(await call('get', '/surveys?offset=many').expect(400)).errorMessage).toMatch(
      /^offset: must be a whole/,
    );
    for (const path of ['/surveys', `/libraries/${world.ids.show('UR', lin.actor.userId)}/messages`, '/mailinglists']) {
      expect((await call('get', `${path}?offset=100&limit=5`, lin.token).expect(200)).body.result.elements).toEqual([]);
    }
  });

  describe('with an Idempotency-Key', () => {
    it('makes a thing once, and answers the second call as the first', async () => {
      const first = await post('/mailinglists', { name: 'Once' }, 'a-1').expect(200);
      const before = await countOf('contact_lists');
      const second = await post('/mailinglists', { name: 'Once' }, 'a-1').expect(200);
      expect(second.text).toBe(first.text);
      const other = await post('/mailinglists', { name: 'Twice' }, 'a-1').expect(409);
      expect(errorOf(other)).toMatchObject({ errorCode: 'IDEMPOTENCY_KEY_REUSED' });
      await post('/directories/x', { name: 'Once' }, 'a-1').expect(404);
      expect(await countOf('contact_lists')).toBe(before);
      world.clock.forward(24 * 3_600_000 + 1);
      expect((await post('/mailinglists', { name: 'Once' }, 'a-1').expect(200)).text).not.toBe(first.text);
    });

    it('belongs to its person, and is free again after a refusal', async () => {
      const grace = await world.aPerson({ id: ada.actor.brandId } as never, { firstName: 'Grace' });
      const [own, others] = [
        await post('/mailinglists', { name: 'Mine' }, 'b-1').expect(200),
        await post('/mailinglists', { name: 'Mine' }, 'b-1', grace.token).expect(200),
      ];
      expect(own.body.result.id).not.toBe(others.body.result.id);
      await post('/mailinglists', {}, 'b-2').expect(400);
      await post('/mailinglists', { name: 'Now' }, 'b-2').expect(200);
      expect(errorOf(await post('/mailinglists', { name: 'x' }, 'k'.repeat(256)).expect(400)).errorMessage).toMatch(
        /^Idempotency-Key: 1 to 255/,
      );
    });

    it('lets one of many at once do the work, the others get its answer', async () => {
      const before = await countOf('contact_lists');
      const answers = await Promise.all(
        Array.from({ length: 12 }, () => post('/mailinglists', { name: 'Race' }, 'c-1')),
      );
      expect(new Set(answers.map(({ text }) => text)).size).toBe(1);
      expect(await countOf('contact_lists')).toBe(before + 1);
    });

    it('counts for files and copies, too', async () => {
      const file = JSON.stringify({ SurveyEntry: { SurveyName: 'Small' }, SurveyElements: [] });
      const send = (content: string) =>
        call('post', '/surveys')
          .set('Idempotency-Key', 'd-1')
          .field('name', 'Small')
          .attach('file', Buffer.from(content), 'a.qsf');
      const first = await send(file).expect(200);
      expect((await send(file).expect(200)).text).toBe(first.text);
      await send(`${file} `).expect(409);
      const copy = (source: string) =>
        call('post', '/surveys').set({ 'Idempotency-Key': 'd-2', 'X-COPY-SOURCE': source });
      const made = await copy(SV).expect(200);
      expect((await copy(SV).expect(200)).body.result.id).toBe(made.body.result.id);
      await copy(String(made.body.result.id)).expect(409);
      const form = () =>
        call('post', '/surveys').set({ 'Idempotency-Key': 'd-3', 'X-COPY-SOURCE': SV }).field('projectName', 'Form');
      expect((await form().expect(200)).text).toBe((await form().expect(200)).text);
    });
  });

  it('takes a date that no calendar here knows as a fault of its field', async () => {
    for (const [field, written] of [
      ['startDate', '0000-01-01T00:00:00Z'],
      ['endDate', '0001-12-31T23:59:59Z'],
    ] as const) {
      const changed = await call('put', `/surveys/${SV}`)
        .send({ expiration: { [field]: written } })
        .expect(400);
      expect(errorOf(changed).errorMessage).toBe(`expiration.${field}: the year must lie between 1900 and 9999`);
      const exported = await call('post', `/surveys/${SV}/export-responses`)
        .send({ [field]: written })
        .expect(400);
      expect(errorOf(exported).errorMessage).toMatch(new RegExp(`^${field}: .*between 1900 and 9999`));
    }
    for (const name of ['sendStartDate', 'sendEndDate']) {
      const listed = await call('get', `/distributions?surveyId=${SV}&${name}=%2B012027-01-01T00:00:00Z`).expect(400);
      expect(errorOf(listed).errorMessage).toMatch(new RegExp(`^${name}: `));
    }
  });

  it('opens and closes a survey for clients that send nothing as an empty list', async () => {
    for (const nothing of [[], {}, '', null]) {
      await call('put', `/surveys/${SV}`)
        .send({ isActive: false, expiration: { startDate: nothing, endDate: nothing } })
        .expect(200);
      expect((await call('get', `/surveys/${SV}`)).body.result.isActive).toBe(false);
      await call('put', `/surveys/${SV}`)
        .send({ isActive: true, expiration: nothing ?? [] })
        .expect(200);
    }
    expect((await call('get', `/surveys/${SV}`)).body.result.isActive).toBe(true);
  });

  it('copies a survey to somebody else of the brand, for an administrator', async () => {
    const [boss, eve] = [
      await world.aPerson({ id: ada.actor.brandId } as never, { type: 'administrator', firstName: 'Boss' }),
      await world.aPerson(await world.aBrand('Globex')),
    ];
    const to = (owner: string, token: string) =>
      call('post', '/surveys', token).set({ 'X-COPY-SOURCE': SV, 'X-COPY-DESTINATION-OWNER': owner });
    const UR = (person: Person) => world.ids.show('UR', person.actor.userId);
    const before = await countOf('surveys');
    await to('UR_000000000000001', boss.token).expect(404);
    await to(UR(eve), boss.token).expect(404);
    await to(UR(boss), ada.token).expect(403);
    expect(await countOf('surveys')).toBe(before);
    const { body } = await to(UR(ada), boss.token).expect(200);
    const shown = await call('get', `/surveys/${String(body.result.id)}`, boss.token);
    expect(shown.body.result.ownerId).toBe(UR(ada));
  });

  it('keeps a contact’s reference under each name that clients have for it', async () => {
    const list = world.ids.show('ML', (await aList(world, ada)).id);
    for (const name of ['externalDataRef', 'externalDataReference', 'externalReference', 'extRef']) {
      const made = await call('post', `/mailinglists/${list}/contacts`).send({
        email: `${name}@acme.example`,
        [name]: `ref ${name}`,
      });
      const { body } = await call('get', `/mailinglists/${list}/contacts/${String(made.body.result.id)}`);
      expect(body.result.externalDataReference).toBe(`ref ${name}`);
    }
  });

  it('names whom a distribution without recipients leaves out, with numbers', async () => {
    const gone = world.clock.now();
    const { listId } = await anAudience(world, ada, [
      { email: 'one@example.com', optedOutAt: gone },
      { email: 'two@example.com', optedOutAt: gone },
      { email: '' },
    ]);
    const refused = await call('post', '/distributions').send({
      message: { messageText: BODY },
      recipients: { mailingListId: world.ids.show('CG', listId) },
      header: { fromEmail: 'people@localhost', fromName: 'Acme', subject: 'Hello' },
      surveyLink: { surveyId: SV, type: 'Individual' },
    });
    expect(errorOf(refused)).toEqual({
      errorCode: 'CVS04',
      errorMessage: expect.stringContaining(
        '2: opted out of all mails of the brand; 1: has no e-mail address',
      ) as string,
    });
  });

  it('is where addresses that scripts build from ids lead: to the open link', async () => {
    const { headers } = await world.visitor().get(`/jfe/form/${SV}?Q_CHL=qr&dept=a%20b`).expect(302);
    expect(headers['location']).toBe(`/a/${SV}?Q_CHL=qr&dept=a%20b`);
  });
});
