import fc from 'fast-check';
import { spreadOf } from '../../../src/deliverability/evidence/evidence.js';
import type { Counted, EvidenceKind } from '../../../src/deliverability/evidence/evidence.sql.js';
import { pausesFor } from '../../../src/deliverability/evidence/guard.js';

const KINDS: readonly EvidenceKind[] = ['sender', 'reputation', 'content', 'complaint'];
const NOBODY = spreadOf([]);

/** A sending to 5,000 people at many providers of which so many mails were taken, and who of the recipients reported what. */
function counted(accepted: number, reports: Partial<Record<EvidenceKind | 'hard', [string, number][]>>): Counted {
  return {
    audience: 5000,
    judges: 40,
    accepted,
    answered: accepted,
    tried: Math.min(accepted, 500),
    hard: { wire: NOBODY, report: spreadOf(reports.hard ?? []) },
    evidence: (kind, source) => (source === 'report' ? spreadOf(reports[kind] ?? []) : NOBODY),
  };
}

describe('evidence against a distribution', () => {
  it('of ten recipients among 5,000 never pauses it, whatever they report, wherever they are and however early', () => {
    const domain = fc.constantFrom('gmail.com', 'yahoo.com', 'gmx.de', 'evil.example', 'a.evil.example', 'evil.org');
    const recipients = fc.array(domain, { maxLength: 10 }).map((all) => all.map((one): [string, number] => [one, 1]));
    const kinds = Object.fromEntries([...KINDS, 'hard'].map((kind) => [kind, recipients]));
    fc.assert(
      fc.property(fc.integer({ min: 10, max: 5000 }), fc.record(kinds), (accepted, reports) => {
        expect(pausesFor(counted(accepted, reports))).toEqual([]);
      }),
    );
  });

  it.each(KINDS)('of sixty at five providers pauses it (%s)', (kind) => {
    const five = ['gmail.com', 'yahoo.com', 'gmx.de', 'navy.example', 'ibm.example'];
    const [pause] = pausesFor(counted(600, { [kind]: five.map((domain) => [domain, 12]) }));
    expect(pause?.reason).toBe(kind === 'complaint' ? 'complaints' : kind);
  });

  it('of sixty at one organization pauses nothing, under however many names', () => {
    const names = Array.from({ length: 60 }, (_, place): [string, number] => [`mx${place}.evil.example`, 1]);
    for (const kind of KINDS) expect(pausesFor(counted(600, { [kind]: names, hard: names }))).toEqual([]);
  });

  it('counts ten at a public provider as enough, because nobody there commands its servers', () => {
    expect(pausesFor(counted(600, { complaint: [['yahoo.com', 20]] }))).toMatchObject([{ reason: 'complaints' }]);
  });

  it('names numbers in its words and nothing that anybody said', () => {
    const [pause] = pausesFor(
      counted(600, {
        sender: [
          ['gmail.com', 30],
          ['yahoo.com', 29],
          ['navy.example', 1],
        ],
      }),
    );
    expect(pause?.words).toContain('60 recipients at 3 providers');
  });
});
