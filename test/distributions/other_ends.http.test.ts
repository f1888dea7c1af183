import { parse } from 'csv-parse/sync';
import type { Brand } from '../../src/brands/brand.entity.js';
import { SegmentsService } from '../../src/contacts/segments/segments.service.js';
import type { Distribution } from '../../src/ledger/distribution.entity.js';
import { DistributionsService } from '../../src/distributions/distributions.service.js';
import { FoldResponsesJob } from '../../src/distributions/fold_responses.job.js';
import { CloseSessionsJob } from '../../src/responses/sessions/close_sessions.job.js';
import { Folding } from '../../src/summaries/folding.js';
import { exampleDefinition, type FlowNode, type SurveyDefinition } from '../../src/engine/definition.js';
import type { Survey } from '../../src/surveys/survey.entity.js';
import { Sink } from '../mailer/sink.js';
import { Respondent } from '../responses/respondent.js';
import { aSurvey, shareWith } from '../surveys/builders.js';
import { type Person, startWorld, type World } from '../world.js';
import { aDistribution, anAudience, BODY, ledgerOf, words, workOff } from './builders.js';

const HOUR = 3_600_000;
const PEOPLE = ['finisher', 'screened', 'full', 'stopped', 'silent', 'waiting'] as const;
type Who = (typeof PEOPLE)[number];

/** A first page whose third choice screens out, whose second one meets a full quota; nobody has to answer. */
function withEnds(): SurveyDefinition {
  const definition = exampleDefinition();
  const { QID1, QID2 } = definition.questions;
  QID1!.required = QID2!.required = 'none';
  const block = (id: string) => ({ id, name: id, items: [{ kind: 'question' as const, question: id }] });
  definition.blocks = { QID1: block('QID1'), QID2: block('QID2') };
  const endsOf = (choice: string, flag: 'screenedOut' | 'quotaMet'): FlowNode => ({
    kind: 'branch',
    when: { kind: 'test', operand: { kind: 'choice', question: 'QID1', choice }, operator: 'selected' },
    children: [{ kind: 'end', ending: { kind: 'default', flags: [flag] } }],
  });
  definition.flow = [
    { kind: 'block', block: 'QID1' },
    endsOf('3', 'screenedOut'),
    endsOf('2', 'quotaMet'),
    { kind: 'block', block: 'QID2' },
  ];
  return definition;
}

describe('people whose walk ends otherwise than by finishing', () => {
  let world: World;
  let sink: Sink;
  let brand: Brand;
  let ada: Person;
  let survey: Survey;
  let invitation: Distribution;
  beforeAll(async () => {
    sink = await new Sink().listen();
    world = await startWorld({ SMTP_URL: sink.url, MAIL_DOMAIN: 'acme.example' });
  });
  beforeEach(async () => {
    await world.forget();
    brand = await world.aBrand();
    ada = await world.aPerson(brand);
  });
  afterAll(async () => {
    await world.close();
    await sink.close();
  });

  /** Sends the survey to all, and each of them does what their name says. */
  async function sent(options: Record<string, unknown> = {}): Promise<void> {
    survey = await aSurvey(world, ada, { definition: withEnds(), options });
    const people = PEOPLE.map((who) => ({ firstName: who, lastName: '', email: `${who}@example.com` }));
    const { listId } = await anAudience(world, ada, people);
    invitation = await aDistribution(world, ada, survey, { listId });
    await workOff(world);
    const links = new Map((await history()).map((row) => [row['contactId']!, row['surveyLink']!]));
    expect(links.size).toBe(PEOPLE.length);
    const answered = async (who: Who, ...pages: Record<string, string>[]): Promise<void> => {
      const walk = await Respondent.at(world, new URL((await linkOf(who))!).pathname);
      for (const page of pages) {
        await walk.send(page);
      }
    };
    await answered('finisher', { QID1: '1' }, { QID2: 'Tea' });
    await answered('screened', { QID1: '3' });
    await answered('full', { QID1: '2' });
    await answered('stopped', { QID1: '1' });
    await answered('silent', {});
    world.clock.forward(8 * 24 * HOUR);
    await world.app.get(CloseSessionsJob).perform({ brandId: survey.brandId });
    await fold();
  }

  const fold = (): Promise<void> => world.app.get(FoldResponsesJob).perform({ brandId: survey.brandId });
  const emd = (one: Pick<Distribution, 'id'> = invitation): string => world.ids.show('EMD', one.id);
  const page = (): string => `/surveys/${world.ids.show('SV', survey.id)}/distributions/emails/${emd()}`;
  const api = (way: 'get' | 'post', address: string, person = ada) =>
    world.visitor()[way](`/API/v3/distributions/${address}`).set('X-API-TOKEN', person.token);
  const ofSurvey = (): string => `surveyId=${world.ids.show('SV', survey.id)}`;

  async function history(person = ada): Promise<Record<string, string | null>[]> {
    const { body } = await api('get', `${emd()}/history?${ofSurvey()}`, person).expect(200);
    return body.result.elements as Record<string, string | null>[];
  }

  /** The link of one person, as the history has it; rows are in the order of the list. */
  const linkOf = async (who: Who): Promise<string | null | undefined> =>
    (await history())[PEOPLE.indexOf(who)]?.['surveyLink'];
  const statuses = async (person = ada): Promise<(string | null | undefined)[]> =>
    (await history(person)).map(({ status }) => status);
  const stats = async (person = ada): Promise<Record<string, number>> =>
    (await api('get', `${emd()}?${ofSurvey()}`, person).expect(200)).body.result.stats as Record<string, number>;

  /** A reminder or thank-you by program. @returns who gets it, and for the others why not */
  async function followed(kind: 'reminders' | 'thankyous', wish: object = {}): Promise<Record<string, string>> {
    const { body } = await api('post', `${emd()}/${kind}`)
      .send({
        message: { messageText: BODY },
        header: { fromEmail: 'people@acme.example', subject: `Again ${kind}`, fromName: 'Acme' },
        ...wish,
      })
      .expect(200);
    await workOff(world);
    const id = world.ids.read('EMD', body.result.distributionId as string);
    const rows = await ledgerOf(world, { brandId: survey.brandId, id });
    return Object.fromEntries(rows.map(({ address, state, reason }) => [address.split('@')[0]!, reason ?? state]));
  }

  /** Somebody who may send the survey, and may not see who answered what. */
  async function aReaderOfFigures(): Promise<Person> {
    const blaise = await world.aPerson(brand, { firstName: 'Blaise' });
    await shareWith(world, ada, survey.id, blaise, 'canDistribute', 'canViewReports');
    await world.database.inBrand(survey.brandId, (unit) =>
      unit.run(
        `INSERT INTO permission_overrides (brand_id, user_id, permission, enabled, set_at)
         VALUES ($1, $2, 'responses:view-personal-data', false, $3)`,
        [survey.brandId, blaise.actor.userId, world.clock.now()],
      ),
    );
    return blaise;
  }

  it('have words of their own in counters, rows, filters, history and for programs', async () => {
    await sent();
    expect(await statuses()).toEqual([
      'SurveyFinished',
      'SurveyScreenedOut',
      'SurveyScreenedOut',
      'SurveyPartiallyFinished',
      'SessionExpired',
      'Success',
    ]);
    const [, screened] = await history();
    expect(screened).toMatchObject({
      responseId: expect.stringMatching(/^R_/),
      responseCompletedAt: expect.any(String),
    });
    const answered = await world
      .visitor()
      .get(`/API/v3/surveys/${world.ids.show('SV', survey.id)}/responses/${screened!['responseId']}`)
      .set('X-API-TOKEN', ada.token)
      .expect(200);
    expect(answered.body.result.values).toMatchObject({ finished: 1, Q_TerminateFlag: 'Screened' });
    expect(await stats()).toMatchObject({
      started: 5,
      finished: 1,
      screenedOut: 1,
      quotaFull: 1,
      sessionExpired: 2,
      partial: 1,
    });
    const { agent } = await world.aPerson(brand, { type: 'administrator', firstName: 'Boss' });
    const shown = async (show: string): Promise<string[]> => {
      const { text } = await agent.get(`${page()}?show=${show}`).expect(200);
      return PEOPLE.filter((who) => text.includes(`>${who}<`));
    };
    expect(await shown('finished')).toEqual(['finisher']);
    expect(await shown('screened_out')).toEqual(['screened']);
    expect(await shown('quota_full')).toEqual(['full']);
    expect(await shown('session_expired')).toEqual(['stopped', 'silent']);
    expect(await shown('partial')).toEqual(['stopped']);
    const { text: file } = await agent.get(`${page()}/history.csv`).expect(200);
    const endings = [
      'Survey Finished',
      'Survey Screened Out',
      'Survey Quota Full',
      'Survey Partially Finished',
      'Session Expired',
    ];
    endings.forEach((word) => expect(file.split(word)).toHaveLength(2));
    const rows = parse(file, { bom: true, columns: true }) as Record<string, string>[];
    expect(rows.filter(({ FinishedDate }) => FinishedDate !== '').map(({ Status }) => Status)).toEqual(
      endings.slice(0, 3),
    );
  });

  it('stand apart in the summary, and in what is counted anew', async () => {
    await sent();
    const { agent } = await world.aPerson(brand, { type: 'administrator', firstName: 'Boss' });
    const { text } = await agent.get(`/surveys/${world.ids.show('SV', survey.id)}/distributions`).expect(200);
    expect(text).toContain('and 1 partial, 1 screened out, 1 quota full');
    const folding = world.app.get(Folding);
    await folding.fold(survey.brandId);
    await folding.rebuild(survey.brandId, survey.id);
    const again = await agent.get(`/surveys/${world.ids.show('SV', survey.id)}/distributions`).expect(200);
    expect(again.text).toContain('and 1 partial, 1 screened out, 1 quota full');
  });

  it('get no reminder, but for those who may begin anew', async () => {
    await sent();
    expect(await followed('reminders')).toEqual({
      finisher: 'finished',
      screened: 'screened_out',
      full: 'quota_full',
      stopped: 'walk_closed',
      silent: 'accepted',
      waiting: 'accepted',
    });
    const again = await Respondent.at(world, new URL((await linkOf('silent'))!).pathname);
    await again.send({ QID1: '1' });
    await fold();
    expect((await statuses())[PEOPLE.indexOf('silent')]).toBe('SurveyStarted');
    expect(await stats()).toMatchObject({ sessionExpired: 1 });
    const boss = await world.aPerson(brand, { type: 'administrator', firstName: 'Boss' });
    const { text } = await boss.agent.get(`${page()}/reminders/new`).expect(200);
    expect(text).toContain('Whoever had answered nothing by then may begin anew, and is reminded.');
  });

  it('get no thanks unless whoever writes them says so, at once or later', async () => {
    await sent();
    expect(await followed('thankyous')).toEqual({ finisher: 'accepted' });
    const all = { includeScreenedOut: true };
    const subject = { header: { fromEmail: 'people@acme.example', subject: 'All of you', fromName: 'Acme' } };
    expect(await followed('thankyous', { ...all, ...subject })).toEqual({
      finisher: 'accepted',
      screened: 'accepted',
      full: 'accepted',
    });
    const refused = await api('post', `${emd()}/reminders`)
      .send({
        message: { messageText: BODY },
        header: { fromEmail: 'people@acme.example', subject: 'x', fromName: 'Acme' },
        ...all,
      })
      .expect(400);
    expect(refused.body.meta.error.errorMessage).toContain('includeScreenedOut');
  });

  it('are thanked at once where that was chosen', async () => {
    survey = await aSurvey(world, ada, { definition: withEnds() });
    const people = ['plain', 'all'].map((who) => ({ firstName: who, email: `${who}@example.com` }));
    for (const [place, wish] of [{}, { includeScreenedOut: true }].entries()) {
      const { listId } = await anAudience(world, ada, [people[place]!]);
      invitation = await aDistribution(world, ada, survey, { listId, subject: `To ${place}` });
      await workOff(world);
      expect(await followed('thankyous', { ...wish, atOnce: true })).toEqual({});
      const walk = await Respondent.at(world, new URL((await history())[0]!['surveyLink']!).pathname);
      await walk.send({ QID1: '3' });
      await workOff(world);
    }
    const thanks = await world.database.inBrand(survey.brandId, (unit) =>
      unit.sql(
        `SELECT m.address, m.state FROM messages m JOIN distributions d ON d.id = m.distribution_id WHERE d.request_type = 'ThankYou'`,
      ),
    );
    expect(thanks).toEqual([{ address: 'all@example.com', state: 'accepted' }]);
  });

  it('are left out of another wave like those who have finished, each for the reason that holds', async () => {
    await sent();
    const people = PEOPLE.map((who) => ({ firstName: who, lastName: '', email: `${who}@example.com` }));
    const { listId } = await anAudience(world, ada, people);
    const wave = await aDistribution(world, ada, survey, { listId, subject: 'A second wave' });
    await workOff(world);
    const reasons = (await ledgerOf(world, wave)).map(({ reason, state }) => reason ?? state);
    expect(reasons).toEqual(['finished', 'screened_out', 'quota_full', 'accepted', 'accepted', 'accepted']);
  });

  it('have finished where answers are anonymous: how they ended is part of the answers', async () => {
    await sent({ anonymize: true });
    expect((await statuses()).slice(0, 3)).toEqual(['SurveyFinished', 'SurveyFinished', 'SurveyFinished']);
    expect(await stats()).toMatchObject({ finished: 3, screenedOut: 0, quotaFull: 0, sessionExpired: 2 });
    const told = await world.database.inBrand(survey.brandId, (unit) =>
      unit.sql(`SELECT finished_at, session_expired_at FROM messages WHERE screened_out_at IS NOT NULL OR quota_full_at IS NOT NULL
        OR date_trunc('day', session_expired_at, 'UTC') <> session_expired_at`),
    );
    expect(told).toEqual([]);
    expect(await followed('thankyous')).toEqual({ finisher: 'accepted', screened: 'accepted', full: 'accepted' });
  });

  it('have finished for readers who may not see who answered what', async () => {
    await sent();
    const blaise = await aReaderOfFigures();
    expect((await statuses(blaise)).slice(0, 3)).toEqual(['SurveyFinished', 'SurveyFinished', 'SurveyFinished']);
    expect(await stats(blaise)).toMatchObject({ finished: 3, screenedOut: 0, quotaFull: 0 });
    const { text } = await blaise.agent.get(`${page()}?show=finished`).expect(200);
    expect(PEOPLE.filter((who) => text.includes(`>${who}<`))).toEqual(['finisher', 'screened', 'full']);
  });

  it('are not to be told apart by a segment, nor is the hour at which somebody answered', async () => {
    const day = Math.floor(world.clock.now().getTime() / (24 * HOUR));
    await sent();
    const blaise = await aReaderOfFigures();
    const meant = async (days: number, operator: 'within' | 'not_within' = 'within'): Promise<string[]> => {
      const condition = { field: 'finished' as const, name: '', operator, value: String(days) };
      const tree = { match: 'all' as const, conditions: [condition] };
      const { members } = await world.app.get(SegmentsService).preview(blaise.actor, tree);
      return members.map(({ firstName }) => firstName).toReversed();
    };
    for (const hour of [0, 6, 12, 18, 23.9]) {
      world.clock.set(new Date(((day + 9) * 24 + hour) * HOUR));
      expect(await meant(8)).toEqual([]);
      expect(await meant(9)).toEqual(['finisher', 'screened', 'full']);
    }
    expect(await meant(9, 'not_within')).toEqual(['stopped', 'silent', 'waiting']);
  });

  it('have finished for those readers too below invitations, before a mail goes and where it can go to nobody', async () => {
    await sent();
    await followed('reminders');
    const late = await Respondent.at(world, new URL((await linkOf('waiting'))!).pathname);
    await late.send({ QID1: '3' });
    await fold();
    const boss = await world.aPerson(brand, { type: 'administrator', firstName: 'Boss' });
    const blaise = await aReaderOfFigures();
    const list = page().replace(/\/[^/]+$/, '');
    const ends = /screened out|quota (?:full|was full)/i;
    expect((await boss.agent.get(list).expect(200)).text).toMatch(ends);
    expect((await blaise.agent.get(list).expect(200)).text).not.toMatch(ends);

    const only = [{ firstName: 'screened', lastName: '', email: 'screened@example.com' }];
    const { listId } = await anAudience(world, ada, only);
    const again = { listId, subject: 'Once more' };
    const draft = await world.app.get(DistributionsService).compose(ada.actor, survey.id, words(again));
    const review = `${list}/${emd(draft)}/review`;
    const screened = 'was screened out of the survey';
    expect((await boss.agent.get(review).expect(200)).text).toContain(screened);
    const { text } = await blaise.agent.get(review).expect(200);
    expect(text).toContain('1: has finished this survey already');
    expect(text).not.toContain(screened);
    // Kept with the mail for whoever looks at it, so it names no end.
    await expect(aDistribution(world, blaise, survey, again)).rejects.toThrow(
      '1: came to the end of this survey before',
    );
  });
});
