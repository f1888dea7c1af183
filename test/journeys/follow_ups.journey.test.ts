import type { Browser, Page } from 'playwright-core';
import type { Distribution } from '../../src/ledger/distribution.entity.js';
import { FollowUpsService } from '../../src/distributions/follow_ups/follow_ups.service.js';
import type { Survey } from '../../src/surveys/survey.entity.js';
import { describeInBrowser, launchBrowser, openPage, PHONE, signIn } from '../browser.js';
import { aDistribution, anAudience, ledgerOf, nowOf, workOff } from '../distributions/builders.js';
import { aSurvey } from '../surveys/builders.js';
import { type Person, startWorld, type World } from '../world.js';

const HOME = 'http://canvass.test';

describeInBrowser('an invitation, its reminder and its thank-you', () => {
  let world: World;
  let browser: Browser;
  let ada: Person;
  let survey: Survey;
  let invitation: Distribution;
  let desk: { page: Page; faults: string[] };
  beforeAll(async () => {
    world = await startWorld({ BASE_URL: HOME });
    browser = await launchBrowser(world);
    ada = await world.aPerson(await world.aBrand('Acme Research'));
    survey = await aSurvey(world, ada);
    const { listId } = await anAudience(world, ada, [
      { firstName: 'Grace', email: 'grace@example.org' },
      { firstName: 'Alan', email: 'alan@example.org' },
    ]);
    invitation = await aDistribution(world, ada, survey, { listId, fromEmail: 'people@canvass.test' });
    await workOff(world);
    desk = await openPage(browser, HOME);
    await signIn(desk.page, ada);
  });
  afterAll(async () => {
    await browser.close();
    await world.close();
  });

  const emails = (): string => `/surveys/${world.ids.show('SV', survey.id)}/distributions/emails`;
  const below = (): string => `${emails()}/${world.ids.show('EMD', invitation.id)}`;
  const followUp = async (kind: string): Promise<Distribution> => {
    const found = await world.app.get(FollowUpsService).of(ada.actor, [invitation.id]);
    return found.get(invitation.id)!.find(({ distribution }) => distribution.requestType === kind)!.distribution;
  };

  it('has its author write thanks that go at once, and a reminder that waits', async () => {
    const { page } = desk;
    await page.goto(`${below()}/thank-yous/new`);
    await page.getByText('Goes to whoever has finished the survey').waitFor();
    expect(await page.getByLabel('At once, to each person').isChecked()).toBe(true);
    await page.locator('#steps').getByRole('button', { name: 'Check' }).click();
    await page.getByRole('button', { name: /^Schedule/ }).click();
    await page.getByText('It waits:').waitFor();
    await page.goto(`${below()}/reminders/new`);
    await page.getByRole('textbox', { name: 'Days' }).fill('2');
    await page.locator('[name=followOwnPlan]').check();
    await page.locator('[name=hasHours]').check();
    await page.locator('[name=followOwnPlan]').uncheck();
    await page.locator('#steps').getByRole('button', { name: 'Check' }).click();
    await page.getByRole('button', { name: /^(Schedule|Send)/ }).click();
    await page.locator('.flash').first().waitFor();
    expect(await followUp('Reminder')).toMatchObject({ status: 'scheduled', afterHours: 48 });
    await page.goto(emails());
    expect(await page.locator('article article, .dispatches__below article').count()).toBe(2);
    expect(desk.faults).toEqual([]);
  });

  it('thanks a person who finishes, and does not remind them', async () => {
    const [grace] = await ledgerOf(world, invitation);
    const phone = await openPage(browser, HOME, PHONE);
    await phone.page.goto(`/s/${world.ids.token('link', grace!.linkId!)}`);
    const next = phone.page.getByRole('button', { name: 'Next' });
    for (let pages = 0; pages < 20 && (await next.count()) > 0; pages += 1) {
      for (const group of await phone.page.locator('fieldset:has(input[type=radio])').all()) {
        await group.locator('input[type=radio]').first().check();
      }
      await next.click();
    }
    await phone.page.context().close();
    await workOff(world);
    await workOff(world);
    const thanks = await ledgerOf(world, await followUp('ThankYou'));
    expect(thanks.map(({ address, state }) => [address, state])).toEqual([['grace@example.org', 'accepted']]);
    const reminder = await followUp('Reminder');
    const { nextRoundAt } = await nowOf(world, ada, reminder);
    world.clock.set(new Date(nextRoundAt!.getTime() + 60_000));
    await workOff(world);
    await workOff(world);
    const rows = await ledgerOf(world, reminder);
    expect(rows.map(({ address, state, reason }) => [address, reason ?? state])).toEqual([
      ['grace@example.org', 'finished'],
      ['alan@example.org', 'accepted'],
    ]);
  });

  it('shows times in the zone of the computer that signs in first, and offers that of another one', async () => {
    const grace = await world.aPerson(await world.aBrand('Globex'), { firstName: 'Grace' });
    const paris = await openPage(browser, HOME, { timezoneId: 'Europe/Paris' });
    await signIn(paris.page, grace);
    await paris.page.locator('.flash').getByText('Times are shown to you in Europe/Paris.').waitFor();
    expect(await paris.page.locator('#zone_offer').isVisible()).toBe(false);
    const tokyo = await openPage(browser, HOME, { timezoneId: 'Asia/Tokyo' });
    await signIn(tokyo.page, grace);
    const offer = tokyo.page.locator('#zone_offer');
    await offer.getByText('Your computer is on the clock of Asia/Tokyo').waitFor();
    await offer.getByRole('button', { name: 'Keep Europe/Paris' }).click();
    await tokyo.page.reload();
    expect(await offer.isVisible()).toBe(false);
    expect([...paris.faults, ...tokyo.faults]).toEqual([]);
  });

  it('shows the mails in the development mailbox', async () => {
    const page = (await openPage(browser, HOME)).page;
    await signIn(page, ada);
    await page.goto('/mailbox');
    const mails = await page.locator('#mails').innerText();
    expect(mails).toContain('thank you');
    expect(mails.match(/Reminder:/g)).toHaveLength(1);
  });
});
