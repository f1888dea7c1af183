import type { MailOutcome } from '../../../src/mailer/mail_outcome.js';
import type { OutgoingMail } from '../../../src/mailer/outgoing_mail.js';
import { EmailChannel } from '../../../src/mailer/email_channel.js';
import { RelayWay } from '../../../src/mailer/relays/relay_way.js';
import { Pace } from '../../../src/mailer/throttle/pace.js';
import { providerOfDomain, providerOfServer } from '../../../src/mailer/throttle/providers.js';
import type { Pause } from '../../../src/mailer/throttle/pauses.js';
import { Throttle } from '../../../src/mailer/throttle/throttle.js';
import { aMail, quickRelay } from '../sending.js';
import { type Script, Sink } from '../sink.js';

const MINUTE = 60_000;

describe('a pace', () => {
  it('lets so many pass at once', () => {
    const pace = new Pace({ atOnce: 2 });
    pace.start(0);
    pace.start(0);
    expect(pace.waitMs(0)).toBe(Infinity);
    pace.end();
    expect(pace.waitMs(0)).toBe(0);
  });

  it('keeps mails apart that may go so many a minute', () => {
    const pace = new Pace({ atOnce: 10, perMinute: 60 });
    pace.start(5000);
    expect([pace.waitMs(5000), pace.waitMs(5600), pace.waitMs(6000)]).toEqual([1000, 400, 0]);
  });

  it('halves at once, counts answers of one moment once, and comes back slowly', () => {
    const pace = new Pace({ atOnce: 8 });
    pace.slow(1000);
    pace.slow(1100);
    expect(pace.strikes).toBe(1);
    const free = (): number => {
      let count = 0;
      for (; pace.waitMs(1e9) === 0; count += 1) pace.start(0);
      for (let place = 0; place < count; place += 1) pace.end();
      return count;
    };
    expect(free()).toBe(4);
    for (let mail = 0; mail < 19; mail += 1) pace.well();
    expect(free()).toBe(4);
    pace.well();
    expect(free()).toBe(5);
    for (let mail = 0; mail < 200; mail += 1) pace.well();
    expect([free(), pace.gap]).toEqual([8, 0]);
  });

  it('begins small where nobody is known yet, and widens with each mail that is taken', () => {
    const pace = new Pace({ atOnce: 10, startsWith: 2 });
    pace.start(0);
    pace.start(0);
    expect(pace.waitMs(0)).toBe(Infinity);
    pace.well();
    expect(pace.waitMs(0)).toBe(0);
  });
});

describe('a provider', () => {
  it('is who runs the servers, whatever the domain is called', () => {
    expect(providerOfServer('aspmx.l.google.com.', 'acme.example').name).toBe('Google');
    expect(providerOfServer('acme-example.mail.protection.outlook.com', 'acme.example').name).toBe('Microsoft');
    expect(providerOfServer('mta7.am0.yahoodns.net', 'yahoo.com').name).toBe('Yahoo');
    expect(providerOfServer('mx.acme.example', 'acme.example').name).toBe('acme.example');
    expect(providerOfServer('evil-google.com', 'acme.example').name).toBe('acme.example');
    expect(providerOfDomain('gmail.com').name).toBe(providerOfDomain('googlemail.com').name);
  });
});

describe('when a provider answers', () => {
  let now = 0;
  let sink: Sink;
  let way: RelayWay;
  let throttle: Throttle;
  let kept: Pause[];
  beforeEach(async () => {
    now = 1_000_000;
    kept = [];
    sink = await new Sink().listen();
    way = new RelayWay({ name: 'sink', key: 'sink', relay: quickRelay(sink.url, { connections: 4 }) }, () => now);
    throttle = new Throttle(() => now, { begun: (pause) => kept.push(pause), lifted: () => undefined });
  });
  afterEach(async () => {
    way.close();
    await sink.close();
  });

  const send = async (mails: OutgoingMail[], script: Script): Promise<Record<string, MailOutcome>> => {
    sink.script = script;
    const outcomes: Record<string, MailOutcome> = {};
    const channel = new EmailChannel(() => [way], throttle, 4);
    for await (const outcome of channel.send(mails, () => Promise.resolve(true))) outcomes[outcome.messageId] = outcome;
    return outcomes;
  };
  const to = (domain: string, id = domain): OutgoingMail => aMail(id, { recipient: `ada@${domain}` });
  const refusing =
    (domain: string, reply: string): Script =>
    ({ stage, line }) =>
      stage === 'rcpt' && line.includes(domain) ? { reply } : undefined;

  /** Several people at a domain: one alone is nobody's judge. */
  const threeAt = (domain: string): OutgoingMail[] =>
    ['ada', 'grace', 'mary'].map((name) => aMail(`${name} ${domain}`, { recipient: `${name}@${domain}` }));

  it('is not judged by a host of its name that was not found', () => {
    const lane = { way: 'direct', brandId: '1', provider: 'Google', domain: 'gmail.com', recipient: 'a@x', limits: [] };
    const text = '"blocked-by-spamhaus.google.com" has no address in the DNS.';
    const outcome = {
      messageId: '1',
      status: 'deferred',
      text,
      detail: { phase: 'connect', code: 451, enhanced: '4.4.3' },
    } as const;
    expect(throttle.passFor(lane).end(outcome)).toEqual(outcome);
    expect(throttle.passFor(lane).end({ ...outcome, host: 'mx.google.com:25' })).toHaveProperty(
      'detail.pausesProvider',
    );
  });

  it.each([
    ['421 4.7.0 [TSS04] Messages from 192.0.2.1 temporarily deferred', 120],
    ['421 4.7.0 [TS04] Messages temporarily deferred', 120],
    ['450 4.7.1 Temporarily deferred due to low IP reputation', 90],
    ['550 5.7.1 Service unavailable; client host blocked using Spamhaus', 30],
  ])('“%s” to several pauses it for %i minutes, and nobody else', async (reply, minutes) => {
    const mails = [...threeAt('yahoo.com'), to('acme.example')];
    const outcomes = await send(mails, refusing('yahoo.com', reply));
    const told = Object.values(outcomes).filter(({ detail }) => detail.pausesProvider === 'Yahoo');
    expect(told).toHaveLength(1);
    expect(told[0]!.retryAfterMs).toBeGreaterThan(minutes * MINUTE);
    expect(outcomes['acme.example']).toMatchObject({ status: 'accepted' });
    expect(kept).toMatchObject([{ way: 'sink', brandId: '1', provider: 'Yahoo', until: now + minutes * MINUTE }]);
    const lines = sink.lines.length;
    const again = await send([to('aol.com')], () => undefined);
    expect(again['aol.com']).toMatchObject({ status: 'not_sent', detail: { isPutOff: true } });
    expect(again['aol.com']!.retryAfterMs).toBeGreaterThanOrEqual(minutes * MINUTE);
    expect(sink.lines).toHaveLength(lines);
    expect(throttle.pauses.on('sink', '1')[0]?.domains).toEqual(['yahoo.com', 'aol.com']);
    now += minutes * MINUTE;
    expect((await send([to('yahoo.com')], () => undefined))['yahoo.com']).toMatchObject({ status: 'accepted' });
  });

  it('to one recipient only, nobody else waits for it, and its own mail comes last and costs no try', async () => {
    const mails = threeAt('acme.example');
    const outcomes = await send(mails, refusing('ada@acme.example', '550 5.7.1 Blocked by our policy'));
    expect(kept).toEqual([]);
    expect(outcomes['ada acme.example']).toMatchObject({ detail: { isAboutUs: true } });
    expect(outcomes['ada acme.example']!.retryAfterMs).toBeGreaterThan(30 * MINUTE);
    expect(outcomes['grace acme.example']).toMatchObject({ status: 'accepted' });
    expect(outcomes['mary acme.example']).toMatchObject({ status: 'accepted' });
  });

  it('a relay that wants less itself slows its own mails, and pauses no provider', async () => {
    const mails = Array.from({ length: 6 }, (_, place) => to('acme.example', String(place)));
    const outcomes = await send(mails, ({ stage }) =>
      stage === 'mail' ? { reply: '451 4.7.1 Too many messages' } : undefined,
    );
    expect(Object.values(outcomes).every(({ detail }) => detail.pausesProvider === undefined)).toBe(true);
    expect(kept).toEqual([]);
    const lane = { way: 'sink', brandId: '1', provider: 'other.example', domain: 'other.example', recipient: 'x' };
    const { limits } = way.destinationOf(to('other.example'));
    expect(throttle.passFor({ ...lane, limits }).gapMs()).toBeGreaterThan(0);
  });

  it('a provider that is slowed slows no other one on the same relay', async () => {
    await send([to('acme.example')], refusing('acme.example', '451 4.7.1 Too many messages'));
    const gapTo = (domain: string): number => {
      const { limits } = way.destinationOf(to(domain));
      return throttle.passFor({ way: 'sink', brandId: '1', provider: domain, domain, recipient: 'x', limits }).gapMs();
    };
    expect(gapTo('acme.example')).toBeGreaterThan(0);
    expect(gapTo('other.example')).toBe(0);
  });

  it('greylisting slows nobody down', async () => {
    const mails = Array.from({ length: 30 }, (_, place) => to('acme.example', String(place)));
    const outcomes = await send(mails, refusing('acme.example', '450 4.7.1 Greylisted, come back in 5 minutes'));
    expect(Object.values(outcomes).every(({ status }) => status === 'deferred')).toBe(true);
    expect(kept).toEqual([]);
  });

  it('a bad address or a full mailbox is no word about our pace', async () => {
    const mails = [to('a.example'), to('b.example')];
    await send(mails, ({ stage, line }) =>
      stage === 'rcpt'
        ? { reply: line.includes('a.example') ? '550 5.1.1 No such user' : '452 4.2.2 Full' }
        : undefined,
    );
    expect(kept).toEqual([]);
  });

  it('a pause that another process found out counts here too', async () => {
    const pause = { way: 'sink', provider: 'Google', until: now + MINUTE, why: 'x', domains: ['gmail.com'] };
    throttle.pauses.learn([{ ...pause, brandId: '1' }]);
    const outcomes = await send([to('gmail.com'), to('acme.example')], () => undefined);
    expect(outcomes['gmail.com']).toMatchObject({ detail: { isPutOff: true } });
    expect(outcomes['acme.example']).toMatchObject({ status: 'accepted' });
  });

  it('a second pause without a mail taken in between is twice as long', async () => {
    const reply = '554 5.7.1 Blocked for policy reasons';
    await send(threeAt('acme.example'), refusing('acme.example', reply));
    now += 31 * MINUTE;
    await send([to('acme.example')], refusing('acme.example', reply));
    expect(kept.map(({ until }) => until)).toEqual([1_000_000 + 30 * MINUTE, 1_000_000 + 91 * MINUTE]);
  });
});
