import { readFileSync } from 'node:fs';
import { POLICY, type Reason } from '../../src/audiences/policy.js';
import { reasonKey } from '../../src/ledger/reasons.js';

interface Words {
  reason: Record<string, string>;
}

const WORDS = JSON.parse(readFileSync('views/distributions/words.en.json', 'utf8')) as Words;
const README = readFileSync('src/audiences/README.md', 'utf8');

const codes = POLICY.flatMap(({ code, also = [] }) => [code, ...also]);

function whenPlanning({ planning, followUp, noLink }: Reason): string {
  if (planning === undefined) {
    return followUp === undefined ? '–' : 'follow-ups';
  }
  return [noLink === undefined ? 'mails' : 'mails, links', ...(followUp === undefined ? [] : ['follow-ups'])].join(
    ', ',
  );
}

function atWire({ wire, followUp }: Reason): string {
  if (wire === undefined) {
    return followUp === undefined ? '–' : 'follow-ups';
  }
  return wire === 'mailer' ? 'by the mailer' : 'yes';
}

/** A line of the README's table: where it differs, the test shows what belongs there. */
function line(reason: Reason): string {
  const { code, also = [], concerns, closing } = reason;
  const told =
    concerns === 'person' ? [code, ...also].map((one) => WORDS.reason[one]).join(' / ') : (closing?.words ?? '–');
  const cells = [
    [code, ...also].map((one) => `\`${one}\``).join(' '),
    concerns,
    whenPlanning(reason),
    atWire(reason),
    told,
  ];
  return `| ${cells.join(' | ')} |`;
}

describe('the policy', () => {
  it('stands in the README as it is in the list', () => {
    const table = README.split('\n').filter((text) => text.startsWith('| `'));
    expect(table).toEqual(POLICY.map(line));
  });

  it('has words for every reason that a person’s row is left with', () => {
    const persons = POLICY.filter(({ concerns }) => concerns === 'person');
    const keys = persons.flatMap(({ code, also = [] }) => [code, ...also]).map((code) => reasonKey(code).key);
    expect(keys.filter((key) => !Object.hasOwn(WORDS.reason, key))).toEqual([]);
  });

  it('asks each question once', () => {
    const own = POLICY.map(({ code }) => code);
    expect(new Set(own).size).toBe(own.length);
    expect(POLICY.filter(({ planning, wire, followUp }) => !planning && !wire && !followUp)).toEqual([]);
  });

  it('asks about follow-ups in one run, so that both statements keep its order', () => {
    const places = POLICY.flatMap(({ followUp }, place) => (followUp === undefined ? [] : [place]));
    expect(places).toEqual(places.map((_, n) => places[0]! + n));
    // What the wire asks between them is not asked of follow-ups.
    const between = POLICY.slice(places[0], places.at(-1)! + 1).flatMap(({ wire = [] }) => wire);
    expect(between.map((wire) => JSON.stringify(wire)).filter((sql) => !sql.includes('d.parent_id IS NULL'))).toEqual(
      [],
    );
  });

  it('says of every hold what becomes of the distribution, but of those that it says itself', () => {
    const silent = POLICY.filter(({ concerns, closing }) => concerns === 'distribution' && closing === undefined);
    expect(silent.map(({ code }) => code)).toEqual(['hold:cancelled', 'hold:STATUS']);
    expect(codes.filter((code) => code.startsWith('hold:')).length).toBe(
      POLICY.filter(({ concerns }) => concerns === 'distribution').length,
    );
  });
});
