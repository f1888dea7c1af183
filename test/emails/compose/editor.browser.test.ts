import type { Browser, Page } from 'playwright-core';
import type { Survey } from '../../../src/surveys/survey.entity.js';
import { addressOf, describeInBrowser, launchBrowser, openPage, signIn, typedByHand } from '../../browser.js';
import { aSurvey } from '../../surveys/builders.js';
import { until } from '../../waiting.js';
import { type Person, startWorld, type World } from '../../world.js';
import { anAudience } from '../../distributions/builders.js';
import { HOSTILE_HTML } from '../content/hostile_html.js';

const PICTURE = Buffer.from('R0lGODlhAQABAIAAAAAAAP///yH5BAEAAAAALAAAAAABAAEAAAIBRAA7', 'base64');

describeInBrowser('the editor of mails', () => {
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
    await anAudience(world, ada, [{ firstName: 'Grace', email: 'grace@navy.example' }]);
    ({ page, faults } = await openPage(browser, addressOf(world)));
    await signIn(page, ada);
    await page.goto(`${list()}/new`);
    await page.locator('trix-editor').waitFor();
  });
  afterEach(() => page.context().close());
  afterAll(async () => {
    await browser.close();
    await world.close();
  });

  const list = (): string => `/surveys/${world.ids.show('SV', survey.id)}/distributions/emails`;
  const body = (): Promise<string> => page.locator('#field_body').inputValue();
  const view = (name: string) => page.locator('.editor__views').getByText(name, { exact: true });
  const shown = () => page.frameLocator('.preview__box--desktop iframe:not(.preview__next)');

  it('writes paragraphs, bold words and lists as plain HTML, and nothing else', async () => {
    const editor = page.locator('trix-editor');
    await editor.click();
    await page.keyboard.press('Control+a');
    await typedByHand(page, 'Hello you\n\n');
    await expectBody(/Hello you/);
    // The browser tells of a new place of the cursor later than of keys, and bold that was asked for before is lost.
    await until(async () => {
      await page.keyboard.press('Control+b');
      await page.evaluate('new Promise((seen) => requestAnimationFrame(() => requestAnimationFrame(seen)))');
      return (await page.locator('[data-trix-attribute=bold].trix-active').count()) === 1;
    });
    await typedByHand(page, 'Bold');
    await page.keyboard.press('Control+b');
    await expectBody(/^<p>Hello you<\/p>\n?<p><strong>Bold<\/strong><\/p>$/);
    expect(faults).toEqual([]);
  });

  it('keeps what is typed before the first frame is drawn, on a machine that is busy', async () => {
    await page.addInitScript(() => {
      const { requestAnimationFrame: draw } = globalThis as unknown as {
        requestAnimationFrame: (act: unknown) => number;
      };
      const isReady = (act: unknown): boolean => String(act).includes('trix-initialize');
      Object.assign(globalThis, { requestAnimationFrame: (act: unknown) => (isReady(act) ? 0 : draw(act)) });
    });
    await page.goto(`${list()}/new`);
    await page.locator('trix-editor').click();
    await page.keyboard.press('Control+a');
    await page.keyboard.type('Early');
    await expectBody(/^<p>Early<\/p>$/);
  });

  it('puts placeholders where the cursor stands', async () => {
    await page.locator('trix-editor').click();
    await page.keyboard.press('Control+a');
    await typedByHand(page, 'Dear ');
    await page
      .locator('.compose__field', { has: page.locator('trix-editor') })
      .getByText('Insert', { exact: true })
      .click();
    await page.locator('[data-insert="#field_body"]', { hasText: 'First name' }).click();
    await expectBody(/^<p>Dear \$\{m:\/\/FirstName\}<\/p>$/);
    await shown().getByText('Dear Grace').waitFor();
  });

  it('shows placeholders by their names, however they came, and keeps their code', async () => {
    const editor = page.locator('trix-editor');
    expect(await editor.innerText()).not.toContain('${');
    await editor.locator('.mail-chip--button', { hasText: 'Take the survey' }).waitFor();
    await editor.click();
    await page.keyboard.press('Control+a');
    await typedByHand(page, 'Dear ${m://FirstName} and ${e://Field/Team?d=all}, ');
    await expectBody(/^<p>Dear \$\{m:\/\/FirstName\} and \$\{e:\/\/Field\/Team\?d=all\},/);
    expect(await editor.locator('.mail-chip').allInnerTexts()).toEqual(['First name', 'Team (all)']);
    const before = await body();
    await view('HTML').click();
    expect(await body()).toBe(before);
    await view('Rich text').click();
    await editor.locator('.mail-chip', { hasText: 'Team' }).waitFor();
    expect(await body()).toBe(before);
    await editor.evaluate(
      (element: unknown, html) => (element as { editor: { insertHTML(text: string): void } }).editor.insertHTML(html),
      '<b>${l://SurveyLink?d=Go &amp; win?}</b>',
    );
    await editor.evaluate('document.querySelector("trix-editor").dispatchEvent(new CustomEvent("trix-paste"))');
    await editor.locator('.mail-chip--button', { hasText: 'Go & win?' }).waitFor();
    await expectBody(/\$\{l:\/\/SurveyLink\?d=Go &amp; win\?\}/);
    expect(faults).toEqual([]);
  });

  it('takes the words of a link, and those for people without a value, from a field beside the text', async () => {
    await page.locator('trix-editor').click();
    await page.keyboard.press('Control+a');
    await typedByHand(page, 'Dear ${m://FirstName}');
    await page.locator('.mail-chip', { hasText: 'First name' }).waitFor();
    await until(async () => {
      await page.keyboard.press('Shift+ArrowLeft');
      return page.locator('.editor__chip').isVisible();
    });
    await page.getByLabel('Where there is none, write').fill('friend');
    await expectBody(/^<p>Dear \$\{m:\/\/FirstName\?d=friend\}<\/p>$/);
    await page.locator('trix-editor .mail-chip', { hasText: 'First name (friend)' }).waitFor();
    expect(faults).toEqual([]);
  });

  it('leads links to the survey, whatever was typed for it', async () => {
    const link = async (act: () => Promise<void>): Promise<void> => {
      await page.locator('trix-editor').click();
      await page.keyboard.press('Control+a');
      await typedByHand(page, 'Take part');
      // The editor draws what was typed at the next frame, and the cursor with it.
      await until(async () => {
        await page.keyboard.press('Control+a');
        return page.evaluate<boolean>(`getSelection().toString() === 'Take part'`);
      });
      await page.locator('[data-trix-attribute=href]').click();
      await act();
    };
    const typed =
      (address: string): (() => Promise<void>) =>
      async () => {
        await page.locator('[data-trix-input][name=href]').fill(address);
        await page.keyboard.press('Enter');
      };
    await link(typed('http://${l://SurveyURL}'));
    await expectBody(/^<p><a href="\$\{l:\/\/SurveyURL\}">Take part<\/a><\/p>$/);
    await link(typed('www.acme.example/jobs'));
    await expectBody(/^<p><a href="https:\/\/www.acme.example\/jobs">Take part<\/a><\/p>$/);
    await link(() => page.getByRole('button', { name: 'Opt-out link' }).click());
    await expectBody(/^<p><a href="\$\{l:\/\/OptOutURL\}">Take part<\/a><\/p>$/);
    expect(faults).toEqual([]);
  });

  it('changes nothing by switching between both views', async () => {
    const before = await body();
    await view('HTML').click();
    await view('Rich text').click();
    await page.locator('trix-editor').waitFor();
    expect(await body()).toBe(before);
    await page.locator('trix-editor').click();
    await page.keyboard.press('Control+End');
    await typedByHand(page, '!');
    await expectBody(/!/);
    expect((await body()).replace('!', '').trim()).toBe(before.trim());
  });

  it('leaves HTML that it cannot show as it is, with a hint', async () => {
    await view('HTML').click();
    const html = '<table><tr><td style="color:red">${l://SurveyLink}</td></tr></table>';
    await page.locator('#field_body').fill(html);
    await page.getByText('This HTML holds more than rich text can show').waitFor();
    expect(await page.locator('.editor__views [value=rich]').isDisabled()).toBe(true);
    expect(await body()).toBe(html);
    await page.locator('#field_body').fill('<p>Simple</p>');
    await view('Rich text').click();
    await page.locator('trix-editor', { hasText: 'Simple' }).waitFor();
  });

  it('takes pictures in and refuses other files with words', async () => {
    const chooser = async (file: { name: string; mimeType: string; buffer: Buffer }): Promise<void> => {
      const [dialog] = await Promise.all([
        page.waitForEvent('filechooser'),
        page.locator('[data-trix-action=attachFiles]').click(),
      ]);
      await dialog.setFiles(file);
    };
    await page.locator('trix-editor').click();
    await chooser({ name: 'cv.pdf', mimeType: 'application/pdf', buffer: Buffer.from('%PDF-1.4') });
    await page.getByText('Only pictures can stand in a mail').waitFor();
    await chooser({ name: 'dot.gif', mimeType: 'image/gif', buffer: PICTURE });
    await expectBody(/<img src="http[^"]+\/pictures\/1\w{22}" alt="" width="1" height="1">/);
    // This installation's own address has no port here, so that the picture seems to come from elsewhere.
    expect(faults.filter((fault) => !fault.includes('localhost:0/pictures/'))).toEqual([]);
  });

  it('cleans what is pasted', async () => {
    await page.locator('trix-editor').click();
    await page.keyboard.press('Control+a');
    const pasted = '<h2 style="color:red" onclick="alert(1)">Title</h2><script>alert(1)</script><p class="x">Text</p>';
    await page
      .locator('trix-editor')
      .evaluate(
        (element: unknown, html) => (element as { editor: { insertHTML(text: string): void } }).editor.insertHTML(html),
        pasted,
      );
    await expectBody(/Text/);
    expect(await body()).not.toMatch(/style|onclick|script|class/);
  });

  it('runs nothing of hostile HTML, neither in the editor nor in the preview', async () => {
    const alerts: string[] = [];
    page.on('dialog', (dialog) => {
      alerts.push(dialog.message());
      void dialog.dismiss();
    });
    await view('HTML').click();
    const mark = 'The end of it';
    await page.locator('#field_body').fill(`<p>${mark}</p>${HOSTILE_HTML.join('\n')}`);
    await shown().getByText(mark).first().waitFor();
    for (const html of HOSTILE_HTML) {
      const { text } = await ada.agent
        .post(`${list()}/preview`)
        .type('form')
        .send({ body: `<p>x</p>${html}` });
      const tab = await page.context().newPage();
      tab.on('dialog', (dialog) => {
        alerts.push(`${html}: ${dialog.message()}`);
        void dialog.dismiss();
      });
      await tab.setContent(text, { waitUntil: 'domcontentloaded' });
      await tab.close();
    }
    expect(alerts).toEqual([]);
  });

  it('is a plain field without script', async () => {
    const context = await browser.newContext({ baseURL: addressOf(world), javaScriptEnabled: false });
    const plain = await context.newPage();
    await signIn(plain, ada);
    await plain.goto(`${list()}/new`);
    expect(await plain.locator('textarea#field_body').isVisible()).toBe(true);
    await plain.getByLabel('Contact list').selectOption({ index: 1 });
    await plain.getByLabel('Language to add').fill('de');
    await plain.getByRole('button', { name: 'Add language' }).click();
    await plain.locator('textarea#field_body_de').fill('<p>Hallo ${l://SurveyLink} ${l://OptOutLink}</p>');
    await plain.locator('.form__actions').getByRole('button', { name: 'Save draft' }).click();
    await plain.getByText('The draft is saved.').waitFor();
    expect(await plain.locator('textarea#field_body_de').inputValue()).toContain('Hallo');
    await context.close();
  });

  /** The field follows the editor at its own pace. */
  async function expectBody(pattern: RegExp): Promise<void> {
    await until(async () => pattern.test(await body())).catch(() => undefined);
    expect(await body()).toMatch(pattern);
  }
});
