import fc from 'fast-check';
import type { MailOutcome, Phase } from '../../../src/mailer/mail_outcome.js';
import { type Pause, Pauses } from '../../../src/mailer/throttle/pauses.js';
import { providerOfDomain } from '../../../src/mailer/throttle/providers.js';
import { Throttle } from '../../../src/mailer/throttle/throttle.js';

const MINUTE = 60_000;
const POLICY = '550 5.7.1 Blocked by our policy';
const PHASES: readonly Phase[] = ['connect', 'sender', 'recipient', 'wire', 'body', 'reply'];
/** All that servers say about senders, names and pace. */
const ANSWERS = [
  POLICY,
  '421 4.7.0 [TSS04] Messages from 192.0.2.1 temporarily deferred',
  '421 4.7.0 Try again later',
  '450 4.2.1 The user is receiving mail at a rate that is too fast',
  '451 4.7.1 Too many messages',
  '452 4.5.3 Too many recipients',
  '550 5.1.8 Sender address rejected: Domain not found',
  '550 5.7.27 Sender has no SPF',
  '554 5.7.1 Client host blocked using Spamhaus',
  '550 5.7.515 Access denied, banned sending IP',
];

describe('who is left alone', () => {
  let now = 0;
  let throttle: Throttle;
  let lifted: Pause[];
  beforeEach(() => {
    now = 1_000_000;
    lifted = [];
    throttle = new Throttle(() => now, { begun: () => undefined, lifted: (pause) => lifted.push(pause) });
  });

  interface Mail {
    brandId?: string;
    to: string;
    provider?: string;
  }
  const answered = ({ brandId = '1', to, provider }: Mail, text: string, phase: Phase = 'recipient'): MailOutcome => {
    const domain = to.split('@')[1]!;
    const lane = { way: 'direct', brandId, provider: provider ?? providerOfDomain(domain).name, domain, recipient: to };
    const [, code, enhanced] = /^(\d{3}) (\d\.\d+\.\d+)?/.exec(text)!;
    const status = code === '250' ? 'accepted' : code!.startsWith('4') ? 'deferred' : 'refused';
    const limits = [{ key: domain, limits: { atOnce: 10 }, hears: 'both' }] as const;
    return throttle.passFor({ ...lane, limits }).end({
      messageId: to,
      status,
      text,
      host: 'mx.example:25',
      detail: { phase, code: Number(code), ...(enhanced === undefined ? {} : { enhanced }) },
    });
  };
  const refusedAt = (domain: string, brandId = '1', provider?: string): void => {
    for (const name of ['ada', 'grace', 'mary']) {
      answered({ brandId, to: `${name}@${domain}`, ...(provider === undefined ? {} : { provider }) }, POLICY);
    }
  };
  const waits = (brandId: string, domain: string, provider = providerOfDomain(domain).name): boolean =>
    throttle.pauses.waitMs({ way: 'direct', brandId, provider, domain }) > 0;

  it('is nobody after one mailbox’s refusals, however many', () => {
    for (let time = 0; time < 20; time += 1) {
      now += MINUTE;
      expect(answered({ to: 'ada@gmail.com' }, POLICY)).toMatchObject({ detail: { isAboutUs: true } });
    }
    expect(waits('1', 'gmail.com')).toBe(false);
  });

  it('is a provider that refuses several of a brand, by that brand only', () => {
    refusedAt('gmail.com');
    expect(waits('1', 'gmail.com')).toBe(true);
    expect(waits('1', 'googlemail.com')).toBe(true);
    expect(waits('2', 'gmail.com')).toBe(false);
    expect(throttle.pauses.on('direct', '1')).toMatchObject([{ provider: 'Google', why: POLICY }]);
    expect(throttle.pauses.on('direct', '2')).toEqual([]);
  });

  it('is nobody while as many others are taken', () => {
    for (let person = 0; person < 10; person += 1) {
      answered({ to: `${person}@gmail.com` }, POLICY);
      answered({ to: `other.${person}@gmail.com` }, '250 2.0.0 Ok');
    }
    expect(waits('1', 'gmail.com')).toBe(false);
  });

  it('is one domain when a customer of a provider refuses, and the provider when customers of several do', () => {
    refusedAt('evil.example', '1', 'Microsoft');
    expect(waits('1', 'evil.example', 'Microsoft')).toBe(true);
    expect(waits('1', 'acme.example', 'Microsoft')).toBe(false);
    expect(waits('1', 'outlook.com')).toBe(false);
    answered({ to: 'ada@mail.evil.example', provider: 'Microsoft' }, POLICY);
    expect(waits('1', 'outlook.com')).toBe(false);
    answered({ to: 'ada@other.example', provider: 'Microsoft' }, POLICY);
    expect(waits('1', 'outlook.com')).toBe(true);
    expect(waits('2', 'outlook.com')).toBe(false);
  });

  it('is a provider at once when it refuses at its door or the sender itself', () => {
    answered({ to: 'ada@yahoo.com' }, '421 4.7.0 [TSS04] Messages temporarily deferred', 'connect');
    expect(waits('1', 'aol.com')).toBe(true);
    expect(waits('2', 'aol.com')).toBe(false);
  });

  it('is a provider that refused three brands, by everybody, until it takes a mail again', () => {
    refusedAt('gmail.com', '1');
    refusedAt('gmail.com', '2');
    expect(waits('4', 'gmail.com')).toBe(false);
    refusedAt('gmail.com', '3');
    expect(waits('4', 'gmail.com')).toBe(true);
    const told = throttle.pauses.on('direct', '4');
    expect(told).toMatchObject([{ brandId: null, provider: 'Google', why: '' }]);
    answered({ brandId: '4', to: 'ada@gmail.com' }, '250 2.0.0 Ok'); // was under way
    expect(waits('4', 'gmail.com')).toBe(false);
    expect(waits('1', 'gmail.com')).toBe(true);
    expect(lifted).toHaveLength(1);
  });

  it('counts answers of one moment once, so that pauses do not grow by them', () => {
    for (let person = 0; person < 8; person += 1) answered({ to: `${person}@gmail.com` }, POLICY);
    expect(throttle.pauses.on('direct', '1')[0]!.until).toBe(now + 30 * MINUTE);
  });

  it('is asked first by others: whoever was refused waits longer than the pause', () => {
    refusedAt('gmail.com');
    const { retryAfterMs = 0 } = answered({ to: 'zoe@gmail.com' }, POLICY);
    expect(now + retryAfterMs).toBeGreaterThan(throttle.pauses.on('direct', '1')[0]!.until + MINUTE);
  });

  it('is never anybody else for what the owner of a domain lets its server say', () => {
    const moment = fc.record({
      to: fc.constantFrom(...Array.from({ length: 12 }, (_, place) => `person.${place}@evil.example`)),
      answer: fc.constantFrom(...ANSWERS),
      phase: fc.constantFrom(...PHASES),
      provider: fc.constantFrom(undefined, 'Google', 'Microsoft'),
      later: fc.integer({ min: 0, max: 40 * MINUTE }),
    });
    fc.assert(
      fc.property(fc.array(moment, { maxLength: 60 }), (moments) => {
        throttle = new Throttle(() => now);
        for (const { to, answer, phase, provider, later } of moments) {
          now += later;
          answered({ to, ...(provider === undefined ? {} : { provider }) }, answer, phase);
          const held = throttle.pauses.on('direct', '1').flatMap(({ domains }) => domains);
          expect(held.filter((domain) => domain !== 'evil.example')).toEqual([]);
          expect(waits('1', 'gmail.com') || waits('1', 'acme.example', 'Microsoft')).toBe(false);
          expect(waits('2', 'evil.example', provider)).toBe(false);
        }
      }),
      { numRuns: 50 },
    );
  });

  it('is known to all processes, and forgotten by all when one lifts it', () => {
    const pause = {
      way: 'direct',
      brandId: null,
      provider: 'Google',
      until: now + MINUTE,
      why: '',
      domains: ['gmail.com'],
    };
    const other = new Pauses(() => now, { begun: () => undefined, lifted: () => undefined });
    other.learn([pause]);
    expect(other.on('direct', '7')).toEqual([pause]);
    other.learn([]);
    expect(other.on('direct', '7')).toEqual([]);
  });
});
