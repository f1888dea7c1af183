import { phrasesIn, UI_LANGUAGES } from '../../../src/platform/web/phrases.js';
import { aLink, type BuiltLink, type LinkWords } from '../../links/builders.js';
import { MailerService } from '../../../src/mailer/mailer.service.js';
import { BrandRelays } from '../../../src/mailer/relays/brand_relays.js';
import { Sink } from '../../mailer/sink.js';
import { aSurvey } from '../../surveys/builders.js';
import { until } from '../../waiting.js';
import { type Person, startWorld, type World } from '../../world.js';
import { fourPages } from '../four_pages.js';
import { codeMails, codeOf } from '../proof_mails.js';
import { Respondent } from '../respondent.js';
import { dumped } from '../table_dump.js';

const SECRET = 'Nobody listens to Ms Lovelace';
const MINUTE = 60_000;

describe('a code that proves on another device whose walk it is', () => {
  let world: World;
  let ada: Person;
  let brandId: string;
  let people = 0;
  beforeAll(async () => {
    world = await startWorld({ ALLOW_PRIVATE_HOSTS: '127.0.0.1' });
  });
  afterAll(() => world.close());
  beforeEach(async () => {
    await world.forget();
    world.clock.set(new Date('2026-11-23T09:00:00Z'));
    const brand = await world.aBrand('Acme');
    brandId = brand.id;
    ada = await world.aPerson(brand);
  });

  async function aWalk(
    options: Record<string, unknown> = {},
    contact: LinkWords['contact'] = {},
  ): Promise<{ link: BuiltLink; own: Respondent; other: Respondent }> {
    people += 1;
    const survey = await aSurvey(world, ada, { definition: fourPages(), options });
    const whose = { firstName: 'Grace', email: `grace${people}@navy.example`, ...contact };
    const link = await aLink(world, survey, { contact: whose });
    const own = await Respondent.at(world, link.path);
    await own.send({ QID1: SECRET });
    return { link, own, other: await Respondent.at(world, link.path) };
  }
  const ask = (one: Respondent) => one.browser.post(`${one.path}/code`).redirects(0);
  const offer = (one: Respondent, code: string) =>
    one.browser.post(`${one.path}/proof`).type('form').send({ code }).redirects(0);
  const hasBack = async (one: Respondent) => (await one.open(one.path)).page.text.includes('value="back"');
  /** The same digits but one. */
  const wrong = (code: string) => `${code.slice(0, -1)}${(Number(code.at(-1)) + 1) % 10}`;

  it.each([
    ['of a survey like others', {}],
    ['of an anonymous survey', { anonymize: true }],
  ])('goes to the invited address and shows there what was answered (%s)', async (_, options) => {
    const { other } = await aWalk(options);
    expect(other.text).toContain('have a code sent to \u2066g•••@n•••.example\u2069');
    expect((await ask(other).expect(303)).headers['location']).toBe(`${other.path}/code`);
    const mail = await codeOf(world, brandId, 1);
    expect(mail.to).toBe(`grace${people}@navy.example`);
    expect(mail.subject).toBe('Your code for a survey of Acme');
    expect(mail.text).toContain('Auto-Submitted: auto-generated');
    expect(mail.text).not.toMatch(/\/s\/|ovelace/);
    await other.open(`${other.path}/code`);
    expect(other.text).toContain('A code is being sent to');
    expect(other.page.text).not.toContain('navy.example');
    const typed = `${mail.code.slice(0, 4)} - ${mail.code.slice(4)}`;
    expect((await offer(other, typed).expect(303)).headers['location']).toBe(other.path);
    expect(await hasBack(other)).toBe(true);
    expect((await other.send({}, 'back')).page.text).toContain(SECRET);
  });

  it('is good once, for its own walk, for a quarter of an hour', async () => {
    const [one, two] = [await aWalk(), await aWalk()];
    await ask(one.other);
    await ask(two.other);
    const [first, second] = [await codeOf(world, brandId, 1), await codeOf(world, brandId, 2)];
    const [mine, theirs] = first.to === `grace${people}@navy.example` ? [second, first] : [first, second];
    await offer(one.other, theirs.code).expect(422);
    await offer(one.other, mine.code).expect(303);
    const third = await Respondent.at(world, one.link.path);
    expect((await offer(third, mine.code).expect(303)).headers['set-cookie']).toBeUndefined();
    expect(await hasBack(third)).toBe(false);
    world.clock.forward(15 * MINUTE);
    const late = await offer(two.other, theirs.code).expect(422);
    expect(late.text).toContain('This code is no longer good.');
    expect(await hasBack(two.other)).toBe(false);
  });

  it('ends after five wrong ones, also when they come at once', async () => {
    const { other } = await aWalk();
    await ask(other);
    const { code } = await codeOf(world, brandId, 1);
    expect((await offer(other, wrong(code)).expect(422)).text).toContain('Tries left: 4.');
    expect((await other.open(`${other.path}/proof`)).page.text).toContain('name="code"');
    const tries = Array.from({ length: 12 }, () => offer(other, wrong(code)).expect(422));
    const texts = (await Promise.all(tries)).map(({ text }) => text);
    expect(texts.filter((text) => text.includes('Tries left'))).toHaveLength(3);
    expect((await offer(other, code).expect(422)).text).toContain('no longer good');
    expect(await hasBack(other)).toBe(false);
  });

  it('takes one of many that come at once', async () => {
    const { link, other } = await aWalk();
    await ask(other);
    const { code } = await codeOf(world, brandId, 1);
    const browsers = await Promise.all(Array.from({ length: 6 }, () => Respondent.at(world, link.path)));
    const answers = await Promise.all(browsers.map((one) => offer(one, code)));
    expect(answers.filter(({ headers }) => headers['set-cookie'] !== undefined)).toHaveLength(1);
  });

  it('is sent three times an hour and eight times a day, and only the latest is good', async () => {
    const { other } = await aWalk();
    for (let hour = 0, sent = 0; hour < 3; hour += 1) {
      for (let number = 0; number < 3 && sent < 8; number += 1, sent += 1) {
        await ask(other).expect(303);
        await codeOf(world, brandId, sent + 1);
      }
      const refused = await ask(other).expect(429);
      expect(refused.text).toContain('Several codes were sent already.');
      expect(Number(refused.headers['retry-after'])).toBeGreaterThan(0);
      expect(refused.text).toContain('name="code"');
      world.clock.forward(hour < 2 ? 60 * MINUTE : MINUTE);
    }
    const mails = await codeMails(world, brandId);
    expect(mails).toHaveLength(8);
    await offer(other, mails[6]!.code).expect(422);
    await offer(other, mails[7]!.code).expect(303);
  });

  it('is sent to one address so often, by however many links', async () => {
    const survey = await aSurvey(world, ada, { definition: fourPages() });
    const statuses: number[] = [];
    for (let number = 0; number < 4; number += 1) {
      const { path } = await aLink(world, survey, { contact: { firstName: 'Grace', email: 'one@navy.example' } });
      await (await Respondent.at(world, path)).send({ QID1: SECRET });
      const other = await Respondent.at(world, path);
      statuses.push((await ask(other)).status, (await ask(other)).status);
    }
    expect(statuses).toEqual([303, 303, 303, 303, 303, 303, 429, 429]);
  });

  it('tells the first device no more, once somebody has proved to be the invited person', async () => {
    const { own, other } = await aWalk();
    await ask(other);
    await offer(other, (await codeOf(world, brandId, 1)).code).expect(303);
    expect(await hasBack(own)).toBe(true);
    await other.open(other.path);
    await other.send({ QID2: 'said by the real one' });
    expect(await hasBack(own)).toBe(false);
    expect(own.page.text).toContain('another device');
    expect(await hasBack(other)).toBe(true);
  });

  it('is offered where there is an address, and while it is the one that was invited', async () => {
    const without = await aWalk({}, { email: '' });
    expect(without.other.text).toContain('This survey was begun on another device.');
    expect(without.other.text).not.toContain('have a code sent');
    expect((await ask(without.other).expect(303)).headers['location']).toBe(without.other.path);
    const moved = await aWalk();
    await world.database.inBrand(brandId, (unit) =>
      unit.run(`UPDATE contacts SET email = 'mallory@elsewhere.example' WHERE id = $1`, [moved.link.contactId]),
    );
    await moved.other.open();
    expect(moved.other.text).not.toContain('have a code sent');
    await ask(moved.other).expect(303);
    await world.jobs.settled();
    expect(await codeMails(world, brandId)).toEqual([]);
  });

  it('leads on where there is nothing to prove, and says that a link leads nowhere', async () => {
    const { own, other } = await aWalk();
    for (const one of [own, other]) {
      const page = await one.browser.get(`${one.path}/code`).redirects(0).expect(303);
      expect(page.headers['location']).toBe(one.path);
    }
    expect((await ask(own).expect(303)).headers['location']).toBe(own.path);
    expect((await offer(own, '12345678').expect(303)).headers['set-cookie']).toBeUndefined();
    const nowhere = await world.visitor().post('/s/nowhere/code').redirects(5);
    expect(nowhere.status).toBe(404);
    const survey = await aSurvey(world, ada, { definition: fourPages() });
    const { path } = await aLink(world, survey, { kind: 'multiple' });
    expect((await world.visitor().post(`${path}/code`)).headers['location']).toBe(path);
    expect(await codeMails(world, brandId)).toEqual([]);
  });

  it('leaves by the way that the brand’s mails take, and never stays where colleagues could read it', async () => {
    const relay = await new Sink().listen();
    const root = await world.aPerson({ id: brandId } as never, { type: 'administrator' });
    const settings = { name: 'Post', host: '127.0.0.1', port: `${relay.port}`, tls: 'off', auth: 'none' };
    const rest = { senderRule: 'verp', connections: '2', messagesPerConnection: '50', perMinute: '0' };
    await root.agent
      .post('/brand/email/relays')
      .type('form')
      .send({ ...settings, ...rest })
      .expect(303);
    const first = await aWalk();
    await ask(first.other).expect(303);
    await until(() => relay.caught.length === 1);
    expect(relay.caught[0]!.recipients).toEqual([`grace${people}@navy.example`]);
    await world.database.inBrand(brandId, (unit) =>
      unit.run(`UPDATE relays SET from_domains = '{acme.example}', changed_at = changed_at + interval '1 second'`),
    );
    world.app.get(BrandRelays).forget(brandId);
    expect(await world.app.get(MailerService).noticeAddressOf(brandId)).toBeUndefined();
    const refused = await ask((await aWalk()).other).expect(503);
    expect(refused.text).toContain('No code can be sent at the moment.');
    expect(refused.text).not.toMatch(/name="code"|Send another code/);
    expect(await codeMails(world, brandId)).toEqual([]);
    await relay.close();
  });

  it('stands in no table, and leaves nothing behind in that of an anonymous walk', async () => {
    const { other } = await aWalk({ anonymize: true });
    await ask(other);
    const { code } = await codeOf(world, brandId, 1);
    const holders = async (): Promise<string[]> =>
      (await dumped(world)).filter(({ cells }) => JSON.stringify(cells).includes(code)).map(({ table }) => table);
    expect((await holders()).filter((table) => table !== 'mailbox_mails')).toEqual([]);
    const [session] = (await dumped(world)).filter(({ table }) => table === 'sessions');
    expect(Object.keys(session!.cells['walk'] as object)).toEqual(['sealed']);
  });

  it('is asked for and typed in every language, the mail too', async () => {
    for (const [place, language] of UI_LANGUAGES.entries()) {
      const words = phrasesIn(language);
      const { other } = await aWalk({}, { language });
      expect(other.text).toContain(words.say('proof.note'));
      await ask(other).expect(303);
      const page = (await other.open(`${other.path}/code`)).page.text;
      expect(page).toContain(`lang="${language}"`);
      expect(page).toContain(words.say('proof.label', { digits: 8 }));
      const { code } = await codeOf(world, brandId, place + 1);
      const late = (await offer(other, wrong(code)).expect(422)).text;
      expect(late).toContain(words.say('proof.wrong', { left: 4 }));
      await offer(
        other,
        code.replaceAll(/\d/g, (digit) => String.fromCodePoint(0x660 + Number(digit))),
      ).expect(303);
    }
  });
});
