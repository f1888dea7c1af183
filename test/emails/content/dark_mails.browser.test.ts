import type { Browser, Page } from 'playwright-core';
import { simpleParser } from 'mailparser';
import { contrast } from '../../../src/platform/web/accent.js';
import { describeInBrowser, launchBrowser } from '../../browser.js';
import { aSurvey } from '../../surveys/builders.js';
import { type Person, startWorld, type World } from '../../world.js';
import { aDistribution, anAudience, BODY, workOff } from '../../distributions/builders.js';

/** What WCAG asks of words. */
const READABLE = 4.5;

/** How mail programs show a mail to a reader who likes it dark. */
const CLIENTS = {
  light: 'leaves it light',
  dark: 'obeys the rules for the dark',
  bare: 'paints its own dark and drops all rules',
  links: 'paints its own dark and links',
  forced: 'darkens colours by itself',
  inverted: 'inverts everything',
} as const;
type Client = keyof typeof CLIENTS;

describeInBrowser('buttons of the first question in a mail', () => {
  let world: World;
  let browser: Browser;
  let ada: Person;
  beforeAll(async () => {
    world = await startWorld();
    browser = await launchBrowser();
    ada = await world.aPerson(await world.aBrand());
  });
  afterAll(async () => {
    await browser.close();
    await world.close();
  });

  const mails = new Map<string, Promise<{ html: string; text: string }>>();
  const mailOf = (design: 'plain' | 'brand'): Promise<{ html: string; text: string }> => {
    const known = mails.get(design) ?? sent(design);
    mails.set(design, known);
    return known;
  };
  async function sent(design: 'plain' | 'brand'): Promise<{ html: string; text: string }> {
    const survey = await aSurvey(world, ada, { name: design });
    const { listId } = await anAudience(world, ada, [{ email: `${design}@example.com` }]);
    await aDistribution(world, ada, survey, { listId, design, bodyHtml: `${BODY}<p>\${iq://first}</p>` });
    await workOff(world);
    const { raw } = await world.database.inBrand(ada.actor.brandId, (unit) =>
      unit.one<{ raw: Buffer }>('SELECT raw FROM mailbox_mails WHERE rcpt_to = $1', [`${design}@example.com`]),
    );
    const { html, text = '' } = await simpleParser(raw);
    return { html: String(html), text };
  }

  /** Draws it as that mail program would. */
  async function draw(html: string, client: Client): Promise<Page> {
    const page = await browser.newPage({
      viewport: { width: 700, height: 700 },
      colorScheme: client === 'dark' ? 'dark' : 'light',
    });
    if (client === 'forced') {
      const session = await page.context().newCDPSession(page);
      await session.send('Emulation.setAutoDarkModeOverride', { enabled: true });
    }
    const own = {
      links: 'body{background:#121212;color:#eee}a{color:#8ab4f8}',
      inverted: 'html{filter:invert(1);background:#fff}',
    };
    const bare = client === 'bare' ? html.replaceAll(/<style[\s\S]*?<\/style>/g, '') : html;
    const rules = client === 'bare' ? 'body{background:#121212;color:#eee}' : (own[client as keyof typeof own] ?? '');
    await page.setContent(`<style>${rules}</style>${bare}`);
    return page;
  }

  /** Between the lightest and the darkest dot within each button, its border left out. */
  async function contrasts(page: Page): Promise<number[]> {
    const found: number[] = [];
    for (const button of await page.locator('a.mail-choice').all()) {
      const picture = (await button.screenshot()).toString('base64');
      const [one, other] = (await page.evaluate(`(${EXTREMES})(${JSON.stringify(picture)})`)) as [string, string];
      found.push(contrast(one, other));
    }
    return found;
  }

  it.each(['plain', 'brand'] as const)('can be read whatever a mail program does to them (%s)', async (design) => {
    const { html } = await mailOf(design);
    for (const client of Object.keys(CLIENTS) as Client[]) {
      const page = await draw(html, client);
      const found = await contrasts(page);
      expect(found.length).toBeGreaterThan(1);
      const least = Math.min(...found);
      expect(least < READABLE ? `${least}: the program ${CLIENTS[client]}` : 'fine').toBe('fine');
    }
  });

  it('are in the plain text as well, each with an address of its own', async () => {
    const { text, html } = await mailOf('plain');
    const addresses = [...text.matchAll(/^(Good|Mixed|Bad) <(http\S+\?Q_Answer=[^\s>]+)>$/gm)];
    expect(addresses).toHaveLength((html.match(/class="mail-choice"/g) ?? []).length);
    expect(new Set(addresses.map(([, , address]) => address)).size).toBe(addresses.length);
  });
});

/** Of a picture: its darkest and its lightest colour, as `#rrggbb`. */
const EXTREMES = `async (picture) => {
  const image = new Image();
  image.src = 'data:image/png;base64,' + picture;
  await image.decode();
  const canvas = new OffscreenCanvas(image.width, image.height).getContext('2d');
  canvas.drawImage(image, 0, 0);
  const edge = 3;
  const { data } = canvas.getImageData(edge, edge, image.width - 2 * edge, image.height - 2 * edge);
  let [least, most] = [[255, 255, 255], [0, 0, 0]];
  const light = ([r, g, b]) => 0.2126 * r + 0.7152 * g + 0.0722 * b;
  for (let at = 0; at < data.length; at += 4) {
    const colour = [data[at], data[at + 1], data[at + 2]];
    if (light(colour) < light(least)) least = colour;
    if (light(colour) > light(most)) most = colour;
  }
  return [least, most].map((colour) => '#' + colour.map((part) => part.toString(16).padStart(2, '0')).join(''));
}`;
