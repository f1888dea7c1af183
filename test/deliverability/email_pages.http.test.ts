import { gzipSync } from 'node:zlib';
import iconv from 'iconv-lite';
import { alertsOf, raiseAlerts } from '../../src/ledger/alerts.js';
import { countMessages, foldDeliveries } from '../../src/deliverability/deliverability.sql.js';
import { aSurvey } from '../surveys/builders.js';
import { type Person, startWorld, type World } from '../world.js';
import { aDistribution, anAudience, ledgerOf, workOff } from '../distributions/builders.js';
import { comeBack, corpusMail } from './returning.js';

describe('the pages about what comes back', () => {
  let world: World;
  let ada: Person;
  let ids: string[];
  beforeAll(async () => {
    world = await startWorld({ BOUNCE_PORT: '0', MAIL_DOMAIN: 'acme.example' });
    ada = await world.aPerson(await world.aBrand(), { type: 'administrator' });
    const { listId } = await anAudience(world, ada, 20);
    const distribution = await aDistribution(world, ada, await aSurvey(world, ada), { listId });
    await workOff(world);
    ids = (await ledgerOf(world, distribution)).map(({ id }) => id);
  });
  afterAll(() => world.close());

  const page = async (path: string): Promise<string> => (await ada.agent.get(`/brand/email/${path}`).expect(200)).text;

  it('are empty before anything came back, and say what they are for', async () => {
    expect(await page('suppressions')).toContain('No address is suppressed');
    expect(await page('returned')).toContain('Nothing came back');
    expect(await page('warm-ups')).toContain('acme.example');
  });

  it('are for administrators only', async () => {
    const grace = await world.aPerson(await world.aBrand('Globex'), { firstName: 'Grace' });
    for (const path of ['deliverability', 'suppressions', 'suppressions.csv', 'returned', 'warm-ups']) {
      await grace.agent.get(`/brand/email/${path}`).expect(403);
    }
    await grace.agent.post('/brand/email/suppressions').type('form').send({ address: 'a@example.com' }).expect(403);
  });

  it('open what came back as it came, and hand it out as a file, to administrators of its brand', async () => {
    const token = world.ids.token('opt-out', ids[2]!);
    const raw = `From: x@navy.example\r\nSubject: <b>Hi</b>\r\nContent-Type: text/html\r\n\r\n<script>alert(2)</script> /u/${token}`;
    await comeBack(world, ids[2]!, raw, { sender: 'x@navy.example' });
    const path = /\/brand\/email\/returned\/\d+/.exec(await page('returned'))![0];
    const { text } = await ada.agent.get(path).expect(200);
    expect(text).toContain('&lt;script&gt;alert(2)');
    const file = await ada.agent.get(`${path}/mail.eml`).responseType('text').expect(200);
    expect(file.headers).toMatchObject({
      'content-type': 'message/rfc822',
      'content-disposition': expect.stringMatching(/^attachment; filename=mail-\d+\.eml$/),
      'x-content-type-options': 'nosniff',
      'content-security-policy': expect.stringContaining('sandbox'),
    });
    expect(String(file.body)).toContain('<script>alert(2)</script> /u/');
    expect(text + String(file.body)).not.toContain(token);
    const grace = await world.aPerson(await world.aBrand('Initech'), { type: 'administrator' });
    for (const url of [path, `${path}/mail.eml`]) {
      await grace.agent.get(url).expect(404);
    }
    const audited = await world.database.inBrand(ada.actor.brandId, (unit) =>
      unit.sql(`SELECT action FROM audit_entries WHERE action LIKE 'returned.%' ORDER BY id`),
    );
    expect(audited).toEqual([{ action: 'returned.open' }, { action: 'returned.download' }]);
    await ada.agent.post('/brand/email/returned/forwarding').type('form').send({ carries: 'files' }).expect(303);
    expect(await page('returned')).toMatch(/<option value="files" selected>/);
    await ada.agent.post('/brand/email/returned/forwarding').type('form').send({ carries: 'all' }).expect(422);
  });

  it('show replies and reports with their words, escaped', async () => {
    await comeBack(world, ids[0]!, corpusMail('postfix-user-unknown'));
    await comeBack(world, ids[1]!, corpusMail('reply-plain'), { sender: 'grace@navy.example' });
    await comeBack(world, ids[1]!, 'From: <b>x</b>@navy.example\nSubject: <script>alert(1)</script>\n\n<img src=x>', {
      sender: 'x@navy.example',
    });
    const text = await page('returned');
    expect(text).toContain('User unknown in virtual mailbox table');
    expect(text).toContain('It was great, thank you!');
    expect(text).not.toContain('<script>alert(1)');
    expect(text).toContain('&lt;img src&#x3D;x&gt;');
    expect(await page('returned?kind=bounce')).not.toContain('It was great');
  });

  it('show figures by domain and the rates that receivers look at', async () => {
    const { brandId } = ada.actor;
    await world.database.inBrand(brandId, async (unit) => {
      await countMessages(unit, { brandId, ids: [ids[2]!], name: 'opened', now: world.clock.now() });
      await foldDeliveries(unit, brandId, 1000);
    });
    const text = await page('deliverability');
    expect(text).toContain('example.com');
    expect(text).toMatch(/Hard bounces, 7 days[\s\S]*?4\.76 %/);
    expect(text).toContain('never 0.3 %');
    expect(await page('deliverability?days=30')).toContain('By day');
    expect(await page('deliverability?from=acme.example')).toContain('Only from acme.example');
    expect(await page('deliverability?from=other.example')).toContain('No mails yet');
  });

  it('list suppressed addresses, find, add, import, export and release them', async () => {
    expect(await page('suppressions')).toContain('person.1@example.com');
    await ada.agent.post('/brand/email/suppressions').type('form').send({ address: 'no address' }).expect(422);
    await ada.agent.post('/brand/email/suppressions').type('form').send({ address: 'Blocked@Example.org' }).expect(303);
    await ada.agent
      .post('/brand/email/suppressions/imports')
      .attach(
        'file',
        Buffer.from('\uFEFFsep=,\r\nEmail,Name\r\none@example.org,One\r\n"Zwei, T." <two@example.org>\r\nnonsense\r\n'),
        'list.csv',
      )
      .expect(303);
    expect(await page('suppressions')).toContain('2 addresses were taken, 1 lines hold no address.');
    const japanese = iconv.encode('氏名,メール\r\n山田|太郎,three@ドメイン.example\r\n', 'shift_jis');
    await ada.agent.post('/brand/email/suppressions/imports').attach('file', japanese, 'list.csv').expect(303);
    expect(await page('suppressions?q=three%40xn--eckwd4c7c.example')).toContain('three@xn--eckwd4c7c.example');
    const packed = ada.agent
      .post('/brand/email/suppressions/imports')
      .attach('file', gzipSync('a@example.org'), 'a.csv');
    expect((await packed.expect(422)).text).toContain('This is a compressed file');
    const found = await page('suppressions?q=BLOCKED%40example.org');
    expect(found).toContain('blocked@example.org');
    expect(found).not.toContain('one@example.org');
    const { text: csv } = await ada.agent.get('/brand/email/suppressions.csv').expect(200);
    expect(csv).toMatch(/^\uFEFFEmail,/);
    expect(csv.trim().split('\r\n')).toHaveLength(6);
    expect(csv).toContain('two@example.org,administrator');
    const id = /name="id" value="(\d+)"/.exec(found)![1]!;
    await ada.agent.post('/brand/email/suppressions/releases').type('form').send({ id }).expect(303);
    expect(await page('suppressions?q=blocked%40example.org')).toContain('This address is not suppressed');
    await ada.agent.post('/brand/email/suppressions/releases').type('form').send({ id }).expect(404);
  });

  it('does not release what another brand suppresses', async () => {
    const grace = await world.aPerson(await world.aBrand('Initech'), { type: 'administrator', firstName: 'Grace' });
    const id = /name="id" value="(\d+)"/.exec(await page('suppressions'))![1]!;
    await grace.agent.post('/brand/email/suppressions/releases').type('form').send({ id }).expect(404);
  });

  it('turn the plan of a From domain on and off', async () => {
    await ada.agent.post('/brand/email/warm-ups').type('form').send({ domain: 'acme.example', turn: 'on' }).expect(303);
    expect(await page('warm-ups')).toContain('The first day begins with the next mail.');
    await ada.agent
      .post('/brand/email/warm-ups')
      .type('form')
      .send({ domain: 'acme.example', turn: 'off' })
      .expect(303);
    expect(await page('warm-ups')).toContain('sends without a daily cap');
    await ada.agent
      .post('/brand/email/warm-ups')
      .type('form')
      .send({ domain: 'other.example', turn: 'on' })
      .expect(404);
  });

  it('count alerts of a distribution instead of repeating them', async () => {
    const { brandId } = ada.actor;
    const alerts = await world.database.inBrand(brandId, async (unit) => {
      const { id } = await unit.one<{ id: string }>('SELECT id FROM distributions LIMIT 1');
      const about = { brandId, distributionId: id, now: world.clock.now() };
      await raiseAlerts(unit, about, [{ kind: 'content', words: 'one', saidBy: 'mx.navy.example' }]);
      await raiseAlerts(unit, about, [{ kind: 'content', words: 'two', saidBy: '@navy.example' }]);
      return alertsOf(unit, id);
    });
    expect(alerts).toMatchObject([{ kind: 'content', n: 2, words: 'two', saidBy: '@navy.example' }]);
  });
});
