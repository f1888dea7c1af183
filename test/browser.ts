import { existsSync } from 'node:fs';
import type { AddressInfo } from 'node:net';
import { type Browser, type BrowserContextOptions, chromium, type Page } from 'playwright-core';
import { Config } from '../src/platform/config.js';
import { PASSWORD, type Person, type World } from './world.js';

/** Chromium makes no call of its own: nothing but the pages under test is asked for. */
const ARGUMENTS = [
  '--headless=new',
  '--no-sandbox',
  '--disable-gpu',
  '--disable-quic',
  '--no-first-run',
  '--disable-background-networking',
  '--disable-component-update',
  '--disable-sync',
];

export const DESK = { viewport: { width: 1280, height: 900 } } satisfies BrowserContextOptions;
export const PHONE = {
  viewport: { width: 360, height: 740 },
  deviceScaleFactor: 2,
  isMobile: true,
  hasTouch: true,
} satisfies BrowserContextOptions;

/** Where Chromium is: CHROMIUM, or where Debian puts it; undefined where there is none. */
export function chromiumPath(): string | undefined {
  const candidates = [
    process.env['CHROMIUM'],
    '/usr/bin/chromium',
    '/usr/bin/chromium-browser',
    '/usr/bin/google-chrome',
  ];
  return candidates.find((path) => path !== undefined && path !== '' && existsSync(path));
}

/** `describe`, or where there is no Chromium one skipped test that says so. */
export function describeInBrowser(name: string, tests: () => void): void {
  if (chromiumPath() === undefined) {
    describe(name, () => it.skip('needs Chromium: set CHROMIUM to its path', () => undefined));
  } else {
    describe(name, tests);
  }
}

/**
 * @param world when given, Chromium finds it under the address of its BASE_URL, as the links in its mails name it
 */
export async function launchBrowser(world?: World): Promise<Browser> {
  const executablePath = chromiumPath();
  if (executablePath === undefined) {
    throw new Error('There is no Chromium here; set CHROMIUM to its path');
  }
  return chromium.launch({ executablePath, args: world === undefined ? ARGUMENTS : [...ARGUMENTS, found(world)] });
}

function found(world: World): string {
  const { hostname, port } = new URL(world.app.get(Config).baseUrl);
  return `--host-resolver-rules=MAP ${hostname}:${port || '80'} ${new URL(addressOf(world)).host}`;
}

/** The address under which a test's installation answers. */
export function addressOf(world: World): string {
  const { port } = (world.app.getHttpServer() as { address(): AddressInfo }).address();
  return `http://127.0.0.1:${port}`;
}

/** A page of its own, like a browser of another person; what goes wrong in it is collected in `faults`. */
export async function openPage(
  browser: Browser,
  baseURL: string,
  options: BrowserContextOptions = DESK,
): Promise<{ page: Page; faults: string[] }> {
  const context = await browser.newContext({ baseURL, locale: 'en-GB', timezoneId: 'UTC', ...options });
  context.setDefaultTimeout(180_000); // a busy machine is slow, not wrong
  const page = await context.newPage();
  const faults: string[] = [];
  page.on('pageerror', (error) => faults.push(String(error)));
  page.on('console', (message) => {
    if (message.type() === 'error') {
      faults.push(`${page.url()}: ${message.text()}`);
    }
  });
  return { page, faults };
}

/** Signs in by the form, as people do. */
export async function signIn(page: Page, person: Person): Promise<void> {
  await page.goto('/sign-in');
  await page.getByLabel('E-mail').fill(person.user.email);
  await page.getByLabel('Password', { exact: true }).fill(PASSWORD);
  await page.getByRole('button', { name: 'Sign in' }).click();
  await page.waitForURL((url) => !url.pathname.startsWith('/sign-in'));
}

/** Types as fast as the page draws. Nobody types several letters within a frame; Trix makes a line of its own of that. */
export async function typedByHand(page: Page, text: string): Promise<void> {
  for (const key of text) {
    await page.keyboard.type(key);
    await page.evaluate('new Promise((drawn) => requestAnimationFrame(() => requestAnimationFrame(drawn)))');
  }
}
