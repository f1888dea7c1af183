import type { OutcomeStatus } from '../platform/channel.js';
import type { Phase } from './mail_outcome.js';
import type { Reply } from './reply.js';
import type { Patience } from './relay.js';
import { ConnectionLost, Wire } from './wire.js';

/** What the server said it can do. */
export interface Extensions {
  pipelining: boolean;
  smtpUtf8: boolean;
  /** Biggest message it takes, in bytes; 0 = not told. */
  size: number;
}

/** One mail, ready for the wire. */
export interface Parcel {
  sender: string;
  recipient: string;
  /** The whole message with CRLF line ends. */
  content: Buffer;
}

/** How a transaction ended. */
export interface Ending {
  status: OutcomeStatus;
  phase: Phase;
  reply?: Reply;
  text: string;
  /** The connection was dead before it said a word about this mail: another one may fare better. */
  isStale?: boolean;
}

const DOT = Buffer.from('.\r\n');
const CRLF_DOT = Buffer.from('\r\n.\r\n');
const NON_ASCII = /[^\0-\x7f]/;

/**
 * Mail transactions over one connection, one recipient each (exact results, VERP).
 *
 * MAIL and RCPT travel together where the server allows it; DATA never does, because `beforeBody` must be answered
 * between RCPT and DATA, and a mail that must not leave should cost a RSET, not a connection.
 */
export class Session {
  /** Mails handed over so far. */
  sent = 0;
  private needsReset = false;

  constructor(
    private readonly wire: Wire,
    readonly peer: { host: string; ip: string; tls: boolean },
    private readonly extensions: Extensions,
    private readonly patience: Patience,
  ) {}

  get isUsable(): boolean {
    return this.wire.isOpen && !this.wire.hasUnreadReply;
  }

  /** WalkBrowsers one mail over. Never throws: a broken way is an ending too. */
  async transact(parcel: Parcel, beforeBody: () => Promise<boolean>): Promise<Ending> {
    const refusal = this.refusedByUs(parcel);
    if (refusal) return refusal;
    const watch = new Watch(this.sent > 0);
    const killer = setTimeout(
      () => this.wire.break(`The whole exchange took more than ${this.patience.transaction / 60_000} minutes`),
      this.patience.transaction,
    );
    try {
      return await this.exchange(parcel, beforeBody, watch);
    } catch (error) {
      if (!(error instanceof ConnectionLost)) throw error;
      return watch.brokenBy(error);
    } finally {
      clearTimeout(killer);
      this.sent += 1;
    }
  }

  /** Names a sender and a recipient and takes both back; answers what was refused. */
  async rehearse(envelope: { sender: string; recipient: string }): Promise<Ending | undefined> {
    const watch = new Watch(false);
    try {
      const refused = await this.address({ ...envelope, content: Buffer.alloc(0) }, watch);
      if (refused) return refused;
      this.wire.write('RSET\r\n');
      await this.wire.read(this.patience.command);
      return undefined;
    } catch (error) {
      if (!(error instanceof ConnectionLost)) throw error;
      return watch.brokenBy(error);
    }
  }

  /** Says goodbye without waiting for the answer. */
  quit(): void {
    this.wire.write('QUIT\r\n');
    setTimeout(() => this.wire.break('We closed the connection'), 1000).unref();
  }

  /** Breaks the connection in the middle of whatever it does. */
  abort(): void {
    this.wire.break('We stopped before the server had answered');
  }

  private refusedByUs(parcel: Parcel): Ending | undefined {
    const { size, smtpUtf8 } = this.extensions;
    if (size > 0 && parcel.content.length > size) {
      return ownRefusal(552, '5.3.4', `The mail has ${parcel.content.length} bytes, the server takes ${size} at most`);
    }
    if (!smtpUtf8 && NON_ASCII.test(parcel.recipient + parcel.sender)) {
      return ownRefusal(553, '5.6.7', 'The server takes no addresses with letters outside ASCII');
    }
    return undefined;
  }

  private async exchange(parcel: Parcel, beforeBody: () => Promise<boolean>, watch: Watch): Promise<Ending> {
    const refused = await this.address(parcel, watch);
    if (refused) return refused;
    watch.phase = 'wire';
    const held = await askBefore(beforeBody);
    if (held) {
      this.needsReset = true;
      return held;
    }
    this.wire.write('DATA\r\n');
    const go = await this.wire.read(this.patience.data);
    if (go.code !== 354) return this.refusedBy(go, 'wire');
    return this.handOver(parcel.content, watch);
  }

  /** RSET where one is due, MAIL and RCPT; answers the refusal, if any. */
  private async address(parcel: Parcel, watch: Watch): Promise<Ending | undefined> {
    const sender = `MAIL FROM:<${parcel.sender}>${this.parameters(parcel)}\r\n`;
    const recipient = `RCPT TO:<${parcel.recipient}>\r\n`;
    await this.start(this.extensions.pipelining ? sender + recipient : sender);
    const mail = await this.wire.read(this.patience.command);
    watch.heard();
    const refused = this.unless2xx(mail, 'sender', watch);
    if (this.extensions.pipelining && mail.code !== 421) {
      const rcpt = await this.answerAfter(refused);
      return refused ?? this.unless2xx(rcpt!, 'recipient', watch);
    }
    if (refused) return refused;
    watch.phase = 'recipient';
    this.wire.write(recipient);
    return this.unless2xx(await this.wire.read(this.patience.command), 'recipient', watch);
  }

  /** Some servers hang up after they refused the sender: their words count, not the end. */
  private async answerAfter(refused: Ending | undefined): Promise<Reply | undefined> {
    try {
      return await this.wire.read(this.patience.command);
    } catch (error) {
      if (!refused || !(error instanceof ConnectionLost)) throw error;
      return undefined;
    }
  }

  private async start(commands: string): Promise<void> {
    if (!this.needsReset) {
      this.wire.write(commands);
      return;
    }
    this.needsReset = false;
    this.wire.write(this.extensions.pipelining ? `RSET\r\n${commands}` : 'RSET\r\n');
    await this.wire.read(this.patience.command);
    if (!this.extensions.pipelining) this.wire.write(commands);
  }

  private parameters(parcel: Parcel): string {
    const size = this.extensions.size > 0 ? ` SIZE=${parcel.content.length}` : '';
    const utf8 = NON_ASCII.test(parcel.sender + parcel.recipient) ? ' SMTPUTF8' : '';
    return size + utf8;
  }

  private unless2xx(reply: Reply, phase: Phase, watch: Watch): Ending | undefined {
    if (reply.code >= 200 && reply.code < 300) return undefined;
    const ending = this.refusedBy(reply, phase);
    return watch.isReused && phase === 'sender' && reply.code === 421 ? { ...ending, isStale: true } : ending;
  }

  private async handOver(content: Buffer, watch: Watch): Promise<Ending> {
    watch.phase = 'body';
    try {
      await this.wire.stream(dotted(content), this.patience.block, () => (watch.phase = 'reply'));
    } catch (error) {
      // A server that refuses in mid-body says so before it hangs up; without its words this is the break itself.
      if (!(error instanceof ConnectionLost) || !this.wire.hasUnreadReply) throw error;
    }
    const reply = await this.wire.read(this.patience.dot);
    if (watch.phase === 'body' && reply.code < 400) throw new ConnectionLost('The connection broke inside the mail');
    if (reply.code >= 200 && reply.code < 300) return { status: 'accepted', phase: 'reply', reply, text: reply.text };
    if (reply.code >= 400 && reply.code < 600) return this.refusedBy(reply, watch.phase);
    this.wire.break(`The server answered the mail with ${reply.code}`);
    return { status: 'uncertain', phase: 'reply', reply, text: reply.text };
  }

  private refusedBy(reply: Reply, phase: Phase): Ending {
    this.needsReset = phase !== 'reply';
    if (reply.code === 421) this.wire.break(`The server closed the connection: ${reply.text}`);
    if (reply.code >= 500 && reply.code < 600) return { status: 'refused', phase, reply, text: reply.text };
    if (reply.code >= 400) return { status: 'deferred', phase, reply, text: reply.text };
    this.wire.break(`The server answered ${reply.code} out of turn`);
    return { status: 'not_sent', phase, reply, text: reply.text };
  }
}

/** Remembers how far a transaction came, to tell after a break what it means. */
class Watch {
  phase: Phase = 'sender';
  private hasHeard = false;

  constructor(readonly isReused: boolean) {}

  heard(): void {
    this.hasHeard = true;
  }

  brokenBy(lost: ConnectionLost): Ending {
    if (this.phase === 'reply') return { status: 'uncertain', phase: 'reply', text: lost.message };
    const ending: Ending = { status: 'not_sent', phase: this.phase, text: lost.message };
    return this.isReused && !this.hasHeard ? { ...ending, isStale: true } : ending;
  }
}

/** A `beforeBody` that fails is a "no": without its commit nothing may leave. */
async function askBefore(beforeBody: () => Promise<boolean>): Promise<Ending | undefined> {
  try {
    return (await beforeBody()) ? undefined : { status: 'skipped', phase: 'wire', text: 'Held back before sending' };
  } catch (error) {
    return { status: 'not_sent', phase: 'wire', text: error instanceof Error ? error.message : String(error) };
  }
}

function ownRefusal(code: number, enhanced: string, text: string): Ending {
  return { status: 'refused', phase: 'compose', reply: { code, enhanced, text }, text };
}

/** Doubles dots at line starts and adds the final one (RFC 5321 §4.5.2). Our own mails never need the doubling. */
function dotted(content: Buffer): Buffer {
  const endsLine = content.length > 1 && content[content.length - 2] === 13 && content[content.length - 1] === 10;
  const end = endsLine ? DOT : CRLF_DOT;
  if (content[0] !== 46 && !content.includes('\r\n.')) return Buffer.concat([content, end]);
  const stuffed = content.toString('latin1').replace(/^\.|(?<=\r\n)\./g, '..');
  return Buffer.concat([Buffer.from(stuffed, 'latin1'), end]);
}
