import { dkimVerify } from 'mailauth/lib/dkim/verify.js';
import type { Browser, Page } from 'playwright-core';
import { Names } from '../../../src/platform/net/names.js';
import type { Survey } from '../../../src/surveys/survey.entity.js';
import { addressOf, describeInBrowser, launchBrowser, openPage, PHONE, signIn } from '../../browser.js';
import { aDistribution, anAudience, workOff } from '../../distributions/builders.js';
import { DnsServer } from '../../platform/dns_server.js';
import { aSurvey } from '../../surveys/builders.js';
import { until } from '../../waiting.js';
import { type Person, startWorld, type World } from '../../world.js';
import { Sink } from '../sink.js';
import { ownZone, settings } from './builders.js';

describeInBrowser('setting a From domain up', () => {
  let dns: DnsServer;
  let sink: Sink;
  let world: World;
  let browser: Browser;
  let ada: Person;
  let survey: Survey;
  let page: Page;
  let faults: string[];

  beforeAll(async () => {
    dns = await DnsServer.start(ownZone());
    sink = await new Sink().listen();
    const environment = { ...settings(dns), SMTP_URL: `smtp://127.0.0.1:${sink.port}?tls=off` };
    world = await startWorld({ ...environment, BASE_URL: 'http://localhost' });
    browser = await launchBrowser();
    ada = await world.aPerson(await world.aBrand(), { type: 'administrator', hearsByMail: true });
    survey = await aSurvey(world, ada);
    ({ page, faults } = await openPage(browser, addressOf(world)));
  });
  afterAll(async () => {
    await browser.close();
    await world.close();
    await sink.close();
    await dns.close();
  });

  const waitForStatus = (text: string): Promise<void> =>
    page.locator('[id^=domain_] > .row .pill', { hasText: text }).waitFor();

  /** As somebody does who carries the values from the page to the DNS, each by its copy field. */
  async function publish(): Promise<void> {
    const records = await page.locator('.dns-record').all();
    for (const record of records) {
      const type = await record.locator('strong').first().innerText();
      const [host, value] = [
        await record.getByLabel('Host').inputValue(),
        await record.getByLabel('Value').inputValue(),
      ];
      const [preference, exchange] = value.split(' ');
      const old = published[host] ?? {};
      published[host] = type === 'MX' ? { ...old, MX: [[Number(preference), exchange!]] } : { ...old, TXT: [value] };
    }
    dns.set(published);
  }
  const published: Record<string, { MX?: [number, string][]; TXT?: string[] }> = {};

  async function check(): Promise<void> {
    world.clock.forward(61_000);
    await page.getByRole('button', { name: 'Check now' }).click();
  }

  const send = async (listId: string) =>
    aDistribution(world, ada, survey, { listId, fromEmail: 'people@acme.example' });

  it('begins under Brand, and is not ready before its records are there', async () => {
    await signIn(page, ada);
    await page.getByRole('link', { name: 'Brand', exact: true }).click();
    await page.getByRole('link', { name: 'E-mail', exact: true }).click();
    await page.getByText('Write from your own domain').waitFor();
    await page.getByRole('link', { name: 'Add a domain' }).click();
    await page.getByLabel('Domain', { exact: true }).fill('acme.example');
    await page.getByText('Signing keys and bounces').click();
    expect(await page.getByLabel('Selector').inputValue()).toBe('canvass1');
    await page.getByRole('button', { name: 'Add the domain' }).click();
    await page.getByText('There is no key at canvass1._domainkey.acme.example.').waitFor();
    await waitForStatus('Waiting for records');
    const { listId } = await anAudience(world, ada, 2);
    await expect(send(listId)).rejects.toMatchObject({ code: 'CVS03' });
    expect(sink.caught).toEqual([]);
  });

  it('copies a record with one click', async () => {
    await page.context().grantPermissions(['clipboard-read', 'clipboard-write']);
    await page.locator('.dns-record').first().getByRole('button', { name: 'Copy' }).first().click();
    await page.getByText('Copied').first().waitFor();
    const copied = await page.evaluate<string>('navigator.clipboard.readText()');
    expect(copied).toBe('canvass1._domainkey.acme.example');
  });

  it('is active once the records are published and checked', async () => {
    await publish();
    await check();
    await waitForStatus('Active');
    await page.getByText('A mail was signed here and verified with the key in your DNS.').waitFor();
    await page.getByText('Mail to bounce.acme.example reaches us.').waitFor();
    await page.getByText('Ready for many mails?').waitFor();
  });

  it('then sends mails whose signatures an independent verifier finds good', async () => {
    const { listId } = await anAudience(world, ada, 2);
    await send(listId);
    await until(async () => {
      await workOff(world);
      return sink.caught.length >= 2;
    });
    for (const { raw, sender } of sink.caught) {
      const { results } = await dkimVerify(raw, {
        resolver: world.app.get(Names).resolve,
        curTime: world.clock.now(),
      });
      expect(results.map(({ status, signingDomain }) => `${signingDomain} ${status.result}`)).toEqual([
        'acme.example pass',
        'acme.example pass',
      ]);
      expect(sender).toMatch(/@bounce\.acme\.example$/);
    }
  });

  it('fails when a record is taken away: nothing new is sent, and its administrator is told', async () => {
    const before = sink.caught.length;
    dns.remove('canvass1._domainkey.acme.example');
    await check();
    await waitForStatus('Failed');
    await page.getByText('Nothing new is sent from this domain until this is mended.').waitFor();
    const { listId } = await anAudience(world, ada, 2);
    await expect(send(listId)).rejects.toMatchObject({ code: 'CVS03' });
    const told = () => sink.caught.filter(({ raw }) => raw.includes('Subject: acme.example can no longer be used'));
    await until(async () => {
      await world.jobs.sweep();
      await workOff(world);
      return told().length > 0;
    });
    expect(told().map(({ recipients }) => recipients[0])).toEqual([ada.user.email]);
    expect(sink.caught.slice(before).map(({ recipients }) => recipients[0])).not.toContain('person.1@example.com');
  });

  it('fits a phone, and is removed by typing its name', async () => {
    const phone = await openPage(browser, addressOf(world), PHONE);
    await signIn(phone.page, ada);
    for (const path of ['/brand/email', '/brand/email/domains/new', '/brand/email/domains/acme.example']) {
      await phone.page.goto(path);
      expect(await phone.page.evaluate<number>('document.documentElement.scrollWidth')).toBeLessThanOrEqual(360);
    }
    await phone.page.getByLabel('Type acme.example to remove it').fill('acme.example');
    await phone.page.getByRole('button', { name: 'Remove the domain' }).click();
    await phone.page.getByText('acme.example is removed.').waitFor();
    expect([...faults, ...phone.faults]).toEqual([]);
  });
});
