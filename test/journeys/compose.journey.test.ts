import { readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import type { Browser, Page } from 'playwright-core';
import type { Survey } from '../../src/surveys/survey.entity.js';
import { describeInBrowser, DESK, launchBrowser, openPage, PHONE, signIn, typedByHand } from '../browser.js';
import { anAudience } from '../distributions/builders.js';
import { aSurvey } from '../surveys/builders.js';
import { type Person, startWorld, type World } from '../world.js';

const HOME = 'http://canvass.test';
const AXE = readFileSync(createRequire(import.meta.url).resolve('axe-core/axe.min.js'), 'utf8');

describeInBrowser('a mail from the first word to its history', () => {
  let world: World;
  let browser: Browser;
  let ada: Person;
  let survey: Survey;
  let page: Page;
  let faults: string[];
  beforeAll(async () => {
    world = await startWorld({ BASE_URL: HOME, SWEEP_MS: '500' });
    browser = await launchBrowser(world);
    ada = await world.aPerson(await world.aBrand('Acme Research'));
    survey = await aSurvey(world, ada);
    await anAudience(world, ada, [
      { firstName: 'Grace', email: 'grace@navy.example', embedded: { Team: 'Compilers' } },
      { firstName: 'Alan', email: 'alan@bletchley.example' },
    ]);
    ({ page, faults } = await openPage(browser, HOME, DESK));
    await signIn(page, ada);
  });
  afterAll(async () => {
    await browser.close();
    await world.close();
  });

  const list = (): string => `/surveys/${world.ids.show('SV', survey.id)}/distributions/emails`;
  const body = (): Promise<string> => page.locator('#field_body').inputValue();

  it('is written in the library once', async () => {
    await page.goto('/library');
    await page.getByRole('link', { name: 'New message' }).first().click();
    await page.getByLabel('Name', { exact: true }).fill('Warm invitation');
    await page.getByLabel('Subject').first().fill('${m://FirstName}, how was it?');
    await page.locator('trix-editor').first().click();
    await typedByHand(
      page,
      'Hello ${m://FirstName}, a question: ${l://SurveyLink?d=Answer now} ${l://OptOutLink?d=No more}',
    );
    expect(await problemsOf(page)).toEqual([]);
    await page.getByRole('button', { name: 'Save message' }).click();
    await page.getByText('The message is saved.').waitFor();
    expect(await problemsOf(page)).toEqual([]);
  });

  it('is loaded, changed in rich text with a placeholder, and seen as its readers see it', async () => {
    await page.goto(`${list()}/new`);
    await page.getByLabel('Contact list').selectOption({ label: 'Employees (2 contacts)' });
    await page.getByRole('button', { name: 'Load from library' }).click();
    await page.locator('#library_load').getByRole('radio').first().check();
    await page.locator('#library_load').getByRole('button', { name: 'Load', exact: true }).click();
    await page.getByText('The message is loaded.').waitFor();
    expect(await body()).toContain('a question:');
    await page.locator('trix-editor').click();
    await page.keyboard.press('Control+End');
    await page.locator('[data-editor] .compose__insert summary').first().click();
    await page.locator('[data-insert="#field_body"]', { hasText: 'First question as buttons' }).click();
    await page.getByText('Side by side').click();
    for (const as of ['desktop', 'phone', 'dark']) {
      await page.frameLocator(`[data-as="${as}"] iframe:not(.preview__next)`).getByText('Mixed').waitFor();
    }
    await page.getByLabel('As read by').selectOption({ label: 'Alan Hopper' });
    await page.frameLocator('[data-as="desktop"] iframe:not(.preview__next)').getByText('Hello Alan').waitFor();
    expect(await problemsOf(page)).toEqual([]);
    expect(await overflowOf(page)).toBe(0);
  });

  it('is tried out, reviewed and sent', async () => {
    await page.getByLabel('At once').check();
    await page.getByRole('button', { name: 'Send test' }).click();
    await page.getByLabel('Addresses').fill('ada@acme.example, grace@acme.example');
    await page.locator('#test').getByRole('button', { name: 'Send test' }).click();
    await page.getByText('The test for grace@acme.example was accepted').waitFor();
    await page.locator('#steps').getByRole('button', { name: 'Check' }).click();
    await page.getByText('2 people get the mail').waitFor();
    await page.getByRole('button', { name: 'Send to 2 people' }).click();
    await page.getByText('Sending to 2 people has begun.').waitFor();
  });

  it('is followed live, on a desk and on a phone, to the words of the server', async () => {
    await page.goto(list());
    const block = page.locator('article', { hasText: 'how was it?' });
    await block.locator('.pill', { hasText: 'Sent' }).waitFor();
    await block.getByRole('link', { name: '2', exact: true }).first().waitFor();
    expect(await problemsOf(page)).toEqual([]);
    await block.getByLabel(/What to do with/).click();
    await block.getByRole('link', { name: 'Schedule reminder' }).waitFor();
    const [history] = await Promise.all([
      page.waitForEvent('download'),
      block.getByRole('link', { name: 'Download history' }).click(),
    ]);
    expect(readFileSync(await history.path(), 'utf8')).toMatch(/^\uFEFFResponseID,LastName,[\s\S]+,Team\r\n/);
    await page.getByRole('link', { name: 'how was it?' }).first().click();
    await page.getByRole('link', { name: 'Grace Hopper' }).click();
    await page.getByText('Try 1: accepted').waitFor();
    expect(await problemsOf(page)).toEqual([]);
    const phone = await openPage(browser, HOME, PHONE);
    await signIn(phone.page, ada);
    for (const path of [list(), `${list()}/new`, '/library', '/library/new']) {
      await phone.page.goto(path);
      expect({ path, problems: await problemsOf(phone.page), over: await overflowOf(phone.page) }).toEqual({
        path,
        problems: [],
        over: 0,
      });
    }
    expect([...faults, ...phone.faults]).toEqual([]);
  });
});

async function problemsOf(page: Page): Promise<string[]> {
  await page.evaluate(AXE);
  const found = await page.evaluate('axe.run({ iframes: false })');
  return (found as { violations: { id: string; nodes: { html: string }[] }[] }).violations.map(
    ({ id, nodes }) => `${id}: ${nodes.map(({ html }) => html.slice(0, 160)).join(' | ')}`,
  );
}

/** Pixels that stick out to the side. */
function overflowOf(page: Page): Promise<number> {
  return page.evaluate(
    'document.documentElement.scrollWidth - document.documentElement.clientWidth',
  ) as Promise<number>;
}
