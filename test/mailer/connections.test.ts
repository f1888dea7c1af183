import { Connections } from '../../src/mailer/connections.js';
import type { Relay } from '../../src/mailer/relay.js';
import { relayFromUrl } from '../../src/mailer/relay.js';
import { Throttle } from '../../src/mailer/throttle/throttle.js';
import { aMail, quickRelay, sendAll, wayOver } from './sending.js';
import { at, Sink } from './sink.js';
import type { Script, SinkOptions } from './sink.js';
import { pause } from '../waiting.js';

let sink: Sink;
let connections: Connections;

afterEach(async () => {
  connections.close();
  await sink.close();
});

async function start(
  changes: Partial<Relay>,
  script: Script = () => undefined,
  options: SinkOptions = {},
): Promise<void> {
  sink = await new Sink(script, options).listen();
  connections = new Connections(quickRelay(sink.url, changes));
}

const mails = (count: number): ReturnType<typeof aMail>[] =>
  Array.from({ length: count }, (_, place) => aMail(String(place)));

const busy: Script = ({ stage, connection }) =>
  stage === 'greeting' && connection > 2 ? { reply: '421 4.7.0 Too many connections', end: 'close' } : undefined;

const slowly = (): Promise<boolean> => pause(50).then(() => true);

describe('keeping connections', () => {
  it('sends a batch over one kept-alive connection, one recipient a mail', async () => {
    await start({ connections: 1 });
    const { outcomes, asked } = await sendAll(connections, mails(20));
    expect(outcomes.map((outcome) => outcome.status)).toEqual(Array<string>(20).fill('accepted'));
    expect(sink.connections).toBe(1);
    expect(sink.caught.map((mail) => mail.recipients)).toEqual(asked.map((id) => [`ada.${id}@example.com`]));
    expect(sink.caught[3]?.sender).toBe('b-3@acme.test');
  });

  it('uses as many connections as allowed and no more', async () => {
    await start({ connections: 4 }, at('dot', { reply: '250 2.0.0 Ok', afterMs: 20 }));
    const { outcomes } = await sendAll(connections, mails(40));
    expect(outcomes).toHaveLength(40);
    expect(sink.mostOpen).toBe(4);
  });

  it('changes the connection after the agreed number of mails', async () => {
    await start({ connections: 1, messagesPerConnection: 5 });
    await sendAll(connections, mails(20));
    expect(sink.connections).toBe(4);
    expect(sink.lines.filter((line) => line === 'QUIT').length).toBeGreaterThanOrEqual(3);
  });

  it('goes on with fewer connections when the server wants no more of them', async () => {
    await start({ connections: 6 }, busy);
    const { outcomes } = await sendAll(connections, mails(60));
    expect(outcomes.every((outcome) => outcome.status === 'accepted')).toBe(true);
    expect(sink.caught).toHaveLength(60);
    expect(sink.connections).toBeLessThan(10);
  });

  it('takes a fresh connection when a kept one died while idle', async () => {
    await start({ connections: 1 }, ({ stage, connection, nth }) =>
      stage === 'mail' && connection === 1 && nth === 2 ? { end: 'reset' } : undefined,
    );
    const { outcomes, asked } = await sendAll(connections, mails(3));
    expect(outcomes.map((outcome) => outcome.status)).toEqual(['accepted', 'accepted', 'accepted']);
    expect(asked.toSorted()).toEqual(['0', '1', '2']);
    expect(sink.connections).toBe(2);
  });

  it('takes a fresh connection when the server ends the kept one by 421', async () => {
    await start({ connections: 1 }, ({ stage, connection, nth }) =>
      stage === 'mail' && connection === 1 && nth === 2 ? { reply: '421 4.4.2 Enough', end: 'close' } : undefined,
    );
    const { outcomes } = await sendAll(connections, mails(3));
    expect(outcomes.map((outcome) => outcome.status)).toEqual(['accepted', 'accepted', 'accepted']);
  });

  it('lets an urgent mail overtake a bulk send', async () => {
    await start({ connections: 1 }, at('dot', { reply: '250 2.0.0 Ok', afterMs: 5 }));
    const bulk = sendAll(connections, mails(30));
    const urgent = await sendAll(connections, [aMail('urgent', { isUrgent: true })]);
    expect(urgent.outcomes[0]?.status).toBe('accepted');
    expect(sink.caught.length).toBeLessThan(6);
    await bulk;
    expect(sink.caught).toHaveLength(31);
  });
});

describe('the wire commit', () => {
  it.each([[['8BITMIME']], [['PIPELINING']]])(
    '"no" skips a mail without a byte of it and keeps the connection (%o)',
    async (extensions) => {
      await start({ connections: 1 }, () => undefined, { extensions });
      const { outcomes } = await sendAll(connections, mails(6), (id) => Promise.resolve(Number(id) % 2 === 0));
      expect(outcomes.map((outcome) => outcome.status)).toEqual([
        'accepted',
        'skipped',
        'accepted',
        'skipped',
        'accepted',
        'skipped',
      ]);
      expect(sink.caught.map((mail) => mail.recipients[0])).toEqual([
        'ada.0@example.com',
        'ada.2@example.com',
        'ada.4@example.com',
      ]);
      expect(sink.connections).toBe(1);
      expect(sink.lines.filter((line) => line === 'DATA')).toHaveLength(3);
    },
  );

  it('is asked after the recipient was taken and before DATA', async () => {
    await start({ connections: 1 });
    const seen: string[] = [];
    await sendAll(connections, mails(1), () => {
      seen.push(...sink.lines);
      return Promise.resolve(true);
    });
    expect(seen.at(-1)).toMatch(/^RCPT TO:/);
    expect(sink.lines).toContain('DATA');
  });

  it('is not asked for a refused recipient', async () => {
    await start({ connections: 1 }, at('rcpt', { reply: '550 5.1.1 No such user' }));
    expect((await sendAll(connections, mails(2))).asked).toEqual([]);
  });

  it('that fails means "no"', async () => {
    await start({ connections: 1 });
    const { outcomes } = await sendAll(connections, mails(2), () => Promise.reject(new Error('The database is away')));
    expect(outcomes[0]).toMatchObject({ status: 'not_sent', text: 'The database is away', detail: { phase: 'wire' } });
    expect(sink.caught).toHaveLength(0);
  });

  it('given while the connection breaks leaves no copy', async () => {
    await start({ connections: 1 }, at('rcpt', { reply: '250 2.1.5 Ok', end: 'close' }));
    const { outcomes } = await sendAll(connections, mails(1), slowly);
    expect(outcomes[0]).toMatchObject({ status: 'not_sent', detail: { phase: 'wire' } });
  });
});

describe('what the server can do', () => {
  it('refuses a mail that is bigger than the server takes, before asking for the wire', async () => {
    await start({ connections: 1 }, () => undefined, { extensions: ['SIZE 100'] });
    const { outcomes, asked } = await sendAll(connections, [aMail('1', { content: () => Buffer.alloc(200, 'x') })]);
    expect(outcomes[0]).toMatchObject({ status: 'refused', detail: { phase: 'compose', enhanced: '5.3.4' } });
    expect(asked).toEqual([]);
  });

  it('sends to a mailbox with letters outside ASCII only where the server allows it', async () => {
    await start({ connections: 1 }, () => undefined, { extensions: ['SIZE'] });
    const mail = aMail('1', { recipient: 'jürgen@example.com' });
    expect((await sendAll(connections, [mail])).outcomes[0]).toMatchObject({
      status: 'refused',
      detail: { enhanced: '5.6.7' },
    });
    connections.close();
    await sink.close();
    await start({ connections: 1 }, () => undefined, { extensions: ['SMTPUTF8', '8BITMIME'] });
    expect((await sendAll(connections, [mail])).outcomes[0]).toMatchObject({ status: 'accepted' });
    expect(sink.lines.some((line) => line.startsWith('MAIL') && line.endsWith('SMTPUTF8'))).toBe(true);
  });
});

describe('signing in', () => {
  it('sends the password of the address', async () => {
    await start({ connections: 1 }, () => undefined, { extensions: ['AUTH PLAIN LOGIN'] });
    connections = new Connections(quickRelay(`smtp://ada%40acme.test:s%2Fcret@127.0.0.1:${sink.port}`));
    expect((await sendAll(connections, mails(1))).outcomes[0]?.status).toBe('accepted');
    const [, credentials] = sink.lines.find((line) => line.startsWith('AUTH'))!.split('PLAIN ');
    expect(Buffer.from(credentials!, 'base64').toString()).toBe('\0ada@acme.test\0s/cret');
  });

  it('by a token renews it once when the server refuses the old one', async () => {
    const challenge = Buffer.from('{"status":"400"}').toString('base64');
    let refusals = 0;
    await start(
      { connections: 1 },
      ({ stage, line }) => {
        if (stage !== 'auth' || line.includes(tokenOf('new'))) return undefined;
        refusals += 1;
        return { reply: `334 ${challenge}` };
      },
      { extensions: ['AUTH XOAUTH2'] },
    );
    const token = (isRenewal: boolean): Promise<string> => Promise.resolve(isRenewal ? 'new' : 'old');
    const login = { method: 'XOAUTH2', user: 'ada@acme.test', token } as const;
    connections = new Connections({ ...quickRelay(sink.url), login });
    expect((await sendAll(connections, mails(1))).outcomes[0]?.status).toBe('accepted');
    expect(refusals).toBe(1);
  });

  it('a refused sign-in says that the relay is down, with its words', async () => {
    await start({ connections: 1 }, at('auth', { reply: '535 5.7.8 Wrong password' }), { extensions: ['AUTH PLAIN'] });
    connections = new Connections(quickRelay(`smtp://ada:wrong@127.0.0.1:${sink.port}`));
    const { outcomes } = await sendAll(connections, mails(5));
    expect(outcomes).toHaveLength(5);
    expect(outcomes[0]).toMatchObject({
      status: 'not_sent',
      text: 'Wrong password',
      detail: { isRelayDown: true, code: 535 },
    });
    expect(sink.lines.filter((line) => line.startsWith('AUTH'))).toHaveLength(1);
  });

  it('sends no password in clear text to another machine, unless told so', () => {
    expect(relayFromUrl('smtp://ada:s@relay.example.com', 10).tls).toBe('required');
    expect(relayFromUrl('smtp://ada:s@relay.example.com?tls=off', 10).tls).toBe('off');
    expect(relayFromUrl('smtp://relay.example.com:25', 10).tls).toBe('offered');
    expect(relayFromUrl('smtps://ada:s@relay.example.com', 10)).toMatchObject({ tls: 'implicit', port: 465 });
  });

  it('refuses a server that offers no TLS where TLS is required', async () => {
    await start({ connections: 1 }, () => undefined, { extensions: ['AUTH PLAIN'] });
    connections = new Connections({ ...quickRelay(`smtp://ada:s@127.0.0.1:${sink.port}`), tls: 'required' });
    expect((await sendAll(connections, mails(1))).outcomes[0]).toMatchObject({
      status: 'not_sent',
      detail: { isRelayDown: true },
    });
    expect(sink.lines.filter((line) => line.startsWith('AUTH'))).toEqual([]);
  });
});

describe('reading outcomes', () => {
  it('stops the batch when nobody reads on, after the mails under way', async () => {
    await start({ connections: 2 });
    const { EmailChannel } = await import('../../src/mailer/email_channel.js');
    const channel = new EmailChannel(() => [wayOver(connections)], new Throttle(() => performance.now()), 2);
    for await (const outcome of channel.send(mails(50), () => Promise.resolve(true))) {
      expect(outcome.status).toBe('accepted');
      break;
    }
    expect(sink.caught.length).toBeLessThan(10);
  });
});

function tokenOf(token: string): string {
  return Buffer.from(`user=ada@acme.test\x01auth=Bearer ${token}\x01\x01`).toString('base64');
}
