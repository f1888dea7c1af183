import type { Browser, Page } from 'playwright-core';
import type { Survey } from '../../../src/surveys/survey.entity.js';
import { addressOf, describeInBrowser, launchBrowser, openPage, signIn } from '../../browser.js';
import { aSurvey } from '../../surveys/builders.js';
import { type Person, startWorld, type World } from '../../world.js';

describeInBrowser('getting what a mail lacks while it is written', () => {
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
    ({ page, faults } = await openPage(browser, addressOf(world)));
    await signIn(page, ada);
    await page.goto(`/surveys/${world.ids.show('SV', survey.id)}/distributions/emails/new`);
    await page.getByLabel('Subject').fill('How was it?');
    await page.getByRole('button', { name: 'New list' }).click();
  });
  afterEach(() => page.context().close());
  afterAll(async () => {
    await browser.close();
    await world.close();
  });

  it('leaves the dialog open until everybody is somebody, and then the mail as it was, with them', async () => {
    const dialog = page.getByRole('dialog', { name: 'New list' });
    const people = dialog.getByRole('textbox', { name: 'People' });
    await people.fill('grace@navy.example\nnobody');
    await dialog.getByLabel('Name of the list').fill('Pioneers');
    await dialog.getByLabel('Name of the list').press('Enter');
    await dialog.getByText('Line 2 holds no e-mail address').waitFor();
    expect(await people.inputValue()).toBe('grace@navy.example\nnobody');
    await people.fill('grace@navy.example\nalan@bletchley.example');
    await dialog.getByRole('button', { name: 'Make the list' }).click();
    await page.getByText('“Pioneers” was made and is chosen').waitFor();
    expect(await dialog.isVisible()).toBe(false);
    expect(await page.getByLabel('Subject').inputValue()).toBe('How was it?');
    await page.locator('#steps').getByRole('button', { name: 'Check' }).click();
    await page.getByRole('button', { name: 'Send to 2 people' }).click();
    await page.getByText('Sending to 2 people has begun.').waitFor();
    // The browser tells of every refusal by itself.
    expect(faults.filter((fault) => !fault.includes('422'))).toEqual([]);
  });

  it('leads to the import of a file and back, without asking whether anything is lost', async () => {
    let asked = false;
    page.on('dialog', (dialog) => {
      asked = true;
      void dialog.accept();
    });
    await page.getByLabel('Name of the list').fill('Customers');
    await page.getByRole('button', { name: 'Import a file instead' }).click();
    await page.getByLabel('Or paste rows').fill('Email\ngrace@navy.example');
    await page.getByRole('button', { name: 'Look at the columns' }).click();
    await page.waitForURL(/imports\/IM_/);
    await page.getByRole('link', { name: 'Back to your mail' }).click();
    await page.locator('#field_list').getByText('Customers').first().waitFor({ state: 'attached' });
    expect(await page.locator('#field_list option:checked').textContent()).toBe('Customers (0 contacts)');
    expect(await page.getByLabel('Subject').inputValue()).toBe('How was it?');
    expect(await page.getByRole('link', { name: 'Back to your mail' }).count()).toBe(0);
    expect(asked).toBe(false);
    expect(faults).toEqual([]);
  });
});
