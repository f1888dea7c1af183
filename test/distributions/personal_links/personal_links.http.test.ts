import fc from 'fast-check';
import supertest from 'supertest';
import { LinkChanges } from '../../../src/distributions/personal_links/link_changes.service.js';
import { readEmbeddedLines, embeddedLines } from '../../../src/links/embedded_lines.js';
import { ContactsService, type MemberRow } from '../../../src/contacts/contacts.service.js';
import { FoundDistributions } from '../../../src/ledger/found_distributions.service.js';
import type { Survey } from '../../../src/surveys/survey.entity.js';
import { aList, anImport } from '../../contacts/builders.js';
import { Sink } from '../../mailer/sink.js';
import { aSurvey } from '../../surveys/builders.js';
import { type Person, startWorld, type World } from '../../world.js';
import { aDistribution, anAudience, ledgerOf, workOff } from '../builders.js';
import { finishes } from '../follow_ups/builders.js';

const HEADER =
  'ContactID,FirstName,LastName,Email,Phone,ExternalDataReference,Language,Link,LinkExpiration,Status,StartedDate,FinishedDate';

const THIRTY = { days: '30', until: '' };

describe('personal links', () => {
  let world: World;
  let sink: Sink;
  let ada: Person;
  let survey: Survey;
  let path: string;
  beforeAll(async () => {
    sink = await new Sink().listen();
    world = await startWorld({ SMTP_URL: sink.url, MAIL_DOMAIN: 'acme.example' });
  });
  beforeEach(async () => {
    await world.forget();
    world.clock.set();
    ada = await world.aPerson(await world.aBrand());
    survey = await aSurvey(world, ada);
    path = `/surveys/${world.ids.show('SV', survey.id)}/distributions/personal-links`;
  });
  afterAll(async () => {
    await world.close();
    await sink.close();
  });

  async function generated(listId: string, changes: Record<string, string> = {}): Promise<string> {
    const answer = await ada.agent
      .post(path)
      .type('form')
      .send({ list: world.ids.show('CG', listId), linkType: 'Individual', linkDays: '60', name: 'Spring', ...changes });
    expect(answer.status).toBe(303);
    await workOff(world);
    return answer.headers['location']!;
  }
  const fileOf = async (url: string): Promise<string[]> =>
    (await ada.agent.get(`${url}/links.csv`)).text.trim().split('\r\n');
  const idOf = (url: string): string => world.ids.read('EMD', url.split('/').at(-1)!);
  /** How many doors a link opens, as status. */
  const open = async (link: string): Promise<number> =>
    (
      await world
        .visitor()
        .get(new URL(link).pathname)
        .ok(() => true)
    ).status;
  const membersOf = (listId: string): Promise<MemberRow[]> =>
    world.app.get(ContactsService).list(ada.actor, { listId, size: 100 });
  const linkIn = (line: string): string => /https?:[^,]+/.exec(line)![0];

  it('makes none for people who opted out or whose address is suppressed, and says so', async () => {
    const out = new Date('2026-11-03T10:00:00Z');
    const { listId } = await anAudience(world, ada, [
      { firstName: 'Brand', email: 'brand@example.com', optedOutAt: out },
      { firstName: 'List', email: 'list@example.com', listOptedOutAt: out },
      { firstName: 'Angry', email: 'angry@example.com' },
      { firstName: 'Grace', email: 'grace@example.com' },
    ]);
    await world.app
      .get(ContactsService)
      .suppress(ada.actor.brandId, { address: 'ANGRY@example.com', reason: 'complaint', at: out });
    const url = await generated(listId);
    const [, ...lines] = await fileOf(url);
    expect(lines.map((line) => line.split(',').slice(7, 10))).toEqual([
      ['', '', 'Link not made: opted out on 2026-11-03'],
      ['', '', 'Link not made: opted out of the list on 2026-11-03'],
      ['', '', 'Link not made: address bounced or complained'],
      [expect.stringContaining('/s/'), expect.any(String), 'Email not sent'],
    ]);
    const { text } = await ada.agent.get(url).expect(200);
    expect(text).toMatch(/Without a link[\s\S]{0,400}?>3</);
    expect(text).toContain('opted out of all mails of the brand on 3 Nov 2026');
    expect(text).toContain('the address is on the suppression list');
    const api = await supertest(world.app.getHttpServer())
      .get(`/API/v3/distributions/${url.split('/').at(-1)}/links?surveyId=${world.ids.show('SV', survey.id)}`)
      .set('X-API-TOKEN', ada.token);
    const { elements } = (api.body as { result: { elements: { link: string | null; status: string }[] } }).result;
    expect(elements.map(({ link, status }) => [link === null, status])).toEqual([
      [true, 'Skipped'],
      [true, 'Skipped'],
      [true, 'Skipped'],
      [false, 'Email not sent'],
    ]);
  });

  it('makes a link for each person, and a file with exactly the columns of the manual, formulas defused', async () => {
    const { listId } = await anAudience(world, ada, [
      { firstName: '=1+1', email: 'a@example.com', embedded: { Team: 'Red' } },
      { firstName: 'Grace', email: 'b@example.com' },
    ]);
    const url = await generated(listId, { embedded: 'Wave = spring' });
    const [header, first, second, ...rest] = await fileOf(url);
    expect(header).toBe(`${HEADER},Team,Wave`);
    expect(first).toMatch(/^CID_\w+,'=1\+1,Hopper,a@example.com,,,,https?:.*,Email not sent,,,Red,spring$/);
    expect(second).toMatch(/,,spring$/);
    expect(rest).toEqual([]);
    expect(await open(linkIn(first!))).toBe(200);
    const page = await ada.agent.get(path);
    expect(page.text).toContain('Spring');
    expect(page.text).toContain('2 people of Employees');
    expect(sink.caught).toEqual([]);
  });

  it('makes links for some of the list, drawn by chance, and says what a sample is', async () => {
    const { listId } = await anAudience(world, ada, 10);
    const url = await generated(listId, { sampleKind: 'number', sampleSize: '3' });
    const [, ...people] = await fileOf(url);
    expect(people).toHaveLength(3);
    expect(await open(linkIn(people[0]!))).toBe(200);
    const half = await generated(listId, { sampleKind: 'percent', sampleSize: '50' });
    expect(await fileOf(half)).toHaveLength(6);
    const wrong = await ada.agent
      .post(path)
      .type('form')
      .send({ list: world.ids.show('CG', listId), linkDays: '60', sampleKind: 'percent', sampleSize: '101' });
    expect(wrong.status).toBe(422);
    expect(wrong.text).toContain('so many of a hundred');
    expect(wrong.text).toContain('<option value="percent" selected>');
  });

  it('tells the current status at any time, in the file and on the page', async () => {
    const { listId, contactIds } = await anAudience(world, ada, 2);
    const url = await generated(listId);
    await finishes(world, survey, { id: idOf(url) }, contactIds[0]!);
    await workOff(world);
    const [, first, second] = await fileOf(url);
    expect(first).toContain('Survey Finished');
    expect(second).toContain('Email not sent');
    const page = await ada.agent.get(url);
    expect(page.text).toContain('Finished');
    expect((await ada.agent.get(`${url}?q=person.2`)).text).not.toContain('person.1@example.com');
  });

  it('imports straight back into a list, the links as embedded data', async () => {
    const { listId } = await anAudience(world, ada, 3);
    const file = (await ada.agent.get(`${await generated(listId)}/links.csv`)).text;
    const list = await aList(world, ada, 'With links');
    expect(file.startsWith('\uFEFF')).toBe(true);
    const { status, invalid } = await anImport(world, ada, list.id, file);
    expect({ status, invalid }).toEqual({ status: 'done', invalid: 0 });
    const people = await membersOf(list.id);
    expect(people).toHaveLength(3);
    expect(people[0]).toMatchObject({
      email: 'person.1@example.com',
      embedded: {},
      listEmbedded: { Link: expect.stringContaining('/s/'), Status: 'Email not sent' },
    });
  });

  it('keeps the links of two surveys beside each other, and brings those of one up to date', async () => {
    const { listId } = await anAudience(world, ada, 2);
    const first = await generated(listId, { name: 'One' });
    const second = await generated(listId, { name: 'Other' });
    const list = await aList(world, ada, 'Both');
    const brought = async (url: string): Promise<Record<string, string>[]> => {
      await anImport(world, ada, list.id, (await ada.agent.get(`${url}/links.csv`)).text);
      return (await membersOf(list.id)).map(({ listEmbedded }) => listEmbedded as Record<string, string>);
    };
    const [before] = await brought(first);
    const [both] = await brought(second);
    expect(both).toMatchObject({ Link: before!['Link'], Status: 'Email not sent' });
    expect(both!['Link 2']).toMatch(/\/s\//);
    expect(both!['Link 2']).not.toBe(both!['Link']);
    await ada.agent.post(`${second}/links/revoke`);
    const [after] = await brought(second);
    expect(after).toMatchObject({ Status: 'Email not sent', 'Status 2': 'Link Revoked' });
    expect(Object.keys(after!)).not.toContain('Link 3');
  });

  it('asks again for a list, days and embedded data that cannot be', async () => {
    const wrong = await ada.agent.post(path).type('form').send({ list: '', linkDays: 'x', embedded: 'no pair' });
    expect(wrong.status).toBe(422);
    expect(wrong.text).toContain('Line 1 has no');
    expect(wrong.text).toContain('whole number of days');
  });

  it('ends links on a day, at its end by the author’s clock', async () => {
    const { listId } = await anAudience(world, ada, 1);
    const day = (from: number): string => new Date(world.clock.ms() + from * 86_400_000).toISOString().slice(0, 10);
    const url = await generated(listId, { linkEnd: 'date', linkUntil: day(5) });
    expect((await fileOf(url))[1]).toContain(`,${day(5)}T23:59:59Z,`);
    expect((await ada.agent.get(url)).text).toContain('23:59:59');
    const past = { list: world.ids.show('CG', listId), linkEnd: 'date', linkUntil: day(-2) };
    const wrong = await ada.agent.post(path).type('form').send(past);
    expect([wrong.status, wrong.text.includes('This day is over already.')]).toEqual([422, true]);
    const none = await ada.agent
      .post(path)
      .type('form')
      .send({ ...past, linkUntil: '2027-02-30' });
    expect(none.text).toContain('Choose a day that exists');
    await ada.agent
      .post(`${url}/links/extend`)
      .type('form')
      .send({ days: '1', until: day(9) });
    expect((await fileOf(url))[1]).toContain(`,${day(9)}T23:59:59Z,`);
    const over = await ada.agent
      .post(`${url}/links/extend`)
      .type('form')
      .send({ days: '1', until: day(-1) });
    expect([over.status, over.text.includes('This day is over already.')]).toEqual([422, true]);
  });

  it('takes links back: whoever has not finished is refused from then on', async () => {
    const { listId, contactIds } = await anAudience(world, ada, 2);
    const url = await generated(listId);
    await finishes(world, survey, { id: idOf(url) }, contactIds[0]!);
    await workOff(world);
    const [, first, second] = (await fileOf(url)).map((line, place) => (place === 0 ? line : linkIn(line)));
    expect((await ada.agent.post(`${url}/links/revoke`)).status).toBe(303);
    expect([await open(first!), await open(second!)]).toEqual([200, 410]);
    expect((await fileOf(url))[2]).toContain('Link Revoked');
  });

  it('makes one or all anew: the old one is refused, the ledger has the new one, a walk goes on by it', async () => {
    const { listId } = await anAudience(world, ada, 2);
    const distribution = await aDistribution(world, ada, survey, { listId });
    await workOff(world);
    const before = await ledgerOf(world, distribution);
    const changes = world.app.get(LinkChanges);
    const { brandId } = ada.actor;
    await world.database.inBrand(brandId, (unit) =>
      unit.run(
        `INSERT INTO sessions (brand_id, survey_id, version_id, link_id, single_link_id, channel, state, walk, started_at, last_activity_at)
         VALUES ($1, $2, $3, $4, $4, 'email', 'open', '{}', $5, $5)`,
        [brandId, survey.id, survey.publishedVersionId, before[0]!.linkId, world.clock.now()],
      ),
    );
    world.clock.set(new Date(world.clock.ms() + 1000));
    expect(
      await changes.reissue(ada.actor, { distributionId: distribution.id, messageId: before[0]!.id }, THIRTY),
    ).toBe(1);
    const middle = await ledgerOf(world, distribution);
    expect(middle[0]!.linkId).not.toBe(before[0]!.linkId);
    expect(middle[1]!.linkId).toBe(before[1]!.linkId);
    expect(await open(`http://x/s/${world.ids.token('link', before[0]!.linkId!)}`)).toBe(410);
    expect(await open(`http://x/s/${world.ids.token('link', before[1]!.linkId!)}`)).toBe(200);
    const [walk] = await world.database.inBrand(brandId, (unit) =>
      unit.sql<{ link: string }>('SELECT single_link_id AS link FROM sessions WHERE survey_id = $1', [survey.id]),
    );
    expect(walk!.link).toBe(middle[0]!.linkId);
    world.clock.set(new Date(world.clock.ms() + 1000));
    expect(await changes.reissue(ada.actor, { distributionId: distribution.id, messageId: null }, THIRTY)).toBe(2);
    const after = await ledgerOf(world, distribution);
    expect(new Set([...before, ...middle, ...after].map(({ linkId }) => linkId)).size).toBe(5);
  });

  it('lets links last longer, never shorter', async () => {
    const { listId } = await anAudience(world, ada, 1);
    const url = await generated(listId, { linkDays: '10' });
    const expiry = async (): Promise<number> =>
      Date.parse(/,(\d{4}-\d\d-\d\dT[^,]+),/.exec((await fileOf(url))[1]!)![1]!);
    const first = await expiry();
    await ada.agent.post(`${url}/links/extend`).type('form').send({ days: '5' });
    expect(await expiry()).toBe(first);
    await ada.agent.post(`${url}/links/extend`).type('form').send({ days: '20' });
    expect(Math.round(((await expiry()) - first) / 86_400_000)).toBe(10);
    expect((await ada.agent.post(`${url}/links/extend`).type('form').send({ days: 'x' })).status).toBe(422);
    expect((await ada.agent.post(`${url}/links/shorten`)).status).toBe(404);
  });

  it('changes no links where none are a person’s own', async () => {
    const { listId } = await anAudience(world, ada, 1);
    const shared = await aDistribution(world, ada, survey, { listId, linkType: 'Anonymous' });
    const wish = { distributionId: shared.id, messageId: null };
    await expect(world.app.get(LinkChanges).revoke(ada.actor, wish)).rejects.toThrow('no links of its own');
  });

  it('shows and changes nothing of another brand', async () => {
    const { listId } = await anAudience(world, ada, 1);
    const url = await generated(listId);
    const stranger = await world.aPerson(await world.aBrand('Globex'), { firstName: 'Grace' });
    for (const [way, below] of [
      ['get', ''],
      ['get', '/links.csv'],
      ['post', '/links/revoke'],
      ['post', '/remove'],
    ] as const) {
      expect((await stranger.agent[way](`${url}${below}`).ok(() => true)).status).toBe(404);
    }
    expect((await world.app.get(FoundDistributions).mustFind(ada.actor, idOf(url))).distribution.status).toBe(
      'generated',
    );
  });
});

describe('embedded data of a distribution, a pair a line', () => {
  it('reads back what it writes', () => {
    const text = fc.string({ minLength: 1, maxLength: 30, unit: fc.constantFrom('a', 'B', 'ü', ' ', '1', '=', '"') });
    const name = text.map((one) => one.replaceAll('=', '').trim()).filter((one) => one !== '');
    fc.assert(
      fc.property(
        fc.dictionary(
          name,
          text.map((one) => one.trim()),
          { maxKeys: 10 },
        ),
        (pairs) => {
          expect(readEmbeddedLines(embeddedLines(pairs))).toEqual({ pairs: { ...pairs } });
        },
      ),
    );
  });

  it('refuses more than ten pairs, names twice, and texts that are too long', () => {
    const eleven = Array.from({ length: 11 }, (_, place) => `Name ${place} = x`).join('\n');
    expect(readEmbeddedLines(eleven)).toEqual({ fault: expect.stringContaining('11 pairs') });
    expect(readEmbeddedLines('a = 1\na = 2')).toEqual({ fault: expect.stringContaining('second time') });
    expect(readEmbeddedLines(`a = ${'x'.repeat(1025)}`)).toEqual({ fault: expect.stringContaining('too long') });
    expect(readEmbeddedLines('__proto__ = x')).toEqual({ fault: expect.stringContaining('no name') });
  });
});
