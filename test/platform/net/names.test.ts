import { readConfig } from '../../../src/platform/config.js';
import { Names } from '../../../src/platform/net/names.js';
import { DnsServer, reverseName } from '../dns_server.js';

describe('names', () => {
  let dns: DnsServer;
  let names: Names;

  beforeAll(async () => {
    dns = await DnsServer.start({
      'acme.example': {
        A: ['192.0.2.1'],
        AAAA: ['2001:db8::1'],
        MX: [
          [20, 'b.acme.example'],
          [10, 'a.acme.example'],
        ],
      },
      'six.example': { AAAA: ['2001:db8::6'] },
      'null.example': { MX: [[0, '.']] },
      'empty.example': {},
      'broken.example': 'servfail',
      'refused.example': 'refused',
      'silent.example': 'silent',
      'alias.example': { CNAME: 'acme.example' },
      'split.example': { TXT: [['v=spf1 ', '-all'], 'other'] },
      'long.example': { TXT: ['x'.repeat(4000)] },
      'huge.example': { TXT: Array.from({ length: 240 }, (_, index) => `${index} ${'y'.repeat(240)}`) },
      [reverseName('192.0.2.1')]: { PTR: ['acme.example'] },
      [`1.${'0.'.repeat(23)}8.b.d.0.1.0.0.2.ip6.arpa`]: { PTR: ['six.example'] },
    });
    names = new Names(readConfig({ DNS_SERVERS: dns.address }));
  });
  afterAll(() => dns.close());

  it('tells the hosts for mail, best preference first', async () => {
    expect(await names.mx('acme.example')).toEqual({
      status: 'found',
      records: [
        { exchange: 'a.acme.example', preference: 10 },
        { exchange: 'b.acme.example', preference: 20 },
      ],
    });
    expect(await names.mx('null.example')).toEqual({ status: 'null' });
  });

  it('tells a missing name from a name without records', async () => {
    expect(await names.mx('empty.example')).toEqual({ status: 'none' });
    expect(await names.mx('nobody.example')).toEqual({ status: 'nxdomain' });
    expect(await names.txt('empty.example')).toEqual({ status: 'none' });
    expect(await names.lookup('nobody.example')).toEqual({ status: 'nxdomain' });
    expect(await names.lookup('empty.example')).toEqual({ status: 'none' });
    expect(await names.lookup('a'.repeat(70) + '.example')).toEqual({ status: 'nxdomain' });
  });

  it('is unsure, and says why, when a server fails, refuses or never answers', async () => {
    expect(await names.mx('broken.example')).toMatchObject({
      status: 'unsure',
      why: expect.stringContaining('failed'),
    });
    expect(await names.txt('refused.example')).toMatchObject({ status: 'unsure' });
    expect(await names.txt('silent.example')).toMatchObject({ status: 'unsure' });
    expect(await names.lookup('silent.example')).toMatchObject({ status: 'unsure' });
  });

  it('finds the addresses of both families, through aliases too', async () => {
    expect(await names.addresses('alias.example')).toEqual(['192.0.2.1', '2001:db8::1']);
    expect(await names.lookup('six.example')).toEqual({ status: 'found', records: ['2001:db8::6'] });
    expect(await names.addresses('nobody.example')).toEqual([]);
    expect(await names.ptr('192.0.2.1')).toEqual({ status: 'found', records: ['acme.example'] });
    expect(await names.ptr('192.0.2.2')).toEqual({ status: 'nxdomain' });
    expect(await names.ptr('2001:db8::1')).toEqual({ status: 'found', records: ['six.example'] });
    dns.set({ [reverseName('192.0.2.3')]: 'servfail' });
    expect(await names.ptr('192.0.2.3')).toMatchObject({ status: 'unsure' });
  });

  it('joins the strings of a text record and follows a truncated answer to TCP', async () => {
    expect(await names.txt('split.example')).toEqual({ status: 'found', records: ['v=spf1 -all', 'other'] });
    expect(await names.txt('long.example')).toEqual({ status: 'found', records: ['x'.repeat(4000)] });
    expect(dns.overTcp).toContain('TXT long.example');
  });

  it('keeps a bounded part of an answer of 60 kB', async () => {
    const answer = await names.txt('huge.example');
    expect(answer.status === 'found' && answer.records.length).toBe(200);
  });

  it('gives mailauth what it expects', async () => {
    expect(await names.resolve('split.example', 'TXT')).toEqual([['v=spf1 ', '-all'], ['other']]);
    await expect(names.resolve('nobody.example', 'TXT')).rejects.toMatchObject({ code: 'ENOTFOUND' });
    await expect(names.resolve('broken.example', 'MX')).rejects.toMatchObject({ code: 'ESERVFAIL' });
  });
});
