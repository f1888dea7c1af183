import { once } from 'node:events';
import type { AddressInfo } from 'node:net';
import type { Browser, Locator, Page } from 'playwright-core';
import { SMTPServer } from 'smtp-server';
import type { Survey } from '../../src/surveys/survey.entity.js';
import { describeInBrowser, launchBrowser, openPage, PHONE, signIn } from '../browser.js';
import { anAudience } from '../distributions/builders.js';
import { ownCertificate } from '../mailer/own_certificate.js';
import { Sink } from '../mailer/sink.js';
import { aSurvey } from '../surveys/builders.js';
import { type Person, startWorld, type World } from '../world.js';

const HOME = 'http://canvass.test';
const RELAYS = '/brand/email/relays';

describeInBrowser('two relays of a brand', () => {
  let world: World;
  let browser: Browser;
  let ada: Person;
  let survey: Survey;
  let page: Page;
  let faults: string[];
  let first: Sink;
  let second: Sink;
  beforeAll(async () => {
    world = await startWorld({ BASE_URL: HOME, SWEEP_MS: '500', ALLOW_PRIVATE_HOSTS: '127.0.0.1' });
    [first, second] = [await new Sink().listen(), await new Sink().listen()];
    browser = await launchBrowser(world);
    ada = await world.aPerson(await world.aBrand('Acme Research'), { type: 'administrator' });
    survey = await aSurvey(world, ada);
    await anAudience(world, ada, [
      { firstName: 'Grace', email: 'grace@navy.example' },
      { firstName: 'Alan', email: 'alan@bletchley.example' },
    ]);
    ({ page, faults } = await openPage(browser, HOME));
    await signIn(page, ada);
  });
  afterAll(async () => {
    await browser.close();
    await world.close();
    await second.close();
  });

  /** Fills in the form for a server without sign-in, and tries it. */
  async function add(name: string, host: string, port: number): Promise<void> {
    await page.goto(`${RELAYS}/new`);
    await fill({ name, host, port });
    await page.getByLabel('Encryption').selectOption('None');
    await page.getByLabel('Method').selectOption('No sign-in');
    await page.getByRole('button', { name: 'Try and save' }).click();
  }

  async function fill({ name, host, port }: { name: string; host: string; port: number }): Promise<void> {
    await page.getByLabel('Name', { exact: true }).fill(name);
    await page.getByLabel('Host').fill(host);
    await page.getByLabel('Port').fill(String(port));
  }

  const row = (name: string): Locator => page.locator('tr', { hasText: name });

  it('are not kept before a server has taken the trial: an inside address and a wrong password are refused in words', async () => {
    await add('Cloud', '169.254.169.254', 80);
    await page.getByText('which is inside this network').first().waitFor();
    expect(await page.getByLabel('Name', { exact: true }).inputValue()).toBe('Cloud');
    const strict = await aServerThatKnows('right');
    await page.goto(`${RELAYS}/new`);
    await fill({ name: 'Strict', host: 'localhost', port: strict.port });
    await page.getByLabel('Encryption').selectOption('TLS from the start (usual on port 465)');
    await page.getByText('comes from your own authority').click();
    await page.getByLabel('Certificates').fill(strict.certificate);
    await page.getByLabel('User').fill('ada');
    await page.getByLabel('Password or client secret').fill('wrong');
    await page.getByRole('button', { name: 'Try and save' }).click();
    await page.getByText('The server refused the sign-in: 535').first().waitFor();
    expect(await page.content()).not.toContain('"wrong"');
    await page.getByLabel('Password or client secret').fill('right');
    await page.getByRole('button', { name: 'Try and save' }).click();
    await page.getByText('The relay took a trial').waitFor();
    await row('Strict').getByLabel('More for Strict').click();
    await row('Strict').getByRole('button', { name: 'Remove' }).click();
    await page.locator('dialog').getByRole('button', { name: 'Remove' }).click();
    await page.getByText('Send by your own mail server').waitFor();
    await strict.close();
  });

  it('are added by the form, and the first one carries mails', async () => {
    await add('Post office', '127.0.0.1', first.port);
    await page.getByText('The relay took a trial').waitFor();
    await add('Reserve', '127.0.0.1', second.port);
    await page.getByText('The relay took a trial').waitFor();
    expect(await page.locator('tr .pill', { hasText: 'Works' }).count()).toBe(2);
    await send('Your first week');
    await done('Your first week');
    expect(recipientsOf(first)).toEqual(['alan@bletchley.example', 'grace@navy.example']);
    expect(second.caught).toHaveLength(0);
  });

  it('stand in for each other: when the first one stops, everybody gets the mail once by the second', async () => {
    await first.close();
    await send('Your second week');
    await done('Your second week');
    expect(recipientsOf(second)).toEqual(['alan@bletchley.example', 'grace@navy.example']);
    expect(first.caught).toHaveLength(2);
  });

  it('show how they are, on a desk and on a phone', async () => {
    await page.goto(RELAYS);
    await row('Post office').getByText('Does not answer').waitFor();
    await row('Post office').getByText('ECONNREFUSED').waitFor();
    await row('Reserve').getByText('Works').waitFor();
    const phone = await openPage(browser, HOME, PHONE);
    await signIn(phone.page, ada);
    await phone.page.goto(RELAYS);
    const small = phone.page.locator('tr', { hasText: 'Post office' });
    await small.getByText('Does not answer').waitFor();
    expect(
      await phone.page.evaluate('document.documentElement.scrollWidth - document.documentElement.clientWidth'),
    ).toBe(0);
    await small.getByRole('button', { name: 'Check now' }).click();
    await phone.page.locator('.flash', { hasText: 'The relay said:' }).waitFor();
    expect([...faults, ...phone.faults].filter((fault) => !fault.includes('status of 422'))).toEqual([]);
  });

  const list = (): string => `/surveys/${world.ids.show('SV', survey.id)}/distributions/emails`;

  /** A mail to both people, at once, as its author sends it. */
  async function send(subject: string): Promise<void> {
    await page.goto(`${list()}/new`);
    await page.getByLabel('Subject').first().fill(subject);
    await page.getByLabel('Contact list').selectOption({ label: 'Employees (2 contacts)' });
    await page.getByLabel('At once').check();
    await page.locator('#steps').getByRole('button', { name: 'Check' }).click();
    await page.getByRole('button', { name: 'Send to 2 people' }).click();
    await page.getByText('Sending to 2 people has begun.').waitFor();
  }

  async function done(subject: string): Promise<void> {
    await page.goto(list());
    await page.locator('article', { hasText: subject }).locator('.pill', { hasText: 'Sent' }).waitFor();
  }
});

function recipientsOf({ caught }: Sink): string[] {
  return caught.flatMap(({ recipients }) => recipients).sort();
}

/** A mail server behind TLS that lets nobody in without the password. */
async function aServerThatKnows(
  password: string,
): Promise<{ port: number; certificate: string; close: () => Promise<void> }> {
  const { certificate, key } = await ownCertificate('localhost');
  const server = new SMTPServer({
    secure: true,
    cert: certificate,
    key,
    disableReverseLookup: true,
    closeTimeout: 100,
    logger: false,
    onAuth: (given, _session, done) =>
      given.password === password ? done(null, { user: 'ada' }) : done(new Error('Invalid username or password')),
  });
  server.on('error', () => undefined);
  server.listen(0, '127.0.0.1');
  await once(server.server, 'listening');
  const { port } = server.server.address() as AddressInfo;
  return { port, certificate, close: () => new Promise((resolve) => server.close(() => resolve())) };
}
