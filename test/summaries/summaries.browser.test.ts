import type { Browser, Page } from 'playwright-core';
import { LiveStreams } from '../../src/live/live_streams.service.js';
import type { Survey } from '../../src/surveys/survey.entity.js';
import { addressOf, describeInBrowser, launchBrowser, openPage, signIn } from '../browser.js';
import { aSurvey } from '../surveys/builders.js';
import { type Person, startWorld, type World } from '../world.js';
import { aResponse } from './builders.js';

describeInBrowser('the open summary page', () => {
  let world: World;
  let browser: Browser;
  let person: Person;
  let survey: Survey;
  let page: Page;
  let faults: string[];
  beforeAll(async () => {
    [world, browser] = await Promise.all([startWorld(), launchBrowser()]);
  });
  beforeEach(async () => {
    await world.forget();
    person = await world.aPerson(await world.aBrand());
    survey = await aSurvey(world, person);
    await aResponse(world, survey);
    ({ page, faults } = await openPage(browser, addressOf(world)));
    await signIn(page, person);
  });
  afterEach(() => page.context().close());
  afterAll(async () => {
    await browser.close();
    await world.close();
  });

  const url = (): string => `/surveys/${world.ids.show('SV', survey.id)}/distributions`;
  const started = (): Promise<string> => page.locator('#summary_tiles .stat__value').nth(1).innerText();
  const becomes = async (count: string): Promise<void> => {
    await page.locator('#summary_tiles .stat:nth-child(2) .stat__value', { hasText: count }).waitFor();
  };
  const answer = async (): Promise<void> => {
    await aResponse(world, survey);
    await world.database.inBrand(survey.brandId, async (unit) => unit.changed(`survey:${survey.id}`));
  };

  it('changes by itself after a response, and leaves an open table open', async () => {
    await page.goto(url());
    await page.getByText('The same as a table').click();
    await answer();
    await becomes('2');
    expect(await page.locator('#summary_days').isVisible()).toBe(true);
    expect(await page.locator('#summary_channels tfoot').innerText()).toContain('2');
    expect(faults).toEqual([]);
  });

  it('asks every ten seconds where events do not get through', async () => {
    await page.clock.install();
    await page.route('**/live/**', (route) => route.abort());
    await page.goto(url());
    expect(await started()).toBe('1');
    await answer();
    await page.clock.runFor(10_000);
    await becomes('2');
    expect(await page.locator('.toasts').innerText()).toBe('');
  });

  it('follows again after the stream has ended', async () => {
    await page.clock.install();
    await page.goto(url());
    await page.clock.runFor(500);
    world.app.get(LiveStreams).beforeApplicationShutdown();
    await answer();
    await page.clock.runFor(10_000);
    await becomes('2');
  });
});
