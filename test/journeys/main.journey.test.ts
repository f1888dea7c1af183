import type { Browser, Page } from 'playwright-core';
import { describeInBrowser, launchBrowser, openPage, PHONE, signIn } from '../browser.js';
import { until } from '../waiting.js';
import { type Person, startWorld, type World } from '../world.js';

const HOME = 'http://canvass.test';
const GOOD_ROWS = 997;
/** A thousand mails take what they take on a busy machine. */

/** 1,000 people; three rows nobody could send a mail to. */
function people(): Buffer {
  const rows = Array.from({ length: GOOD_ROWS }, (_, n) => `person.${n}@example.org,Person,Number ${n},Team ${n % 7}`);
  rows.splice(10, 0, 'no-address-at-all,Grace,Hopper,Team 1');
  rows.splice(500, 0, 'two@at@example.org,Alan,Turing,Team 2');
  rows.splice(900, 0, ',Nobody,Known,Team 3');
  return Buffer.from(`Email,FirstName,LastName,Team\n${rows.join('\n')}\n`);
}

describeInBrowser('the main job, from the first click to the figures', () => {
  let world: World;
  let browser: Browser;
  let person: Person;
  let surveyPath: string;
  let desk: { page: Page; faults: string[] };
  let phone: { page: Page; faults: string[] };
  beforeAll(async () => {
    world = await startWorld({ BASE_URL: HOME, SWEEP_MS: '500' });
    browser = await launchBrowser(world);
    person = await world.aPerson(await world.aBrand('Acme Research'));
    desk = await openPage(browser, HOME);
    phone = await openPage(browser, HOME, PHONE);
  });
  afterAll(async () => {
    await browser.close();
    await world.close();
  });

  /** A figure of the open summary. */
  const figure = (label: string): Promise<string> =>
    desk.page
      .locator('#summary_tiles .stat', { has: desk.page.getByText(label, { exact: true }) })
      .locator('.stat__value')
      .innerText();

  it('signs in', async () => {
    await signIn(desk.page, person);
    expect(await desk.page.getByRole('heading', { level: 1 }).innerText()).toBe('Surveys');
  });

  it('imports a survey file and activates it', async () => {
    const { page } = desk;
    await page.getByRole('link', { name: 'Import a survey' }).first().click();
    await page.getByLabel('Survey file').setInputFiles('test/data/qsf/logic.qsf');
    await page.getByRole('button', { name: 'Read the file' }).click();
    await page.getByLabel('Name of the survey').fill('Staying with us');
    await page.getByRole('button', { name: 'Save survey' }).click();
    expect(await page.getByRole('heading', { level: 1 }).innerText()).toBe('Staying with us');
    await page.getByRole('button', { name: 'Activate' }).click();
    await page.getByText('Active', { exact: true }).waitFor();
    surveyPath = new URL(page.url()).pathname;
  });

  it('imports 1,000 contacts and names the three bad rows', async () => {
    const { page } = desk;
    await page.getByRole('link', { name: 'Contacts' }).click();
    await page.getByRole('link', { name: 'New list' }).first().click();
    await page.locator('main [name=name]').fill('Colleagues');
    await page.getByRole('button', { name: 'Create the list' }).click();
    await page.getByRole('link', { name: 'Import contacts' }).first().click();
    await page.getByLabel('CSV file').setInputFiles({ name: 'people.csv', mimeType: 'text/csv', buffer: people() });
    await page.getByRole('button', { name: 'Look at the columns' }).click();
    await page.getByRole('button', { name: 'Import into' }).click();
    const result = page.locator('section[id^=import_]');
    await result.locator('.stats').waitFor();
    const text = await result.innerText();
    expect(text).toMatch(/Created\s+997/);
    expect(text).toMatch(/12\s+Not imported\s+Email\s+no-address-at-all/);
    expect(text).toMatch(/502\s+Not imported\s+Email\s+two@at@example\.org/);
    expect(text).toMatch(/902\s+Not imported\s+has no e-mail address/);
  });

  it('sends everybody a mail with a link of their own', async () => {
    const { page } = desk;
    await page.goto(`${surveyPath}/distributions`);
    await page
      .getByRole('link', { name: /^E-mail/ })
      .last()
      .click();
    await page.getByLabel('Contact list').selectOption({ label: 'Colleagues (997 contacts)' });
    await page.getByLabel('From name').fill('People team');
    await page.getByLabel('From address').fill('people@canvass.test');
    await page.getByLabel('At once').check();
    await page.locator('#steps').getByRole('button', { name: 'Check' }).click();
    await page.getByText('997 people get the mail').waitFor();
    await page.getByRole('button', { name: 'Send to 997 people' }).click();
    await page.getByText('Sending to 997 people has begun.').waitFor();
    await page.getByRole('link', { name: 'Summary' }).click();
    await page.evaluate('window.stayed = true');
    await eventually(() => figure('Audience'), '997');
  });

  it('lets a person answer on a phone by the link in their mail', async () => {
    await signIn(phone.page, person);
    await phone.page.goto('/mailbox');
    await phone.page.locator('#mails a').first().click();
    const popup = phone.page.waitForEvent('popup');
    await phone.page.frameLocator('iframe').getByRole('link', { name: 'Take the survey' }).click();
    const survey = await popup;
    await survey.waitForLoadState();
    expect(new URL(survey.url()).pathname).toMatch(/^\/s\//);
    const thanks = await answered(survey);
    expect(thanks).toMatch(/thank|recorded/i);
  });

  it('sees the answer in the open summary without loading it again', async () => {
    const { page } = desk;
    expect(new URL(page.url()).pathname).toBe(`${surveyPath}/distributions`);
    await eventually(() => figure('Finished'), '1');
    expect(await figure('Started')).toBe('1');
    await eventually(() => page.locator('#summary_channels tfoot td').nth(2).innerText(), '1');
    expect(await page.evaluate('window.stayed')).toBe(true);
    expect([...desk.faults, ...phone.faults]).toEqual([]);
  });
});

/** Takes the first choice everywhere and goes on to the end. @returns what the last page says */
async function answered(page: Page): Promise<string> {
  const next = page.getByRole('button', { name: 'Next' });
  for (let pages = 0; pages < 20 && (await next.count()) > 0; pages += 1) {
    expect(await page.evaluate('document.documentElement.scrollWidth')).toBeLessThanOrEqual(PHONE.viewport.width);
    for (const group of await page.locator('fieldset:has(input[type=radio])').all()) {
      await group.locator('input[type=radio]').first().check();
    }
    await next.click();
  }
  return page.locator('main').innerText();
}

async function eventually(read: () => Promise<string>, wanted: string): Promise<void> {
  await until(async () => (await read()) === wanted, { everyMs: 100 });
}
