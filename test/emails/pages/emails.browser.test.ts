import type { Browser, FrameLocator, Page, Route } from 'playwright-core';
import { exampleDefinition } from '../../../src/engine/definition.js';
import type { Survey } from '../../../src/surveys/survey.entity.js';
import { addressOf, describeInBrowser, launchBrowser, openPage, signIn } from '../../browser.js';
import { aSurvey } from '../../surveys/builders.js';
import { until } from '../../waiting.js';
import { type Person, startWorld, type World } from '../../world.js';
import { aDistribution, anAudience, workOff } from '../../distributions/builders.js';

describeInBrowser('mails in a browser', () => {
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
    ada = await world.aPerson(await world.aBrand());
    survey = await aSurvey(world, ada);
    ({ page, faults } = await openPage(browser, addressOf(world)));
    await signIn(page, ada);
  });
  afterEach(() => page.context().close());
  afterAll(async () => {
    await browser.close();
    await world.close();
  });

  const list = (): string => `/surveys/${world.ids.show('SV', survey.id)}/distributions/emails`;
  const preview = (as = 'desktop'): FrameLocator => page.frameLocator(`[data-as="${as}"] iframe:not(.preview__next)`);

  it('are written with a menu for placeholders, checks that follow and a preview that follows', async () => {
    await anAudience(world, ada, [
      { firstName: 'Grace', email: 'grace@navy.example', embedded: { Team: 'Compilers' } },
    ]);
    await page.goto(`${list()}/new`);
    await page.getByLabel('Contact list').selectOption({ label: 'Employees (1 contact)' });
    await page.locator('#checks', { hasText: 'Shown as Grace Hopper reads it.' }).waitFor();
    await preview().getByText('Dear Grace,').waitFor();

    const subject = page.getByLabel('Subject');
    await subject.fill('Hello !');
    await subject.press('ArrowLeft');
    await page.locator('.compose__field', { has: subject }).getByText('Insert').click();
    await page.getByRole('button', { name: 'First name' }).first().click();
    expect(await subject.inputValue()).toBe('Hello ${m://FirstName}!');
    await page.locator('#checks', { hasText: 'Hello Grace!' }).waitFor();

    await page.locator('.editor__views').getByText('HTML').click();
    const body = page.locator('#field_body');
    await body.fill('<p>Only ${l://SurveyLink}</p>');
    await page.locator('#checks', { hasText: 'CVS02' }).waitFor();
    await body.press('End');
    await page.locator('.compose__field', { has: body }).locator('summary').click();
    await page.getByRole('button', { name: 'Opt-out link' }).click();
    await page.locator('.compose__field', { has: body }).locator('summary').click();
    await page.getByRole('button', { name: 'Team' }).click();
    await preview().getByText('Compilers').waitFor();
    await page.locator('#checks', { hasNotText: 'CVS02' }).waitFor();

    await page.getByText('Side by side').click();
    for (const as of ['desktop', 'phone', 'dark']) {
      await preview(as).getByText('Compilers').waitFor();
    }
    await preview('text').locator('pre', { hasText: 'Only Take the survey' }).waitFor();
    const inTheDark = preview('dark').locator('.mail');
    expect(await inTheDark.evaluate(backgroundOf)).toBe('rgb(22, 27, 36)');
    await page.getByLabel('At once').check();
    await page.locator('#steps').getByRole('button', { name: 'Check' }).click();
    await page.getByRole('button', { name: 'Send to 1 person' }).click();
    await page.getByText('Sending to 1 person has begun.').waitFor();
    expect(faults).toEqual([]);
  });

  it('change on the list without a reload, from sending to sent', async () => {
    const { listId } = await anAudience(world, ada, 3);
    const sent = await aDistribution(world, ada, survey, { listId, name: 'First wave' });
    await world.jobs.settled();
    await workOff(world);
    const change = (text: string): Promise<number> =>
      world.database.inBrand(ada.actor.brandId, (unit) => {
        unit.changed(`distributions:${survey.id}`);
        return unit.run(text, [sent.id]);
      });
    const soon = (ms: number): string => new Date(world.clock.ms() + ms).toISOString();
    await change(`UPDATE distributions SET status = 'sending', finished_at = NULL WHERE id = $1`);
    await change(
      `UPDATE messages SET state = 'queued', accepted_at = NULL, run_at = '${soon(30_000)}' WHERE distribution_id = $1`,
    );
    await page.goto(list());
    await page.locator('article', { hasText: '0 of 3' }).waitFor();
    await page.getByLabel('What to do with “First wave”').click();
    await page.getByRole('button', { name: 'Cancel' }).first().click();
    const numbers = page.locator('dialog[open]');
    await numbers.getByText('3 people get no mail.').waitFor();
    await change(`UPDATE messages SET state = 'accepted' WHERE distribution_id = $1`);
    await page.locator('article', { hasText: '3 of 3' }).waitFor();
    await numbers.getByText('3 mails have gone out already').waitFor();
    await page.keyboard.press('Escape');
    await change(`UPDATE distributions SET status = 'done', finished_at = '${soon(0)}' WHERE id = $1`);
    await page.locator('article .pill', { hasText: 'Sent' }).waitFor();
    expect(await page.locator('article progress').count()).toBe(0);
    expect(faults).toEqual([]);
  });

  it('go from a list to everybody on it in six clicks, with one of several surveys that was never activated', async () => {
    await world.forget();
    ada = await world.aPerson(await world.aBrand());
    const definition = exampleDefinition();
    definition.blocks['BL1']!.items.pop();
    await aSurvey(world, ada, { name: 'Exit interview', stage: 'new', definition });
    await aSurvey(world, ada);
    const { listId } = await anAudience(world, ada, 2);
    // An open page asks for news by itself, and would be told that nobody is signed in.
    await page.goto('about:blank');
    await page.context().clearCookies();
    await signIn(page, ada);
    await page.goto(`/contacts/lists/${world.ids.show('CG', listId)}`);
    const clicks = [
      page.getByRole('link', { name: 'Send a survey to this list' }),
      page.getByRole('link', { name: 'Exit interview' }),
      page.getByRole('link', { name: 'Next: When' }),
      page.getByRole('button', { name: 'Next: Check' }),
      page.getByRole('button', { name: 'Activate and check' }),
      page.getByRole('button', { name: 'Send to 2 people' }),
    ];
    for (const one of clicks) {
      if (one === clicks[4]) {
        // Opening it publishes its draft: what is wrong with that is said before.
        await page.locator('#open_first').getByText('No part of the flow asks this question.').waitFor();
      }
      await one.click();
    }
    await page.getByText('Sending to 2 people has begun.').waitFor();
    expect(clicks).toHaveLength(6);
    expect(faults).toEqual([]);
  });

  it('go from a list to sent in five clicks where one of several surveys has to be chosen', async () => {
    const { listId } = await anAudience(world, ada, [{ email: 'grace@navy.example' }]);
    await aSurvey(world, ada, { name: 'Exit interview' });
    await page.goto(`/contacts/lists/${world.ids.show('CG', listId)}`);
    await page.getByRole('link', { name: 'Send a survey to this list' }).click();
    await page.getByRole('link', { name: 'Exit interview' }).click();
    await page.getByRole('link', { name: 'Next: When' }).click();
    await page.getByRole('button', { name: 'Next: Check' }).click();
    await page.getByRole('button', { name: 'Send to 1 person' }).click();
    await page.getByText('Sending to 1 person has begun.').waitFor();
    expect(faults).toEqual([]);
  });

  it('are kept by a button alone once it is pressed, whatever was still to be kept by itself', async () => {
    const { listId } = await anAudience(world, ada, 2);
    await page.clock.install();
    await page.goto(`${list()}/new?to=${world.ids.show('CG', listId)}`);
    const subject = page.getByLabel('Subject');
    await subject.fill('How was it?');
    await page.locator('#autosaved [data-kept]').waitFor();
    // One is under way and one waits for it when the button is pressed; the page stays until the first has ended.
    const begun: Route[] = [];
    await page.route('**/autosave', (route) => void begun.push(route));
    await subject.fill('How was it really?');
    await page.clock.fastForward(5_000);
    await until(() => begun.length === 1);
    await subject.fill('How was it in the end?');
    await page.clock.fastForward(5_000);
    const ended = new Promise((resolve) => {
      page.on('requestfinished', (request) => request.url().endsWith('/autosave') && resolve(request));
      page.on('requestfailed', (request) => request.url().endsWith('/autosave') && resolve(request));
    });
    await page.route(/\/emails$/, async (route) => {
      const answer = await route.fetch({ maxRedirects: 0 });
      await begun[0]!.continue().catch(() => undefined);
      await ended;
      await route.fulfill({ response: answer });
    });
    await page.locator('#compose_bar').getByRole('button', { name: 'Save draft' }).click();
    await page.getByText('The draft is saved.').waitFor();
    expect(await subject.inputValue()).toBe('How was it in the end?');
    expect(begun).toHaveLength(1);
    expect(faults.filter((fault) => fault.includes('the server responded'))).toEqual([]);
  });

  it('ask before a draft is lost', async () => {
    await page.goto(`${list()}/new`);
    await page.getByLabel('Subject').fill('Something');
    let asked = false;
    page.on('dialog', (dialog) => {
      asked = dialog.type() === 'beforeunload';
      void dialog.accept();
    });
    await page.getByRole('link', { name: 'Cancel' }).click();
    await page.waitForURL((url) => url.pathname.endsWith('/emails'));
    expect(asked).toBe(true);
  });
});

/** Runs in the page, which has its own types. */
function backgroundOf(element: unknown): string {
  const { getComputedStyle } = globalThis as unknown as {
    getComputedStyle(of: unknown): { backgroundColor: string };
  };
  return getComputedStyle(element).backgroundColor;
}
