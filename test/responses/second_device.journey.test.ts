import { readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import type { Browser, BrowserContextOptions, Page } from 'playwright-core';
import { addressOf, describeInBrowser, DESK, launchBrowser, openPage, PHONE, signIn } from '../browser.js';
import { aLink } from '../links/builders.js';
import { aSurvey } from '../surveys/builders.js';
import { type Person, startWorld, type World } from '../world.js';
import { fourPages } from './four_pages.js';
import { codeOf } from './proof_mails.js';

const AXE = readFileSync(createRequire(import.meta.url).resolve('axe-core/axe.min.js'), 'utf8');
const SECRET = 'Nobody listens';

describeInBrowser('a survey that was begun at the desk and goes on on a phone', () => {
  let world: World;
  let ada: Person;
  let browser: Browser;
  let mails = 0;
  beforeAll(async () => {
    world = await startWorld();
    ada = await world.aPerson(await world.aBrand('Acme'));
    browser = await launchBrowser();
  });
  afterAll(async () => {
    await browser.close();
    await world.close();
  });

  const problemsOf = async (page: Page): Promise<string[]> => {
    await page.evaluate(AXE);
    return page.evaluate(
      `axe.run().then(({ violations }) => violations.map(({ id, nodes }) => id + ': ' + nodes[0].html.slice(0, 100)))`,
    );
  };
  const overflowOf = (page: Page): Promise<number> =>
    page.evaluate('document.documentElement.scrollWidth - document.documentElement.clientWidth');
  const looked = async (page: Page, { javaScriptEnabled = true }: BrowserContextOptions): Promise<void> => {
    // Axe is a script, too.
    expect(javaScriptEnabled ? await problemsOf(page) : []).toEqual([]);
    expect(await overflowOf(page)).toBe(0);
    await shot(page);
  };
  const folder = process.env['SHOTS'];
  let shots = 0;
  const shot = async (page: Page): Promise<void> => {
    if (folder !== undefined) await page.screenshot({ path: `${folder}/${(shots += 1)}.png`, fullPage: true });
  };

  it.each([
    ['in the dark', 'en', { ...PHONE, colorScheme: 'dark' }],
    ['without scripts', 'ja', { ...PHONE, javaScriptEnabled: false }],
    ['from right to left', 'ar', PHONE],
    ['at another desk', 'de', DESK],
  ] as [string, string, BrowserContextOptions][])(
    'shows earlier answers after a code from the mail (%s)',
    async (_, language, options) => {
      const survey = await aSurvey(world, ada, { definition: fourPages() });
      const contact = { firstName: 'Grace', email: `grace.${language}@navy.example`, language };
      const { path } = await aLink(world, survey, { contact });
      const desk = await openPage(browser, addressOf(world), DESK);
      await desk.page.goto(path);
      await desk.page.getByRole('textbox').fill(SECRET);
      await desk.page.locator('button[value=next]').click();
      await desk.page.getByText('Question QID2').waitFor();

      const { page } = await openPage(browser, addressOf(world), options);
      await page.goto(path);
      await page.getByText('Question QID2').waitFor();
      expect(await page.locator('button[value=back]').count()).toBe(0);
      await looked(page, options);
      await page.locator('.elsewhere button').press('Enter');
      await page.locator('#code').waitFor();
      await looked(page, options);
      const { code } = await codeOf(world, survey.brandId, (mails += 1));
      await page.locator('#code').fill('1234 5678');
      await page.locator('#code').press('Enter');
      await page.getByRole('alert').waitFor();
      await looked(page, options);
      await page.locator('#code').fill(code);
      await page.locator('#code').press('Enter');
      await page.getByText('Question QID2').waitFor();
      await looked(page, options);
      await page.locator('button[value=back]').click();
      expect(await page.getByRole('textbox').inputValue()).toBe(SECRET);
      await Promise.all([page.context().close(), desk.page.context().close()]);
    },
  );

  it('is an option that its owner reads on a phone', async () => {
    const survey = await aSurvey(world, ada, { definition: fourPages() });
    const { page } = await openPage(browser, addressOf(world), PHONE);
    await signIn(page, ada);
    await page.goto(`/surveys/${world.ids.show('SV', survey.id)}/options`);
    await page.getByRole('button', { name: 'Show earlier answers to whoever has the link' }).waitFor();
    expect(await overflowOf(page)).toBe(0);
    await page.context().close();
  });
});
