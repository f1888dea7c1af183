import fc from 'fast-check';
import { nextSelector, readFromDomain } from '../../../src/mailer/domains/domain_names.js';
import { inPieces, shortHost } from '../../../src/mailer/domains/dns_records.js';
import type { Finding } from '../../../src/mailer/domains/finding.js';
import { FromDomain } from '../../../src/mailer/domains/from_domain.entity.js';

const START = new Date('2026-11-23T12:00:00Z');
const DAY = 86_400_000;

const finding = (level: Finding['level'], blocks: boolean): Finding => ({
  area: 'dkim',
  code: 'x',
  level,
  values: {},
  blocks,
});
const GOOD = [finding('good', false)];
const BAD = [finding('bad', true)];
const UNSURE = [finding('unknown', true)];

function aDomain(): FromDomain {
  return Object.assign(new FromDomain(), { domain: 'acme.example', createdAt: START, nextCheckAt: START });
}

function look(domain: FromDomain, findings: Finding[], days: number): string {
  const showsKey = findings === UNSURE ? undefined : findings === GOOD;
  domain.conclude({ findings, showsKey, bounceWorks: undefined }, new Date(START.getTime() + days * DAY));
  return domain.status;
}

describe('the status of a From domain', () => {
  it('follows what is found', () => {
    const domain = aDomain();
    expect([look(domain, BAD, 0), look(domain, GOOD, 1), look(domain, BAD, 2), look(domain, GOOD, 3)]).toEqual([
      'pending',
      'active',
      'failed',
      'active',
    ]);
  });

  it('is verified when the key is there and something else is in the way', () => {
    const domain = aDomain();
    domain.conclude({ findings: BAD, showsKey: true, bounceWorks: false }, START);
    expect(domain.status).toBe('verified');
  });

  it('is not changed by a DNS that does not answer, within seven days of the last good look', () => {
    const domain = aDomain();
    look(domain, GOOD, 0);
    expect([look(domain, UNSURE, 1), look(domain, UNSURE, 6.9), look(domain, UNSURE, 7.1)]).toEqual([
      'active',
      'active',
      'failed',
    ]);
  });

  it('is active only after a look in which nothing stood in the way, at most seven days ago', () => {
    const looks = fc.array(fc.constantFrom(GOOD, BAD, UNSURE), { minLength: 1, maxLength: 20 });
    fc.assert(
      fc.property(looks, fc.integer({ min: 1, max: 72 }), (all, hours) => {
        const domain = aDomain();
        let lastGood: number | undefined;
        let lastSure: Finding[] | undefined;
        for (const [index, findings] of all.entries()) {
          const day = (index * hours) / 24;
          const status = look(domain, findings, day);
          lastGood = findings === GOOD ? day : lastGood;
          lastSure = findings === UNSURE ? lastSure : findings;
          const mayBeActive = lastSure === GOOD && lastGood !== undefined && day - lastGood < 7;
          if ((status === 'active') !== mayBeActive) return false;
        }
        return true;
      }),
    );
  });
});

describe('names of domains', () => {
  it.each([
    ['Example.COM', 'example.com'],
    ['https://www.example.com/path?x=1#y', 'www.example.com'],
    ['ada@example.com', 'example.com'],
    ['example.com.', 'example.com'],
    ['müller.example', 'xn--mller-kva.example'],
  ])('are read from %s', (text, domain) => {
    expect(readFromDomain(text)).toBe(domain);
  });

  it('are never read from anything else than a domain', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'grapheme' }), (text) => {
        let domain: string;
        try {
          domain = readFromDomain(text);
        } catch (error) {
          return (error as Error).name === 'Invalid';
        }
        return /^[a-z0-9-]+(\.[a-z0-9-]+)+$/.test(domain);
      }),
    );
  });

  it('have selectors that go on', () => {
    expect(['canvass1', 'canvass9', 'mail', 'k2026'].map(nextSelector)).toEqual([
      'canvass2',
      'canvass10',
      'mail2',
      'k2027',
    ]);
  });

  it('are shortened as DNS providers want them', () => {
    expect(shortHost('canvass1._domainkey.acme.co.uk')).toBe('canvass1._domainkey');
    expect(shortHost('bounce.surveys.acme.com')).toBe('bounce.surveys');
    expect(shortHost('acme.com')).toBe('@');
  });

  it('have long values in pieces that make the same again', () => {
    expect(inPieces('short')).toBeUndefined();
    const value = 'a'.repeat(600);
    const pieces = [...inPieces(value)!.matchAll(/"([^"]*)"/g)].map(([, piece]) => piece!);
    expect(pieces.join('')).toBe(value);
    expect(pieces.every((piece) => piece.length <= 255)).toBe(true);
  });
});
