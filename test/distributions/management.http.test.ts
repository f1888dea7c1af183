import type { Distribution } from '../../src/ledger/distribution.entity.js';
import { FollowUpsService } from '../../src/distributions/follow_ups/follow_ups.service.js';
import type { Survey } from '../../src/surveys/survey.entity.js';
import { aSurvey } from '../surveys/builders.js';
import { type Person, startWorld, type World } from '../world.js';
import { aDistribution, anAudience, workOff } from './builders.js';

describe('the page of all mails', () => {
  let world: World;
  let ada: Person;
  let survey: Survey;
  let listId: string;
  let sent: Distribution;
  beforeAll(async () => {
    world = await startWorld();
    ada = await world.aPerson(await world.aBrand());
    survey = await aSurvey(world, ada);
    ({ listId } = await anAudience(world, ada, [
      { firstName: 'René', email: 'ren\u00e9@example.com' },
      // The same letters, spelled otherwise.
      { firstName: 'Also René', email: 'rene\u0301@example.com' },
      { firstName: 'Grace', email: 'grace@example.com' },
    ]));
    sent = await aDistribution(world, ada, survey, { listId, name: 'First wave' });
    await workOff(world);
  });
  afterAll(() => world.close());

  const list = (): string => `/surveys/${world.ids.show('SV', survey.id)}/distributions/emails`;
  const page = async (person = ada): Promise<string> => (await person.agent.get(list()).expect(200)).text;
  const blockOf = (html: string, { id }: { id: string }): string =>
    new RegExp(`<article[^>]*id="distribution_${world.ids.show('EMD', id)}"[\\s\\S]*?</article>`).exec(html)?.[0] ?? '';
  const counter = (block: string, label: string): string =>
    new RegExp(`>${label}</dt><dd>(?:<a [^>]*>)?([\\d,]+|not counted)`).exec(block)?.[1] ?? '';

  it('shows every counter of a mail, duplicates among the skipped', async () => {
    const block = blockOf(await page(), sent);
    const labels = ['Accepted', 'Failed', 'Bounced', 'Skipped', 'Opened', 'Started', 'Finished', 'Opted out'];
    const counters = [...labels, 'Complaints', 'Uncertain', 'Duplicates'].map((label) => counter(block, label));
    expect(counters).toEqual(['2', '0', '0', '1', 'not counted', '0', '0', '0', '0', '0', '1']);
    expect(block).toContain('?show&#x3D;skipped#recipients');
  });

  it('offers reminders and thank-yous where people have links of their own, and nowhere else', async () => {
    const open = await aDistribution(world, ada, survey, { listId, subject: 'Open', linkType: 'Anonymous' });
    const html = await page();
    expect(blockOf(html, sent)).toContain('/reminders/new');
    expect(blockOf(html, sent)).toContain('/thank-yous/new');
    expect(blockOf(html, open)).not.toContain('/reminders/new');
    for (const path of ['reminders/new', 'thank-yous/new']) {
      await ada.agent.get(`${list()}/${world.ids.show('EMD', sent.id)}/${path}`).expect(200);
    }
  });

  it('nests reminders below their invitation and pages by invitations alone', async () => {
    const followUps = world.app.get(FollowUpsService);
    const mail = { name: 'Once more', content: sent.content!.copied(), sendAt: null, timeZone: 'UTC' };
    const time = { afterHours: 72, afterWhat: 'invitation' as const, atOnce: false };
    const reminder = await followUps.create(ada.actor, sent.id, { requestType: 'Reminder', mail, time });
    const html = await page();
    const below = html.slice(html.indexOf('aria-label="Reminders and thank-yous"'));
    expect(blockOf(below, reminder)).toContain('Once more');
    expect(blockOf(html, reminder)).toContain('Reminder');
    expect(html.indexOf(world.ids.show('EMD', sent.id))).toBeLessThan(html.indexOf(world.ids.show('EMD', reminder.id)));
    const older = await ada.agent.get(`${list()}?after=${world.ids.show('EMD', sent.id)}`).expect(200);
    expect(older.text).not.toContain('Once more');
  });

  it('is shown in the view that somebody chose, which is remembered for that person', async () => {
    expect(await page()).not.toContain('dispatches--compact');
    await ada.agent.post(`${list()}/view/choice`).type('form').send({ view: 'compact' }).expect(303);
    expect(await page()).toContain('dispatches--compact');
    const grace = await world.aPerson(await world.aBrand('Globex'), { firstName: 'Grace' });
    await grace.agent.post(`${list()}/view/choice`).type('form').send({ view: 'compact' }).expect(404);
    await ada.agent.post(`${list()}/view/choice`).type('form').send({ view: 'nonsense' }).expect(303);
    expect(await page()).not.toContain('dispatches--compact');
  });

  it('says in its dialogs what happens to whom', async () => {
    await world.database.inBrand(ada.actor.brandId, (unit) =>
      unit.run(
        `UPDATE messages SET state = 'failed', reason = 'refused' WHERE distribution_id = $1 AND address = 'grace@example.com'`,
        [sent.id],
      ),
    );
    const block = blockOf(await page(), sent);
    expect(block).toContain('1 mail that failed is queued once more. Those that got it get nothing.');
    expect(block).toContain('1 mail has gone out already and stays valid.');
    expect(block).toContain('No reminder or thank-you can be sent for it any more.');
  });
});
