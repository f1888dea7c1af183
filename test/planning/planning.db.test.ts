import { ContactsService } from '../../src/contacts/contacts.service.js';
import { DistributionsService } from '../../src/distributions/distributions.service.js';
import { ReviewsService } from '../../src/distributions/reviews.service.js';
import { SteeringService } from '../../src/distributions/steering.service.js';
import type { Survey } from '../../src/surveys/survey.entity.js';
import { SurveysService } from '../../src/surveys/surveys.service.js';
import { Sink } from '../mailer/sink.js';
import { aSurvey } from '../surveys/builders.js';
import { until } from '../waiting.js';
import { type Person, startWorld, type World } from '../world.js';
import {
  aDistribution,
  anAudience,
  BODY,
  hasFinished,
  ledgerOf,
  nowOf,
  reservedOf,
  statesOf,
  words,
  workOff,
} from '../distributions/builders.js';

describe('planning a distribution', () => {
  let world: World;
  let sink: Sink;
  let ada: Person;
  let survey: Survey;
  let distributions: DistributionsService;
  beforeAll(async () => {
    sink = await new Sink().listen();
    world = await startWorld({ SMTP_URL: sink.url, MAIL_DOMAIN: 'acme.example' });
    distributions = world.app.get(DistributionsService);
  });
  beforeEach(async () => {
    await world.forget();
    world.clock.set();
    ada = await world.aPerson(await world.aBrand());
    survey = await aSurvey(world, ada);
  });
  afterAll(async () => {
    await world.close();
    await sink.close();
  });

  it('skips who must not get it, each with the reason, and counts the very same before', async () => {
    const optedOutAt = new Date('2026-05-03T09:00:00Z');
    const { listId, contactIds } = await anAudience(world, ada, [
      { email: 'fine@example.com' },
      { email: '' },
      { email: 'nobody at example.com' },
      { email: 'half@example' },
      { email: 'brand-out@example.com', optedOutAt },
      { email: 'list-out@example.com', listOptedOutAt: optedOutAt },
      { email: 'blocked@example.com' },
      { email: 'rené@example.com' },
      { email: 'rene\u0301@example.com' },
      { email: 'answered@example.com' },
    ]);
    const { brandId } = ada.actor;
    await world.app
      .get(ContactsService)
      .suppress(brandId, { address: 'Blocked@example.com', reason: 'bounced', at: world.clock.now() });
    await hasFinished(world, survey, contactIds[9]!);
    const draft = await distributions.compose(ada.actor, survey.id, words({ listId }));
    const { outlook } = await world.app.get(ReviewsService).of(ada.actor, draft.id);
    expect(outlook).toMatchObject({ audience: 10, mails: 2 });
    await distributions.send(ada.actor, draft.id);
    await workOff(world);
    const rows = await ledgerOf(world, draft);
    expect(rows.map(({ address, state, reason }) => [address, state, reason])).toEqual([
      ['fine@example.com', 'accepted', null],
      ['', 'skipped', 'no_address'],
      ['nobody at example.com', 'skipped', 'invalid_address'],
      ['half@example', 'skipped', 'invalid_address'],
      ['brand-out@example.com', 'skipped', 'opted_out_brand'],
      ['list-out@example.com', 'skipped', 'opted_out_list'],
      ['blocked@example.com', 'skipped', 'suppressed'],
      ['rené@example.com', expect.any(String), expect.anything()],
      ['rene\u0301@example.com', 'skipped', 'duplicate_address'],
      ['answered@example.com', 'skipped', 'finished'],
    ]);
    expect(outlook!.skipped.reduce((sum, { n }) => sum + n, 0)).toBe(8);
  });

  it('remembers since when somebody had opted out', async () => {
    const optedOutAt = new Date('2026-05-03T09:00:00Z');
    const { listId } = await anAudience(world, ada, [
      { email: 'a@example.com' },
      { email: 'b@example.com', optedOutAt },
    ]);
    const distribution = await aDistribution(world, ada, survey, { listId });
    await world.jobs.settled();
    const rows = await world.database.inBrand(ada.actor.brandId, (unit) =>
      unit.sql<{ reason_at: Date }>(`SELECT reason_at FROM messages WHERE distribution_id = $1 AND state = 'skipped'`, [
        distribution.id,
      ]),
    );
    expect(rows).toEqual([{ reason_at: optedOutAt }]);
  });

  it('drops the very same mail to the same address within twelve hours, and sends it after that', async () => {
    world.clock.set(new Date('2026-11-01T08:00:00Z'));
    const { listId } = await anAudience(world, ada, [{ email: 'twice@example.com' }, { email: 'new@example.com' }]);
    const { contactIds } = await anAudience(world, ada, [{ email: 'twice@example.com' }]);
    await aDistribution(world, ada, survey, { contactId: contactIds[0]! });
    await workOff(world);
    const again = await aDistribution(world, ada, survey, { listId });
    await workOff(world);
    expect((await ledgerOf(world, again)).map(({ reason }) => reason)).toEqual(['sent_recently', null]);
    const other = await aDistribution(world, ada, survey, { listId, subject: 'Something else' });
    await workOff(world);
    expect(statesOf(await ledgerOf(world, other))).toEqual({ accepted: 2 });
    world.clock.set(new Date('2026-11-01T20:00:01Z'));
    const late = await aDistribution(world, ada, survey, { listId });
    await workOff(world);
    expect(statesOf(await ledgerOf(world, late))).toEqual({ accepted: 2 });
  });

  it('knows the address again in another case and under a contact that was made anew', async () => {
    const { listId, contactIds } = await anAudience(world, ada, [
      { email: 'Twice@example.com' },
      { email: 'b@example.com' },
    ]);
    await aDistribution(world, ada, survey, { listId });
    await workOff(world);
    await world.database.inBrand(ada.actor.brandId, async (unit) => {
      await unit.run('DELETE FROM contact_list_members WHERE contact_id = $1', [contactIds[0]]);
      await unit.run('DELETE FROM contacts WHERE id = $1', [contactIds[0]]);
    });
    const again = await anAudience(world, ada, [{ email: 'tWICE@Example.com' }, { email: 'c@example.com' }]);
    const second = await aDistribution(world, ada, survey, { listId: again.listId });
    await workOff(world);
    expect((await ledgerOf(world, second)).map(({ reason }) => reason)).toEqual(['sent_recently', null]);
  });

  it('counts the same mail that still waits, whenever it was planned, and tries nobody again who got it meanwhile', async () => {
    world.clock.set(new Date('2026-11-01T08:00:00Z'));
    const { listId, contactIds } = await anAudience(world, ada, 2);
    const steering = world.app.get(SteeringService);
    const first = await aDistribution(world, ada, survey, { listId });
    await world.jobs.settled();
    await world.database.inBrand(ada.actor.brandId, (unit) =>
      unit.run(
        `UPDATE messages SET state = CASE contact_id WHEN $2 THEN 'queued' ELSE 'failed' END, run_at = $3, wire_at = NULL WHERE distribution_id = $1`,
        [first.id, contactIds[0], new Date('2026-11-03T08:00:00Z')],
      ),
    );
    await world.database.inBrand(ada.actor.brandId, (unit) =>
      unit.run(`UPDATE distributions SET status = 'sending', finished_at = NULL WHERE id = $1`, [first.id]),
    );
    world.clock.set(new Date('2026-11-02T08:00:00Z'));
    const second = await aDistribution(world, ada, survey, { listId });
    await workOff(world);
    expect((await ledgerOf(world, second)).map(({ state, reason }) => [state, reason])).toEqual([
      ['skipped', 'sent_recently'],
      ['accepted', null],
    ]);
    await expect(steering.retryFailed(ada.actor, first.id)).rejects.toThrow('got the very same mail');
    world.clock.set(new Date('2026-11-02T20:00:01Z'));
    expect(await steering.retryFailed(ada.actor, first.id)).toBe(1);
  });

  it('writes to people who finished when its author wants that', async () => {
    const { listId, contactIds } = await anAudience(world, ada, 2);
    await hasFinished(world, survey, contactIds[0]!);
    const distribution = await aDistribution(world, ada, survey, { listId, skipFinished: false });
    await workOff(world);
    expect(statesOf(await ledgerOf(world, distribution))).toEqual({ accepted: 2 });
  });

  it('gives individual and multiple links to each, and none for the anonymous link', async () => {
    const { listId } = await anAudience(world, ada, 2);
    for (const [linkType, kinds] of [
      ['Individual', ['individual', 'individual']],
      ['Multiple', ['multiple', 'multiple']],
      ['Anonymous', []],
    ] as const) {
      const distribution = await aDistribution(world, ada, survey, { listId, linkType, subject: linkType });
      await workOff(world);
      const links = await world.database.inBrand(ada.actor.brandId, (unit) =>
        unit.sql<{ kind: string; days: number }>(
          `SELECT kind, round(extract(epoch FROM expires_at - created_at) / 86400)::int AS days FROM links WHERE distribution_id = $1`,
          [distribution.id],
        ),
      );
      expect(links).toEqual(kinds.map((kind) => ({ kind, days: 60 })));
      expect(statesOf(await ledgerOf(world, distribution))).toEqual({ accepted: 2 });
    }
  });

  it('leaves out who joined the list after it was frozen', async () => {
    const { listId } = await anAudience(world, ada, 2);
    const { contactIds } = await anAudience(world, ada, [{ email: 'late@example.com' }]);
    const distribution = await aDistribution(world, ada, survey, { listId });
    await world.database.inBrand(ada.actor.brandId, (unit) =>
      unit.run('INSERT INTO contact_list_members (brand_id, list_id, contact_id, added_at) VALUES ($1, $2, $3, $4)', [
        ada.actor.brandId,
        listId,
        contactIds[0],
        new Date(world.clock.now().getTime() + 1000),
      ]),
    );
    await workOff(world);
    expect(await ledgerOf(world, distribution)).toHaveLength(2);
  });

  it('can be interrupted and run again: nobody is planned twice', async () => {
    const { listId } = await anAudience(world, ada, 5);
    const distribution = await aDistribution(world, ada, survey, { listId });
    await world.database.inBrand(ada.actor.brandId, async (unit) => {
      await unit.run(`UPDATE distributions SET status = 'planning' WHERE id = $1`, [distribution.id]);
    });
    await Promise.all([workOff(world), workOff(world)]);
    expect(await ledgerOf(world, distribution)).toHaveLength(5);
    expect((await nowOf(world, ada, distribution)).status).toBe('done');
  });

  it('waits for its time, and sends then', async () => {
    world.clock.set(new Date('2026-11-02T08:00:00Z'));
    const { listId } = await anAudience(world, ada, 2);
    const sendAt = new Date('2026-11-02T10:00:00Z');
    const distribution = await aDistribution(world, ada, survey, { listId, sendAt });
    await workOff(world);
    expect((await nowOf(world, ada, distribution)).status).toBe('scheduled');
    expect(await reservedOf(world, ada)).toBe(0);
    world.clock.set(sendAt);
    await workOff(world);
    expect((await nowOf(world, ada, distribution)).status).toBe('done');
    expect(await reservedOf(world, ada)).toBe(2);
  });

  it('tells on the distribution what refused it when its time came', async () => {
    world.clock.set(new Date('2026-11-02T08:00:00Z'));
    const { listId } = await anAudience(world, ada, 2);
    const sendAt = new Date('2026-11-02T10:00:00Z');
    const distribution = await aDistribution(world, ada, survey, { listId, sendAt });
    await world.app.get(SurveysService).remove(ada.actor, survey.id);
    world.clock.set(sendAt);
    await workOff(world);
    const [row] = await world.database.inBrand(ada.actor.brandId, (unit) =>
      unit.sql('SELECT status, error_code FROM distributions WHERE id = $1', [distribution.id]),
    );
    expect(row).toEqual({ status: 'failed', error_code: 'EQD12' });
    expect(await ledgerOf(world, distribution)).toEqual([]);
  });

  it('starts when a paused survey is resumed', async () => {
    world.clock.set(new Date('2026-11-02T08:00:00Z'));
    const { listId } = await anAudience(world, ada, 2);
    const distribution = await aDistribution(world, ada, survey, { listId, sendAt: new Date('2026-11-02T10:00:00Z') });
    const surveys = world.app.get(SurveysService);
    await surveys.pause(ada.actor, survey.id, { people: 'finish', message: '' });
    world.clock.set(new Date('2026-11-02T10:00:00Z'));
    await workOff(world);
    expect(await nowOf(world, ada, distribution)).toMatchObject({ status: 'held', heldReason: 'survey_paused' });
    await surveys.resume(ada.actor, survey.id);
    await until(async () => {
      await workOff(world);
      return (await nowOf(world, ada, distribution)).status === 'done';
    });
  });

  it.each([
    ['CVS01', { bodyHtml: '<p>${l://OptOutLink}</p>' }],
    ['CVS02', { bodyHtml: '<p>${l://SurveyLink}</p>' }],
    ['CVS03', { fromEmail: 'people' }],
    ['CVS03', { replyTo: 'people' }],
    ['CVS03', { replyTo: 'spy@elsewhere.example' }],
    ['EQD17', { fromEmail: 'people@elsewhere.example' }],
    ['EQD15', { linkExpiresAt: new Date('2020-01-01T00:00:00Z') }],
  ])('is refused with %s, and nothing is planned', async (code, changes) => {
    const { listId } = await anAudience(world, ada, 2);
    await expect(aDistribution(world, ada, survey, { listId, ...changes })).rejects.toMatchObject({ code });
    expect(await reservedOf(world, ada)).toBe(0);
  });

  it('is refused when nobody is left, the list is empty, or the survey is not active', async () => {
    const { listId } = await anAudience(world, ada, [{ email: '' }]);
    await expect(aDistribution(world, ada, survey, { listId })).rejects.toMatchObject({ code: 'CVS04' });
    const empty = await anAudience(world, ada, []);
    await expect(aDistribution(world, ada, survey, { listId: empty.listId })).rejects.toMatchObject({ code: 'EQD11' });
    const asleep = await aSurvey(world, ada, { stage: 'published' });
    await expect(aDistribution(world, ada, asleep, { listId })).rejects.toMatchObject({ code: 'EQD09' });
  });

  it('tells of unknown placeholders, a missing postal address, empty fields and size', async () => {
    const { listId } = await anAudience(world, ada, 1);
    const bodyHtml = `${BODY}\${m://Nickname} \${e://Field/Team}${'x'.repeat(110_000)}`;
    const draft = await distributions.compose(ada.actor, survey.id, words({ listId, bodyHtml }));
    const { findings } = await world.app.get(ReviewsService).of(ada.actor, draft.id);
    expect(findings.map(({ code, level }) => `${level} ${code}`)).toEqual([
      'error CVS07',
      'warning large_body',
      'warning no_postal_address',
      'warning empty_field',
    ]);
  });

  it('is stopped whole by a cancel before it began', async () => {
    const { listId } = await anAudience(world, ada, 3);
    const sendAt = new Date(world.clock.now().getTime() + 3_600_000);
    const distribution = await aDistribution(world, ada, survey, { listId, sendAt });
    await world.app.get(SteeringService).cancel(ada.actor, distribution.id);
    world.clock.forward(7_200_000);
    await workOff(world);
    expect((await nowOf(world, ada, distribution)).status).toBe('cancelled');
    expect(await ledgerOf(world, distribution)).toEqual([]);
  });
});
