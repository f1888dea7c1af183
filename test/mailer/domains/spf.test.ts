import { findingsOf } from '../../../src/mailer/domains/finding.js';
import { readConfig } from '../../../src/platform/config.js';
import { Names } from '../../../src/platform/net/names.js';
import { checkSpf, spfVerdict } from '../../../src/mailer/domains/checks/spf_check.js';
import { proposal } from '../../../src/mailer/domains/checks/spf_record.js';
import { DnsServer, type Script } from '../../platform/dns_server.js';

const OURS = '198.51.100.7';
const SIX = '2001:db8:1::7';

/** Twelve records, each including the next. */
function nested(count: number): Record<string, Script> {
  const names = Array.from({ length: count }, (_, index) => `n${index}.example`);
  const last = { [`n${count}.example`]: { TXT: ['v=spf1 -all'] } };
  return Object.assign(
    last,
    ...names.map((name, index) => ({ [name]: { TXT: [`v=spf1 include:n${index + 1}.example -all`] } })),
  );
}

const hosts = Array.from({ length: 300 }, (_, index) => `m${index}.example`);

const ZONE: Record<string, Script> = {
  'good.example': { TXT: [`v=spf1 ip4:${OURS} ip6:${SIX} -all`] },
  'split.example': { TXT: [['v=spf1 ip4:198.51.', '100.7 -all']] },
  'redirect.example': { TXT: ['v=spf1 redirect=good.example'] },
  'macro.example': { TXT: ['v=spf1 exists:%{i}.list.example -all'] },
  [`${OURS}.list.example`]: { A: ['127.0.0.2'] },
  'fail.example': { TXT: ['v=spf1 ip4:192.0.2.1 -all'] },
  'soft.example': { TXT: ['v=spf1 ip4:192.0.2.1 ~all'] },
  'open.example': { TXT: ['v=spf1 +all'] },
  'other.example': { TXT: ['google-site-verification=1', 'v=spf10 -all'] },
  'empty.example': {},
  'two.example': { TXT: ['v=spf1 -all', `v=spf1 ip4:${OURS} -all`] },
  'servfail.example': 'servfail',
  'silent.example': 'silent',
  'silent-include.example': { TXT: ['v=spf1 include:silent.example -all'] },
  'servfail-include.example': { TXT: ['v=spf1 include:servfail.example -all'] },
  'gone-include.example': { TXT: ['v=spf1 include:gone.example -all'] },
  'loop.example': { TXT: ['v=spf1 include:loop.example -all'] },
  'voids.example': { TXT: ['v=spf1 a:v1.example a:v2.example a:v3.example -all'] },
  'mx300.example': { TXT: ['v=spf1 mx -all'], MX: hosts.map((host, index) => [index, host]) },
  ...Object.fromEntries(hosts.map((host) => [host, { A: ['192.0.2.9'] }])),
  'syntax.example': { TXT: [`v=spf1 ipv4:${OURS} -all`] },
  'long.example': { TXT: [`v=spf1 ${'ip4:192.0.2.1 '.repeat(60)}ip4:${OURS} -all`] },
  'big.example': {
    TXT: [`v=spf1 ip4:${OURS} -all`, ...Array.from({ length: 150 }, (_, n) => `${n} ${'z'.repeat(250)}`)],
  },
  '*.wild.example': { TXT: ['nothing about mail'] },
  'eight.example': {
    TXT: [`v=spf1 ${[1, 2, 3, 4, 5, 6, 7, 8].map((n) => `a:h${n}.example`).join(' ')} ip4:${OURS} -all`],
  },
  ...Object.fromEntries([1, 2, 3, 4, 5, 6, 7, 8].map((n) => [`h${n}.example`, { A: ['192.0.2.8'] }])),
  ...nested(12),
};

describe('what a zone says', () => {
  it('can be kept, whatever bytes it holds and wherever it is cut', () => {
    const { values } = findingsOf('spf').bad('two', { reason: `a\0${'x'.repeat(1998)}\u{1F600}` });
    expect(String(values['reason'])).not.toContain('\0');
    expect(String(values['reason']).isWellFormed()).toBe(true);
  });
});

describe('SPF', () => {
  let dns: DnsServer;
  let names: Names;
  beforeAll(async () => {
    dns = await DnsServer.start(ZONE);
    names = new Names(readConfig({ DNS_SERVERS: dns.address }));
  });
  afterAll(() => dns.close());

  it.each([
    ['good', 'pass'],
    ['split', 'pass'],
    ['redirect', 'pass'],
    ['macro', 'pass'],
    ['open', 'pass'],
    ['big', 'pass'],
    ['eight', 'pass'],
    ['fail', 'fail'],
    ['soft', 'softfail'],
    ['other', 'none'],
    ['empty', 'none'],
    ['nowhere', 'none'],
    ['x.wild', 'none'],
    ['two', 'permerror'],
    ['gone-include', 'permerror'],
    ['n0', 'permerror'],
    ['loop', 'permerror'],
    ['voids', 'permerror'],
    ['mx300', 'permerror'],
    ['syntax', 'permerror'],
    ['servfail', 'temperror'],
    ['servfail-include', 'temperror'],
  ])('of %s.example is %s', async (name, result) => {
    expect(await spfVerdict(names, `${name}.example`, OURS)).toMatchObject({ result });
  });

  it('counts for IPv6 too', async () => {
    expect(await spfVerdict(names, 'good.example', SIX)).toMatchObject({ result: 'pass' });
    expect(await spfVerdict(names, 'good.example', '2001:db8:1::8')).toMatchObject({ result: 'fail' });
  });

  it('ends in "temperror" when a server never answers, at the top and in an include', async () => {
    const verdicts = await Promise.all(
      ['silent', 'silent-include'].map((name) => spfVerdict(names, `${name}.example`, OURS)),
    );
    expect(verdicts.map(({ result }) => result)).toEqual(['temperror', 'temperror']);
  });

  const codes = async (name: string, addresses = [OURS], isOwn = true): Promise<string[]> =>
    (await checkSpf(names, { domain: `${name}.example`, addresses, isOwn })).map(
      ({ level, code }) => `${level} ${code}`,
    );

  it('comes with advice on the record', async () => {
    expect(await codes('good')).toEqual(['good pass']);
    expect(await codes('open')).toEqual(['good pass', 'warn plusAll']);
    expect(await codes('two')).toEqual(['bad permerror', 'bad two']);
    expect(await codes('long')).toEqual(['good pass', 'warn long']);
    expect(await codes('eight')).toEqual(['good pass', 'warn lookups']);
    expect(await codes('gone-include')).toEqual(expect.arrayContaining(['bad permerror', 'bad includeGone']));
    expect(await codes('servfail-include')).toEqual(['unknown temperror']);
    expect(await codes('syntax')).toEqual(['bad permerror']);
    expect(await codes('good', [])).toEqual(['unknown noAddresses']);
    expect(await codes('syntax', [])).toEqual(['bad permerror', 'unknown noAddresses']);
  });

  it('says which record would be right', async () => {
    const [finding] = await checkSpf(names, { domain: 'fail.example', addresses: [OURS, SIX], isOwn: true });
    expect(finding).toMatchObject({
      code: 'fail',
      record: 'fail.example',
      values: { address: OURS, proposed: `v=spf1 ip4:192.0.2.1 ip4:${OURS} ip6:${SIX} -all` },
    });
    expect(proposal(undefined, [OURS])).toBe(`v=spf1 ip4:${OURS} -all`);
    expect(proposal('v=spf1 include:a.example redirect=b.example', [OURS])).toBe(
      `v=spf1 include:a.example ip4:${OURS} redirect=b.example`,
    );
    expect(proposal(`v=spf1 ip4:${OURS} ~all`, [OURS])).toBe(`v=spf1 ip4:${OURS} ~all`);
  });

  it('keeps a bounded part of what a hostile zone holds', async () => {
    const includes = Array.from({ length: 60 }, (_, n) => `include:${'x'.repeat(900)}${n}.example`).join(' ');
    dns.set({ 'hostile.example': { TXT: [`v=spf1 ${includes} -all`] } });
    const findings = await checkSpf(names, { domain: 'hostile.example', addresses: [OURS], isOwn: true });
    expect(findings.map(({ code }) => code)).toContain('permerror');
    expect(JSON.stringify(findings).length).toBeLessThan(20_000);
  });

  it("is told as the operator's where the operator keeps the domain", async () => {
    expect(await codes('fail', [OURS], false)).toEqual(['warn operator']);
    expect(await codes('servfail', [OURS], false)).toEqual(['unknown operatorUnknown']);
    expect(await codes('good', [OURS], false)).toEqual(['good pass']);
  });
});
