import { FoldResponsesJob } from '../../src/distributions/fold_responses.job.js';
import { Chance } from '../../src/platform/chance.js';
import { RecordAnonymousJob } from '../../src/responses/anonymous/record_anonymous.job.js';
import { SessionsService } from '../../src/responses/sessions/sessions.service.js';
import { exampleDefinition } from '../../src/engine/definition.js';
import type { Survey } from '../../src/surveys/survey.entity.js';
import { aSurvey } from '../surveys/builders.js';
import { type Person, startWorld, type World } from '../world.js';
import { codeOf } from './proof_mails.js';
import { aRecipient, type Recipient } from './recipients.js';
import { Respondent } from './respondent.js';
import { type DumpedRow, dumped, keysOf } from './table_dump.js';

const BEGAN = new Date('2026-11-23T09:00:07.411Z');
const MINUTE = 60_000;
const NAMES = ['Grace', 'Alan', 'Edsger', 'Barbara', 'Donald', 'Frances'] as const;
type Name = (typeof NAMES)[number];
/** Who comes in which order; Frances stops after the first page. */
const said = (name: Name): string => `What ${NAMES.indexOf(name)} people call secret`;

describe('an anonymous survey', () => {
  let world: World;
  let ada: Person;
  let root: Person;
  let survey: Survey;
  let numbers: string[];
  const people = new Map<Name, Recipient>();

  beforeAll(async () => {
    world = await startWorld();
    world.clock.set(BEGAN);
    const brand = await world.aBrand('Acme');
    ada = await world.aPerson(brand);
    root = await world.aPerson(brand, { type: 'administrator', firstName: 'Root', lastName: 'Admin' });
    rigChance();
    survey = await anonymousSurvey();
    await invite();
    for (const name of NAMES) {
      await answer(name);
    }
    await world.app.get(FoldResponsesJob).perform({ brandId: brand.id });
  });
  afterAll(() => world.close());

  /** The least while for everybody, and numbers that tests can foresee. */
  function rigChance(): void {
    const chance = world.app.get(Chance);
    numbers = ['5', '2', '6', '1', '4', '3'].map((last) => `230584300921369395${last}`);
    const drawn = [...numbers];
    chance.below = () => 0;
    chance.rowNumber = () => drawn.shift()!;
  }

  async function anonymousSurvey(): Promise<Survey> {
    const definition = exampleDefinition();
    definition.flow = [
      {
        kind: 'embedded',
        fields: [{ name: 'Badge' }, { name: 'Copied', value: '${e://Field/Badge}' }, { name: 'Wave', value: 'two' }],
      },
      ...definition.flow,
    ];
    const made = await aSurvey(world, ada, { definition });
    await world.database.inBrand(made.brandId, (unit) =>
      unit.run(`UPDATE surveys SET options = options || '{"anonymize": true, "collectIp": true}' WHERE id = $1`, [
        made.id,
      ]),
    );
    return made;
  }

  /** Four by a mail, two by links that were handed out. */
  async function invite(): Promise<void> {
    for (const [place, name] of NAMES.entries()) {
      const isMail = place < 4;
      const sharing = people.get(isMail ? 'Grace' : 'Donald');
      const contact = {
        firstName: name,
        lastName: `Of${name}`,
        email: `${name.toLowerCase()}@people.example`,
        extRef: `REF-${name}`,
        language: ['en', 'de', 'fr', 'es', 'pl', 'it'][place]!,
        embedded: { Badge: `Badge of ${name}` },
      };
      const words = { contact, channel: isMail ? 'email' : 'gl', ...(sharing === undefined ? {} : { sharing }) };
      people.set(name, await aRecipient(world, survey, ada, words));
    }
    await world.database.inBrand(survey.brandId, (unit) =>
      unit.run(
        `UPDATE distributions SET channel = 'gl', request_type = 'GeneratedInvite', status = 'generated' WHERE id = $1`,
        [people.get('Donald')!.distributionId],
      ),
    );
  }

  async function answer(name: Name): Promise<void> {
    const walk = await Respondent.at(world, people.get(name)!.path);
    await walk.send({ QID1: String(1 + (NAMES.indexOf(name) % 3)) });
    world.clock.forward(17_123);
    if (name !== 'Frances') {
      await walk.send({ QID2: said(name) });
      expect(walk.page.status).toBe(200);
      expect(walk.hasForm).toBe(false);
    }
    world.clock.forward(MINUTE);
  }

  async function record(): Promise<void> {
    const job = world.app.get(RecordAnonymousJob);
    await Promise.all((await job.due()).flatMap((due) => [job.perform(due), job.perform(due)]));
  }

  const shown = () => world.ids.show('SV', survey.id);
  const has = (row: DumpedRow, text: string): boolean => JSON.stringify(row.cells).includes(text);
  const responsesIn = (rows: DumpedRow[]) => rows.filter(({ table }) => table === 'responses');

  /** Rows that lead to one person: by name, contact, link, message or walk. */
  function rowsOf(rows: DumpedRow[], name: Name): DumpedRow[] {
    const { contactId, id, messageId } = people.get(name)!;
    const own = (row: DumpedRow): boolean =>
      [
        row.cells['contact_id'] === contactId,
        row.cells['link_id'] === id,
        row.cells['message_id'] === messageId,
      ].includes(true) ||
      (row.table === 'contacts' && row.cells['id'] === contactId) ||
      (row.table === 'links' && row.cells['id'] === id) ||
      has(row, name);
    return rows.filter((row) => row.table !== 'responses' && own(row));
  }

  it('holds the answers of those who have finished nowhere in plain text until they are recorded', async () => {
    const rows = await dumped(world);
    expect(responsesIn(rows)).toEqual([]);
    expect(rows.filter((row) => NAMES.some((name) => has(row, said(name))))).toEqual([]);
    expect(rows.filter(({ table }) => table === 'held_answers')).toHaveLength(5);
    expect(rows.filter(({ table }) => table === 'response_outbox')).toEqual([]);
  });

  it('shows whoever has somebody’s link nothing of what was answered by it', async () => {
    for (const name of ['Frances', 'Grace'] as const) {
      const thief = await Respondent.at(world, people.get(name)!.path);
      const [ticket] = /FS_\w{15}\.[\w-]{22}/.exec(thief.page.text) ?? ['none'];
      for (const path of ['', '/code', `/end/${ticket}`]) {
        await thief.open(`${people.get(name)!.path}${path}`);
        expect(thief.page.text).not.toMatch(/value="back"|secret|name="QID1"/);
      }
      expect(thief.hasForm).toBe(name === 'Frances' && ticket !== 'none');
    }
    const thief = await Respondent.at(world, people.get('Frances')!.path);
    await thief.send({}, 'back');
    expect(thief.page.text).not.toMatch(/value="back"|name="QID1"/);
    await thief.browser.post(`${thief.path}/code`).redirects(0).expect(303);
    await codeOf(world, survey.brandId, 1);
  });

  it('records each once, some minutes later, with nothing that leads to whoever gave it', async () => {
    world.clock.forward(10 * MINUTE);
    await record();
    const rows = await dumped(world);
    const answers = responsesIn(rows);
    expect(answers.map(({ cells }) => (cells['answers'] as { QID2: { text: string } }).QID2.text).sort()).toEqual(
      NAMES.slice(0, 5).map(said).sort(),
    );
    expect(rows.filter(({ table }) => table === 'held_answers')).toEqual([]);
    for (const { cells } of answers) {
      expect(cells).toMatchObject({
        session_id: null,
        link_id: null,
        contact_id: null,
        distribution_id: null,
        device: '',
        language: '',
        duration_seconds: null,
        person: {},
        embedded: { Wave: 'two' },
        started_at: new Date('2026-11-23T09:00:00Z'),
        ended_at: new Date('2026-11-23T09:00:00Z'),
        recorded_at: new Date('2026-11-23T09:00:00Z'),
      });
    }
    // All were written by one transaction, in the order of their numbers, which are chance.
    expect(new Set(answers.map(({ cells }) => cells['$xmin'])).size).toBe(1);
    expect(answers.map(({ cells }) => cells['id'])).toEqual(numbers.slice(0, 5).sort());
  });

  it('cannot be joined to people by any value of any table', async () => {
    world.clock.forward(8 * 24 * 60 * MINUTE);
    await world.app.get(SessionsService).closeExpiredSessions(survey.brandId);
    await world.app.get(FoldResponsesJob).perform({ brandId: survey.brandId });
    world.clock.forward(10 * MINUTE);
    await record();
    const rows = await dumped(world);
    expect(responsesIn(rows)).toHaveLength(6);
    expect(responsesIn(rows).filter(({ cells }) => cells['finished'] === false)).toHaveLength(1);
    const keysOfPeople = NAMES.map((name) => new Set(rowsOf(rows, name).flatMap((row) => [...keysOf(row)])));
    expect(keysOfPeople.every((keys) => keys.size > 20)).toBe(true);
    const joins = responsesIn(rows).flatMap((row) =>
      [...keysOf(row)].filter((key) => keysOfPeople.filter((keys) => keys.has(key)).length === 1),
    );
    expect(joins).toEqual([]);
    const inWalks = rows.filter(({ table, cells }) => table === 'sessions' && cells['survey_id'] === survey.id);
    expect(inWalks.map(({ cells }) => cells['walk'])).toEqual(NAMES.map(() => ({})));
  });

  it('shows no person beside an answer on any page, in any file, to owner and administrator', async () => {
    world.clock.set(new Date(BEGAN.getTime() + 20 * MINUTE)); // both are still signed in then
    const [mail, handedOut] = [people.get('Grace')!, people.get('Donald')!];
    const base = `/surveys/${shown()}`;
    const mails = `${base}/distributions/emails/${world.ids.show('EMD', mail.distributionId)}`;
    for (const person of [ada, root]) {
      const list = await person.agent.get(`${base}/responses`).expect(200);
      const ids = [...new Set([...list.text.matchAll(/(?<![\w-])R_\w{15}(?!\w)/g)].map(([id]) => id))];
      expect(ids).toHaveLength(6);
      expect(list.text).toContain('This survey is anonymous.');
      const file = await exported(person);
      const api = (path: string) => world.visitor().get(`/API/v3/${path}`).set('X-API-TOKEN', person.token).expect(200);
      const answers = [
        list.text,
        file,
        ...(await Promise.all(
          ids.map(async (id) => (await person.agent.get(`${base}/responses/${id}`).expect(200)).text),
        )),
        ...(await Promise.all(ids.map(async (id) => (await api(`surveys/${shown()}/responses/${id}`)).text))),
      ];
      const history = await api(
        `distributions/${world.ids.show('EMD', mail.distributionId)}/history?surveyId=${shown()}`,
      );
      const participation = [
        history.text,
        (await api(`distributions/${world.ids.show('EMD', handedOut.distributionId)}/history?surveyId=${shown()}`))
          .text,
        (await api(`distributions/${world.ids.show('EMD', mail.distributionId)}/links?surveyId=${shown()}`)).text,
        (await person.agent.get(`${mails}/history.csv`).expect(200)).text,
        (await person.agent.get(mails).expect(200)).text,
        (await person.agent.get(`${mails}/messages/${world.ids.show('MS', mail.messageId)}`).expect(200)).text,
        (
          await person.agent
            .get(`${base}/distributions/personal-links/${world.ids.show('EMD', handedOut.distributionId)}/links.csv`)
            .expect(200)
        ).text,
        (await person.agent.get(`${base}/distributions`).expect(200)).text,
      ];
      expect(
        answers.filter((text) => NAMES.some((name) => text.includes(`Of${name}`) || text.includes(`Badge of`))),
      ).toEqual([]);
      expect(participation.filter((text) => /secret/.test(text) || ids.some((id) => text.includes(id)))).toEqual([]);
      expect(participation.filter((text) => /(?<![\w-])(?:R|FS)_\w{15}(?!\w)/.test(text))).toEqual([]);
      const [grace] = history.body.result.elements as Record<string, unknown>[];
      expect(grace).toMatchObject({
        status: 'SurveyFinished',
        responseId: 'Anonymous',
        responseCompletedAt: '2026-11-23T00:00:00.000Z',
      });
      const csv = await person.agent.get(`${mails}/history.csv`);
      expect(csv.text).toContain('Anonymous,OfGrace,Grace');
    }
  });

  async function exported(person: Person): Promise<string> {
    const started = await person.agent.post(`/surveys/${shown()}/responses/exports`).redirects(0).expect(303);
    await world.jobs.settled();
    const [, id] = /export=(ES_\w+)/.exec(started.headers['location'] as string) ?? [];
    const { text } = await person.agent.get(`/surveys/${shown()}/responses/exports/${id}/file`).expect(200);
    expect(text).toContain('secret');
    return text;
  }

  it('goes on knowing who took part: links are spent, figures right, reminders not for those who have finished', async () => {
    const again = await Respondent.at(world, people.get('Alan')!.path);
    expect(again.hasForm).toBe(false);
    const { finished, partial } = await world.database.inBrand(survey.brandId, (unit) =>
      unit.one<{ finished: number; partial: number }>(
        `SELECT sum(finished)::int AS finished, sum(partial)::int AS partial FROM summary_deltas WHERE survey_id = $1`,
        [survey.id],
      ),
    );
    expect([finished, partial]).toEqual([5, 1]);
  });
});
