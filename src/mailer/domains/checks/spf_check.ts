import { spf } from 'mailauth/lib/spf/index.js';
import type { Names } from '../../../platform/net/names.js';
import { type Finding, findingsOf } from '../finding.js';
import { resolverFor, within } from './bounded.js';
import { adviceOn, goneIncludes, proposal, spfRecordsOf, type SpfVerdict, type SpfWord } from './spf_record.js';

/** RFC 7208 §4.6.4 wants at least 20 s for a whole evaluation; a page does not wait so long. */
const DEADLINE_MS = 15_000;
/** TEST-NET-3: nobody lists it, so an evaluation for it walks the whole record and counts every look-up. */
const NOBODY = '203.0.113.255';
const WORDS: readonly string[] = ['pass', 'fail', 'softfail', 'neutral', 'none', 'permerror', 'temperror'];

/** Evaluates SPF (RFC 7208) for mails with the envelope domain `domain` that leave from `address`. Never hangs. */
export async function spfVerdict(names: Names, domain: string, address: string): Promise<SpfVerdict> {
  const late: SpfVerdict = { result: 'temperror', reason: 'the DNS did not answer in time', lookups: 0, voids: 0 };
  const resolver = resolverFor(names, DEADLINE_MS);
  const settings = { sender: `postmaster@${domain}`, ip: address, helo: domain, mta: 'localhost' };
  const work = spf({ ...settings, resolver, strict: true, maxElapsedTime: DEADLINE_MS }).then(
    ({ status, lookups }) => ({
      result: (WORDS.includes(status.result) ? status.result : 'temperror') as SpfWord,
      reason: status.comment ?? '',
      lookups: lookups?.count ?? 0,
      voids: lookups?.void ?? 0,
    }),
    (error: unknown) => ({ ...late, reason: (error as Error).message }),
  );
  return within(DEADLINE_MS + 500, work, late);
}

/** What is looked at: the domain that bounces return to, and the addresses that mails leave from. */
export interface SpfSubject {
  domain: string;
  /** Empty where nobody has said them. */
  addresses: readonly string[];
  /** False where the operator keeps the domain: then only the operator can change it. */
  isOwn: boolean;
}

const { good, warn, bad, unknown } = findingsOf('spf');

/** SPF of the bounce domain for each sending address, with advice on the record itself. */
export async function checkSpf(names: Names, { domain, addresses, isOwn }: SpfSubject): Promise<Finding[]> {
  const [answer, whole, ...verdicts] = await Promise.all([
    names.txt(domain),
    spfVerdict(names, domain, NOBODY),
    ...addresses.map((address) => spfVerdict(names, domain, address)),
  ]);
  const records = answer.status === 'found' ? spfRecordsOf(answer.records) : [];
  const proposed = proposal(records[0], addresses);
  const results = addresses.map((address, index) => ofAddress(verdicts[index]!, { domain, address, proposed }));
  const findings = addresses.length === 0 ? withoutAddresses(whole, domain) : summed(results);
  const gone = await goneIncludes(names, records, domain);
  const all = [...findings, ...adviceOn(records, whole, domain), ...gone];
  return isOwn || all.every(({ level }) => level === 'good') ? all : [ofOperator(domain, findings)];
}

interface Sending {
  domain: string;
  address: string;
  proposed: string;
}

const FINDINGS: Record<SpfWord, (values: Finding['values'], about: { record: string }) => Finding> = {
  pass: (values, about) => good('pass', values, about),
  fail: (values, about) => bad('fail', values, about),
  softfail: (values, about) => warn('weak', values, about),
  neutral: (values, about) => warn('weak', values, about),
  none: (values, about) => warn('none', values, about),
  permerror: (values, about) => bad('permerror', values, about),
  temperror: (values, about) => unknown('temperror', values, about),
};

function ofAddress({ result, reason }: SpfVerdict, { domain, address, proposed }: Sending): Finding {
  return FINDINGS[result]({ domain, address, reason, proposed, result }, { record: domain });
}

/** A record that is broken is broken for every address: said once. */
function summed(results: Finding[]): Finding[] {
  const isShared = ({ code }: Finding): boolean => ['none', 'permerror', 'temperror'].includes(code);
  return results.filter((one, index) => !isShared(one) || results.findIndex(({ code }) => code === one.code) === index);
}

function withoutAddresses({ result, reason }: SpfVerdict, domain: string): Finding[] {
  const record = { record: domain };
  const state = {
    permerror: [bad('permerror', { domain, reason }, record)],
    temperror: [unknown('temperror', { domain, reason }, record)],
    none: [warn('noneUnknown', { domain }, record)],
  };
  return [...(state[result as keyof typeof state] ?? []), unknown('noAddresses', { domain }, record)];
}

function ofOperator(domain: string, findings: Finding[]): Finding {
  const worst = findings.find(({ level }) => level !== 'good') ?? findings[0]!;
  const values = { domain, result: String(worst.values['result'] ?? worst.code) };
  return worst.level === 'unknown' ? unknown('operatorUnknown', values) : warn('operator', values);
}
