import type { Survey } from '../../src/surveys/survey.entity.js';
import { Sink } from '../mailer/sink.js';
import { aSurvey } from '../surveys/builders.js';
import { type Person, startWorld, type World } from '../world.js';
import { anAudience, BODY, hasFinished, ledgerOf, reservedOf, workOff } from './builders.js';

interface Answer {
  result: Record<string, unknown> & { elements: Record<string, unknown>[]; nextPage: string | null };
  meta: { httpStatus: string; error?: { errorMessage: string; errorCode: string } };
}

describe('distributions by API', () => {
  let world: World;
  let sink: Sink;
  let ada: Person;
  let survey: Survey;
  let list: { listId: string; contactIds: string[] };
  let SV: string;
  let CG: string;
  beforeAll(async () => {
    sink = await new Sink().listen();
    world = await startWorld({ SMTP_URL: sink.url, MAIL_DOMAIN: 'acme.example' });
    ada = await world.aPerson(await world.aBrand());
    survey = await aSurvey(world, ada);
    list = await anAudience(world, ada, 5);
    SV = world.ids.show('SV', survey.id);
    CG = world.ids.show('CG', list.listId);
  });
  afterAll(async () => {
    await world.close();
    await sink.close();
  });

  const call = async (
    method: 'get' | 'post' | 'delete',
    path: string,
    body?: object,
    token = ada.token,
  ): Promise<{ status: number; body: Answer }> => {
    const visitor = world.visitor();
    const request = method === 'post' ? visitor.post(`/API/v3${path}`) : visitor[method](`/API/v3${path}`);
    request.set('X-API-TOKEN', token).set('Content-Type', 'application/json');
    const { status, body: answer } = await (body === undefined ? request : request.send(body));
    return { status, body: answer as Answer };
  };
  const email = (changes: object = {}): object => ({
    message: { messageText: BODY },
    recipients: { mailingListId: CG },
    header: {
      fromEmail: 'people@acme.example',
      fromName: 'Acme',
      replyToEmail: 'people@acme.example',
      subject: 'Hello',
    },
    surveyLink: { surveyId: SV, type: 'Individual' },
    sendDate: '2020-01-01T00:00:00Z',
    ...changes,
  });
  const links = (changes: object = {}): object => ({
    surveyId: SV,
    linkType: 'Individual',
    description: 'For the notice board',
    action: 'CreateDistribution',
    expirationDate: '2099-02-21 00:00:00',
    mailingListId: CG,
    ...changes,
  });
  const idOf = ({ body }: { body: Answer }): string => world.ids.read('EMD', String(body.result['id']));

  it('send a mail to a list, now when the date is past', async () => {
    const answer = await call('post', '/distributions/', email());
    expect(answer).toMatchObject({ status: 200, body: { meta: { httpStatus: '200 - OK' } } });
    expect(answer.body.result['id']).toMatch(/^EMD_[0-9A-Za-z]{15}$/);
    await workOff(world);
    const { body } = await call('get', `/distributions/${String(answer.body.result['id'])}?surveyId=${SV}`);
    expect(body.result).toMatchObject({
      id: answer.body.result['id'],
      parentDistributionId: null,
      ownerId: world.ids.show('UR', ada.actor.userId),
      organizationId: expect.stringMatching(/^acme-\d+$/),
      requestStatus: 'Done',
      requestType: 'Invite',
      customHeaders: null,
      headers: {
        fromEmail: 'people@acme.example',
        replyToEmail: 'people@acme.example',
        fromName: 'Acme',
        subject: 'Hello',
      },
      recipients: { mailingListId: CG, contactId: null, libraryId: null, sampleId: null },
      message: { libraryId: null, messageId: null, messageType: 'Inline', messageText: BODY },
      surveyLink: {
        surveyId: SV,
        linkType: 'Individual',
        expirationDate: expect.stringMatching(/^\d{4}-\d\d-\d\dT[\d:]{8}Z$/),
      },
      embeddedData: null,
      stats: {
        sent: 5,
        failed: 0,
        started: 0,
        bounced: 0,
        opened: 0,
        skipped: 0,
        finished: 0,
        complaints: 0,
        blocked: 0,
        uncertain: 0,
        optedOut: 0,
      },
    });
  });

  it('go to whoever has finished as well, unless the program leaves them out', async () => {
    await hasFinished(world, survey, list.contactIds[0]!);
    const wave = async (changes: object): Promise<(string | null)[]> => {
      const sent = await call('post', '/distributions', email(changes));
      expect(sent.status).toBe(200);
      await workOff(world);
      const id = world.ids.read('EMD', String(sent.body.result['id']));
      return (await ledgerOf(world, { brandId: ada.actor.brandId, id })).map(({ reason }) => reason);
    };
    const header = { fromEmail: 'people@acme.example', subject: 'Second wave' };
    expect(await wave({ header })).toEqual([null, null, null, null, null]);
    const third = { ...header, subject: 'Third wave' };
    expect(await wave({ header: third, skipFinished: true })).toEqual(['finished', null, null, null, null]);
    const refused = await call('post', '/distributions', email({ skipFinished: 'yes' }));
    expect(refused.status).toBe(400);
    expect(refused.body.meta.error?.errorMessage).toContain('skipFinished');
    await world.database.inBrand(ada.actor.brandId, (unit) => unit.run('DELETE FROM responses'));
  });

  it('send plain text with its lines, to one contact, with the defaults filled in', async () => {
    sink.caught.length = 0;
    const answer = await call(
      'post',
      '/distributions',
      email({
        message: { messageText: 'Dear ${m://FirstName},\n${l://SurveyURL}\n${l://OptOutURL}' },
        recipients: { mailingListId: CG, contactId: world.ids.show('CID', list.contactIds[2]!) },
        header: { subject: 'One' },
        embeddedData: { Wave: '3' },
      }),
    );
    await workOff(world);
    expect(sink.caught).toHaveLength(1);
    expect(sink.caught[0]!.raw).toContain('From: "Ada Lovelace"');
    expect(sink.caught[0]!.raw).toContain('<no-reply@acme.example>');
    expect(sink.caught[0]!.raw.replaceAll('=\r\n', '')).toContain('<p>Dear=20Person 3,<br>');
    const rows = await ledgerOf(world, { brandId: ada.actor.brandId, id: idOf(answer) });
    expect(rows).toHaveLength(1);
  });

  it('make links at once, whose status is “Email not sent”, and send nothing', async () => {
    const before = sink.caught.length;
    const answer = await call('post', '/distributions', links());
    const id = String(answer.body.result['id']);
    const { body: made } = await call('get', `/distributions/${id}?surveyId=${SV}`);
    expect(made.result).toMatchObject({ requestType: 'GeneratedInvite', requestStatus: 'Generated' });
    const { body } = await call('get', `/distributions/${id}/links?surveyId=${SV}`);
    expect(body.result.nextPage).toBeNull();
    expect(body.result.elements).toHaveLength(5);
    expect(body.result.elements[0]).toEqual({
      contactId: world.ids.show('CID', list.contactIds[0]!),
      transactionId: null,
      link: expect.stringMatching(/\/s\/1[0-9A-Za-z]{22}$/),
      exceededContactFrequency: false,
      linkExpiration: '2099-02-21T00:00:00Z',
      status: 'Email not sent',
      lastName: 'Hopper',
      firstName: 'Person 1',
      externalDataReference: null,
      email: 'person.1@example.com',
      unsubscribed: false,
    });
    await workOff(world);
    expect(sink.caught).toHaveLength(before);
  });

  it('give the anonymous link to everybody where no links of their own are wanted', async () => {
    const { body: made } = await call('post', '/distributions', links({ linkType: 'Anonymous' }));
    const { body } = await call('get', `/distributions/${String(made.result['id'])}/links?surveyId=${SV}`);
    expect(new Set(body.result.elements.map(({ link }) => link))).toEqual(
      new Set([expect.stringContaining(`/a/${SV}`)]),
    );
  });

  it('page through links and history by nextPage alone', async () => {
    const { body: made } = await call('post', '/distributions', links());
    const seen: unknown[] = [];
    let path = `/distributions/${String(made.result['id'])}/links?surveyId=${SV}&pageSize=2&useNewPaginationScheme=true&skipToken=`;
    for (let pages = 0; pages < 5; pages += 1) {
      const { body } = await call('get', path);
      seen.push(...body.result.elements.map(({ email: address }) => address));
      if (body.result.nextPage === null) {
        break;
      }
      expect(body.result.nextPage).toMatch(/skipToken=[^&]+$/);
      path = body.result.nextPage.replace(/^.*\/API\/v3/, '');
    }
    expect(seen).toEqual([1, 2, 3, 4, 5].map((n) => `person.${n}@example.com`));
  });

  it('tell the history of each recipient', async () => {
    const answer = await call(
      'post',
      '/distributions',
      email({ header: { fromEmail: 'people@acme.example', subject: 'History' } }),
    );
    await workOff(world);
    const [first] = await ledgerOf(world, { brandId: ada.actor.brandId, id: idOf(answer) });
    await world.database.inBrand(ada.actor.brandId, (unit) =>
      unit.run(
        `INSERT INTO response_outbox (brand_id, kind, link_id, at) VALUES ($1, 'opened', $3, $2), ($1, 'started', $3, $2)`,
        [ada.actor.brandId, world.clock.now(), first!.linkId],
      ),
    );
    await workOff(world);
    const { body } = await call('get', `/distributions/${String(answer.body.result['id'])}/history?surveyId=${SV}`);
    expect(body.result.elements[0]).toEqual({
      contactId: world.ids.show('CID', list.contactIds[0]!),
      contactLookupId: world.ids.show('MLRP', list.contactIds[0]!),
      distributionId: answer.body.result['id'],
      status: 'SurveyStarted',
      surveyLink: expect.stringContaining('/s/1'),
      contactFrequencyRuleId: null,
      responseId: null,
      responseCompletedAt: null,
      sentAt: expect.stringMatching(/\.\d{3}Z$/),
      openedAt: expect.any(String),
      responseStartedAt: expect.any(String),
      surveySessionId: null,
    });
    expect(body.result.elements.slice(1).map(({ status }) => status)).toEqual([
      'Success',
      'Success',
      'Success',
      'Success',
    ]);
  });

  it('list by survey, filtered, newest first, without drafts', async () => {
    const { body } = await call('get', `/distributions?surveyId=${SV}&pageSize=100&offset=0`);
    expect(body.result.elements.length).toBeGreaterThan(3);
    expect(body.result.elements.every((one) => typeof (one['stats'] as { sent: unknown }).sent === 'number')).toBe(
      true,
    );
    expect(body.result.elements.some((one) => 'messageText' in (one['message'] as object))).toBe(false);
    const invites = await call(
      'get',
      `/distributions?surveyId=${SV}&distributionRequestType=Invite&mailingListId=${CG}`,
    );
    expect(new Set(invites.body.result.elements.map(({ requestType }) => requestType))).toEqual(new Set(['Invite']));
    expect(await call('get', '/distributions')).toMatchObject({
      status: 400,
      body: { meta: { error: { errorMessage: 'surveyId is required.' } } },
    });
  });

  it('are deleted, which also stops what has not gone', async () => {
    const answer = await call('post', '/distributions', email({ sendDate: '2099-01-01T00:00:00Z' }));
    const path = `/distributions/${String(answer.body.result['id'])}`;
    expect((await call('get', `${path}?surveyId=${SV}`)).body.result['requestStatus']).toBe('Pending');
    const gone = await call('delete', `${path}?surveyId=${SV}`);
    expect(gone).toMatchObject({ status: 200, body: { meta: { httpStatus: '200 - OK' } } });
    expect(gone.body.result).toBeUndefined();
    expect((await call('get', path)).status).toBe(404);
  });

  it('are refused with 409 and EQD03 over the weekly limit: nothing is there afterwards', async () => {
    const grace = await world.aPerson({ id: ada.actor.brandId } as never, {
      firstName: 'Grace',
      type: 'administrator',
    });
    await world.database.inBrand(ada.actor.brandId, (unit) =>
      unit.run('UPDATE users SET weekly_email_limit = 4 WHERE id = $1', [grace.actor.userId]),
    );
    const before = await call('get', `/distributions?surveyId=${SV}&pageSize=100`);
    const { status, body } = await call(
      'post',
      '/distributions',
      email({ header: { fromEmail: 'a@acme.example', subject: 'Limit' } }),
      grace.token,
    );
    expect(status).toBe(409);
    expect(body.meta).toMatchObject({ httpStatus: '409 - Conflict', error: { errorCode: 'EQD03' } });
    expect(body.meta.error!.errorMessage).toMatch(
      /cannot be sent now.*may send 4 e-mails per week.*brand administrator/,
    );
    const after = await call('get', `/distributions?surveyId=${SV}&pageSize=100`);
    expect(after.body.result.elements).toHaveLength(before.body.result.elements.length);
    expect(await reservedOf(world, grace)).toBe(0);
  });

  it.each([
    ['a message without survey link', { message: { messageText: '<p>${l://OptOutLink}</p>' } }, 400, 'CVS01'],
    ['a message without opt-out link', { message: { messageText: '<p>${l://SurveyLink}</p>' } }, 400, 'CVS02'],
    ['a From domain of others', { header: { fromEmail: 'x@evil.example', subject: 'x' } }, 400, 'EQD17'],
    ['a library message', { message: { libraryId: 'UR_1', messageId: 'MS_1' } }, 404, 'EQD13'],
    ['no message', { message: {} }, 400, 'BAD_REQUEST'],
    ['no survey', { surveyLink: undefined }, 400, 'CVS01'],
    ['a list of nobody', { recipients: { mailingListId: 'CG_000000000000000' } }, 404, 'NOT_FOUND'],
    ['no recipients', { recipients: {} }, 400, 'BAD_REQUEST'],
    ['a date that is none', { sendDate: 'tomorrow' }, 400, 'BAD_REQUEST'],
    ['a date of another age', { sendDate: '+012027-01-01T00:00:00Z' }, 400, 'BAD_REQUEST'],
    ['the year 0', { surveyLink: { surveyId: '', expirationDate: '0000-01-01T00:00:00Z' } }, 400, 'BAD_REQUEST'],
    ['no subject', { header: { fromEmail: 'people@acme.example', subject: '' } }, 400, 'BAD_REQUEST'],
    [
      'eleven pairs',
      { embeddedData: Object.fromEntries(Array.from({ length: 11 }, (_, n) => [`k${n}`, 'v'])) },
      400,
      'BAD_REQUEST',
    ],
  ])('refuse %s', async (_, changes, status, code) => {
    const answer = await call('post', '/distributions', email(changes));
    expect(answer.status).toBe(status);
    expect(answer.body.meta.error).toMatchObject({ errorCode: code, errorMessage: expect.stringMatching(/\w{3}/) });
  });

  it('refuse links for a survey that is not active', async () => {
    const asleep = await aSurvey(world, ada, { stage: 'published' });
    const answer = await call('post', '/distributions', links({ surveyId: world.ids.show('SV', asleep.id) }));
    expect(answer).toMatchObject({ status: 409, body: { meta: { error: { errorCode: 'EQD09' } } } });
  });

  it('are nobody else’s: another brand finds none, and a person without a share neither', async () => {
    const eve = await world.aPerson(await world.aBrand('Globex'), { type: 'administrator', firstName: 'Eve' });
    const lin = await world.aPerson({ id: ada.actor.brandId } as never, { firstName: 'Lin' });
    const { body } = await call('get', `/distributions?surveyId=${SV}`);
    const id = String(body.result.elements[0]!['id']);
    for (const { token } of [eve, lin]) {
      expect((await call('get', `/distributions/${id}`, undefined, token)).status).toBe(404);
      expect((await call('get', `/distributions/${id}/links`, undefined, token)).status).toBe(404);
      expect((await call('get', `/distributions/${id}/history`, undefined, token)).status).toBe(404);
      expect((await call('delete', `/distributions/${id}`, undefined, token)).status).toBe(404);
      expect((await call('get', `/distributions?surveyId=${SV}`, undefined, token)).status).toBe(404);
      expect((await call('post', '/distributions', email(), token)).status).toBe(404);
    }
  });
});
