import { once } from 'node:events';
import type { AddressInfo } from 'node:net';
import { SMTPServer } from 'smtp-server';
import { Connections } from '../../src/mailer/connections.js';
import type { Relay } from '../../src/mailer/relay.js';
import { ownCertificate } from './own_certificate.js';
import { aMail, quickRelay, sendAll } from './sending.js';
import { at, Sink } from './sink.js';

let server: SMTPServer | undefined;
let connections: Connections | undefined;
const signIns: string[] = [];

afterEach(async () => {
  connections?.close();
  await new Promise<void>((resolve) => (server ? server.close(() => resolve()) : resolve()));
  server = undefined;
  signIns.length = 0;
});

/** A server with the certificate that smtp-server brings: self-signed, for localhost. */
async function listen(options: { secure?: boolean; cert?: string; key?: string } = {}): Promise<number> {
  server = new SMTPServer({
    ...options,
    disableReverseLookup: true,
    closeTimeout: 100,
    logger: false,
    onAuth: ({ username }, _session, done) => {
      signIns.push(username ?? '');
      done(null, { user: username ?? '' });
    },
    onData: (stream, _session, done) => {
      stream.resume();
      stream.on('end', () => done());
    },
  });
  server.on('error', () => undefined);
  server.listen(0, '127.0.0.1');
  await once(server.server, 'listening');
  return (server.server.address() as AddressInfo).port;
}

async function send(url: string, changes: Partial<Relay> = {}): Promise<object> {
  connections = new Connections(quickRelay(url, changes, { connect: 3000, greeting: 3000, command: 3000 }));
  const { outcomes } = await sendAll(connections, [aMail('1')]);
  return outcomes[0]!;
}

describe('encryption on the way to the relay', () => {
  it('is used by STARTTLS where the server offers it, and told', async () => {
    const port = await listen();
    expect(await send(`smtp://ada:s@127.0.0.1:${port}?verify=no`)).toMatchObject({
      status: 'accepted',
      detail: { tls: true },
    });
    expect(signIns).toEqual(['ada']);
  });

  it('is used from the start with smtps:', async () => {
    const port = await listen({ secure: true });
    expect(await send(`smtps://ada:s@127.0.0.1:${port}?verify=no`)).toMatchObject({
      status: 'accepted',
      detail: { tls: true },
    });
  });

  it('with a certificate that nobody vouches for is refused, and no password is sent', async () => {
    const port = await listen();
    expect(await send(`smtp://ada:s@127.0.0.1:${port}`)).toMatchObject({
      status: 'not_sent',
      detail: { isRelayDown: true },
    });
    expect(signIns).toEqual([]);
  });

  it('with a certificate of an authority that the relay names is good for that name only', async () => {
    const { certificate, key } = await ownCertificate('relay.acme.example');
    const port = await listen({ cert: certificate, key });
    const named = { ca: certificate, addressOf: () => Promise.resolve('127.0.0.1'), port, tls: 'required' } as const;
    const right = await send(`smtp://ada:s@relay.acme.example`, { ...named, host: 'relay.acme.example' });
    expect(right).toMatchObject({ status: 'accepted', host: `relay.acme.example:${port}`, detail: { tls: true } });
    connections?.close();
    const other = await send(`smtp://ada:s@other.acme.example`, { ...named, host: 'other.acme.example' });
    expect(other).toMatchObject({ status: 'not_sent', detail: { isRelayDown: true } });
    expect(signIns).toEqual(['ada']);
  });

  it('that breaks off in the handshake is no reason to go on in clear text', async () => {
    const options = { extensions: ['STARTTLS', 'AUTH PLAIN'] };
    const sink = await new Sink(at('starttls', { reply: '220 Go', end: 'reset' }), options).listen();
    expect(await send(`smtp://ada:s@127.0.0.1:${sink.port}`)).toMatchObject({
      status: 'not_sent',
      detail: { isRelayDown: true },
    });
    expect(sink.lines.filter((line) => line.startsWith('AUTH'))).toEqual([]);
    await sink.close();
  });

  it('offered and then refused is no reason to go on in clear text', async () => {
    const options = { extensions: ['STARTTLS', 'AUTH PLAIN'] };
    const sink = await new Sink(at('starttls', { reply: '454 4.7.0 Not now' }), options).listen();
    expect(await send(`smtp://ada:s@127.0.0.1:${sink.port}`)).toMatchObject({
      status: 'not_sent',
      detail: { isRelayDown: true },
    });
    expect(sink.lines.filter((line) => line.startsWith('AUTH'))).toEqual([]);
    await sink.close();
  });
});
