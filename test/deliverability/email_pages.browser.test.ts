import type { Browser } from 'playwright-core';
import { addressOf, DESK, describeInBrowser, launchBrowser, openPage, PHONE, signIn } from '../browser.js';
import { aSurvey } from '../surveys/builders.js';
import { type Person, startWorld, type World } from '../world.js';
import { aDistribution, anAudience, ledgerOf, workOff } from '../distributions/builders.js';
import { comeBack, corpusMail } from './returning.js';

describeInBrowser('the pages about what comes back, in a browser', () => {
  let world: World;
  let ada: Person;
  let browser: Browser;
  let messagePath: string;
  beforeAll(async () => {
    browser = await launchBrowser();
    world = await startWorld({ BOUNCE_PORT: '0', MAIL_DOMAIN: 'acme.example' });
    ada = await world.aPerson(await world.aBrand(), { type: 'administrator' });
    const survey = await aSurvey(world, ada);
    const { listId } = await anAudience(world, ada, 30);
    const distribution = await aDistribution(world, ada, survey, { listId });
    await workOff(world);
    const ids = (await ledgerOf(world, distribution)).map(({ id }) => id);
    const names = [
      'm365-recipient-not-found',
      'reply-plain',
      'arf-abuse',
      'auto-german',
      'postfix-delayed',
      'postfix-mailbox-full',
    ];
    for (const [place, name] of names.entries()) {
      await comeBack(world, ids[place]!, corpusMail(name), {
        sender: name === 'reply-plain' ? 'grace@navy.example' : '',
      });
    }
    await ada.agent.post('/brand/email/warm-ups').type('form').send({ domain: 'acme.example', turn: 'on' });
    messagePath = `/surveys/${world.ids.show('SV', survey.id)}/distributions/emails/${world.ids.show('EMD', distribution.id)}/messages/${world.ids.show('MS', ids[0]!)}`;
  });
  afterAll(async () => {
    await browser.close();
    await world.close();
  });

  it.each([
    ['a desk', DESK],
    ['a phone', PHONE],
  ])('fit on %s and make no faults', async (_name, options) => {
    const { page, faults } = await openPage(browser, addressOf(world), options);
    await signIn(page, ada);
    for (const path of ['deliverability', 'suppressions', 'returned', 'warm-ups', messagePath]) {
      await page.goto(path.startsWith('/') ? path : `/brand/email/${path}`);
      const wide = await page.locator('body').evaluate((body) => body.scrollWidth - body.clientWidth);
      expect([path, wide <= 0]).toEqual([path, true]);
      await page.screenshot({
        fullPage: true,
      });
    }
    expect(faults).toEqual([]);
    await page.context().close();
  });

  it('releases an address after asking', async () => {
    const { page, faults } = await openPage(browser, addressOf(world));
    await signIn(page, ada);
    await page.goto('/brand/email/suppressions?q=person.1%40example.com');
    await page.getByRole('button', { name: 'Release' }).click();
    await page.getByRole('dialog').getByRole('button', { name: 'Release' }).click();
    await page.getByText('Mails may go to this address again.').first().waitFor();
    await page.goto('/brand/email/suppressions?q=person.1%40example.com');
    await page.getByText('This address is not suppressed').waitFor();
    expect(faults).toEqual([]);
    await page.context().close();
  });
});
