import type { Distribution } from '../../src/ledger/distribution.entity.js';
import { NoticesService } from '../../src/notices/notices.service.js';
import { Noticing } from '../../src/notices/noticing.js';
import { addresses } from '../../src/platform/web/addresses.js';
import type { Survey } from '../../src/surveys/survey.entity.js';
import { SharesService } from '../../src/surveys/shares/shares.service.js';
import { aDistribution, anAudience, workOff } from '../distributions/builders.js';
import { aSurvey } from '../surveys/builders.js';
import { type Person, startWorld, type World } from '../world.js';

const HOUR = 3_600_000;
const MINUTE = 60_000;

describe('Notices', () => {
  let world: World;
  let boss: Person;
  let ada: Person;
  let survey: Survey;
  beforeAll(async () => {
    world = await startWorld();
  });
  beforeEach(async () => {
    await world.forget();
    world.clock.set();
    const brand = await world.aBrand();
    boss = await world.aPerson(brand, { type: 'administrator', firstName: 'Grace', hearsByMail: true });
    ada = await world.aPerson(brand, { hearsByMail: true });
    survey = await aSurvey(world, ada);
  });
  afterAll(() => world.close());

  const inBell = async ({ actor }: Person): Promise<string[]> =>
    (await world.app.get(NoticesService).list(actor, { size: 50 })).map(({ facts }) => facts.words);

  /** Subjects and texts of the mails that a person got from the product itself. */
  const mailsTo = ({ user }: Person): Promise<{ subject: string; raw: string }[]> =>
    world.database.inBrand(user.brandId, (unit) =>
      unit.sql(`SELECT subject, convert_from(raw, 'UTF8') AS raw FROM mailbox_mails WHERE rcpt_to = $1 ORDER BY id`, [
        user.email,
      ]),
    );
  const subjectsTo = async (person: Person): Promise<string[]> => (await mailsTo(person)).map(({ subject }) => subject);

  const change = (sets: string, values: unknown[] = [], { id }: Pick<Distribution, 'id'> = { id: '0' }) =>
    world.database.inBrand(ada.actor.brandId, (unit) =>
      unit.run(`UPDATE distributions SET ${sets} WHERE id = $1`, [id, ...values]),
    );

  async function done(members: Parameters<typeof anAudience>[2] = 3): Promise<Distribution> {
    const { listId } = await anAudience(world, ada, members);
    const distribution = await aDistribution(world, ada, survey, { listId, name: 'First week' });
    await workOff(world);
    return distribution;
  }

  /** As the sweep of another worker would see it, whatever its state was. */
  const hold = (distribution: Distribution, reason: string, words = 'The words of the page.') =>
    change(
      `status = 'held', held_from = 'sending', held_reason = $2, held_at = $3, error_text = $4, finished_at = NULL`,
      [reason, world.clock.now(), words],
      distribution,
    );

  it('lead to the page of what they tell of, be it a mail or links made as a file', async () => {
    const { listId } = await anAudience(world, ada, [{ email: 'c@example.com' }]);
    await aDistribution(world, ada, survey, { listId });
    const made = await ada.agent
      .post(addresses.personalLinks.list(world.ids.show('SV', survey.id)))
      .type('form')
      .send({
        list: world.ids.show('CG', listId),
        linkType: 'Individual',
        linkEnd: 'days',
        linkDays: '60',
        embedded: '',
      })
      .expect(303);
    const links = { id: world.ids.read('EMD', made.headers['location']!.split('/').at(-1)!) };
    await workOff(world);
    await change(`status = 'failed', finished_at = $2, error_text = 'No disk.'`, [world.clock.now()], links);
    world.clock.forward(MINUTE);
    await workOff(world);
    const { text } = await ada.agent.get(addresses.notices.list());
    const paths = [...text.matchAll(/href="(\/surveys\/[^"]*\/distributions\/[^"]*)"/g)].map(([, path]) => path!);
    expect(new Set(paths.map((path) => path.split('/')[4]))).toEqual(new Set(['emails', 'personal-links']));
    for (const path of paths) {
      await ada.agent.get(path).expect(200);
    }
  });

  it('tell once that a distribution is done, with its figures, by bell and by a mail of the system', async () => {
    await done([{ email: 'a@example.com' }, { email: 'b@example.com' }, { email: '' }]);
    await workOff(world);
    expect(await inBell(ada)).toEqual(['done']);
    expect(await subjectsTo(ada)).toEqual([]);
    world.clock.forward(MINUTE); // quick bounces are in
    await workOff(world);
    await Promise.all([1, 2].map(() => world.app.get(Noticing).of(ada.actor.brandId)));
    await workOff(world);
    const [mail, ...more] = await mailsTo(ada);
    expect([mail!.subject, more]).toEqual(['Done: First week', []]);
    expect(mail!.raw).toContain('Auto-Submitted: auto-generated');
    expect(mail!.raw).not.toContain('List-Unsubscribe');
    expect(mail!.raw.replaceAll('=\r\n', '')).toContain('2 sent · 0 bounced · 1 skipped'.replaceAll('·', '=C2=B7'));
    expect(await subjectsTo(boss)).toEqual([]);
  });

  it('are unread again when it is done again, and are not mailed a second time', async () => {
    const distribution = await done();
    await workOff(world);
    world.clock.forward(MINUTE);
    await workOff(world);
    await world.app.get(NoticesService).readAll(ada.actor);
    await change(`finished_at = finished_at + interval '10 minutes'`, [], distribution);
    world.clock.forward(HOUR);
    await workOff(world);
    await workOff(world);
    expect(await world.app.get(NoticesService).unread(ada.actor)).toBe(1);
    expect(await inBell(ada)).toEqual(['done']);
    expect(await subjectsTo(ada)).toEqual(['Done: First week']);
  });

  it('tell at once what waits for a person or failed, in the words of its page', async () => {
    const late = await done();
    await hold(late, 'late', 'It is 9 hours late.');
    await workOff(world);
    await workOff(world);
    const failed = await done([{ email: 'grace@example.com' }]);
    await change(
      `status = 'failed', error_code = 'EQD03', error_text = 'Too much.', finished_at = $2`,
      [world.clock.now()],
      failed,
    );
    await workOff(world);
    await workOff(world);
    expect(await subjectsTo(ada)).toEqual(['Waits for you: First week', 'Failed: First week']);
    const [first] = await mailsTo(ada);
    expect(first!.raw).toContain('It is 9 hours late.');
    expect(first!.raw.replaceAll('=\r\n', '')).toContain(`/distributions/emails/${world.ids.show('EMD', late.id)}`);
  });

  it('are one however often a relay comes and goes; whoever administers the brand hears of the relay', async () => {
    const distribution = await done();
    await workOff(world);
    world.clock.forward(MINUTE);
    await workOff(world);
    for (let turn = 0; turn < 4; turn += 1) {
      await hold(distribution, 'relay', 'The relay does not answer: 421 try later.');
      world.clock.forward(9 * MINUTE);
      await workOff(world);
      world.clock.forward(2 * MINUTE);
      await workOff(world);
      await workOff(world);
      await change(`status = 'sending', held_reason = NULL, error_text = NULL`, [], distribution);
      await workOff(world);
      await workOff(world);
    }
    const waits = (await subjectsTo(ada)).filter((subject) => subject.startsWith('Waits'));
    expect(waits).toEqual(['Waits for the relay: First week']);
    expect((await inBell(ada)).filter((words) => words === 'held_relay')).toHaveLength(1);
    expect(await inBell(boss)).toEqual(['relay_up']);
    expect((await subjectsTo(boss)).slice(0, 1)).toEqual(['Mails cannot leave']);
    expect((await subjectsTo(boss)).length).toBeLessThanOrEqual(2);
  });

  it('show names and words of servers as they were written, and take no markup from them', async () => {
    const distribution = await done();
    await world.database.inBrand(ada.actor.brandId, async (unit) => {
      await unit.run('UPDATE surveys SET name = $1', ['<i>Pulse</i> & "Co"']);
      await unit.run('UPDATE users SET first_name = $2 WHERE id = $1', [ada.user.id, '<u>Ada</u>']);
    });
    await change('name = $2', [`<b>First</b> & 'week'`], distribution);
    await hold(distribution, 'late', '<img src=x> said "no" & left');
    await workOff(world);
    await workOff(world);
    const page = (await ada.agent.get('/notices')).text;
    const [{ subject, raw } = { subject: '', raw: '' }] = await mailsTo(ada);
    expect(subject).toBe(`Waits for you: <b>First</b> & 'week'`);
    const html = raw.replaceAll('=\r\n', '').split('text/html')[1]!;
    expect(html).toContain('&lt;u&gt;Ada&lt;/u&gt;');
    for (const place of [page, html]) {
      expect(place).toContain('&lt;b&gt;First&lt;/b&gt; &amp;');
      expect(place).toContain('&lt;i&gt;Pulse&lt;/i&gt; &amp; &quot;Co&quot;');
      expect(place).toContain('&lt;img src');
      expect(place).not.toMatch(/<(b>First|i>Pulse|img src=3?D?x|u>Ada)/);
    }
  });

  it('go to whoever may send for the survey while its owner is away, and to administrators where nobody may', async () => {
    const carl = await world.aPerson({ id: ada.actor.brandId } as never, { firstName: 'Carl' });
    const rights = { canEdit: false, canViewReports: false, canActivate: false, canCopy: false, canDistribute: true };
    await world.app.get(SharesService).share(ada.actor, survey.id, carl.user.id, rights);
    const distribution = await done();
    await world.database.inBrand(ada.actor.brandId, (unit) =>
      unit.run(`UPDATE users SET status = 'disabled' WHERE id = $1`, [ada.user.id]),
    );
    await hold(distribution, 'late');
    await workOff(world);
    await workOff(world);
    expect([await inBell(carl), await inBell(boss)]).toEqual([['held_late'], []]);
    expect(await inBell(ada)).toEqual(['done']); // from before
    await world.app.get(SharesService).unshare(boss.actor, survey.id, carl.user.id);
    expect(await inBell(carl)).toEqual([]);
    expect(await world.app.get(NoticesService).unread(carl.actor)).toBe(0);
    await hold(distribution, 'domain');
    await workOff(world);
    expect(await inBell(boss)).toEqual(['held_domain']);
  });

  it('come by the ways that a person chose', async () => {
    const choose = (bell: boolean, mail: boolean) =>
      world.app.get(NoticesService).choose(ada.actor, [{ kind: 'waits', bell, mail }]);
    await choose(true, false);
    const distribution = await done();
    await hold(distribution, 'late');
    await workOff(world);
    await workOff(world);
    expect([await inBell(ada), await subjectsTo(ada)]).toEqual([['held_late', 'done'], []]);
    await choose(false, true);
    await hold(distribution, 'domain');
    await workOff(world);
    await workOff(world);
    expect([await inBell(ada), await subjectsTo(ada)]).toEqual([
      ['held_late', 'done'],
      ['Waits for its From domain: First week'],
    ]);
  });

  it('tell administrators that the weekly limit is nearly and wholly used up, each once a week', async () => {
    await world.database.inBrand(ada.actor.brandId, (unit) =>
      unit.run('UPDATE brands SET weekly_email_limit = 10 WHERE id = $1', [ada.actor.brandId]),
    );
    await done(8);
    await workOff(world);
    expect(await inBell(boss)).toEqual(['limit_near']);
    await done([{ email: 'x@example.com' }, { email: 'y@example.com' }]);
    await workOff(world);
    world.clock.forward(11 * MINUTE);
    await workOff(world);
    expect(await subjectsTo(boss)).toEqual(['The weekly limit is nearly used up', 'The weekly limit is used up']);
    expect(await inBell(boss)).toEqual(['limit_full', 'limit_near']);
  });

  it('tell a person of their own limit, and the people of a division and administrators of the division’s', async () => {
    const carl = await world.aPerson({ id: ada.actor.brandId } as never, { firstName: 'Carl' });
    await world.database.inBrand(ada.actor.brandId, async (unit) => {
      const { id } = await unit.one<{ id: string }>(
        `INSERT INTO divisions (brand_id, name, weekly_email_limit, created_at) VALUES ($1, '<b>North</b>', 4, $2) RETURNING id`,
        [ada.actor.brandId, world.clock.now()],
      );
      await unit.run('UPDATE users SET weekly_email_limit = 3 WHERE id = $1', [ada.user.id]);
      await unit.run('UPDATE users SET division_id = $1 WHERE id IN ($2, $3)', [id, ada.user.id, carl.user.id]);
    });
    await done(3);
    await workOff(world);
    expect((await inBell(ada)).filter((words) => words !== 'done')).toEqual(['limit_user_full']);
    expect([await inBell(carl), await inBell(boss)]).toEqual([[], []]);
    await world.database.inBrand(ada.actor.brandId, (unit) => unit.run('UPDATE divisions SET weekly_email_limit = 3'));
    await workOff(world);
    world.clock.forward(11 * MINUTE);
    await workOff(world);
    await workOff(world);
    expect(await inBell(carl)).toEqual(['limit_division_full']);
    expect(await inBell(boss)).toEqual(['limit_division_full']);
    expect(await subjectsTo(boss)).toEqual(['The weekly limit of <b>North</b> is used up']);
    expect((await mailsTo(boss))[0]!.raw).toContain('&lt;b&gt;North&lt;/b&gt;');
    expect((await subjectsTo(ada)).filter((subject) => subject.startsWith('Your'))).toEqual([
      'Your weekly limit is used up',
    ]);
  });
});
