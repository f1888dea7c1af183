import { readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import type { Browser, BrowserContextOptions, Page } from 'playwright-core';
import { aLink } from '../links/builders.js';
import { addressOf, describeInBrowser, DESK, launchBrowser, openPage, PHONE } from '../browser.js';
import { aSurvey } from '../surveys/builders.js';
import { exampleDefinition } from '../../src/engine/definition.js';
import { type Person, startWorld, type World } from '../world.js';
import { ANSWERS, surveyOfEveryType } from './every_type.js';
import { responsesOf } from './rows.js';

/** Axe looks at every page twice; on a busy machine that takes its time. */
const AXE = readFileSync(createRequire(import.meta.url).resolve('axe-core/axe.min.js'), 'utf8');
const PHONE_AGENT = 'Mozilla/5.0 (Linux; Android 16; Pixel) AppleWebKit/537.36 Chrome/142.0 Mobile Safari/537.36';
const NO_SCRIPT = { ...PHONE, javaScriptEnabled: false, userAgent: PHONE_AGENT };

describeInBrowser('the pages of respondents in a browser', () => {
  let world: World;
  let ada: Person;
  let browser: Browser;
  beforeAll(async () => {
    world = await startWorld();
    ada = await world.aPerson(await world.aBrand('Acme'));
    browser = await launchBrowser();
  });
  afterAll(async () => {
    await browser.close();
    await world.close();
  });
  const openPath = (id: string) => `/a/${world.ids.show('SV', id)}`;
  const visit = (options: BrowserContextOptions) => openPage(browser, addressOf(world), options);

  it.each([
    ['phone', { ...PHONE, colorScheme: 'light' as const }],
    ['phone in the dark', { ...PHONE, colorScheme: 'dark' as const }],
    ['desk', DESK],
  ])('have no fault that axe finds, with every type of question and its errors (%s)', async (_, options) => {
    const translations = { de: { questions: {} } };
    const survey = await aSurvey(world, ada, { definition: surveyOfEveryType({ translations }) });
    const { page, faults } = await visit(options);
    await page.goto(openPath(survey.id));
    for (const answers of ANSWERS) {
      expect(await problemsOf(page)).toEqual([]);
      expect(await overflowOf(page)).toBe(0);
      await page.getByRole('button', { name: 'Next' }).click();
      await page.getByRole('alert').waitFor();
      expect(await page.evaluate('document.activeElement.className')).toBe('errors');
      expect(await problemsOf(page)).toEqual([]);
      await fill(page, answers);
      await page.getByRole('button', { name: 'Next' }).click();
    }
    await page.getByRole('heading', { name: 'Thank you' }).waitFor();
    expect(await problemsOf(page)).toEqual([]);
    // A 422 is an error to the console of the browser, and to nobody else.
    expect(faults.filter((fault) => !fault.includes('422'))).toEqual([]);
  });

  it('have no fault that axe finds when they refuse, preview or wait for a start', async () => {
    const survey = await aSurvey(world, ada);
    const expired = await aLink(world, survey, { expiresAt: world.clock.now() });
    const fresh = await aSurvey(world, ada, { stage: 'new' });
    const paused = await aSurvey(world, ada, { stage: 'paused' });
    const arms = ['BL1', 'BL2'].map((block) => ({ kind: 'block' as const, block }));
    const blocks = { ...exampleDefinition().blocks, BL2: { id: 'BL2', name: 'B', items: [] } };
    const flow = [{ kind: 'randomizer' as const, show: 1, even: true, children: arms }];
    const drawn = await aSurvey(world, ada, { definition: exampleDefinition({ blocks, flow }) });
    const { page } = await visit(PHONE);
    const preview = `/preview/${world.ids.token('preview', fresh.id)}`;
    for (const path of [
      '/s/nothing',
      expired.path,
      openPath(fresh.id),
      openPath(paused.id),
      openPath(drawn.id),
      preview,
    ]) {
      await page.goto(path);
      expect([path, await problemsOf(page)]).toEqual([path, []]);
    }
  });

  it('run from right to left without a fault', async () => {
    const translations = { ar: { questions: { QID1: { text: 'كيف كان أسبوعك الأول؟' } } } };
    const survey = await aSurvey(world, ada, { definition: exampleDefinition({ translations }) });
    const { page } = await visit({ ...PHONE, locale: 'ar-EG' });
    await page.goto(openPath(survey.id));
    expect(await page.locator('html').getAttribute('dir')).toBe('rtl');
    expect(await problemsOf(page)).toEqual([]);
    expect(await overflowOf(page)).toBe(0);
  });

  it('are answered on a phone without JavaScript, errors and all', async () => {
    const survey = await aSurvey(world, ada, { definition: surveyOfEveryType() });
    const { page } = await visit(NO_SCRIPT);
    await page.goto(openPath(survey.id));
    for (const answers of ANSWERS) {
      await page.getByRole('button', { name: 'Next' }).click();
      await page.getByRole('heading', { name: /Please look at/ }).waitFor();
      await fill(page, answers);
      await page.getByRole('button', { name: 'Next' }).click();
    }
    await page.getByRole('heading', { name: 'Thank you' }).waitFor();
    expect(await responsesOf(world, survey)).toMatchObject([{ finished: true, device: 'phone' }]);
  });

  it('are answered by the keyboard alone', async () => {
    const survey = await aSurvey(world, ada);
    const { page } = await visit(DESK);
    await page.goto(openPath(survey.id));
    await page.keyboard.press('Tab');
    await page.keyboard.press('Space');
    await page.keyboard.press('ArrowDown');
    await page.keyboard.press('Enter');
    await page.getByLabel('What would have made it better?').waitFor();
    await page.keyboard.press('Tab');
    await page.keyboard.type('Nothing');
    await page.keyboard.press('Tab');
    await page.keyboard.press('Enter');
    await page.getByRole('heading', { name: 'Thank you' }).waitFor();
    expect((await responsesOf(world, survey))[0]?.answers).toEqual({
      QID1: { choices: ['2'] },
      QID2: { text: 'Nothing' },
    });
  });

  it('weigh at most 60 kB, style and script included, and load nothing from elsewhere', async () => {
    const survey = await aSurvey(world, ada, { definition: surveyOfEveryType() });
    const { page } = await visit(PHONE);
    const sizes: Promise<number>[] = [];
    const hosts = new Set<string>();
    page.on('response', (response) => {
      hosts.add(new URL(response.url()).origin);
      sizes.push(response.body().then((body) => body.length));
    });
    await page.goto(openPath(survey.id), { waitUntil: 'networkidle' });
    const bytes = (await Promise.all(sizes)).reduce((sum, size) => sum + size, 0);
    expect(bytes).toBeLessThan(60_000);
    expect([...hosts]).toEqual([addressOf(world)]);
  });
});

/** What axe finds by WCAG 2.2 A and AA and by good practice. */
async function problemsOf(page: Page): Promise<string[]> {
  await page.evaluate(AXE);
  const { violations } = await page.evaluate<{ violations: { id: string; nodes: { html: string }[] }[] }>(
    `axe.run(document, { runOnly: ['wcag2a', 'wcag2aa', 'wcag21a', 'wcag21aa', 'wcag22aa', 'best-practice'] })`,
  );
  return violations.map(({ id, nodes }) => `${id}: ${nodes.map(({ html }) => html).join(' | ')}`.slice(0, 400));
}

/** Pixels by which the page is wider than the screen. */
function overflowOf(page: Page): Promise<number> {
  return page.evaluate('Math.max(0, document.documentElement.scrollWidth - window.innerWidth)');
}

async function fill(page: Page, answers: Record<string, string | string[]>): Promise<void> {
  for (const [name, value] of Object.entries(answers)) {
    const field = page.locator(`[name="${name}"]`);
    const kind = (await field.first().getAttribute('type')) ?? '';
    const isSelect = (await page.locator(`select[name="${name}"]`).count()) > 0;
    if (isSelect) {
      await field.selectOption(value);
    } else if (kind === 'radio' || kind === 'checkbox') {
      for (const one of [value].flat()) {
        await page.locator(`[name="${name}"][value="${one}"]`).check();
      }
    } else {
      await field.fill(String(value));
    }
  }
}
