import type { Browser, Page } from 'playwright-core';
import { addressOf, describeInBrowser, DESK, launchBrowser, openPage, signIn } from '../../browser.js';
import { type Person, startWorld, type World } from '../../world.js';
import { aContact, aList } from '../builders.js';

describeInBrowser('the form of a segment', () => {
  let world: World;
  let browser: Browser;
  let ada: Person;
  beforeAll(async () => {
    world = await startWorld();
    browser = await launchBrowser();
    ada = await world.aPerson(await world.aBrand(), { type: 'administrator' });
    await aContact(world, ada, { firstName: 'Grace', language: 'EN', embedded: { Since: '2026-05-01' } });
    await aContact(world, ada, { firstName: 'Jürgen', language: 'DE' }, (await aList(world, ada, 'VIPs')).id);
  });
  afterAll(async () => {
    await browser.close();
    await world.close();
  });

  const comparisons = (page: Page): Promise<string[]> =>
    page.locator('#condition_0').getByLabel('Comparison').locator('option').allTextContents();

  it('changes its comparisons and its input with the field, and the keyboard stays where it was', async () => {
    const { page, faults } = await openPage(browser, addressOf(world), DESK);
    await signIn(page, ada);
    await page.goto('/contacts/segments/new');
    const first = page.locator('#condition_0');
    await page.getByLabel('Name', { exact: true }).fill('Long here');
    await first.getByLabel('What').focus();
    await page.keyboard.type('came into');
    await first.getByLabel('How long').waitFor();
    expect(await comparisons(page)).toEqual(['in the last … days', 'not in the last … days']);
    expect(await focused(page)).toBe('field_field_0');
    await page.keyboard.press('Tab');
    expect(await focused(page)).toBe('field_operator_0');
    await page.keyboard.press('Tab');
    await page.keyboard.type('7');
    await page.getByRole('heading', { name: '2 contacts now' }).waitFor();
    await first.getByLabel('What').selectOption('contact list');
    await first.getByLabel('List', { exact: true }).selectOption('VIPs');
    await page.getByRole('heading', { name: '1 contact now' }).waitFor();
    await first.getByLabel('What').selectOption('embedded data …');
    await first.getByLabel('Its name').fill('Since');
    await first.getByLabel('Comparison').selectOption('is a date before');
    expect(await first.getByLabel('Date').getAttribute('type')).toBe('date');
    expect(await first.getByLabel('Its name').inputValue()).toBe('Since');
    await first.getByLabel('Date').fill('2027-01-01');
    await page.getByRole('link', { name: 'Grace' }).waitFor();
    await page.getByRole('button', { name: 'Create the segment' }).last().click();
    await page.getByText('Since is a date before “2027-01-01”').waitFor();
    expect(faults).toEqual([]);
    await page.context().close();
  });

  it('takes what is wrong with a comparison away as soon as another one is chosen', async () => {
    const { page, faults } = await openPage(browser, addressOf(world), DESK);
    await signIn(page, ada);
    await page.goto('/contacts/segments/new');
    const first = page.locator('#condition_0');
    await first.getByLabel('What').selectOption('language');
    await first.getByLabel('Value').waitFor();
    await page.evaluate(`document.querySelector('#field_operator_0').options[0].value = 'within'`);
    await page.getByRole('button', { name: 'Create the segment' }).last().click();
    await first.getByText('“in the last … days” does not go with “language”').waitFor();
    await first.getByLabel('Comparison').focus();
    await first.getByLabel('Comparison').selectOption('is not');
    await first.getByText('does not go with').waitFor({ state: 'detached' });
    await page.locator('#field_operator_0:focus').waitFor({ timeout: 10_000 });
    expect(await first.getByLabel('Comparison').inputValue()).toBe('is_not');
    expect(faults.filter((fault) => !fault.includes('422'))).toEqual([]);
    await page.context().close();
  });

  it('works without a script, and refuses what does not fit with all that was typed', async () => {
    const { page } = await openPage(browser, addressOf(world), { ...DESK, javaScriptEnabled: false });
    await signIn(page, ada);
    await page.goto('/contacts/segments/new');
    await page.getByLabel('Name', { exact: true }).fill('Germans');
    const first = page.locator('#condition_0');
    await first.getByLabel('What').selectOption('language');
    await first.getByRole('button', { name: 'Show its comparisons' }).click();
    await first.getByLabel('Value').fill('DE');
    await first.getByLabel('What').selectOption('got a mail');
    await page.getByRole('button', { name: 'Create the segment' }).last().click();
    await page.getByText('Condition 1: “is” does not go with “got a mail”').waitFor();
    expect(await first.getByLabel('Value').inputValue()).toBe('DE');
    await first.getByLabel('What').selectOption('language');
    await first.getByRole('button', { name: 'Show its comparisons' }).click();
    await page.getByRole('button', { name: 'Create the segment' }).last().click();
    await page.getByRole('heading', { name: 'Germans', level: 1 }).waitFor();
    await page.context().close();
  });
});

function focused(page: Page): Promise<string> {
  return page.evaluate('document.activeElement.id');
}
