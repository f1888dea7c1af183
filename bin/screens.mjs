// Walks every page of two installations, one empty and one with demo data, and looks at each in four ways: desk and phone, light and dark.
import { spawn } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { mkdir, mkdtemp, rm } from 'node:fs/promises';
import { createRequire } from 'node:module';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { chromium } from 'playwright-core';

const OUT = 'screens';
const ADMIN = { email: 'ada@acme.example', password: 'correct horse battery' };
const AXE = readFileSync(createRequire(import.meta.url).resolve('axe-core/axe.min.js'), 'utf8');
const DESK = { viewport: { width: 1280, height: 800 } };
const PHONE = { viewport: { width: 360, height: 740 }, deviceScaleFactor: 2, isMobile: true, hasTouch: true };
const DEVICES = { desk: DESK, phone: PHONE };
/** Files and other programs' routes: nothing to look at. */
const NO_PAGE =
  /^\/(API|assets|healthz|readyz|sign-out)(\/|$)|\.(csv|zip|xml|eml)$|\/(live|figures|history|download|file|raw|html|source)$/;

const only = process.argv.slice(2);
const problems = [];
let pictures = 0;

await rm(OUT, { recursive: true, force: true });
await mkdir(OUT, { recursive: true });
const browser = await chromium.launch({
  executablePath: process.env.CHROMIUM,
  args: [
    '--headless=new',
    '--no-sandbox',
    '--disable-gpu',
    '--disable-quic',
    '--no-first-run',
    '--disable-background-networking',
    '--disable-component-update',
    '--disable-sync',
  ],
});
try {
  await installation('empty', { DEMO: '0' }, async (site) => {
    await shoot(site, '', [['sign-in', '/sign-in']]);
    const empty = await crawl(site);
    await shoot(site, 'signed in', empty);
    await shoot(site, 'signed in', [
      ['refused-no-page', '/no-such-page'],
      ['refused-no-survey', '/surveys/SV_000000000000000'],
    ]);
    await shoot(site, '', [
      ['respondent-unknown-link', '/s/1AAAAAAAAAAAAAAAAAAAAAA'],
      ['respondent-unknown-survey', '/a/SV_000000000000000'],
      ['respondent-unknown-opt-out', '/u/1AAAAAAAAAAAAAAAAAAAAAA'],
    ]);
    await shootForms(site);
    await importSurvey(site);
    const seen = new Set(empty.map(([name]) => name).filter((name) => !name.startsWith('surveys')));
    await shoot(
      { ...site, state: 'fresh' },
      'signed in',
      (await crawl(site)).filter(([name]) => !seen.has(name)),
    );
    await shootPreview(site);
  });
  await installation('full', { DEMO: '1' }, async (site) => {
    await shoot(site, 'signed in', await crawl(site));
    await shoot(site, '', await respondents(site));
  });
} finally {
  await browser.close();
}
console.log(`${pictures} pictures in ${OUT}/, ${problems.length} problems`);
process.exit(problems.length === 0 ? 0 : 1);

/** Runs an installation of its own for as long as `work` takes. */
async function installation(state, settings, work) {
  const folder = await mkdtemp(join(tmpdir(), 'canvass-screens-'));
  const port = await freePort();
  const url = `http://127.0.0.1:${port}`;
  const server = spawn(process.execPath, ['dist/src/main.js'], {
    stdio: ['ignore', 'pipe', 'inherit'],
    env: {
      PATH: process.env.PATH,
      PORT: String(port),
      BASE_URL: url,
      DATA_DIR: folder,
      LOG_LEVEL: 'error',
      BRAND_NAME: 'Acme Research',
      ADMIN_EMAIL: ADMIN.email,
      ADMIN_PASSWORD: ADMIN.password,
      ...settings,
    },
  });
  server.stdout.resume();
  const gone = new Promise((resolve) => server.once('close', resolve));
  try {
    await ready(url, server);
    await work({ url, state, session: await signedIn(url), contexts: new Map() });
  } finally {
    await Promise.all(browser.contexts().map((context) => context.close()));
    server.kill('SIGTERM');
    await gone;
    await rm(folder, { recursive: true, force: true });
  }
}

async function ready(url, server) {
  for (let waited = 0; waited < 120_000; waited += 200) {
    if (server.exitCode !== null) {
      throw new Error(`The installation stopped with ${server.exitCode}`);
    }
    const answer = await fetch(`${url}/readyz`).catch(() => undefined);
    if (answer?.ok) {
      return;
    }
    await sleep(200);
  }
  throw new Error('The installation did not start');
}

/** What a signed-in browser keeps. */
async function signedIn(url) {
  const context = await browser.newContext({ baseURL: url });
  const page = await context.newPage();
  await page.goto('/sign-in');
  await page.locator('[name=email]').fill(ADMIN.email);
  await page.locator('[name=password]').fill(ADMIN.password);
  await Promise.all([page.waitForURL((at) => !at.pathname.startsWith('/sign-in')), page.keyboard.press('Enter')]);
  const session = await context.storageState();
  await context.close();
  return session;
}

/** Every page that can be reached by links, one for each shape of address. */
async function crawl({ url, session }) {
  const context = await browser.newContext({ baseURL: url, storageState: session });
  const page = await context.newPage();
  const found = new Map([['home', '/']]);
  for (const path of found.values()) {
    // A file is no page: the browser would save it.
    const answer = await page.goto(path).catch(() => undefined);
    if (answer === undefined) {
      found.delete(shapeOf(new URL(path, url).pathname));
      continue;
    }
    if (answer.status() >= 400) {
      tell(`${path} is linked and answers ${answer.status()}`);
    }
    const hrefs = await page.evaluate(`[...document.querySelectorAll('a[href]')].map((a) => a.href)`);
    for (const href of hrefs) {
      const at = new URL(href);
      const name = shapeOf(at.pathname);
      if (at.origin === url && !NO_PAGE.test(at.pathname) && !isRespondents(at.pathname) && !found.has(name)) {
        found.set(name, at.pathname + at.search);
      }
    }
  }
  await context.close();
  found.delete('home');
  return [...found];
}

function isRespondents(path) {
  return /^\/(s|a|u|preview)\//.test(path);
}

/** `/surveys/SV_abc…/distributions` and every other one like it are one picture. */
function shapeOf(path) {
  const words = path.split('/').filter((word) => word !== '');
  return (
    words.map((word) => (/^[A-Z]{1,4}_\w{15}$|^(QID)?\d+$|^[\w-]{20,}$/.test(word) ? 'one' : word)).join('-') || 'home'
  );
}

/** The pages behind the links that respondents get: in the mails, and the open ones. */
async function respondents({ url, session }) {
  const context = await browser.newContext({ baseURL: url, storageState: session });
  const page = await context.newPage();
  const found = new Map();
  await page.goto('/mailbox');
  const mails = await page.evaluate(`[...document.querySelectorAll('a[href^="/mailbox/"]')].map((a) => a.pathname)`);
  const surveys = await page
    .goto('/surveys')
    .then(() => page.evaluate(`[...document.querySelectorAll('a[href^="/surveys/SV_"]')].map((a) => a.pathname)`));
  for (const path of [
    ...mails.slice(0, 3).map((mail) => `${mail}?as=text`),
    ...surveys.slice(0, 5),
    ...surveys.slice(0, 3).map((one) => `${one}/distributions/anonymous`),
  ]) {
    await page.goto(path);
    const links = await page.evaluate(
      `[...document.querySelectorAll('a[href], input[value^="http"]')].map((e) => e.href ?? e.value).filter((u) => /^https?:/.test(u))`,
    );
    for (const link of links.map((each) => new URL(each)).filter((each) => isRespondents(each.pathname))) {
      found.set(`respondent-${link.pathname.split('/')[1]}`, link.pathname);
    }
  }
  await context.close();
  return [...found];
}

/** Forms sent empty: what a refusal of one's own words looks like. */
async function shootForms(site) {
  await eachWay(site, '', 'sign-in-wrong', async (page) => {
    await page.goto('/sign-in');
    await page.locator('[name=email]').fill(ADMIN.email);
    await page.locator('[name=password]').fill('not the password');
    await page.keyboard.press('Enter');
    await page.waitForSelector('.errors');
  });
}

/** A survey with every type of question, and what its import says about it. */
async function importSurvey(site) {
  const context = await browser.newContext({ baseURL: site.url, storageState: site.session });
  const page = await context.newPage();
  await page.goto('/surveys/new');
  await page.locator('input[type=file]').setInputFiles('test/data/qsf/all-types.qsf');
  await Promise.all([
    page.waitForURL((at) => at.pathname !== '/surveys/new'),
    page.locator('main form .btn--primary').click(),
  ]);
  const report = new URL(page.url()).pathname;
  await shoot({ ...site, state: 'fresh' }, 'signed in', [['surveys-import-report', report]]);
  await page.locator('button[form=save_import]').click();
  await page.waitForURL(/\/surveys\/SV_/);
  await context.close();
}

/** Every page of that survey as a respondent sees it: Next is pressed until nothing follows, answered or not. */
async function shootPreview(site) {
  const context = await browser.newContext({ baseURL: site.url, storageState: site.session });
  const page = await context.newPage();
  await page.goto('/surveys');
  await page.locator('a[href^="/surveys/SV_"]').first().click();
  const preview = await page
    .locator('a[href*="/preview/"], a[href*="preview"]')
    .first()
    .getAttribute('href')
    .catch(() => null);
  await context.close();
  if (preview === null) {
    return;
  }
  for (let turn = 1; turn <= 3; turn += 1) {
    await eachWay(site, '', `preview-next-${turn}`, async (at) => {
      await at.goto(preview);
      for (let press = 0; press < turn && (await at.locator('button[value=next]').count()) > 0; press += 1) {
        await at.locator('button[value=next]').click();
      }
    });
  }
}

async function shoot(site, as, pages) {
  for (const [name, path] of pages) {
    await eachWay(site, as, name, (page) => page.goto(path));
  }
}

async function eachWay(site, as, name, open) {
  if (only.length > 0 && !only.some((word) => `${site.state}-${name}`.includes(word))) {
    return;
  }
  for (const device of Object.keys(DEVICES)) {
    const page = await (await contextFor(site, as, device)).newPage();
    const where = `${site.state}-${name}-${device}`;
    page.on('console', (message) => {
      // A refusal's own status is no fault of the page.
      if (message.type() === 'error' && !/status of 4\d\d/.test(message.text())) {
        tell(`${where}: ${message.text()}`);
      }
    });
    page.on('pageerror', (error) => tell(`${where}: ${error.message}`));
    await open(page);
    for (const colorScheme of ['light', 'dark']) {
      await page.emulateMedia({ colorScheme, reducedMotion: 'reduce' });
      await page.waitForTimeout(100);
      await page.screenshot({ path: join(OUT, `${where}-${colorScheme}.png`), fullPage: true });
      pictures += 1;
      (await faultsOf(page)).forEach((fault) => tell(`${where}-${colorScheme}: ${fault}`));
    }
    await page.close();
  }
}

function tell(problem) {
  problems.push(problem);
  console.log(problem);
}

/** Strangers get a browser of their own each time, so that no walk goes on where another one stopped. */
async function contextFor({ url, session, contexts }, as, device) {
  const settings = { baseURL: url, locale: 'en-GB', ...DEVICES[device] };
  if (as !== 'signed in') {
    return browser.newContext(settings);
  }
  const context = contexts.get(device) ?? (await browser.newContext({ ...settings, storageState: session }));
  contexts.set(device, context);
  return context;
}

/** What axe finds, and what sticks out of the screen. */
async function faultsOf(page) {
  if (!(await page.evaluate('"axe" in window'))) {
    await page.evaluate(AXE);
  }
  const found = await page.evaluate(
    `axe.run({ runOnly: ['wcag2a', 'wcag2aa', 'wcag21a', 'wcag21aa', 'wcag22aa', 'best-practice'] }).then(({ violations }) =>
      violations.map(({ id, help, nodes }) => id + ' (' + help + '): ' + nodes.map((node) => node.target.join(' ')).slice(0, 3).join(', ')))`,
  );
  const excess = await page.evaluate('document.documentElement.scrollWidth - document.documentElement.clientWidth');
  return excess > 0 ? [...found, `sticks out of the screen by ${excess} px`] : found;
}

async function freePort() {
  const server = createServer();
  await new Promise((resolve) => server.listen(0, '127.0.0.1', resolve));
  const { port } = server.address();
  await new Promise((resolve) => server.close(resolve));
  return port;
}
