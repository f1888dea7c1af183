import { Database } from '../../src/platform/db/database.js';
import type { Survey } from '../../src/surveys/survey.entity.js';
import { aDistribution, anAudience, BODY, ledgerOf, nowOf, statesOf, workOff } from '../distributions/builders.js';
import { aSurvey } from '../surveys/builders.js';
import { type Person, startWorld, type World } from '../world.js';

describe('A mail that was kept before there were bounds', () => {
  let world: World;
  let ada: Person;
  let survey: Survey;
  beforeAll(async () => {
    world = await startWorld();
    ada = await world.aPerson(await world.aBrand(), { hearsByMail: true });
    survey = await aSurvey(world, ada);
  });
  afterAll(() => world.close());

  /** Mails to an owner that say that something was paused. */
  const toldOf = (owner: string): Promise<unknown[]> =>
    world.database.inBrand(ada.actor.brandId, (unit) =>
      unit.sql(`SELECT id FROM mailbox_mails WHERE rcpt_to = $1 AND subject LIKE 'Paused: %'`, [owner]),
    );

  it.each([
    ['beyond them', '<div>'.repeat(2000), 'more than 256 deep inside each other'],
    [
      'that takes too long to put together',
      `<style>:root{${Array.from({ length: 400 }, (_, n) => `--a${n}:var(--a${n + 1}) var(--a${n + 1});`).join('')}}p{b:var(--a0)}</style><p>x</p>`,
      'takes more time to work through than it may (10 s)',
    ],
  ])('and is %s pauses with a reason; nobody of it is lost', async (subject, html, words) => {
    const { listId } = await anAudience(world, ada, 3);
    const distribution = await aDistribution(world, ada, survey, { listId, subject });
    await world.app
      .get(Database)
      .inBrand(ada.actor.brandId, (unit) =>
        unit.run('UPDATE mail_contents SET body_html = $2 WHERE distribution_id = $1', [distribution.id, BODY + html]),
      );
    const before = (await toldOf(ada.user.email)).length;
    await workOff(world);
    const { status, errorText } = await nowOf(world, ada, distribution);
    expect([status, errorText]).toEqual(['paused', expect.stringContaining(words)]);
    await workOff(world);
    expect(await toldOf(ada.user.email)).toHaveLength(before + 1);
    expect(statesOf(await ledgerOf(world, distribution))).toEqual({ queued: 3 });
  });
});
