import { MailerService } from '../../src/mailer/mailer.service.js';
import type { OutgoingMail } from '../../src/mailer/mailer.service.js';
import type { MailOutcome } from '../../src/mailer/mail_outcome.js';
import { startWorld } from '../world.js';
import type { Person, World } from '../world.js';
import { Sink } from './sink.js';

let world: World;
let ada: Person;
let mailer: MailerService;
let sink: Sink;

beforeAll(async () => {
  sink = await new Sink().listen();
  world = await startWorld({ SMTP_URL: sink.url, SMTP_CONNECTIONS: '3', MAIL_DOMAIN: 'surveys.acme.example' });
  mailer = world.app.get(MailerService);
  ada = await world.aPerson(await world.aBrand());
});

afterAll(async () => {
  await world.close();
  await sink.close();
});

const from = { name: 'Acme', address: 'research@surveys.acme.example' };

function outgoing(messageId: string, mailboxOnly = false): OutgoingMail {
  const mail = mailer.compile({ from, subject: ['Hi ', { slot: 0 }], html: ['<p>', { slot: 0 }, '</p>'] });
  const recipient = {
    to: { address: `grace+${messageId}@example.com` },
    messageIdHeader: `<${messageId}@surveys.acme.example>`,
    date: world.clock.now(),
    values: ['Grace'],
  };
  return mailer.outgoing({ messageId, brandId: ada.actor.brandId, mailboxOnly }, mail, recipient);
}

async function send(mails: OutgoingMail[]): Promise<MailOutcome[]> {
  const outcomes: MailOutcome[] = [];
  for await (const outcome of mailer.channel.send(mails, () => Promise.resolve(true))) outcomes.push(outcome);
  return outcomes;
}

describe('with a relay configured', () => {
  it('sends by it, each message with a bounce address that names it', async () => {
    const outcomes = await send(['7', '8', '9'].map((id) => outgoing(id)));
    expect(outcomes.map((outcome) => outcome.status)).toEqual(['accepted', 'accepted', 'accepted']);
    const senders = sink.caught.map((mail) => mail.sender);
    expect(senders.every((sender) => sender.endsWith('@surveys.acme.example'))).toBe(true);
    expect(new Set(senders.map((sender) => mailer.messageOfSender(sender)))).toEqual(new Set(['7', '8', '9']));
  });

  it('keeps demo mails on this machine all the same', async () => {
    const before = sink.caught.length;
    const [outcome] = await send([outgoing('10', true)]);
    expect(outcome?.status).toBe('accepted');
    expect(sink.caught).toHaveLength(before);
    expect((await ada.agent.get('/mailbox')).text).toContain('grace+10@example.com');
  });

  it('sends mails of the system, marked as automatic', async () => {
    const words = { subject: 'Your account', html: '<p>Welcome</p>' };
    const outcome = await mailer.sendSystemMail(ada.actor.brandId, { address: 'new@example.com' }, words);
    expect(outcome.status).toBe('accepted');
    const raw = sink.caught.at(-1)!.raw;
    expect(raw).toContain('Auto-Submitted: auto-generated');
    expect(raw).toContain('no-reply@surveys.acme.example');
  });

  it('says whether the relay answers', async () => {
    expect(await mailer.health(ada.actor.brandId)).toMatchObject({ isReachable: true });
    sink.script = ({ stage }) =>
      stage === 'greeting' ? { reply: '554 5.3.2 Closed for today', end: 'close' } : undefined;
    expect(await mailer.health(ada.actor.brandId)).toMatchObject({ isReachable: false, text: 'Closed for today' });
  });
});
