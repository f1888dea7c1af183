import type { OutgoingMail } from '../../src/mailer/outgoing_mail.js';
import type { Patience } from '../../src/mailer/relay.js';
import { DirectWay } from '../../src/mailer/relays/direct_way.js';
import { mxRoute } from '../../src/mailer/relays/mx_route.js';
import { readConfig } from '../../src/platform/config.js';
import { Names } from '../../src/platform/net/names.js';
import { Outside } from '../../src/platform/net/outside.js';
import { DnsServer } from '../platform/dns_server.js';
import { aMail, quickRelay, sendAll, type Sent } from './sending.js';
import { at, Sink } from './sink.js';

let dns: DnsServer;
let sink: Sink;
let way: DirectWay;
let names: Names;

beforeEach(async () => {
  dns = await DnsServer.start({
    'acme.example': { MX: [[10, 'mx1.acme.example']] },
    'mx1.acme.example': { A: ['127.0.0.1'] },
  });
  sink = await new Sink().listen();
  way = aWay();
});
afterEach(async () => {
  way.close();
  await sink.close();
  await dns.close();
});

function aWay(allowed = '127.0.0.1'): DirectWay {
  const config = readConfig({ DNS_SERVERS: dns.address, ALLOW_PRIVATE_HOSTS: allowed });
  names = new Names(config);
  const { patience }: { patience: Patience } = quickRelay('smtp://127.0.0.1:25');
  const terms = { now: () => performance.now(), hostname: 'mail.canvass.example', port: sink.port, patience };
  return new DirectWay({ ...terms, names, outside: new Outside(names, config) });
}

const to = (id: string, recipient: string): OutgoingMail => aMail(id, { recipient });
const send = (...mails: OutgoingMail[]): Promise<Sent> => sendAll(way, mails);

describe('a mail straight to the recipient’s server', () => {
  it('goes to the best of its mail servers, under our own name, without a password', async () => {
    dns.set({
      'acme.example': {
        MX: [
          [20, 'mx2.acme.example'],
          [10, 'mx1.acme.example'],
        ],
      },
    });
    const { outcomes } = await send(to('1', 'grace@acme.example'));
    expect(outcomes[0]).toMatchObject({
      status: 'accepted',
      host: `mx1.acme.example:${sink.port}`,
      detail: { ip: '127.0.0.1' },
    });
    expect(sink.lines[0]).toBe('EHLO mail.canvass.example');
    expect(dns.questions).not.toContain('A mx2.acme.example');
  });

  it('goes to the next server when the best one does not answer', async () => {
    dns.set({
      'acme.example': {
        MX: [
          [10, 'away.acme.example'],
          [20, 'mx1.acme.example'],
        ],
      },
      'away.acme.example': { A: ['127.0.0.9'] },
    });
    way.close();
    way = aWay('127.0.0.0/8');
    const { outcomes } = await send(to('1', 'grace@acme.example'));
    expect(outcomes[0]).toMatchObject({ status: 'accepted', host: `mx1.acme.example:${sink.port}` });
  });

  it('is a provider’s only where all servers are', async () => {
    dns.set({
      'evil.example': {
        MX: [
          [10, 'blocked-by-spamhaus.google.com'],
          [20, 'mx1.acme.example'],
        ],
      },
      'good.example': {
        MX: [
          [10, 'aspmx.l.google.com'],
          [20, 'aspmx2.googlemail.com'],
        ],
      },
      'lost.example': { MX: [[10, 'blocked-by-spamhaus.google.com']] },
    });
    const providerOf = async (domain: string): Promise<string> =>
      (await way.destinationOf(to('1', `grace@${domain}`))).provider.name;
    expect(await providerOf('evil.example')).toBe('evil.example');
    expect(await providerOf('good.example')).toBe('Google');
    const { outcomes } = await send(to('1', 'grace@lost.example'));
    expect(outcomes[0]).toMatchObject({ status: 'deferred', detail: { phase: 'connect', enhanced: '4.4.3' } });
    expect(outcomes[0]).not.toHaveProperty('host');
    expect(outcomes[0]).not.toHaveProperty('detail.pausesProvider');
  });

  it('goes to the domain itself where it names no mail server', async () => {
    dns.set({ 'bare.example': { A: ['127.0.0.1'] } });
    const { outcomes } = await send(to('1', 'grace@bare.example'));
    expect(outcomes[0]).toMatchObject({ status: 'accepted', host: `bare.example:${sink.port}` });
  });

  it('fails for good where the domain takes no mail (RFC 7505)', async () => {
    dns.set({ 'null.example': { MX: [[0, '.']], A: ['127.0.0.1'] } });
    const { outcomes, asked } = await send(to('1', 'grace@null.example'));
    expect(outcomes[0]).toMatchObject({ status: 'refused', detail: { phase: 'connect', enhanced: '5.1.10' } });
    expect(asked).toEqual([]);
  });

  it('fails for good where the domain does not exist', async () => {
    const { outcomes } = await send(to('1', 'grace@nowhere.example'));
    expect(outcomes[0]).toMatchObject({ status: 'refused', detail: { enhanced: '5.1.2' } });
  });

  it.each(['servfail', 'refused'] as const)('waits where the DNS says %s', async (script) => {
    dns.set({ 'acme.example': script });
    const { outcomes } = await send(to('1', 'grace@acme.example'));
    expect(outcomes[0]).toMatchObject({ status: 'deferred', detail: { enhanced: '4.4.3' } });
  });

  it('never goes to a server inside', async () => {
    dns.set({
      'inside.example': { MX: [[10, 'router.inside.example']] },
      'router.inside.example': { A: ['10.0.0.1'] },
    });
    dns.set({ 'loop.example': { MX: [[10, 'here.loop.example']] }, 'here.loop.example': { A: ['127.0.0.1'] } });
    way.close();
    way = aWay('');
    const { outcomes } = await send(to('1', 'grace@inside.example'), to('2', 'grace@loop.example'));
    expect(outcomes.map(({ status, detail }) => [status, detail.enhanced])).toEqual([
      ['refused', '5.4.4'],
      ['refused', '5.4.4'],
    ]);
    expect(sink.connections).toBe(0);
  });

  it('waits where no server answers, and holds up nobody else', async () => {
    dns.set({ 'away.example': { MX: [[10, 'mx.away.example']] }, 'mx.away.example': { A: ['127.0.0.9'] } });
    way.close();
    way = aWay('127.0.0.0/8');
    const { outcomes } = await send(to('1', 'grace@away.example'), to('2', 'grace@acme.example'));
    const byId = Object.fromEntries(outcomes.map((outcome) => [outcome.messageId, outcome]));
    expect(byId['1']).toMatchObject({ status: 'deferred', detail: { phase: 'connect', enhanced: '4.4.1' } });
    expect(byId['1']!.detail.isRelayDown).toBeUndefined();
    expect(byId['2']).toMatchObject({ status: 'accepted' });
  });

  it('keeps the words of a server that closes at once, and tries later', async () => {
    sink.script = at('greeting', { reply: '554 5.7.1 Your address is on a list', end: 'close' });
    const { outcomes } = await send(to('1', 'grace@acme.example'));
    expect(outcomes[0]).toMatchObject({ status: 'deferred', text: 'Your address is on a list', detail: { code: 554 } });
  });

  it('goes once more in clear text after a handshake that failed', async () => {
    await sink.close();
    sink = await new Sink(
      ({ stage, connection }) =>
        stage === 'starttls' && connection === 1 ? { reply: '220 Go on\r\nthis is no handshake' } : undefined,
      { extensions: ['STARTTLS', '8BITMIME'] },
    ).listen();
    way.close();
    way = aWay();
    const { outcomes } = await send(to('1', 'grace@acme.example'));
    expect(outcomes[0]).toMatchObject({ status: 'accepted', detail: { tls: false } });
    expect(sink.lines.filter((line) => line === 'STARTTLS')).toHaveLength(1);
    expect(sink.connections).toBe(2);
  });

  it.each([
    ['when the handshake fails', ['STARTTLS', '8BITMIME']],
    ['when TLS is not offered', ['8BITMIME']],
  ])('never goes to Google in clear text, %s', async (_case, extensions) => {
    dns.set({ 'gmail.com': { MX: [[5, 'mx1.acme.example']] } });
    await sink.close();
    sink = await new Sink(
      ({ stage }) => (stage === 'starttls' ? { reply: '220 Go on\r\nthis is no handshake' } : undefined),
      { extensions },
    ).listen();
    way.close();
    way = aWay();
    const { outcomes } = await send(to('1', 'grace@gmail.com'));
    expect(outcomes[0]).toMatchObject({ status: 'deferred', detail: { phase: 'connect' } });
    expect(sink.lines.some((line) => line.startsWith('MAIL'))).toBe(false);
  });
});

it('takes equal servers in any order', async () => {
  dns.set({
    'acme.example': {
      MX: [
        [10, 'a.acme.example'],
        [10, 'b.acme.example'],
        [5, 'c.acme.example'],
      ],
    },
  });
  const orders = new Set<string>();
  for (let round = 0; round < 40 && orders.size < 2; round += 1) {
    const route = await mxRoute(names, 'acme.example');
    if (route.status === 'hosts') orders.add(route.hosts.join(' '));
  }
  expect([...orders].toSorted()).toEqual([
    'c.acme.example a.acme.example b.acme.example',
    'c.acme.example b.acme.example a.acme.example',
  ]);
});
