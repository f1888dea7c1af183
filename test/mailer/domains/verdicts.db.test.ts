import { generateKeyPairSync } from 'node:crypto';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { DomainKeys } from '../../../src/mailer/domains/domain_keys.js';
import { DomainsService } from '../../../src/mailer/domains/domains.service.js';
import { readConfig } from '../../../src/platform/config.js';
import { Keys } from '../../../src/platform/keys.js';
import { START } from '../../clock.js';
import { DnsServer } from '../../platform/dns_server.js';
import { type Person, startWorld, type World } from '../../world.js';
import { addDomain, checked, ownZone, settings, troubles, zoneOf } from './builders.js';

describe('who may be From', () => {
  let dns: DnsServer;
  let folder: string;
  const worlds: World[] = [];
  beforeAll(async () => {
    dns = await DnsServer.start(ownZone());
    folder = await mkdtemp(join(tmpdir(), 'canvass-dkim-'));
  });
  afterEach(async () => {
    await Promise.all(worlds.splice(0).map((world) => world.close()));
  });
  afterAll(async () => {
    await dns.close();
    await rm(folder, { recursive: true });
  });

  async function installation(
    changes: Record<string, string>,
  ): Promise<{ world: World; ada: Person; domains: DomainsService }> {
    const world = await startWorld({ ...settings(dns), SMTP_URL: 'smtp://127.0.0.1:9?tls=off', ...changes });
    worlds.push(world);
    world.clock.set(START);
    const ada = await world.aPerson(await world.aBrand('Acme'), { type: 'administrator' });
    return { world, ada, domains: world.app.get(DomainsService) };
  }

  it('is anybody on the domain of the installation, and nobody elsewhere', async () => {
    const { ada, domains } = await installation({});
    const verdict = (address: string) => domains.verdictOf(ada.user.brandId, address);
    expect(await verdict('Someone@CANVASS.example')).toEqual({ allowed: true, domains: ['canvass.example'], why: '' });
    expect(await verdict('ada@gmail.com')).toEqual({
      allowed: false,
      code: 'EQD17',
      domains: ['canvass.example'],
      why: 'Mails leave this installation from canvass.example only, not from gmail.com.',
    });
    expect(await verdict('x@sub.canvass.example')).toMatchObject({ allowed: false, code: 'EQD17' });
    for (const text of ['no address', '', 'a@b@c.example', 'x@canvass.example\r\nBcc: y@z.example']) {
      expect(await verdict(text)).toMatchObject({
        allowed: false,
        code: 'CVS03',
        why: 'This is not an e-mail address.',
      });
    }
  });

  it('is anybody while mails stay in the development mailbox, and it says so', async () => {
    const { world, ada, domains } = await installation({ SMTP_URL: '', BASE_URL: 'http://localhost' });
    await addDomain(world, ada, 'acme.example');
    expect(await domains.verdictOf(ada.user.brandId, 'x@anywhere.example')).toEqual({
      allowed: true,
      domains: [],
      why: 'Mails stay in the development mailbox, so any From address may be used.',
    });
    expect((await domains.verdictOf(ada.user.brandId, 'x@acme.example')).allowed).toBe(true);
    expect(await domains.verdictOf(ada.user.brandId, 'nobody')).toMatchObject({ allowed: false, code: 'CVS03' });
    expect((await ada.agent.get('/brand/email')).text).toContain('Mails stay in the development mailbox');
  });

  it('is left to the relay where the operator names no domain, but for domains of other brands and unready ones', async () => {
    const { world, ada, domains } = await installation({ MAIL_DOMAIN: '' });
    const grace = await world.aPerson(await world.aBrand('Globex'), { type: 'administrator', firstName: 'Grace' });
    const verdict = (address: string) => domains.verdictOf(ada.user.brandId, address);
    expect(await verdict('x@anywhere.example')).toEqual({ allowed: true, domains: [], why: '' });
    dns.set(zoneOf(await addDomain(world, grace, 'globex.example')));
    expect((await checked(world, grace, 'globex.example')).domain.status).toBe('active');
    expect(await verdict('x@globex.example')).toMatchObject({
      allowed: false,
      code: 'EQD17',
      why: 'globex.example belongs to another brand of this installation.',
    });
    await addDomain(world, ada, 'unready.example');
    expect(await verdict('x@unready.example')).toMatchObject({ allowed: false, code: 'CVS03' });
  });

  it('is signed with the operator’s key on the domain of the installation', async () => {
    const file = join(folder, 'dkim.pem');
    const { privateKey } = generateKeyPairSync('rsa', { modulusLength: 2048 });
    await writeFile(file, privateKey.export({ type: 'pkcs8', format: 'pem' }));
    const { ada, domains } = await installation({ DKIM_SELECTOR: 'op1', DKIM_KEY_FILE: file });
    expect(await domains.signingKeysOf(ada.user.brandId, 'canvass.example')).toMatchObject([
      { domain: 'canvass.example', selector: 'op1', algorithm: 'rsa-sha256' },
    ]);
    expect(await domains.signingKeysOf(ada.user.brandId, 'elsewhere.example')).toEqual([]);
  });

  it('stops the start when the operator’s key is none, and says why', async () => {
    const file = join(folder, 'broken.pem');
    await writeFile(file, 'no key at all');
    const { world } = await installation({});
    const opened = (path: string): Promise<void> => {
      const config = readConfig({ DKIM_SELECTOR: 'op1', DKIM_KEY_FILE: path });
      return new DomainKeys(world.database, world.app.get(Keys), config, world.clock).onModuleInit();
    };
    const weak = join(folder, 'weak.pem');
    const { privateKey } = generateKeyPairSync('ec', { namedCurve: 'P-256' });
    await writeFile(weak, privateKey.export({ type: 'pkcs8', format: 'pem' }));
    for (const path of [file, weak, join(folder, 'none.pem')]) {
      await expect(opened(path)).rejects.toThrow('DKIM_KEY_FILE holds no private key that can be used');
    }
    expect(() => readConfig({ DKIM_SELECTOR: 'op1' })).toThrow('DKIM_SELECTOR and DKIM_KEY_FILE belong together');
  });

  it('does not change because no DNS server answers at all', async () => {
    const { world, ada, domains } = await installation({});
    dns.set(zoneOf(await addDomain(world, ada, 'steady.example')));
    await checked(world, ada, 'steady.example');
    const { domain: before, keys } = await checked(world, ada, 'steady.example');
    expect(before.status).toBe('active');
    const names = keys.map(({ selector }) => `${selector}._domainkey.steady.example`);
    dns.set(
      Object.fromEntries([...names, 'bounce.steady.example', '_dmarc.steady.example'].map((name) => [name, 'silent'])),
    );
    const silent = await checked(world, ada, 'steady.example');
    expect(silent.domain).toMatchObject({ status: 'active', bounceWorks: true });
    expect(troubles(silent)).toEqual(
      expect.arrayContaining([
        'unknown dkim.unsure',
        'unknown spf.temperror',
        'unknown dmarc.temperror',
        'unknown bounce.unsure',
      ]),
    );
    expect(await domains.signingKeysOf(ada.user.brandId, 'steady.example')).toHaveLength(2);
    expect((await domains.verdictOf(ada.user.brandId, 'x@steady.example')).allowed).toBe(true);
  });

  it('says when we introduce ourselves by another name than the one of our address', async () => {
    const { world, ada } = await installation({
      SMTP_URL: '',
      SMTP_DIRECT: '1',
      MAIL_HOSTNAME: 'other.canvass.example',
    });
    expect(troubles(await addDomain(world, ada, 'direct.example'))).toContain('warn reverse.otherName');
  });
});
