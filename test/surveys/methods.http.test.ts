import { MethodsService } from '../../src/surveys/methods.service.js';
import type { Survey } from '../../src/surveys/survey.entity.js';
import { aDistribution } from '../summaries/builders.js';
import { type Person, startWorld, type World } from '../world.js';
import { aSurvey } from './builders.js';

/** A line of the left pane: its name, its count if it has one, and its address or why it is greyed. */
const LINE =
  /pane__link"(?: href="([^"]*)"| role="link"[^>]*data-tip="([^"]*)")[^>]*>[^]*?<span>([^<]*)<\/span>(?:<span class="count">([^<]*)<)?/g;

describe('the left pane of the Distributions tab', () => {
  let world: World;
  let ada: Person;
  let survey: Survey;
  let url: string;
  beforeAll(async () => {
    world = await startWorld();
  });
  beforeEach(async () => {
    await world.forget();
    ada = await world.aPerson(await world.aBrand());
    survey = await aSurvey(world, ada);
    url = `/surveys/${world.ids.show('SV', survey.id)}/distributions`;
  });
  afterAll(() => world.close());

  const lines = async (path: string): Promise<object[]> => {
    const page = await ada.agent.get(path).expect(200);
    return [...page.text.matchAll(LINE)].map(([, href, reason, name, count]) => ({
      name,
      ...(count === undefined ? {} : { count }),
      ...(reason === undefined ? { href } : { reason }),
    }));
  };
  const change = (statement: string, facts: unknown[]): Promise<unknown> =>
    world.database.inBrand(survey.brandId, (unit) => unit.run(statement, facts));

  it('lists the ways that there are in their order, on the page of each', async () => {
    const all = [
      { name: 'Summary', href: url },
      { name: 'E-mails', href: `${url}/emails` },
      { name: 'Personal links', href: `${url}/personal-links` },
      { name: 'Anonymous link', href: `${url}/anonymous` },
    ];
    for (const { href } of all) {
      expect(await lines(href)).toEqual(all);
    }
  });

  it('says how much there is of each: mails without what follows them, and nothing that was deleted', async () => {
    const first = await aDistribution(world, survey, {});
    await aDistribution(world, survey, {});
    const reminder = await aDistribution(world, survey, {});
    const deleted = await aDistribution(world, survey, {});
    await aDistribution(world, survey, { channel: 'gl' });
    await change(`UPDATE distributions SET parent_id = $2, request_type = 'Reminder' WHERE id = $1`, [reminder, first]);
    await change('UPDATE distributions SET deleted_at = created_at WHERE id = $1', [deleted]);
    expect(await lines(url)).toMatchObject([
      { name: 'Summary' },
      { name: 'E-mails', count: '2' },
      { name: 'Personal links', count: '1' },
      { name: 'Anonymous link' },
    ]);
  });

  it('stops counting where they are many', async () => {
    await change(
      `INSERT INTO distributions (brand_id, survey_id, owner_id, channel, request_type, name, link_type, status, created_at, modified_at)
       SELECT $1, $2, $3, 'email', 'Invite', 'Wave', 'Individual', 'done', $4, $4 FROM generate_series(1, 1200)`,
      [survey.brandId, survey.id, survey.ownerId, world.clock.now()],
    );
    expect(await lines(url)).toContainEqual({ name: 'E-mails', count: '1,000+', href: `${url}/emails` });
  });

  it('greys what somebody may not use, and says why and whom to ask instead of how much there is', async () => {
    await aDistribution(world, survey, {});
    await change(
      `INSERT INTO permission_overrides (brand_id, user_id, permission, enabled, set_at)
       VALUES ($1, $2, 'mailer:access', false, '2026-11-24T09:00Z')`,
      [ada.actor.brandId, ada.user.id],
    );
    expect(await lines(url)).toContainEqual({
      name: 'E-mails',
      reason:
        'Your account may not do this: the permission “Send e-mail” is off. A brand administrator can switch it on for you under People.',
    });
  });

  it('has no line for a way that is not built', () => {
    const empty = new MethodsService(world.database, world.ids, undefined as never);
    expect(() => empty.onApplicationBootstrap()).toThrow('summary, emails, personal, anonymous');
  });
});
