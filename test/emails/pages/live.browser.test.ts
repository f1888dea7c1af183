import type { Browser, Page } from 'playwright-core';
import { LiveStreams } from '../../../src/live/live_streams.service.js';
import type { Survey } from '../../../src/surveys/survey.entity.js';
import { addressOf, describeInBrowser, launchBrowser, openPage, signIn } from '../../browser.js';
import { aSurvey } from '../../surveys/builders.js';
import { until } from '../../waiting.js';
import { type Person, startWorld, type World } from '../../world.js';
import { aDistribution, anAudience, workOff } from '../../distributions/builders.js';

describeInBrowser('the open page of a distribution', () => {
  let world: World;
  let browser: Browser;
  let ada: Person;
  let survey: Survey;
  let id: string;
  let page: Page;
  let faults: string[];
  let asked: string[];
  beforeAll(async () => {
    [world, browser] = await Promise.all([startWorld(), launchBrowser()]);
    world.app.get(LiveStreams).pulsesToTick = 1000;
  });
  beforeEach(async () => {
    await world.forget();
    ada = await world.aPerson(await world.aBrand());
    survey = await aSurvey(world, ada);
    const { listId } = await anAudience(world, ada, 3);
    ({ id } = await aDistribution(world, ada, survey, { listId, name: 'First wave' }));
    await world.jobs.settled();
    await workOff(world);
    await change(`UPDATE distributions SET status = 'sending', finished_at = NULL WHERE id = $1`);
    await change(
      `UPDATE messages SET state = 'queued', accepted_at = NULL, run_at = '2030-01-01T00:00Z' WHERE distribution_id = $1`,
    );
    ({ page, faults } = await openPage(browser, addressOf(world)));
    await signIn(page, ada);
    asked = [];
    page.on('requestfinished', (request) => asked.push(new URL(request.url()).pathname));
    await page.clock.install();
  });
  afterEach(() => page.context().close());
  afterAll(async () => {
    await browser.close();
    await world.close();
  });

  const url = (): string =>
    `/surveys/${world.ids.show('SV', survey.id)}/distributions/emails/${world.ids.show('EMD', id)}`;
  const looks = (): number => asked.filter((path) => path === `${url()}/now`).length;
  const change = (text: string, ...topics: string[]): Promise<number> =>
    world.database.inBrand(ada.actor.brandId, (unit) => {
      topics.forEach((topic) => unit.changed(topic));
      return unit.run(text, [id]);
    });

  it('shows what is sent and that it is over without asking on and on', async () => {
    await page.goto(url());
    await page.locator('.dispatch', { hasText: '0 of 3' }).waitFor();
    await until(() => looks() === 1);
    await page.clock.runFor(40_000);
    expect(looks()).toBe(1);
    await change(`UPDATE messages SET state = 'accepted' WHERE distribution_id = $1`, `distribution:${id}`);
    await page.locator('.dispatch', { hasText: '3 of 3' }).waitFor();
    await change(
      `UPDATE distributions SET status = 'done', finished_at = '2026-12-01T09:00Z' WHERE id = $1`,
      `distribution:${id}`,
    );
    await page.locator('.page-head .pill', { hasText: 'Sent' }).waitFor();
    expect(await page.locator('.dispatch progress').count()).toBe(0);
    expect(faults).toEqual([]);
  });

  it('asks by itself once its stream is cut, and follows again when streams get through', async () => {
    await page.goto(url());
    await until(() => looks() === 1);
    await page.route('**/live/**', (route) => route.abort());
    world.app.get(LiveStreams).beforeApplicationShutdown();
    await change(`UPDATE messages SET state = 'accepted' WHERE distribution_id = $1`);
    const isShown = (text: string) => async (): Promise<boolean> => {
      await page.clock.runFor(10_000);
      return page.locator('.dispatch', { hasText: text }).isVisible();
    };
    await until(isShown('3 of 3'));
    expect(await page.locator('.toasts').innerText()).toBe('');
    await page.unroute('**/live/**');
    await change(`UPDATE messages SET state = 'queued', accepted_at = NULL WHERE distribution_id = $1`);
    await until(isShown('0 of 3'));
  });
});
