import type { Browser, Page } from 'playwright-core';
import type { Survey } from '../../src/surveys/survey.entity.js';
import { addressOf, describeInBrowser, launchBrowser, openPage, PHONE, signIn } from '../browser.js';
import { aSurvey } from '../surveys/builders.js';
import { type Person, startWorld, type World } from '../world.js';
import { anAudience, workOff } from '../distributions/builders.js';

describeInBrowser('limits and times in a browser', () => {
  let world: World;
  let browser: Browser;
  let ada: Person;
  let survey: Survey;
  let page: Page;
  let faults: string[];
  beforeAll(async () => {
    [world, browser] = await Promise.all([startWorld(), launchBrowser()]);
  });
  beforeEach(async () => {
    await world.forget();
    ada = await world.aPerson(await world.aBrand(), { type: 'administrator' });
    survey = await aSurvey(world, ada);
    await anAudience(world, ada, 5);
  });
  afterEach(() => page.context().close());
  afterAll(async () => {
    await browser.close();
    await world.close();
  });

  const open = async (options?: typeof PHONE): Promise<void> => {
    ({ page, faults } = await openPage(browser, addressOf(world), options));
    await signIn(page, ada);
    await page.goto(`/surveys/${world.ids.show('SV', survey.id)}/distributions/emails/new`);
    await page.getByLabel('Contact list').selectOption({ label: 'Employees (5 contacts)' });
  };
  const inBrand = (statement: string): Promise<unknown> =>
    world.database.inBrand(ada.actor.brandId, (unit) => unit.run(statement));

  it('refuse what does not fit, send a part, and send the rest when an administrator raises the limit', async () => {
    await inBrand('UPDATE users SET weekly_email_limit = 2');
    await open();
    await page.getByLabel('At once').check();
    await page.locator('#steps').getByRole('button', { name: 'Check' }).click();
    await page.getByText('0 of them are used and 5 are needed').waitFor();
    await page.getByRole('button', { name: 'Send 2 now, the rest when free' }).click();
    await page.getByText('Sending to 2 people has begun; 3 wait for the weekly limit.').waitFor();
    await workOff(world);
    await page.getByText('The weekly limit has no room for this now.').waitFor();
    const mail = page.url();
    await page.goto(`/people/${world.ids.show('UR', ada.user.id)}`);
    await page.getByLabel('E-mails in any seven days').fill('100');
    await page.getByRole('button', { name: 'Save' }).first().click();
    await page.waitForLoadState();
    await page.goto(mail);
    await workOff(world);
    await page.locator('.pill', { hasText: 'Sent' }).first().waitFor();
    expect(faults).toEqual([]);
  });

  it('show hours, pace and waves only to who wants them, also on a phone', async () => {
    await open(PHONE);
    await page.getByText('Hours, pace, waves').click();
    expect(await page.getByLabel('Monday').isVisible()).toBe(false);
    await page.getByLabel('Send at certain hours only').check();
    await page.getByLabel('Monday').waitFor({ state: 'visible' });
    const pace = page.getByRole('group', { name: 'When' }).getByLabel('How many', { exact: true });
    expect(await pace.isVisible()).toBe(false);
    await page.getByLabel('Pace').selectOption('span');
    await pace.fill('4');
    await page.getByLabel('Send in waves').check();
    await page.getByLabel('Waves', { exact: true }).fill('2');
    expect(await page.evaluate('document.documentElement.scrollWidth <= innerWidth')).toBe(true);
    await page.locator('#steps').getByRole('button', { name: 'Check' }).click();
    await page.getByText('spread over 4 hours').waitFor();
    await page.getByText('2 waves, every 24 hours').waitFor();
    expect(await page.evaluate('document.documentElement.scrollWidth <= innerWidth')).toBe(true);
    expect(faults).toEqual([]);
  });

  it('show numbers of a long list as soon as they are counted', async () => {
    await inBrand('UPDATE contact_lists SET contact_count = 1000000');
    ({ page, faults } = await openPage(browser, addressOf(world)));
    await signIn(page, ada);
    await page.goto(`/surveys/${world.ids.show('SV', survey.id)}/distributions/emails/new`);
    await page.getByLabel('Contact list').selectOption({ label: 'Employees (1,000,000 contacts)' });
    await page.getByLabel('At once').check();
    await page.locator('#steps').getByRole('button', { name: 'Check' }).click();
    await page.getByText('5 people get the mail').waitFor();
    await page.getByRole('button', { name: 'Send to 5 people' }).waitFor();
    expect(faults).toEqual([]);
  });
});
