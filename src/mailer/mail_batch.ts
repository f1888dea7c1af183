import { RelayDown } from './connection.js';
import type { Ask, OutgoingMail } from './outgoing_mail.js';
import { domainPart } from './mail_address.js';
import type { MailOutcome } from './mail_outcome.js';
import { notComposed, notTried, outcomeOf, putOff, unreachable } from './mail_outcomes.js';
import type { OutcomeStream } from './outcome_stream.js';
import type { Lane, Pass, Throttle } from './throttle/throttle.js';
import { Unreachable, type Way, type Route } from './way.js';

/** So many mails are put together and signed before their turn, for each lane: connections never wait for a signature. */
const AHEAD = 2;
/** Mails that may not go yet are waited for so long in all; after that others get the lanes. */
const PATIENCE_MS = 5000;
/** What was put off comes back after at least so long, */
const COMES_BACK_MS = 5000;
/** and one so long after the other, unless their limit says more. */
const APART_MS = 200;

interface Surroundings {
  beforeBody: Ask;
  route: Route;
  throttle: Throttle;
  outcomes: OutcomeStream<MailOutcome>;
}

/** One mail on its way through the batch. */
interface Turn {
  mail: OutgoingMail;
  ways: readonly Way[];
  lane: Lane | undefined;
  pass: Pass | undefined;
  /** What it is made of, or why it can't be made. */
  content?: Promise<Buffer | MailOutcome>;
}

/** One batch under way. */
export class MailBatch {
  private next = 0;
  private readonly ready: Turn[] = [];
  private filling: Promise<void> | undefined;
  private blockedSince: number | undefined;
  private isStopped = false;

  constructor(
    private readonly mails: readonly OutgoingMail[],
    private readonly around: Surroundings,
  ) {}

  stop(): void {
    this.isStopped = true;
    this.next = this.mails.length;
    this.ready.length = 0;
  }

  /** Never rejects: what breaks a lane reaches the reader of the outcomes. */
  async all(lanes: number): Promise<void> {
    const ends = await Promise.allSettled(Array.from({ length: lanes }, () => this.lane(lanes * AHEAD)));
    const broken = ends.find((end) => end.status === 'rejected');
    if (broken) this.around.outcomes.fail(broken.reason);
    else this.around.outcomes.end();
  }

  private async lane(window: number): Promise<void> {
    for (let turn = await this.turn(window); turn; turn = await this.turn(window)) {
      const outcome = await this.deliver(turn);
      this.around.outcomes.add(turn.pass === undefined ? outcome : turn.pass.end(outcome));
    }
  }

  /** The first mail that may go now, started; undefined when there is none left. */
  private async turn(window: number): Promise<Turn | undefined> {
    for (let size = window; ;) {
      await this.fill(size);
      if (this.ready.length === 0 && this.next >= this.mails.length) return undefined;
      const place = this.ready.findIndex(({ pass }) => pass === undefined || pass.waitMs() === 0);
      if (place >= 0) {
        const [turn] = this.ready.splice(place, 1);
        turn!.pass?.start();
        return turn;
      }
      if (this.next < this.mails.length) size += window;
      else await this.waitOrPutOff();
    }
  }

  /** All that is left may not go now: soon is worth waiting for, later is not. */
  private async waitOrPutOff(): Promise<void> {
    this.blockedSince ??= performance.now();
    const left = PATIENCE_MS - (performance.now() - this.blockedSince);
    const shortest = Math.min(...this.ready.map(({ pass }) => pass!.waitMs()));
    if (left <= 0 || (shortest > left && shortest !== Infinity)) this.putOff();
    else await this.around.throttle.change(Math.max(1, Math.min(shortest, left)));
  }

  /** What may not go gives its place to mails for others, and comes back one after the other. */
  private putOff(): void {
    let behind = 0;
    for (const { mail, pass, lane } of this.ready.splice(0)) {
      const wait = pass!.waitMs();
      if (wait !== Infinity && wait > COMES_BACK_MS) this.around.throttle.pauses.met(lane!);
      behind += Math.max(APART_MS, pass!.gapMs());
      const least = Math.max(COMES_BACK_MS, wait === Infinity ? 0 : wait);
      this.around.outcomes.add(putOff(mail.messageId, Math.round(least + behind)));
    }
  }

  /** One lane at a time takes mails up, in order; those that may go soon are put together meanwhile. */
  private async fill(window: number): Promise<void> {
    // What breaks one lane is no reason for the others to stop: each finds out for itself.
    while (this.filling !== undefined) await this.filling.catch(() => undefined);
    if (this.ready.length >= window || this.next >= this.mails.length) return;
    this.filling = this.takeUp(window);
    try {
      await this.filling;
    } finally {
      this.filling = undefined;
    }
  }

  private async takeUp(window: number): Promise<void> {
    while (this.ready.length < window) {
      const mail = this.mails[this.next++];
      if (mail === undefined) return;
      const turn = await this.routed(mail);
      if (turn.pass === undefined || turn.pass.waitMs() < PATIENCE_MS) turn.content = ahead(mail);
      if (!this.isStopped) this.ready.push(turn);
    }
  }

  private async routed(mail: OutgoingMail): Promise<Turn> {
    const all = await this.around.route(mail);
    const open = all.filter((way) => way.isOpen);
    const [way] = open;
    // Those that are closed stand at the end: asked for their words when nothing else is left.
    const ways = [...open, ...all.filter((one) => !open.includes(one))];
    if (way === undefined) return { mail, ways, lane: undefined, pass: undefined };
    const { provider, limits } = await way.destinationOf(mail);
    const { brandId, recipient } = mail;
    const domain = domainPart(recipient);
    const lane = { way: way.key, brandId, provider: provider.name, domain, recipient, limits };
    return { mail, ways, lane, pass: this.around.throttle.passFor(lane) };
  }

  private async deliver({ mail, ways, content }: Turn): Promise<MailOutcome> {
    const made = await (content ?? composed(mail));
    if (!Buffer.isBuffer(made)) return made;
    const downs: RelayDown[] = [];
    for (const way of ways) {
      try {
        return await this.over(way, mail, made);
      } catch (error) {
        if (error instanceof Unreachable) return unreachable(mail.messageId, error);
        if (!(error instanceof RelayDown)) throw error;
        downs.push(error);
      }
    }
    return notTried(mail.messageId, downs);
  }

  /** A kept-alive connection may have died unnoticed: then nothing was said about this mail, and a fresh one is tried. */
  private async over(way: Way, mail: OutgoingMail, content: Buffer): Promise<MailOutcome> {
    const parcel = { sender: way.senderOf(mail), recipient: mail.recipient, content };
    for (;;) {
      const { session, giveBack } = await way.lend(mail);
      const ending = await session.transact(parcel, () => this.around.beforeBody(mail.messageId)).finally(giveBack);
      if (!ending.isStale) return outcomeOf(mail.messageId, ending, session);
    }
  }
}

async function composed(mail: OutgoingMail): Promise<Buffer | MailOutcome> {
  try {
    return await mail.content();
  } catch (error) {
    return notComposed(mail.messageId, error);
  }
}

/** Somebody waits for it later: until then its failure is nobody's. */
function ahead(mail: OutgoingMail): Promise<Buffer | MailOutcome> {
  const content = composed(mail);
  content.catch(() => undefined);
  return content;
}
