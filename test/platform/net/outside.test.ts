import net, { type AddressInfo } from 'node:net';
import fc from 'fast-check';
import { readConfig } from '../../../src/platform/config.js';
import { Names } from '../../../src/platform/net/names.js';
import { isPublic, Outside } from '../../../src/platform/net/outside.js';
import { DnsServer } from '../dns_server.js';

const INSIDE = [
  '127.0.0.1',
  '127.255.0.9',
  '0.0.0.0',
  '10.0.0.8',
  '172.16.0.1',
  '172.31.255.255',
  '192.168.1.1',
  '169.254.169.254',
  '168.63.129.16',
  '100.64.0.1',
  '100.100.100.200',
  '192.0.0.1',
  '198.18.0.1',
  '224.0.0.1',
  '240.0.0.1',
  '255.255.255.255',
  '::',
  '::1',
  '::127.0.0.1',
  '::ffff:127.0.0.1',
  '::ffff:10.0.0.1',
  '::ffff:8.8.8.8',
  '64:ff9b::a00:1',
  '64:ff9b:1::a00:1',
  '2002:7f00:1::',
  '2001:0:7f00:1::',
  'fe80::1',
  'fec0::1',
  'fd00::1',
  'fd00:ec2::254',
  'fc00::1',
  'ff02::1',
  '2001:db8::1',
];

describe('hosts outside', () => {
  let dns: DnsServer;
  const outside = (environment: Record<string, string> = {}): Outside => {
    const config = readConfig({ DNS_SERVERS: dns.address, ...environment });
    return new Outside(new Names(config), config);
  };
  const refusal = (host: string, environment?: Record<string, string>): Promise<unknown> =>
    outside(environment)
      .mustBeReachable(host)
      .then(
        (reachable) => reachable,
        (error: { code?: string }) => error.code,
      );

  beforeAll(async () => {
    dns = await DnsServer.start({
      'relay.example': { A: ['8.8.4.4'] },
      'six.example': { AAAA: ['2606:4700::1111'] },
      'mixed.example': { A: ['8.8.8.8', '10.0.0.1'] },
      'alias.example': { CNAME: 'inner.example' },
      'inner.example': { A: ['192.168.0.7'] },
      'relay.internal': { A: ['10.1.2.3'] },
      'broken.example': 'servfail',
      'empty.example': {},
    });
  });
  afterAll(() => dns.close());

  it('names the address to connect to', async () => {
    expect(await outside().mustBeReachable('relay.example')).toEqual({ address: '8.8.4.4', family: 4 });
    expect(await outside().mustBeReachable('Relay.Example.')).toEqual({ address: '8.8.4.4', family: 4 });
    expect(await outside().mustBeReachable('six.example')).toEqual({ address: '2606:4700::1111', family: 6 });
    expect(await outside().mustBeReachable('[2606:4700::1111]')).toEqual({ address: '2606:4700::1111', family: 6 });
    expect(await outside().mustBeReachable('8.8.8.8')).toEqual({ address: '8.8.8.8', family: 4 });
  });

  it.each(INSIDE)('refuses %s, written out or behind a name', async (address) => {
    expect(isPublic(address)).toBe(false);
    expect(await refusal(address)).toBe('host_inside');
    dns.set({ 'trap.example': address.includes(':') ? { AAAA: [address] } : { A: [address] } });
    expect(await refusal('trap.example')).toBe('host_inside');
  });

  it.each(['127.1', '2130706433', '0x7f.1', '017700000001', '0', 'localhost', 'fe80::1%eth0'])(
    'refuses %s, another way to write an address inside',
    async (host) => {
      expect(await refusal(host)).toBe('host_inside');
    },
  );

  it('refuses a host as soon as one of its addresses is inside, and aliases of such hosts', async () => {
    expect(await refusal('mixed.example')).toBe('host_inside');
    expect(await refusal('alias.example')).toBe('host_inside');
  });

  it('says what is wrong and what helps', async () => {
    await expect(outside().mustBeReachable('inner.example')).rejects.toThrow(
      '"inner.example" leads to 192.168.0.7, which is inside this network. Enter a host on the internet, or ask the operator to add it to ALLOW_PRIVATE_HOSTS.',
    );
    await expect(outside().mustBeReachable('nobody.example')).rejects.toThrow('has no address in the DNS');
    expect(await refusal('nobody.example')).toBe('host_unknown');
    expect(await refusal('empty.example')).toBe('host_unknown');
    expect(await refusal('')).toBe('host_unknown');
    expect(await refusal('bad host\r\nname')).toBe('host_unknown');
    expect(await refusal('broken.example')).toBe('host_unsure');
  });

  it('lets the operator allow hosts, addresses and networks', async () => {
    const inside = { address: '10.1.2.3', family: 4 };
    expect(await refusal('relay.internal', { ALLOW_PRIVATE_HOSTS: 'relay.internal' })).toEqual(inside);
    expect(await refusal('relay.internal', { ALLOW_PRIVATE_HOSTS: '192.168.0.0/16, 10.1.0.0/16' })).toEqual(inside);
    expect(await refusal('10.1.2.3', { ALLOW_PRIVATE_HOSTS: '10.1.2.3' })).toEqual(inside);
    expect(await refusal('relay.internal', { ALLOW_PRIVATE_HOSTS: '10.2.0.0/16,other.internal' })).toBe('host_inside');
  });

  it('is not led inside by a name that changes its answer between check and connection', async () => {
    const touched: unknown[] = [];
    const inner = net.createServer((socket) => touched.push(socket.destroy()));
    await new Promise<void>((done) => inner.listen(0, '127.0.0.1', () => done()));
    const { port } = inner.address() as AddressInfo;
    dns.set({ 'rebinding.example': [{ A: ['8.8.8.8'] }, { A: ['127.0.0.1'] }] });
    const { address } = await outside().mustBeReachable('rebinding.example');
    expect(address).toBe('8.8.8.8');
    expect(await new Names(readConfig({ DNS_SERVERS: dns.address })).addresses('rebinding.example')).toEqual([
      '127.0.0.1',
    ]);
    const socket = net.connect({ host: address, port, timeout: 1000 });
    await new Promise<void>((done) => ['timeout', 'error'].forEach((event) => socket.once(event, () => done())));
    socket.destroy();
    expect(touched).toEqual([]);
    await new Promise<void>((done) => inner.close(() => done()));
  });

  it('takes no address of 0/8, 10/8, 127/8, 169.254/16 or their mapped forms, whatever the rest', () => {
    const byte = fc.integer({ min: 0, max: 255 });
    fc.assert(
      fc.property(fc.constantFrom('0', '10', '127', '169.254', '192.168'), byte, byte, byte, (head, ...rest) => {
        const address = [...head.split('.'), ...rest].slice(0, 4).join('.');
        return !isPublic(address) && !isPublic(`::ffff:${address}`) && !isPublic(`::${address}`);
      }),
    );
  });
});
