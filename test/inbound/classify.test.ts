import fc from 'fast-check';
import { classify, type Refused } from '../../src/mailer/answers/classify.js';
import type { BounceClass } from '../../src/mailer/answers/phrase_finder.js';

/** A refusal as a server says it: `550 5.1.1 words`. */
function said(line: string, phase: Refused['phase'] = 'recipient'): Refused {
  const [, code, enhanced, text] = /^(\d{3})(?: (\d\.\d+\.\d+))?(?: (.*))?$/.exec(line)!;
  return { phase, code: Number(code), enhanced, text: text ?? '' };
}

const ROWS: [string, BounceClass][] = [
  ['550 5.1.1 The email account that you tried to reach does not exist', 'bad_address'],
  ['550 5.1.2 Bad destination system', 'bad_address'],
  ['553 5.1.3 Bad address syntax', 'bad_address'],
  ['550 5.1.6 Mailbox has moved', 'bad_address'],
  ['550 5.1.10 RESOLVER.ADR.RecipientNotFound', 'bad_address'],
  ['550 User unknown', 'bad_address'],
  ['551 user unknown here', 'bad_address'],
  ['553 sorry, no mailbox here by that name', 'bad_address'],
  ['550 5.4.1 Recipient address rejected: Access denied. AS(201806281)', 'bad_address'],
  ['550 5.7.1 No such user here', 'bad_address'],
  ['550 5.0.0 grace@example.org not listed in Domino Directory', 'bad_address'],
  ['550 5.2.1 The account is disabled', 'mailbox_disabled'],
  ['525 5.7.13 User Account Disabled', 'mailbox_disabled'],
  ['452 4.2.2 The mailbox is out of storage', 'mailbox_full'],
  ['552 5.2.2 Mailbox size limit exceeded', 'mailbox_full'],
  ['452 Requested action not taken', 'mailbox_full'],
  ['552 Quota', 'mailbox_full'],
  ['552 5.3.4 Message size exceeds fixed limit', 'content'],
  ['552 Message size exceeds maximum permitted', 'content'],
  ['550 5.2.3 Message length exceeds administrative limit', 'content'],
  ['554 5.6.0 Message contents rejected by format check', 'content'],
  ['450 4.2.0 Recipient address rejected: Greylisted, see the postmaster', 'throttled'],
  ['451 4.7.1 Please try again later', 'throttled'],
  ['421 4.7.0 Try again later, closing connection', 'throttled'],
  ['421 Service not available', 'throttled'],
  ['451 4.4.5 System busy', 'throttled'],
  ['452 4.3.1 Insufficient system resources', 'throttled'],
  ['550 5.4.5 Daily sending quota exceeded', 'throttled'],
  ['550 5.7.1 Service unavailable; client host [192.0.2.1] blocked using Spamhaus', 'reputation'],
  ['550 5.7.26 This mail is unauthenticated', 'reputation'],
  ['550 5.7.25 The IP address does not have a PTR record', 'reputation'],
  ['550 5.7.515 Access denied, sending domain does not meet the required level', 'reputation'],
  ['554 5.7.1 Message rejected', 'reputation'],
  ['550 5.1.1 Mail rejected, your host is on our blacklist', 'reputation'],
  ['421 4.7.0 Our system has detected an unusual rate of unsolicited mail', 'reputation'],
  ['451 4.4.1 Connection timed out', 'unreachable'],
  ['550 5.4.4 Unable to route: no answer', 'unreachable'],
  ['550 5.1.2 Name server answered SERVFAIL', 'unreachable'],
  ['554 5.4.6 Too many hops', 'expired'],
  ['550 4.4.7 Message expired', 'expired'],
  ['550 5.1.7 Invalid sender', 'sender'],
  ['550 5.1.8 Sender address rejected: Domain not found', 'sender'],
  ['550 5.7.27 Sender domain has a null MX', 'sender'],
  ['550 5.7.133 RESOLVER.RST.SenderNotAuthenticatedForGroup', 'unknown'],
  ['554 Transaction failed', 'unknown'],
];

describe('judging a refusal', () => {
  it.each(ROWS)('calls "%s" %s', (line, expected) => {
    expect(classify(said(line)).class).toBe(expected);
  });

  it('suppresses at once for bad addresses only', () => {
    for (const [line, expected] of ROWS) {
      const isProven = expected === 'bad_address' && !line.includes('Access denied');
      expect([line, classify(said(line)).suppress === 'now']).toEqual([line, isProven]);
    }
  });

  it('never holds a judgement about us against the recipient, and lets all mails to the provider wait', () => {
    const verdict = classify(said('550 5.7.1 blocked by policy'));
    expect(verdict).toMatchObject({ class: 'reputation', retry: true, suppress: 'none', pausesProvider: true });
  });

  it('tries a full mailbox again even after a 5xx', () => {
    expect(classify(said('552 5.2.2 Mailbox full'))).toMatchObject({ retry: true, suppress: 'soft', bounce: 'soft' });
  });

  it('asks again whoever says "not now", even of an unknown user', () => {
    const verdict = classify(said('450 4.1.1 User unknown in local recipient table'));
    expect(verdict).toMatchObject({ retry: true, suppress: 'none' });
  });

  it('calls what nobody understands hard after a 5xx and soft after a 4xx, and suppresses neither', () => {
    expect(classify(said('554 Transaction failed'))).toMatchObject({ bounce: 'hard', retry: false, suppress: 'none' });
    expect(classify(said('471 Local trouble'))).toMatchObject({ bounce: 'soft', retry: true, suppress: 'none' });
    expect(classify({ phase: 'report', text: 'Something happened' })).toMatchObject({ class: 'unknown', bounce: null });
  });

  it('judges a report by words where it has no codes', () => {
    expect(classify({ phase: 'report', text: 'Sorry, no mailbox here by that name.' }).class).toBe('bad_address');
    expect(classify({ phase: 'report', text: 'Connection timed out' }).class).toBe('unreachable');
  });

  it('takes an answer to our sender for one about our sender, whatever its code is', () => {
    const refused = { code: 550, enhanced: '5.1.1', text: 'User unknown' };
    expect(classify({ phase: 'sender', ...refused })).toMatchObject({ class: 'sender', suppress: 'none' });
    expect(classify({ phase: 'report', answered: 'sender', ...refused }).class).toBe('sender');
    expect(classify({ phase: 'report', answered: 'connect', ...refused }).class).toBe('reputation');
    expect(classify({ phase: 'report', ...refused }).class).toBe('bad_address');
  });

  it('looks at the first 500 characters only', () => {
    expect(classify({ phase: 'report', text: `${'x'.repeat(500)} user unknown` }).class).toBe('unknown');
  });

  it('judges whatever a server may say', () => {
    fc.assert(
      fc.property(fc.string({ maxLength: 3000 }), fc.option(fc.integer({ min: 400, max: 599 })), (text, code) => {
        const verdict = classify({ phase: 'reply', text, ...(code === null ? {} : { code }) });
        expect(verdict.suppress === 'now').toBe(verdict.class === 'bad_address' && !verdict.retry);
      }),
    );
  });
});
