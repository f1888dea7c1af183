import { Connections } from '../../src/mailer/connections.js';
import { EmailChannel } from '../../src/mailer/email_channel.js';
import type { OutgoingMail } from '../../src/mailer/outgoing_mail.js';
import type { MailOutcome } from '../../src/mailer/mail_outcome.js';
import { type Patience, type Relay, relayFromUrl } from '../../src/mailer/relay.js';
import { providerOfDomain } from '../../src/mailer/throttle/providers.js';
import { Throttle } from '../../src/mailer/throttle/throttle.js';
import type { Way } from '../../src/mailer/way.js';

/** A relay whose waits are short enough for a test. */
export function quickRelay(url: string, changes: Partial<Relay> = {}, patience: Partial<Patience> = {}): Relay {
  const relay = relayFromUrl(url, changes.connections ?? 1);
  const quick: Patience = {
    connect: 1000,
    greeting: 300,
    command: 300,
    data: 300,
    block: 300,
    dot: 300,
    transaction: 5000,
    ...patience,
  };
  return { ...relay, ...changes, patience: quick };
}

export function aMail(messageId: string, changes: Partial<OutgoingMail> = {}): OutgoingMail {
  const raw = `Message-ID: <${messageId}@acme.test>\r\nSubject: Hello\r\n\r\nHi ${messageId}\r\n`;
  return {
    messageId,
    brandId: '1',
    from: 'people@acme.test',
    sender: `b-${messageId}@acme.test`,
    recipient: `ada.${messageId}@example.com`,
    content: () => Buffer.from(raw),
    ...changes,
  };
}

/** A way that is nothing but these connections: no breaker, no limits. */
export function wayOver(connections: Connections): Way {
  return {
    name: 'the sink',
    key: 'sink',
    isOpen: true,
    destinationOf: () => ({ provider: providerOfDomain('example.com'), limits: [] }),
    senderOf: ({ sender }) => sender,
    lend: async ({ isUrgent }) => {
      const session = await connections.acquire(isUrgent);
      return { session, giveBack: () => connections.release(session) };
    },
    close: () => connections.close(),
    abort: () => connections.abort(),
  };
}

export interface Sent {
  outcomes: MailOutcome[];
  /** Ids for which the wire commit was asked, in order. */
  asked: string[];
}

/** Sends a batch over one relay and reads all outcomes. */
export async function sendAll(
  connections: Connections | Way,
  mails: OutgoingMail[],
  answer: (messageId: string) => Promise<boolean> = () => Promise.resolve(true),
  lanes = 10,
): Promise<Sent> {
  const way = connections instanceof Connections ? wayOver(connections) : connections;
  const channel = new EmailChannel(() => [way], new Throttle(() => performance.now()), lanes);
  const asked: string[] = [];
  const outcomes: MailOutcome[] = [];
  const beforeBody = (id: string): Promise<boolean> => {
    asked.push(id);
    return answer(id);
  };
  for await (const outcome of channel.send(mails, beforeBody)) outcomes.push(outcome);
  return { outcomes, asked };
}
