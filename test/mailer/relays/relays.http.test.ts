import { Ids } from '../../../src/platform/ids.js';
import { MailerService } from '../../../src/mailer/mailer.service.js';
import type { OutgoingMail } from '../../../src/mailer/mailer.service.js';
import type { MailOutcome } from '../../../src/mailer/mail_outcome.js';
import { type Person, startWorld, type World } from '../../world.js';
import { at, Sink } from '../sink.js';

let world: World;
let first: Sink;
let second: Sink;
let ada: Person;

beforeAll(async () => {
  world = await startWorld({ ALLOW_PRIVATE_HOSTS: '127.0.0.1' });
});
beforeEach(async () => {
  world.clock.set();
  first = await new Sink(() => undefined, { extensions: ['PIPELINING', 'AUTH PLAIN LOGIN CRAM-MD5'] }).listen();
  second = await new Sink().listen();
  ada = await world.aPerson(await world.aBrand(), { type: 'administrator' });
});
afterEach(async () => {
  await first.close();
  await second.close();
});
afterAll(() => world.close());

const LIST = '/brand/email/relays';

const typed = (sink: Sink, changes: Record<string, string> = {}): Record<string, string> => ({
  name: 'Post office',
  host: '127.0.0.1',
  port: String(sink.port),
  tls: 'off',
  auth: 'none',
  senderRule: 'verp',
  connections: '2',
  messagesPerConnection: '50',
  perMinute: '0',
  ...changes,
});

const add = (sink: Sink, changes: Record<string, string> = {}, person = ada) =>
  person.agent.post(LIST).type('form').send(typed(sink, changes));

interface Kept {
  id: string;
  name: string;
  sealed: Buffer | null;
  username: string;
}

const kept = ({ actor }: Person = ada): Promise<Kept[]> =>
  world.database.inBrand(actor.brandId, (unit) =>
    unit.sql<Kept>('SELECT id, name, sealed, username FROM relays ORDER BY place'),
  );

const urlOf = (id: string): string => `${LIST}/${world.app.get(Ids).show('RL', id)}`;

function mailOf(messageId: string, from = 'people@acme.example'): OutgoingMail {
  const mailer = world.app.get(MailerService);
  const mail = mailer.compile({ from: { address: from }, subject: ['Hi'], html: ['<p>Hi</p>'] });
  const recipient = {
    to: { address: `grace+${messageId}@example.com` },
    messageIdHeader: `<${messageId}@acme.example>`,
    date: world.clock.now(),
    values: [],
  };
  return mailer.outgoing({ messageId, brandId: ada.actor.brandId }, mail, recipient);
}

async function send(...mails: OutgoingMail[]): Promise<MailOutcome[]> {
  const outcomes: MailOutcome[] = [];
  const channel = world.app.get(MailerService).channel.send(mails, () => Promise.resolve(true));
  for await (const outcome of channel) outcomes.push(outcome);
  return outcomes;
}

describe('adding a relay', () => {
  it('keeps it after a try on which nothing was sent', async () => {
    const answer = await add(first);
    expect([answer.status, answer.headers['location']]).toEqual([303, LIST]);
    expect(await kept()).toMatchObject([{ name: 'Post office', sealed: null }]);
    expect(first.lines.map((line) => line.slice(0, 4))).toEqual(['EHLO', 'MAIL', 'RCPT', 'RSET', 'QUIT']);
    expect(first.caught).toHaveLength(0);
    expect((await ada.agent.get(LIST)).text).toContain('Post office');
  });

  it.each([
    ['sender', 'mail', '550 5.1.8 You are nobody here'],
    ['recipient', 'rcpt', '550 5.7.1 Relaying denied'],
    ['greeting', 'greeting', '554 5.3.2 Closed for repairs'],
  ] as const)('shows the words of a server that refuses the %s, and keeps nothing', async (_what, stage, reply) => {
    first.script = at(stage, { reply, end: 'close' });
    const answer = await add(first);
    expect(answer.status).toBe(422);
    expect(answer.text).toContain(reply.slice(10));
    expect(await kept()).toEqual([]);
  });

  it('refuses a host inside that the operator has not allowed', async () => {
    const answer = await add(first, { host: '127.0.0.2' });
    expect(answer.status).toBe(422);
    expect(answer.text).toContain('inside this network');
    expect(first.connections).toBe(0);
  });

  it.each<[string, Record<string, string>, string]>([
    ['a password without encryption', { auth: 'PLAIN', username: 'ada', secret: 's' }, 'must not go out unencrypted'],
    ['a sign-in without a password', { auth: 'LOGIN', username: 'ada', tls: 'required' }, 'Enter the password'],
    ['a wrong domain', { fromDomains: 'acme.example, not a domain!' }, 'is not a domain'],
    ['no address for bounces', { senderRule: 'fixed' }, 'bounces should go to'],
    ['a token endpoint without TLS', { auth: 'XOAUTH2', tokenUrl: 'http://x.example' }, 'begins with https://'],
    ['a port that is none', { port: '0' }, 'whole number'],
  ])('refuses %s', async (_what, changes, words) => {
    const answer = await add(first, changes);
    expect(answer.status).toBe(422);
    expect(answer.text).toContain(words);
    expect(await kept()).toEqual([]);
  });

  it('is for administrators of the brand only', async () => {
    const grace = await world.aPerson(await world.aBrand('Navy'));
    expect((await add(first, {}, grace)).status).toBe(403);
    const eve = await world.aPerson(await world.aBrand('Others'), { type: 'administrator' });
    await add(first);
    const [{ id }] = (await kept()) as [Kept];
    expect((await eve.agent.get(urlOf(id))).status).toBe(404);
    expect((await eve.agent.post(`${urlOf(id)}/deletion`)).status).toBe(404);
    expect(await kept()).toHaveLength(1);
  });
});

describe('the mails of a brand', () => {
  it('leave by its first relay that takes their From domain', async () => {
    await add(first, { name: 'Acme only', fromDomains: 'acme.example' });
    await add(second, { name: 'All' });
    await send(mailOf('1'), mailOf('2', 'people@other.example'));
    expect(first.caught.map(({ recipients }) => recipients[0])).toEqual(['grace+1@example.com']);
    expect(second.caught.map(({ recipients }) => recipients[0])).toEqual(['grace+2@example.com']);
  });

  it('take the next relay when the first one is away, each once', async () => {
    await add(first);
    await add(second);
    first.script = at('greeting', { reply: '421 4.3.2 Busy', end: 'close' });
    const before = first.connections;
    const outcomes = await send(...Array.from({ length: 30 }, (_, place) => mailOf(String(place))));
    expect(outcomes.every(({ status }) => status === 'accepted')).toBe(true);
    expect(second.caught).toHaveLength(30);
    expect(first.connections).toBe(before + 1);
  });

  it('wait only when every way is down, with words that name each', async () => {
    await add(first);
    await add(second);
    first.script = at('greeting', { reply: '421 4.3.2 Busy', end: 'close' });
    second.script = at('greeting', { reply: '554 5.3.2 Closed', end: 'close' });
    const [outcome] = await send(mailOf('1'));
    expect(outcome).toMatchObject({ status: 'not_sent', detail: { isRelayDown: true } });
    expect(outcome!.text).toContain(`127.0.0.1:${first.port}: Busy`);
    expect(outcome!.text).toContain(`127.0.0.1:${second.port}: Closed`);
    const health = await world.app.get(MailerService).health(ada.actor.brandId);
    expect(health).toMatchObject({ isReachable: false });
  });

  it('come back to the first relay when it answers again', async () => {
    await add(first);
    await add(second);
    first.script = at('greeting', { reply: '421 4.3.2 Busy', end: 'close' });
    await send(mailOf('1'));
    first.script = () => undefined;
    await send(mailOf('2'));
    expect(second.caught).toHaveLength(2);
    world.clock.forward(60_000);
    await send(mailOf('3'));
    expect(first.caught).toHaveLength(1);
  });

  it('knock once in five minutes at a relay that refuses the sign-in', async () => {
    const { relayFromUrl } = await import('../../../src/mailer/relay.js');
    const { RelayWay } = await import('../../../src/mailer/relays/relay_way.js');
    first.script = at('auth', { reply: '535 5.7.8 Wrong password' });
    const relay = relayFromUrl(`smtp://ada:wrong@127.0.0.1:${first.port}`, 2);
    const way = new RelayWay({ name: 'x', key: 'x', relay }, () => world.clock.ms());
    const tries = (): number => first.lines.filter((line) => line.startsWith('AUTH')).length;
    for (let minute = 0; minute < 5; minute += 1) {
      await expect(way.lend(mailOf('1'))).rejects.toThrow('Wrong password');
      world.clock.forward(59_000);
    }
    expect(tries()).toBe(1);
    world.clock.forward(10_000);
    await expect(way.lend(mailOf('1'))).rejects.toThrow('Wrong password');
    expect(tries()).toBe(2);
  });

  it('carry the envelope sender that the relay wants', async () => {
    await add(first, { senderRule: 'fixed', senderAddress: 'bounces@acme.example' });
    await send(mailOf('1'));
    expect(first.caught[0]?.sender).toBe('bounces@acme.example');
    const [{ id }] = (await kept()) as [Kept];
    await ada.agent
      .post(urlOf(id))
      .type('form')
      .send(typed(first, { senderRule: 'from' }));
    await send(mailOf('2'));
    expect(first.caught[1]?.sender).toBe('people@acme.example');
  });

  it('do not leave faster than the relay may get them', async () => {
    await add(first, { perMinute: '60' });
    const outcomes = await send(...Array.from({ length: 20 }, (_, place) => mailOf(String(place))));
    const waiting = outcomes.filter(({ detail }) => detail.isPutOff === true);
    const accepted = outcomes.filter(({ status }) => status === 'accepted');
    expect(accepted.length + waiting.length).toBe(20);
    expect(accepted.length).toBeLessThan(10);
    // Those that gave way come back one a second.
    const waits = waiting.map(({ retryAfterMs }) => retryAfterMs ?? 0);
    expect(Math.max(...waits) - Math.min(...waits)).toBe((waiting.length - 1) * 1000);
  });
});

describe('a relay in the list', () => {
  it('rests, comes back, moves up and is removed', async () => {
    await add(first, { name: 'One' });
    await add(second, { name: 'Two' });
    const [one, two] = (await kept()) as [Kept, Kept];
    await ada.agent.post(`${urlOf(one.id)}/rest`);
    await send(mailOf('1'));
    expect([first.caught.length, second.caught.length]).toEqual([0, 1]);
    await ada.agent.post(`${urlOf(one.id)}/service`);
    await ada.agent.post(`${urlOf(two.id)}/promotion`);
    expect((await kept()).map(({ name }) => name)).toEqual(['Two', 'One']);
    await ada.agent.post(`${urlOf(two.id)}/deletion`);
    await send(mailOf('2'));
    expect([first.caught.length, second.caught.length]).toEqual([1, 1]);
  });

  it('shows what it says when it is checked, and sends a test mail', async () => {
    await add(first);
    const [{ id }] = (await kept()) as [Kept];
    await ada.agent.post(`${urlOf(id)}/test-mails`);
    expect(first.caught[0]?.recipients).toEqual([ada.actor.email]);
    first.script = at('rcpt', { reply: '550 5.7.1 <b>Go away</b>' });
    await ada.agent.post(`${urlOf(id)}/checks`);
    const page = (await ada.agent.get(LIST)).text;
    expect(page).toContain('Does not answer');
    expect(page).toContain('&lt;b&gt;Go away&lt;/b&gt;');
    expect(page).not.toContain('<b>Go away');
  });
});
