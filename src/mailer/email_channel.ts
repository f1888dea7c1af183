import type { Route } from './way.js';
import type { OutgoingMail, Ask } from './outgoing_mail.js';
import type { Channel } from '../platform/channel.js';
import { MailBatch } from './mail_batch.js';
import type { MailDetail, MailOutcome } from './mail_outcome.js';
import { OutcomeStream } from './outcome_stream.js';
import type { Throttle } from './throttle/throttle.js';

/**
 * E-mail as a channel. A batch is worked off by as many lanes as there may be connections; each lane takes the next
 * mail that may go, borrows a connection for it and gives it back. Safe to run several times at once.
 */
export class EmailChannel implements Channel<OutgoingMail, MailDetail> {
  constructor(
    private readonly route: Route,
    private readonly throttle: Throttle,
    private readonly lanes: number,
  ) {}

  async *send(mails: readonly OutgoingMail[], beforeBody: Ask): AsyncIterable<MailOutcome> {
    const outcomes = new OutcomeStream<MailOutcome>();
    const batch = new MailBatch(mails, { beforeBody, route: this.route, throttle: this.throttle, outcomes });
    const finished = batch.all(Math.min(this.lanes, mails.length));
    try {
      yield* outcomes;
    } finally {
      batch.stop();
      await finished;
    }
  }
}
