import type { SegmentCondition } from '../../src/contacts/segments/segment_conditions.js';
import { SegmentsService } from '../../src/contacts/segments/segments.service.js';
import { DistributionsService } from '../../src/distributions/distributions.service.js';
import { FoundDistributions } from '../../src/ledger/found_distributions.service.js';
import type { Distribution } from '../../src/ledger/distribution.entity.js';
import type { Survey } from '../../src/surveys/survey.entity.js';
import { Sink } from '../mailer/sink.js';
import { aSurvey } from '../surveys/builders.js';
import { type Person, startWorld, type World } from '../world.js';
import { until } from '../waiting.js';
import { aFollowUp, followUpWords } from '../distributions/follow_ups/builders.js';
import { aDistribution, anAudience, BODY, ledgerOf, words, workOff } from '../distributions/builders.js';

const RED: SegmentCondition = { field: 'embedded', name: 'Team', operator: 'is', value: 'Red' };

describe('a distribution to a segment', () => {
  let world: World;
  let sink: Sink;
  let ada: Person;
  let survey: Survey;
  let listId: string;
  let segmentId: string;
  beforeAll(async () => {
    sink = await new Sink().listen();
    world = await startWorld({ SMTP_URL: sink.url, MAIL_DOMAIN: 'acme.example' });
  });
  beforeEach(async () => {
    await world.forget();
    ada = await world.aPerson(await world.aBrand(), { type: 'administrator' });
    survey = await aSurvey(world, ada);
    ({ listId } = await anAudience(world, ada, [
      { email: 'red.1@example.com', embedded: { Team: 'Red' } },
      { email: 'red.2@example.com', embedded: { Team: 'red' } },
      { email: 'blue@example.com', embedded: { Team: 'Blue' } },
      { email: 'out@example.com', embedded: { Team: 'Red' }, optedOutAt: world.clock.now() },
    ]));
    segmentId = await aSegment(RED);
  });
  afterAll(async () => {
    await world.close();
    await sink.close();
  });

  const aSegment = (...conditions: SegmentCondition[]): Promise<string> =>
    world.app.get(SegmentsService).create(ada.actor, 'Team Red', { match: 'all', conditions });
  const run = (sql: string, values: unknown[] = []): Promise<void> =>
    world.database.inBrand(ada.actor.brandId, async (unit) => {
      await unit.run(sql, values);
    });
  const whom = (changes: object = {}) => ({ listId: null, segmentId, ...changes });
  const emails = (): string => `/surveys/${world.ids.show('SV', survey.id)}/distributions/emails`;

  it('reaches whom it means; opt-outs of a list say nothing, those of the brand do', async () => {
    await run('UPDATE contact_list_members SET opted_out_at = $1 WHERE list_id = $2', [world.clock.now(), listId]);
    const one = await aDistribution(world, ada, survey, whom());
    await workOff(world);
    expect((await ledgerOf(world, one)).map(({ address, reason }) => [address, reason])).toEqual([
      ['red.1@example.com', null],
      ['red.2@example.com', null],
      ['out@example.com', 'opted_out_brand'],
    ]);
    const { distribution } = await world.app.get(FoundDistributions).mustFind(ada.actor, one.id);
    expect(distribution).toMatchObject({ audienceSize: 3, audience: { listName: 'Team Red', listId: null } });
  });

  it('spares who opted out of a list that it draws on, at planning, at the gate, and in what follows', async () => {
    segmentId = await aSegment({ field: 'list', name: '', operator: 'yes', value: listId }, RED);
    const off = (email: string): Promise<void> =>
      run(
        `UPDATE contact_list_members SET opted_out_at = '2026-11-20T10:00:00Z' WHERE contact_id IN (SELECT id FROM contacts WHERE email = $1)`,
        [email],
      );
    await run(`UPDATE contacts SET embedded = '{"Team":"Red"}' WHERE email = 'blue@example.com'`);
    await off('blue@example.com');
    let asked = false;
    sink.script = ({ stage }) => {
      asked ||= stage === 'rcpt';
      return stage === 'rcpt' ? { reply: '250 2.1.5 Slowly', afterMs: 600 } : undefined;
    };
    const one = await aDistribution(world, ada, survey, whom());
    await until(() => asked);
    await off('red.2@example.com');
    const links = await world.app.get(DistributionsService).generateLinks(ada.actor, survey.id, words(whom()));
    await workOff(world);
    sink.script = () => undefined;
    const skips = async (whose: Distribution) =>
      Object.fromEntries((await ledgerOf(world, whose)).map(({ address, reason }) => [address, reason]));
    const spared = { 'out@example.com': 'opted_out_brand', 'blue@example.com': 'opted_out_list' };
    expect(await skips(one)).toEqual({ ...spared, 'red.1@example.com': null, 'red.2@example.com': 'opted_out_list' });
    expect(await skips(links)).toMatchObject(spared);
    await off('red.1@example.com');
    await expect(aFollowUp(world, ada, one, followUpWords('Reminder'))).rejects.toThrow('1: opted out of the list');
    const [message] = await ledgerOf(world, one);
    const page = await world.visitor().get(`/u/${world.ids.token('opt-out', message!.id)}`);
    expect(page.text).toContain('You are off the list');
  });

  it('freezes whom it means: nobody joins or leaves afterwards, and the segment may be deleted', async () => {
    const one = await aDistribution(world, ada, survey, whom());
    await run(`UPDATE contacts SET embedded = '{"Team":"Red"}' WHERE email = 'blue@example.com'`);
    await run(`UPDATE contacts SET embedded = '{}' WHERE email = 'red.1@example.com'`);
    await world.app.get(SegmentsService).remove(ada.actor, segmentId);
    await workOff(world);
    expect((await ledgerOf(world, one)).map(({ address }) => address)).toEqual([
      'red.1@example.com',
      'red.2@example.com',
      'out@example.com',
    ]);
    const left = await world.database.inBrand(ada.actor.brandId, (unit) =>
      unit.sql('SELECT FROM distribution_audiences'),
    );
    expect(left).toEqual([]);
  });

  it('draws a part of it by chance, the same one for the same seed', async () => {
    await anAudience(
      world,
      ada,
      Array.from({ length: 30 }, (_, place) => ({ email: `more.${place}@example.com`, embedded: { Team: 'Red' } })),
    );
    const drawn = async (seed: number, subject: string): Promise<string[]> => {
      const one = await aDistribution(world, ada, survey, whom({ sample: { kind: 'number', size: 6, seed }, subject }));
      await workOff(world);
      return (await ledgerOf(world, one)).map(({ address }) => address);
    };
    const first = await drawn(1, 'One');
    expect(new Set(first).size).toBe(6);
    expect(await drawn(1, 'Two')).toEqual(first);
    expect(await drawn(2, 'Three')).not.toEqual(first);
  });

  it('is refused once its segment was deleted, with EQD11', async () => {
    const distributions = world.app.get(DistributionsService);
    const draft = await distributions.compose(ada.actor, survey.id, words(whom()));
    await world.app.get(SegmentsService).remove(ada.actor, segmentId);
    await expect(distributions.send(ada.actor, draft.id)).rejects.toMatchObject({ code: 'EQD11' });
    await expect(aDistribution(world, ada, survey, whom())).rejects.toThrow('There is no such segment.');
  });

  it('cannot go to a segment of another brand', async () => {
    const stranger = await world.aPerson(await world.aBrand('Globex'), { type: 'administrator' });
    const theirs = await world.app
      .get(SegmentsService)
      .create(stranger.actor, 'Theirs', { match: 'all', conditions: [RED] });
    await expect(aDistribution(world, ada, survey, whom({ segmentId: theirs }))).rejects.toThrow('no such segment');
    const wish = { list: world.ids.show('SG', theirs), fromEmail: 'a@acme.example', subject: 'Hi', body: BODY };
    expect((await ada.agent.post(emails()).type('form').send(wish)).status).toBe(422);
  });

  it('is chosen in the form of a mail, reviewed with its numbers, and kept by a copy', async () => {
    const shown = world.ids.show('SG', segmentId);
    const form = await ada.agent.get(`${emails()}/new`);
    expect(form.text).toContain(`<optgroup label="Segments"><option value="${shown}">Team Red</option></optgroup>`);
    const wish = { list: shown, fromEmail: 'people@acme.example', subject: 'Hi', body: BODY, linkDays: '30' };
    const kept = await ada.agent
      .post(emails())
      .type('form')
      .send({ ...wish, sampleKind: 'all', when: 'now', go: 'review' });
    expect(kept.status).toBe(303);
    const review = await ada.agent.get(kept.headers['location']!);
    expect(review.text).toContain('Team Red');
    expect(review.text).toContain('red.1@example.com');
    const path = /\/distributions\/emails\/EMD_\w+/.exec(kept.headers['location']!)![0];
    const url = `/surveys/${world.ids.show('SV', survey.id)}${path}`;
    const edit = await ada.agent.get(`${url}/edit`);
    expect(edit.text).toContain(`<option value="${shown}" selected>`);
    const copy = await ada.agent.post(`${url}/copies`).type('form').send({});
    expect(copy.status).toBe(303);
    expect((await ada.agent.get(copy.headers['location']!)).text).toContain(`<option value="${shown}" selected>`);
  });

  it('can be reminded although its segment was deleted', async () => {
    const one = await aDistribution(world, ada, survey, whom());
    await workOff(world);
    await world.app.get(SegmentsService).remove(ada.actor, segmentId);
    const reminder = await aFollowUp(world, ada, one, followUpWords('Reminder'));
    await workOff(world);
    const reached = (await ledgerOf(world, reminder)).filter(({ reason }) => reason === null);
    expect(reached.map(({ address }) => address)).toEqual(['red.1@example.com', 'red.2@example.com']);
  });

  it('makes personal links for whom it means', async () => {
    const path = `/surveys/${world.ids.show('SV', survey.id)}/distributions/personal-links`;
    expect((await ada.agent.get(`${path}/new`)).text).toContain('<optgroup label="Segments">');
    const made = await ada.agent
      .post(path)
      .type('form')
      .send({ list: world.ids.show('SG', segmentId), linkDays: '30', linkType: 'Individual' });
    expect(made.status).toBe(303);
    await workOff(world);
    const links = await world.database.inBrand(ada.actor.brandId, (unit) =>
      unit.sql(`SELECT FROM links WHERE channel = 'gl' AND list_id IS NULL`),
    );
    expect(links).toHaveLength(2); // one opted out of the brand
    await run('DELETE FROM contacts');
    const nobody = { list: world.ids.show('SG', segmentId), linkDays: '30', linkType: 'Individual' };
    const refused = await ada.agent.post(path).type('form').send(nobody);
    expect(refused.status).toBeGreaterThanOrEqual(400);
    expect(refused.text).toContain('There is nobody to send to');
  });
});
