import { once } from 'node:events';
import type { AddressInfo } from 'node:net';
import { BounceConnections } from '../../src/inbound/bounce_connections.js';
import { type BounceLimits, bounceLimits } from '../../src/inbound/bounce_limits.js';
import { BounceServer, type MailAtDoor } from '../../src/inbound/bounce_server.js';
import { SettableClock, START } from '../clock.js';
import { Talk } from '../inbound/talk.js';
import { until } from '../waiting.js';

const OURS = 'b-ours@bounce.acme.example';
const NEVER = 3_600_000;
/** Nothing ends by time unless a test says so. */
const PATIENT = { sessionMs: NEVER, firstMailMs: NEVER, commandMs: NEVER, paceAfterMs: NEVER, lookMs: 20 };

describe('the port for mails that come back, attacked', () => {
  const kept: MailAtDoor[] = [];
  const talks: Talk[] = [];
  let server: BounceServer;
  let clock: SettableClock;

  const open = async (limits: Partial<BounceLimits> = {}): Promise<void> => {
    clock = new SettableClock();
    clock.set(START);
    const owner = {
      name: 'bounce.acme.example',
      keptBytes: 1000,
      isOurs: (address: string) => address === OURS,
      keep: (mail: MailAtDoor) => Promise.resolve(void kept.push(mail)),
    };
    server = new BounceServer(owner, { ...bounceLimits(), ...PATIENT, ...limits }, clock);
    server.on('error', () => undefined);
    server.listen(0, '127.0.0.1');
    await once(server.server, 'listening');
  };
  const port = (): number => (server.server.address() as AddressInfo).port;
  const come = async (from?: string): Promise<Talk> => {
    const talk = await Talk.open(port(), from);
    talks.push(talk);
    return talk;
  };
  const talking = async (from?: string): Promise<Talk> => {
    const talk = await come(from);
    expect(await talk.reply()).toMatch(/^220/);
    await talk.say('EHLO mx.navy.example');
    return talk;
  };
  const mailing = async (talk: Talk): Promise<void> => {
    await talk.say('MAIL FROM:<>');
    await talk.say(`RCPT TO:<${OURS}>`);
    expect(await talk.say('DATA')).toMatch(/^354/);
  };
  afterEach(async () => {
    for (const talk of talks.splice(0)) talk.end();
    kept.length = 0;
    await new Promise<void>((resolve) => server.close(() => resolve()));
  });

  it('gives one address some of the places, and its neighbours the rest of their network', async () => {
    await open({ connections: 12, reserved: 2, perAddress: 3, perNetwork: 5 });
    const greetings: string[] = [];
    for (let n = 0; n < 50; n += 1) greetings.push(await (await come('127.0.0.1')).reply());
    expect(greetings.filter((reply) => reply.startsWith('220'))).toHaveLength(3);
    expect(greetings[3]).toMatch(/^421 \S+ 4\.7\.0 Too many connections from your network/);
    for (let n = 2; n < 20; n += 1) greetings.push(await (await come(`127.0.0.${n}`)).reply());
    expect(greetings.filter((reply) => reply.startsWith('220'))).toHaveLength(5);
    expect(await (await talking('127.0.1.1')).mail(OURS, 'Subject: x\n\nx')).toMatch(/^250/);
  });

  it('takes anybody in again when the others have gone', async () => {
    await open({ perAddress: 1 });
    const first = await talking();
    expect(await (await come()).reply()).toMatch(/^421/);
    expect(await first.say('QUIT')).toMatch(/^221/);
    await first.untilClosed();
    await until(async () => (await (await come()).reply()).startsWith('220'));
  });

  it('keeps places for networks that brought a mail, when a hundred others have taken all the rest', async () => {
    await open({ connections: 6, reserved: 2, perNetwork: 6 });
    const old = await talking('127.0.9.1');
    expect(await old.mail(OURS, 'Subject: x\n\nx')).toMatch(/^250/);
    await old.say('QUIT');
    await old.untilClosed();
    const greetings: string[] = [];
    for (let n = 0; n < 20; n += 1) greetings.push(await (await come(`127.1.${n}.1`)).reply());
    expect(greetings.filter((reply) => reply.startsWith('220'))).toHaveLength(4);
    expect(greetings.at(-1)).toMatch(/^421 \S+ 4\.3\.2/);
    expect(await (await talking('127.0.9.1')).mail(OURS, 'Subject: x\n\nx')).toMatch(/^250/);
  });

  it('takes so many new connections a minute from one address, and says when to come back', async () => {
    await open({ connectionsPerMinute: 3 });
    for (let n = 0; n < 3; n += 1) (await talking()).end();
    expect(await (await come()).reply()).toMatch(/^421 .* come again in \d+ seconds/);
    clock.forward(60_000);
    expect(await (await come()).reply()).toMatch(/^220/);
  });

  it('counts a /64 as one address, a /48 as one network, and leaves our own relays alone', async () => {
    await open();
    const limits = { ...bounceLimits(), perAddress: 2, perNetwork: 3, relays: ['10.0.0.0/8', '2001:db8:ffff::1'] };
    const guests = new BounceConnections(clock, limits);
    const from = (address: string, times: number): (string | undefined)[] =>
      Array.from({ length: times }, () => guests.enter(address));
    expect(from('2001:db8:1:1::a', 2)).toEqual([undefined, undefined]);
    expect(guests.enter('2001:db8:1:1:ffff::b')).toMatch(/^4\.7\.0/);
    expect(guests.enter('2001:db8:1:2::1')).toBeUndefined();
    expect(guests.enter('2001:db8:1:3::1')).toMatch(/^4\.7\.0/);
    expect(from('::ffff:10.1.2.3', 40).every((refusal) => refusal === undefined)).toBe(true);
    expect(from('2001:db8:ffff::1', 10).every((refusal) => refusal === undefined)).toBe(true);
    guests.leave('2001:db8:1:1::a');
    expect(guests.enter('2001:db8:1:1::c')).toBeUndefined();
  });

  it.each(['NOOP', 'RSET', 'HELO mx', 'EHLO mx', 'VRFY ada', 'AUTH PLAIN x', 'MAIL FROM:<>', 'BDAT 5 LAST', 'XYZZY'])(
    'takes %s for no progress',
    async (command) => {
      await open({ fruitless: 12 });
      const talk = await talking();
      const replies: string[] = [];
      talk.write(`${command}\r\n`.repeat(500));
      replies.push(...(await talk.untilClosed()));
      expect(replies.length).toBeLessThanOrEqual(13);
      expect(replies.at(-1)).toMatch(/^421/);
    },
  );

  it('lets whoever brings mails bring many in one connection, and then go on in another one', async () => {
    await open({ fruitless: 8, mails: 20 });
    const talk = await talking();
    for (let n = 0; n < 20; n += 1) expect(await talk.mail(OURS, `Subject: ${n}\n\nx`)).toMatch(/^250/);
    expect(await talk.say('MAIL FROM:<>')).toMatch(/^421 4\.7\.0 Enough mails/);
    await talk.untilClosed();
    expect(kept).toHaveLength(20);
  });

  it('ends whoever tries addresses', async () => {
    await open({ strangers: 4, fruitless: 100 });
    const talk = await talking();
    await talk.say('MAIL FROM:<>');
    const replies: string[] = [];
    for (let n = 0; n < 4; n += 1) replies.push(await talk.say(`RCPT TO:<b-${n}@bounce.acme.example>`));
    expect(replies.map((reply) => reply.slice(0, 3))).toEqual(['550', '550', '550', '421']);
  });

  it('takes one recipient a mail', async () => {
    await open({ fruitless: 200 });
    const talk = await talking();
    await talk.say('MAIL FROM:<>');
    await talk.say(`RCPT TO:<${OURS}>`);
    for (let n = 0; n < 100; n += 1) expect(await talk.say(`RCPT TO:<b-${n}@x.example>`)).toMatch(/^452 4\.5\.3/);
  });

  it('says 450 when one network brings mails faster than anybody needs to', async () => {
    await open({ mailsPerMinute: 3 });
    const talk = await talking();
    for (let n = 0; n < 3; n += 1) expect(await talk.mail(OURS, 'Subject: x\n\nx')).toMatch(/^250/);
    expect(await talk.say('MAIL FROM:<>')).toMatch(/^450 4\.7\.1 .* come again in \d+ seconds/);
    expect(await (await talking('127.0.1.1')).mail(OURS, 'Subject: x\n\nx')).toMatch(/^250/);
  });

  it('does not wait for a mail that drips, a command that drips, or a client that says nothing', async () => {
    await open({ paceAfterMs: 60, pace: 1000, commandMs: 400, firstMailMs: 200 });
    const silent = await talking();
    const dripping = await talking();
    await mailing(dripping);
    const drips = setInterval(() => dripping.write('x'), 10);
    expect(await dripping.untilClosed()).toEqual([expect.stringMatching(/^421 4\.4\.2 The mail comes too slowly/)]);
    clearInterval(drips);
    expect(await silent.untilClosed()).toEqual([expect.stringMatching(/^421 4\.4\.2 No mail came/)]);
    const letters = await talking();
    await letters.say('MAIL FROM:<>');
    const typing = setInterval(() => letters.write('R'), 10);
    expect(await letters.untilClosed()).toEqual([expect.stringMatching(/^421 4\.4\.2 No command came/)]);
    clearInterval(typing);
    expect(kept).toEqual([]);
  });

  it('ends a conversation after a while, however much goes on in it', async () => {
    await open({ sessionMs: 200, fruitless: 1_000_000 });
    const talk = await talking();
    const busy = setInterval(() => talk.write('NOOP\r\n'), 5);
    expect((await talk.untilClosed()).at(-1)).toMatch(/^421 4\.4\.2 This connection has lasted long enough/);
    clearInterval(busy);
  });

  it('holds the start of a mail only, and hears out what is a little too big', async () => {
    await open({ size: 100_000 });
    const talk = await talking();
    expect(await talk.mail(OURS, 'x'.repeat(50_000))).toMatch(/^250/);
    expect(kept[0]!.raw).toHaveLength(1000);
    expect(await talk.mail(OURS, 'x\n'.repeat(100_000))).toMatch(/^552 5\.3\.4 Too big/);
    expect(await talk.mail(OURS, '.\n'.repeat(300))).toMatch(/^250/);
    expect(kept[1]!.raw.toString().trimEnd()).toBe('.\r\n'.repeat(300).trimEnd());
  });

  it('does not hear out a mail without an end, nor more bytes than an address may bring', async () => {
    await open({ size: 100_000 });
    const endless = await talking();
    await mailing(endless);
    endless.write('x'.repeat(2_000_000));
    expect(await endless.untilClosed()).toEqual([expect.stringMatching(/^421 4\.7\.0 Too many bytes/)]);
    await new Promise<void>((resolve) => server.close(() => resolve()));
    await open({ bytesPerMinute: 200_000 });
    const greedy = await talking();
    for (let n = 0; n < 4; n += 1) await greedy.mail(OURS, 'x'.repeat(60_000));
    await mailing(greedy);
    greedy.write('x'.repeat(100));
    expect(await greedy.untilClosed()).toEqual([expect.stringMatching(/^421 4\.7\.0 Too many bytes/)]);
  });

  it('reads no line without an end', async () => {
    await open();
    const talk = await talking();
    talk.write(`MAIL FROM:<${'x'.repeat(100_000)}`);
    expect((await talk.untilClosed()).at(-1)).toMatch(/^421 .*too long/);
  });
});
