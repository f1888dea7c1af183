import { createPublicKey } from 'node:crypto';
import { DomainSetUpService } from '../../../src/mailer/domains/domain_set_up.service.js';
import { DomainsService } from '../../../src/mailer/domains/domains.service.js';
import { NotAllowed } from '../../../src/platform/errors.js';
import { START } from '../../clock.js';
import { DnsServer } from '../../platform/dns_server.js';
import { Sink } from '../sink.js';
import type { Brand } from '../../../src/brands/brand.entity.js';
import { until } from '../../waiting.js';
import { type Person, startWorld, type World } from '../../world.js';
import { workOff } from '../../distributions/builders.js';
import { addDomain, BOUNCE_HOST, checked, FORM, ownZone, settings, troubles, zoneOf } from './builders.js';

const DAY = 86_400_000;

describe('a From domain', () => {
  let dns: DnsServer;
  let sink: Sink;
  let world: World;
  let acme: Brand;
  let ada: Person;
  let domains: DomainsService;
  let setUp: DomainSetUpService;

  beforeAll(async () => {
    dns = await DnsServer.start();
    sink = await new Sink().listen();
    world = await startWorld({ ...settings(dns), SMTP_URL: `smtp://127.0.0.1:${sink.port}?tls=off` });
    world.clock.set(START);
    domains = world.app.get(DomainsService);
    setUp = world.app.get(DomainSetUpService);
  });
  afterAll(async () => {
    await world.close();
    await sink.close();
    await dns.close();
  });
  beforeEach(async () => {
    await world.forget();
    dns.clear();
    dns.set(ownZone());
    acme = await world.aBrand('Acme');
    ada = await world.aPerson(acme, { type: 'administrator', hearsByMail: true });
  });

  it('is nobody’s business but that of administrators', async () => {
    const { domain } = await aDomain();
    const { actor } = await world.aPerson(acme, { firstName: 'Grace' });
    await expect(async () => setUp.list(actor)).rejects.toThrow(NotAllowed);
    await expect(async () => setUp.show(actor, domain.domain)).rejects.toThrow(NotAllowed);
    await expect(async () => setUp.add(actor, FORM)).rejects.toThrow(NotAllowed);
  });

  let count = 0;
  const aDomain = async (name = `d${(count += 1)}.example`) => {
    const found = await addDomain(world, ada, name);
    dns.set(zoneOf(found));
    return found;
  };
  const verdict = (domain: string, brand = acme) => domains.verdictOf(brand.id, `surveys@${domain}`);

  it('waits for its records, and becomes active when all are there', async () => {
    const found = await addDomain(world, ada, 'acme.example');
    expect(found.domain.status).toBe('pending');
    expect(troubles(found)).toEqual(
      expect.arrayContaining([
        'bad dkim.missing',
        'warn dkim.second',
        'warn spf.none',
        'warn dmarc.none',
        'bad bounce.missing',
      ]),
    );
    expect(await verdict('acme.example')).toMatchObject({ allowed: false, code: 'CVS03' });
    dns.set(zoneOf(found));
    const active = await checked(world, ada, 'acme.example');
    expect(troubles(active)).toEqual(['warn tls.off']);
    expect(active.domain).toMatchObject({ status: 'active', bounceWorks: true });
    expect(active.keys.every(({ published }) => published)).toBe(true);
    expect(await verdict('acme.example')).toEqual({
      allowed: true,
      domains: ['canvass.example', 'acme.example'],
      why: '',
    });
    expect(await domains.bounceHostOf(acme.id, 'acme.example')).toBe('bounce.acme.example');
    expect(await domains.fromDomainsOf(acme.id)).toEqual([
      { domain: 'acme.example', status: 'active', isInstallation: false },
      { domain: 'canvass.example', status: 'active', isInstallation: true },
    ]);
    await setUp.remove(ada.actor, 'acme.example', 'acme.example');
  });

  it('signs with both keys, whose public halves are the published ones', async () => {
    const { domain, keys } = await aDomain();
    expect(await domains.signingKeysOf(acme.id, domain.domain)).toEqual([]);
    await checked(world, ada, domain.domain);
    const signing = await domains.signingKeysOf(acme.id, domain.domain);
    expect(signing.map(({ algorithm, selector }) => `${algorithm} ${selector}`)).toEqual([
      'rsa-sha256 canvass1',
      'ed25519-sha256 canvass1-ed',
    ]);
    const spki = createPublicKey(signing[0]!.privateKey).export({ type: 'spki', format: 'der' });
    expect(spki.toString('base64')).toBe(keys[0]!.publicKey);
    expect(await domains.signingKeysOf(acme.id, 'elsewhere.example')).toEqual([]);
  });

  it('keeps its private keys encrypted', async () => {
    const { domain } = await aDomain();
    const [row] = await world.database.inBrand(acme.id, (unit) =>
      unit.sql<{ sealed: Buffer }>('SELECT sealed FROM from_domain_keys WHERE domain_id = $1', [domain.id]),
    );
    expect(row!.sealed.includes(Buffer.from('300d06092a864886f70d0101010500', 'hex'))).toBe(false);
  });

  it('that breaks is refused for new sends, and its administrators hear of it once', async () => {
    const { domain } = await aDomain();
    await checked(world, ada, domain.domain);
    dns.remove(`canvass1._domainkey.${domain.domain}`);
    const before = sink.caught.length;
    const failed = await checked(world, ada, domain.domain);
    expect(failed.domain.status).toBe('failed');
    expect(troubles(failed)).toContain('bad dkim.missing');
    expect(await verdict(domain.domain)).toMatchObject({
      allowed: false,
      code: 'CVS03',
      why: `The last check of ${domain.domain} failed. See under Brand › E-mail what to change in its DNS.`,
    });
    await checked(world, ada, domain.domain);
    await workOff(world);
    await workOff(world);
    const told = sink.caught.slice(before);
    expect(told.map(({ recipients }) => recipients[0])).toEqual([ada.user.email]);
    expect(told[0]!.raw).toContain('can no longer be used for sending');
    dns.set(zoneOf(failed));
    expect((await checked(world, ada, domain.domain)).domain.status).toBe('active');
    await workOff(world);
    await workOff(world);
    expect(sink.caught.slice(before)).toHaveLength(2);
  });

  it('stays active while the DNS does not answer, for seven days', async () => {
    const { domain } = await aDomain();
    await checked(world, ada, domain.domain);
    dns.set({ [`canvass1._domainkey.${domain.domain}`]: 'servfail' });
    const unsure = await checked(world, ada, domain.domain);
    expect(unsure.domain.status).toBe('active');
    expect(troubles(unsure)).toContain('unknown dkim.unsure');
    expect(await verdict(domain.domain)).toMatchObject({ allowed: true });
    world.clock.forward(8 * DAY);
    expect((await checked(world, ada, domain.domain)).domain.status).toBe('failed');
  });

  it('that was never seen stays pending while the DNS does not answer', async () => {
    const { domain } = await aDomain();
    dns.set({ [`canvass1._domainkey.${domain.domain}`]: 'servfail' });
    expect((await checked(world, ada, domain.domain)).domain.status).toBe('pending');
  });

  it.each([
    ['differs', (record: string) => record.replace(/p=.{20}/, 'p=AAAAAAAAAAAAAAAAAAAA')],
    ['cut', (record: string) => record.slice(0, 255)],
    ['revoked', () => 'v=DKIM1; k=rsa; p='],
    ['two', (record: string) => [record, record]],
    ['missing', () => 'nothing about keys'],
    ['differs', (record: string) => record.replace('k=rsa', 'k=ed25519')],
  ])('whose key is published wrongly is not active: %s', async (code, spoilt) => {
    const { domain, keys } = await aDomain();
    const name = `canvass1._domainkey.${domain.domain}`;
    dns.set({ [name]: { TXT: [spoilt(keys[0]!.record)].flat() } });
    const found = await checked(world, ada, domain.domain);
    expect(found.domain.status).toBe('pending');
    expect(troubles(found)).toContain(`bad dkim.${code}`);
  });

  it('may have its key behind an alias, in pieces and with blanks', async () => {
    const { domain, keys } = await aDomain();
    const { record } = keys[0]!;
    const pieces = [record.slice(0, 100), `${record.slice(100, 300)} `, record.slice(300)];
    dns.set({
      [`canvass1._domainkey.${domain.domain}`]: { CNAME: 'keys.host.example' },
      'keys.host.example': { TXT: [pieces] },
    });
    expect((await checked(world, ada, domain.domain)).domain.status).toBe('active');
  });

  it('is active without the second key, which then does not sign', async () => {
    const { domain } = await aDomain();
    dns.remove(`canvass1-ed._domainkey.${domain.domain}`);
    const found = await checked(world, ada, domain.domain);
    expect(found.domain.status).toBe('active');
    expect(troubles(found)).toContain('warn dkim.second');
    expect((await domains.signingKeysOf(acme.id, domain.domain)).map(({ selector }) => selector)).toEqual(['canvass1']);
  });

  it('exchanges its keys without a gap', async () => {
    const { domain } = await aDomain();
    await checked(world, ada, domain.domain);
    await setUp.exchangeKeys(ada.actor, domain.domain);
    await expect(setUp.exchangeKeys(ada.actor, domain.domain)).rejects.toThrow('already wait for their records');
    const waiting = await checked(world, ada, domain.domain);
    expect(troubles(waiting)).toContain('warn dkim.nextMissing');
    expect((await domains.signingKeysOf(acme.id, domain.domain))[0]!.selector).toBe('canvass1');
    dns.set(zoneOf(waiting));
    const exchanged = await checked(world, ada, domain.domain);
    expect(exchanged.domain.status).toBe('active');
    expect(exchanged.keys.map(({ selector, stage }) => `${selector} ${stage}`)).toEqual([
      'canvass2 current',
      'canvass2-ed current',
      'canvass1 retired',
      'canvass1-ed retired',
    ]);
    expect(exchanged.keys.slice(2).every(({ sealed }) => sealed === null)).toBe(true);
    expect((await domains.signingKeysOf(acme.id, domain.domain))[0]!.selector).toBe('canvass2');
    dns.remove(`canvass1._domainkey.${domain.domain}`);
    expect((await checked(world, ada, domain.domain)).domain.status).toBe('active');
  });

  it.each([
    ['p=none', ['v=DMARC1; p=none'], []],
    ['strict envelope', ['v=DMARC1; p=reject; aspf=s'], ['warn dmarc.envelopeStrict']],
    ['two records', ['v=DMARC1; p=none', 'v=DMARC1; p=reject'], ['bad dmarc.two']],
    ['no policy', ['v=DMARC1; p=never'], ['bad dmarc.invalid']],
    ['pct', ['v=DMARC1; p=quarantine; pct=20'], []],
  ])('is judged by DMARC: %s', async (_what, texts, wrong) => {
    const { domain } = await aDomain();
    dns.set({ [`_dmarc.${domain.domain}`]: { TXT: texts } });
    const found = await checked(world, ada, domain.domain);
    expect(found.domain.status).toBe('active');
    expect(troubles(found)).toEqual([...wrong, 'warn tls.off']);
  });

  it('finds the policy of the domain above, by the walk up the tree', async () => {
    const { domain } = await aDomain('surveys.dept.tree.example');
    dns.remove('_dmarc.surveys.dept.tree.example');
    dns.set({ '_dmarc.tree.example': { TXT: ['v=DMARC1; p=quarantine; adkim=s'] } });
    const { domain: found } = await checked(world, ada, domain.domain);
    const policy = found.findings.find(({ code }) => code === 'policy');
    expect(policy).toMatchObject({ values: { policy: 'quarantine', where: '_dmarc.tree.example' } });
    expect(found.findings.find(({ code }) => code === 'signature')).toMatchObject({ values: { mode: 'strict' } });
    expect(found.findings.some(({ code }) => code === 'envelope')).toBe(true);
  });

  it.each([
    ['nowhere', {}, 'bad bounce.missing'],
    ['elsewhere', { MX: [[10, 'mail.elsewhere.example']] as [number, string][] }, 'bad bounce.elsewhere'],
    ['to nobody', { MX: [[0, '.']] as [number, string][] }, 'bad bounce.null'],
    ['by an alias', { CNAME: BOUNCE_HOST }, undefined],
    ['by address', { A: ['198.51.100.7'] }, undefined],
  ])('has bounces that lead %s', async (_where, records, wrong) => {
    const { domain } = await aDomain();
    dns.set({ [domain.bounceDomain]: { TXT: ['v=spf1 ip4:198.51.100.7 -all'], ...records } });
    const found = await checked(world, ada, domain.domain);
    expect(found.domain.status).toBe('active');
    expect(found.domain.bounceWorks).toBe(wrong === undefined);
    expect(troubles(found)).toEqual([...(wrong === undefined ? [] : [wrong]), 'warn tls.off']);
    expect(await domains.bounceHostOf(acme.id, domain.domain)).toBe(
      wrong === undefined ? domain.bounceDomain : undefined,
    );
  });

  it('does not take what was seen of an old bounce domain for a new one', async () => {
    const { domain } = await aDomain();
    dns.set({ [`_dmarc.${domain.domain}`]: 'silent' });
    world.clock.forward(61_000);
    await setUp.askForCheck(ada.actor, domain.domain);
    const name = `MX ${domain.bounceDomain}`;
    const asked = dns.questions.length;
    await until(() => dns.questions.slice(asked).includes(name));
    await setUp.changeBounces(ada.actor, domain.domain, 'elsewhere');
    await world.jobs.settled();
    await world.jobs.sweep();
    await world.jobs.settled();
    const { domain: found } = await setUp.show(ada.actor, domain.domain);
    expect(found).toMatchObject({ bounceDomain: `elsewhere.${domain.domain}`, bounceWorks: false });
    expect(found.findings).toContainEqual(expect.objectContaining({ area: 'bounce', code: 'missing' }));
  });

  it('hears of addresses without a name, or with one that does not lead back', async () => {
    const { domain } = await aDomain();
    dns.set({ '7.100.51.198.in-addr.arpa': 'nxdomain' });
    expect(troubles(await checked(world, ada, domain.domain))).toContain('bad reverse.none');
    dns.set({ '7.100.51.198.in-addr.arpa': { PTR: ['other.example'] }, 'other.example': { A: ['198.51.100.8'] } });
    expect(troubles(await checked(world, ada, domain.domain))).toContain('bad reverse.unconfirmed');
    dns.set({ '7.100.51.198.in-addr.arpa': 'servfail' });
    expect(troubles(await checked(world, ada, domain.domain))).toContain('unknown reverse.unsure');
  });

  it('belongs to the brand that proved it; another one can neither take it nor write from it', async () => {
    const globex = await world.aBrand('Globex');
    const grace = await world.aPerson(globex, { type: 'administrator', firstName: 'Grace' });
    const theirs = await addDomain(world, grace, 'both.example');
    const ours = await aDomain('both.example');
    expect((await checked(world, ada, 'both.example')).domain.status).toBe('active');
    await expect(setUp.add(grace.actor, { ...FORM, domain: 'both.example' })).rejects.toThrow('Another brand');
    // Even with its own key in the same DNS under another name it is too late.
    dns.set({ 'canvass1._domainkey.both.example': { TXT: [theirs.keys[0]!.record] } });
    const late = await checked(world, grace, 'both.example');
    expect(late.domain.status).toBe('pending');
    expect(troubles(late)).toContain('bad dkim.taken');
    expect(await verdict('both.example', globex)).toMatchObject({ allowed: false, code: 'CVS03' });
    expect(await domains.signingKeysOf(globex.id, 'both.example')).toEqual([]);
    const initech = await world.aBrand('Initech');
    expect(await verdict('both.example', initech)).toMatchObject({ allowed: false, code: 'EQD17' });
    expect(ours.domain.brandId).toBe(acme.id);
  });

  it('is looked at by the clock: hourly while it is set up, daily when all is well', async () => {
    const { domain } = await aDomain();
    world.clock.forward(3_700_000);
    await world.jobs.sweep();
    await world.jobs.settled();
    const { domain: found } = await setUp.show(ada.actor, domain.domain);
    expect(found.status).toBe('active');
    expect(found.nextCheckAt.getTime() - found.checkedAt!.getTime()).toBe(DAY);
    const asked = dns.questions.length;
    world.clock.forward(DAY - 60_000);
    await world.jobs.sweep();
    await world.jobs.settled();
    expect(dns.questions.slice(asked).filter((one) => one.includes(domain.domain))).toEqual([]);
    world.clock.forward(120_000);
    await world.jobs.sweep();
    await world.jobs.settled();
    expect(dns.questions.slice(asked).some((one) => one.includes(domain.domain))).toBe(true);
  });

  it('is looked at again when the process that looked died', async () => {
    const { domain } = await aDomain();
    const now = world.clock.now();
    await world.database.inBrand(acme.id, (unit) =>
      unit.run('UPDATE from_domains SET next_check_at = $2, checking_until = $3 WHERE id = $1', [
        domain.id,
        now,
        new Date(now.getTime() + 120_000),
      ]),
    );
    await world.jobs.sweep();
    await world.jobs.settled();
    expect((await setUp.show(ada.actor, domain.domain)).domain.status).toBe('pending');
    world.clock.forward(121_000);
    await world.jobs.sweep();
    await world.jobs.settled();
    expect((await setUp.show(ada.actor, domain.domain)).domain.status).toBe('active');
  });

  it('is not looked at twice at once, nor again within seconds', async () => {
    const { domain } = await aDomain();
    await checked(world, ada, domain.domain);
    expect(await setUp.askForCheck(ada.actor, domain.domain)).toBeGreaterThan(0);
    world.clock.forward(61_000);
    const asked = dns.questions.length;
    await Promise.all([1, 2, 3].map(() => setUp.askForCheck(ada.actor, domain.domain)));
    await world.jobs.sweep();
    await world.jobs.settled();
    const looks = dns.questions.slice(asked).filter((one) => one === `TXT canvass1-ed._domainkey.${domain.domain}`);
    expect(looks.length).toBeLessThanOrEqual(2); // one comparison and one verification
  });
});
