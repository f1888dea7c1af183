import { Connections } from '../../src/mailer/connections.js';
import type { OutgoingMail } from '../../src/mailer/outgoing_mail.js';
import type { Patience } from '../../src/mailer/relay.js';
import { RelayWay } from '../../src/mailer/relays/relay_way.js';
import type { MailDetail, MailOutcome } from '../../src/mailer/mail_outcome.js';
import { aMail, quickRelay, sendAll } from './sending.js';
import { type Act, at, type Script, Sink, type SinkOptions, type Stage } from './sink.js';

let sink: Sink;
let connections: Connections;

afterEach(async () => {
  connections.close();
  await sink.close();
});

async function start(script: Script, options: SinkOptions = {}, patience: Partial<Patience> = {}): Promise<void> {
  sink = await new Sink(script, options).listen();
  connections = new Connections(quickRelay(sink.url, {}, patience));
}

async function outcomeOf(mail: OutgoingMail = aMail('1')): Promise<MailOutcome> {
  const { outcomes } = await sendAll(connections, [mail]);
  expect(outcomes).toHaveLength(1);
  return outcomes[0]!;
}

const big = (): OutgoingMail =>
  aMail('1', { content: () => Buffer.from(`Subject: Big\r\n\r\n${'x'.repeat(70)}\r\n`.repeat(70_000)) });
const close: Act = { end: 'close' };
const reset: Act = { end: 'reset' };

describe.each([['one by one', ['8BITMIME']] as const, ['pipelined', ['PIPELINING', '8BITMIME']] as const])(
  'commands %s: what an answer means',
  (_name, extensions) => {
    it.each<[Stage, Act, Pick<MailOutcome, 'status'> & { text?: string; detail?: Partial<MailDetail> }]>([
      [
        'mail',
        { reply: '451 4.3.0 Later' },
        { status: 'deferred', detail: { phase: 'sender', code: 451, enhanced: '4.3.0' } },
      ],
      [
        'mail',
        { reply: '550 5.1.8 Bad sender' },
        { status: 'refused', detail: { phase: 'sender', code: 550, enhanced: '5.1.8' } },
      ],
      [
        'rcpt',
        { reply: '450 4.2.0 Greylisted' },
        { status: 'deferred', text: 'Greylisted', detail: { phase: 'recipient' } },
      ],
      [
        'rcpt',
        { reply: '550 5.1.1 No such user' },
        { status: 'refused', text: 'No such user', detail: { phase: 'recipient' } },
      ],
      ['rcpt', { reply: '421 4.7.0 Too many' }, { status: 'deferred', detail: { phase: 'recipient', code: 421 } }],
      ['data', { reply: '451 4.7.1 Not now' }, { status: 'deferred', detail: { phase: 'wire', enhanced: '4.7.1' } }],
      ['data', { reply: '554 5.7.1 Never' }, { status: 'refused', detail: { phase: 'wire', enhanced: '5.7.1' } }],
      ['dot', { reply: '451 4.3.0 Try later' }, { status: 'deferred', detail: { phase: 'reply', code: 451 } }],
      [
        'dot',
        { reply: '421 4.3.2 Going down', end: 'close' },
        { status: 'deferred', detail: { phase: 'reply', code: 421 } },
      ],
      ['dot', { reply: '554 5.6.0 Spam' }, { status: 'refused', text: 'Spam', detail: { phase: 'reply' } }],
      ['dot', { reply: '250 2.0.0 Ok: queued as Q1', end: 'close' }, { status: 'accepted', detail: { queueId: 'Q1' } }],
      ['dot', { reply: '250-2.0.0 two\r\n250 2.0.0 lines' }, { status: 'accepted', text: 'two lines' }],
    ])('%s answered %o', async (stage, act, expected) => {
      await start(at(stage, act), { extensions: [...extensions] });
      expect(await outcomeOf()).toMatchObject({ ...expected, messageId: '1', host: `127.0.0.1:${sink.port}` });
    });

    it.each<[Stage, Act]>([
      ['mail', close],
      ['mail', reset],
      ['mail', 'hang'],
      ['rcpt', close],
      ['rcpt', 'hang'],
      ['data', close],
      ['data', reset],
      ['data', 'hang'],
      ['rcpt', { reply: 'hello there, this is not SMTP\r\n' }],
    ])('%s: %o means that no copy exists', async (stage, act) => {
      await start(at(stage, act), { extensions: [...extensions] });
      expect(await outcomeOf()).toMatchObject({ status: 'not_sent' });
      expect(sink.caught).toHaveLength(0);
    });

    it.each<[string, Act]>([
      ['the end of the connection', close],
      ['a reset', reset],
      ['half a reply and the end', { reply: '25', end: 'close' }],
      ['silence', 'hang'],
      ['nonsense', { reply: 'what is this\r\n' }],
    ])('after the dot, %s leaves the mail uncertain', async (_what, act) => {
      await start(at('dot', act), { extensions: [...extensions] });
      expect(await outcomeOf()).toMatchObject({ status: 'uncertain', detail: { phase: 'reply' } });
    });
  },
);

describe('inside the body', () => {
  it.each<[string, Act]>([
    ['the end of the connection', close],
    ['a reset', reset],
  ])('%s means that no copy exists', async (_what, act) => {
    await start(at('block', act, 3));
    expect(await outcomeOf(big())).toMatchObject({ status: 'not_sent', detail: { phase: 'body' } });
    expect(sink.caught).toHaveLength(0);
  });

  it('takes the words of a server that refuses in the middle and hangs up', async () => {
    await start(at('block', { reply: '552 5.3.4 Too big', end: 'close' }, 2));
    expect(await outcomeOf(big())).toMatchObject({
      status: 'refused',
      text: 'Too big',
      detail: { phase: 'body', code: 552 },
    });
  });

  it('sends every byte of a big mail, with dots doubled on the way only', async () => {
    await start(() => undefined);
    const raw = `.start\r\n${'.line\r\nother\r\n'.repeat(20_000)}`;
    expect(await outcomeOf(aMail('1', { content: () => Buffer.from(raw) }))).toMatchObject({ status: 'accepted' });
    expect(sink.caught[0]?.raw === raw).toBe(true);
  });

  it('destroys the socket when the whole exchange takes too long, and says uncertain', async () => {
    await start(at('dot', 'hang'), {}, { dot: 60_000, transaction: 200 });
    expect(await outcomeOf()).toMatchObject({ status: 'uncertain' });
  });
});

describe('before a session stands', () => {
  it.each<[string, Script]>([
    ['4xx greeting', at('greeting', { reply: '421 4.3.2 Closed', end: 'close' })],
    ['5xx greeting', at('greeting', { reply: '554 5.3.2 Go away', end: 'close' })],
    ['silence', at('greeting', 'hang')],
    ['an immediate end', at('greeting', close)],
    ['a refused EHLO', at('ehlo', { reply: '550 5.0.0 No' })],
    ['an end at EHLO', at('ehlo', reset)],
  ])('%s says that the relay is down', async (_what, script) => {
    await start(script);
    expect(await outcomeOf()).toMatchObject({ status: 'not_sent', detail: { phase: 'connect', isRelayDown: true } });
  });

  it('asks a relay that is down once for a whole batch, and never for the wire', async () => {
    await start(at('greeting', { reply: '421 4.3.2 Closed', end: 'close' }));
    const mails = Array.from({ length: 30 }, (_, place) => aMail(String(place)));
    const way = new RelayWay({ name: 'sink', key: 'sink', relay: quickRelay(sink.url) }, () => performance.now());
    const { outcomes, asked } = await sendAll(way, mails);
    expect(
      outcomes.filter((outcome) => outcome.detail.isRelayDown === true && outcome.detail.code === 421),
    ).toHaveLength(30);
    expect(asked).toHaveLength(0);
    expect(sink.connections).toBe(1);
  });

  it('reports a refused connection', async () => {
    await start(() => undefined);
    connections = new Connections(quickRelay('smtp://127.0.0.1:1'));
    const outcome = await outcomeOf();
    expect(outcome).toMatchObject({ status: 'not_sent', detail: { isRelayDown: true } });
    expect(outcome.text).toContain('ECONNREFUSED');
  });
});

describe('a server that talks without end', () => {
  it.each<[string, Act]>([
    ['a line of a megabyte', { reply: `250 ${'x'.repeat(1_000_000)}` }],
    [
      'a reply whose last line never comes',
      { reply: Array.from({ length: 4000 }, () => `250-${'y'.repeat(60)}`).join('\r\n') },
    ],
  ])('is left after %s, and the mail goes later', async (_what, act) => {
    await start(at('rcpt', act));
    expect(await outcomeOf()).toMatchObject({ status: 'not_sent' });
    expect(sink.caught).toHaveLength(0);
  });

  it('one letter at a time is waited for only so long', async () => {
    await start(at('mail', { reply: '2' }));
    expect(await outcomeOf()).toMatchObject({ status: 'not_sent', detail: { phase: 'sender' } });
  });
});
