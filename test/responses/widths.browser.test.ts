import { readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import type { Browser, Page } from 'playwright-core';
import { exampleDefinition } from '../../src/engine/definition.js';
import type { Question } from '../../src/engine/questions/question.schema.js';
import { addressOf, describeInBrowser, launchBrowser, openPage } from '../browser.js';
import { aSurvey } from '../surveys/builders.js';
import { type Person, startWorld, type World } from '../world.js';
import { everyType } from './every_type.js';

const PATIENCE = 600_000;
const WIDTHS = [320, 360, 600, 700, 768];
/** Axe takes its time over a page of forty questions, and finds no more in between. */
const AT_ENDS = [320, 768];
const AXE = readFileSync(createRequire(import.meta.url).resolve('axe-core/axe.min.js'), 'utf8');
const LONG = 'Donaudampfschifffahrtsgesellschaftskapitänswitwenrente';
const IMAGE = { url: 'data:image/gif;base64,R0lGODlhAQABAAAAACw=', alt: 'A dot' };

const part = (id: string, text: string, more: object = {}) => ({ id, text, value: id, ...more });
const parts = (count: number, text: (place: number) => string, more: object = {}) =>
  Array.from({ length: count }, (_, place) => part(String(place + 1), text(place + 1), more));
const asked = (number: number, text = `${LONG}? And why, in your own words, was it so?`) => ({
  id: `QID${number}`,
  exportTag: `Q${number}`,
  text,
  required: 'none' as const,
});
const statements = parts(3, (place) => `Statement ${place}: the ${LONG} was paid on time`);
const feelings = [
  'Strongly disagree',
  'Disagree',
  'Somewhat disagree',
  'Neither',
  'Somewhat agree',
  'Agree',
  'Strongly agree',
];
const scale = (count: number) => parts(count, (place) => feelings[place - 1] ?? `Point ${place}`);

/** What is widest of each type: long words, many labels and columns, pictures, fields beside choices. */
const widest: Question[] = [
  {
    ...asked(31),
    type: 'choice',
    subtype: 'single',
    choices: [part('1', LONG, { image: IMAGE }), part('2', LONG, { textEntry: true })],
  },
  { ...asked(32), type: 'choice', subtype: 'single', horizontal: true, choices: scale(6) },
  { ...asked(33), type: 'choice', subtype: 'dropdown', choices: parts(3, () => LONG.repeat(2)) },
  { ...asked(34), type: 'choice', subtype: 'multiselect', choices: parts(12, () => LONG.repeat(2)) },
  { ...asked(35), type: 'matrix', subtype: 'single', choices: statements, columns: scale(7) },
  { ...asked(36), type: 'matrix', subtype: 'multiple', choices: statements, columns: scale(11) },
  {
    ...asked(37),
    type: 'matrix',
    subtype: 'single',
    choices: statements,
    columns: parts(11, (place) => String(place - 1)),
  },
  { ...asked(38), type: 'matrix', subtype: 'dropdown', choices: statements, columns: parts(5, () => LONG.repeat(2)) },
  { ...asked(39), type: 'matrix', subtype: 'text', choices: statements, columns: scale(5) },
  {
    ...asked(40),
    type: 'matrix',
    subtype: 'single',
    choices: parts(3, () => LONG, { textEntry: true }),
    columns: scale(2),
  },
  { ...asked(41), type: 'nps', lowLabel: LONG, highLabel: LONG },
  { ...asked(42), type: 'slider', choices: parts(2, () => LONG), min: 0, max: 100, decimals: 0, labels: feelings },
  {
    ...asked(43),
    type: 'slider',
    choices: [part('1', '', { textEntry: true })],
    min: -1e9,
    max: 1e9,
    decimals: 6,
    labels: [LONG, LONG],
  },
  {
    ...asked(44),
    type: 'sum',
    choices: parts(3, () => LONG, { textEntry: true }),
    total: 1e12,
    decimals: 2,
    unit: LONG,
  },
  { ...asked(45), type: 'rank', choices: parts(3, () => LONG, { image: IMAGE, textEntry: true }) },
  { ...asked(46), type: 'form', choices: parts(3, () => LONG) },
  { ...asked(47, `<table><tr>${`<td>${LONG}</td>`.repeat(4)}</tr></table><p>${LONG}</p>`), type: 'description' },
];

describeInBrowser('the pages of respondents at every width', () => {
  let world: World;
  let ada: Person;
  let browser: Browser;
  beforeAll(async () => {
    world = await startWorld();
    ada = await world.aPerson(await world.aBrand(`Acme ${LONG}`));
    browser = await launchBrowser();
  });
  afterAll(async () => {
    await browser.close();
    await world.close();
  });
  const pathOf = async (questions: Question[], language: string): Promise<string> => {
    const definition = exampleDefinition({
      title: LONG,
      language,
      questions: Object.fromEntries(questions.map((question) => [question.id, question])),
      blocks: {
        BL1: {
          id: 'BL1',
          name: 'All',
          items: questions.map(({ id }) => ({ kind: 'question' as const, question: id })),
        },
      },
    });
    return `/a/${world.ids.show('SV', (await aSurvey(world, ada, { definition })).id)}`;
  };

  it.each([
    ['from left to right', 'en', 'light'],
    ['from right to left, in the dark', 'ar', 'dark'],
  ] as const)(
    'fit, %s: nothing is wider than the screen, all can be met, and axe finds no fault',
    async (_, language, colorScheme) => {
      const path = await pathOf([...everyType, ...widest], language);
      for (const width of WIDTHS) {
        const { page } = await openPage(browser, addressOf(world), {
          viewport: { width, height: 740 },
          colorScheme,
          reducedMotion: 'reduce',
        });
        await page.goto(path);
        expect([width, await faultsOf(page)]).toEqual([width, []]);
        if (AT_ENDS.includes(width)) {
          expect([width, await problemsOf(page)]).toEqual([width, []]);
        }
        await page.locator('button[value=next]').click();
        await page.getByRole('alert').waitFor();
        expect([width, 'with errors', await faultsOf(page)]).toEqual([width, 'with errors', []]);
        await keep(page, `${language}-${width}`);
        await page.context().close();
      }
    },
    PATIENCE,
  );

  it(
    'show a slider as open until somebody answers it, by hand, key or number',
    async () => {
      const path = await pathOf([widest.find(({ id }) => id === 'QID42')!], 'en');
      const { page } = await openPage(browser, addressOf(world), { viewport: { width: 360, height: 740 } });
      await page.goto(path);
      const [range, field] = [page.locator('input[type=range]'), page.locator('input[type=number]')];
      const isOpen = (): Promise<boolean[]> =>
        page.locator('.slider__open').evaluateAll((notes) => notes.map((note) => note.checkVisibility()));
      expect(await isOpen()).toEqual([true, true]);
      expect(await range.first().getAttribute('aria-valuetext')).toBe('Not answered yet');
      await range.first().click(); // in the middle, where an untouched thumb would stand
      expect([await field.first().inputValue(), await isOpen()]).toEqual(['50', [false, true]]);
      await range.nth(1).press('ArrowRight');
      expect([await field.nth(1).inputValue(), await isOpen()]).toEqual(['51', [false, false]]);
      await field.nth(1).fill('');
      expect(await isOpen()).toEqual([false, true]);
      await field.nth(1).fill('7');
      expect([await range.nth(1).inputValue(), await range.nth(1).getAttribute('aria-valuetext')]).toEqual(['7', null]);
    },
    PATIENCE,
  );

  it(
    'add up a sum while it is written, in the digits and marks of the page',
    async () => {
      const shares: Question = {
        ...asked(51),
        type: 'sum',
        choices: parts(3, (place) => `Part ${place}`),
        total: 12_000.5,
        decimals: 1,
      };
      const path = await pathOf([shares], 'de');
      const { page } = await openPage(browser, addressOf(world), {
        viewport: { width: 360, height: 740 },
        locale: 'de-DE',
      });
      await page.goto(path);
      const total = page.locator('[data-sum-total]');
      await page.locator('[name=QID51_1]').fill('10.000');
      await page.locator('[name=QID51_2]').fill('１９９９,5');
      expect(await total.textContent()).toBe('11.999,5');
      await page.locator('[name=QID51_3]').fill('1');
      expect([await total.textContent(), await total.getAttribute('class')]).toEqual(['12.000,5', 'is-right']);
    },
    PATIENCE,
  );
});

/** What is too wide, out of sight, too small to be met or hidden by something else. */
async function faultsOf(page: Page): Promise<string[]> {
  const found = await page.evaluate<string[]>(`(() => {
    const wide = document.documentElement.scrollWidth - window.innerWidth;
    const faults = wide > 0 ? ['the page is ' + wide + ' px too wide'] : [];
    const name = (element) => element.tagName + ' ' + (element.id || element.className || element.name);
    for (const element of document.querySelectorAll('input, select, textarea, button, label, legend, th, td, a')) {
      if (element.closest('.website, .sr, .q__text table, .prose table') || !element.checkVisibility()) continue;
      const box = element.getBoundingClientRect();
      if (box.width === 0 || getComputedStyle(element).clipPath !== 'none') continue;
      if (box.left < -1 || box.right > window.innerWidth + 1) faults.push(name(element) + ' from ' + box.left + ' to ' + box.right);
      const target = element.matches('[type=radio], [type=checkbox]') ? element.closest('label') : element;
      const size = target.getBoundingClientRect();
      const isTarget = element.matches('input, select, textarea, button');
      if (isTarget && (size.width < 24 || size.height < 24)) faults.push(name(element) + ' is ' + size.width + ' x ' + size.height);
    }
    const next = document.querySelector('button[value=next]');
    next.scrollIntoView({ block: 'center' });
    const { left, top, width, height } = next.getBoundingClientRect();
    if (document.elementFromPoint(left + width / 2, top + height / 2) !== next) faults.push('Next is covered');
    window.scrollTo(0, 0);
    return faults;
  })()`);
  return found;
}

/** What axe finds by WCAG 2.2 A and AA and by good practice. */
async function problemsOf(page: Page): Promise<string[]> {
  await page.evaluate(AXE);
  const { violations } = await page.evaluate<{ violations: { id: string; nodes: { html: string }[] }[] }>(
    `axe.run(document, { runOnly: ['wcag2a', 'wcag2aa', 'wcag21a', 'wcag21aa', 'wcag22aa', 'best-practice'] })`,
  );
  return violations.map(({ id, nodes }) => `${id}: ${nodes.map(({ html }) => html).join(' | ')}`.slice(0, 300));
}

/** A picture for people, where they say a folder. */
async function keep(page: Page, name: string): Promise<void> {
  const folder = process.env['PICTURES'];
  if (folder !== undefined) {
    await page.screenshot({ path: `${folder}/${name}.png`, fullPage: true });
  }
}
