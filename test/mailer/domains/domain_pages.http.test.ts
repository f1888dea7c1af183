import { START } from '../../clock.js';
import { DnsServer } from '../../platform/dns_server.js';
import { auditEntries } from '../../brands/builders.js';
import { type Person, startWorld, type World } from '../../world.js';
import { addDomain, checked, ownZone, settings, zoneOf } from './builders.js';

/** Templates write `=` in attributes as an entity. */
const unescaped = (html: string): string => html.replaceAll('&#x3D;', '=').replaceAll('&#x27;', "'");

const FORM = { selector: 'canvass1', bits: '2048', ed25519: 'on', bounce: 'bounce' };

describe('the pages of From domains', () => {
  let dns: DnsServer;
  let world: World;
  let ada: Person;

  beforeAll(async () => {
    dns = await DnsServer.start(ownZone());
    world = await startWorld({
      ...settings(dns),
      SMTP_URL: 'smtp://127.0.0.1:9?tls=off',
      BASE_URL: 'http://localhost',
    });
    world.clock.set(START);
  });
  afterAll(async () => {
    await world.close();
    await dns.close();
  });
  beforeEach(async () => {
    await world.forget();
    ada = await world.aPerson(await world.aBrand('Acme'), { type: 'administrator' });
  });

  const add = (typed: object) =>
    ada.agent
      .post('/brand/email/domains')
      .type('form')
      .send({ ...FORM, ...typed });

  it('teach those who have none', async () => {
    const { text } = await ada.agent.get('/brand/email');
    expect(text).toContain('Write from your own domain');
    expect(text).toContain('href="/brand/email/domains/new"');
    expect(text).toContain('canvass.example');
    expect((await ada.agent.get('/brand')).text).toContain('href="/brand/email"');
  });

  it('show what to publish, what was found and when', async () => {
    const made = await add({ domain: 'https://Pages.Example/' });
    expect(made.status).toBe(303);
    expect(made.headers['location']).toBe('/brand/email/domains/pages.example');
    const looking = await ada.agent.get('/brand/email/domains/pages.example');
    expect(looking.text).toContain('pages.example is added. Now publish the records below.');
    await world.jobs.settled();
    const text = unescaped((await ada.agent.get('/brand/email/domains/pages.example')).text);
    expect(text).toContain('value="canvass1._domainkey.pages.example"');
    expect(text).toMatch(/value="v=DKIM1; k=rsa; p=MII/);
    expect(text).toMatch(/value="&quot;v=DKIM1; k=rsa; p=MII[^&]+&quot; &quot;/);
    expect(text).toContain('value="10 bounce.canvass.example"');
    expect(text).toContain('value="v=spf1 ip4:198.51.100.7 -all"');
    expect(text).toContain('value="v=DMARC1; p=none"');
    expect(text).toContain('There is no key at canvass1._domainkey.pages.example.');
    expect(text).toContain('Waiting for records');
    expect((await ada.agent.get('/brand/email')).text).toContain('href="/brand/email/domains/pages.example"');
    expect(await auditEntries(world, ada.user.brandId, 'domain.add')).toMatchObject([{ subject: 'pages.example' }]);
  });

  it('follow a check while it runs, and say in words how many mails a domain is ready for', async () => {
    const found = await addDomain(world, ada, 'ready.example');
    dns.set(zoneOf(found));
    world.clock.forward(61_000);
    const asked = await ada.agent.post('/brand/email/domains/ready.example/checks');
    expect([asked.status, asked.headers['location']]).toEqual([303, '/brand/email/domains/ready.example']);
    await world.jobs.settled();
    const { text } = await ada.agent.get('/brand/email/domains/ready.example/state');
    expect(text).not.toContain('Looking at the DNS');
    expect(text).not.toContain('<html');
    expect(text).toContain('Invitations may come from this domain.');
    expect(text).toContain('Ready for many mails?');
    expect(text).not.toContain('value="v&#x3D;DMARC1');
    const again = await ada.agent.post('/brand/email/domains/ready.example/checks');
    expect(again.status).toBe(303);
    expect((await ada.agent.get('/brand/email/domains/ready.example')).text).toContain('This was looked at just now.');
  });

  it.each([
    ['', 'Write the domain that your mails come from.'],
    ['no domain', 'Write a domain like example.com.'],
    ['localhost', 'Write a domain like example.com.'],
    ['192.0.2.1', 'Write a domain like example.com.'],
    ['com', 'Write a domain like example.com.'],
    ['co.uk', 'Everybody has domains under co.uk. Write one that is yours, like example.co.uk.'],
    ['mail.corp.internal', 'Only domains of the public DNS can be used.'],
    ['7.100.51.198.in-addr.arpa', 'Only domains of the public DNS can be used.'],
    ['github.io', 'Everybody has domains under github.io.'],
    ['canvass.example', 'canvass.example is the domain of this installation and works already, for every brand.'],
    ['<script>alert(1)</script>.example', 'Write a domain like example.com.'],
    [`acme.example\r\nBcc: x`, 'Write a domain like example.com.'],
    [`${'a'.repeat(64)}.example`, 'Write a domain like example.com.'],
    ['x'.repeat(300), 'This is too long.'],
  ])('refuse the domain “%s”', async (domain, message) => {
    const { status, text } = await add({ domain });
    expect(status).toBe(422);
    expect(text).toContain(message);
    expect(text).not.toContain('<script>alert');
    expect((await ada.agent.get('/brand/email')).text).toContain('Write from your own domain');
  });

  it.each([
    ['selector', 'no good', 'A selector has letters, digits and hyphens'],
    ['selector', 'x._domainkey', 'A selector has letters, digits and hyphens'],
    ['bits', '512', 'Choose one of the sizes.'],
    ['bounce', '../x', 'This is one word of letters'],
  ])('refuse the %s “%s”', async (name, value, message) => {
    const { status, text } = await add({ domain: 'fine.example', [name]: value });
    expect(status).toBe(422);
    expect(text).toContain(message);
    expect(text).toContain('<details class="more" open>');
  });

  it('refuse a domain twice, and one that another brand has proved to own', async () => {
    await add({ domain: 'twice.example' });
    expect((await add({ domain: 'TWICE.example.' })).text).toContain('twice.example is here already.');
    const other = await world.aPerson(await world.aBrand('Globex'), { type: 'administrator', firstName: 'Grace' });
    dns.set(zoneOf(await addDomain(world, other, 'globex.example')));
    await checked(world, other, 'globex.example');
    const { status, text } = await add({ domain: 'globex.example' });
    expect(status).toBe(422);
    expect(text).toContain('Another brand of this installation has set globex.example up.');
    expect((await ada.agent.get('/brand/email/domains/globex.example')).status).toBe(404);
  });

  it('take names of any script, and show them as people write them', async () => {
    const { headers } = await add({ domain: 'Bücher.example' });
    expect(headers['location']).toBe('/brand/email/domains/xn--bcher-kva.example');
    const { text } = await ada.agent.get(headers['location']!);
    expect(text).toContain('bücher.example');
    expect(text).toContain('In the DNS: xn--bcher-kva.example');
  });

  it('show hostile records of a zone as text', async () => {
    const found = await addDomain(world, ada, 'hostile.example');
    dns.set({
      ...zoneOf(found),
      'bounce.hostile.example': {
        MX: [[10, '<img-src=x-onerror=alert(1)>.example']],
        TXT: ['v=spf1 <script>alert(1)</script> -all'],
      },
    });
    await checked(world, ada, 'hostile.example');
    const { text } = await ada.agent.get('/brand/email/domains/hostile.example');
    expect(text).not.toContain('<img-src');
    expect(text).not.toContain('<script>alert');
    expect(text).toContain('&lt;img-src');
  });

  it('exchange keys, and remove a domain only when its name is typed', async () => {
    await addDomain(world, ada, 'gone.example');
    expect((await ada.agent.post('/brand/email/domains/gone.example/keys')).status).toBe(303);
    const page = await ada.agent.get('/brand/email/domains/gone.example');
    expect(page.text).toContain('canvass2._domainkey.gone.example');
    expect((await ada.agent.post('/brand/email/domains/gone.example/keys')).status).toBe(409);
    const remove = (confirmation: string) =>
      ada.agent.post('/brand/email/domains/gone.example/removal').type('form').send({ confirmation });
    const refused = await remove('gone');
    expect(refused.status).toBe(422);
    expect(refused.text).toContain('Type gone.example to remove it.');
    expect((await remove('Gone.example')).status).toBe(303);
    expect((await ada.agent.get('/brand/email/domains/gone.example')).status).toBe(404);
    const entries = await auditEntries(world, ada.user.brandId, 'domain.remove');
    expect(entries).toMatchObject([{ subject: 'gone.example', before: { status: 'pending' } }]);
  });

  it('move bounces to another subdomain, or to none, and look again at once', async () => {
    await addDomain(world, ada, 'moving.example');
    const move = (bounce: string) =>
      ada.agent.post('/brand/email/domains/moving.example/bounce-domain').type('form').send({ bounce });
    expect((await move('Returns')).status).toBe(303);
    await world.jobs.settled();
    const { text } = await ada.agent.get('/brand/email/domains/moving.example');
    expect(text).toContain('value="returns.moving.example"');
    expect(text).toContain('Nobody takes mail for returns.moving.example.');
    const refused = await move('two.words');
    expect(refused.status).toBe(422);
    expect(refused.text).toContain('This is one word of letters');
    expect((await move('')).status).toBe(303);
    await world.jobs.settled();
    expect((await ada.agent.get('/brand/email/domains/moving.example')).text).toContain(
      'Bounces return to bounce.canvass.example, which the operator keeps.',
    );
    expect(await auditEntries(world, ada.user.brandId, 'domain.bounces')).toMatchObject([
      { before: { bounceDomain: 'bounce.moving.example' }, after: { bounceDomain: 'returns.moving.example' } },
      { after: { bounceDomain: '' } },
    ]);
  });

  it.each(['nobody.example', '%00', '..%2F..%2Fetc', 'x'.repeat(2000), '%E0%A4%A'])(
    'have nothing under the name %s',
    async (name) => {
      for (const below of ['', '/state']) {
        expect([400, 404, 422]).toContain((await ada.agent.get(`/brand/email/domains/${name}${below}`)).status);
      }
      for (const below of ['checks', 'keys', 'bounce-domain', 'removal']) {
        expect([400, 404, 422]).toContain((await ada.agent.post(`/brand/email/domains/${name}/${below}`)).status);
      }
    },
  );

  it('are for brand administrators alone', async () => {
    const brand = await world.aBrand('Acme');
    const clerk = await world.aPerson(brand, { type: 'distributor', firstName: 'Bob' });
    expect((await clerk.agent.get('/brand/email')).status).toBe(403);
    const { status } = await clerk.agent
      .post('/brand/email/domains')
      .type('form')
      .send({ ...FORM, domain: 'x.example' });
    expect(status).toBe(403);
    expect((await world.visitor().get('/brand/email')).status).toBe(303);
  });
});
