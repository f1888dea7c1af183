import type { Survey } from '../../src/surveys/survey.entity.js';
import { aSurvey } from '../surveys/builders.js';
import { type Person, startWorld, type World } from '../world.js';
import { aDistribution, anAudience, ledgerOf, workOff } from './builders.js';

/** Holds and failures that an administrator can do something about elsewhere. */
const DOORS = ['EQD03', 'EQD04', 'EQD17', 'CVS03', 'CVS05'];

describe('the links of a distribution’s pages', () => {
  let world: World;
  let boss: Person;
  let ada: Person;
  let survey: Survey;
  let sent: Awaited<ReturnType<typeof aDistribution>>;
  beforeAll(async () => {
    world = await startWorld();
    const brand = await world.aBrand();
    boss = await world.aPerson(brand, { type: 'administrator', firstName: 'Grace' });
    ada = await world.aPerson(brand);
    survey = await aSurvey(world, ada);
    const { listId } = await anAudience(world, ada, [{ email: 'a@example.com' }, { email: 'b@example.com' }]);
    sent = await aDistribution(world, ada, survey, { listId });
    await workOff(world);
  });
  afterAll(() => world.close());

  const url = (): string =>
    `/surveys/${world.ids.show('SV', survey.id)}/distributions/emails/${world.ids.show('EMD', sent.id)}`;
  const run = (text: string, values: unknown[]): Promise<number> =>
    world.database.inBrand(ada.actor.brandId, (unit) => unit.run(text, values));
  const stand = (status: string, code: string | null): Promise<number> =>
    run(
      `UPDATE distributions SET status = $2, error_code = $3, error_text = 'It waits. Look.', held_from = 'sending',
         held_reason = CASE WHEN $2 = 'held' THEN 'relay' END WHERE id = $1`,
      [sent.id, status, code],
    );
  const linksIn = (html: string): string[] => [
    ...new Set([...html.matchAll(/<a [^>]*href="(\/[^"]*)"/g)].map(([, href]) => href!.replaceAll('&#x3D;', '='))),
  ];
  const troubleOf = async ({ agent }: Person): Promise<string> =>
    /<div class="flash flash--[\s\S]*?<\/div>/.exec((await agent.get(url()).expect(200)).text)?.[0] ?? '';
  /** Those that its reader may not open, or that lead nowhere. */
  const shutFor = async ({ agent }: Person, links: readonly string[]): Promise<[string, number][]> => {
    const shut: [string, number][] = [];
    for (const link of links) {
      const { status } = await agent.get(link.split('#')[0]!).redirects(2);
      if (status !== 200) {
        shut.push([link, status]);
      }
    }
    return shut;
  };

  it.each(DOORS)('lead administrators to what can be done about %s, and nobody else there', async (code) => {
    for (const status of ['held', 'failed']) {
      await stand(status, code);
      const doors = linksIn(await troubleOf(boss));
      expect(doors).toHaveLength(1);
      expect(await shutFor(boss, doors)).toEqual([]);
      expect(linksIn(await troubleOf(ada))).toEqual([]);
    }
  });

  it.each(['draft', 'scheduled', 'sending', 'done', 'held', 'paused', 'cancelled', 'failed'])(
    'open for its author, also those of a recipient: %s',
    async (status) => {
      await stand(status, null);
      const [row] = await ledgerOf(world, sent);
      await run(
        `UPDATE messages SET state = 'skipped', reason = 'suppressed' WHERE distribution_id = $1 AND id <> $2`,
        [sent.id, row!.id],
      );
      const pages = await Promise.all(
        [url(), `${url()}/messages/${world.ids.show('MS', row!.id)}`].map((page) => ada.agent.get(page).expect(200)),
      );
      const links = [...new Set(pages.flatMap(({ text }) => linksIn(/<main[\s\S]*<\/main>/.exec(text)?.[0] ?? '')))];
      expect(links.length).toBeGreaterThan(5);
      expect(await shutFor(ada, links)).toEqual([]);
    },
  );
});
