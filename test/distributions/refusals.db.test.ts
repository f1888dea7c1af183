import { DistributionsService } from '../../src/distributions/distributions.service.js';
import type { Survey } from '../../src/surveys/survey.entity.js';
import { aSurvey } from '../surveys/builders.js';
import { type Person, startWorld, type World } from '../world.js';
import { anAudience, ledgerOf, nowOf, reservedOf, words, workOff } from './builders.js';

describe('a distribution that must not go', () => {
  let world: World;
  let ada: Person;
  let survey: Survey;
  let listId: string;
  let day = 0;
  beforeAll(async () => {
    world = await startWorld();
  });
  beforeEach(async () => {
    await world.forget();
    day += 1;
    world.clock.set(new Date(Date.UTC(2027, 4, day, 8)));
    const brand = await world.aBrand();
    ada = await world.aPerson(brand);
    survey = await aSurvey(world, ada);
    ({ listId } = await anAudience(world, ada, 3));
  });
  afterAll(() => world.close());

  const run = (statement: string): Promise<unknown> =>
    world.database.inBrand(ada.actor.brandId, (unit) =>
      unit.run(statement, statement.includes('$1') ? [ada.actor.userId] : []),
    );
  const takeAway = (permission: string): Promise<unknown> =>
    run(
      `UPDATE user_types SET permissions = array_remove(permissions, '${permission}')
       WHERE id = (SELECT user_type_id FROM users WHERE id = $1)`,
    );
  const giveSurveyAway = async (): Promise<void> => {
    const grace = await world.aPerson({ id: ada.actor.brandId } as never, { firstName: 'Grace' });
    await run(`UPDATE surveys SET owner_id = ${grace.user.id}`);
  };

  it.each([
    [
      'EQD01',
      'the brand is suspended',
      () => run(`UPDATE brands SET status = 'suspended'`),
      'This brand is suspended.',
    ],
    ['EQD02', 'its sender may not send any more', () => takeAway('distributions:send'), 'may not send e-mail.'],
    ['EQD02', 'its sender may not send mails any more', () => takeAway('mailer:access'), 'Send e-mail'],
    [
      'EQD03',
      'the week of its sender is full',
      () => run('UPDATE users SET weekly_email_limit = 0 WHERE id = $1'),
      'larger than the whole',
    ],
    [
      'EQD04',
      'the week of the brand is full',
      () => run('UPDATE brands SET weekly_email_limit = 2'),
      'This brand may send 2',
    ],
    ['EQD06', 'the survey belongs to somebody else by now', giveSurveyAway, 'no access to this survey'],
    [
      'EQD09',
      'the survey was closed',
      () => run(`UPDATE surveys SET available_until = '2027-01-01'`),
      'takes no answers',
    ],
    [
      'EQD10',
      'its sender was switched off',
      () => run(`UPDATE users SET status = 'disabled' WHERE id = $1`),
      'switched off or has expired',
    ],
    [
      'EQD10',
      'its sender’s account has expired',
      () => run(`UPDATE users SET expires_at = '2027-01-01' WHERE id = $1`),
      'switched off or has expired',
    ],
    ['EQD11', 'its list was deleted', () => run('DELETE FROM contact_lists'), 'nobody to send to'],
    [
      'EQD12',
      'its survey was deleted',
      () => run(`UPDATE surveys SET deleted_at = '2027-01-01'`),
      'The survey was deleted.',
    ],
    [
      'EQD15',
      'its links are over',
      () => run(`UPDATE distributions SET link_expires_at = '2027-01-01'`),
      'would be over',
    ],
    ['CVS04', 'nobody is left', () => run(`UPDATE contacts SET opted_out_at = '2027-01-01'`), 'Nobody is left'],
  ])('fails with %s when %s at its time: nothing is planned, sent or reserved', async (code, _, change, reason) => {
    const distributions = world.app.get(DistributionsService);
    const sendAt = new Date(world.clock.ms() + 3_600_000);
    const draft = await distributions.compose(ada.actor, survey.id, words({ listId, sendAt }));
    await distributions.send(ada.actor, draft.id);
    await change();
    world.clock.forward(3_600_000);
    await workOff(world);
    const [now] = await world.database.inBrand(ada.actor.brandId, (unit) =>
      unit.sql<{ status: string; code: string; text: string }>(
        'SELECT status, error_code AS code, error_text AS text FROM distributions WHERE id = $1',
        [draft.id],
      ),
    );
    expect(now).toMatchObject({ status: 'failed', code });
    expect(now!.text).toContain(reason);
    expect(await ledgerOf(world, draft)).toEqual([]);
    expect(await reservedOf(world, ada)).toBe(0);
  });

  it('waits for the week when it would fit later, and goes whole then', async () => {
    await run('UPDATE users SET weekly_email_limit = 4 WHERE id = $1');
    const distributions = world.app.get(DistributionsService);
    await distributions.create(ada.actor, survey.id, words({ listId, subject: 'First' }));
    const sendAt = new Date(world.clock.ms() + 3_600_000);
    const draft = await distributions.compose(ada.actor, survey.id, words({ listId, sendAt }));
    await distributions.send(ada.actor, draft.id);
    world.clock.forward(3_600_000);
    await workOff(world);
    expect(await nowOf(world, ada, draft)).toMatchObject({ status: 'held', heldReason: 'week', errorCode: 'EQD03' });
    expect(await ledgerOf(world, draft)).toEqual([]);
    day += 8;
    world.clock.forward(7 * 24 * 3_600_000);
    await workOff(world);
    expect((await nowOf(world, ada, draft)).status).toBe('done');
    expect(await ledgerOf(world, draft)).toHaveLength(3);
  });

  it('is refused to programs with 409 and EQD04, and no link, message or draft is left', async () => {
    await run('UPDATE brands SET weekly_email_limit = 2');
    const { body, status } = await world
      .visitor()
      .post('/API/v3/distributions')
      .set('X-API-TOKEN', ada.token)
      .send({
        message: { messageText: 'Hello ${l://SurveyURL} ${l://OptOutURL}' },
        recipients: { mailingListId: world.ids.show('CG', listId) },
        header: { fromEmail: 'people@acme.example', fromName: 'Acme', subject: 'Hello' },
        surveyLink: {
          surveyId: world.ids.show('SV', survey.id),
          type: 'Individual',
          expirationDate: '2027-12-24T08:00:00Z',
        },
        sendDate: '2020-01-01T00:00:00Z',
      });
    expect(status).toBe(409);
    expect(body.meta.error.errorCode).toBe('EQD04');
    const { n } = await world.database.inBrand(ada.actor.brandId, (unit) =>
      unit.one<{ n: number }>(
        'SELECT (SELECT count(*) FROM distributions)::int + (SELECT count(*) FROM links)::int AS n',
      ),
    );
    expect(n).toBe(0);
  });
});
